use crate::source::Span;
use crate::yaml::{Document, parse_fully, parse_quickly};

/// What the parser reads, and what is read here, if anything.
fn both(text: &str) -> (Option<Vec<Document>>, Option<Document>) {
    let chunk = Span::new(0, text.len());
    (parse_fully(text, chunk).ok(), parse_quickly(text, chunk))
}

/// These are read here, to what the parser reads.
#[track_caller]
fn read(texts: &[&str]) {
    for text in texts {
        let (full, quick) = both(text);
        let quick = quick.map(|document| vec![document]);
        assert!(quick.is_some(), "not read: {text:?}");
        assert_eq!(format!("{quick:#?}"), format!("{full:#?}"), "{text:?}");
    }
}

/// These are left to the parser.
#[track_caller]
fn left(texts: &[&str]) {
    for text in texts {
        assert!(both(text).1.is_none(), "read: {text:?}");
    }
}

#[test]
fn mappings_and_lists() {
    read(&[
        "a: b\n",
        "a: b",
        "a:\n",
        "a:\n\n# c\nb:\n",
        "---\na: b\n",
        "--- # c\n\n  a: b\n",
        "# c\n\na: b # c\n  # d\nc: d\n",
        "a:\n  b: c\n  d:\n    e: f\ng: h\n",
        "a:\n- b\n- c: d\n  e: f\ng: h\n",
        "a:\n  - b\n  -   c: d\n      e:\n      - f\n",
        "- a\n- b: c\n-\n  d: e\n-\n- - f\n  - g\n",
        "a : b\nc  :\n  d\ne:\n- f : g\n",
        "a:\n  b\nc:\n  {}\nd:\n  - e\nf:\n  \"g\"\n-h: i\n",
        "a:\n  |\n   b\n",
        "-\n  a\n",
        "a: b c  d   \nb: -c\nc: a:b//c#d\n",
        "a b: c\n\"d e\": f\n'g': h\n<<: i\n/j: k\n~: l\n",
        "a: \u{e9}\u{4e2d} # \u{e9}\nb: \"\u{1f600}\"\n",
        "a: b  \n\n   \n",
        "- a: b\n\n  c: d\n- # c\n  e: f\n",
    ]);
}

#[test]
fn quoted_texts() {
    read(&[
        "a: \"b\"\nc: 'd' # e\nf: \"g # h: i\"\nj: ''\nk: \"\"\n",
        r#"a: "\"\\\/\b\f\n\r\t\u0041\u00e9\u4e2d\u0000""#,
        "a: 'it''s'\nb: ''''\n",
        "- \"a\": b\n- \"a: b\"\n- 'a'\n",
    ]);
}

#[test]
fn literal_texts() {
    read(&[
        "a: |\n  b\n",
        "a: |-\n  b\n   c\n\n  d # e\n\n\nf: g\n",
        "a: |+\n  b\n\n\nc: d\n",
        "a: | # c\n\n\n  b\n \n    \n  # c\n# d\ne: f\n",
        "- |\n b\n- |\n c\n",
        "a:\n- |\n  b\n  --- c\nd: e\n",
        "a: |\n  b\n  \n   \n",
        "a: |\n  \u{e9}: [\n  'x\n",
    ]);
}

#[test]
fn anchors_and_aliases() {
    read(&[
        "a: &b c\nd: *b\n",
        "a: &b\n  c: d\ne: *b # f\n",
        "a: &b # c\n  # d\n\n  - e\nf:\n- *b\n",
        "a: &b\n- c\nd: *b\n",
        "a: &b-1_ {c: d}\ne: &f 'g'\nh: &i |\n  j\n<<: *b-1_\n",
        "- &a b\n- &c\n  d: e\n- *c\n- &f\n  - g\n",
        "a: &b c\nd: &b e\nf: *b\n",
    ]);
}

#[test]
fn brackets() {
    read(&[
        "{}",
        "[]\n",
        "a: {}\nb: [] # c\n",
        r#"{"a": 1, "b": [true, null, -1.5e+3, "x", {"c":"d"}], "e": {}}"#,
        "{\n    \"a\": [\n        \"b\",\n        \"c\"\n    ],\n    \"d\": {\n    }\n}\n# e\n",
        "a: [b, \"c\", 'd', /e/f]\ng: {h: i, \"j\": k}\n",
        "a: [b,\nc]\nd: e\n",
        "- {a: b}\n- [c]\n",
        "[sh, -c, a  b-c d , $(E)=f%20, .g, --h=*@~, -1]",
        "{a b: c d\n, e: -f}",
        "[a, ]",
        "{a: b,\n}\n",
        "a: {\n  b: c }  # d\n",
    ]);
}

#[test]
fn all_else_is_left_to_the_parser() {
    left(&[
        "",
        "\n",
        "# c\n",
        "---\n",
        "a\n",
        "- a\n b\n",
        "a: b\n c\n",
        "a: b\n  c: d\n",
        "a: >\n  b\n",
        "a: |2\n  b\n",
        "a: |\n  b",
        "a: |\nb: c\n",
        "a: |\n \n  b\n",
        "a: |#\n  b\n",
        "a: &b\n  c\n",
        "a: *b\n",
        "a: !b c\n",
        "&a b: c\n",
        "? a\n: b\n",
        "a: ? b\n",
        "a: \"b\n  c\"\n",
        "a: 'b\n  c'\n",
        "a: \"b\" c\n",
        "\"a\" : b\n",
        "a: b: c\n",
        "a: b:\n",
        "a:\tb\n",
        "a: b\r\nc: d\r\n",
        "a: b\n...\n",
        "a: b\n--- c\n",
        "%YAML 1.1\n---\na: b\n",
        "--- a\n",
        "a: \"\\x41\"\n",
        "a: \"\\ud83d\\ude00\"\n",
        "a: \"\\u12\"\n",
        "a: @b\n",
        "a: `b\n",
        "a: %b\n",
        "a: ,b\n",
        "a: ]\n",
        "- b\nc: d\n",
        "a: b\n- c\n",
        "a: - b\n",
        "[a: b]",
        "{a:b}",
        "{a}",
        "{a: }",
        "[,]",
        "[a,, b]",
        "[a\nb]",
        "[a b # c\n]",
        "[-]",
        "[- a]",
        "[\n-a]",
        "[\n--- a]",
        "[a ? b]",
        "{a b : c}",
        "[a # c\n]",
        "{a: b}: c\n",
        "[a]: b\n",
        "[a] b\n",
        "{\"a\"\n: b}",
        "{a: b",
        "[-\n]",
        "[*a]",
        "a: \u{85}\n",
        "a: b\u{2028}c: d\n",
        "a: \u{feff}\n",
        "a: \u{1}\n",
        "a:\n  b\n   c\n",
        "a:\n  b\n  c\n",
        "a:\n  - b\n - c\n",
        "a:\n  b: c\n d: e\n",
        "a: b\n---",
        "a: \"b",
        "- - a\n - b\n",
    ]);
    left(&[
        &format!("{}: b\n", "a".repeat(1001)),
        &format!("{}{}", "[".repeat(101), "]".repeat(101)),
    ]);
}
