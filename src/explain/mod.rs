//! Explanations: what each path is for, what becomes of it and why, and what would break.
//!
//! The plan of a rewrite says what happens; here it is arranged for somebody who wants to
//! understand it: by object, by container, with the harm that each path keeps away.

mod entry;
pub mod mounts;
mod pods;

pub use entry::{Belongs, Entry, Fate};

use crate::error::RelocateError;
use crate::finding::{Finding, Place};
use crate::knowledge::{HarmTable, Knowledge};
use crate::model::{Container, Object};
use crate::relocate::{Options, Relocation, relocate};
use crate::source::{Source, Span};
use crate::yaml::NodeId;
use pods::{PodFacts, nature, pods};
use std::collections::{BTreeMap, HashMap};

/// A relocation, arranged by what it is about.
#[derive(Debug)]
pub struct Explanation {
    /// The plan that is explained.
    pub relocation: Relocation,
    /// The objects that have something to explain, in the order of the sources.
    pub subjects: Vec<Subject>,
    /// Findings that stand in no object.
    pub findings_elsewhere: Vec<Finding>,
}

/// What an object's pods are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A CSI driver's node plugin.
    Node,
    /// A CSI driver's controller.
    Controller,
    /// Anything else.
    Other,
}

impl Nature {
    /// The word by which programs and texts know it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Controller => "controller",
            Self::Other => "other",
        }
    }
}

/// An object, with all that is to be said of it.
#[derive(Debug)]
pub struct Subject {
    /// The source it stands in.
    pub source: usize,
    /// The document.
    pub doc: usize,
    /// The object in the document.
    pub object: usize,
    /// What its pods are.
    pub nature: Nature,
    /// Its paths, volumes before containers.
    pub parts: Vec<Part>,
    /// What a person should know of it, most harmful first.
    pub findings: Vec<Finding>,
}

/// The volumes, or one container, or what stands outside of pods.
#[derive(Debug)]
pub struct Part {
    /// Where the paths stand.
    pub holder: Holder,
    /// The paths, in the order of the source.
    pub entries: Vec<Entry>,
}

/// What holds paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// The volumes of a pod.
    Volumes(usize),
    /// A container, by its pod and its place in it.
    Container(usize, usize),
    /// The object outside of its pods.
    Outside,
}

impl Explanation {
    /// The object of a subject.
    #[must_use]
    pub fn object(&self, subject: &Subject) -> Option<&Object> {
        self.relocation.analysis.objects.get(subject.doc)?.get(subject.object)
    }

    /// The container that holds a part.
    #[must_use]
    pub fn container(&self, subject: &Subject, part: &Part) -> Option<&Container> {
        let Holder::Container(pod, container) = part.holder else { return None };
        self.object(subject)?.pods.get(pod)?.containers.get(container)
    }

    /// Where a finding stands: a source's index, and its bytes there.
    #[must_use]
    pub fn locate(&self, sources: &[Source], finding: &Finding) -> Option<(usize, Span)> {
        self.relocation.locate(sources, finding.places.first()?)
    }

    /// Every path with what becomes of it.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.subjects.iter().flat_map(|subject| &subject.parts).flat_map(|part| &part.entries)
    }
}

/// Explains what a relocation of the sources does.
///
/// # Errors
/// As [`relocate`].
pub fn explain(
    sources: &[Source],
    options: &Options,
    knowledge: &Knowledge,
    harms: &HarmTable,
) -> Result<Explanation, RelocateError> {
    let mut relocation = relocate(sources, options, knowledge)?;
    // Who asks why wants to know all, whether somebody has accepted it or not.
    let accepted = std::mem::take(&mut relocation.suppressed).into_iter();
    relocation.analysis.findings.extend(accepted.map(|suppressed| suppressed.finding));
    relocation.analysis.findings.sort_by_key(Finding::rank);
    let (subjects, findings_elsewhere) = arranged(sources, &relocation, knowledge, harms);
    Ok(Explanation { relocation, subjects, findings_elsewhere })
}

/// A relocation by its objects, and the findings that stand in none.
pub(crate) fn arranged(
    sources: &[Source],
    relocation: &Relocation,
    knowledge: &Knowledge,
    harms: &HarmTable,
) -> (Vec<Subject>, Vec<Finding>) {
    let (placed, elsewhere) = findings(relocation);
    (subjects(sources, relocation, placed, knowledge, harms), elsewhere)
}

/// An object by its document and its place in it.
pub(crate) type ObjectKey = (usize, usize);

fn subjects(
    sources: &[Source],
    relocation: &Relocation,
    mut findings: BTreeMap<ObjectKey, Vec<Finding>>,
    knowledge: &Knowledge,
    harms: &HarmTable,
) -> Vec<Subject> {
    let analysis = &relocation.analysis;
    let pods = pods(relocation, knowledge);
    let pod_of = |key: ObjectKey, pod: Option<usize>| pods.get(&key)?.get(pod?);
    let mut parts: BTreeMap<ObjectKey, BTreeMap<Holder, Vec<Entry>>> = BTreeMap::new();
    let mut add = |key: ObjectKey, entry: Entry| {
        let holder = entry.holder;
        parts.entry(key).or_default().entry(holder).or_default().push(entry);
    };
    for (site, decision) in analysis.decided() {
        let Some(source) = sources.get(relocation.source_of(site.doc)) else { continue };
        let key = (site.doc, site.object);
        let object = analysis.objects.get(key.0).and_then(|objects| objects.get(key.1));
        let facts = pod_of(key, site.pod);
        let scene = entry::Scene { relocation, source, object, facts, knowledge, harms };
        add(key, scene.of_site(site, decision));
    }
    for insertion in &analysis.insertions {
        let Some(source) = sources.get(relocation.source_of(insertion.doc)) else { continue };
        let key = (insertion.doc, insertion.object);
        let object = analysis.objects.get(key.0).and_then(|objects| objects.get(key.1));
        let scene = entry::Scene { relocation, source, object, facts: None, knowledge, harms };
        add(key, scene.of_insertion(insertion));
    }
    for key in findings.keys() {
        parts.entry(*key).or_default();
    }
    let subject = |(key, parts): (ObjectKey, BTreeMap<Holder, Vec<Entry>>)| Subject {
        source: relocation.source_of(key.0),
        doc: key.0,
        object: key.1,
        nature: nature(pods.get(&key).map_or(&[][..], Vec::as_slice)),
        parts: parts.into_iter().map(|(holder, entries)| Part::of(holder, entries)).collect(),
        findings: findings.remove(&key).unwrap_or_default(),
    };
    parts.into_iter().map(subject).collect()
}

impl Part {
    fn of(holder: Holder, mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|entry| entry.span.start);
        Self { holder, entries }
    }
}

/// The findings by the object that their first place stands in, and those that stand in none.
fn findings(relocation: &Relocation) -> (BTreeMap<ObjectKey, Vec<Finding>>, Vec<Finding>) {
    let owners = Owners::of(relocation);
    let mut found: BTreeMap<ObjectKey, Vec<Finding>> = BTreeMap::new();
    let mut elsewhere = Vec::new();
    for finding in &relocation.analysis.findings {
        match finding.places.first().and_then(|place| owners.at(place)) {
            Some(key) => found.entry(key).or_default().push(finding.clone()),
            None => elsewhere.push(finding.clone()),
        }
    }
    (found, elsewhere)
}

/// Which objects places stand in.
pub(crate) struct Owners<'a> {
    relocation: &'a Relocation,
    by_node: HashMap<(usize, NodeId), usize>,
}

impl<'a> Owners<'a> {
    pub(crate) fn of(relocation: &'a Relocation) -> Self {
        let mut by_node = HashMap::new();
        for (doc, objects) in relocation.analysis.objects.iter().enumerate() {
            for (number, object) in objects.iter().enumerate() {
                by_node.insert((doc, object.node), number);
            }
        }
        Self { relocation, by_node }
    }

    /// The object that a place stands in.
    pub(crate) fn at(&self, place: &Place) -> Option<ObjectKey> {
        let doc = self.relocation.documents().get(place.doc)?;
        let number = |node| self.by_node.get(&(place.doc, node));
        Some((place.doc, *doc.holders(place.node).find_map(number)?))
    }
}
