//! What doesn't follow the root, and what is reached through the wrong mount.

use super::behind::{asked_for, judge as behind_root, whole_root};
use super::scene::Scene;
use super::view::{ContainerView, Leads, PodView};
use crate::decide::Decision;
use crate::decide::certificates::Named;
use crate::finding::{Rule, Severity};
use crate::knowledge::{ContainerSide, HostSide};
use crate::kubepath::AbsPath;
use crate::roots::{DEFAULT_ROOT, TO};
use crate::sites::Site;
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
