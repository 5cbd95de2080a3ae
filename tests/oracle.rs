//! Helm charts that have a setting for the kubelet's root, rendered with and without it: what
//! the program makes of the default rendering is what the chart's author renders.
//!
//! Both are compared field by field. In a container, a path may differ where it leads through the
//! container's mounts to the same file on the host. Every other difference is either listed in
//! `testdata/oracle/accepted.yaml`, with its reason, or a failure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "test code"
)]

#[path = "oracle/accepted.rs"]
mod accepted;
mod common;
#[path = "oracle/compare.rs"]
mod compare;
#[path = "oracle/view.rs"]
mod view;

use accepted::{Accepted, Reason};
use common::{TO, options, shared, snapshots, testdata};
use compare::{Difference, compare};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::relocate;
use csi_relocate::source::Source;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The variants that move the root of the Linux nodes alone.
const VARIANTS: [&str; 2] = ["default", "full"];

/// Charts that have to come out as their author renders them.
const NEEDED: usize = 78;

/// What becomes of a chart in all its variants; the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Equal,
    EqualButListed,
    HiddenDefault,
    Differs,
}

#[test]
fn charts_come_out_as_their_authors_render_them() {
    let Some(shared) = shared("oracle") else {
        return;
    };
    let list: Vec<Accepted> = serde_yaml::from_str(&testdata("oracle/accepted.yaml")).unwrap();
    let mut occurs = vec![false; list.len()];
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    let mut problems = String::new();

    for (chart, variant, differences) in renderings(&shared.join("oracle")) {
        let outcome = outcomes.entry(chart.clone()).or_insert(Outcome::Equal);
        for difference in differences {
            let entry = list.iter().position(|entry| entry.covers(&chart, &variant, &difference));
            let Some(index) = entry else {
                describe(&mut problems, &chart, &variant, &difference, "not listed");
                *outcome = Outcome::Differs;
                continue;
            };
            occurs[index] = true;
            if let Some(objection) = list[index].objection(&difference) {
                describe(&mut problems, &chart, &variant, &difference, objection);
            }
            *outcome = (*outcome).max(match list[index].reason {
                Reason::HiddenDefaultToCome => Outcome::HiddenDefault,
                _ => Outcome::EqualButListed,
            });
        }
    }
    for (entry, _) in list.iter().zip(&occurs).filter(|(_, occurs)| !**occurs) {
        let Accepted { chart, variant, document, field, .. } = entry;
        let _ = writeln!(
            problems,
            "{chart} ({variant}), {document}\n  {field}\n  is listed, but doesn't differ"
        );
    }
    assert!(
        problems.is_empty(),
        "ours is what the program makes of default.yaml, theirs is relocated.yaml\n\n{problems}"
    );
    let count = outcomes.values().filter(|outcome| **outcome <= Outcome::EqualButListed).count();
    assert!(count >= NEEDED, "only {count} charts come out as their authors render them");
    snapshots().bind(|| insta::assert_snapshot!("oracle", table(&outcomes, &list)));
}

/// Each rendered chart with the differences between the program's result and the author's.
fn renderings(oracle: &Path) -> Vec<(String, String, Vec<Difference>)> {
    let knowledge = Knowledge::builtin().unwrap();
    let mut found = Vec::new();
    let mut charts: Vec<String> = std::fs::read_dir(oracle)
        .expect("the charts")
        .map(|entry| entry.expect("a chart").file_name().into_string().expect("a name"))
        .collect();
    charts.sort();
    for chart in charts {
        for variant in VARIANTS {
            let folder = oracle.join(&chart).join(variant);
            if !folder.is_dir() {
                continue;
            }
            let read =
                |name: &str| std::fs::read_to_string(folder.join(name)).expect("a rendering");
            let source = Source::new("default.yaml", read("default.yaml"));
            let relocation = relocate(&source, &options(TO), &knowledge)
                .unwrap_or_else(|error| panic!("{chart} ({variant}): {error}"));
            let differences = compare(&relocation.output, &read("relocated.yaml"));
            found.push((chart.clone(), variant.to_owned(), differences));
        }
    }
    found
}

/// A difference in words; of long texts only the lines that differ.
fn describe(
    problems: &mut String,
    chart: &str,
    variant: &str,
    difference: &Difference,
    problem: &str,
) {
    let Difference { document, field, ours, theirs } = difference;
    let _ = writeln!(problems, "{chart} ({variant}), {document}\n  {field}: {problem}");
    let lines = |text: &Option<String>| -> Vec<String> {
        text.iter().flat_map(|text| text.lines()).map(str::to_owned).collect()
    };
    let (a, b) = (lines(ours), lines(theirs));
    for (who, mine, others) in [("ours", &a, &b), ("theirs", &b, &a)] {
        if mine.is_empty() {
            let _ = writeln!(problems, "    {who:>6}  (nothing)");
        }
        for line in mine.iter().filter(|line| !others.contains(line)) {
            let _ = writeln!(problems, "    {who:>6}  {line}");
        }
    }
}

fn table(outcomes: &BTreeMap<String, Outcome>, list: &[Accepted]) -> String {
    let mut table = format!("{:4} charts\n", outcomes.len());
    for (title, wanted) in [
        ("equal to what the author renders", Outcome::Equal),
        ("equal but for differences that are right", Outcome::EqualButListed),
        ("with a hidden default to come", Outcome::HiddenDefault),
        ("that differ", Outcome::Differs),
    ] {
        let charts: Vec<&String> = outcomes
            .iter()
            .filter(|(_, outcome)| **outcome == wanted)
            .map(|(name, _)| name)
            .collect();
        let _ = writeln!(table, "{:4} {title}", charts.len());
        for chart in charts.iter().filter(|_| wanted != Outcome::Equal) {
            let mut reasons: Vec<Reason> = list
                .iter()
                .filter(|entry| &entry.chart == *chart)
                .map(|entry| entry.reason)
                .collect();
            reasons.sort();
            reasons.dedup();
            let _ = writeln!(table, "       {chart} {reasons:?}");
        }
    }
    table
}
