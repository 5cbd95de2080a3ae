//! Rewriting, and why each path moved or stayed.

use super::told::{Accepted, position};
use super::{Error, Finding, Position, tables};
use crate::explain::{Entry, Fate, ObjectKey, Owners, Subject, arranged};
use crate::finding;
use crate::knowledge::{HarmTable, Knowledge};
use crate::relocate::{Options, Relocation, relocate};
use crate::source::Source;
use crate::suppress::Suppressed;
use crate::words::{Catalogue, Language};
use std::cmp::Reverse;

/// Manifests rewritten for another root: the texts that come out, what became of each path, and
/// what a person should know. Made by [`rewrite`].
#[derive(Debug)]
pub struct Rewrite<'s> {
    sources: &'s [Source],
    relocation: Relocation,
    knowledge: &'static Knowledge,
    harms: &'static HarmTable,
}

/// A path that is tied to a kubelet's root, or a line that is written where there was none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// Where it stands.
    pub at: Position,
    /// The object that it stands in, such as `DaemonSet csi-nfs-node`.
    pub object: Option<String>,
    /// The field, in words.
    pub field: String,
    /// The path as it is spelled now, or the line that is written.
    pub path: String,
    /// What becomes of it.
    pub fate: Fate,
    /// Why, in English.
    pub reason: String,
    /// What would break otherwise, where that is known.
    pub harm: Option<String>,
}

/// Rewrites manifests for a kubelet whose root is [`Options::to`].
///
/// All sources count as one: a ConfigMap in one of them is found by a pod in another. The result
/// is proved before it is returned. It has been read again, it means the input with the planned
/// changes and nothing else, and a second rewrite of it would change nothing. Findings are no
/// errors.
///
/// # Errors
/// [`Error::Unreadable`] where a source can't be read, [`Error::Roots`] where the roots can't be
/// used together, [`Error::Fault`] where the proof fails.
///
/// ```
/// use csi_relocate::{Options, Root, Source, rewrite};
///
/// let pod = "
/// kind: Pod
/// metadata: {name: log-reader}
/// spec:
///   containers: []
///   volumes:
///     - name: pods          # what the kubelet keeps of each pod
///       hostPath: {path: \"/var/lib/kubelet/pods\"}
/// ";
/// let sources = [Source::new("pod.yaml", pod)];
/// let rewritten = rewrite(&sources, &Options::new(Root::parse("/data/kubelet")?))?;
/// assert_eq!(rewritten.text(), pod.replace("/var/lib/kubelet/pods", "/data/kubelet/pods"));
/// assert!(rewritten.findings().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rewrite<'s>(sources: &'s [Source], options: &Options) -> Result<Rewrite<'s>, Error> {
    let (knowledge, harms) = (tables::knowledge()?, tables::harms()?);
    let relocation =
        relocate(sources, options, knowledge).map_err(|error| Error::of(error, sources))?;
    Ok(Rewrite { sources, relocation, knowledge, harms })
}

impl Rewrite<'_> {
    /// The text that comes out of each source, in their order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let rewritten = self.sources.iter().zip(&self.relocation.rewritten);
        rewritten.map(|(source, rewritten)| rewritten.text(source))
    }

    /// The text that comes out of the first source; empty when there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        self.texts().next().unwrap_or_default()
    }

    /// Whether anything changes.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.relocation.rewritten.iter().any(|rewritten| rewritten.output.is_some())
    }

    /// Every path that is tied to a root, in the order of the sources: what becomes of it, and
    /// why. The list is made anew with each call.
    ///
    /// ```
    /// use csi_relocate::{Fate, Options, Root, Source, rewrite};
    ///
    /// let pod = "
    /// kind: Pod
    /// metadata: {name: device-plugin}
    /// spec:
    ///   containers: []
    ///   volumes:
    ///     - {name: devices, hostPath: {path: /var/lib/kubelet/device-plugins}}
    ///     - {name: sockets, hostPath: {path: /var/lib/kubelet/plugins}}
    /// ";
    /// let sources = [Source::new("pod.yaml", pod)];
    /// let rewritten = rewrite(&sources, &Options::new(Root::parse("/data/kubelet")?))?;
    /// let [devices, sockets] = &rewritten.sites()[..] else { panic!("two paths") };
    ///
    /// assert_eq!(devices.fate, Fate::Stays);
    /// assert_eq!(
    ///     devices.reason,
    ///     "the kubelet's device-plugins directory is a constant and doesn't follow --root-dir"
    /// );
    /// assert_eq!(sockets.fate, Fate::Moves("/data/kubelet/plugins".to_owned()));
    /// assert_eq!((sockets.at.line, sockets.field.as_str()), (8, "hostPath of volume sockets"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sites(&self) -> Vec<Site> {
        let words = Catalogue::of(Language::English);
        let (subjects, _) = self.arranged();
        let mut sites: Vec<Site> = Vec::new();
        for subject in &subjects {
            let entries = subject.parts.iter().flat_map(|part| &part.entries);
            sites.extend(entries.filter_map(|entry| self.site(subject, entry, &words)));
        }
        sites.sort_by_key(|site| (site.at.source, site.at.bytes.start));
        sites
    }

    /// What a person should know and nobody has [accepted](Rewrite::accepted), most harmful first. The list
    /// is made anew with each call.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let words = Catalogue::of(Language::English);
        let (subjects, elsewhere) = self.arranged();
        let mut findings: Vec<Finding> =
            elsewhere.iter().map(|finding| self.finding(None, finding, &words)).collect();
        for subject in &subjects {
            let found = subject.findings.iter();
            findings.extend(found.map(|finding| self.finding(Some(subject), finding, &words)));
        }
        findings.sort_by_key(|finding| (Reverse(finding.severity), finding.rule));
        findings
    }

    /// What was found and is accepted, by a comment or an annotation in a manifest, most harmful first.
    ///
    /// ```
    /// use csi_relocate::{Options, Root, Rule, Source, rewrite};
    ///
    /// let pod = "
    /// kind: Pod
    /// metadata: {name: disk-usage}
    /// spec:
    ///   containers: []
    ///   volumes:
    ///     - name: old
    ///       hostPath:
    ///         path: /mnt/old/kubelet/plugins_registry # csi-relocate: ignore[other-root] the old disk
    ///     - {name: pods, hostPath: {path: /var/lib/kubelet/pods}}
    /// ";
    /// let sources = [Source::new("pod.yaml", pod)];
    /// let rewritten = rewrite(&sources, &Options::new(Root::parse("/data/kubelet")?))?;
    /// assert!(rewritten.findings().is_empty());
    /// let [accepted] = &rewritten.accepted()[..] else { panic!("one") };
    /// assert_eq!(accepted.finding.rule, Rule::OtherRoot);
    /// assert_eq!(accepted.reason, "the old disk");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn accepted(&self) -> Vec<Accepted> {
        let words = Catalogue::of(Language::English);
        let owners = Owners::of(&self.relocation);
        let told = |suppressed: &Suppressed| {
            let Suppressed { finding, reason } = suppressed;
            let owner = finding.places.first().and_then(|place| owners.at(place));
            let object = owner.and_then(|key| self.name(key));
            let finding = Finding::told(finding, object, &words, |place| self.position(place));
            Accepted { finding, reason: reason.clone() }
        };
        self.relocation.suppressed.iter().map(told).collect()
    }

    fn arranged(&self) -> (Vec<Subject>, Vec<finding::Finding>) {
        arranged(self.sources, &self.relocation, self.knowledge, self.harms)
    }

    fn site(&self, subject: &Subject, entry: &Entry, words: &Catalogue) -> Option<Site> {
        let source = self.sources.get(subject.source)?;
        Some(Site {
            at: position(source, subject.source, entry.span),
            object: self.object(subject),
            field: words.say(&entry.field),
            path: entry.path.clone(),
            fate: entry.fate.clone(),
            reason: words.say(&entry.reason),
            harm: entry.harm.as_ref().map(|harm| words.say(harm)),
        })
    }

    fn finding(
        &self,
        subject: Option<&Subject>,
        found: &finding::Finding,
        words: &Catalogue,
    ) -> Finding {
        let object = subject.and_then(|subject| self.object(subject));
        Finding::told(found, object, words, |place| self.position(place))
    }

    fn position(&self, place: &finding::Place) -> Option<Position> {
        let (index, span) = self.relocation.locate(self.sources, place)?;
        Some(position(self.sources.get(index)?, index, span))
    }

    fn object(&self, subject: &Subject) -> Option<String> {
        self.name((subject.doc, subject.object))
    }

    fn name(&self, (doc, object): ObjectKey) -> Option<String> {
        let objects = self.relocation.analysis.objects.get(doc)?;
        Some(objects.get(object)?.name.to_string())
    }
}
