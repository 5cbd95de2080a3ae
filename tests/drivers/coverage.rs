//! Nothing of the material is passed over: every setting, every listed driver, every project.

use crate::common::{shared, testdata};
use crate::csv::{Row, rows};
use crate::{assert_none, drivers};
use csi_relocate::knowledge::driver::Evidence;
use csi_relocate::knowledge::{ChartTable, Drivers, Listed, NotDriver};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// A setting of the material that stands nowhere, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    /// `owner/repository:path:line`.
    citation: String,
    reason: String,
}

/// `owner/repository:path:line` of a citation or a source, without its commit.
fn place(citation: &str) -> &str {
    let end = citation.find(" at ").or_else(|| citation.find(" @")).unwrap_or(citation.len());
    citation[..end].trim()
}

#[test]
fn every_setting_stands_somewhere() {
    let Some(shared) = shared("every_setting_stands_somewhere") else { return };
    let files = Drivers::default();
    let drivers = drivers(&files);
    let in_drivers: BTreeSet<&str> =
        drivers.iter().flat_map(|(_, driver)| driver.sources()).map(place).collect();
    let charts = ChartTable::builtin().unwrap();
    // A chart's row names its folder, and the values of it.
    let in_charts = |row: &Row| {
        charts.rows().iter().any(|chart| {
            let folder = format!("{}/", place(&chart.source));
            let has_key = chart.values.iter().any(|value| value.key == row["name"]);
            row["kind"] == "helm-value" && has_key && row["citation"].starts_with(&folder)
        })
    };
    let left_out: Vec<LeftOut> = serde_yaml::from_str(&testdata("knobs_left_out.yaml")).unwrap();
    let left_out: BTreeMap<&str, &str> =
        left_out.iter().map(|entry| (place(&entry.citation), entry.reason.trim())).collect();

    let mut problems = String::new();
    let mut is_stale: BTreeSet<&str> = left_out.keys().copied().collect();
    let settings = rows(&shared.join("knowledge/knobs.csv"));
    for row in &settings {
        let place = place(&row["citation"]);
        let is_there = in_drivers.contains(place) || in_charts(row);
        match left_out.get(place) {
            // One line may be cited for several settings.
            Some(reason) if !is_there => {
                is_stale.remove(place);
                assert!(!reason.is_empty(), "{place} is left out for no reason");
            }
            Some(_) => {}
            None if is_there => {}
            None => {
                let _ = writeln!(problems, "{}: {} ({place})", row["project"], row["name"]);
            }
        }
    }
    assert_none(&problems, "settings that stand nowhere");
    let stale: Vec<&str> = is_stale.into_iter().collect();
    assert!(
        stale.is_empty(),
        "testdata/knobs_left_out.yaml leaves out what stands somewhere, or isn't there: {stale:?}"
    );
}

/// A home as it's compared: the repository of GitHub, or the URL.
fn home(text: &str) -> String {
    let bare = text.trim().trim_start_matches("https://").trim_start_matches("http://");
    let path = bare.strip_prefix("github.com/").unwrap_or(bare);
    let is_github = path.len() < bare.len() || !text.contains("://");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let parts = if is_github { &parts[..parts.len().min(2)] } else { &parts[..] };
    parts.join("/").to_lowercase()
}

/// Where everything that is known comes from.
fn homes() -> BTreeSet<String> {
    let files = Drivers::default();
    let drivers = drivers(&files);
    let listed = Listed::builtin().unwrap();
    let of_drivers = drivers.iter().flat_map(|(_, driver)| &driver.homes);
    of_drivers.chain(listed.iter().map(|row| &row.home)).map(|text| home(text)).collect()
}

#[test]
fn every_listed_driver_is_known() {
    let Some(shared) = shared("every_listed_driver_is_known") else { return };
    let files = Drivers::default();
    let listed = Listed::builtin().unwrap();
    let drivers = drivers(&files);
    let names = drivers.iter().flat_map(|(_, driver)| &driver.csi_drivers);
    let names: BTreeSet<&str> =
        names.chain(listed.iter().flat_map(|row| &row.csi_drivers)).map(String::as_str).collect();
    let homes = homes();
    let mut problems = String::new();
    for row in rows(&shared.join("knowledge/official-drivers.csv")) {
        let mut own = row["csi_driver_name"].split_whitespace();
        if !own.any(|name| names.contains(name)) && !homes.contains(&home(&row["home"])) {
            let _ = writeln!(problems, "{} ({})", row["name"], row["home"]);
        }
    }
    assert_none(&problems, "listed drivers that nobody knows");
}

/// The folders of a part of the material, with the repositories that they come from.
fn projects(folder: &Path, title: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(&folder.join("index.csv")) {
        let repository = home(row["repo"].trim_start_matches("github.com/"));
        found.entry(row[title].clone()).or_default().insert(repository);
    }
    found
}

#[test]
fn every_project_is_a_driver_or_none() {
    let Some(shared) = shared("every_project_is_a_driver_or_none") else { return };
    let files = Drivers::default();
    let evidence = drivers(&files).into_iter().flat_map(|(_, driver)| &driver.verdict.evidence);
    let manifests: BTreeSet<&str> = evidence
        .filter_map(|evidence| match evidence {
            Evidence::Manifest(project) => Some(project.as_str()),
            Evidence::Chart(_) | Evidence::Source(_) => None,
        })
        .collect();
    let not_drivers = NotDriver::builtin().unwrap();
    let none: BTreeSet<&str> = not_drivers.iter().map(|row| row.project.as_str()).collect();
    assert_eq!(none.len(), not_drivers.len(), "a project stands twice in not_drivers.yaml");
    let homes = homes();
    let mut problems = String::new();
    let mut seen = BTreeSet::new();
    for (part, title) in [("corpus", "project"), ("no-knob", "chart")] {
        for (project, repositories) in projects(&shared.join(part), title) {
            let is_driver = manifests.contains(project.as_str());
            if none.contains(project.as_str()) && is_driver {
                let _ = writeln!(problems, "{project} shows a verdict, and is no driver");
            }
            let is_home = repositories.iter().any(|repository| homes.contains(repository));
            if !is_driver && !is_home && !none.contains(project.as_str()) {
                let from: Vec<&str> = repositories.iter().map(String::as_str).collect();
                let _ = writeln!(problems, "{part}/{project} ({})", from.join(", "));
            }
            seen.insert(project);
        }
    }
    for project in none.into_iter().filter(|project| !seen.contains(*project)) {
        let _ = writeln!(problems, "{project} is no driver, and isn't there");
    }
    assert_none(&problems, "projects that are neither driver nor none");
}

#[test]
fn homes_are_compared_as_repositories() {
    for (text, expected) in [
        ("https://github.com/A/B/tree/master/x", "a/b"),
        ("a/b", "a/b"),
        ("https://x.example/Y/z/q", "x.example/y/z/q"),
    ] {
        assert_eq!(home(text), expected);
    }
    assert_eq!(place("a/b:c:1 @v1 0f"), "a/b:c:1");
    assert_eq!(place("a/b:c:1 at 0f"), "a/b:c:1");
}
