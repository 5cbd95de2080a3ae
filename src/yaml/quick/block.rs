//! Block collections: what is told by indentation.

use super::{Reader, Style, opening};
use crate::source::Span;

/// What a value belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Key,
    Dash,
}

impl Reader<'_> {
    /// Reads the collection whose first key or dash is here, in the line at hand, and goes to the
    /// line behind it.
    pub(super) fn collection(&mut self, at: usize) -> Option<()> {
        if self.is_dash(at) { self.sequence(at) } else { self.mapping(at) }
    }

    fn sequence(&mut self, mut at: usize) -> Option<()> {
        let column = at - self.line.start;
        self.open(at, false, false)?;
        loop {
            self.value(at + 1, column, Of::Dash)?;
            if self.is_at_end() || self.line.indent() < column {
                break;
            }
            at = self.line.content;
            match (self.line.indent() == column, self.is_dash(at)) {
                (true, true) => {}
                // A key of the mapping that the list stands in, at the same column.
                (true, false) => break,
                (false, _) => return None,
            }
        }
        self.close(at)
    }

    fn mapping(&mut self, mut at: usize) -> Option<()> {
        let column = at - self.line.start;
        self.open(at, true, false)?;
        loop {
            let behind = self.key(at)?;
            self.value(behind, column, Of::Key)?;
            if self.is_at_end() || self.line.indent() < column {
                break;
            }
            at = self.line.content;
            if self.line.indent() > column || self.is_dash(at) {
                return None;
            }
        }
        self.close(at)
    }

    /// Reads what belongs to a key or a dash in a column, from behind its sign on.
    fn value(&mut self, from: usize, column: usize, of: Of) -> Option<()> {
        let written = self.text.get(from..self.line.end)?;
        let at = self.line.end - written.trim_start_matches(' ').len();
        if at == self.line.end || self.byte(at) == Some(b'#') {
            return self.value_below(from, column, of);
        }
        if self.byte(at) == Some(b'&') {
            return self.anchored(at, column, of);
        }
        if of == Of::Dash && (self.is_dash(at) || self.is_key(at)?) {
            return self.collection(at);
        }
        self.node(at, column)
    }

    /// Reads a value from its anchor on.
    fn anchored(&mut self, at: usize, column: usize, of: Of) -> Option<()> {
        let end = self.name(at)?;
        self.anchor = Some((at, self.text.get(at + 1..end)?.to_owned()));
        let written = self.text.get(end..self.line.end)?.trim_start_matches(' ');
        if written.is_empty() || written.starts_with('#') {
            return self.value_below(end, column, of);
        }
        let at = self.line.end - written.len();
        // The anchor would be the first key's.
        if self.is_dash(at) || self.is_key(at)? {
            return None;
        }
        self.node(at, column)
    }

    /// Where the name of an anchor or an alias ends; `at` is its sign.
    fn name(&self, at: usize) -> Option<usize> {
        let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let bytes = self.rest(at + 1).as_bytes();
        let len = bytes.iter().take_while(|byte| is_sign(byte)).count();
        let ends = len > 0 && matches!(bytes.get(len), None | Some(b' ' | b'\n'));
        ends.then_some(at + 1 + len)
    }

    /// Reads what is neither a block list nor a block mapping, and goes to the line behind it.
    fn node(&mut self, at: usize, column: usize) -> Option<()> {
        match self.byte(at)? {
            quote @ (b'"' | b'\'') => {
                let end = self.quoted(at, quote)?;
                self.end_line(end)
            }
            b'[' | b'{' => {
                let end = self.flow(at)?;
                self.end_line(end)
            }
            b'|' => self.literal(at, column),
            b'*' if self.anchor.is_none() => {
                let end = self.name(at)?;
                let name = self.text.get(at + 1..end)?;
                self.builder.alias(Span::new(at, end), name).ok()?;
                self.end_line(end)
            }
            _ => self.plain(at),
        }
    }

    /// Reads the value of a key or a dash behind which nothing is written in its line.
    fn value_below(&mut self, from: usize, column: usize, of: Of) -> Option<()> {
        self.go_on()?;
        let at = self.line.content;
        if !self.is_at_end() {
            let indent = self.line.indent();
            if self.is_dash(at) && (indent > column || indent == column && of == Of::Key) {
                return self.sequence(at);
            }
            if indent > column {
                // With its anchor on the line above, a scalar is one on several lines.
                let is_single = self.anchor.is_none();
                return match self.is_key(at)? {
                    true => self.mapping(at),
                    false => is_single.then(|| self.node(at, column))?,
                };
            }
        }
        if self.anchor.is_some() {
            return None;
        }
        let opening = opening(&mut self.anchor, from, from);
        self.builder.scalar(opening, "", Style::Plain, false).ok()
    }

    /// Whether the dash of a list's item is here.
    fn is_dash(&self, at: usize) -> bool {
        let mut bytes = self.rest(at).bytes();
        bytes.next() == Some(b'-') && matches!(bytes.next(), None | Some(b' ' | b'\n'))
    }
}
