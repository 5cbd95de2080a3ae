//! A stream of documents, of which only those are parsed that can have a site.
//!
//! Most documents of a real stream name no kubelet root. They cost a scan of their bytes.

use crate::error::Unreadable;
use crate::source::Span;
use crate::yaml::{Document, ParseError, ParseErrorKind, chunks, parse};
use memchr::memmem::Finder;

/// Ways to write a character that hide a needle: escapes of double-quoted scalars.
///
/// `\/` needs none: the last component of a root has no slash.
const ESCAPES: [&str; 5] = ["\\x", "\\u", "\\U", "\\\n", "\\\r"];

/// How much of an input without any needle is parsed nevertheless, in bytes.
///
/// "0 sites moved" would be a poor answer to a template, a truncated file or a page of HTML. The
/// bound keeps the cost below that of starting the program.
const LOOKED_AT_ANYWAY: usize = 256 * 1024;

/// One part of a stream: the documents between two `---`, usually one.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its bytes in the source.
    pub(crate) span: Span,
    /// Its documents; `None` when it was passed over unparsed.
    pub(crate) docs: Option<Vec<Document>>,
}

/// What decides whether a part is parsed.
pub(crate) enum Wanted<'a> {
    /// Every part.
    All,
    /// Parts that contain one of these words, or an escape that may hide one.
    Needles(Vec<Finder<'a>>),
}

impl<'a> Wanted<'a> {
    pub(crate) fn needles(words: &[&'a str]) -> Self {
        Self::Needles(words.iter().chain(&ESCAPES).map(|word| Finder::new(*word)).collect())
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Needles(finders) => finders.iter().any(|finder| finder.find(bytes).is_some()),
        }
    }
}

/// Splits a text and parses what is wanted.
///
/// # Errors
/// The first part that can't be read, with its place and the way out.
pub(crate) fn read(text: &str, wanted: &Wanted<'_>) -> Result<Vec<Part>, Unreadable> {
    let mut parts = Vec::new();
    for span in chunks(text) {
        let bytes = text.as_bytes().get(span.start..span.end).unwrap_or_default();
        let docs = if wanted.matches(bytes) { Some(parse_part(text, span)?) } else { None };
        parts.push(Part { span, docs });
    }
    if parts.iter().all(|part| part.docs.is_none()) {
        look_at_anyway(text, &parts)?;
    }
    Ok(parts)
}

/// Parses the beginning of an input in which nothing can be found, only to see that it is YAML.
fn look_at_anyway(text: &str, parts: &[Part]) -> Result<(), Unreadable> {
    for part in parts.iter().take_while(|part| part.span.end <= LOOKED_AT_ANYWAY) {
        parse_part(text, part.span)?;
    }
    Ok(())
}

/// Parses one part.
///
/// # Errors
/// As [`read`].
pub(crate) fn parse_part(text: &str, span: Span) -> Result<Vec<Document>, Unreadable> {
    parse(text, span).map_err(|error| explain(text, span, error))
}

fn explain(text: &str, span: Span, error: ParseError) -> Unreadable {
    let part = text.get(span.start..span.end).unwrap_or("");
    let help = if part.contains("{{") {
        "this looks like a template: render it first (for Helm: `helm template`), then rewrite the result"
    } else {
        match error.kind {
            ParseErrorKind::TooDeep => {
                "no Kubernetes object is nested this deeply; check what produced the file"
            }
            ParseErrorKind::AliasBomb => {
                "write the values out instead of using aliases; kubectl refuses this too"
            }
            ParseErrorKind::NonScalarKey => {
                "a key must be a plain word or a quoted string; kubectl refuses this too"
            }
            ParseErrorKind::Internal => {
                "this is a mistake of csi-relocate, not yours; please report it with this file"
            }
            ParseErrorKind::Syntax => {
                "kubectl reads this as YAML and can't either; mend the file, or pass the rendered manifest"
            }
        }
    };
    Unreadable { message: error.message, offset: error.offset, help: help.to_owned() }
}
