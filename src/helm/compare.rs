//! What a value of a chart moves, held against what a rewrite would move.

use super::comparison::{Comparison, Strayed};
use crate::decide::Reason;
use crate::error::{RelocateError, Unreadable};
use crate::knowledge::Knowledge;
use crate::kubepath::Root;
use crate::model::ObjectRef;
use crate::relocate::{Options, Relocation, relocate};
use crate::source::Source;
use crate::stream::parse_part;
use crate::yaml::{Document, Node, NodeId, chunks};
use std::collections::{HashMap, HashSet};

/// Compares what a chart renders without a value with what it renders with it, for a root.
///
/// # Errors
/// When what was rendered is no YAML, or the root can't be used.
pub fn compare(
    plain: &str,
    set: &str,
    root: &Root,
    from: &Root,
    knowledge: &Knowledge,
) -> Result<Comparison, RelocateError> {
    let source = Source::new("helm template", plain);
    let options = Options {
        to: root.clone(),
        from: vec![from.clone()],
        auto: false,
        windows: None,
        // Every document has to be there on both sides.
        strict: true,
    };
    let relocation = relocate(std::slice::from_ref(&source), &options, knowledge)?;
    let rewritten = relocation.rewritten.first();
    let expected = read(rewritten.map_or(plain, |rewritten| rewritten.text(&source)))?;
    let found = read(set)?;
    let mut counterparts: HashMap<ObjectRef, (&Document, NodeId)> = HashMap::new();
    for found in &found {
        let Some(root) = found.root() else { continue };
        counterparts.entry(ObjectRef::read(found, root)).or_insert((found, root));
    }
    let mut staying = staying(&relocation);
    let mut comparison =
        Comparison { has_effect: set.contains(&root.to_string()), ..Comparison::default() };
    for (index, (doc, expected)) in relocation.documents().iter().zip(&expected).enumerate() {
        let (Some(left), Some(right)) = (doc.root(), expected.root()) else { continue };
        let object = ObjectRef::read(doc, left);
        let counterpart = counterparts.get(&object).copied();
        let stays = staying.remove(&index).unwrap_or_default();
        let mut walk = Walk { doc, expected, stays: &stays, object: &object, out: &mut comparison };
        walk.values(left, right, counterpart, String::new());
    }
    Ok(comparison)
}

/// The documents of a text.
fn read(text: &str) -> Result<Vec<Document>, RelocateError> {
    let mut docs = Vec::new();
    for span in chunks(text) {
        let more = parse_part(text, span);
        docs.append(&mut more.map_err(|problem: Unreadable| vec![(0, problem)])?);
    }
    Ok(docs)
}

/// The scalars of each document that must not follow the root, because programs and the kubelet have them at a
/// constant place. What stays for other reasons does no harm where it moves.
fn staying(relocation: &Relocation) -> HashMap<usize, HashSet<NodeId>> {
    let mut staying: HashMap<usize, HashSet<NodeId>> = HashMap::new();
    for (site, decision) in relocation.analysis.decided() {
        let is_constant = matches!(decision.reason, Reason::RoleStays(_) | Reason::PrivateView(_));
        if is_constant && !decision.action.edits() {
            staying.entry(site.doc).or_default().insert(site.node);
        }
    }
    staying
}

/// A node of what was rendered with the value.
type Counterpart<'a> = Option<(&'a Document, NodeId)>;

struct Walk<'a> {
    doc: &'a Document,
    expected: &'a Document,
    stays: &'a HashSet<NodeId>,
    object: &'a ObjectRef,
    out: &'a mut Comparison,
}

impl Walk<'_> {
    fn values(&mut self, left: NodeId, right: NodeId, found: Counterpart<'_>, field: String) {
        let left = self.doc.resolve(left);
        match self.doc.node(left) {
            Node::Scalar { value, .. } => {
                let expected = self.expected.str(right).unwrap_or_default();
                let found = found.and_then(|(doc, node)| doc.str(node));
                self.scalars((value, expected), found, self.stays.contains(&left), field);
            }
            Node::Sequence(items) => {
                let others = self.expected.items(right);
                for (index, (&left, &right)) in items.iter().zip(others).enumerate() {
                    let name = name(self.doc, left);
                    let found =
                        found.and_then(|(doc, list)| item(doc, list, items.len(), index, name));
                    let step = name.map_or_else(|| index.to_string(), str::to_owned);
                    self.values(left, right, found, format!("{field}[{step}]"));
                }
            }
            Node::Mapping(entries) => {
                for &(key, left) in entries {
                    let Some(key) = self.doc.str(key) else { continue };
                    let Some(right) = self.expected.get(right, key) else { continue };
                    let found = found.and_then(|(doc, node)| Some((doc, doc.get(node, key)?)));
                    let dot = if field.is_empty() { "" } else { "." };
                    self.values(left, right, found, format!("{field}{dot}{key}"));
                }
            }
        }
    }

    fn scalars(
        &mut self,
        (was, expected): (&str, &str),
        found: Option<&str>,
        stays: bool,
        field: String,
    ) {
        let is_moved = was != expected;
        if !is_moved && !stays {
            return;
        }
        let strayed = |was: &str| Strayed {
            object: self.object.clone(),
            field,
            expected: differing(expected, was).to_owned(),
            found: found.map(|found| differing(found, expected).to_owned()),
        };
        match found {
            Some(found) if plain(found) == plain(expected) => {
                self.out.moved += usize::from(is_moved);
            }
            _ if is_moved => self.out.missed.push(strayed(was)),
            // Without the field there is nothing that could be at the wrong place.
            None => {}
            Some(found) => self.out.dragged.push(strayed(found)),
        }
    }
}

/// A path is the same with two slashes for one, or with one at its end.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !matches!(c, '\r')) {
        if c != '/' || !plain.ends_with('/') {
            plain.push(c);
        }
    }
    plain.trim_end_matches(['/', '\n']).to_owned()
}

/// The first line of a text that another one doesn't have.
fn differing<'t>(text: &'t str, other: &str) -> &'t str {
    let mut lines = text.lines();
    lines.find(|line| !other.lines().any(|other| other == *line)).unwrap_or(text).trim()
}

/// What an item of a list is called.
fn name(doc: &Document, item: NodeId) -> Option<&str> {
    doc.get(item, "name").and_then(|name| doc.str(name))
}

/// The same item in another list: at the same place, or by its name when some came or went.
fn item<'d>(
    doc: &'d Document,
    list: NodeId,
    len: usize,
    index: usize,
    wanted: Option<&str>,
) -> Counterpart<'d> {
    let items = doc.items(list);
    let by_name = || items.iter().find(|&&item| wanted.is_some() && name(doc, item) == wanted);
    let found = if items.len() == len { items.get(index) } else { by_name() };
    found.map(|&found| (doc, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "\
kind: Pod
metadata: {name: x}
spec:
  containers:
    - name: driver
      args: [--log, --root=/var/lib/kubelet]
      volumeMounts:
        - {name: pods, mountPath: /var/lib/kubelet/pods, mountPropagation: Bidirectional}
        - {name: devices, mountPath: /var/lib/kubelet/device-plugins}
  volumes:
    - {name: pods, hostPath: {path: /var/lib/kubelet/pods}}
    - {name: devices, hostPath: {path: /var/lib/kubelet/device-plugins}}
";

    fn compared(set: &str) -> Comparison {
        let (root, from) =
            (Root::parse("/odd/k").unwrap(), Root::parse("/var/lib/kubelet").unwrap());
        compare(POD, set, &root, &from, &Knowledge::builtin().unwrap()).unwrap()
    }

    fn fields(strayed: &[Strayed]) -> Vec<&str> {
        strayed.iter().map(|strayed| strayed.field.as_str()).collect()
    }

    #[test]
    fn what_moves_as_a_rewrite_would_is_right() {
        let right = POD.replace("/var/lib/kubelet", "/odd/k");
        let right = right.replace("/odd/k/device", "/var/lib/kubelet/device");
        let comparison = compared(&right.replace("/odd/k/pods", "/odd/k//pods/"));
        assert_eq!((comparison.moved, comparison.has_effect), (3, true));
        assert_eq!((comparison.missed.len(), comparison.dragged.len()), (0, 0));
        // A list with one more item.
        let more = right.replace("  volumes:\n", "  volumes:\n    - {name: tmp, emptyDir: {}}\n");
        assert!(compared(&more).missed.is_empty());
    }

    #[test]
    fn what_is_missed_and_what_is_dragged_along_is_told() {
        let comparison =
            compared(&POD.replace("hostPath: {path: /var/lib/kubelet", "hostPath: {path: /odd/k"));
        assert_eq!(comparison.moved, 1);
        let missed = [
            "spec.containers[driver].args[1]",
            "spec.containers[driver].volumeMounts[pods].mountPath",
        ];
        assert_eq!(fields(&comparison.missed), missed);
        assert_eq!(fields(&comparison.dragged), ["spec.volumes[devices].hostPath.path"]);
        let nothing = compared(POD);
        assert_eq!((nothing.moved, nothing.missed.len(), nothing.has_effect), (0, 3, false));
        // A place that is neither the old one nor the right one.
        let wrong = compared(&POD.replace("/var/lib/kubelet/pods}", "/odd/kpods}"));
        assert_eq!(wrong.missed.last().unwrap().found.as_deref(), Some("/odd/kpods"));
        assert!(compared("").missed.iter().all(|missed| missed.found.is_none()));
    }
}
