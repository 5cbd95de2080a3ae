//! Sites outside of pods: ConfigMaps, custom resources, schemas, annotations, patches.
//!
//! Every scalar that isn't a field of a pod is looked at: where a path that is spelled in one isn't
//! moved, it is because of what the scalar is, and most of that is told.

use super::base::Base;
use super::collector::{Collector, Lines};
use super::last::Last;
use super::releases::Releases;
use super::{Field, Passage, Speech};
use crate::knowledge::{KindNature, Knowledge};
use crate::kubepath::find_tokens;
use crate::model::{Object, Text, describes_base, is_container_list, set_aside};
use crate::yaml::{Document, Node, NodeId, NodeMap, NodeSet};
use std::cell::LazyCell;
use std::collections::HashSet;

/// Collects the sites in all scalars that the collector hasn't seen yet.
pub(super) fn collect(
    doc: &Document,
    objects: &[Object],
    speech: &Speech<'_>,
    words: &[&str],
    knowledge: &Knowledge,
    collector: &mut Collector<'_>,
) {
    // Mostly all that is worth it was looked at in pods.
    let Some(root) = doc.root().filter(|_| !collector.marks.are_none()) else { return };
    let places = objects.iter().enumerate().map(|(index, object)| (object.node, index)).collect();
    let mut walk = Walk {
        doc,
        objects,
        places,
        manifests: objects.iter().flat_map(|object| &object.manifests).map(|it| it.node).collect(),
        aside: set_aside(doc),
        drivers: drivers_fields(doc, objects, knowledge),
        releases: Releases::of(doc, objects, collector.roots, knowledge),
        words,
        speech,
        knowledge,
        collector,
        keys: Vec::new(),
        patch: None,
        shadowed: false,
        in_base: false,
    };
    walk.visit(root, 0, 0);
}

struct Walk<'a, 'c, 'r> {
    doc: &'a Document,
    objects: &'a [Object],
    /// The objects by their mappings.
    places: NodeMap<usize>,
    /// Texts whose sites are those of the manifests in them.
    manifests: NodeSet,
    /// What is no part of the manifest.
    aside: NodeSet,
    /// The fields of each object from which a driver's controller reads its root.
    drivers: HashSet<(usize, NodeId)>,
    /// The values of charts that are the root.
    releases: Releases,
    /// What makes a scalar worth a closer look.
    words: &'a [&'a str],
    speech: &'a Speech<'a>,
    knowledge: &'a Knowledge,
    collector: &'c mut Collector<'r>,
    /// The keys from the object to the node at hand; an item of a list has its list's key.
    keys: Vec<&'a str>,
    /// What the value of a JSON patch at hand is put into, if that is part of a pod.
    patch: Option<Patch>,
    /// The node at hand lies below a key that is written again later.
    shadowed: bool,
    /// The node at hand lies in what a patch says of what it patches.
    in_base: bool,
}

/// The fields of objects from which drivers' controllers read their roots.
fn drivers_fields(
    doc: &Document,
    objects: &[Object],
    knowledge: &Knowledge,
) -> HashSet<(usize, NodeId)> {
    let mut fields = HashSet::new();
    for (number, object) in objects.iter().enumerate() {
        let (group, kind) = (object.name.group(), &object.name.kind);
        let known = knowledge.drivers().by_kind(group, kind);
        let rows = known.flat_map(|(_, driver)| &driver.objects);
        let own = rows.filter(|row| row.group == group && row.kinds.iter().any(|own| kind == own));
        let nodes = own.filter_map(|row| object.at(doc, &row.field));
        fields.extend(nodes.map(|node| (number, doc.resolve(node))));
    }
    fields
}

/// What the value of a JSON patch is put into.
#[derive(Clone)]
struct Patch {
    passage: Passage,
    /// The field of the patched object, as in `spec.template.spec.containers.0.args`.
    field: String,
    /// How many keys lead to the value.
    depth: usize,
}

impl<'a> Walk<'a, '_, '_> {
    /// `from` is where the keys of the object at hand begin.
    fn visit(&mut self, node: NodeId, object: usize, from: usize) {
        if !self.collector.marks.lead_from(node) || self.aside.contains(&node) {
            return;
        }
        match self.doc.node(node) {
            Node::Scalar { value, .. } => {
                if self.may_name_root(value)
                    && !self.collector.seen.contains(&node)
                    && !self.manifests.contains(&node)
                {
                    let text = self.text(node, value);
                    self.scalar(&text, object, from);
                }
            }
            Node::Sequence(items) => {
                for &item in items {
                    self.visit(item, object, from);
                }
            }
            Node::Mapping(entries) => {
                let resolved = self.doc.resolve(node);
                let own = self.places.get(&resolved).copied();
                let (object, from) = own.map_or((object, from), |own| (own, self.keys.len()));
                if self.objects.get(object).is_some_and(|object| object.name.is_own_config()) {
                    return;
                }
                let outer_base = self.in_base;
                self.in_base |= describes_base(self.doc, resolved);
                let is_operation = self.is_operation(resolved);
                let patched = if is_operation { self.patched(resolved) } else { None };
                let mut last = Last::of(self.doc, entries);
                for (at, &(key, value)) in entries.iter().enumerate() {
                    if !self.collector.marks.lead_from(value) {
                        continue;
                    }
                    let name = self.doc.str(key).unwrap_or("");
                    let outer = self.shadowed;
                    self.shadowed |= !last.is(at, name);
                    self.keys.push(name);
                    let outer_patch = self.patch.take();
                    self.patch = if is_operation && name == "value" {
                        patched.clone()
                    } else {
                        outer_patch.clone()
                    };
                    self.visit(value, object, from);
                    self.patch = outer_patch;
                    self.keys.pop();
                    self.shadowed = outer;
                }
                self.in_base = outer_base;
            }
        }
    }

    /// Whether a scalar is worth a closer look.
    fn may_name_root(&self, value: &str) -> bool {
        self.words.iter().any(|word| value.contains(word))
    }

    /// Whether a mapping is an operation of a JSON patch.
    fn is_operation(&self, mapping: NodeId) -> bool {
        ["value", "op", "path"].iter().all(|key| self.doc.get(mapping, key).is_some())
    }

    /// What an operation of a JSON patch puts its value into, if that is part of a pod.
    fn patched(&self, operation: NodeId) -> Option<Patch> {
        let path = self.doc.str(self.doc.get(operation, "path")?)?;
        let parts: Vec<&str> = path.split('/').collect();
        let passage = match parts.as_slice() {
            [.., "hostPath", "path"] | [.., "pathPrefix"] => Passage::HostField,
            [.., "mountPath"] => Passage::Mount,
            _ if ["args", "command", "env"].iter().any(|field| parts.contains(field)) => {
                Passage::PatchedReference
            }
            // A whole container: what isn't a mount in it is a reference.
            [.., list] | [.., list, _] if is_container_list(list) => Passage::PatchedReference,
            _ => return None,
        };
        let field = path.trim_start_matches('/').replace('/', ".");
        // The key of the value comes on top.
        Some(Patch { passage, field, depth: self.keys.len() + 1 })
    }

    fn text(&self, at: NodeId, value: &str) -> Text {
        Text { node: self.doc.resolve(at), at, value: value.into() }
    }

    fn scalar(&mut self, text: &Text, object: usize, from: usize) {
        let keys = self.keys.get(from..).unwrap_or_default();
        let passage = match self.passage(object, keys) {
            Passage::UnknownField if self.drivers.contains(&(object, text.node)) => {
                Passage::HostField
            }
            passage => passage,
        };
        let path = match &self.patch {
            Some(patch) => {
                let below = self.keys.get(patch.depth..).unwrap_or_default();
                [&[patch.field.as_str()], below].concat().join(".")
            }
            None => keys.join("."),
        };
        self.collector.object = object;
        self.collector.seen.insert(text.at);
        // Most texts name no root after all.
        let base = LazyCell::new(|| Base::of(&text.value));
        let field = |at, passage| {
            let passage = if base.has(at) { Passage::Base } else { passage };
            Field::Elsewhere(passage, path.clone())
        };
        self.collector.windows_tokens(text, |at| field(at, passage));
        let mut lines = Lines::default();
        let sentinels = match passage {
            Passage::Config => self.knowledge.settings().sentinels(&text.value),
            _ => Vec::new(),
        };
        for token in find_tokens(&text.value, &self.speech.paths) {
            let at = token.root_range.start;
            let is_sentinel = !sentinels.is_empty() && {
                let line = lines.before(&text.value, at);
                sentinels.iter().any(|sentinel| sentinel.begins(line))
            };
            let passage = match passage {
                _ if is_sentinel => Passage::Sentinel,
                Passage::Config if is_host_path(&text.value, at) => Passage::HostField,
                Passage::UnknownField => self.releases.passage(text.node, at).unwrap_or(passage),
                passage => passage,
            };
            let field = field(at, passage);
            self.collector.push(self.speech, text, field, token, &mut lines);
        }
    }

    /// What a scalar is, by its object's kind and its keys.
    fn passage(&self, object: usize, keys: &[&str]) -> Passage {
        let Some(object) = self.objects.get(object) else { return Passage::UnknownField };
        let last = keys.last().copied().unwrap_or("");
        let kinds = self.knowledge.kinds();
        if self.shadowed {
            return Passage::Shadowed;
        }
        if self.in_base {
            return Passage::Base;
        }
        // A key of its data is a file's name or a setting's, and no field of an object.
        if kinds.is_config(&object.name, keys) {
            return Passage::Config;
        }
        if kinds.is_remote(keys) {
            return Passage::Remote;
        }
        if kinds.is_prose(last) {
            return Passage::Prose;
        }
        if keys.contains(&"annotations") {
            return Passage::Annotation;
        }
        match kinds.nature(&object.name) {
            Some(KindNature::KubeletConfig) => return Passage::KubeletConfig,
            Some(KindNature::Policy) => return Passage::Policy,
            Some(KindNature::Schema) => {
                return if is_default(keys) { Passage::SchemaDefault } else { Passage::Prose };
            }
            Some(KindNature::Config) | None => {}
        }
        match keys {
            [.., "hostPath", "path"] | [.., "pathPrefix"] => Passage::HostField,
            [.., "mountPath"] => Passage::Mount,
            _ if is_default(keys) => Passage::SchemaDefault,
            _ if kinds.is_kubelet_field(&object.name, keys) => Passage::KubeletConfig,
            _ if kinds.is_host_field(&object.name, keys) => Passage::HostField,
            _ => self.patch.as_ref().map_or(Passage::UnknownField, |patch| patch.passage),
        }
    }
}

/// Whether the keys lead into the default of a property in a schema.
fn is_default(keys: &[&str]) -> bool {
    let last = |name: &str| keys.iter().rposition(|&key| key == name);
    last("properties").is_some_and(|at| last("default").is_some_and(|default| default > at))
}

/// Whether a root stands in a manifest within a text as the `path` of a `hostPath`, whoever reads that text.
fn is_host_path(text: &str, at: usize) -> bool {
    let key = |before: &'_ str, name: &str| -> Option<usize> {
        let before = before.trim_end().strip_suffix(':')?;
        Some(before.strip_suffix('"').unwrap_or(before).strip_suffix(name)?.len())
    };
    let is_below = || {
        let before = text.get(..at)?.trim_end_matches('/');
        let path = key(before.strip_suffix(['"', '\'']).unwrap_or(before), "path")?;
        let before = text.get(..path)?;
        let before = before.strip_suffix('"').unwrap_or(before).trim_end();
        key(before.strip_suffix('{').unwrap_or(before), "hostPath")
    };
    is_below().is_some()
}
