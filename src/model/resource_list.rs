//! A list of objects on its way through functions, as kustomize and kpt hand it on.
//!
//! Beside the objects it says things to the functions themselves: how they are configured, and
//! what those before had to say. Neither is part of a cluster, whatever paths it names.

use super::ObjectRef;
use crate::yaml::{Document, Node, NodeId, NodeSet};

/// The group of the wire format.
///
/// Source: kubernetes-sigs/kustomize at v5.7.1, cmd/config/docs/api-conventions/functions-spec.md.
const GROUP: &str = "config.kubernetes.io";

/// Its kind.
pub(crate) const RESOURCE_LIST: &str = "ResourceList";

/// The fields that speak to functions.
const SPOKEN: [&str; 2] = ["functionConfig", "results"];

/// A document that is a list of objects for a function.
#[derive(Clone, Debug)]
pub(crate) struct ResourceList {
    /// The document's root.
    pub root: NodeId,
    /// The objects.
    pub items: Vec<NodeId>,
    /// What stands in the objects' place and is no list.
    pub no_items: Option<NodeId>,
    /// How the function is configured; nothing where that is null or an empty mapping.
    pub function_config: Option<NodeId>,
    /// What functions have said before, as it is written.
    pub results: Option<NodeId>,
}

impl ResourceList {
    /// Reads a document; any version of the wire format will do, since nothing else in it differs.
    #[must_use]
    pub(crate) fn read(doc: &Document) -> Option<Self> {
        let root = doc.root()?;
        // Hardly any document is one, and all are asked.
        if doc.get(root, "kind").and_then(|kind| doc.str(kind)) != Some(RESOURCE_LIST) {
            return None;
        }
        let name = ObjectRef::read(doc, root);
        if name.group() != GROUP {
            return None;
        }
        let items = doc.get(root, "items").filter(|items| !super::is_null(doc, *items));
        let is_list = |items: &NodeId| matches!(doc.node(*items), Node::Sequence(_));
        let config = doc.get(root, "functionConfig");
        let is_config = |node: &NodeId| {
            !super::is_null(doc, *node) && !matches!(doc.node(*node), Node::Mapping([]))
        };
        Some(Self {
            root,
            items: items.map_or(&[][..], |items| doc.items(items)).to_vec(),
            no_items: items.filter(|items| !is_list(items)),
            function_config: config.filter(is_config),
            results: doc.entry(root, "results").map(|(_, value)| value),
        })
    }

    /// The nodes that are none of the manifest's: what speaks to functions, and the items in
    /// which this function's configuration is passed along.
    fn aside(&self, doc: &Document) -> NodeSet {
        let entries = doc.entries(self.root).iter();
        let spoken =
            entries.filter(|(key, _)| SPOKEN.iter().any(|name| doc.str(*key) == Some(name)));
        let config = self.function_config.map(|node| ObjectRef::read(doc, node));
        let is_config = |item: &&NodeId| {
            config.as_ref().is_some_and(|config| *config == ObjectRef::read(doc, **item))
        };
        let copies = self.items.iter().filter(is_config).copied();
        spoken.map(|&(_, value)| value).chain(copies).collect()
    }
}

/// The nodes of a document that walks over its objects pass by.
#[must_use]
pub(crate) fn set_aside(doc: &Document) -> NodeSet {
    ResourceList::read(doc).map(|list| list.aside(doc)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;
    use crate::yaml::parse;

    fn read(text: &str) -> Option<ResourceList> {
        let docs = parse(text, Span::new(0, text.len())).unwrap();
        ResourceList::read(&docs[0])
    }

    #[test]
    fn every_version_of_the_wire_format_is_a_list_and_nothing_else_is() {
        for version in ["v1", "v1beta1", "v1alpha1"] {
            let list =
                read(&format!("apiVersion: config.kubernetes.io/{version}\nkind: ResourceList\n"));
            assert!(list.unwrap().items.is_empty());
        }
        assert!(read("apiVersion: v1\nkind: ResourceList\n").is_none());
        assert!(read("apiVersion: config.kubernetes.io/v1\nkind: List\n").is_none());
        assert!(read("[]").is_none());
    }

    #[test]
    fn a_configuration_that_says_nothing_is_none() {
        let with = |config: &str| {
            let head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:";
            read(&format!("{head} {config}\n")).unwrap().function_config
        };
        for nothing in ["", "null", "~", "{}"] {
            assert!(with(nothing).is_none(), "{nothing}");
        }
        assert!(with("{a: 1}").is_some());
        for wrong in ["word", "[]", "[{a: 1}]"] {
            assert!(with(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn objects_are_a_list() {
        let with = |items: &str| {
            let head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";
            read(&format!("{head}{items}\n")).unwrap().no_items
        };
        for right in ["", "items:", "items: null", "items: []", "items: [{a: 1}]"] {
            assert!(with(right).is_none(), "{right}");
        }
        for wrong in ["items: 5", "items: {}", "items: {a: 1}", "items: ''"] {
            assert!(with(wrong).is_some(), "{wrong}");
        }
    }
}
