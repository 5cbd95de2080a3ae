//! What is open at the end of a line: so much of YAML has to be known to tell items apart.

use crate::yaml::scan::{Mark, end_of_quoted, mark};

/// What is open at the end of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Open {
    #[default]
    Nothing,
    /// A scalar in quotes that isn't in brackets.
    Quoted(u8),
    /// So many brackets.
    Brackets(usize),
    /// A scalar in quotes in so many brackets.
    QuotedIn(u8, usize),
}

/// Reads an item's lines, just so far as to know what is open at their ends.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) open: Open,
    /// The column of the key or dash whose scalar goes on in lines that are indented further.
    scalar_of: Option<usize>,
    /// The item has an anchor, an alias or a tag.
    pub(super) has_names: bool,
    /// The last line ended inside a plain word in brackets.
    in_word: bool,
    /// A line wasn't understood.
    pub(super) is_lost: bool,
}

impl Reader {
    /// Reads a line on which something goes on, or which is blank or a comment; `false` for any
    /// other line.
    pub(super) fn goes_on(&mut self, indent: usize, content: &[u8]) -> bool {
        match std::mem::take(&mut self.open) {
            Open::Nothing => {
                content.is_empty()
                    || self.scalar_of.is_some_and(|column| indent > column)
                    || content.starts_with(b"#")
            }
            Open::Quoted(quote) => {
                match end_of_quoted(content, quote) {
                    None => self.open = Open::Quoted(quote),
                    Some(rest) => self.finish(rest),
                }
                true
            }
            Open::Brackets(depth) => {
                self.brackets(content, depth);
                true
            }
            Open::QuotedIn(quote, depth) => {
                match end_of_quoted(content, quote) {
                    None => self.open = Open::QuotedIn(quote, depth),
                    Some(rest) => self.brackets(rest, depth),
                }
                true
            }
        }
    }

    /// Reads a line on which a node begins.
    pub(super) fn begin(&mut self, indent: usize, content: &[u8]) {
        self.scalar_of = None;
        let (mut column, mut content) = (indent, content);
        let mut dash = None;
        while let Some(rest) = content.strip_prefix(b"- ") {
            let blanks = rest.len() - rest.trim_ascii_start().len();
            dash = Some(column);
            column += 2 + blanks;
            content = rest.get(blanks..).unwrap_or_default();
        }
        if content != b"-" {
            self.node(content, dash, Some(column));
        }
    }

    /// Reads a node from its first byte on: the value of what stands in a column, or, where it has a
    /// column of its own, perhaps a key.
    fn node(&mut self, content: &[u8], of: Option<usize>, own: Option<usize>) {
        match content {
            [] | [b'#', ..] => {}
            [b'&' | b'!', ..] => {
                self.has_names = true;
                let rest = content.split(|byte| *byte == b' ').next().unwrap_or_default().len();
                let rest = content.get(rest..).unwrap_or_default().trim_ascii_start();
                // What a property stands before begins where the property does.
                self.node(rest, of, own);
            }
            [quote @ (b'"' | b'\''), rest @ ..] => match end_of_quoted(rest, *quote) {
                None => self.open = Open::Quoted(*quote),
                Some(rest) => match (rest.trim_ascii_start().strip_prefix(b":"), own) {
                    (Some(value), Some(_)) => self.value(value, own),
                    _ => self.finish(rest),
                },
            },
            [b'[' | b'{', ..] => self.brackets(content, 0),
            [b'|' | b'>', ..] => {
                let header = content.split(|byte| *byte == b' ').next().unwrap_or_default();
                self.is_lost |= !is_block_header(header) || of.is_none();
                self.scalar_of = of;
            }
            [b'%' | b'@' | b'`' | b'\t' | b',' | b']' | b'}', ..]
            | [b'?' | b'-' | b':']
            | [b'?' | b'-' | b':', b' ' | b'\t', ..] => self.is_lost = true,
            _ => {
                self.has_names |= content.starts_with(b"*");
                match (plain_key(content), own) {
                    (Some(value), Some(_)) => self.value(value, own),
                    // A second key in one line.
                    (Some(_), None) => self.is_lost = true,
                    (None, _) => self.scalar_of = of,
                }
            }
        }
    }

    /// Reads what stands behind a key's colon.
    fn value(&mut self, content: &[u8], of: Option<usize>) {
        self.is_lost |= content.starts_with(b"\t");
        self.node(content.trim_ascii_start(), of, None);
    }

    /// Reads what stands in brackets, and what opens and closes them.
    fn brackets(&mut self, line: &[u8], mut depth: usize) {
        // A plain word on several lines, in which nothing is a quote.
        let goes_on = !matches!(line.trim_ascii_start(), [] | [b',' | b']' | b'}' | b'#', ..]);
        self.is_lost |= std::mem::take(&mut self.in_word) && goes_on;
        let mut in_word = false;
        let mut before = b' ';
        let mut at = 0;
        while let Some((&byte, rest)) = line.get(at..).and_then(<[u8]>::split_first) {
            match byte {
                b'#' if matches!(before, b' ' | b'\t') => break,
                b'"' | b'\'' if !in_word => match end_of_quoted(rest, byte) {
                    None => {
                        self.open = Open::QuotedIn(byte, depth);
                        return;
                    }
                    Some(rest) => at = line.len() - rest.len() - 1,
                },
                b'[' | b'{' => (depth, in_word) = (depth + 1, false),
                b']' | b'}' => {
                    (depth, in_word) = (depth.saturating_sub(1), false);
                    if depth == 0 {
                        return self.finish(rest);
                    }
                }
                b',' => in_word = false,
                b':' if !in_word
                    || matches!(rest, [] | [b' ' | b'\t' | b',' | b']' | b'}', ..]) =>
                {
                    in_word = false;
                }
                b' ' | b'\t' => {}
                b'?' if !in_word => self.is_lost = true,
                b'&' | b'*' | b'!' if !in_word => (self.has_names, in_word) = (true, true),
                _ => in_word = true,
            }
            before = byte;
            at += 1;
        }
        self.open = Open::Brackets(depth);
        self.in_word = in_word;
    }

    /// Reads what stands behind the end of a quoted scalar or a bracket: nothing, or a comment.
    fn finish(&mut self, rest: &[u8]) {
        let content = rest.trim_ascii_start();
        self.is_lost |= !(content.is_empty() || content.starts_with(b"#"));
    }
}

/// What stands behind the colon of a key that is a plain word; `None` where a line has none.
fn plain_key(line: &[u8]) -> Option<&[u8]> {
    match mark(line) {
        Mark::Colon(at) => line.get(at + 1..),
        Mark::Comment(_) | Mark::End => None,
    }
}

/// Whether a word is the header of a block scalar, such as `|-`.
fn is_block_header(word: &[u8]) -> bool {
    matches!(word, [b'|' | b'>', rest @ ..]
        if rest.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-')))
}
