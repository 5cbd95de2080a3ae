//! What the table must have, and the spellings that only this module sees.

use super::*;

#[test]
fn the_table_is_read() {
    let symptoms = Symptoms::builtin().unwrap();
    assert!(symptoms.all().len() > 30);
    assert!(symptoms.by_id("driver-not-registered").is_some());
    assert!(symptoms.by_id("registration-dir").is_none());
}

const ROW: &str = "- {id: a-b, harm: noise, path_problem: true, patterns: [{needle: x}], \
                   rules: [], phrasings: [y], sources: [z]}\n";

#[test]
fn a_broken_row_is_refused() {
    assert!(Symptoms::read(ROW).is_ok());
    assert!(Symptoms::read(&ROW.repeat(2)).is_err());
    for (whole, broken) in [
        ("a-b", "A_b"),
        ("a-b", "registration-dir"),
        ("noise", "loud"),
        ("needle: x", "needle: x, regex: '('"),
        ("needle: x", "needle: x, names: either"),
        ("needle: x", "needle: 'a \"b\"'"),
        ("needle: x", "needle: ''"),
        ("rules: []", "rules: [no-such-rule]"),
        ("[y]", "['…']"),
        ("[z]", "[]"),
        ("[z]", "[' ']"),
        ("sources", "source"),
    ] {
        let text = ROW.replace(whole, broken);
        assert_ne!(text, ROW, "{whole}");
        assert!(Symptoms::read(&text).is_err(), "{text}");
    }
}

#[test]
fn quotes_and_colours_are_taken_off() {
    for (line, plain) in [
        (r#"err="a \"b\" c""#, r#"err="a "b" c""#),
        (r#"{"log":"a \\\"b\\\" c\n"}"#, r#"{"log":"a "b" c "}"#),
        (r"a\/b \u003cnil\u003e", "a/b <nil>"),
        ("\u{1b}[31mred\u{1b}[0m\r", "red"),
        (r"\u001b[01;31mred\u001b[m", "red"),
        (r"C:\var\lib", r"C:\var\lib"),
        ("cut \u{1b}[", "cut "),
        ("cut \\", "cut \\"),
        (r"\u00", "u00"),
        ("plain", "plain"),
    ] {
        assert_eq!(spelling::plain(line.as_bytes()), plain, "{line:?}");
    }
    assert_eq!(spelling::plain(b"a\xffb"), "a\u{fffd}b");
    assert_eq!(spelling::plain(&vec![b'x'; 2 * MAX_LINE_BYTES]).len(), MAX_LINE_BYTES);
    assert_eq!(spelling::shown("é\u{7}\tx", 4), "é");
}
