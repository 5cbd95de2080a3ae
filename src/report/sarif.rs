//! The report as SARIF 2.1.0, which code scanning services and editors read.

use super::fingerprint::Fingerprints;
use super::json::written;
use super::place::{Lines, Region};
use super::plain::literal;
use super::uri::{self, BASE};
use super::{Located, Report};
use crate::finding::{Rule, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The name of our fingerprint; another way to make it needs another number.
const FINGERPRINT: &str = "csiRelocate/v1";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    original_uri_base_ids: BTreeMap<&'static str, Base>,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text,
}

#[derive(Serialize)]
struct Base {
    description: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression>>,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    justification: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Extent>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extent {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Text,
    artifact_changes: Vec<Change>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Extent,
    inserted_content: Text,
}

/// The report as a SARIF log with one run; `describe` says what a rule is about.
#[must_use]
pub fn sarif(report: &Report<'_>, describe: &dyn Fn(Rule) -> String) -> String {
    let rules = Rule::ALL.into_iter().map(|rule| Descriptor {
        id: rule.id(),
        short_description: Text { text: literal(&describe(rule)) },
    });
    let base = "The folder that the program ran in.".to_owned();
    let lines = Lines::of(report.sources);
    let mut prints = Fingerprints::default();
    // By the standard, either all results say whether they are suppressed or none does.
    let none = (!report.suppressed.is_empty()).then_some(None);
    let findings = report.findings.iter().map(|finding| (finding, none));
    let suppressed = report
        .suppressed
        .iter()
        .map(|suppressed| (&suppressed.finding, Some(Some(suppressed.reason.as_str()))));
    let results = findings.chain(suppressed).map(|(finding, reason)| {
        let suppressions = reason.map(|reason| reason.map(suppression).into_iter().collect());
        Outcome { suppressions, ..outcome(report, &lines, &mut prints, finding) }
    });
    written(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    rules: rules.collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: [(BASE, Base { description: Text { text: base } })].into(),
            results: results.collect(),
        }],
    })
}

fn outcome(
    report: &Report<'_>,
    lines: &Lines<'_>,
    prints: &mut Fingerprints,
    finding: &Located,
) -> Outcome {
    let regions: Vec<Region<'_>> =
        finding.places.iter().filter_map(|(source, span)| lines.region(*source, *span)).collect();
    let mut locations = regions.iter().map(|region| Location {
        physical_location: Physical {
            artifact_location: artifact(region.source.name()),
            region: Some(extent(region)),
        },
        logical_locations: Vec::new(),
    });
    // Code scanning refuses a whole log when one result stands nowhere.
    let main = locations.next().or_else(|| {
        let artifact_location = artifact(report.sources.first()?.name());
        let physical_location = Physical { artifact_location, region: None };
        Some(Location { physical_location, logical_locations: Vec::new() })
    });
    let related_locations = locations.collect();
    let main = main.map(|main| Location { logical_locations: logical(&finding.object), ..main });
    let file = main.as_ref().map_or("", |main| &main.physical_location.artifact_location.uri);
    let text = regions.first().map_or("", Region::text);
    let print = prints.next(finding.rule.id(), file, &finding.object, text);
    let between = if finding.help.is_empty() { "" } else { "\n" };
    Outcome {
        rule_id: finding.rule.id(),
        rule_index: Rule::ALL.iter().position(|rule| *rule == finding.rule).unwrap_or_default(),
        level: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        },
        message: Text { text: literal(&format!("{}{between}{}", finding.message, finding.help)) },
        locations: main.into_iter().collect(),
        related_locations,
        partial_fingerprints: [(FINGERPRINT, print)].into(),
        fixes: fix(lines, finding).into_iter().collect(),
        suppressions: None,
    }
}

fn suppression(reason: &str) -> Suppression {
    Suppression { kind: "inSource", justification: literal(reason) }
}

/// All edits of a finding are one fix, by file.
fn fix(lines: &Lines<'_>, finding: &Located) -> Option<Fix> {
    let mut changes: BTreeMap<usize, Change> = BTreeMap::new();
    for (source, edit) in &finding.fixes {
        let Some(region) = lines.region(*source, edit.span) else { continue };
        let change = changes.entry(*source).or_insert_with(|| Change {
            artifact_location: artifact(region.source.name()),
            replacements: Vec::new(),
        });
        change.replacements.push(Replacement {
            deleted_region: extent(&region),
            inserted_content: Text { text: edit.text.clone() },
        });
    }
    let artifact_changes: Vec<Change> = changes.into_values().collect();
    let description = Text { text: literal(&finding.help) };
    (!artifact_changes.is_empty()).then_some(Fix { description, artifact_changes })
}

fn artifact(name: &str) -> Artifact {
    let address = uri::address(name);
    Artifact { uri: address.uri, uri_base_id: address.base }
}

fn logical(object: &str) -> Vec<Logical> {
    let name = Some(object).filter(|object| !object.is_empty());
    let logical = |name: &str| Logical { fully_qualified_name: name.to_owned(), kind: "resource" };
    name.map(logical).into_iter().collect()
}

fn extent(region: &Region<'_>) -> Extent {
    Extent {
        start_line: region.start.line,
        start_column: region.start.column,
        end_line: region.end.line,
        end_column: region.end.column,
        byte_offset: region.start.offset,
        byte_length: region.end.offset.saturating_sub(region.start.offset),
    }
}
