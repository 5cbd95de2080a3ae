//! Reads a scalar's raw bytes piece by piece, each with the text it stands for.
//!
//! This mirrors how the parser decodes scalars. Whoever uses it compares the pieces with the
//! decoded value, so that a difference between the two leads to no answer, never to a wrong one.

use std::collections::VecDeque;
use std::ops::Range;

use super::json::surrogate;
use super::tree::Style;
use super::{is_blank, is_break};

/// What a piece of raw text stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decoded {
    Nothing,
    Char(char),
    Text(String),
}

/// A piece of a scalar's raw text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Range in the scalar's raw text.
    pub(super) raw: Range<usize>,
    pub(super) decoded: Decoded,
    /// Whether replacing the piece by other text leaves the scalar's layout alone; false for
    /// folded line breaks and indentation.
    pub(super) faithful: bool,
}

/// The pieces of a scalar whose raw text (quotes or block header included) is `raw`.
pub(super) fn pieces<'a>(raw: &'a str, value: &str, style: Style) -> Pieces<'a> {
    match style {
        Style::Plain => Pieces::Flow(Flow::new(raw, 0..raw.len(), style)),
        Style::SingleQuoted | Style::DoubleQuoted => {
            Pieces::Flow(Flow::new(raw, 1..raw.len().saturating_sub(1), style))
        }
        Style::Literal | Style::Folded => Pieces::Block(Block::new(raw, value, style)),
    }
}

/// See [`pieces`].
pub(super) enum Pieces<'a> {
    Flow(Flow<'a>),
    Block(Block<'a>),
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        match self {
            Self::Flow(flow) => flow.next(),
            Self::Block(block) => block.next(),
        }
    }
}

/// A plain or quoted scalar.
pub(super) struct Flow<'a> {
    rest: &'a str,
    at: usize,
    style: Style,
    /// Blanks up to here belong to a run without a line break and stand for themselves.
    blanks_until: usize,
}

impl<'a> Flow<'a> {
    fn new(raw: &'a str, inner: Range<usize>, style: Style) -> Self {
        Self {
            at: inner.start,
            rest: raw.get(inner).unwrap_or_default(),
            style,
            blanks_until: 0,
        }
    }

    fn next(&mut self) -> Option<Piece> {
        let c = self.rest.chars().next()?;
        if (is_blank(c) || is_break(c)) && self.at >= self.blanks_until {
            let run = run(self.rest);
            if run.contains(is_break) {
                return self.take(run.len(), Decoded::Text(fold(run)), false);
            }
            self.blanks_until = self.at + run.len();
        }
        if self.style == Style::SingleQuoted && self.rest.starts_with("''") {
            return self.take(2, Decoded::Char('\''), true);
        }
        if self.style == Style::DoubleQuoted && c == '\\' {
            return self.escape();
        }
        self.take(c.len_utf8(), Decoded::Char(c), true)
    }

    fn escape(&mut self) -> Option<Piece> {
        let rest = self.rest;
        let mark = rest.chars().nth(1)?;
        if is_break(mark) {
            // The line break and the next line's indentation vanish; further breaks stay.
            let after = rest.get(1..)?;
            let run = run(after);
            let extra: String = breaks(run).skip(1).map(|(_, decoded)| decoded).collect();
            let len = 1 + run.len();
            return if extra.is_empty() {
                self.take(len, Decoded::Nothing, true)
            } else {
                self.take(len, Decoded::Text(extra), false)
            };
        }
        let digits = match mark {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let (c, len) = if let Some((c, len)) = surrogate(rest) {
            (c.unwrap_or(char::REPLACEMENT_CHARACTER), len)
        } else if digits > 0 {
            let hex = rest.get(2..2 + digits)?;
            let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
            (c, 2 + digits)
        } else {
            (short_escape(mark)?, 1 + mark.len_utf8())
        };
        self.take(len, Decoded::Char(c), true)
    }

    fn take(&mut self, len: usize, decoded: Decoded, faithful: bool) -> Option<Piece> {
        let raw = self.at..self.at + len;
        self.rest = self.rest.get(len..)?;
        self.at = raw.end;
        Some(Piece {
            raw,
            decoded,
            faithful,
        })
    }
}

/// The character `\c` stands for in double quotes.
fn short_escape(c: char) -> Option<char> {
    Some(match c {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => c,
        _ => return None,
    })
}

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
    fn new(raw: &'a str, value: &str, style: Style) -> Self {
        // The header may hold a comment.
        let header = raw.find(is_break).map_or(raw.len(), |at| {
            at + breaks(raw.get(at..).unwrap_or_default())
                .next()
                .map_or(0, |(len, _)| len)
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

    fn next(&mut self) -> Option<Piece> {
        if self.gap.is_empty() && self.at >= self.line_end {
            self.fill_gap();
        }
        if let Some(piece) = self.gap.pop_front() {
            return Some(piece);
        }
        let c = self.raw.get(self.at..self.line_end)?.chars().next()?;
        let raw = self.at..self.at + c.len_utf8();
        self.at = raw.end;
        Some(Piece {
            raw,
            decoded: Decoded::Char(c),
            faithful: true,
        })
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
                rest.bytes()
                    .take_while(|b| *b == b' ')
                    .take(self.indent)
                    .count()
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
            self.gap.push_back(Piece {
                raw,
                decoded,
                faithful,
            });
        }
    }
}

/// Spaces before the first character that is neither a space nor a line break, in its line.
fn leading_spaces(text: &str) -> Option<usize> {
    text.split(is_break)
        .find_map(|line| line.find(|c| c != ' '))
}

/// The blanks and line breaks at the start of `text`.
fn run(text: &str) -> &str {
    let rest = text.trim_start_matches(|c| is_blank(c) || is_break(c));
    text.get(..text.len() - rest.len()).unwrap_or_default()
}

/// What a run with a line break stands for in a plain or quoted scalar: a space, or the breaks
/// after the first.
fn fold(run: &str) -> String {
    let mut decoded: String = breaks(run).map(|(_, decoded)| decoded).collect();
    if decoded.starts_with('\n') {
        decoded.remove(0);
        if decoded.is_empty() {
            decoded.push(' ');
        }
    }
    decoded
}

/// The line breaks in `text`: length and decoded character.
fn breaks(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        let c = chars.find(|c| is_break(*c))?;
        Some(match c {
            '\r' if chars.next_if_eq(&'\n').is_some() => (2, '\n'),
            '\u{2028}' | '\u{2029}' => (c.len_utf8(), c),
            _ => (c.len_utf8(), '\n'),
        })
    })
}
