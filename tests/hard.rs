//! Files that are no plain manifests: templates, broken YAML, values, configuration. What becomes
//! of each is data, in `testdata/hard.yaml`, with the reason in plain words.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{TO, options, plan, run, shared, testdata};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// What has to become of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    file: String,
    outcome: Outcome,
    /// The line that is named, of a refused file.
    line: Option<usize>,
    /// A part of what is said.
    says: Option<String>,
    /// How many edits a rewritten file has.
    edits: Option<usize>,
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Refused,
    Unchanged,
    Rewritten,
}

impl Expected {
    /// Whether the entry has what its outcome asks for, and nothing else.
    fn is_complete(&self) -> bool {
        let refused = self.outcome == Outcome::Refused;
        let rewritten = self.outcome == Outcome::Rewritten;
        self.line.is_some() == refused
            && self.edits.is_some() == rewritten
            && (self.says.is_some() || !refused)
            && self.reason.len() > 20
    }

    /// In what a run differs from this; empty when in nothing.
    fn unlike(&self, input: &[u8]) -> String {
        let output = run(&["--kubelet-root", TO], input);
        let (code, talk) = (output.status.code(), String::from_utf8_lossy(&output.stderr));
        let ended = output.status;
        let mut problems = String::new();
        let mut expect = |holds: bool, what: &str| {
            if !holds {
                let _ = writeln!(problems, "{}: {what} ({ended})\n{talk}", self.file);
            }
        };
        match self.outcome {
            Outcome::Refused => {
                expect(code == Some(2), "the exit code isn't 2");
                expect(output.stdout.is_empty(), "something was written");
                let place = format!("<stdin>:{}:", self.line.unwrap_or_default());
                expect(talk.contains(&place), &format!("{place} isn't named"));
            }
            Outcome::Unchanged => {
                expect(code == Some(0), "the exit code isn't 0");
                expect(output.stdout == input, "bytes changed");
            }
            Outcome::Rewritten => {
                expect(code == Some(0), "the exit code isn't 0");
                let text = std::str::from_utf8(input).unwrap();
                let relocation = plan(text, &options(TO));
                expect(output.stdout == relocation.output.as_bytes(), "the library differs");
                let edits = relocation.edits.len();
                expect(Some(edits) == self.edits, &format!("{edits} edits"));
            }
        }
        if let Some(says) = &self.says {
            expect(talk.contains(says), &format!("{says:?} isn't said"));
        }
        problems
    }
}

fn listed() -> Vec<Expected> {
    let list: Vec<Expected> = serde_yaml::from_str(&testdata("hard.yaml")).unwrap();
    for entry in &list {
        assert!(entry.is_complete(), "{entry:?}");
    }
    list
}

/// Every file below a folder, by its path there.
fn files(folder: &Path, prefix: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&entry.path(), &format!("{name}/")));
        } else {
            found.insert(name);
        }
    }
    found
}

#[test]
fn every_file_has_its_outcome() {
    let list = listed();
    let Some(shared) = shared("every_file_has_its_outcome") else { return };
    let folder = shared.join("hard");
    let names: BTreeSet<String> = list.iter().map(|entry| entry.file.clone()).collect();
    assert_eq!(names.len(), list.len(), "a file is listed twice");
    assert_eq!(names, files(&folder, ""));
    let problems: String = list
        .iter()
        .map(|entry| entry.unlike(&std::fs::read(folder.join(&entry.file)).unwrap()))
        .collect();
    assert!(problems.is_empty(), "{problems}");
}
