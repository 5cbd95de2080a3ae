//! One plain spelling of a log line, whichever program wrote it and however often it was quoted.
//!
//! The same error stands in a kubelet's log as `"driver name x not found"`, in its structured form
//! as `err="… \"x\" …"`, and in the file of a container runtime as `{"log":"… \\\"x\\\" …\n"}`.
//! Terminals add colours, Windows adds carriage returns.

use std::borrow::Cow;

const ESCAPE: char = '\u{1b}';

/// The line as it would read unquoted and without colours. Bytes that aren't UTF-8 are replaced.
pub(super) fn plain(line: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(line.trim_ascii_end());
    if memchr::memchr2(b'\\', ESCAPE as u8, text.as_bytes()).is_none() {
        return text;
    }
    Cow::Owned(unquoted(&text))
}

/// The same for a text whose first `seen` bytes were read before; and how many bytes they became.
pub(super) fn plain_after(line: &[u8], seen: usize) -> (Cow<'_, str>, usize) {
    match line.split_at_checked(seen) {
        Some((before, rest)) if seen > 0 => {
            let before = unquoted(&String::from_utf8_lossy(before));
            let seen = before.len();
            (Cow::Owned(before + &plain(rest)), seen)
        }
        _ => (plain(line), 0),
    }
}

fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\\', ESCAPE as u8, rest.as_bytes()) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        rest = match special.strip_prefix(ESCAPE) {
            Some(after) => after_colour(after),
            None => after_backslashes(special, &mut out),
        };
    }
    out.push_str(rest);
    out
}

/// What follows an escape sequence whose first character is already taken.
fn after_colour(text: &str) -> &str {
    let Some(sequence) = text.strip_prefix('[') else { return text };
    let end = sequence.find(|c: char| ('@'..='~').contains(&c));
    end.and_then(|end| sequence.get(end + 1..)).unwrap_or("")
}

/// Reads a run of backslashes and what it quotes; returns what follows.
fn after_backslashes<'t>(text: &'t str, out: &mut String) -> &'t str {
    let after = text.trim_start_matches('\\');
    let mut characters = after.chars();
    match characters.next() {
        Some(quoted @ ('"' | '\'' | '/')) => out.push(quoted),
        // Line breaks and tabs inside of a message.
        Some('n' | 't' | 'r') => out.push(' '),
        // Go writes `<`, `>` and `&` like this in JSON, and some loggers write ESC.
        Some('u') => match after.get(1..5).and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
            Some(0x1b) => return after_colour(after.get(5..).unwrap_or("")),
            Some(code) => {
                out.extend(char::from_u32(code));
                return after.get(5..).unwrap_or("");
            }
            None => out.push('u'),
        },
        _ => {
            out.push('\\');
            return after;
        }
    }
    characters.as_str()
}

/// A line as it can be shown: not too long, and without what a terminal would act upon.
pub(super) fn shown(line: &str, bytes: usize) -> String {
    let end = line.floor_char_boundary(bytes);
    let text: String = line
        .get(..end)
        .unwrap_or(line)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.trim().to_owned()
}

/// So much is shown of what stands before the words that tell something, if they stand far behind.
const BEFORE: usize = 100;

/// The same where the words at `place` have to be seen.
pub(super) fn shown_around(line: &str, place: usize, bytes: usize) -> String {
    if place < bytes / 2 {
        return shown(line, bytes);
    }
    let start = line.floor_char_boundary(place.saturating_sub(BEFORE));
    let mark = '…';
    let text = shown(line.get(start..).unwrap_or_default(), bytes - mark.len_utf8());
    format!("{mark}{text}")
}
