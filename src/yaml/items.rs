//! Items of a list that needn't be parsed.
//!
//! `kubectl get -o yaml` writes one document, a `List` with every object as an item. As in a stream,
//! most items are of no interest, and are left out of what the parser is given. An item is left out
//! only where its lines alone tell that it ends where the next one begins: no quote, no bracket is
//! open at the end of a line, and nothing in it has a name that may be used elsewhere. From the
//! first item on of which that can't be told, everything is parsed.
//!
//! Why that is enough: an item ends at the next line that is indented as its dash is, unless a
//! quoted scalar or a collection in brackets reaches over that line. Plain scalars and block
//! scalars can't, as their lines are indented further than what they belong to.

use memchr::memchr;

use crate::source::Span;

/// The items of a chunk's block list `items` that `is_needed` doesn't ask for: of each the bytes
/// behind its dash, up to its last line break. In what remains it is null.
///
/// Nothing where the chunk is no such list, or only looks like one.
#[must_use]
pub fn unneeded_items(text: &str, chunk: Span, is_needed: impl Fn(&[u8]) -> bool) -> Vec<Span> {
    let Some(body) = text.as_bytes().get(chunk.as_range()) else { return Vec::new() };
    let Some((start, indent)) = block_list(body).filter(|_| !has_odd_breaks(body)) else {
        return Vec::new();
    };
    let mut list = List { body, indent, is_needed, item: None, found: Vec::new() };
    list.read(start);
    list.found.iter().map(|cut| Span::new(chunk.start + cut.start, chunk.start + cut.end)).collect()
}

/// Line breaks that aren't a line feed, with or without a carriage return before it.
fn has_odd_breaks(body: &[u8]) -> bool {
    let mut returns = memchr::memchr_iter(b'\r', body);
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
    item: Option<Item>,
    found: Vec<Span>,
}

/// The item at hand.
struct Item {
    /// Behind its dash.
    start: usize,
    /// It has an anchor, an alias or a tag.
    has_names: bool,
    /// The column of the key or dash whose block scalar the lines belong to.
    block: Option<usize>,
}

impl<F: Fn(&[u8]) -> bool> List<'_, F> {
    fn read(&mut self, start: usize) {
        for (at, line) in (Lines { body: self.body, at: start }) {
            let indent = indentation(line);
            let content = line.get(indent..).unwrap_or_default().trim_ascii_end();
            let block = self.item.as_ref().and_then(|item| item.block);
            if content.is_empty() || block.is_some_and(|block| indent > block) {
                continue;
            }
            if content.starts_with(b"#") {
                continue;
            }
            let is_item = indent == self.indent && content.starts_with(b"- ");
            if is_item || indent <= self.indent {
                self.end(at);
                if !is_item {
                    return;
                }
                self.item = Some(Item { start: at + indent + 2, has_names: false, block: None });
            }
            let Some(item) = &mut self.item else { return };
            if !item.read(indent, content) {
                return;
            }
        }
        self.end(self.body.len());
    }

    /// The item at hand ends where the line at a byte begins.
    fn end(&mut self, at: usize) {
        let Some(item) = self.item.take() else { return };
        let bytes = self.body.get(item.start..at).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if !bytes.is_empty() && !item.has_names && !(self.is_needed)(bytes) {
            self.found.push(Span::new(item.start, item.start + bytes.len()));
        }
    }
}

impl Item {
    /// Reads a line's content, which is indented so far; `false` when what follows it may belong
    /// to something that is open at its end.
    fn read(&mut self, indent: usize, content: &[u8]) -> bool {
        self.block = None;
        let (mut column, mut content) = (indent, content);
        let mut dash = None;
        while let Some(rest) = content.strip_prefix(b"- ") {
            let blanks = rest.len() - rest.trim_ascii_start().len();
            dash = Some(column);
            column += 2 + blanks;
            content = rest.get(blanks..).unwrap_or_default();
        }
        if matches!(content, [b'\t' | b'?' | b'%', ..]) {
            return false;
        }
        let head = content.iter().rposition(|byte| *byte == b' ').map_or(0, |at| at + 1);
        let (before, last) = content.split_at(head);
        if is_block_header(last) {
            match before.trim_ascii_end() {
                [] => self.block = dash,
                [.., b':'] => self.block = Some(column),
                // Behind a tag or an anchor, perhaps; or a plain word.
                _ => return false,
            }
        }
        match names_in(content) {
            Some(has_names) => self.has_names |= has_names,
            None => return false,
        }
        true
    }
}

/// Whether a word is the header of a block scalar, such as `|-`.
fn is_block_header(word: &[u8]) -> bool {
    matches!(word, [b'|' | b'>', rest @ ..]
        if rest.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-')))
}

/// Whether a line has an anchor, an alias or a tag; `None` when a quote or a bracket may be open at
/// its end. What stands inside a plain word is taken for a quote or a bracket, too, if it could be
/// one; then more is parsed than has to be.
fn names_in(line: &[u8]) -> Option<bool> {
    let mut names = false;
    let mut depth = 0_usize;
    let mut before = b' ';
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        let begins = matches!(before, b' ' | b'\t' | b':' | b'-' | b',' | b'[' | b'{');
        match byte {
            b'#' if matches!(before, b' ' | b'\t') => break,
            b'"' | b'\'' if begins => at = end_of_quoted(line, at, byte)?,
            b'[' | b'{' if begins || depth > 0 => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'&' | b'*' | b'!' if begins => names = true,
            _ => {}
        }
        before = byte;
        at += 1;
    }
    (depth == 0).then_some(names)
}

/// Where the quote ends a scalar that begins at a byte; `None` when it isn't on this line.
fn end_of_quoted(line: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = line.get(at..)?;
        at += match quote {
            b'"' => memchr::memchr2(b'"', b'\\', rest)?,
            _ => memchr(b'\'', rest)?,
        };
        match line.get(at..)? {
            [b'\\', ..] | [b'\'', b'\'', ..] => at += 2,
            _ => return Some(at),
        }
    }
}

fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
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

#[cfg(test)]
#[path = "tests_items.rs"]
mod tests;
