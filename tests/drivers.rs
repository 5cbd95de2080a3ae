//! Drivers and distributions: the files agree with each other, with their schema and with the
//! material that they were made from; `docs/drivers.md` and `docs/distributions.md` are fresh.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

#[allow(dead_code, reason = "tests/oracle.rs uses the rest")]
#[path = "oracle/accepted.rs"]
mod accepted;
mod common;
#[path = "oracle/compare.rs"]
mod compare;
#[path = "drivers/coverage.rs"]
mod coverage;
#[path = "drivers/csv.rs"]
mod csv;
#[path = "drivers/evidence.rs"]
mod evidence;
#[path = "drivers/pages.rs"]
mod pages;
#[path = "report/schema.rs"]
mod schema;
#[path = "oracle/view.rs"]
mod view;

use common::fresh::is_fresh;
use csi_relocate::knowledge::document::{self, Tables};
use csi_relocate::knowledge::driver::{HardCoded, Harm, Hidden, Relocatable, Remedy, Whose};
use csi_relocate::knowledge::{
    ChartTable, Distribution, Distributions, Driver, Drivers, Listed, NotDriver,
};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// All drivers with the names of their files.
fn drivers(files: &Drivers) -> Vec<(&'static str, &Driver)> {
    let all = files.all().unwrap().into_iter();
    all.map(|(id, driver)| (files.name(id), driver)).collect()
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Fails with all that was found, not with the first of it.
fn assert_none(problems: &str, what: &str) {
    let count = problems.lines().count();
    assert!(problems.is_empty(), "{count} {what}:\n{problems}");
}

#[test]
fn every_file_follows_the_schema() {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let schema: Value =
        serde_json::from_str(&read(&repository("docs/driver.schema.json"))).unwrap();
    let mut problems = String::new();
    for path in common::manifests(&repository("src/knowledge/drivers")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.chars().all(is_kebab), "{name} isn't in kebab-case");
        let driver: Value = serde_yaml::from_str(&read(&path)).unwrap();
        for problem in schema::problems(&schema, &driver) {
            let _ = writeln!(problems, "{name}{problem}");
        }
    }
    assert_none(&problems, "differences from docs/driver.schema.json");
}

#[test]
fn the_schema_refuses_what_the_types_refuse() {
    let text = std::fs::read_to_string(repository("src/knowledge/drivers/ceph-csi.yaml")).unwrap();
    let schema = std::fs::read_to_string(repository("docs/driver.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for (from, to) in [
        ("title: ", "name: "),
        ("relocatable: setting", "relocatable: maybe"),
        ("space: host", "space: node"),
        ("- flag: pluginpath", "- flag: pluginpath\n        env: PLUGIN_PATH"),
        ("- flag: pluginpath", "- aliases: [pluginpath]"),
        ("chart: ceph-csi-rbd", "charts: ceph-csi-rbd"),
    ] {
        let spoiled: Value = serde_yaml::from_str(&text.replacen(from, to, 1)).unwrap();
        assert_ne!(schema::problems(&schema, &spoiled), [""; 0], "{to}");
    }
}

/// The files that the page on adding a driver shows, by what a block begins with.
fn examples(beginning: &str) -> Vec<String> {
    let page = std::fs::read_to_string(repository("docs/adding-a-driver.md")).unwrap();
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks = blocks.filter(|block| block.starts_with(beginning)).map(str::to_owned);
    let examples: Vec<String> = blocks.collect();
    assert!(!examples.is_empty(), "docs/adding-a-driver.md has no {beginning}");
    examples
}

#[test]
fn the_example_is_a_file_with_every_field() {
    let schema = std::fs::read_to_string(repository("docs/driver.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let examples = examples("title:");
    for example in &examples {
        let document: Value = serde_yaml::from_str(example).unwrap();
        assert_eq!(schema::problems(&schema, &document), [""; 0]);
        // The program reads the same as JSON.
        serde_json::from_value::<Driver>(document).unwrap();
    }
    let all = examples.concat();
    let parts = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for name in parts.filter_map(|part| part["properties"].as_object()).flat_map(|it| it.keys()) {
        assert!(all.contains(&format!("{name}:")), "the example has no {name}");
    }
}

#[test]
fn the_example_of_a_distribution_is_one() {
    for example in examples("- name:") {
        serde_yaml::from_str::<Vec<Distribution>>(&example).unwrap();
    }
}

/// What a file knows, and what it says in one word, fit together.
#[test]
fn verdicts_agree_with_the_facts() {
    let mut problems = String::new();
    for (name, driver) in drivers(&Drivers::default()) {
        let answer = driver.verdict.relocatable;
        let said = answer.word();
        let mut hidden = driver.containers.iter().flat_map(|row| &row.hidden);
        // A default of the container's own lies below a mount in few manifests, and is written in
        // those.
        let is_needed = |row: &Hidden| row.action == Remedy::Insert && row.space == Whose::Host;
        let needs_setting = hidden.any(is_needed)
            || driver.objects.iter().any(|row| row.action == Remedy::Insert)
            || driver.operators.iter().any(|row| !row.set_in.is_empty());
        if needs_setting && !matches!(answer, Relocatable::Setting | Relocatable::No) {
            let _ = writeln!(problems, "{name}: something has to be set, and it says {said}");
        }
        let mut hard = driver.containers.iter().flat_map(|row| &row.hard_coded);
        let is_final = |row: &HardCoded| row.harm == Harm::Error && row.until.is_none();
        if hard.any(is_final) && answer != Relocatable::No {
            let _ = writeln!(problems, "{name}: it can't work elsewhere, and it says {said}");
        }
    }
    assert_none(&problems, "verdicts that don't fit the facts");
}

#[test]
fn charts_are_in_the_table_of_charts() {
    let table = ChartTable::builtin().unwrap();
    let known: BTreeSet<&str> = table.rows().iter().map(|row| row.chart.as_str()).collect();
    let mut problems = String::new();
    for (name, driver) in drivers(&Drivers::default()) {
        for chart in driver.charts.iter().filter(|chart| !known.contains(chart.as_str())) {
            let _ = writeln!(problems, "{name}: {chart}");
        }
    }
    assert_none(&problems, "charts that src/knowledge/helm.yaml doesn't know");
}

/// The documents by their names, as they have to be.
fn documents() -> [(&'static str, String); 2] {
    let files = Drivers::default();
    let charts = ChartTable::builtin().unwrap();
    let tables = Tables {
        drivers: &drivers(&files),
        charts: charts.rows(),
        listed: &Listed::builtin().unwrap(),
        not_drivers: &NotDriver::builtin().unwrap(),
    };
    let distributions = Distributions::builtin().unwrap();
    [
        ("docs/drivers.md", document::drivers(&tables)),
        ("docs/distributions.md", document::distributions(distributions.rows())),
    ]
}

#[test]
fn the_documents_are_fresh() {
    for (name, fresh) in documents() {
        is_fresh(name, &fresh, "drivers");
    }
}

#[test]
fn links_and_tables_in_the_documents_are_whole() {
    for (name, text) in documents() {
        let headings: BTreeSet<&str> =
            text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
        for link in text.split("](#").skip(1) {
            let anchor = link.split(')').next().unwrap();
            assert!(headings.contains(anchor), "{name}: {anchor}");
        }
        // Every row of a table has as many cells as its head.
        let mut cells = None;
        for line in text.lines() {
            let own = line.starts_with('|').then(|| line.replace("\\|", "").matches('|').count());
            assert!(cells.is_none() || own.is_none() || cells == own, "{name}: {line}");
            cells = own;
        }
    }
}
