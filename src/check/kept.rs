//! What doesn't follow the root, and what is reached through the wrong mount.

use super::behind::{asked_for, judge as behind_root, whole_root};
use super::scene::Scene;
use super::view::{ContainerView, Leads, PodView};
use crate::decide::certificates::Named;
use crate::decide::{Action, Analysis, Context, Decision, Reason};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::{ContainerSide, HostSide, Role};
use crate::kubepath::AbsPath;
use crate::model::Volume;
use crate::roots::{DEFAULT_ROOT, TO};
use crate::sites::{Field, Site};
use crate::words::message;
use std::collections::{HashMap, HashSet};

/// Judges the mounts of a pod, whatever it is for; `own` are its sites.
pub(super) fn judge(pod: &PodView<'_>, own: &[(&Site, &Decision)], scene: &mut Scene<'_>) {
    let mut by_container: HashMap<usize, Vec<&Site>> = HashMap::new();
    for (site, _) in own {
        if let Some(number) = site.container {
            by_container.entry(number).or_default().push(site);
        }
    }
    for (number, container) in pod.containers.iter().enumerate() {
        same_place_twice(container, scene);
        shared_unprivileged(container, scene);
        through_sub_path(container, scene);
        let own = by_container.remove(&number).unwrap_or_default();
        moved_from_compiled_in(container, &own, scene);
        let is_told = behind_root(container, own.into_iter(), scene);
        if !without_certificate(container, scene) && !is_told && !pod.registration.is_driver_pod() {
            agent_with_root(container, scene);
        }
    }
}

/// A mount of what programs open at the default path, which was moved along with its hostPath. Where
/// an argument or a variable names the new place, the program was told.
fn moved_from_compiled_in(container: &ContainerView<'_>, own: &[&Site], scene: &mut Scene<'_>) {
    if scene.context.roots.is_to_default() {
        return;
    }
    let named: Vec<AbsPath> =
        own.iter().filter_map(|site| asked_for(site, scene.context)).collect();
    for view in container.views.iter().filter(|view| view.host.as_ref() == Some(&view.target)) {
        let Some((TO, rest)) = scene.context.roots.locate(&view.target) else { continue };
        let row = scene.context.role(rest);
        let Some(why) = row.why() else { continue };
        if row.host != HostSide::Moves
            || row.container != ContainerSide::Stays
            || named.iter().any(|path| path.below(&view.target).is_some())
        {
            continue;
        }
        let Some(home) = AbsPath::parse(DEFAULT_ROOT).map(|root| root.join(rest)) else { continue };
        let message = message!(
            "compiled-in-path",
            container = &container.container.name,
            mount = &view.target,
            home = &home,
            why = why,
        );
        scene.find_once(Rule::CompiledInPath, Severity::Warning, view.mount.node, message);
    }
}

/// Two mounts at one place, which the API server refuses.
fn same_place_twice(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    // As the API server compares them: letter by letter.
    let mut seen: HashSet<&str> = HashSet::new();
    let mut twice = container.views.iter().filter(|view| !seen.insert(view.written()));
    let Some(twice) = twice.find(|view| scene.is_tied(view)) else { return };
    scene.find(
        Rule::DuplicateMountPath,
        Severity::Error,
        twice.mount.node,
        message!(
            "duplicate-mount-path",
            container = &container.container.name,
            mount = &twice.target,
        ),
    );
}

/// A mount that is to propagate, of a container that may not, which the API server refuses.
fn shared_unprivileged(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    // In a part of a pod the container may be described elsewhere.
    if container.container.privileged || container.container.image.is_empty() {
        return;
    }
    for view in &container.views {
        if view.mount.is_bidirectional() && scene.is_tied(view) {
            scene.find_unprivileged(container, view);
        }
    }
}

/// A mount of something below the root by way of a subPath.
fn through_sub_path(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    for view in &container.views {
        let has_sub_path = view.mount.sub_path.as_ref().is_some_and(|path| !path.is_empty());
        let Some(host) = view.host.as_ref().filter(|_| has_sub_path) else { continue };
        let Some((root, rest)) = scene.context.roots.locate(host) else { continue };
        let row = scene.context.role(rest);
        let (severity, message) = match row.why() {
            Some(why) if row.host == HostSide::Stays && root == TO => {
                if scene.context.roots.is_to_default() {
                    continue;
                }
                (Severity::Error, message!("sub-path-stays", why = why))
            }
            _ => (Severity::Info, message!("sub-path")),
        };
        let message = message.with("container", &container.container.name).with("host", host);
        scene.find(Rule::SubPath, severity, view.mount.node, message);
    }
}

/// A kubelet's kubeconfig in a container that has the root moved, and not the certificate that the
/// kubeconfig names; says whether there is one.
fn without_certificate(container: &ContainerView<'_>, scene: &mut Scene<'_>) -> bool {
    let is_inside = !container.works_on_host(scene.context.knowledge);
    if scene.context.roots.is_to_default() || !is_inside || whole_root(container, scene).is_none() {
        return false;
    }
    let before = scene.findings.len();
    for view in &container.views {
        let named = view.host.as_ref().and_then(|host| Named::by(host, &scene.context));
        let lacks = |named: &Named| match container.leads(&named.path) {
            Leads::ToHost(host) => host != named.path,
            Leads::UnderNoMount => true,
            Leads::ToOwnVolume | Leads::Unknown => false,
        };
        if let Some(named) = named.filter(lacks) {
            let message = named.message(&container.container.name);
            let rule = Rule::StaysBelowMovedMount;
            scene.find_once(rule, Severity::Warning, view.mount.node, message);
        }
    }
    scene.findings.len() > before
}

/// The whole root in an agent that may also look for device plugins there.
fn agent_with_root(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    if scene.context.roots.is_to_default() {
        return;
    }
    let Some(view) = whole_root(container, scene) else { return };
    scene.find(
        Rule::WholeRootMount,
        Severity::Info,
        view.mount.node,
        message!(
            "whole-root-mount",
            container = &container.container.name,
            root = scene.root(),
            default = DEFAULT_ROOT,
        ),
    );
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

/// What the rules for rewriting found, as far as it's true of the manifests as they are.
pub(super) fn carried(analysis: &Analysis, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = context.roots.to();
    for (site, decision) in analysis.decided() {
        let row = context.role(&site.lie.rest);
        let place = || vec![site.place()];
        let path = &site.path;
        let (rule, severity, message) = match (&decision.action, &decision.reason) {
            (Action::Move(_), Reason::GoesBack(why)) => (
                Rule::KeptUnderNewRoot,
                if is_unused(site, analysis) { Severity::Warning } else { Severity::Error },
                message!(
                    "kept-under-new-root-absent",
                    path = path,
                    why = why,
                    default = DEFAULT_ROOT,
                ),
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
            _ if site.is_settled()
                && row.host == HostSide::Stays
                && row.role != Role::DevicePlugins
                && site.lie.via.is_none()
                && !context.roots.is_to_default() =>
            {
                let Some(why) = row.why() else { continue };
                (
                    Rule::KeptUnderNewRoot,
                    Severity::Warning,
                    message!(
                        "kept-under-new-root-there",
                        path = path,
                        why = why,
                        default = DEFAULT_ROOT,
                    ),
                )
            }
            _ => continue,
        };
        findings.push(Finding { rule, severity, places: place(), message });
    }
    // Of what was found on the way to another root, `stays-below-moved-mount` isn't true yet.
    let mut windows: HashSet<(usize, usize)> = HashSet::new();
    let on_windows = analysis.decided().filter(|(site, decision)| {
        site.windows.is_some() && decision.reason != Reason::NoLinuxPath
    });
    for (site, _) in on_windows {
        if windows.insert((site.doc, site.object)) {
            findings.push(Finding {
                rule: Rule::WindowsPath,
                severity: Severity::Info,
                places: vec![site.place()],
                message: message!("windows-path-unjudged"),
            });
        }
    }
    let carried = [Rule::UndefinedVariable, Rule::PathUnderNoMount];
    let key =
        |place: &Place| (place.doc, place.node, place.range.as_ref().map(|range| range.start));
    let mixed = findings.iter().filter(|known| known.rule == Rule::MixedRoots);
    let named: HashSet<_> = mixed.flat_map(|known| &known.places).map(key).collect();
    let is_said = |found: &Finding| found.places.iter().all(|place| named.contains(&key(place)));
    let is_same = |found: &&Finding| {
        let is_no_path = found.rule == Rule::WindowsPath && found.severity == Severity::Warning;
        is_no_path || carried.contains(&found.rule)
    };
    let same = analysis.findings.iter().filter(is_same);
    let same: Vec<Finding> = same.filter(|found| !is_said(found)).cloned().collect();
    findings.extend(same.into_iter().map(|finding| match finding.rule {
        // What became of the path is no matter here.
        Rule::PathUnderNoMount => Finding {
            message: finding.message.with("outcome", "none"),
            severity: Severity::Info,
            ..finding
        },
        _ => finding,
    }));
}
