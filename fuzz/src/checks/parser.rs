//! YAML: every node's bytes lie where they should, and a scalar can be written again.

use csi_relocate::source::Span;
use csi_relocate::yaml::{
    Alignment, Document, Item, Node, NodeId, ParseErrorKind, Style, chunks, encode, list_items,
    parse, parse_fully, parse_item, parse_list, parse_quickly, raw_span,
};
use std::ops::Range;

/// So many scalars of a text are written again; each costs a run of the parser.
const WRITTEN_AGAIN: usize = 6;

/// So many characters of a scalar are replaced one by one.
const REPLACED: usize = 2;

/// Checks the bytes as a stream of YAML documents.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let chunks = chunks(&text);
    let mut at = 0;
    for &chunk in &chunks {
        assert!(chunk.start == at && chunk.end > at, "{chunk:?} doesn't begin at {at}");
        at = chunk.end;
        one_chunk(&text, chunk);
    }
    assert_eq!(at, text.len(), "the chunks don't cover the text");
}

fn one_chunk(text: &str, chunk: Span) {
    let docs = parse_fully(text, chunk);
    if let Some(quick) = parse_quickly(text, chunk) {
        assert_eq!(docs.as_deref(), Ok(&[quick][..]), "two readers disagree");
    }
    let docs = match docs {
        Ok(docs) => docs,
        Err(error) => {
            assert!(error.kind != ParseErrorKind::Internal, "{error}");
            assert!(error.offset <= text.len(), "the error is at {}", error.offset);
            return;
        }
    };
    items_can_be_read_alone(&docs, text, chunk);
    let mut at = chunk.start;
    for (index, doc) in docs.iter().enumerate() {
        let span = doc.span_of_document();
        assert!(at <= span.start && span.end <= chunk.end, "document {index} is at {span:?}");
        at = span.end;
        let Some(root) = doc.root() else { continue };
        let mut scalars = Vec::new();
        nodes_are_in_order(doc, text, root, span, &mut scalars);
        let step = scalars.len().div_ceil(WRITTEN_AGAIN).max(1);
        for &id in scalars.iter().step_by(step) {
            scalar_can_be_written_again(&docs, index, id, text, chunk);
        }
    }
}

fn nodes_are_in_order(
    doc: &Document,
    text: &str,
    id: NodeId,
    outer: Span,
    scalars: &mut Vec<NodeId>,
) {
    let span = doc.span(id);
    let path = doc.path(id);
    assert!(
        outer.start <= span.start && span.start <= span.end && span.end <= outer.end,
        "{path} at {span:?} isn't in {outer:?}"
    );
    let raw = text.get(span.as_range()).expect("a range of characters");
    if doc.is_alias(id) {
        assert!(raw.starts_with('*'), "{path}: the alias is {raw:?}");
        return;
    }
    let children: Vec<NodeId> = match doc.node(id) {
        Node::Scalar { .. } => {
            scalars.push(id);
            Vec::new()
        }
        Node::Sequence(items) => items.to_vec(),
        Node::Mapping(entries) => entries.iter().flat_map(|(key, value)| [*key, *value]).collect(),
    };
    let mut at = span.start;
    for child in children {
        nodes_are_in_order(doc, text, child, Span::new(at, span.end), scalars);
        assert_eq!(doc.parent(child), Some(id));
        at = doc.span(child).end;
    }
}

fn scalar_can_be_written_again(
    docs: &[Document],
    index: usize,
    id: NodeId,
    text: &str,
    chunk: Span,
) {
    let doc = &docs[index];
    let value = doc.str(id).expect("a scalar");
    let expect = |span: Span, raw: &str, expected: &str| {
        let edited = format!("{}{raw}{}", &text[..span.start], &text[span.end..]);
        let end = chunk.end - span.len() + raw.len();
        let new = parse(&edited, Span::new(chunk.start, end));
        let new = new.unwrap_or_else(|error| panic!("{error}: {text:?} became {edited:?}"));
        assert_eq!(docs.len(), new.len(), "{text:?} became {edited:?}");
        for (at, (old, new)) in docs.iter().zip(&new).enumerate() {
            let changed = (at == index).then_some((id, expected));
            let same = match (old.root(), new.root()) {
                (Some(left), Some(right)) => is_same(old, new, left, right, changed),
                (left, right) => left.is_none() && right.is_none(),
            };
            assert!(same, "{}: {text:?} became {edited:?}", doc.path(id));
        }
    };
    if let Some(span) = raw_span(doc, text, id, 0..value.len())
        && let Some(raw) = encode(doc, id, 0, value)
    {
        expect(span, &raw, value);
    }
    let seen: Vec<Range<usize>> =
        value.match_indices(|c: char| !c.is_whitespace()).map(|(at, c)| at..at + c.len()).collect();
    let alignment = Alignment::of(doc, text, id);
    let spans: Vec<Option<Span>> = seen.iter().map(|range| alignment.span(range)).collect();
    let mut at = doc.span(id).start;
    for (range, span) in seen.iter().zip(&spans) {
        let span = span.unwrap_or_else(|| panic!("{range:?} of {value:?} has no place: {text:?}"));
        assert!(at <= span.start && span.start < span.end, "{range:?} of {value:?} is at {span:?}");
        at = span.end;
    }
    assert!(at <= doc.span(id).end, "{value:?} leaves its bytes");
    let step = seen.len().div_ceil(REPLACED).max(1);
    // A `:` or `?` may follow an anchor without a blank, what takes its place may not.
    let is_behind = |range: &Range<usize>| range.start == 0 && value.starts_with([':', '?']);
    // Half of a character, as JSON writes it (`\ud83d`), makes a text unreadable that isn't JSON any
    // more; and it isn't with a word such as `falqe`.
    let chunk_text = &text[chunk.as_range()];
    let is_json_alone = chunk_text.trim_start().starts_with('{') && chunk_text.contains("\\u");
    if is_json_alone && matches!(doc.node(id), Node::Scalar { style: Style::Plain, .. }) {
        return;
    }
    for (range, span) in seen.iter().zip(&spans).step_by(step) {
        if is_behind(range) {
            continue;
        }
        let raw = encode(doc, id, range.start, "q").expect("a letter fits everywhere");
        let expected = format!("{}q{}", &value[..range.start], &value[range.end..]);
        expect(span.expect("seen above"), &raw, &expected);
    }
}

/// Read by its items, a list is what it is as a whole; and items that aren't needed can be left out,
/// and everything else is read as it was.
fn items_can_be_read_alone(docs: &[Document], text: &str, chunk: Span) {
    if let Some(all) = by_items(text, chunk, &list_items(text, chunk, |_| true)) {
        assert_eq!(docs, all, "by its items: {text:?}");
    }
    for needle in *b"kx" {
        let items = list_items(text, chunk, |item| item.contains(&needle));
        let Some(left) = by_items(text, chunk, &items) else { continue };
        let cuts: Vec<Span> =
            items.iter().filter(|item| !item.is_needed).map(|item| item.span).collect();
        assert_eq!(docs.len(), left.len(), "without {cuts:?}: {text:?}");
        for (whole, left) in docs.iter().zip(&left) {
            let same = match (whole.root(), left.root()) {
                (Some(root), Some(other)) => {
                    is_same_but_for((text, &cuts), whole, root, left, other)
                }
                (whole, left) => whole.is_none() && left.is_none(),
            };
            assert!(same, "without {cuts:?}: {text:?}");
        }
    }
}

/// What a list is by its items; `None` where it isn't read so.
fn by_items(text: &str, chunk: Span, items: &[Item]) -> Option<Vec<Document>> {
    (!items.is_empty()).then_some(())?;
    let read = |items: &[Item]| items.iter().map(|item| parse_item(text, item)).collect();
    parse_list(text, chunk, items, read)
}

/// Whether both say the same in the same bytes, but for what was left out.
fn is_same_but_for(
    (text, cuts): (&str, &[Span]),
    whole: &Document,
    node: NodeId,
    left: &Document,
    other: NodeId,
) -> bool {
    if cuts.iter().any(|cut| cut.contains(whole.span(node).start)) {
        return left.span(other).is_empty();
    }
    // In JSON braces are left.
    let start = whole.span(node).start;
    if text.as_bytes().get(start) == Some(&b'{') && cuts.iter().any(|cut| cut.start == start + 1) {
        return whole.span(node) == left.span(other) && left.entries(other).is_empty();
    }
    let same = |(node, other)| is_same_but_for((text, cuts), whole, node, left, other);
    let (old, new) = (whole.span(node), left.span(other));
    // A list ends where its last item does.
    let is_last = |cut: &Span| text.get(cut.end..old.end).is_none_or(|rest| rest.trim().is_empty());
    let ends_alike = old.end == new.end || cuts.last().is_some_and(is_last);
    if old.start != new.start || !ends_alike || whole.is_alias(node) != left.is_alias(other) {
        return false;
    }
    if whole.is_alias(node) {
        return whole.span(whole.resolve(node)) == left.span(left.resolve(other));
    }
    match (whole.node(node), left.node(other)) {
        (Node::Sequence(old), Node::Sequence(new)) => {
            old.len() == new.len() && old.iter().copied().zip(new.iter().copied()).all(same)
        }
        (Node::Mapping(old), Node::Mapping(new)) => {
            let pairs = old.iter().zip(new);
            let mut pairs = pairs.flat_map(|(old, new)| [(old.0, new.0), (old.1, new.1)]);
            old.len() == new.len() && pairs.all(same)
        }
        (old, new) => old == new,
    }
}

/// Whether two documents are the same but for a scalar and its new value.
fn is_same(
    old: &Document,
    new: &Document,
    left: NodeId,
    right: NodeId,
    changed: Option<(NodeId, &str)>,
) -> bool {
    if old.is_alias(left) || new.is_alias(right) {
        return old.is_alias(left) && new.is_alias(right);
    }
    let same = |left, right| is_same(old, new, left, right, changed);
    match (old.node(left), new.node(right)) {
        (Node::Scalar { value, style }, Node::Scalar { value: found, style: found_style }) => {
            let expected = changed.filter(|(id, _)| *id == left).map_or(value, |(_, text)| text);
            style == found_style && expected == found
        }
        (Node::Sequence(items), Node::Sequence(found)) => {
            items.len() == found.len() && items.iter().zip(found).all(|(a, b)| same(*a, *b))
        }
        (Node::Mapping(entries), Node::Mapping(found)) => {
            entries.len() == found.len()
                && entries.iter().zip(found).all(|(a, b)| same(a.0, b.0) && same(a.1, b.1))
        }
        _ => false,
    }
}
