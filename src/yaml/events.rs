//! Runs the YAML parser over some bytes of a text, and makes documents of its events.
//!
//! The parser is a port of libyaml, whose dialect is `kubectl`'s. It panics on a block scalar that
//! ends with the text instead of a line break, and on a tag directly followed by a comma.

use std::cell::Cell;
use std::io::{BufReader, Read as _};

use libyaml_safer::{Encoding, ErrorKind, EventData, Mark, Parser};
use libyaml_safer::{MappingStyle, ScalarStyle, SequenceStyle};

use super::branch::{Branch, Grafts};
use super::build::{Builder, Opening};
use super::error::ParseError;
use super::node::Style;
use super::tree::Document;
use super::{is_allowed, is_break, quiet};
use crate::source::{Span, line_col};

/// The parser holds a window of the text as four bytes a character; this bounds it.
const WINDOW: usize = 64 * 1024;

/// What the parser is given, and how its marks translate.
pub(super) struct Input<'a> {
    text: &'a str,
    /// Offset of the first byte in the whole text.
    base: usize,
    /// Where what is read ends in it.
    limit: usize,
    bytes: &'a [u8],
    /// What isn't in `bytes`: where, and how much is missing there in all.
    gaps: Vec<(usize, usize)>,
    /// End of the last event; says where the parser was when it panicked.
    reached: Cell<usize>,
}

impl<'a> Input<'a> {
    /// `bytes` that stand in `text`, or for what stands there, from the span's start on.
    pub(super) fn new(text: &'a str, span: Span, bytes: &'a [u8]) -> Self {
        let reached = Cell::new(span.start);
        Self { text, base: span.start, limit: span.end, bytes, gaps: Vec::new(), reached }
    }

    /// As [`Input::new`]; of what stands in the text, `bytes` lack these pieces, in order.
    pub(super) fn without(text: &'a str, span: Span, bytes: &'a [u8], cuts: &[Span]) -> Self {
        let mut missing = 0;
        let gap = |cut: &Span| {
            let at = cut.start.saturating_sub(span.start + missing);
            missing += cut.len();
            (at, missing)
        };
        Self { gaps: cuts.iter().map(gap).collect(), ..Self::new(text, span, bytes) }
    }

    /// The documents, with what is known of their size.
    ///
    /// # Errors
    /// The parser's, and those of what no later stage could bear.
    pub(super) fn read(&self) -> Result<Vec<Branch>, ParseError> {
        // A block scalar may end with the text, but the parser panics when it does. A line break is
        // added, and taken out of that scalar's value again, as Go and C see it. Spaces at the end
        // may be indentation, where an added break would be one too many, or content, where it is
        // needed: only the parser knows.
        if self.ends_line()
            && let Some(result) = self.run(false, &mut Grafts::default())
        {
            return result;
        }
        self.run(true, &mut Grafts::default()).unwrap_or_else(|| {
            let message = "the text can't be read here (a tag directly followed by a comma?)";
            Err(ParseError::new(self.reached.get(), message.to_owned()))
        })
    }

    /// The documents with these branches in their places; `None` when that can't be done.
    pub(super) fn grafted(&self, mut grafts: Grafts<'_>) -> Option<Vec<Document>> {
        let documents = self.run(!self.ends_line(), &mut grafts)?.ok()?;
        let documents = documents.into_iter().map(Branch::into_document).collect();
        grafts.are_done().then_some(documents)
    }

    fn ends_line(&self) -> bool {
        let body = std::str::from_utf8(self.bytes).unwrap_or_default().trim_end_matches(' ');
        body.is_empty() || body.ends_with(is_break)
    }

    /// Parses everything, with a line break `added` at the end or without; `None` when the parser
    /// panicked.
    fn run(&self, added: bool, grafts: &mut Grafts<'_>) -> Option<Result<Vec<Branch>, ParseError>> {
        quiet::catch(|| self.follow(added, grafts))
    }

    fn follow(&self, added: bool, grafts: &mut Grafts<'_>) -> Result<Vec<Branch>, ParseError> {
        let ending: &[u8] = if added { b"\n" } else { b"" };
        let mut parser = Parser::new();
        parser.set_encoding(Encoding::Utf8);
        parser.set_input(BufReader::with_capacity(
            WINDOW.min(self.bytes.len() + 1),
            self.bytes.chain(ending),
        ));
        let mut documents: Vec<Branch> = Vec::new();
        let mut builder = self.builder(self.base);
        // Of a mapping in whose place something else was put, the end is still to come.
        let mut is_replaced = false;
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
                    if value.is_empty()
                        && style == Style::Plain
                        && let Some(branch) = grafts.at(span.end)
                    {
                        builder.graft(branch)?;
                        continue;
                    }
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
                    if flow && let Some(branch) = grafts.at(span.start) {
                        builder.graft(branch)?;
                        is_replaced = true;
                    } else {
                        builder.open(Opening { span, anchor }, true, flow)?;
                    }
                }
                EventData::MappingEnd if is_replaced => is_replaced = false,
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
