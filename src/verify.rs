//! Verification before anything is written: the output is read again, it means the input with
//! the planned changes and nothing else, and a second run over it would change nothing.

use crate::error::Fault;
use crate::plan::{Change, Edit, changed_as_planned};
use crate::source::Span;
use crate::stream::{Part, parse_parts};
use crate::yaml::Document;
use std::collections::BTreeMap;

/// Proves the output of a run. `second_run` says whether a run over documents plans nothing.
///
/// # Errors
/// A [`Fault`] when the proof fails; nothing must be written then.
pub(crate) fn verify(
    parts: &[Part],
    edits: &[Edit],
    output: &str,
    planned: &BTreeMap<usize, Vec<Change>>,
    second_run: impl Fn(&[&Document]) -> bool,
) -> Result<(), Fault> {
    let spans = spans_in_output(parts, edits);
    let edited: Vec<Span> = spans.iter().copied().flatten().collect();
    let reread = parse_parts(output, &edited).map_err(|error| {
        Fault::new(format!("the output can't be read again: {}", error.message))
    })?;

    let mut reread = reread.iter();
    let mut result: Vec<&Document> = Vec::new();
    for (part, span) in parts.iter().zip(&spans) {
        let Some(docs) = &part.docs else { continue };
        let new_docs = if span.is_some() { reread.next().unwrap_or(docs) } else { docs };
        if new_docs.len() != docs.len() {
            return Err(Fault::new("the output has another number of documents than the input"));
        }
        for (old, new) in docs.iter().zip(new_docs) {
            let changes = planned.get(&result.len()).map_or(&[][..], Vec::as_slice);
            if !changed_as_planned(old, new, changes) {
                return Err(Fault::new(
                    "the output doesn't mean the input with the planned changes",
                ));
            }
            result.push(new);
        }
    }
    if second_run(&result) {
        Ok(())
    } else {
        Err(Fault::new("a second run over the output would change it again"))
    }
}

/// Where each edited part lies in the output; `None` for a part that has no edit.
fn spans_in_output(parts: &[Part], edits: &[Edit]) -> Vec<Option<Span>> {
    let mut edits = edits.iter().peekable();
    let mut shift: isize = 0;
    let mut spans = Vec::with_capacity(parts.len());
    for part in parts {
        let start = part.span.start.saturating_add_signed(shift);
        let mut edited = false;
        while let Some(edit) = edits.next_if(|edit| edit.span.end <= part.span.end) {
            shift += edit.growth();
            edited = true;
        }
        let end = part.span.end.saturating_add_signed(shift);
        spans.push(edited.then_some(Span { start, end }));
    }
    spans
}
