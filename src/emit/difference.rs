//! What has changed in an object, as the operations of a JSON patch (RFC 6902).

use crate::error::Fault;
use crate::yaml::{Document, Node, NodeId, Style};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The one key that a rewrite adds.
const ADDED: &str = "mountPropagation";

/// The key that tells one mount from another.
const MOUNT_PATH: &str = "mountPath";

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The value has to be this one, or the whole build fails.
    Test,
    /// The value becomes this one.
    Replace,
    /// The key is added with this value.
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

/// One operation. All values are strings: a rewrite changes nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What it does.
    pub verb: Verb,
    /// Where in the object, as a JSON pointer (RFC 6901).
    pub path: String,
    /// The value.
    pub value: String,
    /// Where the change stands in the document before.
    pub place: NodeId,
}

/// The operations that turn an object of a document into its rewritten form.
///
/// # Errors
/// A [`Fault`] when more differs than texts and added propagation.
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
                    self.push(Verb::Test, self.pointer.clone(), value, left);
                    self.push(Verb::Replace, self.pointer.clone(), found, left);
                }
                Ok(())
            }
            (Node::Sequence(items), Node::Sequence(found)) if items.len() == found.len() => {
                for (index, (&left, &right)) in items.iter().zip(found).enumerate() {
                    self.below(&index.to_string(), |walk| walk.values(left, right))?;
                }
                Ok(())
            }
            (Node::Mapping(_), Node::Mapping(_)) => self.mappings(left, right),
            _ => Err(self.unplanned()),
        }
    }

    fn mappings(&mut self, left: NodeId, right: NodeId) -> Result<(), Fault> {
        let (old, new) = (self.old, self.new);
        let (before, after) = (fields(old, left), fields(new, right));
        for (&key, &value) in &after {
            // A key without a value is as good as none.
            let was =
                before.get(key).copied().filter(|&was| !is_null(old, was) || is_null(new, value));
            match (was, new.str(value)) {
                (Some(was), _) => self.below(key, |walk| walk.values(was, value))?,
                (None, Some(text)) if key == ADDED => {
                    self.guard(left, (&before, &after));
                    self.push(Verb::Add, pointer(&self.pointer, key), text, left);
                }
                (None, _) => return Err(self.unplanned()),
            }
        }
        if before.keys().any(|key| !after.contains_key(key)) {
            return Err(self.unplanned());
        }
        Ok(())
    }

    /// Tests that it's still the same mount to which something is added. A mountPath that changes
    /// is tested in any case.
    fn guard(&mut self, mount: NodeId, (before, after): (&Fields<'_>, &Fields<'_>)) {
        let text = |doc: &Document, fields: &Fields<'_>| {
            fields.get(MOUNT_PATH).and_then(|&path| doc.str(path)).map(str::to_owned)
        };
        let path = text(self.old, before);
        if let Some(path) = path.filter(|path| text(self.new, after).as_ref() == Some(path)) {
            self.push(Verb::Test, pointer(&self.pointer, MOUNT_PATH), &path, mount);
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

    fn push(&mut self, verb: Verb, path: String, value: &str, place: NodeId) {
        self.operations.push(Operation { verb, path, value: value.to_owned(), place });
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
    let entries = doc.entries(mapping);
    let is_merge =
        |key: NodeId| matches!(doc.node(key), Node::Scalar { value: "<<", style: Style::Plain });
    let merge = entries.iter().rposition(|&(key, _)| is_merge(key));
    let mut fields = Fields::new();
    for (at, &(key, value)) in entries.iter().enumerate() {
        if Some(at) == merge {
            fields.append(&mut merged(doc, value));
        } else if let Some(text) = doc.str(key).filter(|_| !is_merge(key)) {
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

fn is_null(doc: &Document, id: NodeId) -> bool {
    const NULLS: [&str; 5] = ["", "~", "null", "Null", "NULL"];
    matches!(doc.node(id), Node::Scalar { value, style: Style::Plain } if NULLS.contains(&value))
}

#[cfg(test)]
mod tests;
