//! Unified diffs, as `git apply` and GNU `patch -p1` take them, and their coloured form.

use std::fmt::Write as _;
use std::ops::Range;

use clap::builder::styling::{AnsiColor, Style};
use imara_diff::{Algorithm, Diff, Hunk, InternedInput, Token};

/// How many unchanged lines stand around a change.
const CONTEXT: u32 = 3;

/// The diff that turns `old` into `new`; empty when they are the same.
///
/// The names are paths relative to the folder in which the diff will be applied, with `/` between
/// their parts. Every byte of the texts is kept: only `\n` ends a line, and a `\r` belongs to its
/// line. There is no `diff --git` line on purpose: with one, git takes the paths to start at the
/// top of the repository and not in the current folder.
#[must_use]
pub fn unified(old_name: &str, new_name: &str, old: &str, new: &str) -> String {
    if old == new {
        return String::new();
    }
    let lines = InternedInput::new(old, new);
    let mut diff = Diff::compute(Algorithm::Histogram, &lines);
    diff.postprocess_lines(&lines);
    let mut out = format!("--- {}\n+++ {}\n", label('a', old_name), label('b', new_name));
    let mut changes = diff.hunks().peekable();
    while let Some(change) = changes.next() {
        let mut end = change.before.end;
        let mut together = vec![change];
        while let Some(next) = changes.next_if(|next| next.before.start - end <= 2 * CONTEXT) {
            end = next.before.end;
            together.push(next);
        }
        section(&mut out, &lines, &together);
    }
    out
}

/// One `@@` section: changes so near to each other that they share their context.
///
/// The library's own printer isn't used: it counts wrong when the first change stands on line 5,
/// 6 or 7, writes `-1,0` for an empty file, and has no mark for a missing line break.
fn section(out: &mut String, lines: &InternedInput<&str>, changes: &[Hunk]) {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else {
        return;
    };
    let above = first.before.start.min(CONTEXT);
    let below = (lines.before.len() as u32).saturating_sub(last.before.end).min(CONTEXT);
    let old = first.before.start - above..last.before.end + below;
    let new = first.after.start - above..last.after.end + below;
    let _ = writeln!(out, "@@ -{} +{} @@", range(&old), range(&new));
    let mut put = |sign, side: &[Token], range: Range<u32>| {
        let tokens = side.get(range.start as usize..range.end as usize).unwrap_or_default();
        for token in tokens {
            let line = lines.interner[*token];
            out.push(sign);
            out.push_str(line);
            if !line.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    };
    let mut at = old.start;
    for change in changes {
        put(' ', &lines.before, at..change.before.start);
        put('-', &lines.before, change.before.clone());
        put('+', &lines.after, change.after.clone());
        at = change.before.end;
    }
    put(' ', &lines.before, at..old.end);
}

/// A range of lines as section headers have it: counted from 1, without a length of one, and for
/// no lines at all the number of the line before them.
fn range(lines: &Range<u32>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        length => format!("{},{length}", lines.start + 1),
    }
}

/// A path as `---` and `+++` lines have it.
///
/// In quotes where a character could end the line or be read as an escape; with a tab behind it
/// where it has a space, because a date may follow a space otherwise.
fn label(side: char, name: &str) -> String {
    let special = |c: char| c.is_control() || matches!(c, '"' | '\\');
    let mut out = format!("{side}/{name}");
    if out.contains(special) {
        let mut quoted = String::from('"');
        for c in out.chars() {
            match c {
                '"' | '\\' => quoted.extend(['\\', c]),
                '\t' => quoted.push_str("\\t"),
                '\n' => quoted.push_str("\\n"),
                '\r' => quoted.push_str("\\r"),
                _ if special(c) => {
                    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                        let _ = write!(quoted, "\\{byte:03o}");
                    }
                }
                _ => quoted.push(c),
            }
        }
        quoted.push('"');
        out = quoted;
    }
    if name.contains(' ') {
        out.push('\t');
    }
    out
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
mod tests {
    use super::*;

    /// The diff without the two lines that name the file.
    fn body(old: &str, new: &str) -> String {
        let diff = unified("x", "x", old, new);
        diff.strip_prefix("--- a/x\n+++ b/x\n").unwrap().to_owned()
    }

    fn numbers(lines: Range<u32>) -> String {
        lines.map(|number| format!("{number}\n")).collect()
    }

    #[test]
    fn the_same_text_has_no_diff() {
        assert_eq!(unified("x", "y", "a\n", "a\n"), "");
        assert_eq!(unified("x", "y", "", ""), "");
        assert_eq!(coloured(""), "");
    }

    #[test]
    fn a_change_has_three_lines_around_it_wherever_it_stands() {
        for line in 1..=20_u32 {
            let old = numbers(1..21);
            let new: String = (1..21)
                .map(|at| if at == line { "new\n".into() } else { numbers(at..at + 1) })
                .collect();
            let (from, to) = (line.saturating_sub(3).max(1), (line + 3).min(20));
            let count = to - from + 1;
            let mut expected = format!("@@ -{from},{count} +{from},{count} @@\n");
            for at in from..=to {
                let sign = if at == line { '-' } else { ' ' };
                expected.push_str(&format!("{sign}{at}\n"));
                if at == line {
                    expected.push_str("+new\n");
                }
            }
            assert_eq!(body(&old, &new), expected);
        }
    }

    #[test]
    fn changes_share_a_section_up_to_six_lines_apart() {
        let sections = |apart: u32| {
            let between = numbers(0..apart);
            body(&format!("a\n{between}b\n"), &format!("A\n{between}B\n")).matches("@@ -").count()
        };
        assert_eq!((sections(6), sections(7)), (1, 2));
    }

    #[test]
    fn later_sections_count_what_came_before() {
        let diff = body(&numbers(1..31), &format!("new\n{}", numbers(1..30)));
        assert_eq!(
            diff,
            "@@ -1,3 +1,4 @@\n+new\n 1\n 2\n 3\n@@ -27,4 +28,3 @@\n 27\n 28\n 29\n-30\n"
        );
    }

    #[test]
    fn empty_files_and_single_lines_are_numbered_as_git_does() {
        assert_eq!(body("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
        assert_eq!(body("a\nb\n", ""), "@@ -1,2 +0,0 @@\n-a\n-b\n");
        assert_eq!(body("a\n", "b\n"), "@@ -1 +1 @@\n-a\n+b\n");
        assert_eq!(body("", "\n"), "@@ -0,0 +1 @@\n+\n");
    }

    #[test]
    fn a_missing_last_line_break_is_marked_on_its_side() {
        let mark = "\\ No newline at end of file\n";
        assert_eq!(body("a", "a\n"), format!("@@ -1 +1 @@\n-a\n{mark}+a\n"));
        assert_eq!(body("a\n", "a"), format!("@@ -1 +1 @@\n-a\n+a\n{mark}"));
        assert_eq!(body("a", "b"), format!("@@ -1 +1 @@\n-a\n{mark}+b\n{mark}"));
        assert_eq!(body("a\nz", "b\nz"), format!("@@ -1,2 +1,2 @@\n-a\n+b\n z\n{mark}"));
        assert_eq!(body("", "a"), format!("@@ -0,0 +1 @@\n+a\n{mark}"));
    }

    #[test]
    fn only_a_line_feed_ends_a_line() {
        assert_eq!(body("a\rb\r\nc\n", "a\rB\r\nc\n"), "@@ -1,2 +1,2 @@\n-a\rb\r\n+a\rB\r\n c\n");
        assert_eq!(body("a\r\n", "a\n"), "@@ -1 +1 @@\n-a\r\n+a\n");
        assert_eq!(body("\u{feff}a\u{2028}\n", "a\n"), "@@ -1 +1 @@\n-\u{feff}a\u{2028}\n+a\n");
    }

    #[test]
    fn names_are_quoted_as_git_does() {
        assert_eq!(label('a', "x/y.yaml"), "a/x/y.yaml");
        assert_eq!(label('a', "größe-日本.yaml"), "a/größe-日本.yaml");
        assert_eq!(label('b', "x y"), "b/x y\t");
        assert_eq!(label('a', "x\ty"), r#""a/x\ty""#);
        assert_eq!(label('a', "\"ö\\\n\r z"), "\"a/\\\"ö\\\\\\n\\r z\"\t");
        assert_eq!(label('a', "\u{1b}\u{7f}\u{85}"), r#""a/\033\177\302\205""#);
    }

    #[test]
    fn colours_are_those_of_git() {
        let diff = unified("x", "x", "a\n-- b\nc\n", "a\n++ b\nc");
        let expected = "\u{1b}[1m--- a/x\u{1b}[0m\n\u{1b}[1m+++ b/x\u{1b}[0m\n\
            \u{1b}[36m@@ -1,3 +1,3 @@\u{1b}[0m\n a\n\u{1b}[31m--- b\u{1b}[0m\n\
            \u{1b}[31m-c\u{1b}[0m\n\u{1b}[32m+++ b\u{1b}[0m\n\u{1b}[32m+c\u{1b}[0m\n\
            \\ No newline at end of file\n";
        assert_eq!(coloured(&diff), expected);
        let two = format!("{}{diff}", unified("y", "y", "a", "b"));
        assert!(coloured(&two).ends_with(expected), "the next file starts with a header again");
    }

    #[test]
    fn no_control_character_of_a_text_reaches_the_terminal() {
        let diff = unified("x", "x", "", "\ta\u{1b}[2J\r\u{7f}\u{9b}\r\n\rb");
        assert!(diff.contains("+\ta\u{1b}[2J\r\u{7f}\u{9b}\r\n+\rb\n"));
        let shown = coloured(&diff);
        let last = shown.split_once("@@\u{1b}[0m\n").unwrap().1;
        let replaced = "\u{1b}[32m+\ta\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{1b}[0m\r\n\
            \u{1b}[32m+\u{fffd}b\u{1b}[0m\n\\ No newline at end of file\n";
        assert_eq!(last, replaced);
    }
}
