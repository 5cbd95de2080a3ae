//! One pod: volumes, then mounts, then what refers to them, then propagation.

use super::mounts::{self, MountView};
use super::registration::Registration;
use super::{Action, Analysis, Context, Decision, Reason, host, propagation, references};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::model::{Object, Pod};
use crate::roots::TO;
use crate::sites::{Field, Site};
use crate::yaml::Document;

/// The sites of one pod, each with its index among the document's sites.
pub(super) type PodSites<'s> = [(usize, &'s Site)];

/// Decides about every site of a pod. `at` is the document, the object and the pod.
pub(super) fn decide(
    doc: &Document,
    at: (usize, usize, usize),
    objects: &[Object],
    sites: &[Site],
    verdicts: &mut [Option<Decision>],
    context: &Context<'_>,
    analysis: &mut Analysis,
) {
    let (doc_index, object_index, pod_index) = at;
    let Some(pod) = objects.get(object_index).and_then(|object| object.pods.get(pod_index)) else {
        return;
    };
    let own: Vec<(usize, &Site)> = sites
        .iter()
        .enumerate()
        .filter(|(_, site)| site.object == object_index && site.pod == Some(pod_index))
        .filter(|(_, site)| site.windows.is_none())
        .collect();
    let registration = Registration::of(pod, context.knowledge);
    let findings = &mut analysis.findings;

    for &(index, site) in &own {
        if matches!(site.field, Field::HostPath(_)) {
            set(verdicts, index, host::decide(site, &site.lie, context, findings));
        }
    }
    let mut views: Vec<Vec<MountView>> = Vec::new();
    for number in 0..pod.containers.len() {
        views.push(mounts::decide(
            doc_index,
            pod,
            number,
            &own,
            &registration,
            context,
            findings,
            verdicts,
        ));
    }
    let pod_moves =
        own.iter().any(|&(index, site)| is_anchor(site) && moves_or_is_there(verdicts, index));
    for (number, container) in pod.containers.iter().enumerate() {
        let Some(views) = views.get(number) else {
            continue;
        };
        let scope = references::Scope {
            container,
            views,
            registration: registration.of_container(number),
            pod_moves,
        };
        for &(index, site) in &own {
            if site.container == Some(number) && !is_anchor(site) {
                let decision = references::decide(site, &scope, context, findings);
                set(verdicts, index, decision);
            }
        }
        let feed = registration.of_container(number);
        undefined_variables(doc_index, container, feed, findings);
        findings.extend(split_root(doc_index, feed, &own, number, context));
    }
    let found = propagation::decide(
        doc,
        objects,
        pod,
        &views,
        &registration,
        context,
        (doc_index, object_index),
        findings,
    );
    analysis.propagation.extend(found);
}

fn set(verdicts: &mut [Option<Decision>], index: usize, decision: Decision) {
    if let Some(slot) = verdicts.get_mut(index) {
        *slot = Some(decision);
    }
}

/// Whether the site is a hostPath or a mountPath: what references hang on.
fn is_anchor(site: &Site) -> bool {
    matches!(site.field, Field::HostPath(_) | Field::MountPath(_))
}

fn moves_or_is_there(verdicts: &[Option<Decision>], index: usize) -> bool {
    verdicts.get(index).and_then(Option::as_ref).is_some_and(|decision| {
        !matches!(decision.action, Action::Keep) && !matches!(decision.reason, Reason::GoesBack(_))
    })
}

/// A registration path that lies below an old root once its variables are filled in, although
/// no text holds the root as a whole.
fn split_root(
    doc: usize,
    feed: Option<&super::registration::Feed>,
    own: &PodSites<'_>,
    number: usize,
    context: &Context<'_>,
) -> Option<Finding> {
    // What a ConfigMap gives is decided where it is written.
    let feed = feed.filter(|feed| !feed.inherits)?;
    let path = feed.path.as_ref()?;
    let (root, _) = context.roots.locate(path)?;
    let holds_root = |site: &Site| match &site.field {
        Field::Env(name) => feed.variables.contains(name),
        _ => feed.lines.contains(&site.node),
    };
    let is_split = !own.iter().any(|(_, site)| site.container == Some(number) && holds_root(site));
    let node = *feed.lines.first().filter(|_| root != TO && is_split)?;
    Some(Finding {
        rule: Rule::SplitRoot,
        severity: Severity::Error,
        places: vec![Place { doc, node, range: None }],
        message: format!(
            "the path registered here becomes {path}, put together from variables; it was left as it is"
        ),
        help: format!("write it so that the root stands in one piece, below {}", context.to()),
    })
}

fn undefined_variables(
    doc: usize,
    container: &crate::model::Container,
    registration: Option<&super::registration::Feed>,
    findings: &mut Vec<Finding>,
) {
    for (node, name) in registration.into_iter().flat_map(|feed| &feed.undefined) {
        findings.push(Finding {
            rule: Rule::UndefinedVariable,
            severity: Severity::Warning,
            places: vec![Place { doc, node: *node, range: None }],
            message: format!(
                "the path that container `{}` registers comes from the variable {name}, which isn't written in this container's env",
                container.name
            ),
            help: format!("check that {name} names the driver's socket below the new root where it is defined"),
        });
    }
}

/// Looks a mount's volume up; used by rules that need to know where it comes from.
pub(super) fn volume_of<'p>(pod: &'p Pod, volume: &str) -> Option<&'p crate::model::VolumeSource> {
    pod.volume(volume).map(|volume| &volume.source)
}
