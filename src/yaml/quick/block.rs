//! Block collections: what is told by indentation.

use super::{Reader, Style, opening};

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
        if of == Of::Dash && (self.is_dash(at) || self.is_key(at)?) {
            return self.collection(at);
        }
        self.node(at, column)
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
                return if self.is_key(at)? { self.mapping(at) } else { self.node(at, column) };
            }
        }
        self.builder.scalar(opening(from, from), "", Style::Plain, false).ok()
    }

    /// Whether the dash of a list's item is here.
    fn is_dash(&self, at: usize) -> bool {
        let mut bytes = self.rest(at).bytes();
        bytes.next() == Some(b'-') && matches!(bytes.next(), None | Some(b' ' | b'\n'))
    }
}
