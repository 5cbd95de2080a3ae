//! A stream of documents, of which only those are parsed that can have a site.
//!
//! Most documents of a real stream name no kubelet root. They cost a scan of their bytes.

use crate::error::Unreadable;
use crate::parallel;
use crate::source::{Source, Span};
use crate::yaml::{
    Document, Item, ParseError, ParseErrorKind, chunks, list_items, parse, parse_item, parse_list,
};
use memchr::memmem;
use needles::Needles;

mod needles;

/// How much of an input without any needle is parsed nevertheless, in bytes.
///
/// "0 sites moved" would be a poor answer to a template, a truncated file or a page of HTML. The
/// bound keeps the cost below that of starting the program.
const LOOKED_AT_ANYWAY: usize = 256 * 1024;

/// From how many bytes on a part may be a list whose items are worth telling apart. Smaller ones are
/// parsed whole: it costs little, and finds mistakes in every item.
const LARGE: usize = 64 * 1024;

/// One part of a stream: the documents between two `---`, usually one.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its bytes in the source.
    pub(crate) span: Span,
    /// Its documents; `None` when it was passed over unparsed.
    pub(crate) docs: Option<Vec<Document>>,
    /// The items of a large list that were told apart, of which only the needed ones were parsed.
    pub(crate) items: Vec<Item>,
}

/// What decides whether a part is parsed.
pub(crate) enum Wanted<'a> {
    /// Every part.
    All,
    /// Every part; but a source that was found in a folder, can't be read and has none of these
    /// words is passed over.
    Readable(Needles<'a>),
    /// Parts that contain what is looked for, or an escape that may hide it.
    Needles(Needles<'a>),
    /// These, and parts that may read a ConfigMap with one of some names.
    Readers(Needles<'a>, Needles<'a>),
}

/// What stands where a ConfigMap is read: `configMap`, `configMapRef`, `configMapKeyRef`.
const READS: &[u8] = b"configMap";

impl<'a> Wanted<'a> {
    pub(crate) fn needles(words: &[&'a str]) -> Self {
        Self::Needles(Needles::new(&[], words))
    }

    /// Parts that may name a root, by the roots' last components, or that have one of some words.
    pub(crate) fn roots(names: &[&'a str], words: &[&'a str]) -> Self {
        Self::Needles(Needles::new(names, words))
    }

    /// The same, with parts that may read a ConfigMap with one of these names.
    pub(crate) fn readers(names: &[&'a str], words: &[&'a str], maps: &[&'a str]) -> Self {
        Self::Readers(Needles::new(names, words), Needles::of_objects(maps))
    }

    /// Every part that can be read, where words tell what has to be readable.
    pub(crate) fn readable(words: &[&'a str]) -> Self {
        Self::Readable(Needles::new(&[], words))
    }

    /// Whether a source that can't be read may be passed over.
    fn may_pass_over(&self, source: &Source) -> bool {
        let Self::Readable(needles) = self else { return false };
        !source.is_named() && !needles.may_be_in(source.text().as_bytes())
    }

    /// The items of a large list.
    fn items(&self, text: &str, part: Span) -> Vec<Item> {
        match self {
            Self::Needles(_) | Self::Readers(..) if part.len() >= LARGE => {
                list_items(text, part, |item| self.matches(item))
            }
            _ => Vec::new(),
        }
    }

    fn matches(&self, bytes: &[u8]) -> bool {
        match self {
            Self::All | Self::Readable(_) => true,
            Self::Needles(needles) => needles.may_be_in(bytes),
            Self::Readers(needles, maps) => {
                needles.may_be_in(bytes) || (maps.may_be_in(bytes) && reads(bytes))
            }
        }
    }
}

/// Reads every source. What is found in a folder and names no root may be anything; what a person
/// named is looked at in any case.
///
/// # Errors
/// For each source that can't be read, by its index: the first place, and the way out.
pub(crate) fn read_all(
    sources: &[Source],
    wanted: &Wanted<'_>,
) -> Result<Vec<Vec<Part>>, Vec<(usize, Unreadable)>> {
    let bytes = sources.iter().map(|source| source.text().len()).sum();
    let read =
        parallel::map(sources, bytes, |source| read(source.text(), wanted, source.is_named()));
    let mut streams = Vec::with_capacity(sources.len());
    let mut unreadable = Vec::new();
    for (index, parts) in read.into_iter().enumerate() {
        match parts {
            Ok(parts) => streams.push(parts),
            Err(_) if sources.get(index).is_some_and(|source| wanted.may_pass_over(source)) => {
                streams.push(Vec::new());
            }
            Err(problem) => unreadable.push((index, problem)),
        }
    }
    if unreadable.is_empty() { Ok(streams) } else { Err(unreadable) }
}

fn reads(bytes: &[u8]) -> bool {
    memmem::find(bytes, READS).is_some()
}

/// Reads what else is wanted of sources that were read before. What can't be read stays unread: it was not
/// wanted then.
pub(crate) fn read_more(sources: &[Source], streams: &mut [Vec<Part>], wanted: &Wanted<'_>) {
    let all = sources.iter().zip(streams.iter()).enumerate();
    let left: Vec<_> = all
        .flat_map(|(stream, (source, parts))| {
            let text = source.text();
            parts.iter().enumerate().filter_map(move |(number, part)| {
                if part.docs.is_some() && part.items.is_empty() {
                    return None;
                }
                let bytes = text.as_bytes().get(part.span.as_range())?;
                let items = wanted.matches(bytes).then(|| wanted.items(text, part.span))?;
                let is_more = part.docs.is_none() || items != part.items;
                is_more.then_some((stream, number, text, [(part.span, items)]))
            })
        })
        .collect();
    let bytes = left.iter().map(|(.., [(span, _)])| span.len()).sum();
    let read = parallel::map(&left, bytes, |(_, _, text, part)| parse_parts(text, part).ok());
    let left: Vec<_> =
        left.into_iter().map(|(stream, number, _, [(_, items)])| (stream, number, items)).collect();
    for ((stream, number, items), read) in left.into_iter().zip(read) {
        let part = streams.get_mut(stream).and_then(|parts| parts.get_mut(number));
        let docs = read.and_then(|mut docs| docs.pop());
        if let Some((part, docs)) = part.zip(docs) {
            (part.docs, part.items) = (Some(docs), items);
        }
    }
}

/// Splits a text and parses what is wanted.
fn read(text: &str, wanted: &Wanted<'_>, is_named: bool) -> Result<Vec<Part>, Unreadable> {
    let spans = chunks(text);
    let is_wanted =
        |span: &Span| wanted.matches(text.as_bytes().get(span.as_range()).unwrap_or_default());
    let chosen = spans.iter().copied().filter(is_wanted);
    let mut chosen: Vec<(Span, Vec<Item>)> =
        chosen.map(|span| (span, wanted.items(text, span))).collect();
    if chosen.is_empty() && is_named {
        // All of the beginning, to see that it is YAML and whether it speaks of another root.
        let beginning = spans.iter().take_while(|span| span.end <= LOOKED_AT_ANYWAY);
        chosen.extend(beginning.map(|span| (*span, Vec::new())));
    }
    let docs = parse_parts(text, &chosen)?;
    let mut parsed = chosen.into_iter().zip(docs).peekable();
    let parts = spans.into_iter().map(|span| {
        let parsed = parsed.next_if(|((chosen, _), _)| *chosen == span);
        let (docs, items) =
            parsed.map_or((None, Vec::new()), |((_, items), docs)| (Some(docs), items));
        Part { span, docs, items }
    });
    Ok(parts.collect())
}

/// Parses parts of a text, and of those with items the needed ones, on several processors where it
/// pays; the result is in their order.
///
/// # Errors
/// That of the first part that can't be read.
pub(crate) fn parse_parts(
    text: &str,
    parts: &[(Span, Vec<Item>)],
) -> Result<Vec<Vec<Document>>, Unreadable> {
    let bytes = parts.iter().map(|(span, _)| span.len()).sum();
    let parse = |(span, items): &(Span, Vec<Item>)| match by_items(text, *span, items) {
        Some(docs) => Ok(docs),
        None => parse_part(text, *span),
    };
    parallel::map(parts, bytes, parse).into_iter().collect()
}

/// Parses a part by its items; `None` where it has none, or has to be read as a whole.
fn by_items(text: &str, part: Span, items: &[Item]) -> Option<Vec<Document>> {
    if items.is_empty() {
        return None;
    }
    parse_list(text, part, items, |items| {
        let bytes = items.iter().map(|item| item.span.len()).sum();
        parallel::map(items, bytes, |item| parse_item(text, item)).into_iter().collect()
    })
}

/// Parses one part.
///
/// # Errors
/// As [`read`].
pub(crate) fn parse_part(text: &str, span: Span) -> Result<Vec<Document>, Unreadable> {
    parse(text, span).map_err(|error| explain(text, span, error))
}

fn explain(text: &str, span: Span, error: ParseError) -> Unreadable {
    let part = text.get(span.start..span.end).unwrap_or("");
    let help = if part.contains("{{") {
        "this looks like a template: render it first (for Helm: `helm template`), then rewrite the result"
    } else {
        match error.kind {
            ParseErrorKind::TooDeep => {
                "no Kubernetes object is nested this deeply; check what produced the file"
            }
            ParseErrorKind::AliasBomb => {
                "write the values out instead of using aliases; kubectl refuses this too"
            }
            ParseErrorKind::NonScalarKey => {
                "a key must be a plain word or a quoted string; kubectl refuses this too"
            }
            ParseErrorKind::Internal => {
                "this is a mistake of csi-relocate, not yours; please report it with this file"
            }
            ParseErrorKind::Syntax if part.trim_start().starts_with('{') => {
                "several JSON objects in a row have to be items of a List, or divided by lines of ---"
            }
            ParseErrorKind::Syntax => {
                "look at this line and the ones before it; what is read here is plain YAML or JSON, \
                 such as a rendered manifest"
            }
        }
    };
    Unreadable { message: error.message, offset: error.offset, help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_stream_is_parsed_in_order_and_its_first_error_is_told() {
        let document =
            "---\nhostPath: /var/lib/kubelet\nfill: ".to_owned() + &"x".repeat(1000) + "\n";
        let text = document.repeat(3000);
        let parts = read(&text, &Wanted::needles(&["kubelet"]), true).unwrap();
        assert_eq!(parts.len(), 3000);
        assert!(parts.iter().all(|part| part.docs.as_ref().is_some_and(|docs| docs.len() == 1)));
        let broken = format!("{text}---\nkubelet: [\n{text}---\nkubelet: [\n");
        let offset = read(&broken, &Wanted::All, true).unwrap_err().offset;
        assert!((text.len()..text.len() + 30).contains(&offset), "{offset}");
    }

    #[test]
    fn a_broken_document_without_a_needle_is_passed_over_beside_others() {
        let text = "a: /kubelet\n---\nb: [\n";
        assert!(read(text, &Wanted::needles(&["kubelet"]), true).is_ok());
        assert!(read(text, &Wanted::All, true).is_err());
        assert!(read("b: [\n", &Wanted::needles(&["kubelet"]), true).is_err());
        assert!(read("b: [\n", &Wanted::needles(&["kubelet"]), false).is_ok());
    }

    #[test]
    fn a_small_list_is_read_with_all_of_its_items() {
        let text = "kind: List\nitems:\n- a: /kubelet\n- b: x\n    c: d\n";
        assert!(read(text, &Wanted::needles(&["kubelet"]), true).is_err());
        let large = format!("{text}- c: {}\n", "x".repeat(LARGE));
        assert!(read(&large, &Wanted::needles(&["kubelet"]), true).is_ok());
    }

    #[test]
    fn the_way_out_of_several_objects_in_a_row_is_told() {
        let help = |text: &str| read(text, &Wanted::All, true).unwrap_err().help;
        assert!(help("{\"a\": 1}\n{\"b\": 2}\n").contains("lines of ---"));
        assert!(help("a: 1\n b: 2\n").contains("look at this line"));
    }
}
