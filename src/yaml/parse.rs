//! From a chunk of a text to its documents, or to what is wrong with it.

use memchr::memmem;

use super::branch::Branch;
use super::error::ParseError;
use super::events::Input;
use super::tree::Document;
use super::{json, quick};
use crate::source::{BOM, Span};

/// Parses one chunk of `text`. Offsets in documents and errors are those of the whole text.
///
/// A chunk can hold several documents (`...`) or none (only comments). An empty document is one
/// without a root.
///
/// # Errors
///
/// When the chunk isn't YAML, or is YAML that Kubernetes' tools refuse; [`ParseErrorKind`](super::ParseErrorKind) says
/// which.
pub fn parse(text: &str, chunk: Span) -> Result<Vec<Document>, ParseError> {
    match parse_quickly(text, chunk) {
        Some(document) => Ok(vec![document]),
        None => parse_fully(text, chunk),
    }
}

/// Reads a chunk that is one document in plain YAML; `None` for any other, which [`parse_fully`] may
/// well read, to the same result.
#[must_use]
pub fn parse_quickly(text: &str, chunk: Span) -> Option<Document> {
    let body = text.get(chunk.as_range())?;
    let body = body.strip_prefix(BOM).unwrap_or(body);
    Some(quick::read(text, chunk.end - body.len(), chunk.end)?.into_document())
}

/// As [`parse`], with nothing but the parser.
///
/// # Errors
///
/// As [`parse`].
pub fn parse_fully(text: &str, chunk: Span) -> Result<Vec<Document>, ParseError> {
    let Some(body) = text.get(chunk.as_range()) else {
        let message = "a chunk isn't a range of characters of the text";
        return Err(ParseError::internal(chunk.start, message));
    };
    // The parser would drop the mark from its offsets, and would mistake some characters for it.
    let body = body.strip_prefix(BOM).unwrap_or(body);
    let branches = branches(text, Span::new(chunk.end - body.len(), chunk.end), body)?;
    Ok(branches.into_iter().map(Branch::into_document).collect())
}

/// What the parser reads in a part of a text, of which `body` has every byte in its place.
pub(super) fn branches(text: &str, span: Span, body: &str) -> Result<Vec<Branch>, ParseError> {
    // A mark further on is layout to some parsers and content to others; Go's even loses characters
    // behind it.
    if let Some(at) = inner_mark(body) {
        let message = "a byte order mark (U+FEFF) that isn't the first character of the file; \
                       parsers read it differently";
        return Err(ParseError::new(span.start + at, message.to_owned()));
    }
    let rewritten = json::without_surrogates(body);
    let bytes = rewritten.as_deref().unwrap_or(body).as_bytes();
    Input::new(text, span, bytes).read()
}

/// Where a text has a byte order mark.
pub(super) fn inner_mark(body: &str) -> Option<usize> {
    memmem::find(body.as_bytes(), BOM.encode_utf8(&mut [0; 4]).as_bytes())
}
