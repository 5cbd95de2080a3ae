//! Collections in brackets, as JSON has them.

use super::{KEY, Reader, Style, opening};

impl Reader<'_> {
    /// Reads the collection that begins with this bracket; the offset behind its end, which may be in
    /// a later line.
    pub(super) fn flow(&mut self, at: usize) -> Option<usize> {
        let is_mapping = self.byte(at)? == b'{';
        let bracket = if is_mapping { b'}' } else { b']' };
        self.open(at, is_mapping, true)?;
        let mut at = self.skip_white(at + 1);
        while self.byte(at)? != bracket {
            if is_mapping {
                at = self.flow_key(at)?;
            }
            at = self.flow_value(at)?;
            at = self.skip_white(at);
            match self.byte(at)? {
                b',' => at = self.skip_white(at + 1),
                sign if sign == bracket => {}
                _ => return None,
            }
        }
        self.close(at + 1)?;
        Some(at + 1)
    }

    /// Reads a key; where its value begins.
    fn flow_key(&mut self, at: usize) -> Option<usize> {
        let end = match self.byte(at)? {
            quote @ (b'"' | b'\'') => self.quoted(at, quote)?,
            _ => {
                let end = self.word(at)?;
                // Some parsers read `a:b` as one word, and others a key whose colon stands alone.
                (self.byte(end)? == b':' && matches!(self.byte(end + 1)?, b' ' | b'\n'))
                    .then_some(end)?
            }
        };
        if self.byte(end)? != b':' || end - at > KEY {
            return None;
        }
        Some(self.skip_white(end + 1))
    }

    fn flow_value(&mut self, at: usize) -> Option<usize> {
        match self.byte(at)? {
            quote @ (b'"' | b'\'') => self.quoted(at, quote),
            b'[' | b'{' => self.flow(at),
            _ => self.word(at),
        }
    }

    /// Reads words of signs that mean nothing in brackets, in one line.
    fn word(&mut self, at: usize) -> Option<usize> {
        let bytes = self.rest(at).as_bytes();
        match bytes {
            [first, ..] if first.is_ascii_alphanumeric() || matches!(first, b'/' | b'_' | b'$') => {
            }
            // At a line's beginning it may be a document's.
            [b'-' | b'.', next, ..]
                if is_sign(*next) && self.byte(at.checked_sub(1)?)? != b'\n' => {}
            _ => return None,
        }
        let is_inside = |byte: &u8| is_sign(*byte) || *byte == b' ';
        let len = bytes.iter().take_while(|byte| is_inside(byte)).count();
        let ends = matches!(bytes.get(len)?, b',' | b']' | b'}' | b':' | b'\n');
        let word = self.rest(at).get(..len).filter(|_| ends)?.trim_end_matches(' ');
        let opening = opening(&mut self.anchor, at, at + word.len());
        self.builder.scalar(opening, word, Style::Plain, false).ok()?;
        Some(at + word.len())
    }

    fn skip_white(&self, at: usize) -> usize {
        let bytes = self.rest(at).as_bytes();
        at + bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\n')).count()
    }
}

/// Whether a sign is a part of a word, wherever it stands in it.
fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'/' | b'_'
                | b'.'
                | b'-'
                | b'+'
                | b'='
                | b'$'
                | b'('
                | b')'
                | b'~'
                | b'%'
                | b'@'
                | b'*'
        )
}
