//! From a chunk of a text to its documents, or to what is wrong with it.

use std::error::Error;
use std::fmt;

use memchr::memmem;

use super::branch::Branch;
use super::budget::MAX_DEPTH;
use super::events::Input;
use super::tree::Document;
use super::{json, quick};
use crate::source::{BOM, Span};

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Byte offset in the whole text.
    pub offset: usize,
    /// What is wrong, in plain words and without the position.
    pub message: String,
    /// What sort of problem it is.
    pub kind: ParseErrorKind,
}

/// Sorts of [`ParseError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParseErrorKind {
    /// The text isn't YAML.
    Syntax,
    /// Collections nest too deep.
    TooDeep,
    /// Aliases multiply the document beyond what `kubectl` accepts.
    AliasBomb,
    /// A mapping key is a collection, which JSON and so Kubernetes can't express.
    NonScalarKey,
    /// The text may be fine; the fault is on this side.
    Internal,
}

impl ParseError {
    pub(super) fn new(offset: usize, message: String) -> Self {
        Self { offset, message, kind: ParseErrorKind::Syntax }
    }

    pub(super) fn too_deep(offset: usize) -> Self {
        Self {
            offset,
            message: format!("nested deeper than {MAX_DEPTH} levels"),
            kind: ParseErrorKind::TooDeep,
        }
    }

    pub(super) fn non_scalar_key(offset: usize) -> Self {
        let message = "a mapping key that is itself a mapping or a sequence \
                       (a template that hasn't been rendered?)";
        Self { offset, message: message.to_owned(), kind: ParseErrorKind::NonScalarKey }
    }

    pub(super) fn internal(offset: usize, message: &str) -> Self {
        Self { offset, message: message.to_owned(), kind: ParseErrorKind::Internal }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ParseError {}

/// Parses one chunk of `text`. Offsets in documents and errors are those of the whole text.
///
/// A chunk can hold several documents (`...`) or none (only comments). An empty document is one
/// without a root.
///
/// # Errors
///
/// When the chunk isn't YAML, or is YAML that Kubernetes' tools refuse; [`ParseErrorKind`] says
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
