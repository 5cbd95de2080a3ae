//! What is typed about charts of Helm.

use clap::{ArgAction, Args};
use std::ffi::OsString;
use std::path::PathBuf;

/// What `helm-values` is asked.
#[derive(Debug, Args)]
pub(crate) struct HelmValuesArguments {
    /// The folder of a chart
    #[arg(value_name = "CHART_DIR", help_heading = "Input")]
    pub chart: PathBuf,

    /// Render the chart with this value set to two made-up roots, and print the fields that it misses
    ///
    /// Repeatable, for charts with a value for each directory: all of them are set at once.
    #[arg(long, value_name = "KEY", action = ArgAction::Append, help_heading = "Verifying")]
    pub verify: Vec<String>,

    /// The Helm that renders
    #[arg(
        long,
        value_name = "PROGRAM",
        env = "HELM_BIN",
        hide_env_values = true,
        default_value = "helm",
        help_heading = "Verifying"
    )]
    pub helm: PathBuf,

    /// More arguments for `helm template`, such as the values that the chart asks for
    #[arg(last = true, value_name = "ARGUMENT", help_heading = "Verifying")]
    pub helm_arguments: Vec<OsString>,
}

/// What people do with it, and what its exit codes say.
pub(super) const EXAMPLES: &str = "\
Examples:
  csi-relocate helm-values --kubelet-root /data/kubelet ./chart > root.yaml
  csi-relocate helm-values --verify node.kubeletDir ./chart
  csi-relocate helm-values --verify node.kubeletDir ./chart -- --set node.enabled=true

Exit codes:
  0  the chart is known; with --verify: the value moves everything that is tied to the root
  1  it isn't known; with --verify: the value misses something, or moves what has to stay
  2  wrong usage, a chart that can't be read or rendered, or a mistake of csi-relocate";
