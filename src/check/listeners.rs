//! Which containers of a pod listen, and on which sockets: told for all of them at once, since a pod
//! may hold many drivers.

use super::scene::Scene;
use super::view::{ContainerView, Leads, PodView};
use crate::decide::candidates::may_be_driver;
use crate::decide::expand::expand;
use crate::kubepath::AbsPath;
use crate::model::{Container, Line};
use std::collections::{HashMap, HashSet};

/// The sockets of a driver's pod.
#[derive(Default)]
pub(super) struct Listeners<'a> {
    /// By the number of the container.
    all: Vec<Listener>,
    /// What the pod registers with the kubelet.
    registered: HashSet<&'a AbsPath>,
    /// The containers that listen on a path of the host: the first one's number, and how many they are.
    users: HashMap<AbsPath, (usize, usize)>,
    /// How many may be drivers that make sockets such as the pod registers.
    drivers: usize,
    /// Where on the host those listen that may be drivers.
    hosts: HashSet<AbsPath>,
    /// Whether more than one container says what is registered.
    has_several: bool,
    /// The first container that may be a driver and whose socket isn't registered, by the name of
    /// that socket on the host.
    astray: HashMap<Option<String>, usize>,
}

/// What is known of a container's socket.
struct Listener {
    /// The path that an endpoint names, in container space.
    socket: Option<AbsPath>,
    /// Where that stands on the host.
    host: Option<AbsPath>,
    /// Whether it may be a driver at all.
    may_be_driver: bool,
    /// Whether it is privileged.
    privileged: bool,
    /// Whether it may be one that makes a socket such as its pod registers.
    listens: bool,
}

impl<'a> Listeners<'a> {
    pub(super) fn of(pod: &PodView<'a>, scene: &Scene<'_>) -> Self {
        let mut listeners = Self::default();
        if !pod.registration.is_driver_pod() {
            return listeners;
        }
        listeners.registered = pod.registration.paths().map(|(_, path)| path).collect();
        let names: HashSet<Option<&str>> =
            listeners.registered.iter().map(|path| path.name()).collect();
        listeners.has_several = pod.registration.paths().nth(1).is_some();
        for (number, container) in pod.containers.iter().enumerate() {
            let own = Listener::of(container, &names, scene);
            if let Some(host) = &own.host {
                listeners.users.entry(host.clone()).or_insert((number, 0)).1 += 1;
                if own.may_be_driver && !listeners.registered.contains(host) {
                    let name = host.name().map(str::to_owned);
                    listeners.astray.entry(name).or_insert(number);
                }
                if own.may_be_driver {
                    listeners.hosts.insert(host.clone());
                }
            }
            listeners.drivers += usize::from(own.listens);
            listeners.all.push(own);
        }
        listeners
    }

    /// Whether a container may be a driver that makes a socket such as its pod registers.
    pub(super) fn listens(&self, container: usize) -> bool {
        self.all.get(container).is_some_and(|own| own.listens)
    }

    /// Whether a container listens, and no other does, on one of several sockets that its pod
    /// registers, or is one of as many that listen as there are such sockets.
    pub(super) fn is_one_of_several(&self, container: usize) -> bool {
        let Some(own) = self.all.get(container).filter(|_| self.registered.len() > 1) else {
            return false;
        };
        self.is_alone(own) || (own.listens && self.drivers == self.registered.len())
    }

    /// Whether a privileged container that may be a driver listens on a socket that its pod registers,
    /// and no other container does: nobody else can mount what is asked for there.
    pub(super) fn answers_alone(&self, container: usize) -> bool {
        let own = self.all.get(container).filter(|own| own.may_be_driver && own.privileged);
        own.is_some_and(|own| self.is_alone(own))
    }

    fn is_alone(&self, own: &Listener) -> bool {
        let mut host = own.host.iter();
        host.any(|host| {
            let is_only = self.users.get(host).is_some_and(|(_, count)| *count == 1);
            is_only && self.registered.contains(host)
        })
    }

    /// Whether a privileged container that may be a driver listens at each path that the pod registers.
    pub(super) fn are_at_every_socket(&self) -> bool {
        let drivers = self.all.iter().filter(|own| own.may_be_driver && own.privileged);
        let hosts: HashSet<&AbsPath> = drivers.filter_map(|own| own.host.as_ref()).collect();
        !self.registered.is_empty() && self.registered.iter().all(|path| hosts.contains(*path))
    }

    /// The containers that may be drivers, whose sockets aren't registered, and of which one may be
    /// meant by a registered path; by their numbers, with the sockets in container space. Where there
    /// are several such paths, a socket's name on the host has to tell which it is: one program that is
    /// several drivers may put each driver's name into the path.
    pub(super) fn strays(&self, path: &AbsPath) -> impl Iterator<Item = (usize, &AbsPath)> {
        let (named, all) = match self.has_several {
            true => (self.astray.get(&path.name().map(str::to_owned)).copied(), 0..0),
            false => (None, 0..self.all.len()),
        };
        named.into_iter().chain(all).filter_map(|number| {
            let own = self.all.get(number).filter(|own| own.may_be_driver)?;
            let is_registered =
                own.host.as_ref().is_some_and(|host| self.registered.contains(host));
            Some((number, own.socket.as_ref().filter(|_| !is_registered)?))
        })
    }

    /// The one container that may be a driver and says where it listens: its number, and where that is
    /// on the host.
    pub(super) fn only_one(&self) -> Option<(usize, &AbsPath)> {
        let own = self.all.iter().enumerate();
        let mut own = own.filter(|(_, own)| own.may_be_driver && own.socket.is_some());
        let (number, only) = own.next()?;
        own.next().is_none().then_some((number, only.host.as_ref()?))
    }

    /// The one container that says that it listens on a path of the host: its number, and what it calls
    /// that path. None where another may be meant, too.
    pub(super) fn only_one_at(&self, host: &AbsPath) -> Option<(usize, &AbsPath)> {
        let &(number, count) = self.users.get(host)?;
        let own = self.all.get(number).filter(|own| count == 1 && own.may_be_driver)?;
        Some((number, own.socket.as_ref()?))
    }

    /// Whether more than one path is registered.
    pub(super) fn register_several(&self) -> bool {
        self.has_several
    }

    /// Whether a container that may be a driver listens on a path of the host.
    pub(super) fn someone_at(&self, host: &AbsPath) -> bool {
        self.hosts.contains(host)
    }
}

impl Listener {
    fn of(
        container: &ContainerView<'_>,
        registered: &HashSet<Option<&str>>,
        scene: &Scene<'_>,
    ) -> Self {
        let endpoints = scene.context.knowledge.settings().endpoints();
        let socket = setting(container.container, endpoints);
        let host = socket.as_ref().and_then(|socket| match container.leads(socket) {
            Leads::ToHost(host) => Some(host),
            _ => None,
        });
        let is_such = socket.as_ref().is_some_and(|socket| {
            let name = socket.name();
            registered.contains(&name) || name.is_some_and(|name| name.ends_with(".sock"))
        });
        let may_be_driver = may_be_driver(container.container, &scene.context);
        let listens = is_such && may_be_driver && container.feed.is_none();
        Self { socket, host, may_be_driver, privileged: container.container.privileged, listens }
    }
}

/// The path, in container space, that one of some settings of a container names, `unix://` or not.
/// Arguments count more than variables, and of a flag that is given twice the last one counts.
pub(super) fn setting(container: &Container, names: &[&str]) -> Option<AbsPath> {
    let mut lines = container.command_line.iter().rev().filter_map(Line::setting);
    let value = lines.find(|(name, _)| names.contains(name)).map(|(_, value)| value);
    let value = value.or_else(|| {
        let env = container.env.iter().map(|variable| variable.name.as_str());
        let written = env.filter(|name| names.contains(name));
        written.chain(names.iter().copied()).find_map(|name| container.variable(name)?.value)
    });
    let value = expand(container, value?);
    let path = value.strip_prefix("unix:").unwrap_or(&value);
    // unix:///csi/csi.sock, unix:/csi/csi.sock and unix://csi/csi.sock are all in use.
    let path = format!("/{}", path.trim_start_matches('/'));
    AbsPath::parse(&path).filter(|path| !path.to_string().contains('$'))
}
