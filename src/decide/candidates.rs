//! Which containers of a pod could be the driver: whose mounts have to hand volumes to the host.

use super::Context;
use super::expand::expand;
use super::registration::Registration;
use super::views::{MountView, Views};
use crate::knowledge::{Role, SettingTable};
use crate::kubepath::dirs::{PODS, STAGED};
use crate::kubepath::{AbsPath, depth, find_paths};
use crate::model::{Container, ContainerKind, EnvVar, Mount, Pod};
use crate::yaml::NodeSet;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The containers that could be the driver. The one that registers it is none, unless no other is; and
/// one that isn't privileged and doesn't see the registered sockets is none where others make them.
pub(super) fn candidates<'a>(
    pod: &'a Pod,
    views: &'a [Views],
    registration: &Registration,
    context: &Context<'_>,
) -> Vec<Candidate<'a>> {
    let containers = pod.containers.iter().zip(views).enumerate();
    let all = containers.filter_map(|(number, (container, views))| {
        let registers = registration.of_container(number).is_some();
        Some((registers, Candidate::of(number, container, views, context)?))
    });
    let (registrars, drivers): (Vec<_>, Vec<_>) = all.partition(|(registers, _)| *registers);
    let chosen = if drivers.is_empty() { registrars } else { drivers };
    let mut chosen: Vec<Candidate<'_>> =
        chosen.into_iter().map(|(_, candidate)| candidate).collect();
    if chosen.iter().any(|candidate| !candidate.container.privileged)
        && others_make_the_sockets(pod, views, &chosen, registration, context)
    {
        let holds_one = |candidate: &Candidate<'_>| {
            let mut shown = candidate.views.iter().filter_map(|view| view.new_host.as_ref());
            shown.any(|host| registration.lies_in(host))
        };
        chosen.retain(|candidate| candidate.container.privileged || holds_one(candidate));
    }
    chosen
}

/// Whether each registered socket is made by a privileged container that is no candidate: it mounts by
/// other ways, and a candidate that isn't privileged only looks.
fn others_make_the_sockets(
    pod: &Pod,
    views: &[Views],
    candidates: &[Candidate<'_>],
    registration: &Registration,
    context: &Context<'_>,
) -> bool {
    let candidates: BTreeSet<usize> = candidates.iter().map(|candidate| candidate.number).collect();
    let others = pod.containers.iter().zip(views).enumerate().filter(|(number, (container, _))| {
        may_be_driver(container, context)
            && container.privileged
            && !candidates.contains(number)
            && registration.of_container(*number).is_none()
    });
    let reached: HashSet<String> = others
        .flat_map(|(_, (container, views))| reached(container, views, context))
        .map(|path| tail(&path).to_owned())
        .collect();
    registration.paths().next().is_some()
        && registration.paths().all(|(_, path)| reached.contains(tail(path)))
}

/// Whether a container runs as long as its pod does, and is none of the helpers that drivers have.
pub(crate) fn may_be_driver(container: &Container, context: &Context<'_>) -> bool {
    container.kind == ContainerKind::Regular
        && !context.knowledge.images().is_sidecar(&container.image)
}

/// Which of several candidates are drivers: each registered socket tells one, if a single one of them
/// reaches it.
pub(super) fn told_apart<'c, 'a>(
    several: &'c [Candidate<'a>],
    registration: &Registration,
    context: &Context<'_>,
) -> Vec<&'c Candidate<'a>> {
    let mut reaching: HashMap<String, BTreeSet<usize>> = HashMap::new();
    for (number, candidate) in several.iter().enumerate() {
        for path in reached(candidate.container, candidate.views, context) {
            reaching.entry(tail(&path).to_owned()).or_default().insert(number);
        }
    }
    let mut drivers: Vec<&Candidate<'_>> = Vec::new();
    for (_, path) in registration.paths() {
        let Some(reaching) = reaching.get(tail(path)) else { continue };
        if reaching.len() > 1 {
            return Vec::new();
        }
        drivers.extend(reaching.first().and_then(|&number| several.get(number)));
    }
    drivers.sort_by_key(|driver| driver.number);
    drivers.dedup_by_key(|driver| driver.number);
    drivers
}

/// A container that could be the driver: regular, no sidecar, with a writable parity mount of
/// the root or of the pods directory.
pub(super) struct Candidate<'a> {
    /// Its number in the pod.
    pub(super) number: usize,
    pub(super) container: &'a Container,
    views: &'a Views,
    /// Its parity mounts whose content the host has to see.
    pub(super) mounts: Vec<&'a Mount>,
    /// The mounts among them that make it a candidate.
    publishing: NodeSet,
    /// Mounts through helpers on the host: it sees the host's whole filesystem.
    pub(super) sees_host: bool,
}

impl<'a> Candidate<'a> {
    fn of(
        number: usize,
        container: &'a Container,
        views: &'a Views,
        context: &Context<'_>,
    ) -> Option<Self> {
        if !may_be_driver(container, context) {
            return None;
        }
        let standard = [PODS, STAGED].map(|rest| context.to().join(rest));
        let mut mounts = Vec::new();
        let mut publishing = NodeSet::default();
        for view in views.iter() {
            let Some(mount) = container.mounts.get(view.index) else {
                continue;
            };
            let Some(rest) =
                view.below_new_root(context).filter(|_| view.has_parity() && !mount.read_only)
            else {
                continue;
            };
            let row = context.role(rest);
            let publishes = matches!(row.role, Role::Root | Role::Pods);
            // `pods`, `plugins/kubernetes.io/csi`: what is deeper is one pod's or one volume's.
            if !row.parity || depth(rest) > if publishes { 1 } else { 3 } {
                continue;
            }
            if publishes {
                publishing.insert(mount.node);
            }
            // Where others are mounted below it, nothing reaches the host through this one.
            let is_through = |path: &AbsPath| {
                let through = views.resolve_after(path);
                through.is_some_and(|through| through.index == view.index)
            };
            if depth(rest) > 1 || standard.iter().any(is_through) {
                mounts.push(mount);
            }
        }
        if publishing.is_empty() {
            return None;
        }
        let is_way_out = |view: &MountView| {
            let seen = view.host.as_ref().zip(container.mounts.get(view.index));
            seen.is_some_and(|(host, mount)| is_way_out(host, mount, context))
        };
        let sees_host = views.iter().any(is_way_out);
        Some(Self { number, container, views, mounts, publishing, sees_host })
    }

    /// Whether the host sees what it mounts for pods.
    pub(super) fn shares(&self) -> bool {
        let mut judged = self.mounts.iter().filter(|mount| self.judged(mount)).peekable();
        self.container.privileged
            && judged.peek().is_some()
            && judged.all(|mount| mount.is_bidirectional())
    }

    /// Whether a lack of propagation in this mount loses what the driver publishes.
    pub(super) fn judged(&self, mount: &Mount) -> bool {
        self.publishing.contains(&mount.node)
    }
}

/// The host paths that arguments and variables of a container name; of what `envFrom` brings, endpoints.
fn reached(
    container: &Container,
    views: &Views,
    context: &Context<'_>,
) -> impl Iterator<Item = AbsPath> {
    let lines = container.command_line.iter().map(|line| line.text.value.as_str());
    let written = container.env.iter().filter_map(EnvVar::known_value);
    let endpoints = context.knowledge.settings().endpoints().iter();
    let given = endpoints.filter_map(|name| container.variable(name)?.value);
    let texts = written.chain(given).chain(lines).map(|text| expand(container, text));
    let paths = texts.flat_map(|text| find_paths(&text));
    paths.filter_map(|(_, path)| host_after(&path, views, context))
}

/// What a path of a container, or its moved form, will name on the host.
///
/// Where it leads now says nothing in half-moved input, where its mount may have moved alone.
fn host_after(path: &AbsPath, views: &Views, context: &Context<'_>) -> Option<AbsPath> {
    let moved = context.roots.locate(path).map(|(_, rest)| context.to().join(rest));
    [Some(path.clone()), moved].into_iter().flatten().find_map(|path| views.host_after(&path))
}

/// What two sockets of one driver share, whatever their roots: `/plugins/<driver>/<socket>`. In half-moved
/// input the registrar's path may lie below another root than the volume. All of a shorter path.
fn tail(path: &AbsPath) -> &str {
    let path = path.as_str();
    let at = path.rmatch_indices('/').nth(2).map(|(at, _)| at);
    at.and_then(|at| path.get(at..)).unwrap_or(path)
}

/// Whether a container's program goes on in the node's own files: its command enters them, by `nsenter` or
/// `chroot`.
pub(crate) fn enters_the_node(container: &Container, settings: &SettingTable) -> bool {
    let mut words = container.command_line.iter().map(|line| line.text.value.as_str());
    words.any(|word| settings.leaves_the_container(word))
}

/// Whether a mount of something of the host lets a container have the host mount for it. The host's own `/`
/// does only where what is mounted in it propagates.
pub(crate) fn is_way_out(host: &AbsPath, mount: &Mount, context: &Context<'_>) -> bool {
    context.knowledge.settings().is_way_out(host.as_str())
        && (host.depth() > 0 || mount.is_bidirectional())
}
