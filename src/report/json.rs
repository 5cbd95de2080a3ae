//! The report as JSON, in the form that `docs/check.schema.json` describes.

use super::place::{Lines, Position, Region};
use super::plain::visible;
use super::{Located, Report};
use crate::finding::Severity;
use serde::Serialize;

/// Goes up when a field changes its meaning or goes away; new fields leave it as it is.
const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    tool: Tool,
    kubelet_root: Option<&'a str>,
    objects: usize,
    summary: Summary,
    findings: Vec<Finding<'a>>,
    suppressed: Vec<Suppressed<'a>>,
}

/// What every form of this program begins with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Form<T> {
    version: u32,
    tool: Tool,
    #[serde(flatten)]
    content: T,
}

/// A document of a version of its form.
pub(super) fn form(version: u32, content: impl Serialize) -> String {
    written(&Form { version, tool: Tool::this(), content })
}

/// The program that writes.
#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) const fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    severity: String,
    message: &'a str,
    help: &'a str,
    object: Option<&'a str>,
    locations: Vec<Location<'a>>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    reason: &'a str,
}

/// Bytes of a file, as lines and columns.
#[derive(Serialize)]
pub(super) struct Location<'a> {
    file: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Fix<'a> {
    #[serde(flatten)]
    location: Location<'a>,
    text: &'a str,
}

impl<'a> From<Region<'a>> for Location<'a> {
    fn from(region: Region<'a>) -> Self {
        Self { file: region.source.name(), start: region.start, end: region.end }
    }
}

/// The report as JSON that stays readable for programs from version to version.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let lines = Lines::of(report.sources);
    let count =
        |severity| report.findings.iter().filter(|found| found.severity == severity).count();
    let document = Document {
        version: VERSION,
        tool: Tool::this(),
        kubelet_root: report.root.as_deref(),
        objects: report.objects,
        summary: Summary {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            info: count(Severity::Info),
        },
        findings: report.findings.iter().map(|found| finding(&lines, found)).collect(),
        suppressed: report
            .suppressed
            .iter()
            .map(|suppressed| Suppressed {
                finding: finding(&lines, &suppressed.finding),
                reason: &suppressed.reason,
            })
            .collect(),
    };
    written(&document)
}

fn finding<'a>(lines: &Lines<'a>, found: &'a Located) -> Finding<'a> {
    let places = found.places.iter();
    let fixes = found.fixes.iter().filter_map(|(source, edit)| {
        let location = lines.region(*source, edit.span)?.into();
        Some(Fix { location, text: &edit.text })
    });
    Finding {
        rule: found.rule.id(),
        severity: found.severity.to_string(),
        message: &found.message,
        help: &found.help,
        object: Some(found.object.as_str()).filter(|object| !object.is_empty()),
        locations: places
            .filter_map(|(source, span)| lines.region(*source, *span))
            .map(Location::from)
            .collect(),
        fixes: fixes.collect(),
    }
}

/// Indented JSON with a final line break, and nothing hidden in it.
pub(super) fn written(value: &impl Serialize) -> String {
    // Only a map with keys that are no strings could fail, and there is none.
    let mut text = visible(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_without_findings_is_whole() {
        let report = Report {
            sources: &[],
            root: None,
            objects: 7,
            findings: Vec::new(),
            suppressed: Vec::new(),
        };
        let expected = format!(
            "{{\n  \"version\": 1,\n  \"tool\": {{\n    \"name\": \"csi-relocate\",\n    \
             \"version\": \"{}\"\n  }},\n  \"kubeletRoot\": null,\n  \"objects\": 7,\n  \
             \"summary\": {{\n    \"error\": 0,\n    \"warning\": 0,\n    \"info\": 0\n  }},\n  \
             \"findings\": [],\n  \"suppressed\": []\n}}\n",
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(json(&report), expected);
    }
}
