//! What a document says in Kubernetes' terms: objects, pods, volumes, mounts, containers.
//!
//! The model is untyped on purpose: it reads the fields that matter here, wherever a pod
//! specification stands, and knows every scalar by the node it came from. It holds no offsets.

mod by_name;
mod config;
mod env_from;
mod field;
mod object;
mod object_ref;
mod patch;
mod pod;
mod resource_list;
mod variable;

pub(crate) use by_name::{ByName, Named};
pub(crate) use config::{Configs, own_or_only};
pub(crate) use env_from::{Data, EnvFrom};
pub(crate) use field::{Step, below, item_named, last_entries, leaves, steps};
pub(crate) use object::{Manifest, Object, config_maps, objects};
pub(crate) use object_ref::ObjectRef;
pub(crate) use patch::describes_base;
pub(crate) use pod::{
    Container, ContainerKind, Line, Mount, Pod, Use, Volume, VolumeSource, is_container_list,
};
pub(crate) use resource_list::{RESOURCE_LIST, ResourceList, set_aside};
pub(crate) use variable::{ConfigKey, EnvVar};

use crate::yaml::{Document, Node, NodeId, Style};
use smol_str::SmolStr;

/// A document, and in which of the run's sources it stands.
#[derive(Clone, Copy, Debug)]
pub struct Sourced<'a> {
    /// The document.
    pub doc: &'a Document,
    /// The source's index.
    pub source: usize,
}

/// A scalar of a document: its node and its decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The node that holds the value.
    pub node: NodeId,
    /// The node that stands in the field: the same, or an alias of it.
    pub at: NodeId,
    /// The value, unquoted and unfolded.
    pub value: SmolStr,
}

impl Text {
    fn read(doc: &Document, node: NodeId) -> Option<Self> {
        let value = doc.str(node)?.into();
        Some(Self { node: doc.resolve(node), at: node, value })
    }

    /// The scalar at a key; a null is no scalar.
    fn field(doc: &Document, mapping: NodeId, key: &str) -> Option<Self> {
        let text = Self::read(doc, doc.get_unresolved(mapping, key)?)?;
        (!is_null(doc, text.node)).then_some(text)
    }
}

/// Whether a scalar is a null: empty, or a plain word for it.
pub(crate) fn is_null(doc: &Document, node: NodeId) -> bool {
    match doc.node(node) {
        Node::Scalar { value, style: Style::Plain } => {
            matches!(value, "" | "~" | "null" | "Null" | "NULL")
        }
        _ => false,
    }
}

/// Whether a value says as much as if it weren't there: a null, an empty text, an empty collection.
pub(crate) fn says_nothing(doc: &Document, node: NodeId) -> bool {
    match doc.node(node) {
        Node::Scalar { value, .. } => value.is_empty() || is_null(doc, node),
        Node::Sequence(items) => items.is_empty(),
        Node::Mapping(entries) => entries.is_empty(),
    }
}

/// Whether a scalar says yes as kubectl reads it; what is quoted is a text, which the API server
/// refuses.
///
/// Source: sigs.k8s.io/yaml at v1.6.0, goyaml.v2 (go.yaml.in/yaml/v2 at v2.4.3, resolve.go:37-39).
fn is_true(doc: &Document, mapping: NodeId, key: &str) -> bool {
    let yes = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"];
    doc.get(mapping, key).is_some_and(|node| {
        matches!(doc.node(node), Node::Scalar { value, style: Style::Plain } if yes.contains(&value))
    })
}
