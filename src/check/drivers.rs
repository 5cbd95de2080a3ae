//! Which containers of a pod are drivers, of whom it is asked whether pods get their volumes.

use super::listeners::Listeners;
use super::misspelt::{is_near_published, is_unknown_child};
use super::scene::Scene;
use super::view::{ContainerView, Leads, PodView, View};
use crate::decide::candidates::may_be_driver;
use crate::knowledge::Role;
use crate::kubepath::AbsPath;
use crate::kubepath::dirs::{KUBELET, PODS};

/// The drivers of a pod that registers one.
pub(super) fn drivers<'v, 'a>(
    pod: &'v PodView<'a>,
    listeners: &Listeners<'_>,
    scene: &Scene<'_>,
) -> Vec<&'v ContainerView<'a>> {
    if !pod.registration.is_driver_pod() {
        return Vec::new();
    }
    let mut drivers = candidates(pod, scene);
    // Who makes the registered socket is a driver, whatever is mounted into it.
    let is_known = !drivers.is_empty();
    let listening = (0..pod.containers.len()).filter(|&number| {
        listeners.listens(number) && (!is_known || listeners.is_one_of_several(number))
    });
    drivers.extend(listening);
    if drivers.is_empty() {
        drivers = holding(pod, scene, &|view| {
            is_near_published(view, scene) || is_unknown_child(view, scene)
        });
    }
    drivers.sort_unstable();
    drivers.dedup();
    let mut drivers: Vec<_> = drivers
        .into_iter()
        .filter_map(|number| Some((number, pod.containers.get(number)?)))
        .collect();
    // One that does it right is the driver; the others only look, or are asked themselves.
    if drivers.iter().any(|(_, container)| publishes(container, scene)) {
        drivers.retain(|&(number, container)| {
            publishes(container, scene)
                || listeners.is_one_of_several(number)
                || listeners.answers_alone(number)
        });
    }
    // Who isn't privileged can't mount, and without a registered socket only looks, where others that
    // are privileged make each of them.
    if listeners.are_at_every_socket() {
        drivers.retain(|(_, container)| {
            container.container.privileged || holds_a_socket(container, pod)
        });
    }
    drivers.into_iter().map(|(_, container)| container).collect()
}

/// The containers that could be the driver: regular, no sidecar, and something of a kubelet's
/// `pods` is mounted into it for writing, or else an ancestor of a root at its own path. Where
/// several are left, those that register none. By their numbers in the pod.
fn candidates(pod: &PodView<'_>, scene: &Scene<'_>) -> Vec<usize> {
    let holds_pods = |view: &View<'_>| scene.has_role(view, &[Role::Root, Role::Pods]);
    let holds_root = |view: &View<'_>| {
        view.target.is_ancestor_of(scene.root()) && view.host.as_ref() == Some(&view.target)
    };
    let shares_other = |view: &View<'_>| shares_another_root(view, scene);
    let candidates: [&dyn Fn(&View<'_>) -> bool; 4] =
        [&holds_pods, &holds_root, &is_kubelet_like, &shares_other];
    let mut candidates = candidates
        .into_iter()
        .map(|holds| holding(pod, scene, holds))
        .filter(|found| !found.is_empty());
    let candidates = candidates.next().unwrap_or_default();
    let registers = |number: usize| pod.registration.of_container(number).is_some();
    let only_drivers: Vec<_> =
        candidates.iter().copied().filter(|&number| !registers(number)).collect();
    if only_drivers.is_empty() { candidates } else { only_drivers }
}

/// The containers that may be drivers and have such a mount, for writing.
fn holding(pod: &PodView<'_>, scene: &Scene<'_>, holds: &dyn Fn(&View<'_>) -> bool) -> Vec<usize> {
    let may_write = |view: &View<'_>| !view.mount.read_only || view.mount.is_bidirectional();
    let holding = pod.containers.iter().enumerate().filter(|(_, candidate)| {
        may_be_driver(candidate.container, &scene.context)
            && candidate.views.iter().any(|view| may_write(view) && holds(view))
    });
    holding.map(|(number, _)| number).collect()
}

/// Whether a registered socket lies in something that a container mounts.
fn holds_a_socket(container: &ContainerView<'_>, pod: &PodView<'_>) -> bool {
    let mut hosts = container.views.iter().filter_map(|view| view.host.as_ref());
    hosts.any(|host| pod.registration.lies_in(host))
}

/// Whether a container has the kubelet's `pods` as a driver needs it.
fn publishes(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    let pods = scene.root().join(PODS);
    container.resolve(&pods).is_some_and(|view| {
        view.mount.hands_back()
            && container.container.privileged
            && container.leads(&pods) == Leads::ToHost(pods)
    })
}

/// Whether a driver is told the kubelet's root and finds its way from there: it may have that at any path.
pub(super) fn translates(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    scene.context.knowledge.settings().translating().iter().any(|name| {
        let value = container.container.variable(name).and_then(|variable| variable.value);
        value.and_then(AbsPath::parse).as_ref() == Some(scene.root())
    })
}

/// Whether a mount shares a directory that is called as one of a kubelet's, whichever its root: no
/// proof where a manifest is to be rewritten, and enough to ask the question here.
pub(super) fn is_kubelet_like(view: &View<'_>) -> bool {
    let name = view.target.name();
    view.mount.is_bidirectional()
        && view.host.as_ref() == Some(&view.target)
        && matches!(name, Some(PODS | KUBELET))
}

/// Whether a mount shares a directory at its own path in which another root lies than the kubelet's.
pub(super) fn shares_another_root(view: &View<'_>, scene: &Scene<'_>) -> bool {
    view.mount.is_bidirectional()
        && view.host.as_ref() == Some(&view.target)
        && scene.context.roots.other_in(&view.target).is_some()
}
