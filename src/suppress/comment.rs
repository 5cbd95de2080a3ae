//! Comments of a text: the parser drops them.

use super::WORD;
use crate::model::Sourced;
use crate::source::{BOM, Span};
use crate::yaml::{Document, Node, NodeId, Style, is_break, line_before};
use memchr::memmem;

/// A comment that begins with our word.
pub(super) struct Comment<'t> {
    /// The word.
    pub(super) word: Span,
    /// What follows it.
    pub(super) rest: &'t str,
    /// The line that the comment is about.
    pub(super) line: Option<Span>,
}

/// The comments of a text that begin with our word, in their order; `docs` are its documents.
pub(super) fn comments<'t>(text: &'t str, docs: &[Sourced<'_>]) -> Vec<Comment<'t>> {
    let words = memmem::find_iter(text.as_bytes(), WORD);
    let mut hashes = words.filter_map(|at| Some((hash_before(text, at)?, at))).peekable();
    if hashes.peek().is_none() {
        return Vec::new();
    }
    let scalars = scalars(text, docs);
    let mut end = 0;
    let mut found = Vec::new();
    for (hash, at) in hashes {
        let next = scalars.partition_point(|scalar| scalar.start <= hash);
        let before = next.checked_sub(1).and_then(|before| scalars.get(before));
        if hash < end || before.is_some_and(|scalar| scalar.contains(hash)) {
            continue;
        }
        let word = Span::new(at, at + WORD.len());
        let rest = line_at(text, word.end);
        end = word.end + rest.len();
        found.push((hash, Comment { word, rest, line: None }));
    }
    // From the last one on, so that each line is read once, however many comments are in a row.
    let mut below = None;
    for (hash, comment) in found.iter_mut().rev() {
        let end = comment.word.end + comment.rest.len();
        let before = line_before(text, *hash);
        let start = *hash - before.len();
        comment.line = match before.trim_start_matches(BOM).trim() {
            // What begins here stands on the next line.
            "" | "-" | "---" => line_below(text, end, below),
            _ => Some(Span::new(start, end)),
        };
        below = Some((start, comment.line));
    }
    found.into_iter().map(|(_, comment)| comment).collect()
}

/// The `#` that begins a comment right before the word at an offset, if the text isn't a scalar's.
fn hash_before(text: &str, at: usize) -> Option<usize> {
    let lead = text.get(..at)?.trim_end_matches([' ', '\t']);
    let before = lead.trim_end_matches('#');
    let is_free = before.is_empty()
        || before.ends_with([' ', '\t'])
        || before.ends_with(is_break)
        || before.strip_suffix(BOM).is_some_and(str::is_empty);
    (before.len() < lead.len() && is_free).then_some(before.len())
}

/// The rest of a line.
fn line_at(text: &str, at: usize) -> &str {
    text.get(at..).and_then(|rest| rest.split(is_break).next()).unwrap_or_default()
}

/// The line that the comments below `end`, the end of a line, and the one there stand above. `below`
/// is the next line for which it is known.
fn line_below(text: &str, end: usize, below: Option<(usize, Option<Span>)>) -> Option<Span> {
    let mut end = end;
    loop {
        let rest = text.get(end..)?;
        let next = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(is_break))?;
        let start = text.len() - next.len();
        if let Some((_, line)) = below.filter(|(known, _)| *known == start) {
            return line;
        }
        let line = line_at(text, start);
        end = start + line.len();
        match line.trim() {
            "" => return None,
            "-" => {}
            words if words.starts_with('#') => {}
            _ => return Some(Span::new(start, end)),
        }
    }
}

/// The bytes of all scalars, in their order: in these, a `#` is text.
fn scalars(text: &str, docs: &[Sourced<'_>]) -> Vec<Span> {
    let mut found = Vec::new();
    for doc in docs.iter().map(|sourced| sourced.doc) {
        let mut open: Vec<NodeId> = doc.root().into_iter().collect();
        while let Some(node) = open.pop() {
            match doc.node(node) {
                _ if doc.is_alias(node) => {}
                Node::Scalar { style, .. } => found.push(content(doc, node, style, text)),
                Node::Sequence(items) => open.extend(items),
                Node::Mapping(entries) => {
                    open.extend(entries.iter().flat_map(|&(key, value)| [key, value]));
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// A scalar's bytes; the line of a block scalar's `|` can end with a comment.
fn content(doc: &Document, node: NodeId, style: Style, text: &str) -> Span {
    let span = doc.span(node);
    let header = match style {
        Style::Literal | Style::Folded => line_at(text, span.start).len(),
        Style::Plain | Style::SingleQuoted | Style::DoubleQuoted => 0,
    };
    Span::new(span.start + header, span.end)
}
