//! What the bytes of a log are: text, text of another width, or no text at all.
//!
//! PowerShell's `>` writes UTF-16, and a log that was rotated is often packed. The first is read
//! all the same; of the second the caller can say what it is and what unpacks it.

use std::borrow::Cow;

/// How many bytes are looked at to find out; a log that is shorter is decided on at its end.
const SNIFFED: usize = 256;

/// What isn't text, by its first bytes (magic(5), systemd's journal-def.h).
const SIGNATURES: [(&[u8], Unreadable); 6] = [
    (b"\x1f\x8b", Unreadable::Gzip),
    (b"\x28\xb5\x2f\xfd", Unreadable::Zstd),
    (b"\xfd7zXZ\0", Unreadable::Xz),
    (b"BZh", Unreadable::Bzip2),
    (b"PK\x03\x04", Unreadable::Zip),
    (b"LPKSHHRH", Unreadable::Journal),
];

/// Why a log can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is packed by gzip.
    Gzip,
    /// It is packed by zstd.
    Zstd,
    /// It is packed by xz.
    Xz,
    /// It is packed by bzip2.
    Bzip2,
    /// It is a zip archive.
    Zip,
    /// It is a file in which journald keeps its entries.
    Journal,
}

impl Unreadable {
    /// The program that turns such a file, named after it, into text on standard output.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::Gzip => "zcat",
            Self::Zstd => "zstdcat",
            Self::Xz => "xzcat",
            Self::Bzip2 => "bzcat",
            Self::Zip => "unzip -p",
            Self::Journal => "journalctl --file",
        }
    }
}

/// Makes text of the bytes of a log as they come.
#[derive(Debug)]
pub(super) struct Decoder {
    form: Form,
    /// Bytes that can't be decoded yet: the beginning, or half a character.
    pending: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Unknown,
    Text,
    Utf16 { is_big: bool },
    Unreadable(Unreadable),
}

impl Decoder {
    /// Nothing is known yet.
    pub(super) fn new() -> Self {
        Self { form: Form::Unknown, pending: Vec::new() }
    }

    /// Why the log can't be read, as far as that is known.
    pub(super) fn unreadable(&self) -> Option<Unreadable> {
        let form = if self.form == Form::Unknown { form(&self.pending) } else { self.form };
        match form {
            Form::Unreadable(reason) => Some(reason),
            _ => None,
        }
    }

    /// What the next bytes say; nothing while it isn't known what they are.
    pub(super) fn decode<'b>(&mut self, block: &'b [u8]) -> Cow<'b, [u8]> {
        if self.form == Form::Unknown {
            if self.pending.is_empty() && block.len() >= SNIFFED {
                self.form = form(block);
            } else {
                self.pending.extend_from_slice(block);
                if self.pending.len() < SNIFFED {
                    return Cow::Borrowed(&[]);
                }
                return Cow::Owned(self.rest());
            }
        }
        match self.form {
            Form::Utf16 { is_big } => {
                self.pending.extend_from_slice(block);
                Cow::Owned(self.utf16(is_big))
            }
            Form::Unreadable(_) => Cow::Borrowed(&[]),
            Form::Text | Form::Unknown => Cow::Borrowed(block),
        }
    }

    /// What is left over when no more bytes come for now.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        if self.form == Form::Unknown {
            self.form = form(&self.pending);
        }
        match self.form {
            Form::Utf16 { is_big } => self.utf16(is_big),
            Form::Unreadable(_) => Vec::new(),
            Form::Text | Form::Unknown => std::mem::take(&mut self.pending),
        }
    }

    /// The bytes that wait to be known.
    pub(super) fn pending(&self) -> &[u8] {
        if self.form == Form::Unknown { &self.pending } else { &[] }
    }

    fn utf16(&mut self, is_big: bool) -> Vec<u8> {
        let unit = |pair: &[u8]| match *pair {
            [high, low] if is_big => u16::from_be_bytes([high, low]),
            [low, high] => u16::from_le_bytes([low, high]),
            _ => 0,
        };
        let mut units: Vec<u16> = self.pending.chunks_exact(2).map(unit).collect();
        // The first half of a character waits for the second one.
        if units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
            units.pop();
        }
        self.pending.drain(..units.len() * 2);
        let mark = |c: &char| *c != '\u{feff}';
        let characters =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        characters.filter(mark).collect::<String>().into_bytes()
    }
}

/// What bytes are, told by the beginning.
fn form(bytes: &[u8]) -> Form {
    if let Some((_, reason)) = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Form::Unreadable(*reason);
    }
    match bytes {
        [0xff, 0xfe, ..] => return Form::Utf16 { is_big: false },
        [0xfe, 0xff, ..] => return Form::Utf16 { is_big: true },
        _ => {}
    }
    // Without a mark: every other byte of plain English is 0.
    let (mut firsts, mut seconds, mut pairs) = (0_usize, 0_usize, 0_usize);
    for pair in bytes.chunks_exact(2).take(SNIFFED) {
        pairs += 1;
        firsts += usize::from(pair.first() == Some(&0));
        seconds += usize::from(pair.last() == Some(&0));
    }
    let is_most =
        |zeros: usize, others: usize| pairs > 3 && zeros * 2 > pairs && others * 8 < pairs;
    if is_most(seconds, firsts) {
        Form::Utf16 { is_big: false }
    } else if is_most(firsts, seconds) {
        Form::Utf16 { is_big: true }
    } else {
        Form::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], block: usize) -> String {
        let mut decoder = Decoder::new();
        let mut text = Vec::new();
        for block in bytes.chunks(block) {
            text.extend_from_slice(&decoder.decode(block));
        }
        text.extend_from_slice(&decoder.rest());
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn wide_text_is_read_with_and_without_a_mark() {
        let text = format!("{}\u{1f600} 卷挂载失败\n", "driver name x not found\n".repeat(40));
        let wide = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        for block in [1, 3, 255, 4096] {
            assert_eq!(decoded(text.as_bytes(), block), text);
            assert_eq!(decoded(&little, block), text, "{block}");
            assert_eq!(decoded(&big, block), text, "{block}");
            assert_eq!(decoded(&[b"\xff\xfe", little.as_slice()].concat(), block), text);
            assert_eq!(decoded(&[b"\xfe\xff", big.as_slice()].concat(), block), text);
        }
        assert_eq!(decoded(b"\xff\xfea\0b\0", 9), "ab");
        for short in ["", "a", "ab\n", "\0\0\0\0\0\0\0\0\0\0"] {
            assert_eq!(decoded(short.as_bytes(), 1), short);
        }
    }
}
