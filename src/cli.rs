//! The command line as it is typed, and what it means.

use crate::kubepath::{Root, RootError, WindowsRoot};
use clap::{ArgAction, Parser, ValueEnum};
use std::path::PathBuf;

/// Rewrites Kubernetes CSI manifests for a kubelet whose root directory isn't /var/lib/kubelet.
///
/// Finds every hostPath, mountPath, socket path and registrar path that is tied to the kubelet's
/// root, moves them together, and touches no other byte. The result is proved before it's
/// written: standard output stays empty when something is wrong.
#[derive(Debug, Parser)]
#[command(name = "csi-relocate", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// The kubelet's root directory on your nodes (its --root-dir)
    #[arg(long, value_name = "DIR", env = "CSI_RELOCATE_KUBELET_ROOT", value_parser = Root::parse, help_heading = "Rewriting")]
    pub kubelet_root: Option<Root>,

    /// A root that the manifest may be written for; repeatable; `auto` finds the roots in use
    ///
    /// Without it, /var/lib/kubelet. A manifest that somebody has moved before, wholly or in
    /// part, needs its present root here, or `auto`.
    #[arg(long, value_name = "DIR|auto", value_parser = From::parse, action = ArgAction::Append, help_heading = "Rewriting")]
    pub from: Vec<From>,

    /// The kubelet's root directory on Windows nodes, such as D:\kubelet
    ///
    /// Without it, paths of Windows nodes stay as they are.
    #[arg(long, value_name = "DIR", value_parser = WindowsRoot::parse, help_heading = "Rewriting")]
    pub windows_kubelet_root: Option<WindowsRoot>,

    /// Parse every document, also those that name no kubelet root
    #[arg(long, help_heading = "Input")]
    pub strict: bool,

    /// The manifest; `-` or nothing is standard input
    #[arg(value_name = "FILE", help_heading = "Input")]
    pub file: Option<PathBuf>,

    /// Say nothing on standard error but errors
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// List each site with its decision and the reason for it
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// When to use colours on standard error
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
}

const EXAMPLES: &str = "\
Examples:
  csi-relocate --kubelet-root /data/kubelet < csi-nfs-node.yaml | kubectl apply -f -
  csi-relocate --kubelet-root /data/kubelet --verbose csi-nfs-node.yaml > moved.yaml
  csi-relocate --kubelet-root /data/kubelet --from auto half-moved.yaml
  helm template csi ./chart | csi-relocate --kubelet-root /var/lib/k0s/kubelet

Exit codes:
  0  the manifest was written, with or without changes; findings are on standard error
  2  wrong usage, input that can't be read, or a mistake of csi-relocate; nothing was written";

/// A value of `--from`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// Find the roots in use.
    Auto,
    /// This root.
    Root(Root),
}

impl From {
    fn parse(text: &str) -> Result<Self, RootError> {
        match text {
            "auto" => Ok(Self::Auto),
            path => Root::parse(path).map(Self::Root),
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR says otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Words that will be subcommands; a mistyped one is told from a missing file.
pub const SUBCOMMANDS: [&str; 5] = ["check", "explain", "knowledge", "audit", "doctor"];
