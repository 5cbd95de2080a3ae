//! The command line as it is typed. What it means is decided in [`run`](crate::run).

use crate::finding::Severity;
use crate::kubepath::{Root, RootError, WindowsRoot};
use crate::words::Language;
use bytesize::ByteSize;
use clap::{ArgAction, ArgGroup, Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// Rewrites Kubernetes CSI manifests for a kubelet whose root directory isn't /var/lib/kubelet.
///
/// Finds every hostPath, mountPath, socket path and registrar path that is tied to the kubelet's
/// root, moves them together, and touches no other byte. The result is proved before it's
/// written: nothing is written when something is wrong.
#[derive(Debug, Parser)]
#[command(
    name = "csi-relocate",
    version = VERSION,
    after_help = SHORT_EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    max_term_width = 100,
    subcommand_help_heading = "Other commands",
    disable_help_subcommand = true,
    override_usage = "csi-relocate --kubelet-root DIR [OPTIONS] [FILE|FOLDER]...\n       \
                      csi-relocate COMMAND",
    group(ArgGroup::new("destination").args(["in_place", "output_dir", "diff", "emit"])),
)]
pub struct Cli {
    /// A command, where something else than rewriting is wanted.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The roots that the manifests are moved between.
    #[command(flatten)]
    pub roots: RootArguments,

    /// What is read.
    #[command(flatten)]
    pub inputs: InputArguments,

    /// Parse every document, also those that name no kubelet root
    #[arg(long, help_heading = "Input")]
    pub strict: bool,

    /// Replace each file by its rewritten form, all of them or none
    #[arg(short, long, help_heading = "Output")]
    pub in_place: bool,

    /// Write all files below this directory, with the paths they have below their folder
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub output_dir: Option<PathBuf>,

    /// Print what would change as a diff that `git apply -p1` and `patch -p1` take
    ///
    /// Nothing is written. The exit code is 1 when there is a difference.
    #[arg(long, help_heading = "Output")]
    pub diff: bool,

    /// Print what would change as patches for kustomize and Flux
    ///
    /// Every replaced value is tested first: a build fails when the manifests have changed since.
    #[arg(long, value_enum, value_name = "FORM", help_heading = "Output")]
    pub emit: Option<Emit>,

    /// Write nothing and exit with 1 when there is a finding of this severity or worse
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Output")]
    pub fail_on: Option<FailOn>,

    /// How much is said, and how.
    #[command(flatten)]
    pub talk: TalkArguments,
}

/// The roots that the manifests are moved between.
#[derive(Debug, Args)]
pub struct RootArguments {
    /// The kubelet's root directory on your nodes (its --root-dir)
    #[arg(long, global = true, value_name = "DIR", env = "CSI_RELOCATE_KUBELET_ROOT", hide_env_values = true, value_parser = Root::parse, help_heading = "Rewriting")]
    pub kubelet_root: Option<Root>,

    /// The root is that of the environment; the configuration of a function goes before it.
    #[arg(skip)]
    pub is_ambient: bool,

    /// A root that the manifest may be written for; repeatable; `auto` finds the roots in use
    ///
    /// Without it, /var/lib/kubelet. A manifest that somebody has moved before, wholly or in
    /// part, needs its present root here, or `auto`.
    #[arg(long, global = true, value_name = "DIR|auto", value_parser = From::parse, action = ArgAction::Append, help_heading = "Rewriting")]
    pub from: Vec<From>,

    /// The kubelet's root directory on Windows nodes, such as D:\kubelet
    ///
    /// Without it, paths of Windows nodes stay as they are.
    #[arg(long, global = true, value_name = "DIR", value_parser = WindowsRoot::parse, help_heading = "Rewriting")]
    pub windows_kubelet_root: Option<WindowsRoot>,
}

/// What is read.
#[derive(Debug, Args)]
pub struct InputArguments {
    /// Manifests, and folders of them; `-` or nothing is standard input
    ///
    /// Folders are read with all below them: files that end in .yaml, .yml or .json and that
    /// .gitignore doesn't name. What belongs together belongs into one run: a variable may get
    /// its path from a ConfigMap in another file.
    #[arg(value_name = "FILE|FOLDER", help_heading = "Input")]
    pub files: Vec<PathBuf>,

    /// Also read the files of a folder that .gitignore names
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,

    /// Read no more than this in all
    #[arg(long, value_name = "SIZE", default_value = MAX_INPUT, help_heading = "Input")]
    pub max_input: ByteSize,
}

/// How much is said, and how.
#[derive(Debug, Args)]
pub struct TalkArguments {
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Messages")]
    pub quiet: bool,

    /// List each site with its decision and the reason for it
    #[arg(short, long, global = true, help_heading = "Messages")]
    pub verbose: bool,

    /// Add what is said on standard error to this file, too
    ///
    /// For programs that run this one and don't pass on what it says, as Helm 4 does.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CSI_RELOCATE_LOG",
        hide_env_values = true,
        help_heading = "Messages"
    )]
    pub log_file: Option<PathBuf>,

    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, help_heading = "Messages")]
    pub color: Color,

    /// The language of what is said about manifests; usage and its errors are in English
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE", env = "CSI_RELOCATE_LANG", hide_env_values = true, default_value_t = Lang::En, help_heading = "Messages")]
    pub lang: Lang,
}

/// What else the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say whether manifests will work with a kubelet root, and what would break
    #[command(after_help = CHECK)]
    Check(CheckArguments),
    /// Say in plain words what paths, rules and log lines mean
    #[command(after_help = EXPLAIN)]
    Explain(ExplainArguments),
    /// Put csi-relocate where kustomize and `kubectl kustomize` look for plugins
    #[command(after_help = INSTALL_PLUGIN)]
    InstallPlugin {
        /// The folder of all plugins, where it isn't the one in which kustomize looks
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
    /// Print the completions for a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write all of them
    #[command(after_help = MAN)]
    Man {
        /// Write the pages of all commands to this directory
        #[arg(long, value_name = "DIR")]
        to: Option<PathBuf>,
    },
}

/// What `check` is asked.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// What is read.
    #[command(flatten)]
    pub inputs: InputArguments,

    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human, help_heading = "Output")]
    pub format: Format,

    /// Ask only whether all paths agree on one root
    #[arg(long, help_heading = "Rewriting")]
    pub any_root: bool,

    /// Exit with 1 when there is a finding of this severity or worse
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error, help_heading = "Output")]
    pub fail_on: FailOn,
}

/// What `explain` is asked.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// Ids of rules or symptoms, or manifests and folders of them; `-` or nothing is standard input
    ///
    /// An id of a rule or of a symptom wins over a file of that name; ./NAME is the file.
    #[arg(value_name = "RULE|FILE|FOLDER", help_heading = "Input", conflicts_with = "symptom")]
    pub words: Vec<PathBuf>,

    /// Say which known symptom a log line shows; without a LINE, a log on standard input is read
    ///
    /// A LINE that is the name of a file stands for the log in that file; one that begins with a
    /// dash is written --symptom='LINE'.
    #[arg(long, value_name = "LINE", num_args = 0..=1, default_missing_value = "-", help_heading = "Input")]
    pub symptom: Option<OsString>,

    /// Also read the files of a folder that .gitignore names
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,

    /// Read no more manifests than this in all
    #[arg(long, value_name = "SIZE", default_value = MAX_INPUT, help_heading = "Input")]
    pub max_input: ByteSize,

    /// Draw what the containers of each pod see of the node, as it will be
    #[arg(long, conflicts_with = "symptom", help_heading = "Output")]
    pub mounts: bool,

    /// How the explanation is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ExplainFormat::Human, help_heading = "Output")]
    pub format: ExplainFormat,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For people.
    Human,
    /// JSON by docs/explain.schema.json.
    Json,
}

/// What `--max-input` is without being given.
pub const MAX_INPUT: &str = "1GiB";

/// With the commit that the program was built from, where that is known.
const VERSION: &str = match option_env!("CSI_RELOCATE_VERSION") {
    Some(version) => version,
    None => env!("CARGO_PKG_VERSION"),
};

const SHORT_EXAMPLES: &str = "\
Examples:
  csi-relocate --kubelet-root /data/kubelet < csi-nfs-node.yaml | kubectl apply -f -
  csi-relocate --kubelet-root /data/kubelet --in-place deploy/

'--help' has more.";

/// What people do, each with its command; shown by `--help` and in the manual page.
pub const EXAMPLES: &str = "\
One manifest:
  csi-relocate --kubelet-root /data/kubelet < csi-nfs-node.yaml | kubectl apply -f -
  csi-relocate --kubelet-root /data/kubelet --verbose csi-nfs-node.yaml > moved.yaml

A chart, or what kustomize builds:
  helm template csi ./chart | csi-relocate --kubelet-root /var/lib/k0s/kubelet
  kustomize build overlays/prod | csi-relocate --kubelet-root /data/kubelet --fail-on error

As a function of kustomize or kpt, with a configuration and without arguments:
  kustomize build --enable-alpha-plugins --enable-exec overlays/prod
  kpt fn eval --exec csi-relocate -- kubeletRoot=/data/kubelet

A folder of manifests:
  csi-relocate --kubelet-root /data/kubelet --diff deploy/
  csi-relocate --kubelet-root /data/kubelet --in-place deploy/
  csi-relocate --kubelet-root /data/kubelet --output-dir moved deploy/

Patches instead, where no program may run (Flux, Argo CD):
  helm template csi ./chart | csi-relocate --kubelet-root /data/kubelet --emit kustomize-patches

Manifests that somebody has moved before, wholly or in part:
  csi-relocate --kubelet-root /data/kubelet --from auto --diff half-moved.yaml";

/// What the exit code says; the reasons are in docs/usage.md.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done, whether something had to be moved or not; findings are on standard error
  1  with --diff: there is a difference; with --fail-on: there is such a finding; as a function
     or plugin: there is an error, or the configuration can't be used
  2  wrong usage, input that can't be read, output that can't be written, or a mistake of
     csi-relocate; the message says which, and that nothing was written";

const CHECK: &str = "\
Examples:
  csi-relocate check --kubelet-root /data/kubelet deploy/
  kustomize build overlays/prod | csi-relocate check --kubelet-root /data/kubelet -
  csi-relocate check --any-root deploy/
  csi-relocate check --kubelet-root /data/kubelet --format sarif deploy/ > csi.sarif

Exit codes:
  0  no finding of the severity that --fail-on names
  1  there is one
  2  wrong usage, input that can't be read, or a mistake of csi-relocate
  3  no Kubernetes object was seen";

const EXPLAIN: &str = "\
Examples:
  csi-relocate explain --kubelet-root /data/kubelet csi-nfs-node.yaml
  csi-relocate explain --kubelet-root /data/kubelet --mounts csi-nfs-node.yaml
  csi-relocate explain parity-broken
  csi-relocate explain --symptom 'MountVolume.SetUp failed for volume ...'
  journalctl -u kubelet | csi-relocate explain --symptom
  csi-relocate explain --lang zh --symptom kubelet.log

Exit codes:
  0  it was explained
  1  with --symptom: no known symptom was found
  2  wrong usage, input that can't be read, or a mistake of csi-relocate
  3  there was nothing to read";

const INSTALL_PLUGIN: &str = "\
Examples:
  csi-relocate install-plugin
  csi-relocate install-plugin --to ./plugins
  KUSTOMIZE_PLUGIN_HOME=$PWD/plugins kubectl kustomize --enable-alpha-plugins overlays/prod";

const COMPLETIONS: &str = "\
Examples:
  csi-relocate completions bash > ~/.local/share/bash-completion/completions/csi-relocate
  csi-relocate completions zsh > ~/.zfunc/_csi-relocate
  csi-relocate completions fish > ~/.config/fish/completions/csi-relocate.fish
  csi-relocate completions powershell >> $PROFILE";

const MAN: &str = "\
Examples:
  csi-relocate man | man -l -
  csi-relocate man --to ~/.local/share/man/man1";

/// A value of `--from`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// Find the roots in use.
    Auto,
    /// This root.
    Root(Root),
}

impl std::fmt::Display for From {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Root(root) => root.fmt(f),
        }
    }
}

impl From {
    /// The root that is named.
    #[must_use]
    pub fn root(&self) -> Option<&Root> {
        match self {
            Self::Auto => None,
            Self::Root(root) => Some(root),
        }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// Says why it is no root.
    pub fn parse(text: &str) -> Result<Self, RootError> {
        match text {
            "auto" => Ok(Self::Auto),
            path => Root::parse(path).map(Self::Root),
        }
    }
}

/// What `--emit` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// A list for `patches:` of a kustomization, or of a Flux object.
    KustomizePatches,
    /// A whole component, for `components:` of a kustomization.
    Kustomization,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: the source line, what breaks, what to do.
    Human,
    /// JSON by docs/check.schema.json.
    Json,
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// Which findings make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// The driver stops or data is lost.
    Error,
    /// Works today and is fragile.
    Warning,
    /// Every finding.
    Info,
}

impl FailOn {
    /// The least harmful severity that makes the run fail.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
        }
    }
}

/// The language of what is said about manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese (简体中文).
    Zh,
}

impl Lang {
    /// The catalogue's language.
    #[must_use]
    pub const fn language(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Zh => Language::Chinese,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR says otherwise; messages also with FORCE_COLOR and in CI.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Words that will be commands and aren't yet.
pub const PLANNED: [&str; 3] = ["knowledge", "audit", "doctor"];

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
