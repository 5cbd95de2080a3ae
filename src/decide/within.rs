//! Manifests within texts: a ConfigMap that a controller applies to clusters, as Cluster API's resource
//! sets and many operators do. Their paths are those of the pods in them, whoever reads the text.

use super::hidden::is_row;
use crate::knowledge::{KindNature, Knowledge};
use crate::model::{Manifest, Object, ObjectRef, describes_base, is_null, last_entries, objects};
use crate::yaml::{Document, Node, NodeId, Style, chunks, parse};
use memchr::memmem;

/// How many texts within each other are read as manifests; further in, they are data. Each costs as much
/// as the text around it.
pub(crate) const LEVELS: usize = 3;

/// The texts in an object's data that are manifests of their own; so many `levels` of texts within texts
/// are looked at.
pub(super) fn manifests(
    doc: &Document,
    object: &Object,
    knowledge: &Knowledge,
    levels: usize,
) -> Vec<Manifest> {
    let sections = knowledge.kinds().sections(&object.name);
    if levels == 0 || sections.is_empty() || describes_base(doc, object.node) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for section in sections {
        let Some(data) = doc.get(object.node, section) else { continue };
        let own = last_entries(doc, data).into_iter();
        let own = own.filter(|(_, node)| is_manifest(doc, *node, knowledge, levels));
        found.extend(own.map(|(key, node)| Manifest { node, field: format!("{section}.{key}") }));
    }
    found.sort_by_key(|manifest| manifest.node);
    found
}

/// Whether a scalar is a manifest: every document of it is an object, or a list of some, and what is known
/// here of one of them is more than that it's data.
fn is_manifest(doc: &Document, node: NodeId, knowledge: &Knowledge, levels: usize) -> bool {
    let Node::Scalar { value, style } = doc.node(node) else { return false };
    let has = |word: &str| memmem::find(value.as_bytes(), word.as_bytes()).is_some();
    // What is shared has other uses. And in folded text a new line can't be told from an old one; what is
    // written into one line is no line of its own.
    let is_open = !doc.is_alias(node) && !doc.is_shared(node);
    let holds_lines = matches!(style, Style::Literal | Style::DoubleQuoted)
        || !value.trim_end_matches('\n').contains('\n');
    if !is_open || !holds_lines || !has("apiVersion") || !has("kind") {
        return false;
    }
    let mut says_more = false;
    for chunk in chunks(value) {
        let Ok(docs) = parse(value, chunk) else { return false };
        for inner in &docs {
            let Some(root) = inner.root().filter(|root| !is_null(inner, *root)) else { continue };
            let items = inner.items(root);
            let roots = if items.is_empty() { std::slice::from_ref(&root) } else { items };
            let is_object = |&root: &NodeId| {
                let name = ObjectRef::read(inner, root);
                !name.kind.is_empty() && !name.api_version.is_empty()
            };
            if !roots.iter().all(is_object) {
                return false;
            }
            says_more |= objects(inner).iter().any(|object| {
                says_more_than_data(inner, object, knowledge)
                    || !manifests(inner, object, knowledge, levels - 1).is_empty()
            });
        }
    }
    says_more
}

fn says_more_than_data(doc: &Document, object: &Object, knowledge: &Knowledge) -> bool {
    let nature = knowledge.kinds().nature(&object.name);
    let is_of_driver = || {
        let mut drivers = knowledge.drivers().by_kind(object.name.group(), &object.name.kind);
        drivers.any(|(_, driver)| driver.objects.iter().any(|row| is_row(row, doc, object)))
    };
    !object.pods.is_empty()
        || knowledge.kinds().releases(&object.name).next().is_some()
        || is_of_driver()
        || !object.host_fields.is_empty()
        || nature.is_some_and(|nature| nature != KindNature::Config)
}
