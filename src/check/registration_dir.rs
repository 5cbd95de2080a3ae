//! Does a registrar make its socket where the kubelet looks for it?

use super::listeners::setting;
use super::scene::Scene;
use super::view::{ContainerView, Leads, PodView};
use crate::finding::{Rule, Severity};
use crate::kubepath::AbsPath;
use crate::kubepath::dirs::{PLUGINS, PLUGINS_REGISTRY};
use crate::words::message;
use std::collections::HashSet;

/// Where a registrar makes its socket unless it's told otherwise.
///
/// Source: kubernetes-csi/node-driver-registrar:cmd/csi-node-driver-registrar/main.go:49-58 at
/// 3482d444 (before v2.0.0 it couldn't be told).
const REGISTRATION_DIR: &str = "/registration";

/// What is told of a pod's registrars once for all of them.
pub(super) struct Registrars<'a> {
    /// What those have of the host that register.
    shown: HashSet<&'a AbsPath>,
}

impl<'a> Registrars<'a> {
    pub(super) fn of(pod: &'a PodView<'_>, scene: &Scene<'_>) -> Self {
        let registering = pod.containers.iter().filter(|it| registers(it, scene));
        let views = registering.flat_map(|container| &container.views);
        Self { shown: views.filter_map(|view| view.host.as_ref()).collect() }
    }
}

fn registers(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    container.feed.is_some() || container.is_registrar(scene.context.knowledge)
}

/// Whether the directory in which the registrar's socket stands is the one the kubelet watches.
pub(super) fn judge(
    container: &ContainerView<'_>,
    of_pod: (&PodView<'_>, &Registrars<'_>),
    scene: &mut Scene<'_>,
) {
    let own = setting(container.container, scene.context.knowledge.settings().registration_dirs());
    let Some(standard) = own.or_else(|| AbsPath::parse(REGISTRATION_DIR)) else { return };
    let wanted = scene.root().join(PLUGINS_REGISTRY);
    shows_another(container, of_pod, (&standard, &wanted), scene);
    if container.is_registrar(scene.context.knowledge)
        && container.is_known()
        && container.feed.is_some()
    {
        let name = &container.container.name;
        let message =
            message!("registration-dir-read-only", container = name, directory = &standard);
        scene.find_read_only(Rule::RegistrationDir, container, &standard, message);
        unmounted(container, (&standard, &wanted), scene);
    }
}

/// A mount of a directory for sockets that the kubelet doesn't watch. `standard` is where the registrar's
/// stands in its container, and `wanted` the one that is watched.
fn shows_another(
    container: &ContainerView<'_>,
    (pod, registrars): (&PodView<'_>, &Registrars<'_>),
    (standard, wanted): (&AbsPath, &AbsPath),
    scene: &mut Scene<'_>,
) {
    let only_has_it = !registers(container, scene);
    for view in &container.views {
        let is_registrars = container.feed.is_some() && *standard == view.target;
        let shows_one = view.host.as_ref().is_some_and(|host| scene.is_registration_dir(host));
        let Some(host) = view.host.as_ref().filter(|_| is_registrars || shows_one) else {
            continue;
        };
        // It's said of the container that registers there, not of one that has the directory, too.
        if host.below(wanted).is_some() || only_has_it && registrars.shown.contains(host) {
            continue;
        }
        let volume = pod.pod.volume(&view.mount.volume);
        let is_typed = volume.is_some_and(|volume| volume.host_type == "Directory");
        // Kubelets before 1.17 watched this one as well.
        let once_watched = scene.root().join(PLUGINS);
        scene.find(
            Rule::RegistrationDir,
            Severity::Error,
            volume.and_then(|volume| volume.host_path()).map_or(view.mount.node, |path| path.node),
            message!(
                "registration-dir",
                container = &container.container.name,
                host = host,
                wanted = wanted,
                once_watched = *host == once_watched,
                type_checked = is_typed,
                volume = &view.mount.volume,
            ),
        );
        scene.explain_view(view);
    }
}

/// The directory is none of the node's.
fn unmounted(
    container: &ContainerView<'_>,
    (dir, wanted): (&AbsPath, &AbsPath),
    scene: &mut Scene<'_>,
) {
    // A process of the host names the node's directory itself.
    if dir == wanted && container.works_on_host(scene.context.knowledge) {
        return;
    }
    if !matches!(container.leads(dir), Leads::UnderNoMount | Leads::ToOwnVolume) {
        return;
    }
    scene.find(
        Rule::RegistrationDir,
        Severity::Error,
        container.container.node,
        message!(
            "registration-dir-unmounted",
            container = &container.container.name,
            directory = dir,
            wanted = wanted,
        ),
    );
}
