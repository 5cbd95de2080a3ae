//! What shows a verdict is there, and shows it.

use crate::accepted::Accepted;
use crate::common::{TO, options, shared, testdata, try_plan};
use crate::compare::compare;
use crate::csv::rows;
use crate::{assert_none, drivers};
use csi_relocate::knowledge::driver::{Evidence, Relocatable};
use csi_relocate::knowledge::{Driver, Drivers};
use csi_relocate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// The variants that move the root of the Linux nodes alone.
const VARIANTS: [&str; 2] = ["default", "full"];

/// Folders of rendered charts by the charts' names, each with the repository that it comes from.
/// Behind the name a folder says a version (`@`) or, where charts have the same name, an owner
/// (`--`).
fn charts(oracle: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows(&oracle.join("index.csv")) {
        let folder = &row["chart"];
        let name = folder.split('@').next().unwrap().split("--").next().unwrap();
        let folders = found.entry(name.to_owned()).or_default();
        folders.insert(folder.clone(), row["repo"].clone());
    }
    found
}

/// The folders that are meant by a chart of a driver: those that come from one of its homes, if
/// any do.
fn own<'f>(driver: &Driver, folders: &'f BTreeMap<String, String>) -> Vec<&'f str> {
    let is_own = |repository: &String| driver.homes.contains(repository);
    let has_own = folders.values().any(is_own);
    let folders = folders.iter().filter(|(_, repository)| !has_own || is_own(repository));
    folders.map(|(folder, _)| folder.as_str()).collect()
}

#[test]
fn evidence_is_there() {
    let Some(shared) = shared("evidence_is_there") else { return };
    let charts = charts(&shared.join("oracle"));
    let mut problems = String::new();
    for (name, driver) in drivers(&Drivers::default()) {
        let mut seen = BTreeSet::new();
        for evidence in &driver.verdict.evidence {
            let said = evidence.words();
            let is_there = match evidence {
                Evidence::Chart(chart) => charts.contains_key(chart),
                Evidence::Manifest(project) => {
                    let parts = ["corpus", "no-knob"].into_iter();
                    parts.map(|part| shared.join(part).join(project)).any(|path| path.is_dir())
                }
                Evidence::Source(source) => source.contains(':'),
            };
            if !is_there || !seen.insert(said.clone()) {
                let _ = writeln!(problems, "{name}: {said}");
            }
        }
    }
    assert_none(&problems, "pieces of evidence that aren't there, or stand twice");
}

/// Where rewriting is all it takes, rewriting gives what the chart's author renders.
#[test]
fn rewriting_is_enough_where_it_is_said_to_be() {
    let Some(shared) = shared("rewriting_is_enough_where_it_is_said_to_be") else { return };
    let oracle = shared.join("oracle");
    let charts = charts(&oracle);
    let list: Vec<Accepted> = serde_yaml::from_str(&testdata("oracle/accepted.yaml")).unwrap();
    let mut problems = String::new();
    for (name, driver) in drivers(&Drivers::default()) {
        let is_enough = driver.verdict.relocatable == Relocatable::Rewriting;
        for evidence in driver.verdict.evidence.iter().filter(|_| is_enough) {
            let Evidence::Chart(chart) = evidence else { continue };
            let folders = charts.get(chart).map(|folders| own(driver, folders));
            for folder in folders.unwrap_or_default() {
                for problem in unlisted(&oracle, folder, &list) {
                    let _ = writeln!(problems, "{name}: {problem}");
                }
            }
        }
    }
    assert_none(&problems, "differences from what authors render where rewriting should do");
}

/// What a chart's author renders otherwise than the program, and nobody has said why; or because of
/// a hidden default, which is more than rewriting.
fn unlisted(oracle: &Path, chart: &str, list: &[Accepted]) -> Vec<String> {
    let mut found = Vec::new();
    for variant in VARIANTS {
        let folder = oracle.join(chart).join(variant);
        if !folder.is_dir() {
            continue;
        }
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a rendering");
        let source = Source::new("default.yaml", read("default.yaml"));
        let relocation = try_plan(&source, &options(TO)).unwrap();
        for difference in compare(&relocation.output, &read("relocated.yaml")) {
            let covers = |entry: &&Accepted| entry.covers(chart, variant, &difference).is_some();
            let reason = list.iter().find(covers).map(|entry| entry.reason.id());
            if reason.is_none_or(|reason| reason.starts_with("hidden")) {
                let reason = reason.unwrap_or("not listed");
                let (document, field) = (&difference.document, &difference.field);
                found.push(format!("{chart} ({variant}), {document} {field}: {reason}"));
            }
        }
    }
    found
}
