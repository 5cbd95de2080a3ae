//! Runs the YAML parser over a chunk and guards what it leaves open.
//!
//! The parser is a port of libyaml, whose dialect is `kubectl`'s. It panics on a block scalar that
//! ends with the text instead of a line break, and on a tag directly followed by a comma.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::io::{BufReader, Read as _};

use libyaml_safer::{Encoding, ErrorKind, EventData, Mark, Parser};
use libyaml_safer::{MappingStyle, ScalarStyle, SequenceStyle};
use memchr::memmem;

use super::budget::MAX_DEPTH;
use super::build::{Builder, Opening};
use super::tree::{Document, Style};
use super::{is_allowed, is_break, json, quick, quiet};
use crate::source::{BOM, Span, line_col};

/// The parser holds a window of the text as four bytes a character; this bounds it.
const WINDOW: usize = 64 * 1024;

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
    parse_without(text, chunk, &[])
}

/// As [`parse`], but some bytes are left out, in order, each between a blank and a line break; see
/// [`unneeded_items`](super::unneeded_items).
///
/// # Errors
///
/// As [`parse`]; what is left out isn't looked at.
pub fn parse_without(text: &str, chunk: Span, cuts: &[Span]) -> Result<Vec<Document>, ParseError> {
    if cuts.is_empty()
        && let Some(document) = parse_quickly(text, chunk)
    {
        return Ok(vec![document]);
    }
    parse_fully(text, chunk, cuts)
}

/// Reads a chunk that is one document in plain YAML; `None` for any other, which [`parse_fully`] may
/// well read, to the same result.
#[must_use]
pub fn parse_quickly(text: &str, chunk: Span) -> Option<Document> {
    let body = text.get(chunk.as_range())?;
    let body = body.strip_prefix(BOM).unwrap_or(body);
    quick::read(text, chunk.end - body.len(), chunk.end)
}

/// As [`parse_without`], with nothing but the parser.
///
/// # Errors
///
/// As [`parse_without`].
pub fn parse_fully(text: &str, chunk: Span, cuts: &[Span]) -> Result<Vec<Document>, ParseError> {
    let Some(body) = text.get(chunk.as_range()) else {
        let message = "a chunk isn't a range of characters of the text";
        return Err(ParseError::internal(chunk.start, message));
    };
    // The parser would drop the mark from its offsets, and would mistake some characters for it.
    let body = body.strip_prefix(BOM).unwrap_or(body);
    // A mark further on is layout to some parsers and content to others; Go's even loses characters
    // behind it.
    if let Some(at) = memmem::find(body.as_bytes(), BOM.encode_utf8(&mut [0; 4]).as_bytes()) {
        let message = "a byte order mark (U+FEFF) that isn't the first character of the file; \
                       parsers read it differently";
        return Err(ParseError::new(chunk.end - body.len() + at, message.to_owned()));
    }
    let base = chunk.end - body.len();
    let kept = if cuts.is_empty() { None } else { Some(without(text, base, chunk.end, cuts)) };
    let rewritten = if kept.is_none() { json::without_surrogates(body) } else { None };
    let input = Input {
        text,
        base,
        limit: chunk.end,
        bytes: kept.as_deref().or(rewritten.as_deref()).unwrap_or(body).as_bytes(),
        gaps: gaps(base, cuts),
        reached: Cell::new(base),
    };
    // A block scalar may end with the text, but the parser panics when it does. A line break is
    // added, and taken out of that scalar's value again, as Go and C see it. Spaces at the end
    // may be indentation, where an added break would be one too many, or content, where it is
    // needed: only the parser knows.
    let unindented = body.trim_end_matches(' ');
    let ends_line = unindented.is_empty() || unindented.ends_with(is_break);
    if ends_line && let Some(result) = input.run(false) {
        return result;
    }
    input.run(true).unwrap_or_else(|| {
        let message = "the text can't be read here (a tag directly followed by a comma?)";
        Err(ParseError::new(input.reached.get(), message.to_owned()))
    })
}

/// A text without what is cut out.
fn without(text: &str, start: usize, end: usize, cuts: &[Span]) -> String {
    let mut kept = String::new();
    let starts = std::iter::once(start).chain(cuts.iter().map(|cut| cut.end));
    let ends = cuts.iter().map(|cut| cut.start).chain([end]);
    for (start, end) in starts.zip(ends) {
        kept.push_str(text.get(start..end).unwrap_or_default());
    }
    kept
}

/// For each cut where it would be in what is kept, and how much is missing there in all.
fn gaps(base: usize, cuts: &[Span]) -> Vec<(usize, usize)> {
    let mut missing = 0;
    let place = |cut: &Span| {
        let at = cut.start.saturating_sub(base + missing);
        missing += cut.len();
        (at, missing)
    };
    cuts.iter().map(place).collect()
}

/// What the parser is given, and how its marks translate.
struct Input<'a> {
    text: &'a str,
    /// Offset of the first byte in the whole text.
    base: usize,
    /// End of the chunk.
    limit: usize,
    bytes: &'a [u8],
    /// What isn't in `bytes`, as [`gaps`] says.
    gaps: Vec<(usize, usize)>,
    /// End of the last event; says where the parser was when it panicked.
    reached: Cell<usize>,
}

impl Input<'_> {
    /// Parses everything, with a line break `added` at the end or without; `None` when the parser
    /// panicked.
    fn run(&self, added: bool) -> Option<Result<Vec<Document>, ParseError>> {
        quiet::catch(|| self.documents(added))
    }

    fn documents(&self, added: bool) -> Result<Vec<Document>, ParseError> {
        let ending: &[u8] = if added { b"\n" } else { b"" };
        let mut parser = Parser::new();
        parser.set_encoding(Encoding::Utf8);
        parser.set_input(BufReader::with_capacity(
            WINDOW.min(self.bytes.len() + 1),
            self.bytes.chain(ending),
        ));
        let mut documents: Vec<Document> = Vec::new();
        let mut builder = self.builder(self.base);
        loop {
            let event = parser.parse().map_err(|error| self.error(&error))?;
            let span = Span::new(self.offset(event.start_mark), self.offset(event.end_mark));
            self.reached.set(span.end);
            match event.data {
                EventData::StreamStart { .. } => {}
                EventData::DocumentStart { .. } => {
                    builder = self.builder(span.start);
                }
                EventData::DocumentEnd { .. } => {
                    let document = std::mem::replace(&mut builder, self.builder(span.end));
                    documents.push(document.finish(span.end)?);
                }
                EventData::StreamEnd => return Ok(documents),
                EventData::Alias { anchor } => builder.alias(span, &anchor)?,
                EventData::Scalar { anchor, mut value, style, .. } => {
                    let style = self::style(style);
                    let block = matches!(style, Style::Literal | Style::Folded);
                    let last = relative(event.end_mark) > self.bytes.len();
                    if last && block && value.ends_with('\n') {
                        value.pop();
                    }
                    let multiline = event.start_mark.line != event.end_mark.line;
                    builder.scalar(Opening { span, anchor }, &value, style, multiline)?;
                }
                EventData::SequenceStart { anchor, style, .. } => {
                    let flow = style == SequenceStyle::Flow;
                    builder.open(Opening { span, anchor }, false, flow)?;
                }
                EventData::MappingStart { anchor, style, .. } => {
                    let flow = style == MappingStyle::Flow;
                    builder.open(Opening { span, anchor }, true, flow)?;
                }
                EventData::SequenceEnd | EventData::MappingEnd => builder.close(span.end)?,
            }
        }
    }

    fn builder(&self, start: usize) -> Builder<'_> {
        Builder::new(self.text, start, self.limit)
    }

    /// A mark as an offset in the whole text; the added line break lies outside of it.
    fn offset(&self, mark: Mark) -> usize {
        self.in_text(relative(mark))
    }

    /// A place in `bytes` as an offset in the whole text.
    fn in_text(&self, at: usize) -> usize {
        let gaps = self.gaps.partition_point(|&(gap, _)| gap < at);
        let missing = gaps.checked_sub(1).and_then(|last| self.gaps.get(last));
        let missing = missing.map_or(0, |&(_, missing)| missing);
        self.base.saturating_add(at).saturating_add(missing).min(self.limit)
    }

    fn error(&self, error: &libyaml_safer::Error) -> ParseError {
        if error.kind() == ErrorKind::Reader {
            return self.reader_error(error);
        }
        // The parser's own spelling.
        let problem = error.problem().replace("hexdecimal", "hexadecimal");
        let mut offset = error.problem_mark().map_or(self.reached.get(), |mark| self.offset(mark));
        let mut message = problem;
        if let (Some(context), Some(mark)) = (error.context(), error.context_mark()) {
            message = format!("{message} {context}");
            let began = self.offset(mark);
            // An open quote is noticed at the end of the document; the user looks for its start.
            if context == "while scanning a quoted scalar" {
                offset = began;
            }
            let line = line_col(self.text, began).line;
            if line != line_col(self.text, offset).line {
                message = format!("{message} that begins on line {line}");
            }
        }
        ParseError::new(offset, message)
    }

    /// The reader says neither where nor what. Its input is UTF-8, so it can only have met a
    /// character that YAML doesn't allow.
    fn reader_error(&self, error: &libyaml_safer::Error) -> ParseError {
        let body = std::str::from_utf8(self.bytes).unwrap_or_default();
        match body.char_indices().find(|(_, c)| !is_allowed(*c)) {
            Some((at, c)) => {
                let message = format!("character U+{:04X} isn't allowed in YAML", u32::from(c));
                ParseError::new(self.in_text(at), message)
            }
            None => ParseError::internal(self.base, error.problem()),
        }
    }
}

fn relative(mark: Mark) -> usize {
    usize::try_from(mark.index).unwrap_or(usize::MAX)
}

fn style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
        _ => Style::Plain,
    }
}
