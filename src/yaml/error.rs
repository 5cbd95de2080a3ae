//! What is wrong with a text that can't be read.

use std::error::Error;
use std::fmt;

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
