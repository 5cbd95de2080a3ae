//! Edits of a manifest within a text, as edits of the scalar that carries it.

use crate::decide::propagation;
use crate::error::Fault;
use crate::model::Sourced;
use crate::plan::{Change, Edit, apply, changes, concretize};
use crate::relocate::Relocation;
use crate::source::Source;
use crate::yaml::{Document, NodeId};

/// The scalar that carries a text.
pub(super) struct Carried<'a> {
    pub(super) doc: &'a Document,
    /// The text that the document is written in.
    pub(super) text: &'a str,
    pub(super) node: NodeId,
}

impl Carried<'_> {
    /// What is edited in the text, which is one of the `sources` of a relocation. Where something can't be
    /// written into it as it stands in its document, nothing new is written, and a person is told.
    ///
    /// # Errors
    /// A [`Fault`] when not even that can be carried out.
    pub(super) fn edits(
        &self,
        sources: &[Source],
        index: usize,
        inner: &mut Relocation,
    ) -> Result<Vec<Edit>, Fault> {
        let (Some(source), Some(rewritten)) = (sources.get(index), inner.rewritten.get(index))
        else {
            return Ok(Vec::new());
        };
        let text = source.text();
        match self.replaced(text, &rewritten.edits, rewritten.text(source)) {
            Ok(edits) => Ok(edits),
            Err(fault) => {
                let edits = without_insertions(text, index, inner).ok_or(fault)?;
                self.replaced(text, &edits, &apply(text, &edits)?)
            }
        }
    }

    /// The edits, which make another text of one, as replacements of bytes that are there and that can be
    /// carried out in the document.
    fn replaced(&self, text: &str, edits: &[Edit], edited: &str) -> Result<Vec<Edit>, Fault> {
        let replaced = in_value(text, edits)?;
        if apply(text, &replaced)? != edited {
            return Err(Fault::new("edits of a text became others"));
        }
        let changes: Vec<Change> = replaced
            .iter()
            .map(|Edit { span, text }| Change::Replace {
                node: self.node,
                range: span.as_range(),
                text: text.clone(),
            })
            .collect();
        concretize(self.doc, self.text, &changes)?;
        Ok(replaced)
    }
}

/// The edits of a source but for what is written where nothing was; that is left to a person then. `None`
/// where it isn't to blame.
fn without_insertions(text: &str, index: usize, inner: &mut Relocation) -> Option<Vec<Edit>> {
    let insertions = std::mem::take(&mut inner.analysis.insertions);
    let (left, kept) = insertions.into_iter().partition(|it| inner.source_of(it.doc) == index);
    let left: Vec<_> = left;
    inner.analysis.insertions = kept;
    if left.is_empty() {
        return None;
    }
    for insertion in &left {
        let said = insertion
            .missing(false)
            .or_else(|| propagation::left(insertion, &inner.analysis.objects));
        inner.analysis.findings.extend(said);
    }
    let documents = inner.documents().iter().enumerate();
    let docs: Vec<Sourced<'_>> =
        documents.map(|(doc, it)| Sourced { doc: it, source: inner.source_of(doc) }).collect();
    let mut edits = Vec::new();
    for (number, changes) in changes(&docs, &inner.analysis) {
        let Some(&Sourced { doc, source }) = docs.get(number) else { continue };
        if source == index {
            edits.append(&mut concretize(doc, text, &changes).ok()?);
        }
    }
    edits.sort();
    Some(edits)
}

/// Edits of a value as replacements of bytes that are there: what is written between two characters takes one
/// of them along, the one before it if that doesn't end a line.
fn in_value(text: &str, edits: &[Edit]) -> Result<Vec<Edit>, Fault> {
    let mut replaced: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        let mut edit = at_end_of_line(text, edit);
        if !edit.span.is_empty() {
            replaced.push(edit);
            continue;
        }
        if let Some(last) = replaced.last_mut().filter(|last| last.span.end == edit.span.start) {
            last.text.push_str(&edit.text);
            continue;
        }
        let before = text.get(..edit.span.start).and_then(|text| text.chars().next_back());
        let Some(before) = before.filter(|c| *c != '\n') else {
            return Err(Fault::new("nothing can be written behind an empty line of a text"));
        };
        edit.span.start -= before.len_utf8();
        edit.text.insert(0, before);
        replaced.push(edit);
    }
    Ok(replaced)
}

/// Lines that are written below a line as if they were written behind it, before its line break.
fn at_end_of_line(text: &str, edit: &Edit) -> Edit {
    let before = text.get(..edit.span.start).unwrap_or_default();
    let lines = edit.text.strip_suffix('\n').filter(|_| edit.span.is_empty());
    match (lines, before.ends_with('\n')) {
        (Some(lines), true) => {
            let mut edit = edit.clone();
            edit.span.start -= 1;
            edit.span.end -= 1;
            edit.text = format!("\n{lines}");
            edit
        }
        _ => edit.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    fn replaced(text: &str, edits: &[Edit]) -> Vec<Edit> {
        let replaced = in_value(text, edits).unwrap();
        assert!(replaced.iter().all(|edit| !edit.span.is_empty()));
        assert_eq!(apply(text, &replaced).unwrap(), apply(text, edits).unwrap());
        replaced
    }

    #[test]
    fn what_is_written_between_two_characters_takes_one_along() {
        assert_eq!(replaced("a\nb\n", &[edit(1, 1, "\nx")]), [edit(0, 1, "a\nx")]);
        assert_eq!(replaced("a\nb\n", &[edit(2, 2, "x\n")]), [edit(0, 1, "a\nx")]);
        assert_eq!(replaced("a\nb\n", &[edit(4, 4, "x\n")]), [edit(2, 3, "b\nx")]);
        assert_eq!(replaced("a\nb\n", &[edit(2, 4, "x\n")]), [edit(2, 4, "x\n")]);
        assert_eq!(replaced("ab", &[edit(0, 1, "c"), edit(1, 1, "d")]), [edit(0, 1, "cd")]);
        let both = [edit(0, 1, "c"), edit(2, 2, "d\n"), edit(2, 3, "e")];
        assert_eq!(replaced("a\nb", &both), [edit(0, 1, "c\nd"), edit(2, 3, "e")]);
        assert_eq!(replaced("äb", &[edit(2, 2, "d"), edit(2, 3, "c")]).len(), 2);
        assert_eq!(replaced("a\r\nb", &[edit(3, 3, "x\r\n")]), [edit(1, 2, "\r\nx\r")]);
    }

    #[test]
    fn behind_an_empty_line_is_a_fault() {
        assert!(in_value("a\n\n", &[edit(3, 3, "x\n")]).is_err());
        assert!(in_value("", &[edit(0, 0, "x")]).is_err());
    }
}
