//! Source texts, byte ranges in them, and the positions people read in messages.

mod lines;

use self::lines::Lines;
pub(crate) use self::lines::line_starts;
use std::ops::Range;
use std::sync::OnceLock;

/// A half-open byte range of a source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, but not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Number of bytes; zero when the end lies before the start.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether no byte lies in the range.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the byte at `offset` lies in the range.
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// The same range as the standard library spells it.
    pub const fn as_range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A position as editors show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1; a byte order mark at the start isn't counted.
    pub column: usize,
}

/// A text and the name under which messages speak of it.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    named: bool,
    /// Found when somebody asks.
    lines: OnceLock<Lines>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.text, self.named) == (&other.name, &other.text, other.named)
    }
}

impl Eq for Source {}

impl Source {
    /// A source called `name` that holds `text`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), named: true, lines: OnceLock::new() }
    }

    /// The name for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, with its byte order mark if it has one.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[doc(hidden)]
impl Source {
    /// A source of the same name that holds another text.
    #[must_use]
    pub fn with_text(&self, text: &str) -> Self {
        Self { named: self.named, ..Self::new(self.name.clone(), text) }
    }

    /// The same source, which nobody named: it was found in a folder, and may be no manifest.
    #[must_use]
    pub fn found_in_folder(self) -> Self {
        Self { named: false, ..self }
    }

    /// Whether a person named it, rather than the folder it is in.
    pub fn is_named(&self) -> bool {
        self.named
    }

    /// The bytes of `span`; empty when it isn't a range of characters of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.as_range()).unwrap_or_default()
    }

    /// Line and column of the byte at `offset`.
    pub fn line_col(&self, offset: usize) -> LineCol {
        self.lines().line_col(&self.text, offset)
    }

    /// The line with that number (from 1), without its line break and without a byte order mark;
    /// empty when there is none.
    pub fn line_text(&self, line: usize) -> &str {
        let start = self.lines().start(&self.text, line);
        let rest = start.and_then(|at| self.text.get(at..)).unwrap_or_default();
        let text = rest.split(['\n', '\r']).next().unwrap_or_default();
        if line == 1 { text.trim_start_matches(BOM) } else { text }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }
}

/// The byte order mark some editors put at the start of a file.
pub(crate) const BOM: char = '\u{feff}';

/// Line and column of the byte at `offset` in `text`. An offset inside a character counts as that
/// character's, one past the end as the end's.
pub fn line_col(text: &str, offset: usize) -> LineCol {
    let offset = text.floor_char_boundary(offset);
    let (mut line, mut start) = (1, 0);
    // Only the break that ends a line before the offset counts. The search covers the whole text
    // so that the two bytes of a CRLF are never torn apart, and stops at the first later line.
    for next in line_starts(text.as_bytes()).take_while(|next| *next <= offset) {
        line += 1;
        start = next;
    }
    let before = text.get(start..offset).unwrap_or_default();
    let before = if start == 0 { before.strip_prefix(BOM).unwrap_or(before) } else { before };
    LineCol { line, column: before.chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: usize) -> (usize, usize) {
        let found = line_col(text, offset);
        (found.line, found.column)
    }

    #[test]
    fn spans_are_half_open() {
        let span = Span::from(2..5);
        assert_eq!((span.len(), span.is_empty()), (3, false));
        assert!(span.contains(2) && span.contains(4) && !span.contains(5));
        assert_eq!(span.as_range(), 2..5);
        assert!(Span::new(5, 2).is_empty());
    }

    #[test]
    fn every_kind_of_line_break_counts_once() {
        for text in ["ab\ncd\nef", "ab\r\ncd\r\nef", "ab\rcd\ref"] {
            let e = text.find('e').unwrap();
            assert_eq!(at(text, e), (3, 1), "{text:?}");
            assert_eq!(at(text, e + 1), (3, 2), "{text:?}");
            assert_eq!(at(text, 2), (1, 3), "{text:?}");
        }
    }

    #[test]
    fn columns_are_characters_and_a_byte_order_mark_is_none() {
        assert_eq!(at("ä: ö", 3), (1, 3));
        assert_eq!(at("ä: ö", 5), (1, 4), "inside the ö");
        assert_eq!(at("\u{feff}ab", 3), (1, 1));
        assert_eq!(at("\u{feff}ab", 0), (1, 1));
        assert_eq!(at("a", 99), (1, 2));
        assert_eq!(at("", 0), (1, 1));
    }

    #[test]
    fn slices_and_lines_never_fail() {
        let source = Source::new("x.yaml", "\u{feff}ä\r\nb\n\nlast");
        assert_eq!(source.name(), "x.yaml");
        assert_eq!(source.slice(Span::new(3, 5)), "ä");
        assert_eq!(source.slice(Span::new(4, 5)), "");
        assert_eq!(source.slice(Span::new(3, 500)), "");
        let lines: Vec<_> = (0..7).map(|line| source.line_text(line)).collect();
        assert_eq!(lines, ["", "ä", "b", "", "last", "", ""]);
        assert_eq!(source.line_col(source.text().len()).line, 4);
    }
}
