//! What is accepted, what is refused, and where errors point.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::source::Span;

fn all(text: &str) -> Result<Vec<Document>, ParseError> {
    parse(text, Span::new(0, text.len()))
}

fn only(text: &str) -> Document {
    let mut docs = all(text).unwrap();
    assert_eq!(docs.len(), 1, "{text:?}");
    docs.remove(0)
}

fn value(text: &str) -> String {
    let doc = only(text);
    let id = doc.get(doc.root().unwrap(), "a").unwrap();
    doc.str(id).unwrap().to_owned()
}

fn refused(text: &str) -> ParseError {
    all(text).unwrap_err()
}

#[test]
fn documents_of_a_chunk() {
    assert!(all("").unwrap().is_empty());
    assert!(all("# only\n  # comments").unwrap().is_empty());
    assert!(all("\u{feff}").unwrap().is_empty());
    let docs = all("a: 1\n...\n---\n---\n# none\n--- b\n").unwrap();
    let roots: Vec<_> =
        docs.iter().map(|doc| doc.root().map(|root| doc.span(root).as_range())).collect();
    assert_eq!(roots, [Some(0..4), None, None, Some(28..29)]);
    let spans: Vec<_> = docs.iter().map(Document::span_of_document).collect();
    assert_eq!(spans.first(), Some(&Span::new(0, 8)));
    assert_eq!(spans.last(), Some(&Span::new(24, 30)));
}

#[test]
fn offsets_are_those_of_the_whole_text() {
    let text = "a: 1\n---\nb: ünï\n---\nc: 3\n";
    let [_, second, _] = chunks(text)[..] else {
        panic!("three chunks");
    };
    let docs = parse(text, second).unwrap();
    let (_, v) = docs[0].entry(docs[0].root().unwrap(), "b").unwrap();
    assert_eq!(text.get(docs[0].span(v).as_range()), Some("ünï"));
    assert_eq!(docs[0].span_of_document(), second);
    let error = parse("ok\n---\n\u{7}", Span::new(3, 8)).unwrap_err();
    assert_eq!(error.offset, 7);
}

#[test]
fn a_chunk_outside_the_text_is_an_error() {
    for span in [Span::new(0, 9), Span::new(1, 2), Span::new(2, 1)] {
        let error = parse("ä", span).unwrap_err();
        assert_eq!(error.kind, ParseErrorKind::Internal);
    }
}

#[test]
fn the_first_character_isn_t_mistaken_for_a_byte_order_mark() {
    assert_eq!(only("ｆ: 1\n").span_of_document().start, 0);
}

#[test]
fn a_block_scalar_without_final_line_break_gets_none() {
    for (text, expected) in [
        ("a: |\n  x", "x"),
        ("a: |\n  x\n", "x\n"),
        ("a: |-\n  x", "x"),
        ("a: |+\n  x", "x"),
        ("a: |+\n  x\n\n", "x\n\n"),
        ("a: |+\n  x\n ", "x\n"),
        ("a: |+\n  x\n  ", "x\n"),
        ("a: |\n  x\n   ", "x\n "),
        ("a: >\n  x\n  y", "x y"),
        ("a: |\r\n  x", "x"),
        ("a: |", ""),
        ("a: |+\n", ""),
        ("a: |+\n\n", "\n"),
        ("a: |\n  x\n# c", "x\n"),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn directives() {
    for text in
        ["%YAML 1.1\n---\na: x\n", "%YAML 1.2\n--- \na: x\n", "%TAG !e! t:x\n---\na: !e!f x"]
    {
        assert_eq!(value(text), "x");
    }
    assert_eq!(refused("%YAML 1.1\n").kind, ParseErrorKind::Syntax);
    assert_eq!(refused("%YAML 3.0\n---\na\n").kind, ParseErrorKind::Syntax);
}

#[test]
fn json_surrogates() {
    assert_eq!(value(r#"{"a": "x \uD83d\uDE00 y"}"#), "x 😀 y");
    assert_eq!(value(r#"{"a": "\ud83d"}"#), "\u{fffd}");
    assert_eq!(value("{\n\t\"a\":\"\\/x\"}\n"), "/x");
    assert_eq!(refused(r#"a: "\ud83d\ude00""#).kind, ParseErrorKind::Syntax);
}

#[test]
fn errors_point_at_their_cause() {
    let error = refused("ä: 1\nb: \"open\nc: 2\n");
    assert_eq!((error.offset, error.kind), (9, ParseErrorKind::Syntax));
    assert!(error.message.contains("unexpected end of stream"), "{error}");

    let error = refused("\u{feff}a: [1\nb: 2\n");
    assert!(error.message.ends_with("that begins on line 1"), "{error}");
    assert!((9..=13).contains(&error.offset), "{error:?}");

    let error = refused("a: b\u{7}c\n");
    assert_eq!(error.offset, 4);
    assert_eq!(error.message, "character U+0007 isn't allowed in YAML");

    assert_eq!(refused("a: *x\n").message, "unknown anchor 'x' referenced");
    assert_eq!(refused("a: &x 1\n---\nb: *x\n").offset, 15, "anchors end with the document");
    let error = refused("a: &x\n  b: *x\n");
    assert_eq!(error.message, "anchor 'x' value contains itself");
    assert_eq!(error.offset, 11);
}

#[test]
fn a_byte_order_mark_stands_first_or_nowhere() {
    assert_eq!(value("\u{feff}---\na: x\n"), "x");
    for (text, offset) in [
        ("\u{feff}\u{feff}a: x\n", 3),
        ("a: x\n\u{feff}b: y\n", 5),
        ("\u{feff}a: x\n\u{feff}---\nb: y\n", 8),
        ("# \u{feff}\na: x\n", 2),
    ] {
        let error = refused(text);
        assert_eq!((error.offset, error.kind), (offset, ParseErrorKind::Syntax), "{text:?}");
        assert!(error.message.starts_with("a byte order mark"), "{error}");
    }
    assert_eq!(value(r#"a: "\uFEFFx""#), "\u{feff}x", "an escape is no mark");
}

#[test]
fn a_name_given_again_inside_its_own_node_is_no_cycle() {
    let doc = only("- &x [&x 1, *x]\n- *x\n");
    let last = *doc.items(doc.root().unwrap()).last().unwrap();
    assert_eq!(doc.str(last), Some("1"));
}

#[test]
fn keys_must_be_scalars() {
    for (text, offset) in [
        ("a: {{ .Values.x }}\n", 4),
        ("{{ x }}: 1\n", 0),
        ("? [a]\n: b\n", 2),
        ("a: &x [1]\n*x : 2\n", 10),
    ] {
        let error = refused(text);
        assert_eq!(error.kind, ParseErrorKind::NonScalarKey, "{text:?}");
        assert_eq!(error.offset, offset, "{text:?}");
    }
    assert!(all("a: &x y\n*x : 2\n").is_ok());
}

#[test]
fn a_tag_before_a_comma_is_an_error_and_no_panic() {
    for text in ["{a: !!str, b: c}", "x: 1\ny: [!t,]\n"] {
        let error = refused(text);
        assert_eq!(error.kind, ParseErrorKind::Syntax);
        assert!(error.offset <= text.len() && error.message.contains("tag"));
    }
}

#[test]
fn depth_is_limited_in_every_style() {
    let deep = 100_000;
    for (text, fine) in [
        ("[".repeat(deep), "[".repeat(1000) + &"]".repeat(1000)),
        ("- ".repeat(deep), "- ".repeat(1000) + "x"),
        ("{a: ".repeat(deep), "{a: ".repeat(1000) + &"}".repeat(1000)),
        ("[a: ".repeat(deep), "[a: ".repeat(500) + &"]".repeat(500)),
    ] {
        let begin = Instant::now();
        assert_eq!(refused(&text).kind, ParseErrorKind::TooDeep);
        assert!(begin.elapsed() < Duration::from_secs(2));
        assert!(all(&fine).is_ok(), "{:?}", fine.get(..4));
    }
}

#[test]
fn depth_through_aliases_is_limited() {
    let nest = |name: char, inner: &str| {
        format!("- &{name} {}{inner}{}\n", "[".repeat(400), "]".repeat(400))
    };
    let fine = nest('a', "1") + &nest('b', "*a");
    assert!(all(&fine).is_ok());
    let error = refused(&(fine + &nest('c', "*b")));
    assert_eq!(error.kind, ParseErrorKind::TooDeep);
}

#[test]
fn billion_laughs() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..40 {
        let alias = format!("*a{}", level - 1);
        let aliases = vec![alias; 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let begin = Instant::now();
    assert_eq!(refused(&text).kind, ParseErrorKind::AliasBomb);
    assert!(begin.elapsed() < Duration::from_secs(2));
    // What people write: one block used many times.
    let uses = "- *x\n".repeat(500);
    assert!(all(&format!("- &x {{a: 1, b: 2}}\n{uses}")).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_makes_it_panic(
        text in "([-a:?|>'\"#&*!%@,{}\\[\\]\\\\ \t\n\r\u{feff}\u{85}ä0]|\n  |---|: |- |\\.\\.\\.|!!str |&a |\\*a){0,30}"
    ) {
        match all(&text) {
            Ok(docs) => {
                for doc in &docs {
                    prop_assert!(doc.span_of_document().end <= text.len());
                }
            }
            Err(error) => {
                prop_assert!(error.offset <= text.len());
                prop_assert_ne!(error.kind, ParseErrorKind::Internal, "{:?}", error);
            }
        }
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = all(&text);
    }
}
