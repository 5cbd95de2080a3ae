//! Verification before anything is written: the output is read again, it means the input with
//! the planned changes and nothing else, and a second run over it would change nothing.

use crate::error::Fault;
use crate::plan::{Change, Edit, apply, changed_as_planned};
use crate::source::Span;
use crate::stream::{Part, parse_parts};
use crate::yaml::Document;
use std::collections::BTreeMap;

/// The text with the edits applied, and proved. `second_run` says whether a run over documents
/// plans nothing.
///
/// # Errors
/// A [`Fault`] when the edits can't be applied or the proof fails; nothing must be written then.
pub(crate) fn proved_output(
    text: &str,
    parts: &[Part],
    edits: &[Edit],
    planned: &BTreeMap<usize, Vec<Change>>,
    second_run: impl Fn(&[&Document]) -> bool,
) -> Result<String, Fault> {
    let output = apply(text, edits)?;
    if !edits.is_empty() {
        verify(parts, edits, &output, planned, second_run)?;
    }
    Ok(output)
}

fn verify(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::concretize;
    use crate::stream::{Wanted, read};

    const TEXT: &str = "# first\na: 1\n---\npath: /var/lib/kubelet/pods\nother: x\n";

    /// The proof of an output whose one edit is the planned one, moved by some bytes.
    fn proof(shift: usize, settled: bool) -> Result<String, Fault> {
        let parts = read(TEXT, &Wanted::needles(&["kubelet"])).unwrap();
        let doc = &parts[1].docs.as_ref().unwrap()[0];
        let node = doc.get(doc.root().unwrap(), "path").unwrap();
        let change = Change::Replace { node, range: 1..16, text: "data/kubelet".to_owned() };
        let changes = vec![change];
        let mut edit = concretize(doc, TEXT, &changes).unwrap().remove(0);
        edit.span = Span { start: edit.span.start + shift, end: edit.span.end + shift };
        proved_output(TEXT, &parts, &[edit], &BTreeMap::from([(0, changes)]), |_| settled)
    }

    #[test]
    fn the_planned_output_is_proved() {
        assert_eq!(proof(0, true).unwrap(), TEXT.replace("var/lib", "data"));
    }

    #[test]
    fn an_edit_one_byte_off_is_found_out() {
        assert!(proof(1, true).unwrap_err().message.contains("doesn't mean"));
    }

    #[test]
    fn an_output_that_another_run_would_change_is_found_out() {
        assert!(proof(0, false).unwrap_err().message.contains("second run"));
    }

    #[test]
    fn an_output_that_cannot_be_read_is_found_out() {
        let parts = read(TEXT, &Wanted::needles(&["kubelet"])).unwrap();
        let edit = Edit {
            span: Span { start: TEXT.len() - 2, end: TEXT.len() - 1 },
            text: "[".to_owned(),
        };
        let error = proved_output(TEXT, &parts, &[edit], &BTreeMap::new(), |_| true).unwrap_err();
        assert!(error.message.contains("can't be read again"), "{error}");
    }
}
