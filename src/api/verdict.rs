//! Checking.

use super::told::{Accepted, position};
use super::{Error, Finding, tables};
use crate::check::{self, Against};
use crate::finding::{self, Severity};
use crate::source::Source;
use crate::words::{Catalogue, Language};

/// What a check came to. Made by [`check`](check()).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What was found, most harmful first.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, by a comment or an annotation in the manifest.
    pub accepted: Vec<Accepted>,
    /// How many Kubernetes objects were seen. Without any, that nothing was found says nothing.
    pub objects: usize,
}

impl Check {
    /// The severity of the most harmful finding.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Says whether manifests will work on nodes whose kubelet lives in a root, and what would break.
/// Nothing is rewritten.
///
/// # Errors
/// [`Error::Unreadable`] where a source can't be read, [`Error::Fault`], which would be a mistake of
/// this crate.
///
/// ```
/// use csi_relocate::{Against, Root, Severity, Source, check};
///
/// let registrar = "
/// kind: Pod
/// metadata: {name: csi-example-node}
/// spec:
///   containers:
///     - name: registrar
///       image: registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0
///       args: [--kubelet-registration-path=/data/kubelet/plugins/csi.example.com/csi.sock]
///       volumeMounts: [{name: registry, mountPath: /registration}]
///   volumes:
///     - {name: registry, hostPath: {path: /var/lib/kubelet/plugins_registry}}
/// ";
/// let sources = [Source::new("pod.yaml", registrar)];
/// let checked = check(&sources, &Against::Root(Root::parse("/data/kubelet")?))?;
///
/// assert_eq!(checked.worst(), Some(Severity::Error));
/// let finding = &checked.findings[0];
/// assert_eq!((finding.rule.id(), finding.at[0].line), ("registration-dir", 11));
/// assert_eq!(finding.object.as_deref(), Some("Pod csi-example-node"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(sources: &[Source], against: &Against) -> Result<Check, Error> {
    let verdict = check::check(sources, against, &[], tables::knowledge()?)
        .map_err(|error| Error::of(error, sources))?;
    let words = Catalogue::of(Language::English);
    let told = |found: &finding::Finding| {
        let object = found.places.first().and_then(|place| verdict.object(place));
        Finding::told(found, object, &words, |place| {
            let (index, span) = verdict.locate(sources, place)?;
            Some(position(sources.get(index)?, index, span))
        })
    };
    let accepted = verdict.suppressed.iter().map(|suppressed| Accepted {
        finding: told(&suppressed.finding),
        reason: suppressed.reason.clone(),
    });
    Ok(Check {
        findings: verdict.findings.iter().map(told).collect(),
        accepted: accepted.collect(),
        objects: verdict.objects,
    })
}
