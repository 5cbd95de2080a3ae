//! The items of a large list, each of which can be parsed, or passed over, on its own.
//!
//! `kubectl get` writes one document, a `List` with every object as an item. As in a stream, most
//! items are of no interest; the others are read on several processors. That changes nothing: an
//! item is told only where the bytes say for certain where it ends, and from the first thing on that
//! isn't understood the rest is left to the parser as it stands.

mod block;
mod json;
mod reader;

use super::branch::{Branch, Grafts};
use super::events::Input;
use super::parse::{branches, inner_mark};
use super::quick;
use super::tree::Document;
use crate::source::Span;

/// From so many bytes on, items that are read together are put where they belong.
const BATCH: usize = 1024 * 1024;

/// An item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// In block style the bytes behind its dash and the blank there, up to its last line break; in
    /// JSON what is between its braces.
    pub span: Span,
    /// Whether it is worth parsing.
    pub is_needed: bool,
}

impl Item {
    /// The byte before it: a brace, or the blank behind its dash.
    fn sign(&self, text: &str) -> Option<u8> {
        text.as_bytes().get(self.span.start.checked_sub(1)?).copied()
    }
}

/// The items of a chunk that is a list of objects, so far as they can be told, in order. Those are
/// needed that `is_needed` asks for by their bytes, or that have a name which may be used elsewhere.
#[must_use]
pub fn list_items(text: &str, chunk: Span, is_needed: impl Fn(&[u8]) -> bool + Sync) -> Vec<Item> {
    let Some(body) = text.as_bytes().get(chunk.as_range()) else { return Vec::new() };
    let mut items = if body.trim_ascii_start().starts_with(b"{") {
        json::items(body, is_needed)
    } else {
        block::items(body, is_needed)
    };
    for Item { span, .. } in &mut items {
        *span = Span::new(chunk.start + span.start, chunk.start + span.end);
    }
    items
}

/// Reads an item on its own. `None` where that can't be done: when it is damaged, say, or uses a
/// name that is given elsewhere.
#[must_use]
pub fn parse_item(text: &str, item: &Item) -> Option<Branch> {
    if item.sign(text)? == b'{' {
        let span = Span::new(item.span.start - 1, item.span.end + 1);
        let body = text.get(span.as_range())?;
        return quick::read_inside(text, span.start, span.start, span.end)
            .or_else(|| parse_fully(text, span, body));
    }
    let line = text.get(..item.span.start)?.rfind('\n').map_or(0, |end| end + 1);
    let behind = text.get(item.span.end..)?;
    let ending = if behind.starts_with("\r\n") { 2 } else { usize::from(behind.starts_with('\n')) };
    let end = item.span.end + ending;
    quick::read_inside(text, line, item.span.start, end).or_else(|| {
        // Columns are what they were.
        let mut body = " ".repeat(item.span.start - line);
        body.push_str(text.get(item.span.start..end)?);
        parse_fully(text, Span::new(line, end), &body)
    })
}

/// The one document of a part of a text; see [`branches`].
fn parse_fully(text: &str, span: Span, body: &str) -> Option<Branch> {
    let mut documents = branches(text, span, body).ok()?.into_iter();
    let document = documents.next()?;
    (documents.next().is_none() && document.document.root().is_some()).then_some(document)
}

/// Reads a chunk with these items, of which `read` reads the needed ones, so many bytes of them at a
/// time; those that aren't needed are null, or empty. `None` where `read` returns it, or where that
/// isn't what the chunk says; it has to be parsed whole then.
#[must_use]
pub fn parse_list(
    text: &str,
    chunk: Span,
    items: &[Item],
    mut read: impl FnMut(&[Item]) -> Option<Vec<Branch>>,
) -> Option<Vec<Document>> {
    let cuts: Vec<Span> = items.iter().map(|item| item.span).collect();
    let kept = without(text, chunk, &cuts)?;
    if inner_mark(&kept).is_some() {
        return None;
    }
    let needed: Vec<Item> = items.iter().filter(|item| item.is_needed).copied().collect();
    let mut rest = &needed[..];
    let mut more = || {
        let (batch, later) = rest.split_at(batch(rest));
        rest = later;
        let places = batch.iter().map(|item| item.span.start - 1);
        Some(places.zip(read(batch)?).collect())
    };
    let input = Input::without(text, chunk, kept.as_bytes(), &cuts);
    input.grafted(Grafts::new(&mut more))
}

/// How many items are read next: no more than these are held twice.
fn batch(items: &[Item]) -> usize {
    let mut bytes = 0;
    let fits = |item: &Item| {
        let fits = bytes < BATCH;
        bytes += item.span.len();
        fits
    };
    items.iter().copied().take_while(fits).count()
}

/// A part of a text without what is cut out.
fn without(text: &str, span: Span, cuts: &[Span]) -> Option<String> {
    let mut kept = String::new();
    let starts = std::iter::once(span.start).chain(cuts.iter().map(|cut| cut.end));
    let ends = cuts.iter().map(|cut| cut.start).chain([span.end]);
    for (start, end) in starts.zip(ends) {
        kept.push_str(text.get(start..end)?);
    }
    Some(kept)
}

#[cfg(test)]
mod tests;
