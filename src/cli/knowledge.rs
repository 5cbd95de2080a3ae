//! What is typed about knowledge.

use super::KnowledgeFormat;
use clap::Args;

/// What `knowledge` is asked.
#[derive(Debug, Args)]
pub(crate) struct KnowledgeArguments {
    /// A driver: its name, its CSI driver's name, its repository or its chart, or a part of one
    ///
    /// One hit is shown with all that is known of it; without a DRIVER all are listed. The pages
    /// are in English; with --lang zh, what a setting is for is told in Chinese.
    #[arg(value_name = "DRIVER", help_heading = "Input", conflicts_with = "distribution")]
    pub driver: Option<String>,

    /// Where distributions have the kubelet's root; with a NAME, all that is known of that one
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", help_heading = "Input")]
    pub distribution: Option<String>,

    /// How it is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = KnowledgeFormat::Human, help_heading = "Output")]
    pub format: KnowledgeFormat,
}

/// What people do with it, and what its exit codes say.
pub(super) const EXAMPLES: &str = "\
Examples:
  csi-relocate knowledge
  csi-relocate knowledge longhorn
  csi-relocate knowledge rbd.csi.ceph.com
  csi-relocate knowledge --distribution
  csi-relocate knowledge --distribution k0s
  csi-relocate knowledge --format json ceph-csi

Exit codes:
  0  it is known
  2  wrong usage, a driver or distribution that isn't known, or a mistake of csi-relocate";
