//! Where a part of a scalar's value is written, and how to write another text in its place.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::align::{Decoded, pieces};
use super::tree::{Document, Node, NodeId, Style};
use super::{is_allowed, is_blank, is_break};
use crate::source::{BOM, Span};

/// The raw bytes in which the bytes `range` of the scalar's decoded value are written.
///
/// `None` when they aren't one contiguous piece that says nothing else: when the range is empty,
/// reaches over a folded line break or the indentation of a block scalar, or splits a character.
/// For an alias these are bytes of the node it stands for.
pub fn raw_span(doc: &Document, text: &str, id: NodeId, range: Range<usize>) -> Option<Span> {
    raw_spans(doc, text, id, &[range]).pop().flatten()
}

/// [`raw_span`] for several ranges of one scalar, in any order, in one pass over its text.
pub fn raw_spans(
    doc: &Document,
    text: &str,
    id: NodeId,
    ranges: &[Range<usize>],
) -> Vec<Option<Span>> {
    let id = doc.resolve(id);
    let span = doc.span(id);
    let (Node::Scalar { value, style }, Some(raw)) = (doc.node(id), text.get(span.as_range()))
    else {
        return vec![None; ranges.len()];
    };
    let wanted = |range: &&Range<usize>| value.get((*range).clone()).is_some_and(|s| !s.is_empty());
    if let Some(inner) = verbatim(raw, value, style) {
        let base = span.start + inner;
        return ranges
            .iter()
            .map(|range| Some(range).filter(wanted))
            .map(|range| range.map(|range| Span::new(base + range.start, base + range.end)))
            .collect();
    }
    let mut bounds: BTreeMap<usize, Bound> = ranges
        .iter()
        .filter(wanted)
        .flat_map(|range| [range.start, range.end])
        .map(|offset| (offset, Bound::default()))
        .collect();
    locate(&mut bounds, raw, value, style);
    let place = |range: &Range<usize>| {
        let (start, bent) = bounds.get(&range.start)?.before?;
        let (end, bent_at_end) = bounds.get(&range.end)?.after?;
        (bent == bent_at_end).then(|| Span::new(span.start + start, span.start + end))
    };
    ranges.iter().map(|range| Some(range).filter(wanted).and_then(place)).collect()
}

/// An offset in the value, as seen from the raw text.
#[derive(Default)]
struct Bound {
    /// Where the piece that begins here begins, and how many unfaithful pieces lie before it.
    before: Option<(usize, usize)>,
    /// Where the piece that ends here ends, and how many unfaithful pieces there are up to it.
    after: Option<(usize, usize)>,
}

/// Fills in `bounds`, as far as raw text and value agree.
fn locate(bounds: &mut BTreeMap<usize, Bound>, raw: &str, value: &str, style: Style) {
    let Some(last) = bounds.last_key_value().map(|(offset, _)| *offset) else {
        return;
    };
    let mut next_bounds = bounds.iter_mut().peekable();
    let (mut at, mut bent) = (0, 0);
    for piece in pieces(raw, value, style) {
        let rest = value.get(at..).unwrap_or_default();
        let len = match &piece.decoded {
            Decoded::Nothing => 0,
            Decoded::Char(c) if rest.starts_with(*c) => c.len_utf8(),
            Decoded::Text(text) if rest.starts_with(text.as_str()) => text.len(),
            Decoded::Char(_) | Decoded::Text(_) => return,
        };
        if len == 0 {
            bent += usize::from(!piece.faithful);
            continue;
        }
        // Offsets inside a piece have no place.
        while next_bounds.next_if(|(offset, _)| **offset < at).is_some() {}
        if let Some((_, bound)) = next_bounds.peek_mut().filter(|(offset, _)| **offset == at) {
            bound.before = Some((piece.raw.start, bent));
        }
        bent += usize::from(!piece.faithful);
        at += len;
        while next_bounds.next_if(|(offset, _)| **offset < at).is_some() {}
        if let Some((_, bound)) = next_bounds.peek_mut().filter(|(offset, _)| **offset == at) {
            bound.after = Some((piece.raw.end, bent));
        }
        if at >= last {
            return;
        }
    }
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

/// `new` as it must be written to stand inside that scalar, in place of a part of its value.
///
/// `None` when the scalar's style can't hold it, or when that depends on what stands around it:
/// blanks at either end of a plain scalar's part, say.
pub fn encode(doc: &Document, id: NodeId, new: &str) -> Option<String> {
    let id = doc.resolve(id);
    let Node::Scalar { style, .. } = doc.node(id) else {
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
        Style::Plain => !blank_ends && fits_plain(new, doc.in_flow(id)),
        // An empty line or one that begins with a blank changes how its neighbours are read.
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
            if !is_odd && !blank_ends && fits_plain(text, in_flow) =>
        {
            text.to_owned()
        }
        _ => format!("\"{}\"", double_quoted(text, false)),
    }
}

/// Whether a plain scalar can hold `new` in any place.
fn fits_plain(new: &str, in_flow: bool) -> bool {
    let Some(first) = new.chars().next() else {
        // Nothing might be left, and nothing means null.
        return false;
    };
    // `-`, `?` and `:` begin a plain scalar when no blank follows.
    let indicator = match first {
        '-' | '?' => new.chars().nth(1).is_none_or(is_blank),
        ':' | ',' | '[' | ']' | '{' | '}' => true,
        '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => true,
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
