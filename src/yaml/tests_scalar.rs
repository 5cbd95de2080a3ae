//! Raw bytes of parts of a value, and texts to put there.

use proptest::prelude::*;

use super::*;
use crate::source::Span;

fn parsed(text: &str) -> (Document, NodeId) {
    let doc = parse(text, Span::new(0, text.len())).unwrap().remove(0);
    let (_, id) = doc.entry(doc.root().unwrap(), "a").unwrap();
    (doc, id)
}

/// The raw bytes of the first `part` in the value of `a`.
fn raw<'t>(text: &'t str, part: &str) -> Option<&'t str> {
    let (doc, id) = parsed(text);
    let value = doc.str(id).unwrap();
    let start = value.find(part).unwrap_or_else(|| panic!("{part:?} in {value:?}"));
    let span = raw_span(&doc, text, id, start..start + part.len())?;
    text.get(span.as_range())
}

fn encoded(text: &str, new: &str) -> Option<String> {
    let (doc, id) = parsed(text);
    encode(&doc, id, 0, new)
}

#[test]
fn parts_written_as_they_are() {
    for text in [
        "a: x /var/lib y\n",
        "a: 'x /var/lib y'",
        "a: \"x /var/lib y\"",
        "a: 'it''s /var/lib'",
        "a: \"\\t/var/lib\\n\"",
        "a: x\n  /var/lib\n\n  y\n",
        "a: 'x\n\n  /var/lib\n  y'",
        "a: \"x \\\n    /var/lib\\\n  y\"",
        "a: |\n  x\n\n    /var/lib\n  y\n",
        "a: |4-\n      x\n     /var/lib\n",
        "a: >\n  x\n  y\n\n    more\n  /var/lib\n  z",
        "a: >+ # c\r\n  x\r\n  /var/lib\r\n\r\n",
        "\u{feff}ä: ö\na: ü /var/lib",
        "b:\n  c: 1\na: |1\n  \n  x\n   /var/lib\n",
        // Line breaks for YAML alone, of which two stay what they are.
        "a: |\n  x\u{2028}  /var/lib\n",
        "a: x\u{2029}\u{2028}\u{85}  /var/lib\n",
        "a: \"x\u{85}\u{2028}  /var/lib\"",
    ] {
        assert_eq!(raw(text, "/var/lib"), Some("/var/lib"), "{text:?}");
    }
}

#[test]
fn escapes_are_part_of_what_is_written() {
    for (text, part, expected) in [
        (r#"a: "x\x2Fvar\/lib y""#, "/var/lib", r"\x2Fvar\/lib"),
        (r#"a: "\u002fvar\U0000002Flib""#, "/var/lib", r"\u002fvar\U0000002Flib"),
        (r#"a: "C:\\var""#, r":\var", r":\\var"),
        (r#"a: "x\ \t\"y""#, " \t\"", r#"\ \t\""#),
        (
            r#"a: "\0\a\b\v\f\r\e\N\_\L\P!""#,
            "\0\x07\x08\x0b\x0c\r\x1b\u{85}\u{a0}\u{2028}\u{2029}",
            r"\0\a\b\v\f\r\e\N\_\L\P",
        ),
        ("a: 'it''s'", "t's", "t''s"),
        ("a: \"/var/\\\n   lib\"", "/var/lib", "/var/\\\n   lib"),
        (r#"{"a": "x\ud83d\ude00\ud83dz"}"#, "😀\u{fffd}", r"\ud83d\ude00\ud83d"),
    ] {
        assert_eq!(raw(text, part), Some(expected), "{text}");
    }
}

#[test]
fn what_the_layout_tears_apart_has_no_place() {
    for (text, part) in [
        ("a: x\n  y\n", "x y"),
        ("a: 'x\n\n  y'\n", "\ny"),
        ("a: \"x\\\n\n  y\"\n", "x\ny"),
        ("a: |\n  x\n  y\n", "x\ny"),
        ("a: >\n  x\n  y\n", " y"),
        ("a: |\r\n  x\r\n", "x\n"),
    ] {
        assert_eq!(raw(text, part), None, "{text:?}");
    }
    assert_eq!(raw("a: |\n  x\n  y\n", "x\n"), Some("x\n"));
    assert_eq!(raw("a: 'x  y\n  z'\n", "x  y"), Some("x  y"));
}

#[test]
fn odd_ranges_have_no_place() {
    let text = "a: \"ä\\t\"\n";
    let (doc, id) = parsed(text);
    let root = doc.root().unwrap();
    #[allow(clippy::reversed_empty_ranges)]
    for range in [0..0, 1..2, 0..1, 2..9, 3..2] {
        assert_eq!(raw_span(&doc, text, id, range.clone()), None, "{range:?}");
    }
    assert_eq!(raw_span(&doc, text, root, 0..1), None, "no scalar");
    assert_eq!(raw_span(&doc, "", id, 0..2), None, "another text");
    assert_eq!(raw_span(&doc, "a: \"ö\\t\"\n", id, 0..2), None, "another text");
}

#[test]
fn an_alias_leads_to_the_bytes_it_stands_for() {
    let text = "b: &n \"x\\/y\"\na: *n\n";
    assert_eq!(raw(text, "/y"), Some("\\/y"));
}

#[test]
fn several_parts_at_once_in_any_order() {
    let text = "a: |\n  one two\n  three\n";
    let (doc, id) = parsed(text);
    let alignment = Alignment::of(&doc, text, id);
    let spans = [8..13, 4..7, 0..3, 0..7, 3..9].map(|range| alignment.span(&range));
    let found: Vec<_> =
        spans.iter().map(|span| span.and_then(|span| text.get(span.as_range()))).collect();
    assert_eq!(found, [Some("three"), Some("two"), Some("one"), Some("one two"), None]);
}

#[test]
fn encoding_follows_the_style() {
    assert_eq!(encoded("a: \"x\"", "q\"b\\s\n\t\u{1}é").as_deref(), Some(r#"q\"b\\s\n\t\u0001é"#));
    assert_eq!(encoded("a: \"x\n  y\"", " z ").as_deref(), Some(r"\u0020z\u0020"));
    assert_eq!(encoded("a: 'x'", "it's ").as_deref(), Some("it''s "));
    assert_eq!(encoded("a: 'x\n  y'", "z "), None);
    assert_eq!(encoded("a: 'x'", "y\nz"), None);
    assert_eq!(encoded("a: [x]", "y"), None, "no scalar");
    for fine in ["/data/k", "--x=/y", "a:b", "a#b", "a b", "C:\\k", "it's"] {
        assert_eq!(encoded("a: x", fine).as_deref(), Some(fine));
    }
    for bad in [
        "", " a", "a ", "a: b", "a:", "a #b", "#a", "- a", "*a", "'a'", "a\nb", "a\u{85}b", "@a",
        "\u{7}",
    ] {
        assert_eq!(encoded("a: x", bad), None, "{bad:?}");
    }
    // Further on they begin nothing, but for a comment.
    let (doc, id) = parsed("a: x");
    for fine in ["@a", "*a", "'a'"] {
        assert_eq!(encode(&doc, id, 1, fine).as_deref(), Some(fine));
    }
    assert_eq!(encode(&doc, id, 1, "#a"), None);
    assert_eq!(encoded("a: x", "y,z[0]").as_deref(), Some("y,z[0]"));
    assert_eq!(encoded("{a: x}", "y,z"), None);
    assert_eq!(encoded("{a: x}", "y}"), None);
    for block in ["a: |\n  x\n", "a: >\n  x\n"] {
        assert_eq!(encoded(block, "y: # \"'{z").as_deref(), Some("y: # \"'{z"));
        assert_eq!(encoded(block, " y"), None);
        assert_eq!(encoded(block, ""), None);
        assert_eq!(encoded(block, "y\rz"), None);
    }
}

#[test]
fn a_new_scalar_has_the_style_that_is_asked_for_where_it_can() {
    for (text, style, expected) in [
        ("x y", Style::Plain, "x y"),
        ("x y", Style::Folded, "x y"),
        ("it's", Style::SingleQuoted, "'it''s'"),
        ("x", Style::DoubleQuoted, "\"x\""),
        ("", Style::Plain, "\"\""),
        ("x ", Style::Plain, "\"x \""),
        ("x ", Style::SingleQuoted, "'x '"),
        ("x: y", Style::Literal, "\"x: y\""),
        ("x\ny", Style::SingleQuoted, "\"x\\ny\""),
        ("x\u{1}y", Style::SingleQuoted, "\"x\\u0001y\""),
        ("\u{feff}", Style::Plain, "\"\\ufeff\""),
    ] {
        assert_eq!(spell(text, style, false), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_new_scalar_is_read_as_what_it_is(
        text in "([xy /#:,?&*!|>'\"%@`{}\\[\\]-]|\t|\n|\r|\u{1}|\u{85}|\u{2028}|\u{feff}|ä){0,6}",
        in_flow: bool,
    ) {
        for style in [Style::Plain, Style::SingleQuoted, Style::DoubleQuoted, Style::Literal] {
            let new = spell(&text, style, in_flow);
            let yaml = if in_flow { format!("{{a: {new}, b: x}}") } else { format!("a: {new}\nb: x\n") };
            let (doc, id) = parsed(&yaml);
            prop_assert_eq!(doc.str(id), Some(text.as_str()), "{:?}", yaml);
        }
    }
}

/// A scalar in any style, as text after `a:` in a mapping.
fn scalars() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z/]([a-z/ ]|\n  |\n\n   ){0,12}[a-z/]",
        "'([a-z/ ]|''|\n  |\r\n\r\n ){0,12}'",
        "\"([a-z/ ]|\\\\/|\\\\x2f|\\\\n|\\\\ |\\\\u00e9|\n  |\n\n |\\\\\n  ){0,12}\"",
        "[|>][-+]?\n(  ( {0,2}[a-z/][a-z/ ]{0,4})?\n){1,6}",
        "[|>]3[-+]?\r\n(   ( {0,2}[a-z/][a-z/ ]{0,4})?\r\n){1,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Putting another text into a part's bytes changes the value there and nowhere else.
    #[test]
    fn replacing_a_part_changes_just_that(scalar in scalars(), new in "[xyz]{1,3}") {
        let text = format!("b: 1\na: {scalar}\nc: 2\n");
        let Ok(docs) = parse(&text, Span::new(0, text.len())) else {
            return Ok(());
        };
        let doc = &docs[0];
        let Some(id) = doc.get(doc.root().unwrap(), "a") else {
            return Ok(());
        };
        let Some(value) = doc.str(id) else {
            return Ok(());
        };
        let words: Vec<_> = value.match_indices(|c: char| !c.is_whitespace()).map(|(at, c)| at..at + c.len()).collect();
        let alignment = Alignment::of(doc, &text, id);
        for (word, span) in words.iter().map(|word| (word, alignment.span(word))) {
            // Blanks aside, each character has its bytes.
            let span = span.ok_or_else(|| TestCaseError::fail(format!("{text:?} {word:?}")))?;
            let mut edited = text.clone();
            edited.replace_range(span.as_range(), &encode(doc, id, word.start, &new).unwrap());
            let mut expected = value.to_owned();
            expected.replace_range(word.clone(), &new);
            let (doc, id) = parsed(&edited);
            prop_assert_eq!(doc.str(id), Some(expected.as_str()), "{:?}", edited);
        }
        for start in 0..value.len() {
            for end in start + 1..=value.len() {
                let Some(span) = raw_span(doc, &text, id, start..end) else {
                    continue;
                };
                // Taking out blanks can change how a block scalar's lines are read.
                if value.get(start..end).unwrap().contains(char::is_whitespace) {
                    continue;
                }
                let mut edited = text.clone();
                edited.replace_range(span.as_range(), "q");
                let mut expected = value.to_owned();
                expected.replace_range(start..end, "q");
                let (doc, id) = parsed(&edited);
                prop_assert_eq!(doc.str(id), Some(expected.as_str()), "{:?}", edited);
            }
        }
    }
}
