//! The README shows what the program really prints.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod common;

use common::{moved, run, testdata};

#[test]
fn the_run_in_the_readme_is_a_real_one() {
    let readme = include_str!("../README.md");
    let file = "testdata/csi-example-node.yaml";
    let output = run(&["--kubelet-root", "/data/kubelet", "--verbose", file], b"");
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(talk.lines().count() > 5);
    assert!(
        readme.contains(&format!(" > moved.yaml\n{talk}$ diff ")),
        "the README's run should read:\n{talk}"
    );
}

#[test]
fn the_difference_in_the_readme_is_the_real_one() {
    let readme = include_str!("../README.md");
    let old = testdata("csi-example-node.yaml");
    let new = moved(&old);
    let mut expected = String::new();
    for (index, (old, new)) in old.lines().zip(new.lines()).enumerate() {
        if old != new {
            let line = index + 1;
            expected.push_str(&format!("{line}c{line}\n< {old}\n---\n> {new}\n"));
        }
    }
    assert!(expected.lines().count() >= 20);
    assert!(
        readme.contains(&format!("moved.yaml\n{expected}```")),
        "the README's diff should read:\n{expected}"
    );
}

#[test]
fn the_summary_in_the_readme_is_the_real_one() {
    let readme = include_str!("../README.md");
    let output =
        run(&["--kubelet-root", "/data/kubelet"], testdata("csi-example-node.yaml").as_bytes());
    let summary = String::from_utf8(output.stderr).unwrap();
    assert!(readme.contains(&format!("`{}`", summary.trim_end())), "{summary}");
}
