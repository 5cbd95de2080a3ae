//! Scalars: words, quoted texts on one line, and `|` texts.

use memchr::memchr;

use super::{KEY, Reader, Style, opening};
use crate::yaml::scan::{Mark, end_of_quoted, ends_key, mark};

impl<'a> Reader<'a> {
    /// Reads a key of a block mapping; the offset behind its colon.
    pub(super) fn key(&mut self, at: usize) -> Option<usize> {
        let end = self.end_of_key(at)??;
        if end - at > KEY {
            return None;
        }
        match self.byte(at)? {
            quote @ (b'"' | b'\'') => {
                self.quoted(at, quote)?;
            }
            _ => {
                let key = self.text.get(at..end)?.trim_end_matches(' ');
                if !begins_plain(key) {
                    return None;
                }
                let opening = opening(&mut self.anchor, at, at + key.len());
                self.builder.scalar(opening, key, Style::Plain, false).ok()?;
            }
        }
        Some(end + 1)
    }

    /// Whether a key of a block mapping is here.
    pub(super) fn is_key(&self, at: usize) -> Option<bool> {
        Some(self.end_of_key(at)?.is_some())
    }

    /// Where the key that is here has its colon; `Some(None)` where there is none.
    fn end_of_key(&self, at: usize) -> Option<Option<usize>> {
        let line = self.text.get(at..self.line.end)?;
        Some(match line.as_bytes().first()? {
            quote @ (b'"' | b'\'') => {
                let end = self.end_of_quoted(at, *quote)?;
                let is_key = self.byte(end) == Some(b':');
                (is_key && ends_key(line.as_bytes().get(end - at + 1).copied())).then_some(end)
            }
            b'[' | b'{' => None,
            _ => match mark(line.as_bytes()) {
                Mark::Colon(colon) => Some(at + colon),
                Mark::Comment(_) | Mark::End => None,
            },
        })
    }

    /// Reads a word, or several, to the end of the line, and goes to the next one.
    pub(super) fn plain(&mut self, at: usize) -> Option<()> {
        let line = self.text.get(at..self.line.end)?;
        let content = match mark(line.as_bytes()) {
            Mark::Colon(_) => return None,
            Mark::Comment(comment) => line.get(..comment)?,
            Mark::End => line,
        };
        let content = content.trim_end_matches(' ');
        if !begins_plain(content) {
            return None;
        }
        let opening = opening(&mut self.anchor, at, at + content.len());
        self.builder.scalar(opening, content, Style::Plain, false).ok()?;
        self.go_on()
    }

    /// Reads a quoted text that ends in the line in which it begins; the offset behind it.
    pub(super) fn quoted(&mut self, at: usize, quote: u8) -> Option<usize> {
        let end = self.end_of_quoted(at, quote)?;
        let raw = self.text.get(at + 1..end - 1)?;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        self.value.clear();
        let value = match style {
            Style::DoubleQuoted if raw.contains('\\') => {
                unescape(raw, &mut self.value)?;
                &self.value
            }
            Style::SingleQuoted if raw.contains('\'') => {
                self.value += &raw.replace("''", "'");
                &self.value
            }
            _ => raw,
        };
        self.builder.scalar(opening(&mut self.anchor, at, end), value, style, false).ok()?;
        Some(end)
    }

    /// Where a quoted text ends, behind its quote, if that is in the line in which it begins.
    fn end_of_quoted(&self, at: usize, quote: u8) -> Option<usize> {
        let text = self.rest(at + 1).as_bytes();
        let len = text.len() - end_of_quoted(text, quote)?.len();
        memchr(b'\n', text.get(..len)?).is_none().then_some(at + 1 + len)
    }

    /// Reads a `|` text of a key or a dash in a column, and goes to the line behind it.
    pub(super) fn literal(&mut self, at: usize, column: usize) -> Option<()> {
        let (header, keeps, ends) = match self.byte(at + 1) {
            Some(b'-') => (2, false, false),
            Some(b'+') => (2, true, true),
            _ => (1, false, true),
        };
        let rest = self.text.get(at + header..self.line.end)?;
        if !matches!(rest.trim_start_matches(' ').as_bytes(), [] | [b'#', ..])
            || rest.starts_with('#')
        {
            return None;
        }
        self.value.clear();
        // Columns of indentation, which the first line with content tells.
        let mut indent = None;
        // Line breaks that are part of the text only if more of it follows.
        let mut breaks = 0;
        let mut end = self.next;
        while end < self.text.len() {
            let line = self.text.get(end..self.end_of_line(end))?;
            let content = line.trim_start_matches(' ');
            let spaces = line.len() - content.len();
            if content.is_empty() && indent.is_none_or(|indent| spaces <= indent) {
                // Before the first line with content, spaces may be indentation.
                if indent.is_none() && spaces > 0 {
                    return None;
                }
                breaks += 1;
            } else {
                let indent = *indent.get_or_insert(spaces);
                if indent <= column {
                    return None;
                }
                if spaces < indent {
                    break;
                }
                self.value.extend(std::iter::repeat_n('\n', std::mem::take(&mut breaks)));
                self.value += line.get(indent..)?;
                breaks = 1;
            }
            end += line.len() + 1;
        }
        // The text ends without a line break, or it has no content.
        if end > self.text.len() || indent.is_none() {
            return None;
        }
        let kept = if keeps { breaks } else { usize::from(ends) };
        self.value.extend(std::iter::repeat_n('\n', kept));
        self.builder
            .scalar(opening(&mut self.anchor, at, end), &self.value, Style::Literal, true)
            .ok()?;
        self.next = end;
        self.go_on()
    }
}

/// Whether a text begins as a plain scalar does.
fn begins_plain(text: &str) -> bool {
    match text.as_bytes() {
        [] => false,
        [b'-', next, ..] => *next != b' ',
        [first, ..] => !matches!(
            first,
            b'-' | b'?'
                | b':'
                | b','
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'#'
                | b'&'
                | b'*'
                | b'!'
                | b'|'
                | b'>'
                | b'\''
                | b'"'
                | b'%'
                | b'@'
                | b'`'
        ),
    }
}

/// Decodes the escapes that JSON has.
fn unescape(raw: &str, value: &mut String) -> Option<()> {
    let mut rest = raw;
    while let Some((before, escape)) = rest.split_once('\\') {
        value.push_str(before);
        let mut chars = escape.chars();
        value.push(match chars.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let digits = escape
                    .get(1..5)
                    .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
                chars = escape.get(5..)?.chars();
                char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
            }
            _ => return None,
        });
        rest = chars.as_str();
    }
    value.push_str(rest);
    Some(())
}
