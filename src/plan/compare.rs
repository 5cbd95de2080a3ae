//! Comparing documents: whether one is the other with the planned changes and nothing else.

use super::Change;
use crate::decide::{Spot, Value};
use crate::yaml::{Document, Node, NodeId, NodeMap, NodeSet};
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
    replaced: NodeMap<Vec<(&'a Range<usize>, &'a str)>>,
    /// By the key they follow: the inserted keys and their values.
    keys: NodeMap<Vec<(&'a str, &'a Value)>>,
    /// By the item they follow: the inserted items.
    items: NodeMap<Vec<&'a Value>>,
    /// By what says nothing: what stands in its place.
    filled: NodeMap<&'a Value>,
    /// The scalars and keys among them that were met.
    met: NodeSet,
}

impl<'a> Comparison<'a> {
    fn new(old: &'a Document, new: &'a Document, changes: &'a [Change]) -> Self {
        let mut replaced: NodeMap<Vec<_>> = NodeMap::default();
        let mut keys: NodeMap<Vec<_>> = NodeMap::default();
        let mut items: NodeMap<Vec<_>> = NodeMap::default();
        let mut filled = NodeMap::default();
        for change in changes {
            match change {
                Change::Replace { node, range, text } => {
                    replaced.entry(*node).or_default().push((range, text.as_str()));
                }
                Change::Insert { spot: Spot::Key { after, key, .. }, value, .. } => {
                    keys.entry(*after).or_default().push((key.as_str(), value));
                }
                Change::Insert { spot: Spot::Item { after, .. }, value, .. } => {
                    items.entry(*after).or_default().push(value);
                }
                Change::Insert { spot: Spot::Instead(node), value, .. } => {
                    filled.insert(*node, value);
                }
            }
        }
        for replacements in replaced.values_mut() {
            replacements.sort_by_key(|(range, _)| range.start);
        }
        Self { old, new, replaced, keys, items, filled, met: NodeSet::default() }
    }

    fn has_seen_every_change(&self) -> bool {
        let inserted = self.keys.keys().chain(self.items.keys()).chain(self.filled.keys());
        self.replaced.keys().chain(inserted).all(|node| self.met.contains(node))
    }

    fn same(&mut self, left: NodeId, right: NodeId) -> bool {
        let left = self.old.resolve(left);
        if let Some(value) = self.filled.get(&left) {
            self.met.insert(left);
            return self.is_written(right, value);
        }
        match (self.old.node(left), self.new.node(right)) {
            (Node::Scalar { value, style }, Node::Scalar { value: found, style: found_style }) => {
                style == found_style && self.is_expected(left, value, found)
            }
            (Node::Sequence(items), Node::Sequence(found)) => {
                let mut found = found.iter();
                for &item in items {
                    if !found.next().is_some_and(|&new| self.same(item, new)) {
                        return false;
                    }
                    let Some(inserted) = self.items.get(&item) else { continue };
                    let mut values = inserted.iter();
                    if !values
                        .all(|value| found.next().is_some_and(|&new| self.is_written(new, value)))
                    {
                        return false;
                    }
                    self.met.insert(item);
                }
                found.next().is_none()
            }
            (Node::Mapping(entries), Node::Mapping(found)) => {
                let mut found = found.iter();
                for &(key, value) in entries {
                    let Some(&(new_key, new_value)) = found.next() else { return false };
                    if !self.same(key, new_key) || !self.same(value, new_value) {
                        return false;
                    }
                    let Some(inserted) = self.keys.get(&key) else { continue };
                    let is_next = |(key, value): &(&str, &Value)| {
                        found.next().is_some_and(|&(new_key, new)| {
                            self.new.str(new_key) == Some(*key) && self.is_written(new, value)
                        })
                    };
                    if !inserted.iter().all(is_next) {
                        return false;
                    }
                    self.met.insert(key);
                }
                found.next().is_none()
            }
            _ => false,
        }
    }

    /// Whether a node of the output is this value and nothing else.
    fn is_written(&self, node: NodeId, value: &Value) -> bool {
        if self.new.is_alias(node) {
            return false;
        }
        match (value, self.new.node(node)) {
            (Value::Scalar(text), Node::Scalar { value, .. }) => text == value,
            (Value::List(values), Node::Sequence(items)) => {
                values.len() == items.len()
                    && values.iter().zip(items).all(|(value, &item)| self.is_written(item, value))
            }
            (Value::Mapping(pairs), Node::Mapping(entries)) => {
                pairs.len() == entries.len()
                    && pairs.iter().zip(entries).all(|((key, value), &(own, written))| {
                        self.new.str(own) == Some(key) && self.is_written(written, value)
                    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::yaml::parse;

    const OLD: &str = "a: xyz\nb: [1, 2]\nc:\n";

    fn read(text: &str) -> Document {
        parse(text, Span::new(0, text.len())).unwrap().into_iter().next().unwrap()
    }

    fn key(doc: &Document, name: &str) -> (NodeId, NodeId) {
        doc.entry(doc.root().unwrap(), name).unwrap()
    }

    fn replace(doc: &Document, range: Range<usize>, text: &str) -> Change {
        Change::Replace { node: key(doc, "a").1, range, text: text.to_owned() }
    }

    fn insert(spot: Spot, value: &Value) -> Change {
        Change::Insert { spot, value: value.clone(), written_like: None }
    }

    fn word(text: &str) -> Value {
        Value::Scalar(text.to_owned())
    }

    /// Whether exactly the first of these texts is [`OLD`] with the changes.
    #[track_caller]
    fn only_the_first(changes: impl Fn(&Document) -> Vec<Change>, texts: &[&str]) {
        let old = read(OLD);
        for (number, text) in texts.iter().enumerate() {
            let is_right = changed_as_planned(&old, &read(text), &changes(&old));
            assert_eq!(is_right, number == 0, "{text}");
        }
    }

    #[test]
    fn nothing_but_the_replaced_part_may_differ() {
        let parts = |doc: &Document| vec![replace(doc, 2..3, "w"), replace(doc, 0..1, "v")];
        only_the_first(
            parts,
            &[
                "a: vyw\nb: [1, 2]\nc:\n",
                OLD,
                "a: vyz\nb: [1, 2]\nc:\n",
                "a: vyw\nb: [1, 3]\nc:\n",
                "a: vyw\nb: [1]\nc:\n",
                "a: vyw\nb: [1, 2, 3]\nc:\n",
                "a: vyw\nb: [1, 2]\n",
                "a: vyw\nb: [1, 2]\nc:\nd:\n",
                "a: vyw\nb: [1, 2]\ne:\n",
                "a: 'vyw'\nb: [1, 2]\nc:\n",
                "a: vyw\nb: {1: 2}\nc:\n",
            ],
        );
    }

    #[test]
    fn a_key_stands_where_it_was_planned() {
        let value = Value::Mapping(vec![("m".to_owned(), Value::List(vec![word("1"), word("2")]))]);
        let changes = |doc: &Document| {
            let (mapping, after, key) = (doc.root().unwrap(), key(doc, "b").0, "k".to_owned());
            vec![insert(Spot::Key { mapping, after, key }, &value)]
        };
        only_the_first(
            changes,
            &[
                "a: xyz\nb: [1, 2]\nk: {m: [1, 2]}\nc:\n",
                OLD,
                "a: xyz\nb: [1, 2]\nc:\nk: {m: [1, 2]}\n",
                "a: xyz\nb: [1, 2]\nl: {m: [1, 2]}\nc:\n",
                "a: xyz\nb: [1, 2]\nk: {m: [1, 3]}\nc:\n",
                "a: xyz\nb: [1, 2]\nk: {m: [1, 2, 3]}\nc:\n",
                "a: xyz\nb: [1, 2]\nk: {n: [1, 2]}\nc:\n",
                "a: xyz\nb: [1, 2]\nk: {m: [1, 2], n: 3}\nc:\n",
                "a: xyz\nb: [1, 2]\nk: m\nc:\n",
                "a: xyz\nb: &b [1, 2]\nk: {m: *b}\nc:\n",
            ],
        );
    }

    #[test]
    fn an_item_stands_where_it_was_planned() {
        let changes = |doc: &Document| {
            let list = key(doc, "b").1;
            let after = *doc.items(list).first().unwrap();
            vec![insert(Spot::Item { list, after }, &word("n"))]
        };
        only_the_first(
            changes,
            &[
                "a: xyz\nb: [1, n, 2]\nc:\n",
                OLD,
                "a: xyz\nb: [1, 2, n]\nc:\n",
                "a: xyz\nb: [1, m, 2]\nc:\n",
                "a: xyz\nb: [1, n]\nc:\n",
            ],
        );
    }

    #[test]
    fn what_says_nothing_is_filled_as_planned() {
        let changes = |doc: &Document| vec![insert(Spot::Instead(key(doc, "c").1), &word("v"))];
        only_the_first(changes, &["a: xyz\nb: [1, 2]\nc: v\n", OLD, "a: xyz\nb: [1, 2]\nc: w\n"]);
    }

    #[test]
    fn a_change_of_nothing_that_is_there_is_missed() {
        let old = read(OLD);
        let list = key(&old, "b").1;
        let item = insert(Spot::Item { list, after: list }, &word("n"));
        let text = Change::Replace { node: list, range: 0..1, text: "n".to_owned() };
        for change in [item, text] {
            assert!(!changed_as_planned(&old, &old, &[change]));
        }
    }

    #[test]
    fn an_empty_document_stays_empty() {
        let (empty, full) = (read("---\n# nothing\n"), read(OLD));
        assert!(empty.root().is_none(), "as the parser reads it");
        assert!(changed_as_planned(&empty, &empty, &[]));
        assert!(!changed_as_planned(&empty, &full, &[]));
        assert!(!changed_as_planned(&full, &empty, &[]));
        assert!(!changed_as_planned(&empty, &empty, &[replace(&full, 0..1, "v")]));
    }
}
