//! Reads a scalar's raw bytes piece by piece, each with the text it stands for.
//!
//! This mirrors how the parser decodes scalars. Whoever uses it compares the pieces with the
//! decoded value, so that a difference between the two leads to no answer, never to a wrong one.

use std::ops::Range;

use super::block::Block;
use super::json::surrogate;
use super::node::Style;
use super::piece::{Decoded, Piece, breaks};
use super::{is_blank, is_break};

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
        Self { at: inner.start, rest: raw.get(inner).unwrap_or_default(), style, blanks_until: 0 }
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
        Some(Piece { raw, decoded, faithful })
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
