//! Reads the raw bytes of literal and folded scalars; see [`super::align`].

use std::collections::VecDeque;

use super::node::Style;
use super::piece::{Decoded, Piece, breaks};
use super::{is_blank, is_break};

/// A literal or folded scalar.
pub(super) struct Block<'a> {
    raw: &'a str,
    at: usize,
    indent: usize,
    folded: bool,
    /// End of the current line's content.
    line_end: usize,
    /// First character of the last content line; `None` before the first one.
    line_start: Option<char>,
    /// Pieces of the gap before the next content line.
    gap: VecDeque<Piece>,
}

impl<'a> Block<'a> {
    pub(super) fn new(raw: &'a str, value: &str, style: Style) -> Self {
        // The header may hold a comment.
        let header = raw.find(is_break).map_or(raw.len(), |at| {
            at + breaks(raw.get(at..).unwrap_or_default()).next().map_or(0, |(len, _)| len)
        });
        let body = raw.get(header..).unwrap_or_default();
        // An explicit indentation counts from the parent's, which isn't known here. The first
        // line with any content tells: what it lost in decoding is the indentation.
        let indent = match (leading_spaces(body), leading_spaces(value)) {
            (Some(raw), Some(decoded)) => raw.saturating_sub(decoded),
            _ => 0,
        };
        Self {
            raw,
            at: header,
            indent,
            folded: style == Style::Folded,
            line_end: header,
            line_start: None,
            gap: VecDeque::new(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Piece> {
        if self.gap.is_empty() && self.at >= self.line_end {
            self.fill_gap();
        }
        if let Some(piece) = self.gap.pop_front() {
            return Some(piece);
        }
        let c = self.raw.get(self.at..self.line_end)?.chars().next()?;
        let raw = self.at..self.at + c.len_utf8();
        self.at = raw.end;
        Some(Piece { raw, decoded: Decoded::Char(c), faithful: true })
    }

    /// Reads line breaks, blank lines and indentation up to the next content line.
    fn fill_gap(&mut self) {
        let start = self.at;
        let mut text = String::new();
        let (line, next) = loop {
            let rest = self.raw.get(self.at..).unwrap_or_default();
            let before_content = start == self.at && self.line_start.is_some();
            let spaces = if before_content {
                0
            } else {
                rest.bytes().take_while(|b| *b == b' ').take(self.indent).count()
            };
            self.push(spaces, Decoded::Nothing, false);
            let rest = rest.get(spaces..).unwrap_or_default();
            let Some(c) = rest.chars().next() else {
                break ("", None);
            };
            let Some((len, decoded)) = breaks(rest).next().filter(|_| is_break(c)) else {
                break (rest, Some(c));
            };
            text.push(decoded);
            let faithful = rest.starts_with('\n');
            self.push(len, Decoded::Char(decoded), faithful);
        };
        self.line_end = self.at + line.find(is_break).unwrap_or(line.len());
        // Lines that begin with a blank aren't folded, nor are the breaks at the end.
        let folds = |c: Option<char>| c.is_some_and(|c| !is_blank(c));
        if self.folded && folds(self.line_start) && folds(next) && text.starts_with('\n') {
            text.remove(0);
            if text.is_empty() {
                text.push(' ');
            }
            self.gap.clear();
            self.gap.push_back(Piece {
                raw: start..self.at,
                decoded: Decoded::Text(text),
                faithful: false,
            });
        }
        self.line_start = next;
    }

    fn push(&mut self, len: usize, decoded: Decoded, faithful: bool) {
        let raw = self.at..self.at + len;
        self.at = raw.end;
        if len > 0 {
            self.gap.push_back(Piece { raw, decoded, faithful });
        }
    }
}

/// Spaces before the first character that is neither a space nor a line break, in its line.
fn leading_spaces(text: &str) -> Option<usize> {
    text.split(is_break).find_map(|line| line.find(|c| c != ' '))
}
