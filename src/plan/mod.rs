//! The plan: what changes, as edits of the source's bytes, verified before anything is written.
//!
//! Decisions name nodes; `concretize` is the one place that turns them into byte ranges. All
//! edits are planned against the original text, applied once, and the result is read again.

mod compare;
mod concretize;
mod edit;
mod places;
mod written;

pub use edit::{Edit, Rewritten, apply};

use crate::decide::{Analysis, Insertion, Replaced, Spot, Value};
use crate::model::{Sourced, is_null};
use crate::sites::{Field, Passage, Site};
use crate::yaml::NodeId;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

pub(crate) use compare::changed_as_planned;
pub(crate) use concretize::concretize;
pub(crate) use places::Places;
pub(crate) use written::without_properties;

/// One change of a document's meaning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Change {
    /// These bytes of a scalar's decoded value become this text.
    Replace { node: NodeId, range: Range<usize>, text: String },
    /// Something is written where nothing was.
    Insert { spot: Spot, value: Value, written_like: Option<NodeId> },
}

impl Change {
    /// Takes in a change that writes more into the same collection, which isn't there yet; whether
    /// it is one.
    fn takes_in(&mut self, other: &Self) -> bool {
        let (Self::Insert { value, .. }, Self::Insert { value: more, .. }) = (self, other) else {
            return false;
        };
        let Some(joined) = value.joined(more) else { return false };
        *value = joined;
        true
    }
}

/// The changes of each document that has any, by the document's index.
pub(crate) fn changes(docs: &[Sourced<'_>], analysis: &Analysis) -> BTreeMap<usize, Vec<Change>> {
    let mut changes: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
    let mut known: HashSet<(usize, Change)> = HashSet::new();
    let mut new: HashMap<(usize, Spot), usize> = HashMap::new();
    let mut add = |doc: usize, change: Change| {
        // A scalar or mapping that an anchor shares is reached more than once.
        if known.insert((doc, change.clone())) {
            let changes = changes.entry(doc).or_default();
            // Several settings may need the same list that isn't there.
            if let Change::Insert { spot: spot @ (Spot::Key { .. } | Spot::Instead(_)), .. } =
                &change
            {
                let at = *new.entry((doc, spot.clone())).or_insert(changes.len());
                if changes.get_mut(at).is_some_and(|earlier| earlier.takes_in(&change)) {
                    return;
                }
            }
            changes.push(change);
        }
    };
    for Replaced { doc, node, range, text } in &analysis.replaced {
        add(*doc, Change::Replace { node: *node, range: range.clone(), text: text.clone() });
    }
    let is_own = |site: &Site| !matches!(site.field, Field::Elsewhere(Passage::Manifest, _));
    for (site, decision) in analysis.decided().filter(|(site, _)| is_own(site)) {
        let Some(text) = decision.action.text() else { continue };
        let spelled = docs
            .get(site.doc)
            .and_then(|sourced| sourced.doc.str(site.node))
            .and_then(|value| value.get(site.range.clone()));
        if spelled != Some(text.as_str()) {
            add(site.doc, Change::Replace { node: site.node, range: site.range.clone(), text });
        }
    }
    let own = analysis.insertions.iter().filter(|insertion| insertion.within.is_none());
    for Insertion { doc, spot, value, written_like, .. } in own {
        let sourced = docs.get(*doc);
        let old = match spot {
            // A null has no quotes to keep.
            Spot::Instead(node) => sourced
                .filter(|sourced| !is_null(sourced.doc, *node))
                .and_then(|sourced| sourced.doc.str(*node)),
            Spot::Key { .. } | Spot::Item { .. } => None,
        };
        let change = match (spot, value, old) {
            // A word takes the place of another and is written as that one was.
            (Spot::Instead(node), Value::Scalar(text), Some(old)) if !old.is_empty() => {
                Change::Replace { node: *node, range: 0..old.len(), text: text.clone() }
            }
            _ => {
                let (spot, value) = (spot.clone(), value.clone());
                Change::Insert { spot, value, written_like: *written_like }
            }
        };
        add(*doc, change);
    }
    changes
}
