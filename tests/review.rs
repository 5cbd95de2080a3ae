//! Findings on real manifests, looked at again by hand: what is said there holds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::testdata;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many files of each rule are reviewed at least, if it has as many.
const ENOUGH: usize = 5;

/// One finding, and what a person thinks of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    /// Path and line, as in the snapshot.
    file: String,
    when: When,
    verdict: Opinion,
    reason: String,
    source: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
enum When {
    #[serde(rename = "as published")]
    Published,
    #[serde(rename = "moved")]
    Moved,
}

/// `true` and `false` are YAML's own words, so they come as such.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Opinion {
    Holds(bool),
    Word(String),
}

fn entries() -> Vec<Entry> {
    serde_yaml::from_str(&testdata("verdict_review.yaml")).unwrap()
}

/// Every finding of the snapshot by rule: when, and the file with its line.
fn findings() -> BTreeMap<String, BTreeSet<(When, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/verdict_on_corpus.snap");
    let text = std::fs::read_to_string(path).unwrap();
    let mut found: BTreeMap<String, BTreeSet<(When, String)>> = BTreeMap::new();
    let mut rule = None;
    for line in text.split("---\n").last().unwrap().lines() {
        if let Some(place) = line.strip_prefix("  ") {
            let (file, _severity) = place.rsplit_once(" (").unwrap();
            let (rule, when) = rule.clone().expect("a heading before its findings");
            found.entry(rule).or_default().insert((when, file.to_owned()));
        } else {
            let (heading, _count) = line.rsplit_once(": ").unwrap();
            let (name, when) = heading.split_once(' ').unwrap();
            let when = match when {
                "as published" => When::Published,
                "moved" => When::Moved,
                other => panic!("{other}: when is that?"),
            };
            rule = Some((name.to_owned(), when));
        }
    }
    assert!(!found.is_empty());
    found
}

/// The file of a place, without its line.
fn without_line(place: &str) -> &str {
    place.rsplit_once(':').unwrap().0
}

#[test]
fn every_rule_with_findings_is_reviewed() {
    let entries = entries();
    for (rule, places) in findings() {
        let there: BTreeSet<&str> = places.iter().map(|(_, place)| without_line(place)).collect();
        let of_rule = entries.iter().filter(|entry| entry.rule == rule);
        let reviewed: BTreeSet<&str> = of_rule.map(|entry| without_line(&entry.file)).collect();
        let wanted = there.len().min(ENOUGH);
        assert!(reviewed.len() >= wanted, "{rule}: {} of {wanted} files", reviewed.len());
    }
}

#[test]
fn no_review_outlives_its_finding() {
    let findings = findings();
    let mut seen = BTreeSet::new();
    for entry in entries() {
        let place = (entry.when, entry.file.clone());
        let there = findings.get(&entry.rule).is_some_and(|places| places.contains(&place));
        assert!(there, "{} {:?}: {} isn't found any more", entry.rule, entry.when, entry.file);
        assert!(seen.insert((entry.rule.clone(), place)), "{}: {} twice", entry.rule, entry.file);
    }
}

#[test]
fn every_review_says_why() {
    for entry in entries() {
        assert!(entry.reason.trim().len() > 20, "{}: {}", entry.file, entry.reason);
        assert!(!entry.source.trim().is_empty(), "{}: no source", entry.file);
        let is_known = match &entry.verdict {
            Opinion::Holds(_) => true,
            Opinion::Word(word) => word == "old",
        };
        assert!(is_known, "{}: {:?}", entry.file, entry.verdict);
    }
}

#[test]
fn nothing_is_found_that_isnt_so() {
    let entries = entries();
    let wrong = entries.iter().filter(|entry| entry.verdict == Opinion::Holds(false));
    let wrong: Vec<String> =
        wrong.map(|entry| format!("{} {}: {}", entry.rule, entry.file, entry.reason)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
