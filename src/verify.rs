//! Verification before anything is written: the output is read again, and it means the input with
//! the planned changes and nothing else. That a second run would change nothing is seen from
//! the documents that were read again.

use crate::error::Fault;
use crate::plan::{Change, Edit, Rewritten, apply, changed_as_planned, concretize};
use crate::source::Span;
use crate::stream::{Part, parse_parts};
use crate::yaml::{Document, Item};
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// A source with its edits applied, read again.
pub(crate) struct Output {
    edits: Vec<Edit>,
    /// `None` when there are no edits.
    text: Option<String>,
    /// Where each part that has edits lies in the text; `None` for any other.
    spans: Vec<Option<Span>>,
    /// The documents of each part that has edits, by the part's index.
    reread: BTreeMap<usize, Vec<Document>>,
}

impl Output {
    /// The documents of the output; `parts` are those of the input.
    pub(crate) fn documents<'a>(&'a self, parts: &'a [Part]) -> impl Iterator<Item = &'a Document> {
        let docs = parts
            .iter()
            .enumerate()
            .filter_map(|(index, part)| self.reread.get(&index).or(part.docs.as_ref()));
        docs.flatten()
    }

    /// The edits with the text, and the documents that were read again.
    pub(crate) fn into_rewritten(self) -> (Rewritten, impl Iterator<Item = Vec<Document>>) {
        let rewritten = Rewritten { edits: self.edits, output: self.text };
        (rewritten, self.reread.into_values())
    }

    /// Carries out the changes of a source's documents, by the document's index in the source, and
    /// reads the result.
    ///
    /// # Errors
    /// A [`Fault`] when a change can't be carried out, or what was written can't be read; nothing
    /// must be written then.
    pub(crate) fn of(text: &str, parts: &[Part], changes: &Changes<'_>) -> Result<Self, Fault> {
        let docs: Vec<&Document> =
            parts.iter().filter_map(|part| part.docs.as_ref()).flatten().collect();
        let mut edits = Vec::new();
        for (&index, changes) in changes {
            let Some(doc) = docs.get(index) else { continue };
            edits.append(&mut concretize(doc, text, changes)?);
        }
        edits.sort();
        Self::with(text, parts, edits)
    }

    fn with(text: &str, parts: &[Part], edits: Vec<Edit>) -> Result<Self, Fault> {
        let spans = spans_in_output(parts, &edits);
        if edits.is_empty() {
            return Ok(Self { edits, text: None, spans, reread: BTreeMap::new() });
        }
        let output = apply(text, &edits)?;
        let edited = parts.iter().zip(&spans);
        let edited: Vec<(Span, Vec<Item>)> = edited
            .filter_map(|(part, span)| Some(((*span)?, items_in_output(part, (*span)?, &edits))))
            .collect();
        let reread = parse_parts(&output, &edited).map_err(|error| {
            Fault::new(format!("the output can't be read again: {}", error.message))
        })?;
        let indices = spans.iter().enumerate().filter_map(|(index, span)| span.map(|_| index));
        let reread: BTreeMap<usize, Vec<Document>> = indices.zip(reread).collect();
        Ok(Self { edits, text: Some(output), spans, reread })
    }

    /// Proves that it means the input with these changes and nothing else.
    ///
    /// # Errors
    /// A [`Fault`] when it doesn't; nothing must be written then.
    pub(crate) fn prove(
        &self,
        text: &str,
        parts: &[Part],
        changes: &Changes<'_>,
    ) -> Result<(), Fault> {
        let Some(output) = &self.text else { return Ok(()) };
        for (part, span) in parts.iter().zip(&self.spans) {
            let was = text.get(part.span.as_range()).unwrap_or("");
            let is = span.and_then(|span| output.get(span.as_range())).unwrap_or(was);
            if span.is_some() && is_json(was) && !is_json(is) {
                return Err(Fault::new("the output is no longer JSON"));
            }
        }
        let mut number = 0;
        for (index, part) in parts.iter().enumerate() {
            let Some(docs) = &part.docs else { continue };
            let Some(new_docs) = self.reread.get(&index) else {
                let end = number + docs.len();
                if changes.range(number..end).any(|(_, changes)| !changes.is_empty()) {
                    return Err(Fault::new("a planned change wasn't carried out"));
                }
                number = end;
                continue;
            };
            if new_docs.len() != docs.len() {
                return Err(Fault::new(
                    "the output has another number of documents than the input",
                ));
            }
            for (old, new) in docs.iter().zip(new_docs) {
                let changes = changes.get(&number).copied().unwrap_or_default();
                if !changed_as_planned(old, new, changes) {
                    return Err(Fault::new(
                        "the output doesn't mean the input with the planned changes",
                    ));
                }
                number += 1;
            }
        }
        Ok(())
    }
}

/// The changes of a source's documents that have any, by the document's index in the source.
pub(crate) type Changes<'a> = BTreeMap<usize, &'a [Change]>;

/// Whether a text is JSON, as kubectl and others take what begins with a brace.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok()
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

/// Where a part's items lie in the output; `span` is the part there.
///
/// What is written below an item's last line belongs to it, behind its line break too.
fn items_in_output(part: &Part, span: Span, edits: &[Edit]) -> Vec<Item> {
    let own = edits.partition_point(|edit| edit.span.end <= part.span.start);
    let mut edits = edits.iter().skip(own).peekable();
    let mut grown: isize = 0;
    let mut next = part.items.iter().skip(1).map(|item| item.span.start);
    let shifted = part.items.iter().map(|item| {
        while let Some(edit) = edits.next_if(|edit| edit.span.end <= item.span.start) {
            grown += edit.growth();
        }
        let start = (item.span.start - part.span.start).saturating_add_signed(grown);
        let next = next.next().unwrap_or(part.span.end);
        while let Some(edit) = edits.next_if(|edit| edit.span.end < next) {
            grown += edit.growth();
        }
        let end = (item.span.end - part.span.start).saturating_add_signed(grown);
        Item { span: Span::new(span.start + start, span.start + end), ..*item }
    });
    shifted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::stream::{Wanted, read_all};
    use crate::yaml::list_items;

    const TEXT: &str = "# first\na: 1\n---\npath: /var/lib/kubelet/pods\nother: x\n";

    fn parts() -> Vec<Part> {
        let source = Source::new("x.yaml", TEXT);
        read_all(&[source], &Wanted::needles(&["kubelet"])).unwrap().remove(0)
    }

    fn change(parts: &[Part]) -> Change {
        let doc = &parts[1].docs.as_ref().unwrap()[0];
        let node = doc.get(doc.root().unwrap(), "path").unwrap();
        Change::Replace { node, range: 1..16, text: "data/kubelet".to_owned() }
    }

    fn proved(parts: &[Part], edit: Edit, changes: &[Change]) -> Result<Output, Fault> {
        let output = Output::with(TEXT, parts, vec![edit])?;
        output.prove(TEXT, parts, &BTreeMap::from([(0, changes)]))?;
        Ok(output)
    }

    #[test]
    fn the_planned_output_is_proved() {
        let parts = parts();
        let changes = [change(&parts)];
        let changes = BTreeMap::from([(0, &changes[..])]);
        let output = Output::of(TEXT, &parts, &changes).unwrap();
        output.prove(TEXT, &parts, &changes).unwrap();
        assert_eq!(output.text.unwrap(), TEXT.replace("var/lib", "data"));
    }

    #[test]
    fn a_change_that_was_not_carried_out_is_found_out() {
        let text = TEXT.to_owned() + "---\npath: /var/lib/kubelet/plugins\n";
        let source = Source::new("x.yaml", text.as_str());
        let parts = read_all(&[source], &Wanted::needles(&["kubelet"])).unwrap().remove(0);
        let changes = [change(&parts)];
        let one = BTreeMap::from([(0, &changes[..])]);
        let output = Output::of(&text, &parts, &one).unwrap();
        output.prove(&text, &parts, &one).unwrap();
        let both = BTreeMap::from([(0, &changes[..]), (1, &changes[..])]);
        let error = output.prove(&text, &parts, &both).err().unwrap();
        assert!(error.message.contains("wasn't carried out"), "{error}");
    }

    #[test]
    fn an_edit_one_byte_off_is_found_out() {
        let parts = parts();
        let changes = [change(&parts)];
        let doc = &parts[1].docs.as_ref().unwrap()[0];
        let mut edit = concretize(doc, TEXT, &changes).unwrap().remove(0);
        edit.span = Span { start: edit.span.start + 1, end: edit.span.end + 1 };
        let error = proved(&parts, edit, &changes).err().unwrap();
        assert!(error.message.contains("doesn't mean"), "{error}");
    }

    #[test]
    fn json_that_became_something_else_is_found_out() {
        let text = "{\"path\": \"/var/lib/kubelet\"}";
        let source = Source::new("x.json", text);
        let parts = read_all(&[source], &Wanted::needles(&["kubelet"])).unwrap().remove(0);
        let doc = &parts[0].docs.as_ref().unwrap()[0];
        let node = doc.get(doc.root().unwrap(), "path").unwrap();
        let changes = [Change::Replace { node, range: 1..16, text: "data/kubelet".to_owned() }];
        let changes = BTreeMap::from([(0, &changes[..])]);
        Output::of(text, &parts, &changes).unwrap().prove(text, &parts, &changes).unwrap();
        // YAML reads the same without quotes.
        let edit = Edit { span: Span::new(9, 27), text: "/data/kubelet".to_owned() };
        let output = Output::with(text, &parts, vec![edit]).unwrap();
        assert_eq!(output.text.as_deref(), Some("{\"path\": /data/kubelet}"));
        let error = output.prove(text, &parts, &changes).err().unwrap();
        assert!(error.message.contains("no longer JSON"), "{error}");
    }

    #[test]
    fn items_lie_in_the_output_where_they_would_be_told_apart() {
        let first = "---\na: 1\n";
        let list =
            "---\nkind: List\nitems:\n- a: kubelet\n- b: 1\n- c: kubelet\n  d: |\n    x\n- e: 2\n";
        let text = format!("{first}{list}");
        let span = Span::new(first.len(), text.len());
        let is_needed = |item: &[u8]| memchr::memmem::find(item, b"kubelet").is_some();
        let items = list_items(&text, span, is_needed);
        assert_eq!(items.len(), 4);
        let part = Part { span, docs: None, items };
        let edit = |old: &str, new: &str, before: bool| {
            let at = text.find(old).unwrap();
            let end = at + if before { 0 } else { old.len() };
            Edit { span: Span::new(at, end), text: new.to_owned() }
        };
        let edits = [
            edit("a: 1", "a: 100", false),
            edit("List", "MyList", false),
            edit("kubelet", "my-kubelet", false),
            edit("- e", "  f: kubelet\n", true),
        ];
        let output = apply(&text, &edits).unwrap();
        let grown = edits.iter().map(Edit::growth).sum();
        let span_of_output =
            Span::new(span.start + 2, text.len().checked_add_signed(grown).unwrap());
        let found = items_in_output(&part, span_of_output, &edits);
        assert_eq!(found, list_items(&output, span_of_output, is_needed));
    }

    #[test]
    fn an_output_that_cannot_be_read_is_found_out() {
        let edit = Edit {
            span: Span { start: TEXT.len() - 2, end: TEXT.len() - 1 },
            text: "[".to_owned(),
        };
        let error = proved(&parts(), edit, &[]).err().unwrap();
        assert!(error.message.contains("can't be read again"), "{error}");
    }
}
