//! Settings that can't be written where they belong: a person is told instead.
//!
//! A value may stand in a form into which nothing can be put, such as an empty one in brackets or a
//! block of text that ends with the file. One such object must not stop a run over many others.

use crate::decide::{Added, Analysis, ByHand, Insertion};
use crate::model::Sourced;
use crate::plan::changes;
use crate::source::Source;
use crate::stream::Part;
use crate::verify::Output;
use std::collections::{BTreeMap, BTreeSet};

/// Takes the settings out of each document into which they can't be written, and leaves a finding
/// for each.
pub(crate) fn leave(
    sources: &[Source],
    streams: &[Vec<Part>],
    docs: &[Sourced<'_>],
    analysis: &mut Analysis,
) -> ByHand {
    let planned = changes(docs, analysis);
    let is_setting = |insertion: &Insertion| {
        matches!(insertion.what, Added::Setting { .. }) && insertion.within.is_none()
    };
    let settings = analysis.insertions.iter().filter(|insertion| is_setting(insertion));
    let mut broken = BTreeSet::new();
    let settings: BTreeSet<usize> = settings.map(|insertion| insertion.doc).collect();
    let parts = sources.iter().zip(streams).flat_map(|(source, parts)| {
        let parsed = parts.iter().filter_map(|part| Some((part, part.docs.as_ref()?.len())));
        parsed.map(move |(part, count)| (source.text(), part, count))
    });
    let mut first = 0;
    for (text, part, count) in parts {
        for &doc in settings.range(first..first + count) {
            let Some(own) = planned.get(&doc) else { continue };
            let own = BTreeMap::from([(doc - first, own.as_slice())]);
            let part = std::slice::from_ref(part);
            let output = Output::of(text, part, &own);
            if output.and_then(|output| output.prove(text, part, &own)).is_err() {
                broken.insert(doc);
            }
        }
        first += count;
    }
    let mut by_hand = ByHand::new();
    let (left, kept) = std::mem::take(&mut analysis.insertions)
        .into_iter()
        .partition(|insertion| is_setting(insertion) && broken.contains(&insertion.doc));
    analysis.insertions = kept;
    let left: Vec<Insertion> = left;
    for insertion in left {
        by_hand.entry(insertion.doc).or_default().insert(insertion.line().to_owned());
        analysis.findings.extend(insertion.missing(false));
    }
    by_hand
}
