//! Diffs as `git apply` and GNU `patch` take them: applied forward and back, byte by byte.
//!
//! What was seen of git 2.39 and patch 2.7.6, for files that exist before and after:
//! - Both take `@@ -0,0 +1 @@` for an empty file, and leave an emptied file in place; only
//!   `patch -E` deletes it. Both create the file when it is missing.
//! - Both read C-quoted names, with octal escapes for every byte. An unquoted name with a space at
//!   its end, as git writes it, is one that patch doesn't find.
//! - patch without `--binary` keeps `\r\n` on Linux, too; the option matters on Windows.
//! - Neither leaves another file behind, such as `.orig`, when the diff fits.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use csi_relocate::diff::{coloured, unified};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use regex::Regex;
use std::fs::{create_dir, create_dir_all, read, read_dir, remove_dir_all, write};
use std::path::Path;
use std::process::{Command, Stdio};

/// A file's name, old text and new text.
type File = (String, String, String);

const TOOLS: [&str; 2] = ["git", "patch"];

/// Each case starts four processes.
const CASES: u32 = 150;

/// The tool's run on `changes.patch` in the folder `files`, away from this machine's settings.
fn tool(name: &str, back: bool, home: &Path) -> Command {
    let mut command = Command::new(name);
    match name {
        "git" => command.args(["-c", "core.autocrlf=false", "apply", "-p1", "../changes.patch"]),
        _ => command.args(["-p1", "--binary", "--batch", "-i", "../changes.patch"]),
    };
    if back {
        command.arg("-R");
    }
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "POSIXLY_CORRECT"] {
        command.env_remove(variable);
    }
    command
        .current_dir(home.join("files"))
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", home)
        .stdin(Stdio::null());
    command
}

/// Whether git and GNU patch are there. Outside of CI their tests are skipped with one line.
fn tools(test: &str) -> bool {
    for (name, known) in [("git", "git version"), ("patch", "GNU patch")] {
        let version = Command::new(name).arg("--version").output();
        if !version.is_ok_and(|run| String::from_utf8_lossy(&run.stdout).starts_with(known)) {
            assert!(std::env::var_os("CI").is_none(), "{test}: no {known}");
            common::skip(test, &format!("no {known}"));
            return false;
        }
    }
    true
}

fn count(folder: &Path) -> usize {
    let below = |path: &Path| if path.is_dir() { count(path) } else { 1 };
    read_dir(folder).unwrap().map(|entry| below(&entry.unwrap().path())).sum()
}

/// Applies one diff of all files forward and back, and compares the files.
fn check(tool_name: &str, files: &[File]) {
    let diff: String = files.iter().map(|(name, old, new)| unified(name, name, old, new)).collect();
    if diff.is_empty() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let folder = home.join("files");
    write(home.join("changes.patch"), &diff).unwrap();
    for back in [false, true] {
        create_dir(&folder).unwrap();
        for (name, old, new) in files {
            create_dir_all(folder.join(name).parent().unwrap()).unwrap();
            write(folder.join(name), if back { new } else { old }).unwrap();
        }
        let run = tool(tool_name, back, &home).output().unwrap();
        let said = [run.stdout, run.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(run.status.success(), "{tool_name}, back {back}: {said}\n{diff}");
        for (name, old, new) in files {
            let found = read(folder.join(name)).unwrap();
            let (found, expected) =
                (String::from_utf8(found).unwrap(), if back { old } else { new });
            assert_eq!(&found, expected, "{tool_name}, back {back}, {name}: {said}\n{diff}");
        }
        assert_eq!(count(&folder), files.len(), "{tool_name}, back {back}: {said}\n{diff}");
        remove_dir_all(&folder).unwrap();
    }
}

/// A line without its end, often one that looks like a part of a diff.
fn line() -> impl Strategy<Value = String> {
    let known = [
        "",
        " ",
        "a",
        "b",
        "spec:",
        "  path: /var/lib/kubelet",
        "\tä 日本",
        "\r",
        "a\rb",
        "-- a/file-0",
        "++ b/file-0",
        "--- a/file-0",
        "+++ b/file-0",
        "@@ -1 +1 @@",
        "diff --git a/file-0 b/file-0",
        "\\ No newline at end of file",
        "Index: file-0",
        "x\u{2028}y\u{85}z\u{b}\u{c}",
        "\u{1b}[2J",
        "\u{feff}",
    ];
    prop_oneof![
        6 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        2 => "[a-e]",
        1 => "[^\n]{0,9}",
    ]
}

fn ended_line() -> impl Strategy<Value = String> {
    (line(), prop::bool::weighted(0.2))
        .prop_map(|(line, crlf)| line + if crlf { "\r\n" } else { "\n" })
}

/// The same line some times in a row: enough to find places where long texts are cut.
fn run() -> impl Strategy<Value = Vec<String>> {
    (ended_line(), prop_oneof![8 => Just(1_usize), 3 => 2..12_usize, 1 => 40..160_usize])
        .prop_map(|(line, times)| vec![line; times])
}

/// A run of lines before and after.
fn edit() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    prop_oneof![
        8 => run().prop_map(|run| (run.clone(), run)),
        1 => run().prop_map(|run| (run, Vec::new())),
        1 => run().prop_map(|run| (Vec::new(), run)),
        1 => (run(), run()),
        2 => (run(), ended_line(), any::<prop::sample::Index>()).prop_map(|(run, line, at)| {
            let mut new = run.clone();
            new[at.index(run.len())] = line;
            (run, new)
        }),
    ]
}

/// A text of these lines, perhaps with a byte order mark and without its last line break.
fn text(lines: &[String], mark: bool, open: bool) -> String {
    let mut text = lines.concat();
    if mark {
        text.insert(0, '\u{feff}');
    }
    if open && text.ends_with('\n') {
        text.pop();
    }
    text
}

fn texts() -> impl Strategy<Value = (String, String)> {
    let flags = || (prop::bool::weighted(0.1), prop::bool::weighted(0.3));
    (prop::collection::vec(edit(), 0..30), flags(), flags()).prop_map(|(edits, before, after)| {
        let (old, new): (Vec<_>, Vec<_>) = edits.into_iter().unzip();
        (text(&old.concat(), before.0, before.1), text(&new.concat(), after.0, after.1))
    })
}

/// Runs a property on so many lists of texts.
fn for_texts(cases: u32, count: usize, check: impl Fn(Vec<(String, String)>)) {
    let config = ProptestConfig {
        cases,
        max_shrink_iters: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&prop::collection::vec(texts(), count), |texts| {
        check(texts);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn both_tools_turn_old_into_new_and_back() {
    if tools("both_tools_turn_old_into_new_and_back") {
        for_texts(CASES, 8, |texts| {
            let file = |(at, (old, new))| (format!("file-{at}"), old, new);
            let files: Vec<File> = texts.into_iter().enumerate().map(file).collect();
            TOOLS.iter().for_each(|tool| check(tool, &files));
        });
    }
}

#[test]
fn both_tools_take_long_texts() {
    if !tools("both_tools_take_long_texts") {
        return;
    }
    let lines = |count| (0..count).map(|number| format!("{number}\n"));
    let old: Vec<String> = lines(12_000).collect();
    let changed = |every| -> String {
        let new = |(at, line): (usize, &String)| {
            if at % every == 0 { format!("changed {line}") } else { line.clone() }
        };
        old.iter().enumerate().map(new).collect()
    };
    let mut longer = old.clone();
    longer.splice(3_000..3_000, lines(9_000).map(|line| format!("new {line}")));
    longer.truncate(20_000);
    let mut reversed = old.clone();
    reversed.reverse();
    let new = [changed(2), changed(5), changed(500), longer.concat(), reversed.concat()];
    let file = |(at, new)| (format!("file-{at}"), old.concat(), new);
    let files: Vec<File> = new.into_iter().enumerate().map(file).collect();
    TOOLS.iter().for_each(|tool| check(tool, &files));
}

#[test]
fn the_coloured_form_is_the_plain_one_without_control_characters() {
    let shown = |c: char| if c.is_control() && c != '\t' { '\u{fffd}' } else { c };
    let style = Regex::new("\u{1b}\\[(0|1|31|32|36)m").unwrap();
    for_texts(500, 2, |texts| {
        let diff: String = texts.iter().map(|(old, new)| unified("x", "x", old, new)).collect();
        let expected: Vec<String> =
            diff.lines().map(|line| line.chars().map(shown).collect()).collect();
        let coloured = coloured(&diff);
        assert_eq!(style.replace_all(&coloured, "").lines().collect::<Vec<_>>(), expected);
        assert_eq!(
            coloured.matches("\u{1b}[1m").count(),
            2 * diff.matches("\n+++ b/x\n@@").count()
        );
    });
}

#[test]
fn both_tools_know_every_name() {
    if !tools("both_tools_know_every_name") {
        return;
    }
    let names = [
        "plain.yaml",
        "sub folder/deep er/x.yaml",
        "sub/größe-日本.yaml",
        "à\u{a0}\u{2028}.yaml",
        " two  spaces .yaml ",
        "x 2024-01-01 00:00:00 +0000",
        "1970-01-01 00:00:00",
        "say \"hello\".yaml",
        "\"",
        "back\\slash.yaml",
        "tab\there.yaml",
        "tab\tand space \"\\.yaml",
        "bell\u{7}\u{1b}[2J\u{7f}.yaml",
        "next\u{85}line.yaml",
        "return\r",
        "line\nbreak.yaml",
        "-dash",
        "a/b/c",
        "dev/null",
        "it's $HOME; *.yaml",
    ];
    for tool in TOOLS {
        let files: Vec<File> =
            names.map(|name| (name.into(), "a\nb\n".into(), "a\nB".into())).into();
        check(tool, &files);
        // An empty side has no line that could tell where the name ends.
        for (old, new) in [("", "a\n"), ("a\n", ""), ("", "a"), ("a", "")] {
            let files: Vec<File> = names.map(|name| (name.into(), old.into(), new.into())).into();
            check(tool, &files);
        }
    }
}
