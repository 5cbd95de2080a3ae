//! The READMEs, and the run in `docs/usage.md`, show what the program does and what tests have
//! found.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "readme/figures.rs"]
mod figures;
#[path = "readme/picture.rs"]
mod picture;
#[path = "readme/sed.rs"]
mod sed;
#[path = "readme/translation.rs"]
mod translation;

use common::{moved, run, testdata};
use std::path::{Path, PathBuf};

/// Lines of a README at most: who opens it has a problem.
const LINES: usize = 150;

/// The language of a README.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lang {
    English,
    Chinese,
}

impl Lang {
    const ALL: [Self; 2] = [Self::English, Self::Chinese];

    fn readme(self) -> &'static str {
        match self {
            Self::English => "README.md",
            Self::Chinese => "README.zh.md",
        }
    }

    fn picture(self) -> &'static str {
        match self {
            Self::English => "docs/images/run.svg",
            Self::Chinese => "docs/images/run.zh.svg",
        }
    }

    /// What has the program speak it.
    fn option(self) -> &'static str {
        match self {
            Self::English => "",
            Self::Chinese => " --lang zh",
        }
    }
}

/// A README, and where it is.
fn readme(lang: Lang) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(lang.readme());
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

#[test]
fn the_readmes_are_short() {
    for lang in Lang::ALL {
        let lines = readme(lang).1.lines().count();
        assert!(lines < LINES, "{}: {lines} lines", lang.readme());
    }
}

#[test]
fn the_table_about_sed_is_true_in_both_languages() {
    for lang in Lang::ALL {
        sed::says_what_was_seen(lang.readme(), &readme(lang).1);
    }
}

#[test]
fn the_run_in_the_page_is_a_real_one() {
    let page = include_str!("../docs/usage.md");
    let file = "testdata/csi-example-node.yaml";
    let output = run(&["--kubelet-root", "/data/kubelet", "--verbose", file], b"");
    let talk = String::from_utf8(output.stderr).unwrap();
    assert!(talk.lines().count() > 5);
    assert!(
        page.contains(&format!(" > moved.yaml\n{talk}$ diff ")),
        "the run in docs/usage.md should read:\n{talk}"
    );
}

#[test]
fn the_difference_in_the_page_is_the_real_one() {
    let page = include_str!("../docs/usage.md");
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
        page.contains(&format!("moved.yaml\n{expected}```")),
        "the diff in docs/usage.md should read:\n{expected}"
    );
}

#[test]
fn the_summary_in_the_page_is_the_real_one() {
    let page = include_str!("../docs/usage.md");
    let output =
        run(&["--kubelet-root", "/data/kubelet"], testdata("csi-example-node.yaml").as_bytes());
    let summary = String::from_utf8(output.stderr).unwrap();
    assert!(page.contains(&format!("`{}`", summary.trim_end())), "{summary}");
}
