//! Settings that can't be written where they belong: a person is told instead.
//!
//! A value may stand in a form into which nothing can be put, such as an empty one in brackets or a
//! block of text that ends with the file. One such object must not stop a run over many others.

use crate::decide::{Added, Analysis, Insertion};
use crate::model::Sourced;
use crate::plan::changes;
use crate::source::Source;
use crate::stream::Part;
use crate::verify::Output;
use std::collections::{BTreeMap, BTreeSet};

/// Takes the settings out of each document into which they can't be written, and leaves a finding
/// for each; gives their lines.
pub(crate) fn leave(
    sources: &[Source],
    streams: &[Vec<Part>],
    docs: &[Sourced<'_>],
    analysis: &mut Analysis,
) -> BTreeSet<String> {
    let planned = changes(docs, analysis);
    let is_setting = |insertion: &Insertion| matches!(insertion.what, Added::Setting { .. });
    let settings = analysis.insertions.iter().filter(|insertion| is_setting(insertion));
    let mut broken = BTreeSet::new();
    for doc in settings.map(|insertion| insertion.doc).collect::<BTreeSet<usize>>() {
        let Some(source) = docs.get(doc).map(|sourced| sourced.source) else { continue };
        let first = docs.iter().position(|sourced| sourced.source == source).unwrap_or(doc);
        let (Some(text), Some(parts), Some(own)) =
            (sources.get(source), streams.get(source), planned.get(&doc))
        else {
            continue;
        };
        let own = BTreeMap::from([(doc - first, own.as_slice())]);
        let text = text.text();
        let proved =
            Output::of(text, parts, &own).and_then(|output| output.prove(text, parts, &own));
        if proved.is_err() {
            broken.insert(doc);
        }
    }
    let mut lines = BTreeSet::new();
    let (left, kept) = std::mem::take(&mut analysis.insertions)
        .into_iter()
        .partition(|insertion| is_setting(insertion) && broken.contains(&insertion.doc));
    analysis.insertions = kept;
    let left: Vec<Insertion> = left;
    for insertion in left {
        lines.insert(insertion.line().to_owned());
        analysis.findings.extend(insertion.missing(false));
    }
    lines
}
