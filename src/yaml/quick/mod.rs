//! Reads the plain part of YAML, several times as fast as the parser that reads all of it.
//!
//! Manifests are written in very few forms: block collections whose keys are words, scalars on one
//! line, `|` texts, and JSON. They are read here line by line; at the first thing that is any
//! different (a tag, a folded text, a scalar on several lines, a tab, a carriage return, a mistake)
//! nothing is read, and the parser reads it all. So whatever is accepted, refused and said of an
//! error is the parser's alone, and what is read here has to be what the parser would have read,
//! node by node and byte by byte; tests and a fuzz target hold the two against each other.
//!
//! Both feed one [`Builder`], which makes the tree and sets its bounds.

mod block;
mod flow;
mod scalar;

use memchr::memchr;

use super::branch::Branch;
use super::build::{Builder, Opening};
use super::node::Style;
use super::scan::indentation;
use super::{is_allowed, is_break};
use crate::source::{BOM, Span};

/// Levels of nesting that are read here. Manifests stay far below; every level takes stack.
const DEPTH: usize = 100;

/// The longest key, in bytes: YAML allows 1024 characters.
const KEY: usize = 1000;

/// The document in `text`, from `base` to `limit`; `None` when the parser has to read it.
///
/// `base` and `limit` are those of a chunk without its byte order mark, so that there is one
/// document and nothing else.
pub(super) fn read(text: &str, base: usize, limit: usize) -> Option<Branch> {
    let mut reader = Reader::of(text, base, limit)?;
    reader.marker()?;
    reader.document()?;
    reader.builder.finish(limit).ok()
}

/// As [`read`], for what stands in the middle of a line that begins at `line`.
pub(super) fn read_inside(text: &str, line: usize, base: usize, limit: usize) -> Option<Branch> {
    let mut reader = Reader::of(text, base, limit)?;
    let end = reader.end_of_line(base);
    let written = reader.text.get(base..end)?;
    let content = end - written.trim_start_matches(' ').len();
    reader.line = Line { start: line, content, end };
    reader.next = reader.text.len().min(end + 1);
    reader.builder.begin(content);
    reader.document()?;
    reader.builder.finish(limit).ok()
}

/// Whether a text has no character that ends lines or is refused in ways of its own.
fn is_readable(body: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'\n' | b' '..=b'~');
    // Not `all`, which looks at one byte at a time.
    let odd = body.bytes().fold(false, |odd, byte| odd | !is_plain(byte));
    !odd || body
        .chars()
        .all(|c| c == '\n' || !(is_break(c) || matches!(c, '\t' | BOM)) && is_allowed(c))
}

/// A line with content: neither blank nor a comment.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    start: usize,
    /// Its first byte that isn't a space.
    content: usize,
    /// Its line break, or the end of the text.
    end: usize,
}

impl Line {
    /// Columns before its content.
    fn indent(&self) -> usize {
        self.content - self.start
    }
}

/// Offsets are those of the whole text. Methods return `None` when the parser has to read it all.
struct Reader<'a> {
    /// The whole text up to where the document ends.
    text: &'a str,
    /// The line at hand; empty at the end of the text.
    line: Line,
    /// Where the line behind it begins.
    next: usize,
    builder: Builder<'a>,
    /// Collections that are open.
    depth: usize,
    /// Where the anchor of the node that follows stands, and its name.
    anchor: Option<(usize, String)>,
    /// The value of a scalar that isn't written as it is.
    value: String,
}

impl<'a> Reader<'a> {
    fn of(text: &'a str, base: usize, limit: usize) -> Option<Self> {
        is_readable(text.get(base..limit)?).then_some(())?;
        Some(Self {
            text: text.get(..limit)?,
            line: Line::default(),
            next: base,
            builder: Builder::with_room(text, base, limit),
            depth: 0,
            anchor: None,
            value: String::new(),
        })
    }

    fn document(&mut self) -> Option<()> {
        if self.is_at_end() {
            return None;
        }
        let start = self.line.content;
        match self.byte(start)? {
            b'[' | b'{' => {
                let end = self.flow(start)?;
                self.end_line(end)?;
            }
            _ => self.collection(start)?,
        }
        self.is_at_end().then_some(())
    }

    /// Begins the document, at its `---` or at its content, and goes to the line of its content.
    fn marker(&mut self) -> Option<()> {
        let base = self.next;
        let is_marker = self.rest(base).starts_with("---");
        if is_marker {
            self.line.start = base;
            self.line.end = self.end_of_line(base);
            self.end_line(base + 3)?;
        } else {
            self.go_on()?;
        }
        let start = if is_marker { base } else { self.line.content };
        self.builder.begin(start);
        Some(())
    }

    /// Goes to the next line with content.
    fn go_on(&mut self) -> Option<()> {
        loop {
            let start = self.next;
            let end = self.end_of_line(start);
            let line = self.text.as_bytes().get(start..end)?;
            let indent = indentation(line);
            self.line = Line { start, content: start + indent, end };
            self.next = self.text.len().min(end + 1);
            match line.get(indent..)? {
                [] if self.is_at_end() => return Some(()),
                [] | [b'#', ..] => {}
                [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] if indent == 0 => return None,
                _ => return Some(()),
            }
        }
    }

    fn is_at_end(&self) -> bool {
        self.line.content >= self.text.len()
    }

    /// Behind what ends in the line at hand, or in a later one: only blanks or a comment may follow,
    /// and then the next line is at hand.
    fn end_line(&mut self, at: usize) -> Option<()> {
        let end = if at <= self.line.end { self.line.end } else { self.end_of_line(at) };
        let rest = self.text.as_bytes().get(at..end)?;
        match rest.trim_ascii_start() {
            [] => {}
            [b'#', ..] if rest.starts_with(b" ") => {}
            _ => return None,
        }
        self.next = self.text.len().min(end + 1);
        self.go_on()
    }

    fn end_of_line(&self, at: usize) -> usize {
        memchr(b'\n', self.rest(at).as_bytes()).map_or(self.text.len(), |len| at + len)
    }

    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// A collection's start; [`Reader::close`] is its end.
    fn open(&mut self, at: usize, mapping: bool, flow: bool) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let opening = opening(&mut self.anchor, at, at);
        self.builder.open(opening, mapping, flow).ok()
    }

    fn close(&mut self, end: usize) -> Option<()> {
        self.depth -= 1;
        self.builder.close(end).ok()
    }
}

/// A node, with its anchor.
fn opening(anchor: &mut Option<(usize, String)>, start: usize, end: usize) -> Opening {
    match anchor.take() {
        Some((from, name)) => Opening { span: Span::new(from, end), anchor: Some(name) },
        None => Opening { span: Span::new(start, end), anchor: None },
    }
}

#[cfg(test)]
#[path = "../tests_quick.rs"]
mod tests;
