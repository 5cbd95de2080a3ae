//! Edits: byte ranges of a text and what takes their place.

use crate::error::Fault;
use crate::source::{Source, Span};

/// A byte range of the source and the text that takes its place; an empty range inserts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Bytes of the original source.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// By how many bytes the edit makes the text longer.
    #[must_use]
    pub fn growth(&self) -> isize {
        self.text.len().cast_signed() - self.span.len().cast_signed()
    }
}

/// What becomes of one source.
#[derive(Debug)]
pub struct Rewritten {
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// The source with the edits applied; `None` when there are none.
    pub output: Option<String>,
}

impl Rewritten {
    /// The text that comes out of a source.
    #[must_use]
    pub fn text<'a>(&'a self, source: &'a Source) -> &'a str {
        self.output.as_deref().unwrap_or_else(|| source.text())
    }
}

/// The text with all edits applied in one pass.
///
/// # Errors
/// A [`Fault`] when edits are out of order, overlap, or don't lie on character boundaries of the
/// text: a rule is wrong then, and a half-edited manifest would be worse than none.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, Fault> {
    let growth: isize = edits.iter().map(Edit::growth).sum();
    let mut out = String::with_capacity(text.len().saturating_add_signed(growth));
    let mut at = 0;
    for edit in edits {
        let untouched = text.get(at..edit.span.start).filter(|_| edit.span.start >= at);
        let untouched = untouched.ok_or_else(|| {
            Fault::new(format!("the edits at byte {at} and byte {} overlap", edit.span.start))
        })?;
        text.get(edit.span.start..edit.span.end).ok_or_else(|| {
            Fault::new(format!("no text at bytes {}..{}", edit.span.start, edit.span.end))
        })?;
        out.push_str(untouched);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span { start, end }, text: text.to_owned() }
    }

    #[test]
    fn edits_apply_in_one_pass() {
        assert_eq!(apply("abcdef", &[]).unwrap(), "abcdef");
        assert_eq!(apply("abcdef", &[edit(3, 3, "-")]).unwrap(), "abc-def");
        assert_eq!(apply("abcdef", &[edit(0, 1, "xy"), edit(4, 6, "")]).unwrap(), "xybcd");
        assert_eq!(apply("abcdef", &[edit(1, 2, ""), edit(2, 3, "")]).unwrap(), "adef");
    }

    #[test]
    fn an_overlap_is_an_error() {
        assert!(apply("abcdef", &[edit(0, 3, "x"), edit(2, 4, "y")]).is_err());
        assert!(apply("abcdef", &[edit(4, 5, "x"), edit(0, 1, "y")]).is_err());
        assert!(apply("abcdef", &[edit(5, 9, "x")]).is_err());
        assert!(apply("äb", &[edit(1, 2, "x")]).is_err());
    }
}
