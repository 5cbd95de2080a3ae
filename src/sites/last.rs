//! Keys that a mapping has more than once.

use crate::yaml::{Document, NodeId};
use std::collections::HashMap;

/// Which entry of a mapping counts for each key: of equal keys the last one.
pub(super) struct Last<'a> {
    doc: &'a Document,
    entries: &'a [(NodeId, NodeId)],
    /// For large mappings, once somebody asks.
    by_name: Option<HashMap<&'a str, usize>>,
}

impl<'a> Last<'a> {
    /// Up to so many entries it's quicker to look at each.
    const FEW: usize = 16;

    pub(super) fn of(doc: &'a Document, entries: &'a [(NodeId, NodeId)]) -> Self {
        Self { doc, entries, by_name: None }
    }

    /// Whether the entry at a place, which has this name, is the last of it.
    pub(super) fn is(&mut self, at: usize, name: &str) -> bool {
        let (doc, entries) = (self.doc, self.entries);
        let names = move || entries.iter().map(|&(key, _)| doc.str(key).unwrap_or("")).enumerate();
        if entries.len() <= Self::FEW {
            return !names().skip(at + 1).any(|(_, other)| other == name);
        }
        let by_name =
            self.by_name.get_or_insert_with(|| names().map(|(at, name)| (name, at)).collect());
        by_name.get(name) == Some(&at)
    }
}
