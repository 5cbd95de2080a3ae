//! Comparing documents: whether one is the other with the planned changes and nothing else.

use super::Change;
use crate::yaml::{Document, Node, NodeId};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Whether `new` is `old` with exactly these changes.
pub(crate) fn changed_as_planned(old: &Document, new: &Document, changes: &[Change]) -> bool {
    let mut comparison = Comparison::new(old, new, changes);
    match (old.root(), new.root()) {
        (Some(left), Some(right)) => {
            comparison.same(left, right) && comparison.has_seen_every_change()
        }
        (None, None) => changes.is_empty(),
        _ => false,
    }
}

/// Two documents side by side, with the changes found by the node they hang on.
struct Comparison<'a> {
    old: &'a Document,
    new: &'a Document,
    /// By scalar: bytes of its value and their new text, in order.
    replaced: HashMap<NodeId, Vec<(&'a Range<usize>, &'a str)>>,
    /// By the key they follow: the inserted key and its value.
    inserted: HashMap<NodeId, (&'a str, &'a str)>,
    /// The scalars and keys among them that were met.
    met: HashSet<NodeId>,
}

impl<'a> Comparison<'a> {
    fn new(old: &'a Document, new: &'a Document, changes: &'a [Change]) -> Self {
        let mut replaced: HashMap<NodeId, Vec<_>> = HashMap::new();
        let mut inserted = HashMap::new();
        for change in changes {
            match change {
                Change::Replace { node, range, text } => {
                    replaced.entry(*node).or_default().push((range, text.as_str()));
                }
                Change::Insert { after, key, value, .. } => {
                    inserted.insert(*after, (*key, *value));
                }
            }
        }
        for replacements in replaced.values_mut() {
            replacements.sort_by_key(|(range, _)| range.start);
        }
        Self { old, new, replaced, inserted, met: HashSet::new() }
    }

    fn has_seen_every_change(&self) -> bool {
        self.replaced.keys().chain(self.inserted.keys()).all(|node| self.met.contains(node))
    }

    fn same(&mut self, left: NodeId, right: NodeId) -> bool {
        let left = self.old.resolve(left);
        match (self.old.node(left), self.new.node(right)) {
            (Node::Scalar { value, style }, Node::Scalar { value: found, style: found_style }) => {
                style == found_style && self.is_expected(left, value, found)
            }
            (Node::Sequence(items), Node::Sequence(found)) => {
                items.len() == found.len()
                    && items.iter().zip(found).all(|(&left, &right)| self.same(left, right))
            }
            (Node::Mapping(entries), Node::Mapping(found)) => {
                let mut found = found.iter();
                for &(key, value) in entries {
                    let Some(&(new_key, new_value)) = found.next() else { return false };
                    if !self.same(key, new_key) || !self.same(value, new_value) {
                        return false;
                    }
                    let Some(&(inserted, value)) = self.inserted.get(&key) else { continue };
                    let Some(&(new_key, new_value)) = found.next() else { return false };
                    if self.new.str(new_key) != Some(inserted)
                        || self.new.str(new_value) != Some(value)
                    {
                        return false;
                    }
                    self.met.insert(key);
                }
                found.next().is_none()
            }
            _ => false,
        }
    }

    fn is_expected(&mut self, node: NodeId, value: &str, found: &str) -> bool {
        let Some(replacements) = self.replaced.get(&node) else { return value == found };
        self.met.insert(node);
        with_replacements(value, replacements).as_deref() == Some(found)
    }
}

/// The value a scalar has to have; `None` when its changes contradict each other.
fn with_replacements(value: &str, replacements: &[(&Range<usize>, &str)]) -> Option<String> {
    let mut out = String::with_capacity(value.len());
    let mut at = 0;
    for (range, text) in replacements {
        out.push_str(value.get(at..range.start)?);
        out.push_str(text);
        at = range.end;
    }
    out.push_str(value.get(at..)?);
    Some(out)
}
