//! Items of a list in block style, told by their lines.
//!
//! An item ends at the next line that is indented as its dash is, unless a quoted scalar or a
//! collection in brackets reaches over that line, which is followed here ([`Open`]). Plain scalars
//! and block scalars can't, as their lines are indented further than what they belong to.

use memchr::{memchr, memchr_iter};

use super::Item;
use crate::source::Span;
use crate::yaml::scan::{Mark, end_of_quoted, indentation, mark};

/// The items of a text's block list `items`; nothing where the text is no such list, or only looks
/// like one. What is found is told from the first byte of `body` on.
pub(super) fn items(body: &[u8], is_needed: impl Fn(&[u8]) -> bool) -> Vec<Item> {
    let Some((start, indent)) = block_list(body).filter(|_| !has_odd_breaks(body)) else {
        return Vec::new();
    };
    let reader = Reader::default();
    let mut list = List { body, indent, is_needed, item: None, reader, found: Vec::new() };
    list.read(start);
    list.found
}

/// Line breaks that aren't a line feed, with or without a carriage return before it.
fn has_odd_breaks(body: &[u8]) -> bool {
    let mut returns = memchr_iter(b'\r', body);
    returns.any(|at| body.get(at + 1) != Some(&b'\n'))
        || ["\u{85}", "\u{2028}", "\u{2029}"]
            .iter()
            .any(|sign| memchr::memmem::find(body, sign.as_bytes()).is_some())
}

/// Where the first item of the list `items` begins, and how far its dash is indented. What stands
/// before it has to be so plain that `items` is a key of the document, and no part of a text.
fn block_list(body: &[u8]) -> Option<(usize, usize)> {
    let mut in_items = false;
    for (at, line) in (Lines { body, at: 0 }) {
        let indent = indentation(line);
        let content = line.get(indent..)?.trim_ascii_end();
        match content {
            [] | [b'#', ..] => {}
            [b'-', b' ', ..] if in_items => return Some((at, indent)),
            _ if in_items || indent > 0 => return None,
            b"---" => {}
            b"items:" => in_items = true,
            _ => {
                let value =
                    content.strip_prefix(b"apiVersion: ").or(content.strip_prefix(b"kind: "))?;
                let is_word =
                    |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-');
                value.iter().all(is_word).then_some(())?;
            }
        }
    }
    None
}

struct List<'a, F> {
    body: &'a [u8],
    /// How far the dashes of the items are indented.
    indent: usize,
    is_needed: F,
    /// The item at hand: the byte behind its dash.
    item: Option<usize>,
    reader: Reader,
    found: Vec<Item>,
}

impl<F: Fn(&[u8]) -> bool> List<'_, F> {
    fn read(&mut self, start: usize) {
        for (at, line) in (Lines { body: self.body, at: start }) {
            let indent = indentation(line);
            let content = line.get(indent..).unwrap_or_default().trim_ascii_end();
            if !self.reader.goes_on(indent, content) {
                let is_item = indent == self.indent && content.starts_with(b"- ");
                if is_item || indent <= self.indent {
                    self.end(at);
                    if !is_item {
                        return;
                    }
                    self.item = Some(at + indent + 2);
                    self.reader = Reader::default();
                }
                self.reader.begin(indent, content);
            }
            if self.reader.is_lost {
                return;
            }
        }
        if self.reader.open == Open::Nothing {
            self.end(self.body.len());
        }
    }

    /// The item at hand ends where the line at a byte begins.
    fn end(&mut self, at: usize) {
        let Some(start) = self.item.take() else { return };
        let bytes = self.body.get(start..at).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if !bytes.is_empty() {
            let is_needed = self.reader.has_names || (self.is_needed)(bytes);
            self.found.push(Item { span: Span::new(start, start + bytes.len()), is_needed });
        }
    }
}

/// What is open at the end of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Open {
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
struct Reader {
    open: Open,
    /// The column of the key or dash whose scalar goes on in lines that are indented further.
    scalar_of: Option<usize>,
    /// The item has an anchor, an alias or a tag.
    has_names: bool,
    /// The last line ended inside a plain word in brackets.
    in_word: bool,
    /// A line wasn't understood.
    is_lost: bool,
}

impl Reader {
    /// Reads a line on which something goes on, or which is blank or a comment; `false` for any
    /// other line.
    fn goes_on(&mut self, indent: usize, content: &[u8]) -> bool {
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
    fn begin(&mut self, indent: usize, content: &[u8]) {
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

/// The lines of a text with where they begin; each has its line break.
struct Lines<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.body.get(self.at..).filter(|rest| !rest.is_empty())?;
        let len = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let start = self.at;
        self.at += len;
        Some((start, rest.get(..len)?))
    }
}
