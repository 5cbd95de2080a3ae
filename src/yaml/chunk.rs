//! Splits a stream into pieces that can be parsed, or skipped, on their own.

use memchr::{memchr_iter, memmem};

use super::is_break;
use crate::source::{BOM, Span};

/// Splits a stream into spans that cover the text completely and in order; each begins at the
/// text's start or at a `---` in column 0 followed by a space, a tab, a line break or the end.
///
/// YAML forbids such a `---` inside any scalar or flow collection, so that a split never changes
/// what is read. A directive (`%YAML`, `%TAG`) stands *before* the `---` of its document; a stream
/// with a line that begins with `%` stays whole. An empty text has no chunks.
pub fn chunks(text: &str) -> Vec<Span> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut starts = vec![0];
    // After the cheap search, since most streams have nothing to split.
    let markers = markers(text);
    if !markers.is_empty() && !has_directive(text) {
        starts.extend(markers);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| Span::new(*start, end)).collect()
}

/// Offsets of the `---` that begin a document after the first line.
fn markers(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found: Vec<usize> = Vec::new();
    // A CRLF ends in `\n`; the second search is for lone CRs, which YAML takes as line breaks.
    for needle in [b"\n---", b"\r---"] {
        found.extend(
            memmem::find_iter(bytes, needle)
                .filter(|at| {
                    let next = bytes.get(at + needle.len());
                    matches!(next, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
                })
                .map(|at| at + 1),
        );
    }
    found.sort_unstable();
    found
}

/// Whether a line begins with `%`.
fn has_directive(text: &str) -> bool {
    memchr_iter(b'%', text.as_bytes()).any(|at| {
        let before = text.get(..at).unwrap_or_default();
        match before.chars().next_back() {
            None => true,
            Some(BOM) => before.len() == BOM.len_utf8(),
            Some(c) => is_break(c),
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        chunks(text).into_iter().map(|span| text.get(span.as_range()).unwrap()).collect()
    }

    #[test]
    fn splits_at_document_markers() {
        assert_eq!(
            split("# c\n---\na: 1\n--- # x\nb: 2\n---"),
            ["# c\n", "---\na: 1\n", "--- # x\nb: 2\n", "---"]
        );
        assert_eq!(split("a\r\n---\r\nb"), ["a\r\n", "---\r\nb"]);
        assert_eq!(split("a\r---\rb\n---\tc"), ["a\r", "---\rb\n", "---\tc"]);
        assert_eq!(split("---\n---\n"), ["---\n", "---\n"]);
        assert_eq!(split("\u{feff}---\na: 1\n"), ["\u{feff}---\na: 1\n"]);
        assert_eq!(split(""), [""; 0]);
    }

    #[test]
    fn leaves_what_only_looks_like_a_marker() {
        for text in ["a: |\n  x\n  ---\n", "a\n----\n", "a\n---b\n", "- ---\n"] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn directives_keep_the_stream_whole() {
        for text in [
            "%YAML 1.1\n---\na: 1\n---\nb: 2\n",
            "\u{feff}%YAML 1.1\n---\na\n",
            "a: 1\n...\n%TAG ! tag:x,2000:\n---\nb: 2\n",
            "a\r\n...\r\n%YAML 1.1\r\n---\r\nb",
        ] {
            assert_eq!(split(text), [text]);
        }
        assert_eq!(split("a: 5%\n---\nb: %x").len(), 2);
    }

    proptest! {
        #[test]
        fn chunks_cover_the_text(text in "([-a%\n\r \u{feff}ä]|---|\n---\n){0,40}") {
            prop_assert_eq!(split(&text).concat(), text);
        }
    }
}
