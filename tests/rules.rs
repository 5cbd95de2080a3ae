//! The rules: a clean manifest is clean, one change of it brings about one rule, and the pages say
//! what the commands do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[path = "rules/nearly.rs"]
mod nearly;
#[path = "rules/otherwise.rs"]
mod otherwise;
#[path = "rules/several.rs"]
mod several;

use common::fresh::is_fresh;
use common::{TO, manifests, options, root, snapshots, testdata, try_plan};
use csi_relocate::Options;
use csi_relocate::check::{Against, Verdict, check};
use csi_relocate::diff::unified;
use csi_relocate::finding::{Rule, Severity};
use csi_relocate::knowledge::pages::{Speaker, markdown};
use csi_relocate::knowledge::{Knowledge, Pages};
use csi_relocate::source::Source;
use csi_relocate::words::{Catalogue, Language};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Runs that stand in no file of their own: the name, the file, and the root it is moved to.
const LONG: [(&str, &str, &str); 2] = [
    ("socket-path-too-long.driver", "socket-path-too-long", "/data/kubelet-of-this-node"),
    (
        "socket-path-too-long.root",
        "clean",
        "/mnt/disks/by-id/nvme-0123456789abcdef0123456789abcdef/kubernetes/kubelet",
    ),
];

/// A manifest with a change that brings about a rule.
struct Change {
    name: String,
    rule: String,
    source: Source,
    root: String,
    /// What the change is.
    diff: String,
}

fn changes() -> Vec<Change> {
    let in_files = folder().into_iter().map(|path| {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (stem.clone(), stem, TO)
    });
    let in_files = in_files.filter(|(name, ..)| name != "clean" && name != LONG[0].1);
    let long = LONG.map(|(name, file, to)| (name.to_owned(), file.to_owned(), to));
    let clean = testdata("rules/clean.yaml");
    in_files
        .chain(long)
        .map(|(name, file, to)| {
            let text = testdata(&format!("rules/{file}.yaml")).replace(TO, to);
            let diff = unified("clean.yaml", format!("{file}.yaml"), &clean, &text);
            let rule = name.split('.').next().unwrap().to_owned();
            Change {
                rule,
                source: Source::new(format!("{file}.yaml"), text),
                root: to.to_owned(),
                diff,
                name,
            }
        })
        .collect()
}

fn folder() -> Vec<PathBuf> {
    manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules"))
}

fn verdict(source: &Source, against: &Against) -> Verdict {
    let knowledge = Knowledge::builtin().unwrap();
    check(std::slice::from_ref(source), against, &[], &knowledge).unwrap()
}

fn against(to: &str) -> Against {
    Against::Root(root(to))
}

/// Everything about the findings, as a person would want to see it.
fn story(source: &Source, verdict: &Verdict) -> String {
    let sources = std::slice::from_ref(source);
    let mut story = String::new();
    for finding in &verdict.findings {
        let place = finding.places.first().unwrap();
        let (_, span) = verdict.locate(sources, place).unwrap();
        let at = source.line_col(span.start);
        let object = verdict.object(place).unwrap_or_default();
        let _ = writeln!(story, "{}[{}] in {object}", finding.severity, finding.rule.id());
        let (message, help) = common::said(finding);
        let _ = writeln!(story, "  {message}");
        let _ = writeln!(story, "  help: {help}");
        let _ = writeln!(story, "  {}: {}\n", at.line, source.line_text(at.line).trim());
    }
    story
}

fn ids(verdict: &Verdict) -> BTreeSet<&'static str> {
    verdict.findings.iter().map(|finding| finding.rule.id()).collect()
}

#[test]
fn the_clean_manifest_is_clean_below_any_root() {
    let clean = testdata("rules/clean.yaml");
    for to in [TO, "/var/lib/kubelet", "/var/lib/k0s/kubelet", "/k", "/opt/rke/var/lib/kubelet"] {
        let source = Source::new("clean.yaml", clean.replace(TO, to));
        for against in [against(to), Against::AnyRoot] {
            let verdict = verdict(&source, &against);
            assert_eq!((story(&source, &verdict).as_str(), verdict.objects), ("", 3), "{to}");
        }
    }
    let before = clean.replace(TO, "/var/lib/kubelet");
    assert_eq!(common::moved(&before), clean, "and it is what the rewriting makes");
}

#[test]
fn one_change_brings_about_one_rule() {
    let mut settings = snapshots();
    settings.set_snapshot_path("../snapshots/rules");
    for Change { name, rule, source, root, diff } in changes() {
        let verdict = verdict(&source, &against(&root));
        assert_eq!(ids(&verdict), [rule.as_str()].into(), "{name}");
        let gone = diff.lines().skip(2).filter(|line| line.starts_with('-')).count();
        assert!(gone <= 6 || root != TO, "{name} changes {gone} lines of the clean manifest");
        let shown = if root == TO { diff } else { format!("below {root}") };
        let story = format!("{}{shown}", story(&source, &verdict));
        settings.bind(|| insta::assert_snapshot!(name, story));
    }
}

#[test]
fn without_a_root_two_roots_are_an_error() {
    let source = Source::new("mixed-roots.yaml", testdata("rules/mixed-roots.yaml"));
    let verdict = verdict(&source, &Against::AnyRoot);
    let found: Vec<_> = verdict.findings.iter().map(|found| (found.rule, found.severity)).collect();
    assert_eq!(found, [(Rule::MixedRoots, Severity::Error)]);
}

/// What the commands said of all small manifests: rules, with their severities.
fn said() -> BTreeMap<(Rule, Speaker), BTreeSet<Severity>> {
    let mut said: BTreeMap<_, BTreeSet<Severity>> = BTreeMap::new();
    let cases = manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases"));
    for path in cases.into_iter().chain(folder()) {
        let source = Source::new("case.yaml", std::fs::read_to_string(&path).unwrap());
        for auto in [false, true] {
            let Ok(plan) = try_plan(&source, &Options { auto, ..options(TO) }) else { continue };
            for finding in &plan.analysis.findings {
                said.entry((finding.rule, Speaker::Rewrite)).or_default().insert(finding.severity);
            }
        }
        for against in [against(TO), Against::AnyRoot] {
            for finding in verdict(&source, &against).findings {
                said.entry((finding.rule, Speaker::Check)).or_default().insert(finding.severity);
            }
        }
    }
    for Change { source, root, .. } in changes() {
        for finding in verdict(&source, &against(&root)).findings {
            said.entry((finding.rule, Speaker::Check)).or_default().insert(finding.severity);
        }
    }
    said
}

#[test]
fn pages_name_the_commands_and_severities() {
    let said = said();
    let changes: BTreeSet<String> = changes().into_iter().map(|change| change.rule).collect();
    for (rule, page) in Pages::builtin().unwrap().all() {
        let of = |speaker| said.get(&(rule, speaker)).cloned().unwrap_or_default();
        let speakers = [Speaker::Rewrite, Speaker::Check].into_iter();
        let speakers: Vec<Speaker> = speakers.filter(|speaker| !of(*speaker).is_empty()).collect();
        assert_eq!(page.commands, speakers, "commands of {}", page.id);
        let severities: BTreeSet<Severity> = page.severities.iter().copied().collect();
        let seen = &of(Speaker::Rewrite) | &of(Speaker::Check);
        if !speakers.is_empty() {
            assert_eq!(severities, seen, "severities of {}", page.id);
        }
        let has_change = changes.contains(&page.id);
        assert_eq!(has_change, speakers.contains(&Speaker::Check), "a change for {}", page.id);
    }
}

#[test]
fn the_document_is_fresh() {
    let fresh = markdown(&Pages::builtin().unwrap(), &Catalogue::of(Language::English));
    is_fresh("docs/rules.md", &fresh, "rules");
}

#[test]
fn links_in_the_document_lead_somewhere() {
    let text = markdown(&Pages::builtin().unwrap(), &Catalogue::of(Language::English));
    let headings: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(headings.len(), Rule::ALL.len());
    for link in text.split("](#").skip(1) {
        let anchor = link.split(')').next().unwrap();
        assert!(headings.contains(anchor), "{anchor}");
    }
}
