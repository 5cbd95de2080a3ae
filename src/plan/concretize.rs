//! The one place where meaning becomes bytes: changes of nodes become edits of the source.

use super::written::{Hand, column, line_break, line_end, list_step};
use super::{Change, Edit};
use crate::decide::{Spot, Value};
use crate::error::Fault;
use crate::parallel;
use crate::source::Span;
use crate::yaml::{Alignment, Document, Node, NodeId, Style, encode, line_before, spell};
use std::cmp::Reverse;
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
    let mut replaced: Vec<Replaced<'_>> = Vec::new();
    let mut inserted: Vec<Inserted> = Vec::new();
    for change in changes {
        match change {
            Change::Replace { node, range, text } => replaced.push((*node, range, text)),
            Change::Insert { spot, value, written_like } => {
                inserted.push(insert(doc, text, spot, value, *written_like)?);
            }
        }
    }
    let mut edits = merged(inserted);
    replaced.sort_by_key(|(node, ..)| *node);
    let by_node: Vec<_> = replaced.chunk_by(|(node, ..), (next, ..)| node == next).collect();
    let bytes = doc.span_of_document().len();
    for replaced in parallel::stretches(&by_node, bytes, |_, nodes| replace(doc, text, nodes)) {
        edits.append(&mut replaced?);
    }
    Ok(edits)
}

/// A scalar, a range of its value, and the text that takes the place of that.
type Replaced<'a> = (NodeId, &'a Range<usize>, &'a str);

/// The edits that replace parts of scalars, each with all that is replaced in it: a long script has
/// many changes, and its text is read once for them.
fn replace(doc: &Document, text: &str, nodes: &[&[Replaced<'_>]]) -> Result<Vec<Edit>, Fault> {
    let mut edits = Vec::with_capacity(nodes.len());
    for replaced in nodes {
        let Some(&(node, ..)) = replaced.first() else { continue };
        let alignment = Alignment::of(doc, text, node);
        for (_, range, new) in *replaced {
            let span = alignment.span(range);
            let encoded = match span.filter(|_| new.contains('\n')) {
                Some(span) => in_lines(doc, text, node, (range.start, span), new),
                None => encode(doc, node, range.start, new),
            };
            let (Some(span), Some(text)) = (span, encoded) else {
                let path = doc.path(node);
                return Err(Fault::new(format!("{path} can't be replaced where it is written")));
            };
            edits.push(Edit { span, text });
        }
    }
    Ok(edits)
}

/// `new`, which has several lines, as it must be written from a byte of a scalar's value on, and from where
/// that is written; `None` where the scalar's style can't hold it.
fn in_lines(
    doc: &Document,
    text: &str,
    node: NodeId,
    (at, span): (usize, Span),
    new: &str,
) -> Option<String> {
    let Node::Scalar { value, style: Style::Literal } = doc.node(node) else {
        return encode(doc, node, at, new);
    };
    let before = value.get(..at)?;
    let in_value = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
    let indent = line_before(text, span.start).len().checked_sub(in_value)?;
    let line_break = format!("{}{}", line_break(text, line_end(text, span)), " ".repeat(indent));
    let lines: Option<Vec<String>> = new
        .split('\n')
        .map(|line| match line {
            "" => Some(String::new()),
            _ => encode(doc, node, at, line),
        })
        .collect();
    Some(lines?.join(&line_break))
}

/// An edit that writes something new.
struct Inserted {
    edit: Edit,
    /// How many columns it is indented; 0 for what isn't on lines of its own.
    indent: usize,
}

impl From<Edit> for Inserted {
    fn from(edit: Edit) -> Self {
        Self { edit, indent: 0 }
    }
}

/// What is written at one place as one edit: what is further in comes first, since it belongs to
/// the collection that ends there; otherwise in the order in which it was asked for.
fn merged(mut inserted: Vec<Inserted>) -> Vec<Edit> {
    inserted.sort_by_key(|inserted| (inserted.edit.span, Reverse(inserted.indent)));
    let mut edits: Vec<Edit> = Vec::with_capacity(inserted.len());
    for Inserted { edit, .. } in inserted {
        match edits.last_mut() {
            Some(last) if last.span == edit.span => last.text.push_str(&edit.text),
            _ => edits.push(edit),
        }
    }
    edits
}

/// The edit that writes something where nothing was.
fn insert(
    doc: &Document,
    text: &str,
    spot: &Spot,
    value: &Value,
    written_like: Option<NodeId>,
) -> Result<Inserted, Fault> {
    match spot {
        Spot::Instead(node) => {
            let near = doc.parent(*node).unwrap_or(*node);
            let hand = Hand::of(doc, near, written_like);
            fill(doc, text, *node, value, hand)
        }
        Spot::Key { mapping, after, key } => {
            let hand = Hand::of(doc, *mapping, written_like);
            let mut entries = doc.entries(*mapping).iter();
            let &(_, last) = entries
                .find(|(own, _)| own == after)
                .ok_or_else(|| Fault::new(format!("{} lost a key", doc.path(*mapping))))?;
            if doc.is_flow(*mapping) {
                return Ok(behind(doc.span(last), &hand.flow_entry(key, value)).into());
            }
            let step = list_step(doc, text, *mapping);
            let lines = hand.block_entry(key, value, step);
            Ok(below(text, column(text, doc.span(*after).start), doc.span(last), &lines))
        }
        Spot::Item { list, after } => {
            let hand = Hand::of(doc, *after, written_like);
            let span = doc.span(*after);
            if doc.is_flow(*list) {
                return Ok(behind(span, &hand.flow(value)).into());
            }
            let lines = hand.block_item(value, list_step(doc, text, *list));
            Ok(below(text, column(text, doc.span(*list).start), span, &lines))
        }
    }
}

/// Behind a neighbour in brackets.
fn behind(neighbour: Span, written: &str) -> Edit {
    Edit { span: Span::new(neighbour.end, neighbour.end), text: format!(", {written}") }
}

/// Lines of their own below a neighbour's last line, indented by so many columns.
fn below(text: &str, columns: usize, neighbour: Span, lines: &[String]) -> Inserted {
    let indent = " ".repeat(columns);
    let before = text.get(..neighbour.end).unwrap_or("");
    // A block scalar takes the line break behind it.
    let (end, ended) = if before.ends_with(['\n', '\r']) {
        (neighbour.end, true)
    } else {
        (line_end(text, neighbour), false)
    };
    let line_break = line_break(text, end);
    let write = |line: &String| match ended {
        true => format!("{indent}{line}{line_break}"),
        false => format!("{line_break}{indent}{line}"),
    };
    let edit = Edit { span: Span::new(end, end), text: lines.iter().map(write).collect() };
    Inserted { edit, indent: columns }
}

/// In place of a scalar that says nothing, or of an empty collection.
fn fill(
    doc: &Document,
    text: &str,
    node: NodeId,
    value: &Value,
    hand: Hand,
) -> Result<Inserted, Fault> {
    let span = doc.span(node);
    let in_flow = doc.in_flow(node);
    let written = match (value, doc.node(node)) {
        // The quotes stay.
        (Value::Scalar(text), Node::Scalar { style, .. }) if style != Style::Plain => {
            spell(text, style, in_flow)
        }
        _ => hand.flow(value),
    };
    if !span.is_empty() {
        return Ok(Edit { span, text: written }.into());
    }
    // Behind the key's colon, before a comment.
    let before = text.get(..span.end).unwrap_or("");
    if !before.ends_with(':') {
        return Err(Fault::new(format!("{} is empty in an unknown way", doc.path(node))));
    }
    let after = text.get(span.end..).unwrap_or("");
    let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
    let is_last =
        after.get(blanks..).is_none_or(|rest| rest.is_empty() || rest.starts_with(['\n', '\r']));
    // A list or a mapping below its key, as it would be written by hand.
    if is_last && !in_flow && !matches!(value, Value::Scalar(_)) {
        let mapping = doc.parent(node).unwrap_or(node);
        let entry = doc.entries(mapping).iter().find(|(_, value)| *value == node);
        let indent = entry.map_or(0, |(key, _)| column(text, doc.span(*key).start));
        let step = list_step(doc, text, mapping);
        let step = if matches!(value, Value::List(_)) { step } else { 2 };
        return Ok(below(text, indent + step, span, &hand.block(value, step)));
    }
    let (at, written) = if is_last && blanks > 0 {
        (span.end + 1, written)
    } else {
        (span.end, format!(" {written}"))
    };
    Ok(Edit { span: Span::new(at, at), text: written }.into())
}
