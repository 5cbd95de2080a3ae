//! Items of a list in JSON, told by their braces.

use super::Item;
use crate::source::Span;
use crate::yaml::scan::end_of_quoted;

/// The objects of the list `items` of the object that a text begins with; nothing where the text
/// isn't JSON as far as that list reaches. What is found is told from the first byte of `body` on.
pub(super) fn items(body: &[u8], is_needed: impl Fn(&[u8]) -> bool) -> Vec<Item> {
    let mut found = Vec::new();
    // What of the list was understood before something wasn't is good, as in block style.
    let _ = read(body, &is_needed, &mut found);
    found
}

fn read(body: &[u8], is_needed: &impl Fn(&[u8]) -> bool, found: &mut Vec<Item>) -> Option<()> {
    let mut scanner = Scanner { body, at: 0, depth: 0 };
    let mut key: &[u8] = b"";
    let mut is_list = false;
    // Where the item at hand begins.
    let mut start = 0;
    while let Some(token) = scanner.next()? {
        match (scanner.depth, token) {
            (1, Token::Text(text)) => key = text,
            (2, Token::Open(b'[')) => is_list = key == b"items",
            (1, Token::Close(_)) if is_list => break,
            (3, Token::Open(b'{')) => start = scanner.at,
            (2, Token::Close(b'}')) if is_list => {
                let span = Span::new(start, scanner.at - 1);
                let bytes = body.get(span.as_range())?;
                if !bytes.trim_ascii().is_empty() {
                    found.push(Item { span, is_needed: is_needed(bytes) });
                }
            }
            _ => {}
        }
    }
    Some(())
}

enum Token<'a> {
    Open(u8),
    Close(u8),
    /// What is between double quotes, as it is written.
    Text(&'a [u8]),
}

/// Reads JSON for its brackets and strings.
struct Scanner<'a> {
    body: &'a [u8],
    at: usize,
    /// Brackets that are open behind the last token.
    depth: usize,
}

impl<'a> Scanner<'a> {
    /// The next token; `Some(None)` at the end, `None` where something isn't JSON.
    fn next(&mut self) -> Option<Option<Token<'a>>> {
        let mut before = b' ';
        while let Some(&byte) = self.body.get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' => {
                    self.depth += 1;
                    return Some(Some(Token::Open(byte)));
                }
                b'}' | b']' => {
                    self.depth = self.depth.checked_sub(1)?;
                    return Some(Some(Token::Close(byte)));
                }
                // In a word a quote is a letter as any other.
                b'"' if is_word(before) => return None,
                b'"' => return Some(Some(Token::Text(self.text()?))),
                b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' => {}
                byte if is_word(byte) => {}
                _ => return None,
            }
            before = byte;
        }
        Some(None)
    }

    /// The string whose opening quote was read.
    fn text(&mut self) -> Option<&'a [u8]> {
        let text = self.body.get(self.at..)?;
        let behind = end_of_quoted(text, b'"')?;
        self.at = self.body.len() - behind.len();
        text.get(..text.len() - behind.len() - 1)
    }
}

/// Whether a byte may be part of a number, or of `true`, `false` and `null`.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}
