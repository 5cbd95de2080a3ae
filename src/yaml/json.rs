//! JSON that is no YAML.
//!
//! `kubectl` reads a text that begins with `{` as JSON. Nearly all JSON is YAML, but JSON writes
//! characters beyond U+FFFF as two escaped UTF-16 halves (`\ud83d\ude00`), which YAML refuses.

use memchr::memmem;
use serde::de::IgnoredAny;

/// `text` with its surrogate escapes rewritten to what YAML reads as the same characters, at the
/// same length, so that all offsets stay right; `None` when there is nothing to rewrite.
///
/// A pair becomes an escaped line break, which stands for nothing, and a long escape. A key
/// written so isn't accepted, since a key has to stand on one line. A lone half becomes U+FFFD,
/// as in Go. What only begins like JSON, with a comment in it, say, is YAML and stays as it is.
pub(super) fn without_surrogates(text: &str) -> Option<String> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let mut out = String::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), b"\\u") {
        // The second half of a pair was dealt with together with the first.
        let Some(before) = text.get(done..at) else {
            continue;
        };
        // In `\\ud83d` the backslash is itself escaped.
        let escaped = before.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
        let Some((found, len)) = text.get(at..).and_then(surrogate).filter(|_| !escaped) else {
            continue;
        };
        out.push_str(before);
        match found {
            Some(c) => out.push_str(&format!("\\\n\\U{:08X}", u32::from(c))),
            None => out.push_str("\\uFFFD"),
        }
        done = at + len;
    }
    if done == 0 {
        return None;
    }
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    out.push_str(text.get(done..)?);
    Some(out)
}

/// Reads a surrogate escape at the start of `raw`: the character a pair stands for, or `None` for
/// a lone half, and the length.
pub(super) fn surrogate(raw: &str) -> Option<(Option<char>, usize)> {
    let first = unit(raw).filter(|unit| (0xd800..=0xdfff).contains(unit))?;
    let pair = raw
        .get(6..)
        .and_then(unit)
        .and_then(|second| char::decode_utf16([first, second]).next().and_then(Result::ok));
    Some(match pair {
        Some(c) => (Some(c), 12),
        None => (None, 6),
    })
}

/// The code unit of a `\uXXXX` at the start of `raw`.
fn unit(raw: &str) -> Option<u16> {
    let hex = raw.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` takes a sign.
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_lone_halves_keep_their_length() {
        let text = r#"{"a": "x\ud83d\ude00y\uD83Dz\\ud83d\u00e4"}"#;
        let yaml = without_surrogates(text).unwrap();
        assert_eq!(yaml, "{\"a\": \"x\\\n\\U0001F600y\\uFFFDz\\\\ud83d\\u00e4\"}");
        assert_eq!(yaml.len(), text.len());
    }

    #[test]
    fn nothing_to_rewrite() {
        for text in [
            r#"{"a": "\u00e4"}"#,
            r#"a: "\ud83d\ude00""#,
            "{\\u",
            "",
            "{a: b, # \\ud83d\\ude00\n}",
            r"{'a': '\ud83d\ude00'}",
        ] {
            assert_eq!(without_surrogates(text), None);
        }
    }
}
