//! One document: what stands outside of pods, then pod by pod.

use super::migration::{self, Migrations};
use super::propagation::Uses;
use super::{Analysis, Context, Decision, PodSites, Reason, elsewhere, host, pod, windows};
use crate::finding::{Finding, Rule, Severity};
use crate::model::Object;
use crate::parallel;
use crate::sites::{Field, Passage, Site};
use crate::words::{Message, message};
use crate::yaml::{Document, NodeId};
use std::collections::HashSet;
use std::ops::Range;

/// Decides about all sites of a document.
pub(super) fn decide(
    doc: &Document,
    index: usize,
    objects: &[Object],
    sites: Vec<Site>,
    context: &Context<'_>,
) -> Analysis {
    let mut verdicts: Vec<Option<Decision>> = vec![None; sites.len()];
    let mut analysis = Analysis::default();
    let migrations = Migrations::of(doc, objects, &sites, context);
    for (slot, site) in verdicts.iter_mut().zip(&sites) {
        let findings = &mut analysis.findings;
        if migrations.hold(site) {
            findings.extend(migration::finding(site, context));
            *slot = Some(migration::decision(site));
        } else if site.commented {
            *slot = Some(match site.is_settled() {
                true => Decision::settled(),
                false => Decision::keep(Reason::Comment),
            });
        } else if site.in_pattern && is_one_path(&site.field) && !site.is_settled() {
            findings.push(filled_in(site, context));
            *slot = Some(Decision::keep(Reason::InRegex));
        } else if let Some(spelling) = site.windows.as_ref().filter(|_| !is_of_base(&site.field)) {
            let pods = objects.get(site.object).map(|object| &object.pods);
            let pod = pods.and_then(|pods| pods.get(site.pod?));
            *slot = Some(windows::decide(site, (doc, pod), spelling, context, findings));
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
        .zip(&verdicts)
        .filter(|((_, site), verdict)| site.pod.is_some() && verdict.is_none())
        .map(|(numbered, _)| numbered)
        .collect();
    let uses = Uses::of(doc, objects);
    let pods = Pods { doc, index, objects, uses: &uses, context };
    let bytes = doc.span_of_document().len();
    let decided = parallel::stretches(objects, bytes, |first, few| {
        pods.decide(first..first + few.len(), &open)
    });
    for InPods { from, verdicts: own, found } in decided {
        // Among a pod's sites lie some that were decided above.
        for (slot, verdict) in verdicts.iter_mut().skip(from).zip(own) {
            *slot = verdict.or(slot.take());
        }
        analysis.take_in(found);
    }
    analysis.decisions = verdicts
        .into_iter()
        .map(|verdict| verdict.unwrap_or_else(|| Decision::keep(Reason::NothingMoves)))
        .collect();
    analysis.sites = sites;
    say_once(doc, objects, &mut analysis.findings);
    analysis
}

/// Whether a field says what a patch is for.
fn is_of_base(field: &Field) -> bool {
    matches!(field, Field::Elsewhere(Passage::Base, _))
}

/// Whether a field holds one path and nothing else.
fn is_one_path(field: &Field) -> bool {
    matches!(field, Field::HostPath(_) | Field::MountPath(_) | Field::Object(_))
}

/// A path that Kubernetes doesn't read as it's written.
fn filled_in(site: &Site, context: &Context<'_>) -> Finding {
    Finding {
        rule: Rule::RootInRegex,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!("root-in-regex-filled-in", path = &site.path, root = context.to()),
    }
}

/// The pods of a document.
struct Pods<'a> {
    doc: &'a Document,
    /// The document's index.
    index: usize,
    objects: &'a [Object],
    uses: &'a Uses,
    context: &'a Context<'a>,
}

/// What was decided in some pods.
struct InPods {
    /// The place of the first of their sites.
    from: usize,
    /// By the sites' places from there on.
    verdicts: Vec<Option<Decision>>,
    /// All but the sites.
    found: Analysis,
}

impl Pods<'_> {
    /// Decides about those of the sites that are in pods of some of the objects.
    fn decide(&self, objects: Range<usize>, sites: &PodSites<'_>) -> InPods {
        let own = between(sites, (objects.start, None), (objects.end, None));
        let from = own.first().map_or(0, |&(place, _)| place);
        let count = own.last().map_or(0, |&(place, _)| place + 1 - from);
        let own: Vec<(usize, &Site)> =
            own.iter().map(|&(place, site)| (place - from, site)).collect();
        let mut verdicts = vec![None; count];
        let mut analysis = Analysis::default();
        for number in objects {
            let pods = self.objects.get(number).map_or(0, |object| object.pods.len());
            for pod in 0..pods {
                pod::decide(
                    self.doc,
                    (self.index, number, pod),
                    (self.objects, self.uses),
                    between(&own, (number, Some(pod)), (number, Some(pod + 1))),
                    &mut verdicts,
                    self.context,
                    &mut analysis,
                );
            }
        }
        InPods { from, verdicts, found: analysis }
    }
}

/// Those of the sites that are in pods from one up to another.
fn between<'o, 's>(
    sites: &'o PodSites<'s>,
    from: (usize, Option<usize>),
    to: (usize, Option<usize>),
) -> &'o PodSites<'s> {
    let is_before =
        |pod| sites.partition_point(|(_, site): &(usize, &Site)| (site.object, site.pod) < pod);
    sites.get(is_before(from)..is_before(to)).unwrap_or_default()
}

/// Once for an object is enough: of a directory that several fields name, of a program that runs
/// in several containers, of paths that have one reason to stay.
fn say_once(doc: &Document, objects: &[Object], findings: &mut Vec<Finding>) {
    let is_one = |rule| matches!(rule, Rule::UnknownChild | Rule::BuiltInRoot | Rule::WindowsPath);
    if !findings.iter().any(|finding| is_one(finding.rule)) {
        return;
    }
    let objects: HashSet<NodeId> = objects.iter().map(|object| object.node).collect();
    let owner = |finding: &Finding| {
        let place = finding.places.first()?;
        doc.holders(place.node).find(|node| objects.contains(node))
    };
    let mut said: HashSet<(Option<NodeId>, Message)> = HashSet::new();
    findings.retain(|finding| {
        !is_one(finding.rule) || said.insert((owner(finding), finding.message.clone()))
    });
}
