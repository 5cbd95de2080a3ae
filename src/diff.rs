//! Unified diffs, as `git apply` and GNU `patch -p1` take them, and their coloured form.

use std::fmt::Write as _;
use std::ops::Range;
use std::str::SplitInclusive;

use anstyle::{AnsiColor, Style};
use imara_diff::{Algorithm, Diff, Hunk, InternedInput};
use memchr::memchr_iter;

use pieces::pieces;

mod pieces;

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 3;

/// The diff that turns `old` into `new`; empty when they are the same.
///
/// The names are paths relative to the folder in which the diff will be applied, with `/` between
/// their parts; on Unix a name may be any bytes. They are the same name as a rule: of two, each tool
/// picks one by rules of its own.
/// Every byte of the texts is kept: only `\n` ends a line, and a `\r` belongs to its line.
///
/// There is no `diff --git` line on purpose: with one, `git apply` takes the paths to start at the
/// top of the repository, and in a folder below that it does nothing, without a word. Even without
/// one it needs `-p1` there: in `deploy`, it takes a path `deploy/x.yaml` to mean `x.yaml`.
#[must_use]
pub fn unified(
    old_name: impl AsRef<[u8]>,
    new_name: impl AsRef<[u8]>,
    old: &str,
    new: &str,
) -> String {
    if old == new {
        return String::new();
    }
    let (old_name, new_name) = (label('a', old_name.as_ref()), label('b', new_name.as_ref()));
    let mut out = format!("--- {old_name}\n+++ {new_name}\n");
    let count = line_count(old);
    let (mut old_lines, mut new_lines) = (Lines::of(old), Lines::of(new));
    let all = changes(old, new);
    for changes in all.chunk_by(|one, next| next.old.start - one.old.end <= 2 * CONTEXT) {
        section(&mut out, &mut old_lines, &mut new_lines, count, changes);
    }
    out
}

/// Lines that go, and the lines that take their place.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// All changes, from top to bottom.
fn changes(old: &str, new: &str) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let (mut old_start, mut new_start) = (0, 0);
    for (old, new) in pieces(old, new) {
        for hunk in if old == new { Vec::new() } else { compare(old, new) } {
            let moved = |lines: &Range<u32>, by| lines.start as usize + by..lines.end as usize + by;
            let (old, new) = (moved(&hunk.before, old_start), moved(&hunk.after, new_start));
            match all.last_mut() {
                Some(last) if last.old.end == old.start && last.new.end == new.start => {
                    (last.old.end, last.new.end) = (old.end, new.end);
                }
                _ => all.push(Change { old, new }),
            }
        }
        old_start += line_count(old);
        new_start += line_count(new);
    }
    all
}

fn compare(old: &str, new: &str) -> Vec<Hunk> {
    // `InternedInput::new` would make room for as many lines as the first twenty let it expect.
    let mut lines = InternedInput::default();
    lines.update_before(imara_diff::sources::lines(old));
    lines.update_after(imara_diff::sources::lines(new));
    let mut diff = Diff::compute(Algorithm::Histogram, &lines);
    diff.postprocess_lines(&lines);
    diff.hunks().collect()
}

/// The lines of a text, read from top to bottom.
struct Lines<'a> {
    rest: SplitInclusive<'a, char>,
    at: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text.split_inclusive('\n'), at: 0 }
    }

    /// The lines up to the one with this number.
    fn until(&mut self, line: usize) -> impl Iterator<Item = &'a str> {
        let count = line.saturating_sub(self.at);
        self.at += count;
        self.rest.by_ref().take(count)
    }
}

fn line_count(text: &str) -> usize {
    let open = !text.is_empty() && !text.ends_with('\n');
    memchr_iter(b'\n', text.as_bytes()).count() + usize::from(open)
}

/// One `@@` section: changes so near to each other that they share their context.
fn section(
    out: &mut String,
    old: &mut Lines,
    new: &mut Lines,
    old_count: usize,
    changes: &[Change],
) {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else {
        return;
    };
    let above = first.old.start.min(CONTEXT);
    let below = old_count.saturating_sub(last.old.end).min(CONTEXT);
    let old_range = first.old.start - above..last.old.end + below;
    let new_range = first.new.start - above..last.new.end + below;
    let _ = writeln!(out, "@@ -{} +{} @@", range(&old_range), range(&new_range));
    let mut put = |sign, line: &str| {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    };
    old.until(old_range.start).for_each(drop);
    for change in changes {
        old.until(change.old.start).for_each(|line| put(' ', line));
        old.until(change.old.end).for_each(|line| put('-', line));
        new.until(change.new.start).for_each(drop);
        new.until(change.new.end).for_each(|line| put('+', line));
    }
    old.until(old_range.end).for_each(|line| put(' ', line));
}

/// A range of lines as section headers have it: counted from 1, without a length of one, and for
/// no lines at all the number of the line before them.
fn range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        length => format!("{},{length}", lines.start + 1),
    }
}

/// A path as `---` and `+++` lines have it.
///
/// In quotes where a character could end the line or be read as an escape, and where a space ends
/// the name, which `patch` loses otherwise; with a tab behind it where it has a space, because a
/// date may follow a space otherwise.
fn label(side: char, name: &[u8]) -> String {
    let special = |c: char| c.is_control() || matches!(c, '"' | '\\');
    let (mut plain, mut quoted) = (format!("{side}/"), format!("{side}/"));
    let mut is_plain = true;
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            is_plain &= !special(c);
            plain.push(c);
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                '\t' => quoted.push_str("\\t"),
                '\n' => quoted.push_str("\\n"),
                '\r' => quoted.push_str("\\r"),
                _ if special(c) => put_octal(&mut quoted, c.encode_utf8(&mut [0; 4]).as_bytes()),
                _ => quoted.push(c),
            }
        }
        is_plain &= chunk.invalid().is_empty();
        put_octal(&mut quoted, chunk.invalid());
    }
    let mut out = if is_plain && !plain.ends_with(' ') { plain } else { format!("\"{quoted}\"") };
    if name.contains(&b' ') {
        out.push('\t');
    }
    out
}

/// Bytes as `git` and `patch` read them within quotes.
fn put_octal(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        let _ = write!(out, "\\{byte:03o}");
    }
}

/// A diff of [`unified`], or several in a row, in the colours of `git diff`, for a terminal.
///
/// This form is only for reading. A control character in it could move the cursor and so hide a
/// change, or worse; each is shown as U+FFFD, but for tabs and line breaks (`\n` and `\r\n`). The
/// plain form stays exact.
#[must_use]
pub fn coloured(diff: &str) -> String {
    let plain = Style::new();
    let (mut old, mut new) = (0_u32, 0_u32);
    let mut out = String::with_capacity(diff.len() + diff.len() / 4);
    for line in diff.split_inclusive('\n') {
        // A removed line `-- x` looks like the header of a file; only the count tells.
        let inside = old > 0 || new > 0;
        let style = match line.as_bytes().first() {
            Some(b' ') if inside => {
                (old, new) = (old.saturating_sub(1), new.saturating_sub(1));
                plain
            }
            Some(b'-') if inside => {
                old = old.saturating_sub(1);
                AnsiColor::Red.on_default()
            }
            Some(b'+') if inside => {
                new = new.saturating_sub(1);
                AnsiColor::Green.on_default()
            }
            Some(b'-' | b'+') => plain.bold(),
            Some(b'@') => {
                (old, new) = lengths(line);
                AnsiColor::Cyan.on_default()
            }
            _ => plain,
        };
        let text = line.strip_suffix('\n').unwrap_or(line);
        let (text, end) = line.split_at(text.strip_suffix('\r').unwrap_or(text).len());
        let _ = write!(out, "{style}");
        out.extend(text.chars().map(|c| match c {
            '\t' => c,
            _ if c.is_control() => char::REPLACEMENT_CHARACTER,
            _ => c,
        }));
        let _ = write!(out, "{style:#}{end}");
    }
    out
}

/// How many old and new lines a section has by its header.
fn lengths(header: &str) -> (u32, u32) {
    let mut ranges = header.split(' ').skip(1).map(|range| match range.split_once(',') {
        Some((_, length)) => length.parse().unwrap_or(0),
        None => 1,
    });
    (ranges.next().unwrap_or(0), ranges.next().unwrap_or(0))
}

#[cfg(test)]
mod tests;
