//! Propagation: what the driver mounts below the root has to reach the host.
//!
//! Without `mountPropagation: Bidirectional` every pod is Ready, every claim is Bound, and the
//! data is written to the node's own disk.

use super::candidates::{Candidate, candidates, told_apart};
use super::registration::Registration;
use super::views::Views;
use super::{Added, Context, Insertion, Spot, Value};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::model::{Container, Mount, Object, Pod, is_null};
use crate::words::message;
use crate::yaml::{Document, Node, NodeId, NodeMap, Style};
use std::cell::OnceCell;

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
    // Of a single driver's pod, one that does it right is the driver; the others only look.
    let is_known =
        registration.paths().nth(1).is_none() && candidates.iter().any(Candidate::shares);
    if drivers.is_empty() && !is_known {
        findings.extend(ambiguous(&candidates, at.0));
    }
    let in_pod = OnceCell::new();
    let nearby = |container: &Container| {
        let of_pod = || first_propagation(pod.containers.iter().flat_map(|it| &it.mounts));
        enum_value_nearby(doc, container, || *in_pod.get_or_init(of_pod))
    };
    let mends = drivers
        .into_iter()
        .map(|driver| mend(doc, uses, nearby(driver.container), driver, at, findings));
    mends.flatten().collect()
}

/// Where propagation is written into a driver's mounts, quoted like another value.
fn mend(
    doc: &Document,
    uses: &Uses,
    written_like: Option<NodeId>,
    driver: &Candidate<'_>,
    at: (usize, usize, usize),
    findings: &mut Vec<Finding>,
) -> Vec<Insertion> {
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
                within: None,
            }),
            Err(obstacle) if driver.judged(mount) => {
                findings.push(missing(driver, mount, obstacle, at.0));
            }
            Err(_) => {}
        }
    }
    insertions
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
            let itself = [Some(mount.node), declared].into_iter().flatten();
            for node in itself.chain(merged(doc, mount.node)) {
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

/// The mappings whose keys a mapping has by `<<`.
fn merged(doc: &Document, mapping: NodeId) -> Vec<NodeId> {
    let merges = doc.entries(mapping).iter().filter(|&&(key, _)| doc.str(key) == Some("<<"));
    let values = merges.map(|&(_, value)| doc.resolve(value));
    let each = values.flat_map(|value| match doc.node(value) {
        Node::Sequence(items) => items.iter().map(|&item| doc.resolve(item)).collect(),
        Node::Mapping(_) | Node::Scalar { .. } => vec![value],
    });
    each.collect()
}

/// Where `Bidirectional` is to be written.
fn place_to_mend<'a>(
    doc: &Document,
    uses: &Uses,
    container: &Container,
    mount: &'a Mount,
) -> Result<Spot, Obstacle<'a>> {
    let declared = mount.propagation.as_ref();
    if let Some(text) = declared
        && !matches!(text.value.as_str(), "None" | "")
        && !is_null(doc, text.node)
    {
        return Err(Obstacle::Declared(&text.value));
    }
    if !container.privileged {
        return Err(Obstacle::Unprivileged);
    }
    if uses.are_several(mount) {
        return Err(Obstacle::Shared);
    }
    match declared {
        Some(text) if can_be_filled(doc, text.node) => Ok(Spot::Instead(text.node)),
        Some(_) => Err(Obstacle::Form),
        // It is there and no text, which no API server takes.
        None if doc.get(mount.node, "mountPropagation").is_some() => Err(Obstacle::Form),
        None => {
            let key = "mountPropagation".to_owned();
            let spot = |after| Spot::Key { mapping: mount.node, after, key };
            key_to_follow(doc, mount).map(spot).ok_or(Obstacle::Form)
        }
    }
}

/// Whether another value can be written in place of a scalar: it is written itself, or nothing but
/// its key and a colon is, without an anchor or a tag.
fn can_be_filled(doc: &Document, node: NodeId) -> bool {
    if let Node::Scalar { value: "", style: Style::Literal | Style::Folded } = doc.node(node) {
        return false;
    }
    let span = doc.span(node);
    !span.is_empty() || doc.key(node).is_some_and(|key| doc.span(key).end + 1 == span.start)
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

/// A scalar whose quotes show how this container's author writes such values: another
/// mount's propagation, `in_pod` in the last resort, else the container's own pull policy, else nothing.
fn enum_value_nearby(
    doc: &Document,
    container: &Container,
    in_pod: impl Fn() -> Option<NodeId>,
) -> Option<NodeId> {
    let policy = || {
        let keys = ["imagePullPolicy", "terminationMessagePolicy"];
        keys.iter().find_map(|key| doc.get(container.node, key))
    };
    first_propagation(&container.mounts).or_else(in_pod).or_else(policy)
}

fn first_propagation<'m>(mounts: impl IntoIterator<Item = &'m Mount>) -> Option<NodeId> {
    mounts.into_iter().find_map(|mount| mount.propagation.as_ref().map(|text| text.node))
}

/// What is said of propagation that is missing in a mount and can't be written there after all.
pub(crate) fn left(insertion: &Insertion, objects: &[Vec<Object>]) -> Option<Finding> {
    let Added::Propagation(node) = insertion.what else { return None };
    let (pod, number) = insertion.container?;
    let pod = objects.get(insertion.doc)?.get(insertion.object)?.pods.get(pod)?;
    let container = pod.containers.get(number)?;
    let mount = container.mounts.iter().find(|mount| mount.node == node)?;
    let (obstacle, unless) = (Obstacle::Form, (Severity::Error, "nothing"));
    Some(unmended(container, mount, obstacle, unless, insertion.doc))
}

fn missing(driver: &Candidate<'_>, mount: &Mount, obstacle: Obstacle<'_>, doc: usize) -> Finding {
    let unless =
        if driver.sees_host { (Severity::Warning, "host") } else { (Severity::Error, "nothing") };
    unmended(driver.container, mount, obstacle, unless, doc)
}

fn unmended(
    container: &Container,
    mount: &Mount,
    obstacle: Obstacle<'_>,
    (severity, unless): (Severity, &str),
    doc: usize,
) -> Finding {
    let path = mount.path.as_ref().map_or("", |path| path.value.as_str());
    let (obstacle, declared) = match obstacle {
        Obstacle::Declared(value) => ("declared", value),
        Obstacle::Unprivileged => ("unprivileged", ""),
        Obstacle::Shared => ("shared", ""),
        Obstacle::Form => ("form", ""),
    };
    Finding {
        rule: Rule::PropagationMissing,
        severity,
        places: vec![Place { doc, node: mount.node, range: None }],
        message: message!(
            "propagation-missing-unmended",
            mount = path,
            obstacle = obstacle,
            declared = declared,
            container = &container.name,
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
            .find(|mount| first.judged(mount) && !mount.is_bidirectional())
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
