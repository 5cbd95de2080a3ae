//! Decisions: what becomes of each site, and why.
//!
//! Everything is judged on the input as it is; no decision sees a half-edited state. The rules
//! are described in `docs/design.md`.

mod detect;
mod elsewhere;
mod hidden;
mod host;
mod insertion;
mod mounts;
mod pod;
mod propagation;
mod reason;
mod references;
pub(crate) mod registration;
mod shared;
mod variables;
mod views;
mod windows;

pub use detect::{DetectedRoot, detect_roots};
pub use insertion::{Added, Insertion, Setting, Spot, Value};
pub use reason::Reason;

use hidden::Controllers;

use crate::finding::{Finding, Rule};
use crate::knowledge::Knowledge;
use crate::kubepath::AbsPath;
use crate::model::{Configs, Object, Sourced, objects};
use crate::parallel;
use crate::roots::{Roots, TO};
use crate::sites::{Field, Site, collect};
use crate::words::Message;
use crate::yaml::Document;
use pod::PodSites;
use propagation::Uses;
use std::collections::{BTreeSet, HashSet};

/// What becomes of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The site's root is replaced by this path.
    Move(AbsPath),
    /// The site's Windows root is replaced by this text.
    Respell(String),
    /// The site stays, although it isn't below the new root.
    Keep,
    /// The site is below the new root already.
    Settled,
}

impl Action {
    /// Whether the action changes the site.
    #[must_use]
    pub fn edits(&self) -> bool {
        matches!(self, Self::Move(_) | Self::Respell(_))
    }
}

/// A site's action and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of it.
    pub action: Action,
    /// Why.
    pub reason: Reason,
}

impl Decision {
    fn of(action: Action, reason: Reason) -> Self {
        Self { action, reason }
    }

    fn keep(reason: Reason) -> Self {
        Self::of(Action::Keep, reason)
    }

    fn settled() -> Self {
        Self::of(Action::Settled, Reason::AlreadyThere)
    }
}

/// All that was found in a run and decided about it.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The objects of each document.
    pub objects: Vec<Vec<Object>>,
    /// Every site.
    pub sites: Vec<Site>,
    /// What becomes of it; as long as `sites`.
    pub decisions: Vec<Decision>,
    /// What is written where nothing was.
    pub insertions: Vec<Insertion>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

impl Analysis {
    /// Each site with its decision.
    pub fn decided(&self) -> impl Iterator<Item = (&Site, &Decision)> {
        self.sites.iter().zip(&self.decisions)
    }

    /// Whether nothing is to be changed.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.insertions.is_empty() && !self.decisions.iter().any(|decision| decision.action.edits())
    }
}

/// Finds every site of the documents and decides about it.
#[must_use]
pub fn analyse(docs: &[Sourced<'_>], roots: &Roots, knowledge: &Knowledge) -> Analysis {
    let context = Context { roots, knowledge };
    let objects = objects_of_run(docs, knowledge);
    let found = decide_each(docs, &objects, &context, |found| found);
    let mut analysis = Analysis::default();
    let count = found.iter().map(|found| found.sites.len()).sum();
    analysis.sites.reserve_exact(count);
    analysis.decisions.reserve_exact(count);
    for mut found in found {
        analysis.sites.append(&mut found.sites);
        analysis.decisions.append(&mut found.decisions);
        analysis.insertions.append(&mut found.insertions);
        analysis.findings.append(&mut found.findings);
    }
    analysis.objects = objects;
    let findings = hidden::decide_operators(docs, &analysis, &context);
    analysis.findings.extend(findings);
    analysis
}

/// Whether nothing of the documents would be changed but by insertions that are left to a person:
/// `by_hand` are their lines.
#[must_use]
pub fn are_settled(
    docs: &[Sourced<'_>],
    roots: &Roots,
    knowledge: &Knowledge,
    by_hand: &BTreeSet<String>,
) -> bool {
    let objects = objects_of_run(docs, knowledge);
    let settled = decide_each(docs, &objects, &Context { roots, knowledge }, |mut found| {
        found.insertions.retain(|insertion| !by_hand.contains(insertion.line()));
        found.changes_nothing()
    });
    settled.into_iter().all(|is_settled| is_settled)
}

/// The objects of each document, whose variables have the values of the run's ConfigMaps.
fn objects_of_run(docs: &[Sourced<'_>], knowledge: &Knowledge) -> Vec<Vec<Object>> {
    let mut objects: Vec<Vec<Object>> =
        parallel::map(docs, bytes(docs), |sourced| rewritten_objects(sourced.doc, knowledge));
    let configs = Configs::read(docs, &objects);
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
    take: impl Fn(Analysis) -> T + Sync + Send,
) -> Vec<T> {
    let numbered: Vec<_> = docs.iter().zip(objects).enumerate().collect();
    let controllers = Controllers::of(objects);
    parallel::map(&numbered, bytes(docs), |&(index, (sourced, objects))| {
        let sites = collect(index, sourced.doc, objects, context.roots, context.knowledge);
        let mut found = decide_document(sourced.doc, index, objects, sites, context);
        let Analysis { insertions, findings, .. } = &mut found;
        insertions.extend(hidden::decide_objects(
            sourced.doc,
            index,
            objects,
            &controllers,
            context,
            findings,
        ));
        take(found)
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

/// What every rule may ask.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) roots: &'a Roots,
    pub(crate) knowledge: &'a Knowledge,
}

impl Context<'_> {
    fn to(&self) -> &AbsPath {
        self.roots.to().path()
    }

    /// Whether a site lies below the new root.
    fn is_settled(&self, site: &Site) -> bool {
        site.lie.root == TO
    }
}

/// Whether nothing is decided yet about a site.
fn is_open(verdicts: &[Option<Decision>], place: usize) -> bool {
    verdicts.get(place).is_some_and(Option::is_none)
}

fn decide_document(
    doc: &Document,
    index: usize,
    objects: &[Object],
    sites: Vec<Site>,
    context: &Context<'_>,
) -> Analysis {
    let mut verdicts: Vec<Option<Decision>> = vec![None; sites.len()];
    let mut analysis = Analysis::default();
    for (slot, site) in verdicts.iter_mut().zip(&sites) {
        let findings = &mut analysis.findings;
        if site.commented && !context.is_settled(site) {
            *slot = Some(Decision::keep(Reason::Comment));
        } else if let Some(spelling) = &site.windows {
            *slot = Some(windows::decide(site, spelling, context, findings));
        } else if let Field::Elsewhere(passage, field) = &site.field {
            *slot = Some(elsewhere::decide(site, *passage, field, context, findings));
        } else if site.pod.is_none() {
            *slot = Some(host::decide(site, &site.lie, context, findings));
        }
    }
    // They stand in the order of the pods.
    let open: Vec<(usize, &Site)> = sites
        .iter()
        .enumerate()
        .filter(|(place, site)| site.pod.is_some() && is_open(&verdicts, *place))
        .collect();
    let uses = Uses::of(doc, objects);
    for (number, object) in objects.iter().enumerate() {
        for pod_number in 0..object.pods.len() {
            let own = of_pod(&open, (number, Some(pod_number)));
            pod::decide(
                doc,
                (index, number, pod_number),
                (objects, &uses),
                own,
                &mut verdicts,
                context,
                &mut analysis,
            );
        }
    }
    analysis.decisions = verdicts
        .into_iter()
        .map(|verdict| verdict.unwrap_or_else(|| Decision::keep(Reason::NothingMoves)))
        .collect();
    analysis.sites = sites;
    say_once(&mut analysis.findings);
    shared::reconcile(&mut analysis);
    analysis
}

/// Those of the sites that are a pod's.
fn of_pod<'o, 's>(sites: &'o PodSites<'s>, pod: (usize, Option<usize>)) -> &'o PodSites<'s> {
    let is_pods = |(_, site): &(usize, &Site)| (site.object, site.pod).cmp(&pod);
    let from = sites.partition_point(|site| is_pods(site).is_lt());
    let sites = sites.get(from..).unwrap_or_default();
    let count = sites.partition_point(|site| is_pods(site).is_eq());
    sites.get(..count).unwrap_or_default()
}

/// Once for a document is enough: of a directory that several fields name, of a program that runs
/// in several containers, of paths that have one reason to stay.
fn say_once(findings: &mut Vec<Finding>) {
    let mut said: HashSet<Message> = HashSet::new();
    findings.retain(|finding| match finding.rule {
        Rule::UnknownChild | Rule::BuiltInRoot | Rule::WindowsPath => {
            said.insert(finding.message.clone())
        }
        _ => true,
    });
}
