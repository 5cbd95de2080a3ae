//! Decisions: what becomes of each site, and why.
//!
//! Everything is judged on the input as it is; no decision sees a half-edited state. The rules
//! are described in `docs/design.md`.

mod analysis;
mod ancestors;
mod base;
pub(crate) mod candidates;
pub(crate) mod certificates;
mod detect;
mod document;
mod elsewhere;
pub(crate) mod expand;
mod hidden;
mod host;
mod insertion;
mod migration;
mod mounts;
mod pod;
pub(crate) mod propagation;
mod readers;
mod reason;
mod references;
pub(crate) mod registration;
mod scope;
mod scripts;
mod shared;
pub(crate) mod shown;
mod variables;
mod views;
mod windows;
mod within;

pub(crate) use analysis::KnownSetting;
pub use analysis::{Action, Analysis, Decision};
pub(crate) use analysis::{Replaced, Within};
pub use detect::{DetectedRoot, detect_roots};
pub(crate) use hidden::may_be_in;
pub use insertion::{Added, Insertion, Setting, Spot, Value};
pub(crate) use readers::maps_of_roots;
pub use reason::Reason;
pub(crate) use within::LEVELS;

use hidden::RunImages;

use crate::knowledge::{Knowledge, RoleRow};
use crate::kubepath::AbsPath;
use crate::model::{Configs, Object, Sourced, objects};
use crate::parallel;
use crate::roots::Roots;
use crate::sites::{Site, collect};
use crate::yaml::Document;
use std::collections::{BTreeMap, BTreeSet};

/// Finds every site of the documents and decides about it; `objects` are the run's.
#[must_use]
pub fn analyse(
    docs: &[Sourced<'_>],
    objects: Vec<Vec<Object>>,
    roots: &Roots,
    knowledge: &Knowledge,
) -> Analysis {
    let context = Context { roots, knowledge };
    let found = decide_each(docs, &objects, &context, |_, found| found);
    let mut analysis = Analysis::default();
    let count = found.iter().map(|found| found.sites.len()).sum();
    analysis.sites.reserve_exact(count);
    analysis.decisions.reserve_exact(count);
    found.into_iter().for_each(|found| analysis.take_in(found));
    analysis.objects = objects;
    readers::heed(docs, &mut analysis, &context);
    base::follow(&mut analysis, &context);
    shared::reconcile(docs, &mut analysis);
    let findings = scripts::kept_through(docs, &analysis, &context);
    analysis.findings.extend(findings);
    let findings = hidden::decide_operators(docs, &analysis, &context);
    analysis.findings.extend(findings);
    let findings = hidden::decide_unknown(docs, &analysis, &context);
    analysis.findings.extend(findings);
    analysis
}

/// The lines of settings that are left to a person, by the documents' indices.
pub(crate) type ByHand = BTreeMap<usize, BTreeSet<String>>;

/// What a second run would find in the output of the first.
#[derive(Debug)]
pub struct SecondRun {
    /// Whether it would change nothing.
    pub changes_nothing: bool,
    /// The objects of each document. Whoever ends with them needn't give each back, which takes as
    /// long as reading them.
    pub objects: Vec<Vec<Object>>,
}

impl SecondRun {
    /// Runs over documents in which insertions may be left to a person: `by_hand` are those documents,
    /// by their index, and the lines. `levels` as for the first run.
    #[must_use]
    pub fn over(
        docs: &[Sourced<'_>],
        roots: &Roots,
        knowledge: &Knowledge,
        by_hand: &ByHand,
        levels: usize,
    ) -> Self {
        let objects = objects_of_run(docs, knowledge, levels);
        let context = Context { roots, knowledge };
        let edited = decide_each(docs, &objects, &context, |doc, mut found| {
            let is_left = |insertion: &Insertion| {
                by_hand.get(&insertion.doc).is_some_and(|lines| lines.contains(insertion.line()))
            };
            found.insertions.retain(|insertion| !is_left(insertion));
            found.findings = Vec::new();
            found.keep_edits(doc);
            found
        });
        let mut analysis = Analysis { objects, ..Analysis::default() };
        edited.into_iter().for_each(|found| analysis.take_in(found));
        readers::heed(docs, &mut analysis, &context);
        shared::reconcile(docs, &mut analysis);
        Self { changes_nothing: analysis.changes_nothing(), objects: analysis.objects }
    }
}

/// The objects of each document, whose variables have the values of the run's ConfigMaps. So
/// many `levels` of texts within texts are taken for manifests if they are some.
pub(crate) fn objects_of_run(
    docs: &[Sourced<'_>],
    knowledge: &Knowledge,
    levels: usize,
) -> Vec<Vec<Object>> {
    let mut objects: Vec<Vec<Object>> =
        parallel::map(docs, bytes(docs), |Sourced { doc, .. }| {
            let mut objects = rewritten_objects(doc, knowledge);
            for object in &mut objects {
                object.manifests = within::manifests(doc, object, knowledge, levels);
            }
            objects
        });
    let mut configs = Configs::read(docs, &objects);
    for (sourced, objects) in docs.iter().zip(&mut objects) {
        objects.iter_mut().for_each(|object| configs.fill(sourced.source, object));
    }
    objects
}

/// What `take` makes of all that is found in a document and decided about it, for each.
fn decide_each<T: Send>(
    docs: &[Sourced<'_>],
    objects: &[Vec<Object>],
    context: &Context<'_>,
    take: impl Fn(&Document, Analysis) -> T + Sync + Send,
) -> Vec<T> {
    let numbered: Vec<_> = docs.iter().zip(objects).enumerate().collect();
    let images = RunImages::of(objects);
    parallel::map(&numbered, bytes(docs), |&(index, (sourced, objects))| {
        let sites = collect(index, sourced.doc, objects, context.roots, context.knowledge);
        let mut found = document::decide(sourced.doc, index, objects, sites, context);
        hidden::decide_objects(sourced.doc, index, objects, &images, context, &mut found);
        take(sourced.doc, found)
    })
}

/// How much there is to do.
fn bytes(docs: &[Sourced<'_>]) -> usize {
    docs.iter().map(|sourced| sourced.doc.span_of_document().len()).sum()
}

/// The objects of a document; those that aren't rewritten have no pods and no host fields.
#[must_use]
pub fn rewritten_objects(doc: &Document, knowledge: &Knowledge) -> Vec<Object> {
    let mut objects = objects(doc);
    for object in &mut objects {
        if !knowledge.kinds().is_rewritten(&object.name) {
            object.pods.clear();
            object.host_fields.clear();
        }
    }
    objects
}

/// The sites of one pod, each with its index among the document's sites.
type PodSites<'s> = [(usize, &'s Site)];

/// What every rule may ask.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) roots: &'a Roots,
    pub(crate) knowledge: &'a Knowledge,
}

impl<'a> Context<'a> {
    /// What is known of what follows a root.
    pub(crate) fn role(&self, rest: &str) -> &'a RoleRow {
        self.knowledge.role_among(self.roots.all(), rest)
    }

    fn to(&self) -> &AbsPath {
        self.roots.to().path()
    }
}
