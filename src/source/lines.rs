//! Where lines begin, for many questions about one text.

use super::{BOM, LineCol};
use memchr::memchr2_iter;

/// A mark is set every so many bytes: an answer costs no more than reading that many.
const DISTANCE: usize = 4096;

/// Marks all along a text, so that neither many lines nor one long line make answers slow.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    marks: Vec<Mark>,
}

/// What is known at one byte of a text.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// The byte; never inside of a character.
    at: usize,
    /// The number of its line, counted from 1.
    line: usize,
    /// How many characters of the line stand before it.
    column: usize,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let mut mark = Mark { at: 0, line: 1, column: 0 };
        let mut marks = vec![mark];
        for end in (DISTANCE..text.len()).step_by(DISTANCE) {
            mark = mark.moved(text, text.floor_char_boundary(end));
            marks.push(mark);
        }
        Self { marks }
    }

    /// See [`super::line_col`].
    pub(super) fn line_col(&self, text: &str, offset: usize) -> LineCol {
        let offset = text.floor_char_boundary(offset);
        let passed = self.marks.partition_point(|mark| mark.at <= offset);
        let mark = passed.checked_sub(1).and_then(|last| self.marks.get(last)).copied();
        let mark = mark.unwrap_or(Mark { at: 0, line: 1, column: 0 }).moved(text, offset);
        // A byte order mark is no column of the first line.
        let unseen = usize::from(mark.line == 1 && offset > 0 && text.starts_with(BOM));
        LineCol { line: mark.line, column: mark.column + 1 - unseen }
    }

    /// Where a line begins; `None` when there is no such line.
    pub(super) fn start(&self, text: &str, line: usize) -> Option<usize> {
        if line == 1 {
            return Some(0);
        }
        let passed = self.marks.partition_point(|mark| mark.line < line);
        let mark = self.marks.get(passed.checked_sub(1)?)?;
        let rest = text.as_bytes().get(mark.at..)?;
        let start = line_starts(rest).nth(line.checked_sub(mark.line + 1)?)?;
        Some(mark.at + start)
    }
}

impl Mark {
    /// The same for a byte further on.
    fn moved(self, text: &str, at: usize) -> Self {
        let bytes = text.as_bytes();
        // One byte more, so that the two of a CRLF are never torn apart.
        let seen = bytes.get(self.at..bytes.len().min(at + 1)).unwrap_or_default();
        let (mut line, mut start) = (self.line, None);
        for next in line_starts(seen).take_while(|next| self.at + next <= at) {
            line += 1;
            start = Some(self.at + next);
        }
        let before = text.get(start.unwrap_or(self.at)..at).unwrap_or_default().chars().count();
        let column = if start.is_some() { before } else { self.column + before };
        Self { at, line, column }
    }
}

/// Offsets just past each line break: `\n`, `\r\n` and a lone `\r`, which YAML counts, too.
pub(crate) fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr2_iter(b'\n', b'\r', bytes)
        .filter(|at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'))
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::line_col;

    #[test]
    fn marks_change_no_answer() {
        let long = "ä".repeat(3 * DISTANCE + 7);
        let torn = format!("{}\r\nx\r\r\n", "a".repeat(DISTANCE - 1));
        let short = "b\n".repeat(3 * DISTANCE);
        for text in [
            "",
            "\u{feff}ä: ö\r\nb\n\n\rlast 大\r",
            "\r\r\n",
            &format!("\u{feff}{long}\r\n{long}\n{long}"),
            &torn,
            &short,
        ] {
            let lines = Lines::of(text);
            for offset in (0..text.len() + 2).step_by(1 + text.len() / 500) {
                assert_eq!(lines.line_col(text, offset), line_col(text, offset), "{offset}");
            }
            for offset in DISTANCE - 4..DISTANCE + 8 {
                assert_eq!(lines.line_col(text, offset), line_col(text, offset), "{offset}");
            }
            let starts: Vec<usize> = line_starts(text.as_bytes()).collect();
            for line in (2..starts.len() + 3).step_by(1 + starts.len() / 100) {
                assert_eq!(lines.start(text, line), starts.get(line - 2).copied(), "{line}");
            }
            assert_eq!(lines.start(text, 1), Some(0));
            assert_eq!(lines.start(text, 0), None);
        }
    }
}
