//! Spans of all styles, look-ups, paths.

use super::*;
use crate::source::Span;

fn only(text: &str) -> Document {
    parse(text, Span::new(0, text.len())).unwrap().remove(0)
}

/// The raw bytes of `a`'s own value in the root mapping.
fn raw(text: &str) -> &str {
    let doc = only(text);
    let (_, value) = doc.entry(doc.root().unwrap(), "a").unwrap();
    text.get(doc.span(value).as_range()).unwrap()
}

fn get(doc: &Document, key: &str) -> Option<String> {
    let value = doc.get(doc.root().unwrap(), key)?;
    doc.str(value).map(str::to_owned)
}

#[test]
fn spans_of_every_style() {
    for (text, expected) in [
        ("a: x y # c\n", "x y"),
        ("a:   x  \n", "x"),
        ("a: 'x''y' # c\n", "'x''y'"),
        ("a: \"x\\\"y\"\n", "\"x\\\"y\""),
        ("ä: ö\na: ü\nb: ß", "ü"),
        ("a: x", "x"),
        ("\u{feff}a: x", "x"),
        ("---\r\na: x\r\nb: y\r\n", "x"),
        ("a: x\n  y\n\n  z\nb: 1\n", "x\n  y\n\n  z"),
        ("a: 'x\n  y'\n", "'x\n  y'"),
        ("a: |\n  x\n  y\nb: 1\n", "|\n  x\n  y\n"),
        ("a: |2- # c\n   x\n\nb: 1\n", "|2- # c\n   x\n\n"),
        ("a: >+\r\n  x\r\n\r\nb: 1\r\n", ">+\r\n  x\r\n\r\n"),
        ("a: |\n  x", "|\n  x"),
        ("a: &n !!str x\n", "x"),
        ("a: !!str &n \"x\"\n", "\"x\""),
        ("a: &n # c\n  x\n", "x"),
        ("a: &n |\n  x\n", "|\n  x\n"),
        ("a: !<tag:x,2000:y> 'x'\n", "'x'"),
        ("a: &n\nb: *n\n", ""),
        ("a:\nb: 1\n", ""),
        ("a: [x, {b: c}] # d\n", "[x, {b: c}]"),
        ("a: &n {b: c}\n", "{b: c}"),
        ("a: &n\n  b: c # d\n  e:\n    - f\n\n# g\nh: i\n", "b: c # d\n  e:\n    - f"),
        ("a:\n- x\n- y\nb: 1\n", "- x\n- y"),
        ("{\"a\":\"\\/x\"}", "\"\\/x\""),
        ("{\"a\":\n\t1}", "1"),
        ("b: &n x\na: *n # c\n", "*n"),
    ] {
        assert_eq!(raw(text), expected, "{text:?}");
    }
}

#[test]
fn an_unwritten_value_stands_behind_its_key() {
    for (text, at) in [("a:\n\nb: 1\n", 2), ("? a\n\n\n? b\n", 3), ("{a  }", 2), ("a: &n\nb: 1", 5)]
    {
        let doc = only(text);
        let (_, value) = doc.entry(doc.root().unwrap(), "a").unwrap();
        assert_eq!(doc.span(value), Span::new(at, at), "{text:?}");
        assert_eq!(doc.str(value), Some(""));
    }
}

#[test]
fn flow_is_known_at_every_depth() {
    let doc = only("a: [b: c, {d: [e]}]\nf:\n- g\n");
    let root = doc.root().unwrap();
    let list = doc.get(root, "a").unwrap();
    assert!(!doc.is_flow(root) && doc.is_flow(list) && !doc.in_flow(list));
    let [pair, map] = doc.items(list) else {
        panic!("two items");
    };
    assert!(!doc.is_flow(*pair), "has no brackets of its own");
    assert!(doc.in_flow(doc.get(*pair, "b").unwrap()));
    assert!(doc.is_flow(*map));
    let inner = doc.get(*map, "d").unwrap();
    assert!(doc.in_flow(doc.items(inner)[0]));
    let block = doc.get(root, "f").unwrap();
    assert!(!doc.is_flow(block) && !doc.in_flow(doc.items(block)[0]));
}

#[test]
fn the_last_of_duplicate_keys_wins() {
    let doc = only("a: 1\nb: 2\na: 3\n");
    assert_eq!(get(&doc, "a").as_deref(), Some("3"));
    assert_eq!(doc.entries(doc.root().unwrap()).len(), 3);
    assert_eq!(get(&doc, "c"), None);
}

#[test]
fn merges_fill_in_what_is_missing() {
    let doc = only(
        "- &a {x: 1, y: 1}\n- &b {y: 2, z: 2}\n- <<: *a\n  x: own\n- <<: [*a, *b, {w: 3}]\n- \"<<\": *a\n",
    );
    let items = doc.items(doc.root().unwrap());
    let find = |item: usize, key: &str| doc.get(items[item], key).and_then(|id| doc.str(id));
    assert_eq!((find(2, "x"), find(2, "y")), (Some("own"), Some("1")));
    assert_eq!((find(3, "y"), find(3, "z"), find(3, "w")), (Some("1"), Some("2"), Some("3")));
    assert_eq!(find(4, "x"), None);
    assert!(doc.entry(items[2], "y").is_none(), "entries are a mapping's own");
}

#[test]
fn of_two_merges_in_a_mapping_the_last_wins() {
    let doc = only("- &a {x: 1, y: 1}\n- &b {y: 2}\n- {x: 0, <<: *a, <<: *b, z: 3}\n");
    let item = doc.items(doc.root().unwrap())[2];
    let find = |key: &str| doc.get(item, key).and_then(|id| doc.str(id));
    assert_eq!((find("x"), find("y"), find("z")), (Some("1"), Some("2"), Some("3")));
    assert_eq!(find("<<"), None);
}

#[test]
fn aliases_are_followed_but_remain_visible() {
    let doc = only("a: &n [x]\nb: *n\n");
    let root = doc.root().unwrap();
    let (_, anchored) = doc.entry(root, "a").unwrap();
    let (_, alias) = doc.entry(root, "b").unwrap();
    assert!(doc.is_alias(alias) && !doc.is_alias(anchored));
    assert_eq!(doc.resolve(alias), anchored);
    assert_eq!(doc.get(root, "b"), Some(anchored));
    assert_eq!(doc.items(alias), doc.items(anchored));
    assert!(!doc.is_flow(alias));
    assert_eq!((doc.path(alias), doc.path(doc.items(alias)[0])), ("b".into(), "a[0]".into()));
}

#[test]
fn paths_and_parents() {
    let doc = only("spec:\n  vols:\n  - x\n  - \"a/b\": {c\"d: [1]}\n");
    let root = doc.root().unwrap();
    let vols = doc.get(doc.get(root, "spec").unwrap(), "vols").unwrap();
    let odd = doc.get(doc.items(vols)[1], "a/b").unwrap();
    let list = doc.get(odd, "c\"d").unwrap();
    assert_eq!(doc.path(root), "");
    assert_eq!(doc.path(vols), "spec.vols");
    assert_eq!(doc.path(odd), "spec.vols[1][\"a/b\"]");
    assert_eq!(doc.path(doc.items(list)[0]), "spec.vols[1][\"a/b\"][\"c\\\"d\"][0]");
    let (key, value) = doc.entry(root, "spec").unwrap();
    assert_eq!((doc.path(key), doc.path(value)), ("spec".into(), "spec".into()));
    assert_eq!((doc.parent(key), doc.parent(root)), (Some(root), None));
}

#[test]
fn a_foreign_id_does_no_harm() {
    let doc = only("x");
    let id = NodeId::of(99).unwrap();
    assert_eq!(doc.str(id), Some(""));
    assert_eq!((doc.span(id), doc.parent(id)), (Span::default(), None));
    assert!(doc.items(id).is_empty() && doc.entries(id).is_empty() && !doc.in_flow(id));
}
