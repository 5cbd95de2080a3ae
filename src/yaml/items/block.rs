//! Items of a list in block style, told by their lines.
//!
//! An item ends at the next line that is indented as its dash is, unless a quoted scalar or a
//! collection in brackets reaches over that line, which a [`Reader`] knows. Plain scalars and block
//! scalars can't, as their lines are indented further than what they belong to.
//!
//! A long list is read in stretches on several processors. Each begins at a line that looks like an
//! item; that it is one the stretch before it tells.

use memchr::{memchr, memchr3_iter, memmem};
use std::ops::Range;

use super::Item;
use super::reader::{Open, Reader};
use crate::parallel;
use crate::source::Span;
use crate::yaml::scan::indentation;

/// About so many bytes of a list are read by one processor.
const STRETCH: usize = 1024 * 1024;

/// The items of a text's block list `items`; nothing where the text is no such list, or only looks
/// like one. What is found is told from the first byte of `body` on.
pub(super) fn items(body: &[u8], is_needed: impl Fn(&[u8]) -> bool + Sync) -> Vec<Item> {
    items_by(STRETCH, body, is_needed)
}

/// The items, read in stretches of about so many bytes; they are the same for any number.
pub(super) fn items_by(
    stretch: usize,
    body: &[u8],
    is_needed: impl Fn(&[u8]) -> bool + Sync,
) -> Vec<Item> {
    let Some((start, indent)) = block_list(body).filter(|_| !has_odd_breaks(body)) else {
        return Vec::new();
    };
    let list = List { body, indent, is_needed };
    let stretches = list.stretches(start, stretch);
    let read = parallel::map(&stretches, body.len(), |stretch| list.read(stretch.clone()));
    let mut found = Vec::new();
    for (stretch, (mut items, end)) in stretches.into_iter().zip(read) {
        if end == End::Inside {
            // What stands behind this stretch only looks like an item.
            (items, _) = list.read(stretch.start..body.len());
        }
        found.append(&mut items);
        if end != End::Reached {
            break;
        }
    }
    found
}

/// Line breaks that aren't a line feed, with or without a carriage return before it.
fn has_odd_breaks(body: &[u8]) -> bool {
    const SIGNS: [&str; 3] = ["\u{85}", "\u{2028}", "\u{2029}"];
    // What they and a carriage return begin with.
    memchr3_iter(b'\r', 0xc2, 0xe2, body).any(|at| match body.get(at..) {
        Some([b'\r', rest @ ..]) => rest.first() != Some(&b'\n'),
        Some(rest) => SIGNS.iter().any(|sign| rest.starts_with(sign.as_bytes())),
        None => false,
    })
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
}

/// Where reading a stretch of a list has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At its last byte, behind which an item begins, or nothing is.
    Reached,
    /// At its last byte, inside an item.
    Inside,
    /// Before: the list ends there, or something wasn't understood.
    Before,
}

impl<F: Fn(&[u8]) -> bool> List<'_, F> {
    /// The list from its first item on, divided where items seem to begin.
    fn stretches(&self, start: usize, bytes: usize) -> Vec<Range<usize>> {
        let dash = [b"\n", " ".repeat(self.indent).as_bytes(), b"- "].concat();
        let finder = memmem::Finder::new(&dash);
        let mut stretches = Vec::new();
        let mut from = start;
        while let Some(rest) = self.body.get(from + bytes..) {
            let Some(at) = finder.find(rest) else { break };
            let to = from + bytes + at + 1;
            stretches.push(from..to);
            from = to;
        }
        stretches.push(from..self.body.len());
        stretches
    }

    /// The items of a stretch that begins where one of them does.
    fn read(&self, stretch: Range<usize>) -> (Vec<Item>, End) {
        let mut found = Vec::new();
        let mut reader = Reader::default();
        // The byte behind the dash of the item at hand.
        let mut item = None;
        for (at, line) in (Lines { body: self.body, at: stretch.start }) {
            let indent = indentation(line);
            let content = line.get(indent..).unwrap_or_default().trim_ascii_end();
            let goes_on = reader.goes_on(indent, content);
            let is_item = !goes_on && indent == self.indent && content.starts_with(b"- ");
            if at == stretch.end && !is_item {
                return (found, End::Inside);
            }
            if is_item || (!goes_on && indent <= self.indent) {
                found.extend(self.item(item, at, &reader));
                if at == stretch.end {
                    return (found, End::Reached);
                }
                if !is_item {
                    return (found, End::Before);
                }
                item = Some(at + indent + 2);
                reader = Reader::default();
            }
            if !goes_on {
                reader.begin(indent, content);
            }
            if reader.is_lost {
                return (found, End::Before);
            }
        }
        if reader.open == Open::Nothing {
            found.extend(self.item(item, self.body.len(), &reader));
        }
        (found, End::Reached)
    }

    /// The item that has begun somewhere, which was read up to where the line at a byte begins.
    fn item(&self, start: Option<usize>, end: usize, reader: &Reader) -> Option<Item> {
        let start = start?;
        let bytes = self.body.get(start..end).unwrap_or_default();
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let is_needed = || reader.has_names || (self.is_needed)(bytes);
        let span = Span::new(start, start + bytes.len());
        (!bytes.is_empty()).then(|| Item { span, is_needed: is_needed() })
    }
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
