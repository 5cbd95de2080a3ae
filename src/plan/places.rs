//! Where findings' places are written.

use crate::finding::Place;
use crate::source::Span;
use crate::yaml::{Alignment, Document, NodeId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Texts of fewer bytes are read again for every question.
const SHORT: usize = 512;

/// Finds the bytes of places. What a long script takes to be read is spent once for all of them.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// By document and scalar.
    long: Mutex<HashMap<(usize, NodeId), Alignment>>,
}

impl Places {
    /// The bytes of a place; `doc` is its document, which is written in `text`.
    pub(crate) fn span(&self, doc: &Document, text: &str, place: &Place) -> Span {
        let whole = doc.span(place.node);
        let Some(range) = &place.range else { return whole };
        let read = || Alignment::of(doc, text, place.node);
        let spanned = |alignment: &Alignment| {
            alignment.span(range).or_else(|| alignment.hull(range)).unwrap_or(whole)
        };
        if whole.len() < SHORT {
            return spanned(&read());
        }
        let mut long = self.long.lock().unwrap_or_else(PoisonError::into_inner);
        spanned(long.entry((place.doc, place.node)).or_insert_with(read))
    }
}
