//! Will the pods get their volumes? The driver has to see the kubelet's directories at the
//! kubelet's own paths, and what it mounts there has to reach the host.

use super::directory::{Driver, Purpose, Related, directory, propagates};
use super::drivers::{drivers, is_kubelet_like, shares_another_root, translates};
use super::listeners::Listeners;
use super::misspelt::{is_near_published, is_near_staged, is_unknown_child};
use super::nested;
use super::scene::Scene;
use super::unmounted;
use super::view::{ContainerView, PodView, View};
use crate::knowledge::Role;
use crate::kubepath::dirs::{PODS, STAGED};
use crate::kubepath::{AbsPath, PathIndex};

/// Judges the driver's container of a pod that registers one.
pub(super) fn judge(pod: &PodView<'_>, listeners: &Listeners<'_>, scene: &mut Scene<'_>) {
    for container in drivers(pod, listeners, scene) {
        let driver = Driver::of(container, pod, scene);
        if translates(container, scene) {
            translated(&driver, scene);
            continue;
        }
        publishing(&driver, scene);
        if stages(container, scene) {
            staging(&driver, scene);
        }
        nested::judge(container, scene);
    }
    unmounted::judge(pod, scene);
}

/// Judges a driver that is told the kubelet's root, and has what lies there at a path of its own.
fn translated(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let pods = scene.root().join(PODS);
    let shows =
        |view: &&View<'_>| view.host.as_ref().is_some_and(|host| pods.below(host).is_some());
    let shown = || driver.container.views.iter().filter(shows);
    match shown().find(|view| view.mount.hands_back()).or_else(|| shown().next()) {
        Some(view) => propagates(driver, view, Purpose::Publish, scene),
        None => publishing(driver, scene),
    }
}

/// Judges where volumes are mounted for pods.
fn publishing(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let views = &driver.container.views;
    let roles = Purpose::Publish.roles();
    let mut related: Vec<&View<'_>> =
        views.iter().filter(|view| scene.has_role(view, roles)).collect();
    if related.is_empty() {
        let is_like = |view: &&View<'_>| is_kubelet_like(view) || shares_another_root(view, scene);
        related = views.iter().filter(is_like).collect();
    }
    let mut is_misspelt = false;
    if related.is_empty() {
        let is_meant = |view: &&View<'_>| {
            // Who reaches the host may need none of the kubelet's directories.
            is_near_published(view, scene)
                || (driver.way_out.is_none() && is_unknown_child(view, scene))
        };
        related = views.iter().filter(is_meant).collect();
        is_misspelt = !related.is_empty();
    }
    let pods = scene.root().join(PODS);
    directory(driver, &pods, Related { views: related, is_misspelt }, Purpose::Publish, scene);
}

/// Judges where volumes are staged.
fn staging(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let views = driver.container.views.iter();
    let own: Vec<&View<'_>> = views.filter(|view| may_be_for_staging(view, scene)).collect();
    let moved: Vec<AbsPath> = own.iter().map(|view| scene.moved(view)).collect();
    let index = PathIndex::of(moved.iter());
    for wanted in staging_directories(moved, scene) {
        let above = index.at_or_above(&wanted).into_iter();
        let mut related: Vec<&View<'_>> = above.filter_map(|at| own.get(at).copied()).collect();
        let mut is_misspelt = false;
        if related.is_empty() {
            let views = driver.container.views.iter();
            related = views.filter(|view| is_near_staged(view, scene)).collect();
            is_misspelt = !related.is_empty();
        }
        if related.is_empty() {
            // Something else stands where the kubelet's directory is.
            let cover = driver.container.resolve(&wanted);
            related = cover
                .filter(|view| scene.root().is_ancestor_of(&view.target))
                .into_iter()
                .collect();
        }
        directory(driver, &wanted, Related { views: related, is_misspelt }, Purpose::Stage, scene);
    }
}

/// Whether a driver's mounts tell that it may stage volumes. One that has nothing of the kubelet's
/// `pods` has `plugins` for its socket, unless what it mounts there is to reach the host.
fn stages(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    container.views.iter().any(|view| {
        let is_shared =
            view.mount.is_bidirectional() && scene.has_role(view, Purpose::Stage.roles());
        is_shared || scene.has_role(view, &[Role::Root, Role::Pods, Role::Staging])
    }) || container.views.iter().any(is_kubelet_like)
}

/// The kubelet's directories for staging that a container needs: all of them, or, where it mounts
/// only deeper ones (`plugins/kubernetes.io/csi/<driver>`), those. `wanted` is where its mounts should
/// stand.
fn staging_directories(mut wanted: Vec<AbsPath>, scene: &Scene<'_>) -> Vec<AbsPath> {
    let all = scene.root().join(STAGED);
    // `plugins/<driver>` at its own path is there for the socket.
    wanted.retain(|path| path.below(&all).is_some() || all.below(path).is_some());
    if wanted.is_empty() || wanted.iter().any(|path| all.below(path).is_some()) {
        return vec![all];
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

/// Whether a mount may be there for staging. One of `plugins` at a place of its own that isn't shared is
/// there for the socket.
fn may_be_for_staging(view: &View<'_>, scene: &Scene<'_>) -> bool {
    let is_private =
        !view.mount.is_bidirectional() && scene.context.roots.locate(&view.target).is_none();
    scene.has_role(view, Purpose::Stage.roles())
        && (!is_private || scene.has_role(view, &[Role::Staging]))
}
