//! Findings as other programs read them: one report, several formats.

mod explain;
mod fingerprint;
mod github;
mod json;
mod knowledge;
mod pages;
pub(crate) mod place;
mod plain;
mod sarif;
mod uri;

pub use explain::explanation;
pub use github::github;
pub use json::json;
pub use knowledge::{distributions, drivers};
pub use pages::{pages, symptoms};
pub use plain::plain;
pub use sarif::sarif;

use crate::finding::{Rule, Severity};
use crate::plan::Edit;
use crate::source::{Source, Span};

/// What a check came to.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The sources that were looked at.
    pub sources: &'a [Source],
    /// The kubelet root that was asked about; `None` when only agreement was asked for.
    pub root: Option<String>,
    /// How many Kubernetes objects were seen.
    pub objects: usize,
    /// What was found, most harmful first.
    pub findings: Vec<Located>,
    /// What was found and is accepted.
    pub suppressed: Vec<Suppressed>,
}

/// A finding that somebody accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub finding: Located,
    /// Why it is accepted.
    pub reason: String,
}

/// A finding with its places as bytes of sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// What kind it is.
    pub rule: Rule,
    /// How much harm follows.
    pub severity: Severity,
    /// What is there and what breaks.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The object it stands in, such as `DaemonSet csi-nfs-node`; empty for none.
    pub object: String,
    /// Where, the main place first: a source's index and its bytes.
    pub places: Vec<(usize, Span)>,
    /// The edits that would mend it, by the source's index; empty where no edit can.
    pub fixes: Vec<(usize, Edit)>,
}
