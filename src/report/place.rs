//! Bytes of sources as lines and columns, for many findings at once.

use crate::source::{BOM, Source, Span, line_starts};
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

/// The lines of all sources, found once.
pub(crate) struct Lines<'a> {
    sources: Vec<(&'a Source, Vec<usize>)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(sources: &'a [Source]) -> Self {
        Self {
            sources: sources
                .iter()
                .map(|source| (source, line_starts(source.text()).collect()))
                .collect(),
        }
    }

    /// The bytes of a source; `None` when there is no such source.
    pub(crate) fn region(&self, source: usize, span: Span) -> Option<Region<'a>> {
        let (source, starts) = self.sources.get(source)?;
        let start = position(source.text(), starts, span.start);
        let end = position(source.text(), starts, span.end.max(span.start));
        Some(Region { source, start, end })
    }
}

fn position(text: &str, starts: &[usize], offset: usize) -> Position {
    let offset = text.floor_char_boundary(offset);
    let (passed, _) = starts.split_at(starts.partition_point(|start| *start <= offset));
    let start = passed.last().copied().unwrap_or(0);
    let before = text.get(start..offset).unwrap_or_default();
    let before = if start == 0 { before.strip_prefix(BOM).unwrap_or(before) } else { before };
    Position { line: passed.len() + 1, column: before.chars().count() + 1, offset }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_the_messages() {
        for text in ["", "\u{feff}ä: ö\r\nb\n\n\rlast 大\r", "a", "\n\n", "\r\r\n"] {
            let source = Source::new("x", text);
            for offset in 0..text.len() + 2 {
                let found = position(text, &line_starts(text).collect::<Vec<_>>(), offset);
                let expected = source.line_col(offset);
                assert_eq!(
                    (found.line, found.column),
                    (expected.line, expected.column),
                    "{text:?}"
                );
                assert_eq!(found.offset, text.floor_char_boundary(offset));
            }
        }
    }

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
