//! Propagation: what the driver mounts below the root has to reach the host.
//!
//! Without `mountPropagation: Bidirectional` every pod is Ready, every claim is Bound, and the
//! data is written to the node's own disk.

use super::registration::{Registration, expand};
use super::views::{MountView, Views};
use super::{Added, Context, Insertion, Spot, Value};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::{AbsPath, depth, find_paths};
use crate::model::{Container, ContainerKind, EnvVar, Mount, Object, Pod};
use crate::words::message;
use crate::yaml::{Document, Node, NodeId, NodeMap, NodeSet, Style};

/// Finds the driver's container and says where it lacks propagation. `at` is document, object and pod.
#[allow(clippy::too_many_arguments, reason = "all that one stage hands to the next")]
pub(super) fn decide(
    doc: &Document,
    uses: &Uses,
    pod: &Pod,
    views: &[Views],
    registration: &Registration,
    context: &Context<'_>,
    at: (usize, usize, usize),
    findings: &mut Vec<Finding>,
) -> Vec<Insertion> {
    if !registration.is_driver_pod() {
        return Vec::new();
    }
    let candidates = candidates(pod, views, registration, context);
    let drivers = match candidates.as_slice() {
        [only] => vec![only],
        several => told_apart(several, registration, context),
    };
    if drivers.is_empty() {
        findings.extend(ambiguous(&candidates, at.0));
    }
    let mends = drivers.into_iter().map(|driver| mend(doc, uses, pod, driver, at, findings));
    mends.flatten().collect()
}

/// Which of several candidates are drivers: each registered socket tells one, if a single one of them
/// reaches it.
fn told_apart<'c, 'a>(
    several: &'c [Candidate<'a>],
    registration: &Registration,
    context: &Context<'_>,
) -> Vec<&'c Candidate<'a>> {
    let mut drivers: Vec<&Candidate<'_>> = Vec::new();
    for (_, path) in registration.paths() {
        let mut reaching = several.iter().filter(|candidate| candidate.reaches(path, context));
        match (reaching.next(), reaching.next()) {
            (Some(driver), None) => drivers.push(driver),
            (None, _) => {}
            (Some(_), Some(_)) => return Vec::new(),
        }
    }
    drivers.sort_by_key(|driver| driver.number);
    drivers.dedup_by_key(|driver| driver.number);
    drivers
}

/// Where propagation is written into a driver's mounts.
fn mend(
    doc: &Document,
    uses: &Uses,
    pod: &Pod,
    driver: &Candidate<'_>,
    at: (usize, usize, usize),
    findings: &mut Vec<Finding>,
) -> Vec<Insertion> {
    let written_like = enum_value_nearby(doc, pod, driver.container);
    let mut insertions = Vec::new();
    for &mount in driver.mounts.iter().filter(|mount| !mount.is_bidirectional()) {
        match place_to_mend(doc, uses, driver.container, mount) {
            Ok(spot) => insertions.push(Insertion {
                doc: at.0,
                object: at.1,
                container: Some((at.2, driver.number)),
                spot,
                value: Value::Scalar("Bidirectional".to_owned()),
                written_like,
                what: Added::Propagation(mount.node),
            }),
            Err(obstacle) if driver.judged(mount) => {
                findings.push(missing(driver, mount, obstacle, at.0));
            }
            Err(_) => {}
        }
    }
    insertions
}

/// The containers that could be the driver. The one that registers it is none, unless no other is.
fn candidates<'a>(
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
    chosen.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Why propagation can't be written into a mount.
#[derive(Clone, Copy)]
enum Obstacle<'a> {
    /// The container isn't privileged.
    Unprivileged,
    /// The mount says something else on purpose.
    Declared(&'a str),
    /// Another container shares the mount by an alias.
    Shared,
    /// The mount is written in a way into which nothing can be inserted.
    Form,
}

/// How often mounts, and what they say of propagation, are used in a document. An alias reaches
/// across its pods and objects.
#[derive(Default)]
pub(super) struct Uses {
    by_node: NodeMap<usize>,
}

impl Uses {
    pub(super) fn of(doc: &Document, objects: &[Object]) -> Self {
        let mut uses = Self::default();
        if !doc.has_aliases() {
            return uses;
        }
        let pods = objects.iter().flat_map(|object| &object.pods);
        let mounts = pods.flat_map(|pod| &pod.containers).flat_map(|container| &container.mounts);
        for mount in mounts {
            let declared = mount.propagation.as_ref().map(|text| text.node);
            for node in [Some(mount.node), declared].into_iter().flatten() {
                *uses.by_node.entry(node).or_default() += 1;
            }
        }
        uses
    }

    fn are_several(&self, mount: &Mount) -> bool {
        let declared = mount.propagation.as_ref().map(|text| text.node);
        let count = |node| self.by_node.get(&node).copied().unwrap_or_default();
        count(mount.node) > 1 || declared.is_some_and(|node| count(node) > 1)
    }
}

/// Where `Bidirectional` is to be written.
fn place_to_mend<'a>(
    doc: &Document,
    uses: &Uses,
    container: &Container,
    mount: &'a Mount,
) -> Result<Spot, Obstacle<'a>> {
    let declared = mount.propagation.as_ref();
    let value = declared.map_or("None", |text| text.value.as_str());
    if !matches!(value, "None" | "" | "null" | "Null" | "NULL" | "~") {
        return Err(Obstacle::Declared(value));
    }
    if !container.privileged {
        return Err(Obstacle::Unprivileged);
    }
    if uses.are_several(mount) {
        return Err(Obstacle::Shared);
    }
    match declared {
        Some(text) if text.value.is_empty() => Err(Obstacle::Form),
        Some(text) => Ok(Spot::Instead(text.node)),
        // It is there and no text, which no API server takes.
        None if doc.get(mount.node, "mountPropagation").is_some() => Err(Obstacle::Form),
        None => {
            let key = "mountPropagation".to_owned();
            let spot = |after| Spot::Key { mapping: mount.node, after, key };
            key_to_follow(doc, mount).map(spot).ok_or(Obstacle::Form)
        }
    }
}

/// The key after whose value another key can be written: mountPath, or else the last one whose
/// value stands on one line.
fn key_to_follow(doc: &Document, mount: &Mount) -> Option<NodeId> {
    let is_word = |node: NodeId| {
        let style = match doc.node(node) {
            Node::Scalar { style, .. } => style,
            Node::Sequence(_) | Node::Mapping(_) => return false,
        };
        !matches!(style, Style::Literal | Style::Folded)
    };
    let own = doc.entry(mount.node, "mountPath").filter(|&(_, value)| is_word(value));
    let last = || {
        let mut entries = doc.entries(mount.node).iter().rev();
        entries.find(|&&(key, value)| is_word(value) && doc.str(key) != Some("<<")).copied()
    };
    own.or_else(last).map(|(key, _)| key)
}

/// A container that could be the driver: regular, no sidecar, with a writable parity mount of
/// the root or of the pods directory.
struct Candidate<'a> {
    /// Its number in the pod.
    number: usize,
    container: &'a Container,
    views: &'a Views,
    /// Its parity mounts whose content the host has to see.
    mounts: Vec<&'a Mount>,
    /// The mounts among them that make it a candidate.
    publishing: NodeSet,
    /// Mounts through helpers on the host: it sees the host's whole filesystem.
    sees_host: bool,
}

impl<'a> Candidate<'a> {
    fn of(
        number: usize,
        container: &'a Container,
        views: &'a Views,
        context: &Context<'_>,
    ) -> Option<Self> {
        if container.kind != ContainerKind::Regular
            || context.knowledge.images().is_sidecar(&container.image)
        {
            return None;
        }
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
            let row = context.knowledge.role(rest);
            let publishes = matches!(row.role, Role::Root | Role::Pods);
            // `pods`, `plugins/kubernetes.io/csi`: what is deeper is one pod's or one volume's.
            if !row.parity || depth(rest) > if publishes { 1 } else { 3 } {
                continue;
            }
            if publishes {
                publishing.insert(mount.node);
            }
            mounts.push(mount);
        }
        if publishing.is_empty() {
            return None;
        }
        // The host's own `/` is a way out only where what is mounted in it propagates.
        let is_way_out = |view: &MountView| {
            let mount = container.mounts.get(view.index);
            view.host.as_ref().is_some_and(|host| {
                context.knowledge.settings().is_way_out(host.as_str())
                    && (host.depth() > 0 || mount.is_some_and(Mount::is_bidirectional))
            })
        };
        let sees_host = views.iter().any(is_way_out);
        Some(Self { number, container, views, mounts, publishing, sees_host })
    }

    /// Whether an argument or a variable of the container names a socket that is registered.
    fn reaches(&self, registered: &AbsPath, context: &Context<'_>) -> bool {
        let values = self.container.env.iter().filter_map(EnvVar::known_value);
        let lines = self.container.command_line.iter().map(|line| line.text.value.as_str());
        let texts = values.chain(lines).map(|text| expand(self.container, text));
        texts.flat_map(|text| find_paths(&text)).any(|(_, path)| {
            let on_host = self.host_after(&path, context);
            // Half-moved input: the registrar's path may lie below another root than the volume.
            on_host.is_some_and(|path| *registered == path || same_tail(registered, &path))
        })
    }

    /// What a path of the container, or its moved form, will name on the host.
    ///
    /// Where it leads now says nothing in half-moved input, where its mount may have moved alone.
    fn host_after(&self, path: &AbsPath, context: &Context<'_>) -> Option<AbsPath> {
        let moved = context.roots.locate(path).map(|(_, rest)| context.to().join(rest));
        [Some(path.clone()), moved].into_iter().flatten().find_map(|path| {
            let view = self.views.resolve_after(&path)?;
            Some(view.new_host.as_ref()?.join(path.below(&view.new_target)?))
        })
    }

    /// Whether a lack of propagation in this mount loses what the driver publishes.
    fn judged(&self, mount: &Mount) -> bool {
        self.publishing.contains(&mount.node)
    }
}

/// Whether two sockets below different roots are the same driver's: `plugins/<driver>/<socket>`.
fn same_tail(left: &AbsPath, right: &AbsPath) -> bool {
    let tail = |path| AbsPath::components(path).rev().take(3);
    left.depth() >= 3 && tail(left).eq(tail(right))
}

/// A scalar whose quotes show how this container's author writes such values: another
/// mount's propagation, else the container's own pull policy, else nothing.
fn enum_value_nearby(doc: &Document, pod: &Pod, container: &Container) -> Option<NodeId> {
    let own = container.mounts.iter();
    let all = pod.containers.iter().flat_map(|container| &container.mounts);
    own.chain(all).find_map(|mount| mount.propagation.as_ref().map(|text| text.node)).or_else(
        || {
            ["imagePullPolicy", "terminationMessagePolicy"]
                .iter()
                .find_map(|key| doc.get(container.node, key))
        },
    )
}

fn missing(driver: &Candidate<'_>, mount: &Mount, obstacle: Obstacle<'_>, doc: usize) -> Finding {
    let path = mount.path.as_ref().map_or("", |path| path.value.as_str());
    let (obstacle, declared) = match obstacle {
        Obstacle::Declared(value) => ("declared", value),
        Obstacle::Unprivileged => ("unprivileged", ""),
        Obstacle::Shared => ("shared", ""),
        Obstacle::Form => ("form", ""),
    };
    let (severity, unless) =
        if driver.sees_host { (Severity::Warning, "host") } else { (Severity::Error, "nothing") };
    Finding {
        rule: Rule::PropagationMissing,
        severity,
        places: vec![Place { doc, node: mount.node, range: None }],
        message: message!(
            "propagation-missing-unmended",
            mount = path,
            obstacle = obstacle,
            declared = declared,
            container = &driver.container.name,
            unless = unless,
        ),
    }
}

fn ambiguous(candidates: &[Candidate<'_>], doc: usize) -> Option<Finding> {
    let lacking: Vec<&Candidate<'_>> = candidates
        .iter()
        .filter(|candidate| {
            candidate
                .mounts
                .iter()
                .any(|mount| candidate.judged(mount) && !mount.is_bidirectional())
        })
        .collect();
    let first = lacking.first()?;
    let names: Vec<String> =
        lacking.iter().map(|candidate| format!("`{}`", candidate.container.name)).collect();
    Some(Finding {
        rule: Rule::PropagationAmbiguous,
        severity: Severity::Warning,
        places: first
            .mounts
            .iter()
            .find(|mount| first.judged(mount))
            .map(|mount| Place { doc, node: mount.node, range: None })
            .into_iter()
            .collect(),
        message: message!(
            "propagation-ambiguous",
            containers = names.join(", "),
            count = names.len(),
        ),
    })
}
