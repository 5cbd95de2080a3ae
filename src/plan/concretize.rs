//! The one place where meaning becomes bytes: changes of nodes become edits of the source.

use super::{Change, Edit};
use crate::error::Fault;
use crate::finding::Place;
use crate::source::Span;
use crate::yaml::{Document, Node, NodeId, Style, encode, raw_span, raw_spans};
use std::collections::BTreeMap;
use std::ops::Range;

/// The edits that carry out the changes of a document; offsets are those of `text`.
///
/// # Errors
/// A [`Fault`] when a value isn't written as one piece that can be replaced faithfully.
pub(crate) fn concretize(
    doc: &Document,
    text: &str,
    changes: &[Change],
) -> Result<Vec<Edit>, Fault> {
    // A long script has many changes; its text is read once for all of them.
    let mut replaced: BTreeMap<NodeId, Vec<(Range<usize>, &str)>> = BTreeMap::new();
    let mut edits = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            Change::Replace { node, range, text } => {
                replaced.entry(*node).or_default().push((range.clone(), text));
            }
            Change::Insert { mapping, after, key, value, written_like } => {
                let entry = doc.entries(*mapping).iter().find(|(own, _)| own == after);
                let &(anchor_key, anchor_value) = entry
                    .ok_or_else(|| Fault::new(format!("{} lost a key", doc.path(*mapping))))?;
                let like = written_like.map_or(Style::Plain, |node| style(doc, node));
                edits.push(if doc.is_flow(*mapping) {
                    insert_in_flow(doc, anchor_key, anchor_value, key, value, like)
                } else {
                    insert_line(doc, text, anchor_key, anchor_value, key, &quoted(value, like))
                });
            }
        }
    }
    for (node, replacements) in replaced {
        let (ranges, texts): (Vec<_>, Vec<_>) = replacements.into_iter().unzip();
        for (span, new) in raw_spans(doc, text, node, &ranges).into_iter().zip(texts) {
            let (Some(span), Some(text)) = (span, encode(doc, node, new)) else {
                let path = doc.path(node);
                return Err(Fault::new(format!("{path} can't be replaced where it is written")));
            };
            edits.push(Edit { span, text });
        }
    }
    Ok(edits)
}

/// The bytes of a finding's place.
pub(crate) fn place_span(doc: &Document, text: &str, place: &Place) -> Span {
    let whole = doc.span(place.node);
    place.range.clone().and_then(|range| raw_span(doc, text, place.node, range)).unwrap_or(whole)
}

/// Behind the neighbour's value, on the same line.
fn insert_in_flow(
    doc: &Document,
    anchor_key: NodeId,
    anchor_value: NodeId,
    key: &str,
    value: &str,
    like: Style,
) -> Edit {
    let end = doc.span(anchor_value).end;
    let key_style = style(doc, anchor_key);
    // A quoted key means JSON, where every string is quoted.
    let value_style = if key_style == Style::Plain { like } else { key_style };
    let text = format!(", {}: {}", quoted(key, key_style), quoted(value, value_style));
    Edit { span: Span { start: end, end }, text }
}

/// A line of its own below the neighbour's line, indented as the neighbour's key is.
fn insert_line(
    doc: &Document,
    text: &str,
    anchor_key: NodeId,
    anchor_value: NodeId,
    key: &str,
    value: &str,
) -> Edit {
    let key_start = doc.span(anchor_key).start;
    let before = text.get(..key_start).unwrap_or("");
    let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let lead = before.get(line_start..).unwrap_or("").trim_start_matches('\u{feff}');
    let indent: String = lead.chars().map(|_| ' ').collect();

    let value_end = doc.span(anchor_value).end;
    let after = text.get(value_end..).unwrap_or("");
    let end = value_end + after.find(['\n', '\r']).unwrap_or(after.len());
    let key = quoted(key, style(doc, anchor_key));
    let text = format!("{}{indent}{key}: {value}", line_break(text, end));
    Edit { span: Span { start: end, end }, text }
}

/// The line break that is in use at `at`, or else in the text before it.
fn line_break(text: &str, at: usize) -> &'static str {
    let here = text.get(at..).unwrap_or("");
    let before = text.get(..at).unwrap_or("");
    let crlf = if here.is_empty() { before.contains("\r\n") } else { here.starts_with("\r\n") };
    if crlf { "\r\n" } else { "\n" }
}

fn style(doc: &Document, node: NodeId) -> Style {
    match doc.node(node) {
        Node::Scalar { style, .. } => style,
        Node::Sequence(_) | Node::Mapping(_) => Style::Plain,
    }
}

fn quoted(word: &str, style: Style) -> String {
    match style {
        Style::DoubleQuoted => format!("\"{word}\""),
        Style::SingleQuoted => format!("'{word}'"),
        Style::Plain | Style::Literal | Style::Folded => word.to_owned(),
    }
}
