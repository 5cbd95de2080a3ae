//! What is written where nothing was, and what is said about drivers: every case in the manifests
//! at hand, so that no insertion happens outside its driver unseen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use common::{TO, manifests, options, shared, snapshots, try_plan};
use csi_relocate::decide::Added;
use csi_relocate::finding::{Finding, Rule};
use csi_relocate::relocate::Relocation;
use csi_relocate::source::Source;
use csi_relocate::words::{Catalogue, Language};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Each distinct line with the files it comes from.
type Lines = BTreeMap<String, Vec<String>>;

#[test]
fn every_setting_is_written_into_its_own_driver() {
    let Some((settings, findings)) = collected("every_setting_is_written_into_its_own_driver")
    else {
        return;
    };
    assert!(settings.len() > 20, "only {} different settings", settings.len());
    assert!(findings.len() > 20, "only {} different findings", findings.len());
    snapshots().bind(|| {
        insta::assert_snapshot!("insertions", listed(&settings));
        insta::assert_snapshot!("insertions_findings", listed(&findings));
    });
}

fn collected(test: &str) -> Option<(Lines, Lines)> {
    let shared = shared(test)?;
    let words = Catalogue::of(Language::English);
    let (mut settings, mut findings) = (Lines::new(), Lines::new());
    for folder in ["corpus", "no-knob", "oracle"] {
        for path in manifests(&shared.join(folder)) {
            let name = path.strip_prefix(&shared).unwrap().display().to_string();
            if name.ends_with("relocated.yaml") {
                continue;
            }
            let source = Source::new(name.clone(), std::fs::read_to_string(&path).unwrap());
            let relocation = try_plan(&source, &options(TO)).unwrap();
            for insertion in &relocation.analysis.insertions {
                let Added::Setting { driver, line, .. } = &insertion.what else { continue };
                let at = (insertion.doc, insertion.object);
                let line = format!(
                    "{driver}: {} <- {line}",
                    where_it_is(&relocation, at, insertion.container)
                );
                settings.entry(line).or_default().push(name.clone());
            }
            for finding in relocation.analysis.findings.iter().filter(|it| is_about_drivers(it)) {
                let message = words.say(&finding.message);
                let line = format!("{} {}: {message}", finding.severity, finding.rule.id());
                findings.entry(line).or_default().push(name.clone());
            }
        }
    }
    Some((settings, findings))
}

fn is_about_drivers(finding: &Finding) -> bool {
    [Rule::HiddenDefault, Rule::BuiltInRoot, Rule::OperatorSetting].contains(&finding.rule)
}

fn where_it_is(
    relocation: &Relocation,
    (doc, object): (usize, usize),
    container: Option<(usize, usize)>,
) -> String {
    let object = &relocation.analysis.objects[doc][object];
    let container = container.map(|(pod, number)| {
        let container = &object.pods[pod].containers[number];
        format!(" {} ({})", container.name, container.image)
    });
    format!("{}{}", object.name, container.unwrap_or_default())
}

fn listed(lines: &Lines) -> String {
    let mut text = String::new();
    for (line, files) in lines {
        writeln!(text, "{line}").unwrap();
        for file in files {
            writeln!(text, "    {file}").unwrap();
        }
    }
    text
}
