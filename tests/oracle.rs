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
use common::{TO, options, shared, snapshots, testdata, try_plan};
use compare::{Difference, compare};
use csi_relocate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The variants that move the root of the Linux nodes alone.
const VARIANTS: [&str; 2] = ["default", "full"];

/// Charts that have to come out as their author renders them.
const NEEDED: usize = 83;

/// What becomes of a chart in all its variants; the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Equal,
    EqualButListed,
    Differs,
}

impl Outcome {
    fn of(reason: Reason) -> Self {
        match reason {
            Reason::AuthorBugFixed
            | Reason::DevicePluginsKept
            | Reason::SentinelKept
            | Reason::RandomValue
            | Reason::HiddenDefaultWritten
            | Reason::UnknownFlagLeftOut => Self::EqualButListed,
        }
    }
}

#[test]
fn charts_come_out_as_their_authors_render_them() {
    let Some(shared) = shared("oracle") else {
        return;
    };
    let list: Vec<Accepted> = serde_yaml::from_str(&testdata("oracle/accepted.yaml")).unwrap();
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    let mut occurred: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    let mut problems = String::new();

    for (chart, variant, differences) in renderings(&shared.join("oracle")) {
        let outcome = outcomes.entry(chart.clone()).or_insert(Outcome::Equal);
        for difference in differences {
            let mut entries = list.iter().enumerate();
            let covering = entries.find_map(|(index, entry)| {
                Some((index, entry, entry.covers(&chart, variant, &difference)?))
            });
            let (becomes, problem) = match covering {
                Some((index, entry, field)) => {
                    occurred.insert((index, variant, field));
                    (Outcome::of(entry.reason), entry.objection(&difference))
                }
                None => (Outcome::Differs, Some("not listed")),
            };
            if let Some(problem) = problem {
                describe(&mut problems, &chart, variant, &difference, problem);
            }
            *outcome = (*outcome).max(becomes);
        }
    }
    for (index, entry) in list.iter().enumerate() {
        for (variant, field) in entry.spots() {
            if !occurred.contains(&(index, variant, field)) {
                let Accepted { chart, document, .. } = entry;
                let _ =
                    writeln!(problems, "{chart} ({variant}), {document}\n  {field}: no difference");
            }
        }
        assert!(!entry.why.is_empty(), "{}: an entry without a why", entry.chart);
    }
    assert!(
        problems.is_empty(),
        "ours is what the program makes of default.yaml, theirs is relocated.yaml; what is right \
         goes into testdata/oracle/accepted.yaml\n\n{problems}"
    );
    let right = outcomes.values().filter(|outcome| **outcome <= Outcome::EqualButListed).count();
    assert!(right >= NEEDED, "only {right} charts come out as their authors render them");
    snapshots().bind(|| insta::assert_snapshot!("oracle", table(&outcomes, &list)));
}

/// Each rendered chart with the differences between the program's result and the author's.
fn renderings(oracle: &Path) -> Vec<(String, &'static str, Vec<Difference>)> {
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
            let relocation = try_plan(&source, &options(TO))
                .unwrap_or_else(|error| panic!("{chart} ({variant}): {error}"));
            let differences = compare(&relocation.output, &read("relocated.yaml"));
            found.push((chart.clone(), variant, differences));
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

/// How many charts come out how, and the reasons where they aren't simply equal.
fn table(outcomes: &BTreeMap<String, Outcome>, list: &[Accepted]) -> String {
    let mut table = format!("{:4} charts\n", outcomes.len());
    for (title, wanted) in [
        ("equal to what the author renders", Outcome::Equal),
        ("equal but for differences that are right", Outcome::EqualButListed),
        ("that differ", Outcome::Differs),
    ] {
        let charts = outcomes.iter().filter(|(_, outcome)| **outcome == wanted);
        let charts: Vec<&String> = charts.map(|(chart, _)| chart).collect();
        let _ = writeln!(table, "{:4} {title}", charts.len());
        for chart in charts.iter().filter(|_| wanted != Outcome::Equal) {
            let entries = list.iter().filter(|entry| entry.chart == **chart);
            let reasons: BTreeSet<&str> = entries.map(|entry| entry.reason.id()).collect();
            let reasons: Vec<&str> = reasons.into_iter().collect();
            let _ = writeln!(table, "       {chart}: {}", reasons.join(", "));
        }
    }
    table
}
