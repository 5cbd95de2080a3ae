//! What a rewrite says of its decisions, as far as it's true of the manifests as they are.

use crate::decide::{Action, Analysis, Context, Decision, Reason};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::{HostSide, Role};
use crate::model::Volume;
use crate::roots::DEFAULT_ROOT;
use crate::sites::{Field, Site};
use crate::words::{Message, message};
use std::collections::HashSet;

/// Adds what the rules for rewriting found; `findings` are those of the verdict.
pub(super) fn carry(analysis: &Analysis, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let said = analysis.decided().filter_map(|(site, decision)| {
        let (rule, severity, message) = of_decision(site, decision, analysis, context)?;
        Some(Finding { rule, severity, places: vec![site.place()], message })
    });
    findings.extend(said);
    findings.extend(unjudged_windows(analysis));
    let same = found_likewise(analysis, findings);
    findings.extend(same);
}

/// What is to be said of a site, by what a rewrite would make of it.
fn of_decision(
    site: &Site,
    decision: &Decision,
    analysis: &Analysis,
    context: &Context<'_>,
) -> Option<(Rule, Severity, Message)> {
    let (path, root) = (&site.path, context.roots.to());
    let found = match (&decision.action, &decision.reason) {
        (Action::Move(_), Reason::GoesBack(why)) => (
            Rule::KeptUnderNewRoot,
            if is_unused(site, analysis) { Severity::Warning } else { Severity::Error },
            message!("kept-under-new-root-absent", path = path, why = why, default = DEFAULT_ROOT,),
        ),
        (Action::Keep, Reason::Annotation) => (
            Rule::CopyInAnnotation,
            Severity::Info,
            message!("copy-in-annotation-other-root", path = path, root = root),
        ),
        (Action::Keep, Reason::UnknownField) => (
            Rule::UnknownField,
            Severity::Warning,
            message!("unknown-field-other-root", path = path, root = root),
        ),
        (Action::Keep, Reason::PartOfChart) => (
            Rule::UnknownField,
            Severity::Warning,
            message!("unknown-field-chart-other-root", path = path, root = root),
        ),
        (Action::Keep, Reason::AncestorLacksRoot) => (
            Rule::AncestorMount,
            Severity::Error,
            message!("ancestor-mount-lacks-root", path = path, root = root),
        ),
        (Action::Keep, Reason::InRegex) => (
            Rule::RootInRegex,
            Severity::Warning,
            message!("root-in-regex-other-root", path = path, root = root),
        ),
        _ => return stays_below(site, context),
    };
    Some(found)
}

/// A site below the new root of what doesn't follow the root.
fn stays_below(site: &Site, context: &Context<'_>) -> Option<(Rule, Severity, Message)> {
    let row = context.role(&site.lie.rest);
    let is_meant = site.is_settled()
        && row.host == HostSide::Stays
        && row.role != Role::DevicePlugins
        && site.lie.via.is_none()
        && !context.roots.is_to_default();
    let why = row.why().filter(|_| is_meant)?;
    let message = message!(
        "kept-under-new-root-there",
        path = &site.path,
        why = why,
        default = DEFAULT_ROOT,
    );
    Some((Rule::KeptUnderNewRoot, Severity::Warning, message))
}

/// Whether a site is a volume that no container mounts. The kubelet looks for it all the same where
/// its type says that it has to be there.
fn is_unused(site: &Site, analysis: &Analysis) -> bool {
    let Field::HostPath(name) = &site.field else { return false };
    let object = analysis.objects.get(site.doc).and_then(|objects| objects.get(site.object));
    let Some(pod) = object.zip(site.pod).and_then(|(object, pod)| object.pods.get(pod)) else {
        return false;
    };
    let is_looked_for = pod.volume(name).is_some_and(Volume::is_checked);
    let mut mounts = pod.containers.iter().flat_map(|container| &container.mounts).peekable();
    // In a part of a pod the mounts may stand elsewhere.
    !is_looked_for && mounts.peek().is_some() && mounts.all(|mount| mount.volume != *name)
}

/// Once for each object that names a root on Windows: its pods aren't judged.
fn unjudged_windows(analysis: &Analysis) -> impl Iterator<Item = Finding> {
    let mut seen: HashSet<(usize, usize)> = HashSet::new();
    let on_windows = analysis.decided().filter(|(site, decision)| {
        site.windows.is_some() && decision.reason != Reason::NoLinuxPath
    });
    let first = on_windows.filter(move |(site, _)| seen.insert((site.doc, site.object)));
    first.map(|(site, _)| Finding {
        rule: Rule::WindowsPath,
        severity: Severity::Info,
        places: vec![site.place()],
        message: message!("windows-path-unjudged"),
    })
}

/// What is true of manifests whether or not they are rewritten, unless `known` has it as another root.
fn found_likewise(analysis: &Analysis, known: &[Finding]) -> Vec<Finding> {
    let key =
        |place: &Place| (place.doc, place.node, place.range.as_ref().map(|range| range.start));
    let mixed = known.iter().filter(|known| known.rule == Rule::MixedRoots);
    let named: HashSet<_> = mixed.flat_map(|known| &known.places).map(key).collect();
    let is_said = |found: &Finding| found.places.iter().all(|place| named.contains(&key(place)));
    // Of what was found on the way to another root, `stays-below-moved-mount` isn't true yet.
    let is_same = |found: &&Finding| match found.rule {
        Rule::UndefinedVariable | Rule::PathUnderNoMount => true,
        Rule::WindowsPath => found.severity == Severity::Warning,
        _ => false,
    };
    let same = analysis.findings.iter().filter(is_same).filter(|found| !is_said(found)).cloned();
    let same = same.map(|finding| match finding.rule {
        // What became of the path is no matter here.
        Rule::PathUnderNoMount => Finding {
            message: finding.message.with("outcome", "none"),
            severity: Severity::Info,
            ..finding
        },
        _ => finding,
    });
    same.collect()
}
