use super::*;
use crate::yaml::{parse, parse_fully};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What is left of a list when only items with an `x` in them are needed.
fn left(text: &str) -> String {
    let mut left = text.to_owned();
    for item in items(text).into_iter().rev().filter(|item| !item.is_needed) {
        left.replace_range(item.span.as_range(), "");
    }
    left
}

fn items(text: &str) -> Vec<Item> {
    list_items(text, Span::new(0, text.len()), |item| item.contains(&b'x'))
}

/// As a text is read by its items, all of which are needed.
fn by_items(text: &str) -> Option<Vec<Document>> {
    let chunk = Span::new(0, text.len());
    let items = list_items(text, chunk, |_| true);
    assert!(!items.is_empty(), "no list: {text:?}");
    parse_list(text, chunk, &items, |items| {
        items.iter().map(|item| parse_item(text, item)).collect()
    })
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
fn an_item_is_as_deep_in_its_list_as_in_the_whole() {
    let mut accepted = 0;
    let depths = 990..1005;
    for depth in depths.clone() {
        let text = format!("items:\n- a: {}{}\n- b\n", "[".repeat(depth), "]".repeat(depth));
        let whole = parse(&text, Span::new(0, text.len())).ok();
        assert_eq!(by_items(&text).is_some(), whole.is_some(), "{depth} levels");
        accepted += usize::from(whole.is_some());
    }
    assert!(accepted > 0 && accepted < depths.len(), "{accepted}");
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
        assert_eq!(items(text), [], "{text:?}");
    }
    assert_eq!(left("items:\n- a\n- ? b\n- d\n"), "items:\n- \n- ? b\n- d\n");
}

#[test]
fn json_items_without_what_is_needed_are_left_out() {
    for (text, expected) in [
        (
            r#"{"kind": "List", "items": [{"a": "}"}, {"x": [{}]}, {}, {"b": "\""}], "c": {}}"#,
            r#"{"kind": "List", "items": [{}, {"x": [{}]}, {}, {}], "c": {}}"#,
        ),
        ("{\n\"items\":[\n{\"a\":\n1}\n]\n}\n", "{\n\"items\":[\n{}\n]\n}\n"),
        // From something that isn't JSON on, nothing is told.
        (r#"{"items": [{"a": 1}, {'b': 2}, {"c": 3}]}"#, r#"{"items": [{}, {'b': 2}, {"c": 3}]}"#),
        (r#"{"items": [{"a": 1}, {b"c": "d}"}]}"#, r#"{"items": [{}, {b"c": "d}"}]}"#),
        (r#"{"items": [{"a": 1}, {"b": &c 1}]}"#, r#"{"items": [{}, {"b": &c 1}]}"#),
    ] {
        assert_eq!(left(text), expected, "{text:?}");
    }
    for text in [
        r#"{"a": [{"b": 1}]}"#,
        r#"{"items": {"a": {"b": 1}}}"#,
        r#"{"a": {"items": [{"b": 1}]}}"#,
        r#"{"items": [[{"b": 1}], "c", {}]}"#,
        "{items: [{a: 1}]}",
        "{# \"items\": [{",
    ] {
        assert_eq!(items(text), [], "{text:?}");
    }
}

#[test]
fn read_by_its_items_a_list_is_what_it_is_as_a_whole() {
    for text in [
        "items:\n- a: 1\n  b: [c]\n- x: \"ö\"\n  y: |\n    z\n\n- d\n-   e: f\n- {x: 1}\nkind: List\n",
        "---\nkind: List\nitems:\n  - a: &a [1, 2]\n    b: *a\n  # c\n  - <<: {d: e}\n\n",
        "items:\r\n- a: |+\r\n    b\r\n\r\n- c: >-\r\n    d\r\n    e",
        "items:\n- a: |\n   b\n- c: |-\n    d",
        "items:\n- - a\n  - !t b\n- 'c\n  d'\n- ? [e]\n",
        r#"{"items": [{"a": {"b": ["c", 1]}, "d": null}, {"e": "\ud83d\ude00"}, {}], "f": "g"}"#,
        "{\n  \"items\": [\n    {\n      \"a\": 1\n    }\n  ]\n}",
    ] {
        let full = parse_fully(text, Span::new(0, text.len()));
        assert_eq!(by_items(text).ok_or(()), full.map_err(|_| ()), "{text:?}");
    }
}

#[test]
fn what_cannot_be_read_alone_is_left_to_a_whole_parse() {
    for text in [
        // A name that another item gives.
        "items:\n- a: &a b\n- c: *a\n",
        "items:\n- a: &a b\n- ? c\n: *a\n",
        "items:\n- # a\n",
        "items:\n- a: b\n   c: d\n",
        "items:\n- a: \u{feff}\n",
        r#"{"items": [{"a": }, {"b" 1}]}"#,
    ] {
        assert_eq!(by_items(text), None, "{text:?}");
    }
}

const LINES: [&str; 18] = [
    "- a: 1",
    "- a: 'b",
    "- c'",
    "  d: \"e",
    "- f\" g",
    "  h: [i,",
    "- j]",
    "- {k: l,",
    "  m: |",
    "    - n",
    "  - o",
    "- p: *q",
    "- # r",
    "",
    "- ? s",
    "kind: List",
    "- t",
    "- u: v",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn however_long_its_stretches_are_a_list_has_the_same_items(
        lines in vec(select(&LINES[..]), 1..12),
        stretch in 0..40_usize,
    ) {
        let text = format!("items:\n{}\n", lines.join("\n"));
        let is_needed = |item: &[u8]| item.contains(&b'a');
        let whole = block::items_by(text.len(), text.as_bytes(), is_needed);
        prop_assert_eq!(block::items_by(stretch, text.as_bytes(), is_needed), whole);
    }
}

#[test]
fn what_is_left_out_is_null_and_all_else_has_its_place() {
    let text = "items:\n- a: 1\n- x: 2\n- b: 3\n";
    let chunk = Span::new(0, text.len());
    let items = items(text);
    let read = |items: &[Item]| items.iter().map(|item| parse_item(text, item)).collect();
    let docs = parse_list(text, chunk, &items, read).unwrap();
    let doc = &docs[0];
    let list = doc.get(doc.root().unwrap(), "items").unwrap();
    let [a, x, b] = doc.items(list) else { panic!("not three items") };
    assert_eq!((doc.str(*a), doc.str(*b)), (Some(""), Some("")));
    assert_eq!(doc.str(doc.get(*x, "x").unwrap()), Some("2"));
    assert_eq!(doc.path(doc.get(*x, "x").unwrap()), "items[1].x");
}
