//! A volume of the kubelet's directories that nothing mounts.

use super::scene::Scene;
use super::view::{ContainerView, PodView, View};
use crate::decide::candidates::may_be_driver;
use crate::finding::{Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::AbsPath;
use crate::kubepath::dirs::PODS;
use crate::model::Text;
use crate::words::message;

/// A volume of the directory in which volumes are published that the driver's pod has and no container
/// of its own programs mounts, nor anything that it lies in or that lies in it.
pub(super) fn judge(pod: &PodView<'_>, scene: &mut Scene<'_>) {
    // Of a part of a pod nobody knows what else it mounts.
    let is_part = pod.containers.iter().any(|container| container.container.image.is_empty());
    if is_part || !pod.registration.is_driver_pod() {
        return;
    }
    let pods = scene.root().join(PODS);
    let holds_pods = |path: &Text| {
        AbsPath::parse(&path.value).is_some_and(|path| path == pods || path == *scene.root())
    };
    let volumes = pod.pod.volumes.iter();
    let mut found = volumes.filter_map(|volume| Some((volume, volume.host_path()?)));
    let Some((volume, path)) = found.find(|(_, path)| holds_pods(path)) else { return };
    let images = scene.context.knowledge.images();
    let own = pod.containers.iter().filter(|it| !images.is_sidecar(&it.container.image));
    let own: Vec<&ContainerView<'_>> = own.collect();
    let holds_some = |view: &View<'_>| {
        let shown = view.host.iter().chain([&view.target]);
        scene.has_role(view, &[Role::Root, Role::Pods])
            || shown.into_iter().any(|path| path.is_ancestor_of(&pods))
    };
    let is_mounted = own.iter().any(|container| container.views.iter().any(holds_some));
    let may_be =
        |it: &&ContainerView<'_>| it.is_known() && may_be_driver(it.container, &scene.context);
    if is_mounted || !own.iter().any(may_be) {
        return;
    }
    let message = message!("parity-broken-unmounted", volume = &volume.name, host = &path.value);
    scene.find(Rule::ParityBroken, Severity::Warning, path.node, message);
}
