//! Where a part of a scalar's value is written, and how to write another text in its place.

use std::fmt::Write as _;
use std::ops::Range;

use super::align::pieces;
use super::node::{Node, NodeId, Style};
use super::piece::Decoded;
use super::tree::Document;
use super::{is_allowed, is_blank, is_break};
use crate::source::{BOM, Span};

/// The raw bytes in which the bytes `range` of the scalar's decoded value are written.
///
/// `None` when they aren't one contiguous piece that says nothing else: when the range is empty,
/// reaches over a folded line break or the indentation of a block scalar, or splits a character.
/// For an alias these are bytes of the node it stands for.
pub fn raw_span(doc: &Document, text: &str, id: NodeId, range: Range<usize>) -> Option<Span> {
    let is_part = doc.str(id).is_some_and(|value| value.get(range.clone()).is_some());
    Alignment::of(doc, text, id).span(&range).filter(|_| is_part)
}

/// Where each part of a scalar's value is written, read once for many questions.
///
/// It knows bytes of one text, and is of no use for another.
#[derive(Clone, Debug, Default)]
pub struct Alignment {
    runs: Vec<Run>,
}

/// Bytes of a value that are written in one piece.
#[derive(Clone, Debug)]
struct Run {
    /// Where it begins in the value, and how long it is there.
    at: usize,
    len: usize,
    /// Where it is written.
    raw: Span,
    /// It is written as it is, so that a part of it can be told; of an escape none can.
    verbatim: bool,
    /// How many unfaithful pieces stand before it, and up to its end.
    bent: (usize, usize),
}

impl Alignment {
    /// Reads a scalar; for an alias the one it stands for. Of anything else nothing is known.
    pub fn of(doc: &Document, text: &str, id: NodeId) -> Self {
        let span = doc.span(doc.resolve(id));
        match (doc.node(id), text.get(span.as_range())) {
            (Node::Scalar { value, style }, Some(raw)) => {
                Self { runs: runs(raw, value, style, span.start) }
            }
            _ => Self::default(),
        }
    }

    /// As [`raw_span`]; `None` also for a range of which this value has no bytes.
    pub fn span(&self, range: &Range<usize>) -> Option<Span> {
        if range.is_empty() {
            return None;
        }
        let first = self.first(range)?;
        let last = self.runs.get(self.runs.partition_point(|run| run.at + run.len < range.end))?;
        let start = first.raw.start
            + range
                .start
                .checked_sub(first.at)
                .filter(|skipped| first.verbatim || *skipped == 0)?;
        let end = last.raw.end
            - (last.at + last.len)
                .checked_sub(range.end)
                .filter(|left| last.verbatim || *left == 0)?;
        (first.bent.0 == last.bent.1).then(|| Span::new(start, end))
    }

    /// The bytes from where a range of the value begins to where it ends, whatever stands between: line
    /// breaks that are folded, the indentation of a block. `None` for a range of which nothing is written.
    pub fn hull(&self, range: &Range<usize>) -> Option<Span> {
        let first = self.first(range)?;
        let last =
            self.runs.get(self.runs.partition_point(|run| run.at < range.end).checked_sub(1)?)?;
        let skipped = range.start.saturating_sub(first.at);
        let left = (last.at + last.len).saturating_sub(range.end);
        let start = first.raw.start + if first.verbatim { skipped } else { 0 };
        let end = last.raw.end - if last.verbatim { left } else { 0 };
        (start <= end).then(|| Span::new(start, end))
    }

    /// The run in which a range of the value begins, or the next one.
    fn first(&self, range: &Range<usize>) -> Option<&Run> {
        self.runs.get(self.runs.partition_point(|run| run.at + run.len <= range.start))
    }
}

/// The pieces of a scalar's value, as far as raw text and value agree; those that stand side by
/// side as one.
fn runs(raw: &str, value: &str, style: Style, base: usize) -> Vec<Run> {
    let place = |raw: &Range<usize>| Span::new(base + raw.start, base + raw.end);
    if let Some(inner) = verbatim(raw, value, style) {
        let raw = place(&(inner..inner + value.len()));
        return vec![Run { at: 0, len: value.len(), raw, verbatim: true, bent: (0, 0) }];
    }
    let mut runs: Vec<Run> = Vec::new();
    let (mut at, mut bent) = (0, 0);
    for piece in pieces(raw, value, style) {
        let rest = value.get(at..).unwrap_or_default();
        let len = match &piece.decoded {
            Decoded::Nothing => 0,
            Decoded::Char(c) if rest.starts_with(*c) => c.len_utf8(),
            Decoded::Text(text) if rest.starts_with(text.as_str()) => text.len(),
            Decoded::Char(_) | Decoded::Text(_) => return runs,
        };
        let before = bent;
        bent += usize::from(!piece.faithful);
        if len == 0 {
            continue;
        }
        let raw = place(&piece.raw);
        let verbatim =
            piece.faithful && raw.len() == len && matches!(piece.decoded, Decoded::Char(_));
        match runs.last_mut() {
            Some(last)
                if verbatim
                    && last.verbatim
                    && last.raw.end == raw.start
                    && last.bent.1 == bent =>
            {
                last.len += len;
                last.raw.end = raw.end;
            }
            _ => runs.push(Run { at, len, raw, verbatim, bent: (before, bent) }),
        }
        at += len;
    }
    runs
}

/// Where the value begins in the raw text when it is written there as it is.
fn verbatim(raw: &str, value: &str, style: Style) -> Option<usize> {
    let quote = match style {
        Style::Plain => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        Style::Literal | Style::Folded => return None,
    };
    (raw.get(quote..raw.len().checked_sub(quote)?)? == value).then_some(quote)
}

/// `new` as it must be written to stand inside that scalar, in place of the part of its value that
/// begins `at` a byte.
///
/// `None` when the scalar's style can't hold it, or when that depends on what stands around it:
/// blanks at either end of a plain scalar's part, say.
pub fn encode(doc: &Document, id: NodeId, at: usize, new: &str) -> Option<String> {
    let id = doc.resolve(id);
    let Node::Scalar { value, style } = doc.node(id) else {
        return None;
    };
    if style == Style::DoubleQuoted {
        return Some(double_quoted(new, doc.is_multiline(id)));
    }
    if new.contains(|c| is_break(c) || !is_allowed(c) || c == BOM) {
        return None;
    }
    let blank_ends = new.starts_with(is_blank) || new.ends_with(is_blank);
    let fits = match style {
        // Next to a line break blanks would be folded away.
        Style::SingleQuoted => !(blank_ends && doc.is_multiline(id)),
        Style::Plain => !blank_ends && fits_plain(new, at == 0, doc.in_flow(id)),
        // An empty line or one that begins with a blank changes how its neighbours are read; in literal
        // text only the first line tells how far the others are indented.
        Style::Literal => {
            let before = value.get(..at).unwrap_or_default();
            !new.is_empty() && (!new.starts_with(is_blank) || before.contains(|c| !is_break(c)))
        }
        _ => !new.is_empty() && !new.starts_with(is_blank),
    };
    fits.then(|| match style {
        Style::SingleQuoted => new.replace('\'', "''"),
        _ => new.to_owned(),
    })
}

/// A new scalar, written in this style where the style can hold it.
pub fn spell(text: &str, style: Style, in_flow: bool) -> String {
    let is_odd = text.contains(|c| is_break(c) || !is_allowed(c) || c == BOM);
    let blank_ends = text.starts_with(is_blank) || text.ends_with(is_blank);
    match style {
        Style::SingleQuoted if !is_odd => format!("'{}'", text.replace('\'', "''")),
        Style::Plain | Style::Literal | Style::Folded
            if !is_odd && !blank_ends && fits_plain(text, true, in_flow) =>
        {
            text.to_owned()
        }
        _ => format!("\"{}\"", double_quoted(text, false)),
    }
}

/// Whether a plain scalar can hold `new`, as its beginning or further on in any place.
fn fits_plain(new: &str, is_beginning: bool, in_flow: bool) -> bool {
    let Some(first) = new.chars().next() else {
        // Nothing might be left, and nothing means null.
        return false;
    };
    // `-`, `?` and `:` begin a plain scalar when no blank follows.
    let indicator = match first {
        '-' | '?' => new.chars().nth(1).is_none_or(is_blank),
        ':' | ',' | '[' | ']' | '{' | '}' => true,
        // Behind a blank it begins a comment.
        '#' => true,
        '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => is_beginning,
        _ => false,
    };
    let ends_key = new.ends_with(':') || new.contains(": ") || new.contains(":\t");
    let comment = new.contains(" #") || new.contains("\t#");
    let brackets = in_flow && new.contains([',', '[', ']', '{', '}']);
    // Some readers end a flow scalar at `:?`.
    let question = in_flow && (new.contains(":?") || first == '?');
    !(indicator || ends_key || comment || brackets || question)
}

/// Uses only escapes that JSON knows, too.
fn double_quoted(new: &str, multiline: bool) -> String {
    let mut out = String::with_capacity(new.len());
    let last = new.chars().count().saturating_sub(1);
    for (at, c) in new.chars().enumerate() {
        // Writing to a string doesn't fail.
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            // Next to a line break a blank would be folded away.
            ' ' if multiline && (at == 0 || at == last) => write!(out, "\\u0020"),
            c if is_break(c) || !is_allowed(c) || c == BOM => {
                write!(out, "\\u{:04x}", u32::from(c))
            }
            c => write!(out, "{c}"),
        };
    }
    out
}
