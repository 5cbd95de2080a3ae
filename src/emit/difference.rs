//! What has changed in an object, as the operations of a JSON patch (RFC 6902).

use crate::decide::Value;
use crate::error::Fault;
use crate::model::is_null;
use crate::yaml::{Document, Node, NodeId};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The keys that tell an item of a list from another: a mount, or anything with a name.
const TELLING: [&str; 2] = ["mountPath", "name"];

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The value has to be this one, or the whole build fails.
    Test,
    /// The value becomes this one.
    Replace,
    /// The key or the item is added with this value.
    Add,
}

impl Verb {
    /// Its name in a patch.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Replace => "replace",
            Self::Add => "add",
        }
    }
}

/// One operation. Its value holds strings alone: a rewrite writes nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What it does.
    pub verb: Verb,
    /// Where in the object, as a JSON pointer (RFC 6901).
    pub path: String,
    /// The value.
    pub value: Value,
    /// Where the change stands in the document before.
    pub place: NodeId,
}

/// The operations that turn an object of a document into its rewritten form.
///
/// # Errors
/// A [`Fault`] when more differs than texts and what was added to mappings and lists.
pub(super) fn operations(
    old: &Document,
    new: &Document,
    (left, right): (NodeId, NodeId),
) -> Result<Vec<Operation>, Fault> {
    let mut walk = Walk { old, new, pointer: String::new(), operations: Vec::new() };
    walk.values(left, right)?;
    Ok(walk.operations)
}

struct Walk<'a> {
    old: &'a Document,
    new: &'a Document,
    /// The way from the object to where the walk is.
    pointer: String,
    operations: Vec<Operation>,
}

impl Walk<'_> {
    fn values(&mut self, left: NodeId, right: NodeId) -> Result<(), Fault> {
        match (self.old.node(left), self.new.node(right)) {
            (Node::Scalar { value, .. }, Node::Scalar { value: found, .. }) => {
                if value != found {
                    let [value, found] = [value, found].map(|text| Value::Scalar(text.to_owned()));
                    self.push(Verb::Test, self.pointer.clone(), value, left);
                    self.push(Verb::Replace, self.pointer.clone(), found, left);
                }
                Ok(())
            }
            (Node::Sequence(items), Node::Sequence(found)) => self.lists(left, items, found),
            (Node::Mapping(_), Node::Mapping(_)) => self.mappings(left, right),
            _ => Err(self.unplanned()),
        }
    }

    /// Items that were added stand among the others; each operation sees the list as those before
    /// it leave it.
    fn lists(&mut self, list: NodeId, items: &[NodeId], found: &[NodeId]) -> Result<(), Fault> {
        let mut added = found.len().checked_sub(items.len()).ok_or_else(|| self.unplanned())?;
        let mut items = items.iter().copied().peekable();
        for (index, &right) in found.iter().enumerate() {
            let step = index.to_string();
            match items.next_if(|&left| added == 0 || self.is_same_item(left, right)) {
                Some(left) => self.below(&step, |walk| walk.values(left, right))?,
                None => {
                    added = added.checked_sub(1).ok_or_else(|| self.unplanned())?;
                    let value = self.value(right);
                    self.push(Verb::Add, pointer(&self.pointer, &step), value, list);
                }
            }
        }
        if items.peek().is_some() { Err(self.unplanned()) } else { Ok(()) }
    }

    /// Whether an item is one of before, moved or not: the same flag, or of the same name.
    fn is_same_item(&self, left: NodeId, right: NodeId) -> bool {
        match (self.old.node(left), self.new.node(right)) {
            (Node::Scalar { value, .. }, Node::Scalar { value: found, .. }) => {
                let flag = |text: &str| text.split('=').next().map(str::to_owned);
                value == found || !found.starts_with('-') || flag(value) == flag(found)
            }
            (Node::Mapping(_), Node::Mapping(_)) => {
                let name = |doc: &Document, item| {
                    doc.get(item, "name").and_then(|name| doc.str(name)).map(str::to_owned)
                };
                name(self.old, left) == name(self.new, right)
            }
            _ => true,
        }
    }

    fn mappings(&mut self, left: NodeId, right: NodeId) -> Result<(), Fault> {
        let (old, new) = (self.old, self.new);
        let (before, after) = (fields(old, left), fields(new, right));
        for (&key, &value) in &after {
            // A key without a value is as good as none.
            let was =
                before.get(key).copied().filter(|&was| !is_null(old, was) || is_null(new, value));
            match was {
                Some(was) => self.below(key, |walk| walk.values(was, value))?,
                None => {
                    self.guard(left, (&before, &after));
                    self.push(Verb::Add, pointer(&self.pointer, key), self.value(value), left);
                }
            }
        }
        if before.keys().any(|key| !after.contains_key(key)) {
            return Err(self.unplanned());
        }
        Ok(())
    }

    /// Tests that it's still the same mount or container to which something is added. A mountPath
    /// that changes is tested in any case.
    fn guard(&mut self, mapping: NodeId, (before, after): (&Fields<'_>, &Fields<'_>)) {
        let text = |doc: &Document, fields: &Fields<'_>, key: &str| {
            fields.get(key).and_then(|&path| doc.str(path)).map(str::to_owned)
        };
        let Some(key) = TELLING.into_iter().find(|key| before.contains_key(key)) else { return };
        let telling = text(self.old, before, key);
        if let Some(own) = telling.filter(|own| text(self.new, after, key).as_ref() == Some(own)) {
            self.push(Verb::Test, pointer(&self.pointer, key), Value::Scalar(own), mapping);
        }
    }

    /// A node of the rewritten object as a value.
    fn value(&self, node: NodeId) -> Value {
        match self.new.node(node) {
            Node::Scalar { value, .. } => Value::Scalar(value.to_owned()),
            Node::Sequence(items) => {
                Value::List(items.iter().map(|&item| self.value(item)).collect())
            }
            Node::Mapping(_) => {
                let fields = fields(self.new, node).into_iter();
                Value::Mapping(
                    fields.map(|(key, node)| (key.to_owned(), self.value(node))).collect(),
                )
            }
        }
    }

    /// Does something one step further down.
    fn below(
        &mut self,
        step: &str,
        work: impl FnOnce(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let here = self.pointer.len();
        self.pointer = pointer(&self.pointer, step);
        work(self)?;
        self.pointer.truncate(here);
        Ok(())
    }

    fn push(&mut self, verb: Verb, path: String, value: Value, place: NodeId) {
        self.operations.push(Operation { verb, path, value, place });
    }

    fn unplanned(&self) -> Fault {
        Fault::new(format!("{} would change in a way that no patch expresses", self.pointer))
    }
}

/// One step further down than a pointer leads.
fn pointer(parent: &str, step: &str) -> String {
    let mut pointer = parent.to_owned();
    // Writing to a string doesn't fail.
    let _ = write!(pointer, "/{}", step.replace('~', "~0").replace('/', "~1"));
    pointer
}

/// The keys of a mapping with their values.
type Fields<'d> = BTreeMap<&'d str, NodeId>;

/// What a mapping comes to, with what it merges: the same as [`Document::get`] for every key.
fn fields(doc: &Document, mapping: NodeId) -> Fields<'_> {
    let mut fields = Fields::new();
    for &(key, value) in doc.entries(mapping) {
        if doc.is_merge(key) {
            fields.append(&mut merged(doc, value));
        } else if let Some(text) = doc.str(key) {
            fields.insert(text, value);
        }
    }
    fields
}

/// What a merge key brings in: of several mappings the first that has a key wins.
fn merged(doc: &Document, value: NodeId) -> Fields<'_> {
    match doc.node(value) {
        Node::Mapping(_) => fields(doc, value),
        Node::Sequence(items) => items.iter().rev().flat_map(|&item| fields(doc, item)).collect(),
        Node::Scalar { .. } => Fields::new(),
    }
}

#[cfg(test)]
mod tests;
