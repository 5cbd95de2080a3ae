//! What an object is called.

use crate::yaml::{Document, NodeId};
use smol_str::SmolStr;

/// What identifies an object to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// The group and version, or empty in a fragment.
    pub api_version: SmolStr,
    /// The kind, or empty in a fragment.
    pub kind: SmolStr,
    /// The name, or empty in a fragment.
    pub name: SmolStr,
    /// The namespace, or empty.
    pub namespace: SmolStr,
}

impl ObjectRef {
    /// Reads what a mapping says of itself.
    #[must_use]
    pub fn read(doc: &Document, mapping: NodeId) -> Self {
        let text = |mapping: NodeId, key: &str| {
            let value = doc.get(mapping, key).and_then(|value| doc.str(value));
            value.unwrap_or("").into()
        };
        let mut name = Self {
            api_version: text(mapping, "apiVersion"),
            kind: text(mapping, "kind"),
            ..Self::default()
        };
        if let Some(metadata) = doc.get(mapping, "metadata") {
            name.name = text(metadata, "name");
            name.namespace = text(metadata, "namespace");
        }
        name
    }

    /// The part of apiVersion before the slash; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The part of apiVersion behind the slash, or all of it for the core group.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.split_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// The namespace in which it comes to be, where nobody names another.
    #[must_use]
    pub fn home(&self) -> &str {
        if self.namespace.is_empty() { Self::DEFAULT_NAMESPACE } else { &self.namespace }
    }

    /// The namespace of an object that names none, as kubectl and kustomize have it.
    pub const DEFAULT_NAMESPACE: &str = "default";

    /// Whether it configures this program: such an object names roots, and is none to move.
    #[must_use]
    pub fn is_own_config(&self) -> bool {
        self.kind == Self::OWN_KIND && self.group() == Self::OWN_GROUP
    }

    /// The kind of this program's own configuration.
    pub const OWN_KIND: &str = "CsiRelocate";

    /// Its group.
    pub const OWN_GROUP: &str = "csi-relocate";
}

impl std::fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.kind.is_empty() { "fragment" } else { &self.kind };
        f.write_str(kind)?;
        if !self.name.is_empty() {
            write!(f, " {}", self.name)?;
        }
        Ok(())
    }
}
