//! Bytes as the text of a source, or what they are instead.

use crate::error::Unreadable;
use crate::source::Source;

/// Bytes that are no text, with as much of them as can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotText {
    /// The bytes with what can't be shown replaced.
    pub shown: Source,
    /// What is wrong and where in `shown`.
    pub unreadable: Unreadable,
    /// Where that is in the bytes.
    pub at: usize,
}

/// Takes bytes as the text of a source.
///
/// # Errors
/// When the bytes aren't UTF-8 or contain a NUL, as binary files do.
pub(crate) fn text(name: &str, bytes: Vec<u8>) -> Result<Source, Box<NotText>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(not_text(
            name,
            &bytes,
            0,
            "this is UTF-16; Kubernetes manifests are UTF-8",
            "convert it first, for example with `iconv -f utf-16 -t utf-8`",
        ));
    }
    if let Some(at) = memchr::memchr(0, &bytes) {
        return Err(not_text(
            name,
            &bytes,
            at,
            "this is a binary file, not a manifest: it holds a NUL byte",
            "pass the manifest itself; an archive has to be unpacked first",
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(not_text(
                name,
                error.as_bytes(),
                at,
                "this isn't UTF-8 text",
                "save the file as UTF-8; kubectl reads no other encoding either",
            ))
        }
    }
}

fn not_text(name: &str, bytes: &[u8], at: usize, message: &str, help: &str) -> Box<NotText> {
    // The line up to the bad byte and a little more is all that is shown.
    let end = bytes.len().min(at + 40);
    let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).into_owned();
    let after = String::from_utf8_lossy(bytes.get(at..end).unwrap_or_default()).into_owned();
    let offset = before.len();
    let shown = Source::new(name, format!("{before}{after}"));
    let unreadable = Unreadable { message: message.to_owned(), offset, help: help.to_owned() };
    Box::new(NotText { shown, unreadable, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let error = text("x", b"a: b\nc\0d".to_vec()).unwrap_err();
        assert!(error.unreadable.message.contains("binary"));
        assert_eq!(error.shown.line_col(error.unreadable.offset).line, 2);
        let error = text("x", b"a: \xff".to_vec()).unwrap_err();
        assert_eq!(error.unreadable.offset, 3);
        assert!(
            text("x", vec![0xff, 0xfe, b'a', 0]).unwrap_err().unreadable.message.contains("UTF-16")
        );
        assert_eq!(text("x", "ä: b".into()).unwrap().text(), "ä: b");
    }
}
