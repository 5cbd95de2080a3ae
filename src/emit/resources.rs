//! The objects of a document that are objects to kustomize, too: what a patch can have as its
//! target.

use crate::model::ObjectRef;
use crate::yaml::{Document, Node, NodeId};

/// An object that a patch may be written for.
pub(super) struct Resource {
    /// The mapping it is written in.
    pub(super) node: NodeId,
    /// What it is called.
    pub(super) name: ObjectRef,
}

/// The document itself, or the items of a list in its place, at any depth.
///
/// What else is embedded in an object (a template, a manifest in a ConfigMap) is a part of it:
/// kustomize knows no other way to it.
pub(super) fn resources(doc: &Document) -> Vec<Resource> {
    let mut found = Vec::new();
    if let Some(root) = doc.root() {
        add(doc, root, &mut found);
    }
    found
}

fn add(doc: &Document, node: NodeId, found: &mut Vec<Resource>) {
    let name = ObjectRef::read(doc, node);
    // By the end of the kind's name, as kustomize does it. Without `items` it's an object.
    let items = doc.get(node, "items").filter(|_| name.kind.ends_with("List"));
    match items.map(|items| doc.node(items)) {
        Some(Node::Sequence(items)) => items.iter().for_each(|&item| add(doc, item, found)),
        _ => found.push(Resource { node: doc.resolve(node), name }),
    }
}
