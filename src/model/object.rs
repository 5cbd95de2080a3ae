//! Objects of a document and the pods and host paths in them.

use super::pod::{CONTAINER_LISTS, is_container_list};
use super::{ObjectRef, Pod, Text, describes_base, set_aside};
use crate::parallel;
use crate::yaml::{Document, Node, NodeId, NodeSet};

/// A path in host space that stands outside of a pod.
#[derive(Clone, Debug)]
pub struct HostField {
    /// The field's name as a person writes it, such as `allowedHostPaths[].pathPrefix`.
    pub field: &'static str,
    /// The path.
    pub path: Text,
}

/// A Kubernetes object, or a fragment of one.
#[derive(Clone, Debug)]
pub struct Object {
    /// The mapping it is written in.
    pub node: NodeId,
    /// What it is called.
    pub name: ObjectRef,
    /// Every pod specification in it.
    pub pods: Vec<Pod>,
    /// Host paths outside of pods.
    pub host_fields: Vec<HostField>,
    /// Texts in its data that are manifests of their own, in the order of their nodes, once somebody has
    /// looked for them.
    pub manifests: Vec<Manifest>,
}

/// A text that is a manifest of its own.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The scalar.
    pub node: NodeId,
    /// The field of the object that it stands in: `data.driver.yaml`.
    pub field: String,
}

impl Object {
    /// The same object, with nothing read in it yet.
    fn without_pods(&self) -> Self {
        let (node, name) = (self.node, self.name.clone());
        Self { node, name, pods: Vec::new(), host_fields: Vec::new(), manifests: Vec::new() }
    }
}

/// Every object of a document: the document itself, the items of lists, and objects that are
/// embedded in others.
#[must_use]
pub(crate) fn objects(doc: &Document) -> Vec<Object> {
    let Some(root) = doc.root() else { return Vec::new() };
    let mut walk = Walk { doc, found: Vec::new(), aside: &set_aside(doc) };
    walk.visit(root, None);
    let mut found = walk.found;
    // The objects of a whole run are held at once, and most documents are one with one pod.
    for object in &mut found {
        object.pods.shrink_to_fit();
        let claims = claims(doc, object.node);
        if !claims.is_empty() {
            object.pods.iter_mut().for_each(|pod| pod.claim(&claims));
        }
    }
    found.shrink_to_fit();
    found
}

/// The names of the volumes that a StatefulSet claims for its pods.
fn claims(doc: &Document, object: NodeId) -> Vec<&str> {
    let spec = doc.get(object, "spec");
    let templates = spec.and_then(|spec| doc.get(spec, "volumeClaimTemplates"));
    let templates = templates.map_or(&[][..], |templates| doc.items(templates)).iter();
    let name = |&item: &NodeId| doc.str(doc.get(doc.get(item, "metadata")?, "name")?);
    templates.filter_map(name).collect()
}

/// The mappings of a document that are ConfigMaps, without what is read of them or of anything else.
pub(crate) fn config_maps(doc: &Document) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut left: Vec<NodeId> = doc.root().into_iter().collect();
    while let Some(node) = left.pop() {
        match doc.node(node) {
            Node::Scalar { .. } => {}
            Node::Sequence(items) => left.extend(items),
            Node::Mapping(entries) => {
                let kind = doc.get(node, "kind").and_then(|kind| doc.str(kind));
                if kind == Some("ConfigMap") {
                    found.push(node);
                } else {
                    left.extend(entries.iter().map(|(_, value)| value));
                }
            }
        }
    }
    found
}

struct Walk<'a> {
    doc: &'a Document,
    found: Vec<Object>,
    /// What is no part of the manifest.
    aside: &'a NodeSet,
}

impl Walk<'_> {
    fn visit(&mut self, node: NodeId, owner: Option<usize>) {
        if self.aside.contains(&node) {
            return;
        }
        match self.doc.node(node) {
            Node::Scalar { .. } => {}
            Node::Sequence(items) => {
                let bytes = self.doc.span(node).len();
                if parallel::are_stretches(items, bytes) {
                    self.visit_many(items, bytes, owner);
                } else {
                    items.iter().for_each(|&item| self.visit(item, owner));
                }
            }
            Node::Mapping(entries) => {
                let keys = Keys::of(self.doc, entries);
                let owner = self.owner(node, keys, owner);
                if self.found.get(owner).is_some_and(|object| object.name.is_own_config()) {
                    return;
                }
                if keys.patch && describes_base(self.doc, node) {
                    return;
                }
                if let Some(object) = self.found.get_mut(owner) {
                    if keys.pod && is_pod_spec(self.doc, node) {
                        object.pods.push(Pod::read(self.doc, node));
                    }
                    if keys.host_fields {
                        host_fields(self.doc, node, object);
                    }
                }
                for &(_, value) in entries {
                    self.visit(value, Some(owner));
                }
            }
        }
    }

    /// Visits stretches of a list on their own, with an owner of their own.
    fn visit_many(&mut self, items: &[NodeId], bytes: usize, owner: Option<usize>) {
        let (doc, aside) = (self.doc, self.aside);
        let owning = owner.and_then(|owner| self.found.get(owner));
        let read = parallel::stretches(items, bytes, |_, items| {
            let found = owning.map(Object::without_pods).into_iter().collect();
            let mut walk = Walk { doc, found, aside };
            let owner = owning.map(|_| 0);
            items.iter().for_each(|&item| walk.visit(item, owner));
            walk.found
        });
        for found in read {
            let mut found = found.into_iter();
            if let Some(owner) = owner.and_then(|owner| self.found.get_mut(owner))
                && let Some(mut own) = found.next()
            {
                owner.pods.append(&mut own.pods);
                owner.host_fields.append(&mut own.host_fields);
            }
            self.found.extend(found);
        }
    }

    /// The object a mapping belongs to: itself when it says what kind it is.
    fn owner(&mut self, node: NodeId, keys: Keys, enclosing: Option<usize>) -> usize {
        // In a schema, these are keys of mappings that describe them.
        let is_text =
            |key: &str| self.doc.get(node, key).is_some_and(|it| self.doc.str(it).is_some());
        let is_object = keys.object && is_text("kind") && is_text("apiVersion");
        match enclosing {
            Some(owner) if !is_object => owner,
            _ => {
                let name = ObjectRef::read(self.doc, node);
                let node = self.doc.resolve(node);
                self.found.push(Object {
                    node,
                    name,
                    pods: Vec::new(),
                    host_fields: Vec::new(),
                    manifests: Vec::new(),
                });
                self.found.len() - 1
            }
        }
    }
}

/// What a mapping may be by its keys, read in one pass; most are nothing of interest.
#[derive(Clone, Copy, Default)]
struct Keys {
    object: bool,
    pod: bool,
    host_fields: bool,
    patch: bool,
}

impl Keys {
    fn of(doc: &Document, entries: &[(NodeId, NodeId)]) -> Self {
        let mut keys = Self::default();
        for &(key, _) in entries {
            match doc.str(key).unwrap_or("") {
                "kind" => keys.object = true,
                "volumes" => keys.pod = true,
                "$patch" | "op" => keys.patch = true,
                "allowedHostPaths" | "accessModes" => keys.host_fields = true,
                // What is merged may have any of them.
                "<<" => return Self { object: true, pod: true, host_fields: true, patch: true },
                key => keys.pod |= is_container_list(key),
            }
        }
        keys
    }
}

/// A pod specification is recognised wherever `containers` stands as a list of mappings, or, in a
/// fragment, `volumes`; a CRD's schema has a mapping there.
fn is_pod_spec(doc: &Document, mapping: NodeId) -> bool {
    const CONTAINER: [&str; 6] = ["name", "image", "volumeMounts", "args", "command", "env"];
    const VOLUME: [&str; 2] = ["hostPath", "emptyDir"];
    let holds = |list: &str, fields: &[&str]| {
        let items = doc.get(mapping, list).map_or(&[][..], |list| doc.items(list));
        items.iter().any(|&item| fields.iter().any(|field| doc.get(item, field).is_some()))
    };
    CONTAINER_LISTS.iter().any(|(list, _)| holds(list, &CONTAINER)) || holds("volumes", &VOLUME)
}

fn host_fields(doc: &Document, mapping: NodeId, object: &mut Object) {
    let mut add = |field: &'static str, parent: Option<NodeId>, key: &str| {
        let parent = parent.filter(|&parent| !describes_base(doc, parent));
        if let Some(path) = parent.and_then(|parent| Text::field(doc, parent, key)) {
            object.host_fields.push(HostField { field, path });
        }
    };
    // PodSecurityPolicy and, by the same name, OpenShift's and others' look-alikes.
    if let Some(list) = doc.get(mapping, "allowedHostPaths") {
        for &item in doc.items(list) {
            add("allowedHostPaths[].pathPrefix", Some(item), "pathPrefix");
        }
    }
    if object.name.kind == "PersistentVolume" && doc.get(mapping, "accessModes").is_some() {
        add("hostPath.path", doc.get(mapping, "hostPath"), "path");
        add("local.path", doc.get(mapping, "local"), "path");
    }
}
