//! Will the kubelet find the driver? The registrar's socket has to stand where the kubelet looks,
//! and the path that it hands over has to lead to the driver's socket.

use super::as_written::{Template, as_written};
use super::listeners::{Listeners, setting};
use super::registration_dir::{self, Registrars};
use super::scene::Scene;
use super::view::{ContainerView, Leads, PodView};
use crate::decide::expand::{expand, kubernetes_variables};
use crate::decide::may_be_in;
use crate::decide::registration::registered_values;
use crate::finding::{Rule, Severity};
use crate::kubepath::AbsPath;
use crate::kubepath::dirs::PLUGINS_REGISTRY;
use crate::model::{Container, Line};
use crate::words::{Message, message};
use crate::yaml::NodeId;

/// The longest path of a Unix socket on Linux, in bytes: `sun_path` has 108 with its NUL.
///
/// Source: unix(7); Go's net package refuses longer ones with EINVAL.
const SOCKET_LIMIT: usize = 107;

/// Where a registrar looks for its driver unless it's told otherwise.
///
/// Source: kubernetes-csi/node-driver-registrar:cmd/csi-node-driver-registrar/main.go, `csi-address`.
const CSI_ADDRESS: &str = "/run/csi/socket";

/// Judges every registrar of a pod.
pub(super) fn judge(pod: &PodView<'_>, listeners: &Listeners<'_>, scene: &mut Scene<'_>) {
    let (registrars, template) = (Registrars::of(pod, scene), Template::of(pod.pod));
    for container in &pod.containers {
        registration_dir::judge(container, (pod, &registrars), scene);
        let Some(feed) = container.feed else { continue };
        if !as_written(container, &template, scene) {
            continue;
        }
        let (Some(place), Some(path)) = (feed.item(), feed.path.as_ref()) else { continue };
        leads_to_socket(container, (pod, listeners), place, path, scene);
        can_be_made(pod, listeners, path, scene);
        lengths(container, place, path, scene);
        probe(container, path, scene);
    }
}

/// Whether the registered path names the socket that the driver listens on.
fn leads_to_socket(
    registrar: &ContainerView<'_>,
    (pod, listeners): (&PodView<'_>, &Listeners<'_>),
    place: NodeId,
    path: &AbsPath,
    scene: &mut Scene<'_>,
) {
    if has_parts_from_elsewhere(registrar.container, path) {
        return;
    }
    let told = setting(registrar.container, scene.context.knowledge.settings().csi_addresses());
    let default = AbsPath::parse(CSI_ADDRESS).filter(|_| takes_default(registrar, scene));
    let own = told.as_ref().or(default.as_ref());
    // Where someone listens, what others do is their own affair.
    let strays = listeners.strays(path).filter(|_| !listeners.someone_at(path));
    let theirs = strays.filter_map(|(number, socket)| Some((pod.containers.get(number)?, socket)));
    let stays_inside = registrar.is_registrar(scene.context.knowledge)
        && !registrar.works_on_host(scene.context.knowledge);
    let name = |path: &AbsPath| path.name().map(str::to_owned);
    for (container, socket) in own.map(|socket| (registrar, socket)).into_iter().chain(theirs) {
        let is_drivers = !std::ptr::eq(container, registrar);
        let host = match container.leads(socket) {
            Leads::ToHost(host) => host,
            // Also where a container has no mount that can be read: on Windows, as a fragment.
            _ if is_drivers && name(socket) != name(path) => continue,
            _ if !container.is_known() => continue,
            Leads::Unknown => continue,
            // A program that leaves its container names the socket as the node has it.
            Leads::UnderNoMount if socket == path && is_drivers && may_leave(container, scene) => {
                continue;
            }
            Leads::UnderNoMount if socket == path && !is_drivers && !stays_inside => continue,
            Leads::UnderNoMount | Leads::ToOwnVolume => {
                let is_untold = !is_drivers && told.is_none();
                let message = hidden_socket(container, socket, path, is_untold);
                scene.find(Rule::RegistrationPath, Severity::Error, place, message);
                return;
            }
        };
        if host == *path {
            continue;
        }
        if is_drivers && name(&host) != name(path) {
            continue;
        }
        scene.find(
            Rule::RegistrationPath,
            Severity::Error,
            place,
            message!(
                "registration-path",
                path = path,
                socket = socket,
                container = &container.container.name,
                host = &host,
            ),
        );
        scene.explain_below(path);
        scene.explain_below(&host);
        return;
    }
    called_otherwise((pod, listeners), place, path, scene);
}

/// Whether a path has variables in it that are defined, and whose values aren't in the input.
fn has_parts_from_elsewhere(container: &Container, path: &AbsPath) -> bool {
    kubernetes_variables(path.as_str()).any(|(_, name)| {
        let value = container.variable(name).map(|variable| variable.value);
        value.map_or_else(|| container.env_from.is_open(), |value| value.is_none())
    })
}

/// Whether the only container that listens on the registered socket can make it.
fn can_be_made(
    pod: &PodView<'_>,
    listeners: &Listeners<'_>,
    path: &AbsPath,
    scene: &mut Scene<'_>,
) {
    let Some((number, socket)) = listeners.only_one_at(path) else { return };
    let Some(container) = pod.containers.get(number) else { return };
    let name = &container.container.name;
    let message = message!("registration-path-read-only", container = name, socket = socket);
    scene.find_read_only(Rule::RegistrationPath, container, socket, message);
}

/// Whether the one driver says that it listens beside the registered socket, under another name, and
/// nothing in the pod speaks of the registered one. It's no error: the program may make a second socket.
fn called_otherwise(
    (pod, listeners): (&PodView<'_>, &Listeners<'_>),
    place: NodeId,
    path: &AbsPath,
    scene: &mut Scene<'_>,
) {
    let Some((number, host)) = listeners.only_one() else { return };
    let Some((driver, name)) = pod.containers.get(number).zip(path.name()) else { return };
    let is_beside = host != path && host.ancestor(1) == path.ancestor(1);
    if listeners.register_several() || !is_beside || path.as_str().contains('$') {
        return;
    }
    // What comes from elsewhere may name the socket, too.
    let own = driver.container;
    let mut texts = own.texts().map(|text| expand(own, &text.value));
    let names_it = texts.any(|text| text.contains(name)) || own.env_from.is_open();
    let images = scene.context.knowledge.images();
    let may_make_it = |(other, it): (usize, &ContainerView<'_>)| {
        let mut hosts = it.views.iter().filter_map(|view| view.host.as_ref());
        other != number
            && !images.is_sidecar(&it.container.image)
            && hosts.any(|shown| path.below(shown).is_some())
    };
    if names_it || pod.containers.iter().enumerate().any(may_make_it) {
        return;
    }
    let message =
        message!("registration-path-other-name", path = path, host = host, container = &own.name,);
    scene.find(Rule::RegistrationPath, Severity::Warning, place, message);
}

/// Whether a driver may work in the node's own files: it says so, or has what it takes.
fn may_leave(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    let settings = scene.context.knowledge.settings();
    let mut hosts = container.views.iter().filter_map(|view| view.host.as_ref());
    container.works_on_host(scene.context.knowledge)
        || hosts.any(|host| settings.is_way_to_the_node(&host.to_string()))
}

/// Whether a registrar looks for its driver where it does unless it's told otherwise.
fn takes_default(registrar: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    let names = scene.context.knowledge.settings().csi_addresses();
    let mut lines = registrar.container.command_line.iter();
    let is_told = lines.any(|line| names.iter().any(|name| line.text.value.contains(name)));
    !is_told && registrar.is_registrar(scene.context.knowledge)
}

/// What is said of a socket in a container's own filesystem, where nobody else sees it.
fn hidden_socket(
    container: &ContainerView<'_>,
    socket: &AbsPath,
    path: &AbsPath,
    is_untold: bool,
) -> Message {
    let name = &container.container.name;
    if is_untold {
        return message!("registration-path-untold", socket = socket, container = name);
    }
    message!(
        "registration-path-hidden",
        path = path,
        socket = socket,
        container = name,
        directory = &path.ancestor(1).unwrap_or_default(),
    )
}

/// Whether the kubelet can dial both sockets.
fn lengths(container: &ContainerView<'_>, place: NodeId, path: &AbsPath, scene: &mut Scene<'_>) {
    let driver = path.components().rev().nth(1).unwrap_or_default();
    let registrar = scene.root().join(&format!("{PLUGINS_REGISTRY}/{driver}-reg.sock"));
    let sockets = [(path.to_string(), "driver"), (registrar.to_string(), "registrar")];
    let Some((socket, whose)) = sockets.into_iter().find(|(socket, _)| socket.len() > SOCKET_LIMIT)
    else {
        return;
    };
    scene.find(
        Rule::SocketPathTooLong,
        Severity::Error,
        place,
        message!(
            "socket-path-too-long",
            whose = whose,
            length = socket.len(),
            socket = socket,
            limit = SOCKET_LIMIT,
            container = &container.container.name,
        ),
    );
}

/// The exec probe of node-driver-registrar 2.3 to 2.8 names the path a second time, and looks for a file in
/// its directory. A later one asks nothing.
///
/// Sources: kubernetes-csi/node-driver-registrar:cmd/csi-node-driver-registrar/main.go at v2.8.0;
/// CHANGELOG/CHANGELOG-2.9.md, #316.
fn probe(container: &ContainerView<'_>, path: &AbsPath, scene: &mut Scene<'_>) {
    if !may_be_in(&container.container.image, None, Some("2.9")) {
        return;
    }
    let registered = |line: &Line| -> Option<(NodeId, AbsPath)> {
        let range = registered_values(line, scene.context.knowledge).pop()?;
        let value = line.text.value.get(range)?;
        let value = AbsPath::parse(&expand(container.container, value))?;
        Some((line.text.node, value))
    };
    let is_elsewhere = |(_, other): &(NodeId, AbsPath)| other.ancestor(1) != path.ancestor(1);
    let Some((place, other)) =
        container.container.hooks.iter().filter_map(registered).find(is_elsewhere)
    else {
        return;
    };
    scene.find(
        Rule::ProbePath,
        Severity::Error,
        place,
        message!("probe-path", other = &other, container = &container.container.name, path = path,),
    );
    scene.explain_node(place);
}
