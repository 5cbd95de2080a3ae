//! One pod: volumes, then mounts, then what refers to them, then propagation.

use super::hidden::{self, Known, PodScene};
use super::mounts::Mounts;
use super::propagation::Uses;
use super::readers::Reading;
use super::registration::Registration;
use super::scope::Scope;
use super::views::Views;
use super::{
    Action, Analysis, Context, Decision, PodSites, Reason, ancestors, certificates, host,
    propagation, references, shown, variables,
};
use crate::model::{Object, Pod};
use crate::sites::{Field, Site};
use crate::yaml::Document;
use std::collections::HashSet;

/// Decides about every site of a pod. `at` is the document, the object and the pod; `own` its
/// sites.
pub(super) fn decide(
    doc: &Document,
    at: (usize, usize, usize),
    (objects, uses): (&[Object], &Uses),
    own: &PodSites<'_>,
    verdicts: &mut [Option<Decision>],
    context: &Context<'_>,
    analysis: &mut Analysis,
) {
    let (doc_index, object_index, pod_index) = at;
    let Some(pod) = objects.get(object_index).and_then(|object| object.pods.get(pod_index)) else {
        return;
    };
    let registration = Registration::of(pod, context.knowledge);
    let findings = &mut analysis.findings;
    let by_container = by_container(pod, own);

    for &(index, site) in own {
        if matches!(site.field, Field::HostPath(_)) {
            set(verdicts, index, host::decide(site, &site.lie, context, findings));
        }
    }
    let mounts = Mounts::of((doc_index, pod), &registration, context);
    let mut views: Vec<Views> = Vec::new();
    for (number, own) in by_container.iter().enumerate() {
        views.push(mounts.decide(number, own, findings, verdicts));
    }
    let pod_moves =
        own.iter().any(|&(index, site)| is_anchor(site) && moves_or_is_there(verdicts, index));
    let known = Known::of(doc, pod, &registration, pod_moves, context.knowledge);
    let scenes = pod.containers.iter().zip(&views).zip(&by_container).enumerate();
    for (number, ((container, views), own)) in scenes {
        let feed = registration.of_container(number);
        let is_host_setting = |name: &str| known.is_host_setting(number, name);
        let scope = Scope::new(container, views, feed, pod_moves, &is_host_setting, context);
        for &(index, site) in own.iter().filter(|(_, site)| !is_anchor(site)) {
            let decision = references::decide(site, &scope, context, findings);
            set(verdicts, index, decision);
        }
        let moving = own.iter().filter(|(index, _)| edits(verdicts, *index));
        let moving: HashSet<&str> = moving
            .filter_map(|(_, site)| match &site.field {
                Field::Env(variable) => Some(variable.as_str()),
                _ => None,
            })
            .collect();
        variables::undefined(doc_index, container, feed, findings);
        findings.extend(variables::split_root(doc_index, feed, own, context));
        findings.extend(variables::put_together(doc_index, (container, views), feed, context));
        findings.extend(shown::left_behind(doc_index, container, views, context));
        findings.extend(certificates::left_behind(doc_index, &scope, context));
        findings.extend(variables::kept_through(doc_index, (container, views), &moving, context));
        let at = (doc_index, object_index, pod_index, number);
        analysis.readings.extend(Reading::of(at, pod, &scope, context));
    }
    let found = propagation::decide(doc, uses, pod, &views, &registration, context, at, findings);
    analysis.insertions.extend(found);
    findings.extend(ancestors::left_behind(doc_index, pod, &views, &registration, context));
    let scene = PodScene { doc, at, pod, views: &views, known: &known };
    hidden::decide_pod(&scene, context, analysis);
}

/// The sites of each container.
fn by_container<'s>(pod: &Pod, own: &PodSites<'s>) -> Vec<Vec<(usize, &'s Site)>> {
    let mut found = vec![Vec::new(); pod.containers.len()];
    for &(index, site) in own {
        let container = site.container.and_then(|number| found.get_mut(number));
        if let Some(container) = container {
            container.push((index, site));
        }
    }
    found
}

fn set(verdicts: &mut [Option<Decision>], index: usize, decision: Decision) {
    if let Some(slot) = verdicts.get_mut(index) {
        *slot = Some(decision);
    }
}

/// Whether the site is a hostPath or a mountPath: what references depend on.
fn is_anchor(site: &Site) -> bool {
    matches!(site.field, Field::HostPath(_) | Field::MountPath(_))
}

fn edits(verdicts: &[Option<Decision>], index: usize) -> bool {
    verdicts.get(index).and_then(Option::as_ref).is_some_and(|decision| decision.action.edits())
}

fn moves_or_is_there(verdicts: &[Option<Decision>], index: usize) -> bool {
    verdicts.get(index).and_then(Option::as_ref).is_some_and(|decision| {
        !matches!(decision.action, Action::Keep) && !matches!(decision.reason, Reason::GoesBack(_))
    })
}
