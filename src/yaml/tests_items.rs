use super::super::{Document, Node, NodeId, parse, parse_without};
use super::*;

/// What is left of a list when only items with an `x` in them are needed.
fn left(text: &str) -> String {
    let mut left = text.to_owned();
    for cut in cuts(text).into_iter().rev() {
        left.replace_range(cut.as_range(), "");
    }
    left
}

fn cuts(text: &str) -> Vec<Span> {
    unneeded_items(text, Span::new(0, text.len()), |item| item.contains(&b'x'))
}

#[test]
fn items_without_what_is_needed_are_left_out() {
    for (text, expected) in [
        ("items:\n- a: 1\n  b: 2\n- x: 1\n- c\n", "items:\n- \n- x: 1\n- \n"),
        (
            "# c\n---\napiVersion: v1\nkind: List\nitems:\n  # d\n  - a: 1\n\n  - x\nmetadata: {}\n",
            "# c\n---\napiVersion: v1\nkind: List\nitems:\n  # d\n  - \n  - x\nmetadata: {}\n",
        ),
        ("items:\r\n- a: 1\r\n- b", "items:\r\n- \r\n- "),
        ("items:\n- s: |\n    don't [\n  b: 2\n- c: 1\n", "items:\n- \n- \n"),
        ("items:\n- - |2-\n     \"\n  - b\n- c\n", "items:\n- \n- \n"),
        ("items:\n- it's: [a, {b: \"]\"}] # don't\n- c\n", "items:\n- \n- \n"),
        ("items:\n- 'it''s': \"\\\"\"\n- c\n", "items:\n- \n- \n"),
        ("items:\n- a: &a b\n- c\n- *a\n", "items:\n- a: &a b\n- \n- *a\n"),
        ("items:\n- !t a\n- c\n", "items:\n- !t a\n- \n"),
        ("items:\n- a: !t |\n    - b\n- c\n", "items:\n- a: !t |\n    - b\n- \n"),
        // What reaches over lines, or only seems to.
        ("items:\n- \"a\n- b\"\n- c\n", "items:\n- \n- \n"),
        ("items:\n- 'a':\n    'it''s\n- x'\n- c\n", "items:\n- 'a':\n    'it''s\n- x'\n- \n"),
        ("items:\n- a: \"b\\\n    \\ c\\\"\n- \"\n- d\n", "items:\n- \n- \n"),
        ("items:\n- [a,\n- b]\n- c\n", "items:\n- \n- \n"),
        ("items:\n- {a: b\"c, 'd\n  e': f}\n- c\n", "items:\n- \n- \n"),
        ("items:\n- a: see 'there\n   \"and [here\n- c\n", "items:\n- \n- \n"),
        ("items:\n- a: {b: [c, # ]}\n  d]}\n- c\n", "items:\n- \n- \n"),
    ] {
        assert_eq!(left(text), expected, "{text:?}");
    }
}

#[test]
fn where_an_item_ends_must_be_told_by_its_lines() {
    for text in [
        // Not a list, or perhaps a text.
        "",
        "- a\n- b\n",
        "items: [a]\n",
        "items:\n",
        "items:\n  a: 1\n",
        "a: |\nitems:\n- b\n",
        "--- |\nitems:\n- b\n",
        "'\nitems:\n- b\n'\n",
        "metadata:\n  items:\n  - b\n",
        // What isn't understood, or isn't closed.
        "items:\n- \"a\n- b\n",
        "items:\n- [a,\n- b\n",
        "items:\n- ? a\n- c\n",
        "items:\n- a: b: c\n- d\n",
        "items:\n- {a}: c\n- d\n",
        "items:\n- [a\n  'b, c]\n- d\n",
        "items:\n- \"a\" b\n- d\n",
        "items:\n- a:\tb\n- d\n",
        // Line breaks that only YAML 1.1 knows.
        "items:\n- a\u{85}\n- b\n",
        "items:\r- a\r- b\r",
    ] {
        assert_eq!(cuts(text), [], "{text:?}");
    }
    assert_eq!(left("items:\n- a\n- ? b\n- d\n"), "items:\n- \n- ? b\n- d\n");
}

#[test]
fn what_is_left_out_is_null_and_everything_else_stands_where_it_stood() {
    let text = "items:\n- a: 1\n  b: [c]\n- x: \"ö\"\n  y: |\n    z\n- d\n- {x: 1}\nkind: List\n";
    let whole = Span::new(0, text.len());
    let (cuts, full) = (cuts(text), parse(text, whole).unwrap());
    assert_eq!(cuts.len(), 2);
    let short = parse_without(text, whole, &cuts).unwrap();
    let (full, short) = (&full[0], &short[0]);
    assert!(is_same(full, full.root().unwrap(), short, short.root().unwrap(), &cuts));
    let items = short.get(short.root().unwrap(), "items").unwrap();
    assert_eq!(short.str(short.items(items)[0]), Some(""));
    // Errors stand where they are, too.
    let broken = text.replace("{x: 1}", "{x: 1");
    let error = parse_without(&broken, Span::new(0, broken.len()), &cuts).unwrap_err();
    assert_eq!(error, parse(&broken, Span::new(0, broken.len())).unwrap_err());
}

/// Whether both documents say the same in the same bytes, but for what was left out.
fn is_same(full: &Document, left: NodeId, short: &Document, right: NodeId, cuts: &[Span]) -> bool {
    if cuts.iter().any(|cut| cut.contains(full.span(left).start)) {
        return short.span(right).is_empty();
    }
    let same = |&(left, right): &(NodeId, NodeId)| is_same(full, left, short, right, cuts);
    full.span(left) == short.span(right)
        && match (full.node(left), short.node(right)) {
            (Node::Sequence(old), Node::Sequence(new)) => {
                old.len() == new.len()
                    && old.iter().copied().zip(new.iter().copied()).all(|pair| same(&pair))
            }
            (Node::Mapping(old), Node::Mapping(new)) => {
                let pairs = old.iter().zip(new);
                let pairs = pairs.flat_map(|(old, new)| [(old.0, new.0), (old.1, new.1)]);
                old.len() == new.len() && pairs.into_iter().all(|pair| same(&pair))
            }
            (old, new) => old == new,
        }
}
