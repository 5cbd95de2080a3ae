//! The verdict agrees with what a real kubelet did, row by row.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{TO, english, root, testdata};
use csi_relocate::check::{Against, check};
use csi_relocate::finding::{Finding, Severity};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::source::Source;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// What the kubelet did with a manifest, and what has to be found in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    case: String,
    observed: Observed,
    rules: Vec<String>,
    /// What is wrong was written down by somebody, and a rewrite doesn't overrule it.
    #[serde(default)]
    declared: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Observed {
    Works,
    Stopped,
    Lost,
}

fn rows() -> Vec<Row> {
    serde_yaml::from_str(&testdata("observed.yaml")).unwrap()
}

fn findings(case: &str) -> Vec<Finding> {
    let text = testdata(&format!("observed/{case}.yaml"));
    let knowledge = Knowledge::builtin().unwrap();
    let sources = [Source::new(case, text)];
    check(&sources, &Against::Root(root(TO)), &[], &knowledge).unwrap().findings
}

#[test]
fn what_lost_data_or_stopped_is_an_error_and_what_worked_is_clean() {
    for row in rows() {
        let found = findings(&row.case);
        let ids: Vec<&str> = found.iter().map(|finding| finding.rule.id()).collect();
        if row.observed == Observed::Works {
            assert_eq!(ids, [""; 0], "{}", row.case);
            continue;
        }
        for rule in &row.rules {
            let is_error =
                |found: &Finding| found.rule.id() == rule && found.severity == Severity::Error;
            assert!(found.iter().any(is_error), "{}: {rule} isn't among {ids:?}", row.case);
        }
        // What fails silently is said to.
        let says = |words: &[&str]| {
            let texts = found.iter().map(|finding| english(&finding.message));
            texts.into_iter().any(|text| words.iter().any(|word| text.contains(word)))
        };
        if row.observed == Observed::Lost {
            assert!(says(&["is lost"]), "{}: {found:#?}", row.case);
        }
    }
}

#[test]
fn every_manifest_has_its_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/observed");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let rows = rows();
    let listed: BTreeSet<String> = rows.iter().map(|row| format!("{}.yaml", row.case)).collect();
    assert_eq!(files, listed);
    assert_eq!(rows.len(), listed.len());
    assert!(rows.iter().all(|row| row.rules.is_empty() == (row.observed == Observed::Works)));
}

#[test]
fn every_broken_one_is_clean_once_rewritten() {
    let knowledge = Knowledge::builtin().unwrap();
    let broken = rows().into_iter().filter(|row| row.observed != Observed::Works);
    for row in broken.filter(|row| !row.declared) {
        let moved = common::moved(&testdata(&format!("observed/{}.yaml", row.case)));
        let sources = [Source::new("moved.yaml", moved)];
        let verdict = check(&sources, &Against::Root(root(TO)), &[], &knowledge).unwrap();
        assert_eq!(verdict.findings, [], "{}", row.case);
    }
}
