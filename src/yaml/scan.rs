//! What ends what in a line: pieces that all have in common who read YAML without the parser.

use memchr::{memchr, memchr2};

/// What ends a plain scalar.
pub(super) enum Mark {
    /// A key's colon, here.
    Colon(usize),
    /// A comment, from here on.
    Comment(usize),
    /// The line.
    End,
}

/// The first thing in a line that ends a plain scalar. Lines are too short for a quicker search.
pub(super) fn mark(line: &[u8]) -> Mark {
    let mut before = b'-';
    for (at, &byte) in line.iter().enumerate() {
        match byte {
            b':' if ends_key(line.get(at + 1).copied()) => return Mark::Colon(at),
            b'#' if before == b' ' => return Mark::Comment(at),
            _ => before = byte,
        }
    }
    Mark::End
}

/// Whether a colon ends a key, by what stands behind it in the line.
pub(super) fn ends_key(behind: Option<u8>) -> bool {
    matches!(behind, None | Some(b' ' | b'\t'))
}

/// What stands behind the quote that ends a scalar, of which the opening quote was read; `None`
/// when it isn't in this text.
pub(super) fn end_of_quoted(text: &[u8], quote: u8) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        at += match quote {
            b'"' => memchr2(b'"', b'\\', rest)?,
            _ => memchr(b'\'', rest)?,
        };
        match text.get(at..)? {
            [b'\\', ..] | [b'\'', b'\'', ..] => at += 2,
            _ => return text.get(at + 1..),
        }
    }
}

/// The columns before a line's content.
pub(super) fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
}
