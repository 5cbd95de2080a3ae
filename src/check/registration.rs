//! Will the kubelet find the driver? The registrar's socket has to stand where the kubelet looks,
//! and the path that it hands over has to lead to the driver's socket.

use super::Scene;
use super::view::{ContainerView, Leads, PodView};
use crate::decide::registration::expand;
use crate::finding::{Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Container, Line};
use crate::words::message;
use crate::yaml::NodeId;

/// The longest path of a Unix socket on Linux, in bytes: `sun_path` has 108 with its NUL.
///
/// Source: unix(7); Go's net package refuses longer ones with EINVAL.
const SOCKET_LIMIT: usize = 107;

/// Where a registrar makes its socket unless it's told otherwise.
///
/// Source: kubernetes-csi/node-driver-registrar:cmd/csi-node-driver-registrar/main.go:49-58 at
/// 3482d444 (before v2.0.0 it couldn't be told).
const REGISTRATION_DIR: &str = "/registration";

/// Judges every registrar of a pod.
pub(super) fn judge(pod: &PodView<'_>, scene: &mut Scene<'_>) {
    for container in &pod.containers {
        registration_dir(container, pod, scene);
        let Some(feed) = container.feed else { continue };
        let (Some(&place), Some(path)) = (feed.lines.first(), feed.path.as_ref()) else { continue };
        leads_to_socket(container, pod, place, path, scene);
        lengths(container, place, path, scene);
        probe(container, path, scene);
    }
}

/// Whether the registered path names the socket that the driver listens on.
fn leads_to_socket(
    registrar: &ContainerView<'_>,
    pod: &PodView<'_>,
    place: NodeId,
    path: &AbsPath,
    scene: &mut Scene<'_>,
) {
    let settings = scene.context.knowledge.settings();
    let own = setting(registrar.container, |name| settings.is_csi_address(name));
    let drivers = pod.containers.iter().filter(|other| scene.may_be_driver(other));
    let theirs = drivers.filter_map(|driver| {
        let socket = setting(driver.container, |name| settings.is_endpoint(name))?;
        Some((driver, socket))
    });
    let theirs: Vec<_> = theirs.collect();
    let someone_listens =
        theirs.iter().any(|(driver, socket)| driver.leads(socket) == Leads::ToHost(path.clone()));
    let has_several = pod.registration.paths().nth(1).is_some();
    let stays_inside = is_registrar(registrar, scene) && !works_on_host(registrar, scene);
    let name = |path: &AbsPath| path.name().map(str::to_owned);
    for (container, socket) in own.map(|socket| (registrar, socket)).into_iter().chain(theirs) {
        let is_drivers = !std::ptr::eq(container, registrar);
        let host = match container.leads(&socket) {
            Leads::ToHost(host) => host,
            // Also where a container has no mount that can be read: on Windows, as a fragment.
            _ if is_drivers && (someone_listens || name(&socket) != name(path)) => continue,
            _ if !container.is_known() => continue,
            Leads::Unknown => continue,
            // Where one program is several drivers, it may put each driver's name into the path.
            _ if is_drivers && has_several => continue,
            // A program that leaves its container names the socket as the node has it.
            Leads::UnderNoMount if socket == *path && is_drivers && may_leave(container, scene) => {
                continue;
            }
            Leads::UnderNoMount if socket == *path && !is_drivers && !stays_inside => continue,
            Leads::UnderNoMount | Leads::ToOwnVolume => {
                hidden_socket(container, &socket, path, place, scene);
                return;
            }
        };
        if host == *path {
            continue;
        }
        // A pod may hold several drivers, each with a registrar of its own.
        let is_anothers = pod.registration.paths().any(|(_, other)| *other == host);
        if is_drivers && (is_anothers || name(&host) != name(path)) {
            continue;
        }
        scene.find(
            Rule::RegistrationPath,
            Severity::Error,
            place,
            message!(
                "registration-path",
                path = path,
                socket = &socket,
                container = &container.container.name,
                host = &host,
            ),
        );
        scene.explain_below(path);
        scene.explain_below(&host);
        return;
    }
}

/// Whether a container may be a driver that makes a socket such as its pod registers.
pub(super) fn listens(container: &ContainerView<'_>, pod: &PodView<'_>, scene: &Scene<'_>) -> bool {
    let settings = scene.context.knowledge.settings();
    let socket = setting(container.container, |name| settings.is_endpoint(name));
    let name = |path: &AbsPath| path.name().map(str::to_owned);
    socket.is_some_and(|socket| {
        let is_registered = pod.registration.paths().any(|(_, path)| name(path) == name(&socket));
        container.feed.is_none()
            && scene.may_be_driver(container)
            && (is_registered || name(&socket).is_some_and(|name| name.ends_with(".sock")))
    })
}

/// Whether a container listens, and no other does, on one of several sockets that its pod registers,
/// or is one of as many that listen as there are such sockets.
pub(super) fn is_one_of_several(
    container: &ContainerView<'_>,
    pod: &PodView<'_>,
    scene: &Scene<'_>,
) -> bool {
    let settings = scene.context.knowledge.settings();
    let listens_at = |container: &ContainerView<'_>| match container
        .leads(&setting(container.container, |name| settings.is_endpoint(name))?)
    {
        Leads::ToHost(host) => Some(host),
        _ => None,
    };
    let mut registered: Vec<&AbsPath> = pod.registration.paths().map(|(_, path)| path).collect();
    registered.sort();
    registered.dedup();
    if registered.len() < 2 {
        return false;
    }
    let is_alone = listens_at(container).is_some_and(|socket| {
        let same = pod.containers.iter().filter(|it| listens_at(it).as_ref() == Some(&socket));
        registered.contains(&&socket) && same.count() == 1
    });
    let all = pod.containers.iter().filter(|other| listens(other, pod, scene)).count();
    is_alone || (all == registered.len() && listens(container, pod, scene))
}

fn is_registrar(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    scene.context.knowledge.images().is_registrar(&container.container.image)
}

/// Whether a container's program works in the node's own files: one that leaves its container, or a
/// host process on Windows.
fn works_on_host(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    let settings = scene.context.knowledge.settings();
    let mut words = container.container.command_line.iter().map(|line| line.text.value.as_str());
    words.any(|word| word.ends_with(".exe") || settings.leaves_the_container(word))
}

/// Whether a driver may work in the node's own files: it says so, or has what it takes.
fn may_leave(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    let settings = scene.context.knowledge.settings();
    let mut hosts = container.views.iter().filter_map(|view| view.host.as_ref());
    works_on_host(container, scene)
        || hosts.any(|host| settings.is_way_to_the_node(&host.to_string()))
}

/// A socket in a container's own filesystem, where nobody else sees it.
fn hidden_socket(
    container: &ContainerView<'_>,
    socket: &AbsPath,
    path: &AbsPath,
    place: NodeId,
    scene: &mut Scene<'_>,
) {
    scene.find(
        Rule::RegistrationPath,
        Severity::Error,
        place,
        message!(
            "registration-path-hidden",
            path = path,
            socket = socket,
            container = &container.container.name,
            directory = &path.ancestor(1).unwrap_or_default(),
        ),
    );
}

/// The socket that a setting of a container names, `unix://` or not.
fn setting(container: &Container, is_wanted: impl Fn(&str) -> bool) -> Option<AbsPath> {
    let env = container.env.iter().filter(|variable| is_wanted(&variable.name));
    let env = env.filter_map(|variable| variable.known_value().map(str::to_owned));
    let lines = container.command_line.iter().filter_map(|line| {
        let text = line.text.value.as_str();
        if let Some((flag, value)) = text.split_once('=') {
            let flag = flag.strip_prefix('-')?.trim_start_matches('-');
            return is_wanted(flag).then(|| value.to_owned());
        }
        let flag = line.flag.as_deref()?.strip_prefix('-')?.trim_start_matches('-');
        is_wanted(flag).then(|| text.to_owned())
    });
    let value = lines.chain(env).next()?;
    let value = expand(container, &value);
    let path = value.strip_prefix("unix:").unwrap_or(&value);
    // unix:///csi/csi.sock, unix:/csi/csi.sock and unix://csi/csi.sock are all in use.
    let path = format!("/{}", path.trim_start_matches('/'));
    AbsPath::parse(&path).filter(|path| !path.to_string().contains('$'))
}

/// Whether the directory in which the registrar's socket stands is the one the kubelet watches.
fn registration_dir(container: &ContainerView<'_>, pod: &PodView<'_>, scene: &mut Scene<'_>) {
    let wanted = scene.root().join("plugins_registry");
    let settings = scene.context.knowledge.settings();
    let own = setting(container.container, |name| settings.is_registration_dir(name));
    let standard = own.or_else(|| AbsPath::parse(REGISTRATION_DIR));
    for view in &container.views {
        let is_registrars = container.feed.is_some() && standard.as_ref() == Some(&view.target);
        let shows_one = view.host.as_ref().is_some_and(|host| scene.is_registration_dir(host));
        let Some(host) = view.host.as_ref().filter(|_| is_registrars || shows_one) else {
            continue;
        };
        if host.below(&wanted).is_some() {
            continue;
        }
        let volume = pod.pod.volume(&view.mount.volume);
        let is_typed = volume.is_some_and(|volume| volume.host_type == "Directory");
        // Kubelets before 1.17 watched this one as well.
        let once_watched = scene.root().join("plugins");
        scene.find(
            Rule::RegistrationDir,
            Severity::Error,
            volume.and_then(|volume| volume.host_path()).map_or(view.mount.node, |path| path.node),
            message!(
                "registration-dir",
                container = &container.container.name,
                host = host,
                wanted = &wanted,
                once_watched = *host == once_watched,
                type_checked = is_typed,
                volume = &view.mount.volume,
            ),
        );
        scene.explain_view(view);
    }
    // A process of the host names the node's directory itself.
    let lacks = standard
        .filter(|dir| *dir != wanted || !works_on_host(container, scene))
        .filter(|dir| matches!(container.leads(dir), Leads::UnderNoMount | Leads::ToOwnVolume));
    // A container on Windows has other paths, or, as a host process, no mounts at all.
    let is_known =
        !container.views.is_empty() && container.views.len() == container.container.mounts.len();
    if let Some(dir) =
        lacks.filter(|_| is_registrar(container, scene) && is_known && container.feed.is_some())
    {
        scene.find(
            Rule::RegistrationDir,
            Severity::Error,
            container.container.node,
            message!(
                "registration-dir-unmounted",
                container = &container.container.name,
                directory = &dir,
                wanted = &wanted,
            ),
        );
    }
}

/// Whether the kubelet can dial both sockets.
fn lengths(container: &ContainerView<'_>, place: NodeId, path: &AbsPath, scene: &mut Scene<'_>) {
    let driver = path.components().rev().nth(1).unwrap_or_default();
    let registrar = scene.root().join(&format!("plugins_registry/{driver}-reg.sock"));
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

/// The exec probe of node-driver-registrar 2.3 to 2.8 names the path a second time.
fn probe(container: &ContainerView<'_>, path: &AbsPath, scene: &mut Scene<'_>) {
    let settings = scene.context.knowledge.settings();
    let registered = |line: &Line| -> Option<(NodeId, AbsPath)> {
        let value = settings.registration_flags().find_map(|flag| {
            let text = line.text.value.trim_start_matches('-');
            text.strip_prefix(flag)?.strip_prefix('=').map(str::to_owned)
        })?;
        let value = AbsPath::parse(&expand(container.container, &value))?;
        Some((line.text.node, value))
    };
    let Some((place, other)) =
        container.container.hooks.iter().filter_map(registered).find(|(_, other)| other != path)
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
