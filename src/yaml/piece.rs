//! Pieces of a scalar's raw text; see [`super::align`].

use std::ops::Range;

use super::is_break;

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

/// The line breaks in `text`: length and decoded character.
pub(super) fn breaks(text: &str) -> impl Iterator<Item = (usize, char)> {
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
