//! Tests of the diffs by their text; tests/diff.rs applies them.

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
    assert_eq!(diff, "@@ -1,3 +1,4 @@\n+new\n 1\n 2\n 3\n@@ -27,4 +28,3 @@\n 27\n 28\n 29\n-30\n");
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
fn names_are_quoted_where_they_must_be() {
    assert_eq!(label('a', "x/y.yaml".as_bytes()), "a/x/y.yaml");
    assert_eq!(label('a', "größe-日本.yaml".as_bytes()), "a/größe-日本.yaml");
    assert_eq!(label('b', "x y".as_bytes()), "b/x y\t");
    assert_eq!(
        label('b', " x ".as_bytes()),
        "\"b/ x \"\t",
        "git doesn't quote this one, and patch fails"
    );
    assert_eq!(label('a', "x\ty".as_bytes()), r#""a/x\ty""#);
    assert_eq!(label('a', "\"ö\\\n\r z".as_bytes()), "\"a/\\\"ö\\\\\\n\\r z\"\t");
    assert_eq!(label('a', b"caf\xe9.yaml"), r#""a/caf\351.yaml""#);
    assert_eq!(label('a', b"\xe9 \xc3"), "\"a/\\351 \\303\"\t");
    assert_eq!(label('a', "\u{1b}\u{7f}\u{85}".as_bytes()), r#""a/\033\177\302\205""#);
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
