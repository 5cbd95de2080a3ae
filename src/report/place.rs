//! Bytes of sources as lines and columns, as programs read them.

use crate::source::{Source, Span};
use serde::Serialize;

/// Where a character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Position {
    /// Counted from 1.
    pub(crate) line: usize,
    /// In characters, counted from 1.
    pub(crate) column: usize,
    /// In bytes, counted from 0.
    pub(crate) offset: usize,
}

/// A part of a source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region<'a> {
    pub(crate) source: &'a Source,
    pub(crate) start: Position,
    /// Just past the last character.
    pub(crate) end: Position,
}

impl Region<'_> {
    /// What stands there.
    pub(crate) fn text(&self) -> &str {
        self.source.slice(Span::new(self.start.offset, self.end.offset))
    }
}

/// The lines of all sources.
#[derive(Clone, Copy)]
pub(crate) struct Lines<'a> {
    sources: &'a [Source],
}

impl<'a> Lines<'a> {
    pub(crate) fn of(sources: &'a [Source]) -> Self {
        Self { sources }
    }

    /// The bytes of a source; `None` when there is no such source.
    pub(crate) fn region(&self, source: usize, span: Span) -> Option<Region<'a>> {
        let source = self.sources.get(source)?;
        let start = position(source, span.start);
        let end = position(source, span.end.max(span.start));
        Some(Region { source, start, end })
    }
}

fn position(source: &Source, offset: usize) -> Position {
    let at = source.line_col(offset);
    let offset = source.text().floor_char_boundary(offset);
    Position { line: at.line, column: at.column, offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_places_do_no_harm() {
        let sources = [Source::new("x", "ab\ncd")];
        let lines = Lines::of(&sources);
        assert!(lines.region(1, Span::new(0, 1)).is_none());
        let region = lines.region(0, Span::new(4, 1)).unwrap();
        assert_eq!((region.start, region.text()), (region.end, ""));
        let region = lines.region(0, Span::new(3, 99)).unwrap();
        assert_eq!((region.end.offset, region.text()), (5, "cd"));
    }
}
