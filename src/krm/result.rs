//! What a function has found, in the words of the specification.

use super::Problem;
use crate::finding::{Finding, Place};
use crate::model::{ObjectRef, ResourceList};
use crate::relocate::Relocation;
use crate::report::plain;
use crate::words::Catalogue;
use crate::yaml::{Document, NodeId, NodeSet};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// One of `results`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionResult {
    /// What is there, and what to do.
    pub message: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// The object it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_ref: Option<ResourceRef>,
    /// The field of that object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// The file that the object comes from, where the orchestrator says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
    /// The rule.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// Which object a result is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRef {
    /// Its group and version.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Which field a result is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// As in `spec.template.spec.containers[0].image`.
    pub path: String,
    /// What the function has found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_value: Option<String>,
    /// What it has put there, or what could stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_value: Option<String>,
}

/// Where an object comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct File {
    /// Below the folder that the orchestrator reads.
    pub path: String,
    /// Which document of the file.
    pub index: usize,
}

/// Each finding of a relocation as a result, in the same order.
#[must_use]
pub fn results(relocation: &Relocation, words: &Catalogue) -> Vec<FunctionResult> {
    let after = After::of(relocation);
    let findings = relocation.analysis.findings.iter();
    findings.map(|finding| of_finding(finding, &after, words)).collect()
}

/// Bytes of a scalar's value, and their new text.
type Moved<'a> = (&'a Range<usize>, String);

/// What is asked of a run for each of its findings.
struct After<'a> {
    docs: &'a [Document],
    /// The objects of each document that is a list.
    items: Vec<NodeSet>,
    /// By document and scalar: the bytes that change, and their new text, from the last one on.
    moved: HashMap<(usize, NodeId), Vec<Moved<'a>>>,
}

fn of_finding(finding: &Finding, after: &After<'_>, words: &Catalogue) -> FunctionResult {
    let (said, help) = (words.say(&finding.message), words.help(&finding.message));
    let tags = BTreeMap::from([("rule".to_owned(), finding.rule.id().to_owned())]);
    let place = finding.places.first();
    let located = place.and_then(|place| Some((place, after.docs.get(place.doc)?)));
    let bare = FunctionResult {
        message: plain(&format!("{said} (help: {help})")),
        severity: finding.severity.to_string(),
        resource_ref: None,
        field: None,
        file: None,
        tags,
    };
    let Some((place, doc)) = located else { return bare };
    let item = after.item_of(doc, place);
    let resource_ref = ResourceRef::of(doc, item);
    // Without the object, nobody could tell whose field it is.
    let field = resource_ref.as_ref().and_then(|_| Field::at(place, doc, item, after));
    FunctionResult { resource_ref, field, file: File::of(doc, item), ..bare }
}

impl<'a> After<'a> {
    fn of(relocation: &'a Relocation) -> Self {
        let docs = relocation.documents();
        let lists = docs.iter().map(ResourceList::read);
        let items = lists
            .map(|list| list.map(|list| list.items).unwrap_or_default().into_iter().collect())
            .collect();
        let mut moved: HashMap<_, Vec<Moved<'_>>> = HashMap::new();
        for (site, decision) in relocation.analysis.decided() {
            let Some(text) = decision.action.text() else { continue };
            moved.entry((site.doc, site.node)).or_default().push((&site.range, text));
        }
        for of_scalar in moved.values_mut() {
            // From the end, so that what is before stays where it is; a scalar that an anchor
            // shares has its sites more than once.
            of_scalar.sort_by_key(|(range, _)| Reverse(range.start));
            of_scalar.dedup_by_key(|(range, _)| range.start);
        }
        Self { docs, items, moved }
    }

    /// The object of the list, or the document, in which a place lies.
    fn item_of(&self, doc: &Document, place: &Place) -> NodeId {
        let items = self.items.get(place.doc);
        let mut at = place.node;
        while !items.is_some_and(|items| items.contains(&at)) {
            let Some(parent) = doc.parent(at) else { break };
            at = parent;
        }
        at
    }

    /// The value of a scalar after the run, where the run changes it.
    fn value(&self, place: &Place, value: &str) -> Option<String> {
        let mut new = value.to_owned();
        for (range, text) in self.moved.get(&(place.doc, place.node))? {
            new.get(range.start..range.end)?;
            new.replace_range((*range).clone(), text);
        }
        (new != value).then_some(new)
    }
}

impl FunctionResult {
    /// What is wrong with a configuration, which stands in the list at a node.
    #[must_use]
    pub fn of_problem(problem: Problem, config: Option<(&Document, NodeId)>) -> Self {
        let Problem { field, current, proposed, message } = problem;
        let resource_ref = config.and_then(|(doc, node)| ResourceRef::of(doc, node));
        let field = (resource_ref.is_some() && !field.is_empty()).then(|| Field {
            path: field,
            current_value: current.filter(|text| is_shown(text)),
            proposed_value: proposed,
        });
        Self {
            message: plain(&message),
            severity: "error".to_owned(),
            resource_ref,
            field,
            file: config.and_then(|(doc, node)| File::of(doc, node)),
            tags: BTreeMap::new(),
        }
    }
}

impl ResourceRef {
    /// All of it is required but the namespace.
    fn of(doc: &Document, object: NodeId) -> Option<Self> {
        let ObjectRef { api_version, kind, name, namespace } = ObjectRef::read(doc, object);
        let is_whole = !api_version.is_empty() && !kind.is_empty() && !name.is_empty();
        is_whole.then(|| Self {
            api_version: plain(&api_version),
            kind: plain(&kind),
            namespace: plain(&namespace),
            name: plain(&name),
        })
    }
}

impl Field {
    fn at(place: &Place, doc: &Document, item: NodeId, after: &After<'_>) -> Option<Self> {
        let (whole, of_item) = (doc.path(place.node), doc.path(item));
        let path = whole.strip_prefix(&of_item)?.trim_start_matches('.');
        let value = doc.str(place.node).filter(|value| is_shown(value));
        let moved = value.and_then(|value| after.value(place, value));
        (!path.is_empty()).then(|| Self {
            path: plain(path),
            current_value: value.map(str::to_owned),
            proposed_value: moved.filter(|value| is_shown(value)),
        })
    }
}

/// The longest value that is shown, in bytes. A text with many paths can have as many findings, each
/// of which would repeat all of it, twice.
const LONGEST_SHOWN: usize = 1024;

/// Whether a value can be shown in a line; a script can't, nor can a long text.
fn is_shown(value: &str) -> bool {
    value.len() <= LONGEST_SHOWN && plain(value) == value
}

impl File {
    /// The orchestrator says it by annotations, of which the second pair is the older.
    fn of(doc: &Document, object: NodeId) -> Option<Self> {
        let annotations = doc.get(doc.get(object, "metadata")?, "annotations")?;
        let read = |name: &str| {
            let names = [
                format!("internal.config.kubernetes.io/{name}"),
                format!("config.kubernetes.io/{name}"),
            ];
            names.iter().find_map(|name| doc.str(doc.get(annotations, name)?))
        };
        let index = read("index").and_then(|index| index.parse().ok());
        Some(Self { path: plain(read("path")?), index: index.unwrap_or_default() })
    }
}
