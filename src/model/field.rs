//! Fields of objects by the keys that lead to them: `spec.driver.common.envs[NAME]`.

use super::Object;
use crate::yaml::{Document, Node, NodeId};
use std::collections::HashMap;

/// One step on the way to a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// The value of a key.
    Key(&'a str),
    /// The value of the item that has this name.
    Named(&'a str),
}

/// The steps of a field: keys with dots between them; `key[X]` is the item with `name: X` of a
/// list, whose `value` it is.
pub(crate) fn steps(field: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for key in field.split('.') {
        match key.strip_suffix(']').and_then(|key| key.split_once('[')) {
            Some((list, name)) => steps.extend([Step::Key(list), Step::Named(name)]),
            None => steps.push(Step::Key(key)),
        }
    }
    steps
}

impl Step<'_> {
    /// Where the step leads.
    pub(crate) fn from(self, doc: &Document, node: NodeId) -> Option<NodeId> {
        match self {
            Self::Key(key) => doc.get(node, key),
            Self::Named(name) => doc.get(item_named(doc, node, name)?, "value"),
        }
    }
}

/// The item of a list that has this name; the last one counts.
pub(crate) fn item_named(doc: &Document, list: NodeId, name: &str) -> Option<NodeId> {
    let mut items = doc.items(list).iter().rev();
    let is_it = |item: &&NodeId| doc.get(**item, "name").and_then(|own| doc.str(own)) == Some(name);
    items.find(is_it).map(|item| doc.resolve(*item))
}

/// The node of a field below another one; a null is one.
pub(crate) fn below(doc: &Document, node: NodeId, field: &str) -> Option<NodeId> {
    steps(field).into_iter().try_fold(node, |node, step| step.from(doc, node))
}

impl Object {
    /// The node of a field; a null is one.
    pub(crate) fn at(&self, doc: &Document, field: &str) -> Option<NodeId> {
        below(doc, self.node, field)
    }
}

/// Every scalar below a mapping, with the keys that lead to it and dots between them, as Helm names a value;
/// an item of a list can't be set without the others.
pub(crate) fn leaves(doc: &Document, mapping: NodeId, found: &mut impl FnMut(String, NodeId)) {
    fn visit(doc: &Document, node: NodeId, key: &str, found: &mut impl FnMut(String, NodeId)) {
        match doc.node(node) {
            Node::Scalar { .. } => found(key.to_owned(), node),
            Node::Sequence(_) => {}
            Node::Mapping(entries) => {
                for &(name, value) in entries {
                    let name = doc.str(name).unwrap_or_default().replace('.', "\\.");
                    let dot = if key.is_empty() { "" } else { "." };
                    visit(doc, value, &format!("{key}{dot}{name}"), found);
                }
            }
        }
    }
    visit(doc, mapping, "", found);
}

/// The entries of a mapping that count, with their keys: of equal ones the last.
pub(crate) fn last_entries(doc: &Document, mapping: NodeId) -> Vec<(&str, NodeId)> {
    let entries = || {
        let entries = doc.entries(mapping).iter();
        entries.filter_map(|&(key, value)| Some((doc.str(key)?, value)))
    };
    let last: HashMap<&str, NodeId> = entries().collect();
    entries().filter(|(key, value)| last.get(key) == Some(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::yaml::parse;

    #[test]
    fn of_items_with_one_name_the_last_counts() {
        let text =
            "own:\n- {name: a, value: x}\n- &b {name: b, value: y}\n- {name: a, value: z}\n- *b\n";
        let docs = parse(text, Span::new(0, text.len())).unwrap();
        let doc = docs.first().unwrap();
        let root = doc.root().unwrap();
        let value = |field: &str| below(doc, root, field).and_then(|node| doc.str(node));
        assert_eq!(
            (value("own[a]"), value("own[b]"), value("own[c]")),
            (Some("z"), Some("y"), None)
        );
        let list = below(doc, root, "own").unwrap();
        assert_eq!(
            item_named(doc, list, "b"),
            doc.items(list).get(1).copied(),
            "where it's written"
        );
    }
}
