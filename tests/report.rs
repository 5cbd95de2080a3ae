//! What other programs read, from reports made by hand: the forms hold, and what a manifest says
//! can't pass for something that the program says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "report/forged.rs"]
mod forged;
#[path = "report/schema.rs"]
mod schema;

use common::{snapshots, testdata};
use csi_relocate::finding::{Rule, Severity};
use csi_relocate::plan::Edit;
use csi_relocate::report::{Located, Report, Suppressed, github, json, sarif};
use csi_relocate::source::{Source, Span};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

const UNIX: &str = "\u{feff}# größe 大: é\nkind: Pod\npath: 'ä/var/lib/kubelet'\n";
const CRLF: &str = "a: 1\r\npath: /var/lib/kubelet\r\nb: /var/lib/kubelet\r\n";
const HOSTILE: &str = "x\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{200b}\u{2028}##[error]y\r\n\
                       ::set-output name=a::b\n::stop-commands::c";

fn found(rule: Rule, severity: Severity, places: Vec<(usize, Span)>) -> Located {
    Located {
        rule,
        severity,
        message: "the driver's mount doesn't reach the host".to_owned(),
        help: "write mountPropagation: Bidirectional".to_owned(),
        object: "DaemonSet csi-nfs-node".to_owned(),
        places,
        fixes: Vec::new(),
    }
}

/// The nth place of a text in another.
fn at(text: &str, wanted: &str, nth: usize) -> Span {
    let (start, _) = text.match_indices(wanted).nth(nth).unwrap();
    Span::new(start, start + wanted.len())
}

fn sources() -> Vec<Source> {
    vec![
        Source::new("./deploy/größe, 100%.yaml", UNIX),
        Source::new("crlf.yaml", CRLF),
        Source::new("::add-mask::a\u{1b}[2J\u{202e}\nb:1.yaml", "a: b\n"),
        Source::new("<stdin>", "one"),
        Source::new("/srv/absolute.yaml", "two"),
    ]
}

fn edit(span: Span, text: &str) -> Edit {
    Edit { span, text: text.to_owned() }
}

fn report(sources: &[Source]) -> Report<'_> {
    let root = "/var/lib/kubelet";
    let mut fixed = found(
        Rule::PropagationMissing,
        Severity::Error,
        vec![(0, at(UNIX, root, 0)), (1, at(CRLF, root, 1)), (99, Span::default())],
    );
    fixed.fixes = vec![
        (1, edit(at(CRLF, root, 0), "/data/größe")),
        (0, edit(Span::new(UNIX.len(), UNIX.len()), "more: \u{202e}\n")),
        (1, edit(at(CRLF, root, 1), "")),
    ];
    let mut hostile = found(Rule::UnknownField, Severity::Warning, vec![(2, Span::new(0, 4))]);
    hostile.message = HOSTILE.to_owned();
    hostile.help = format!("::error::{HOSTILE} [link](https://example.com) {{0}} 50%");
    hostile.object = format!("##[debug]{HOSTILE}");
    let lines = found(Rule::OtherRoot, Severity::Warning, vec![(1, Span::new(0, CRLF.len()))]);
    let stdin = found(Rule::OtherRoot, Severity::Info, vec![(3, Span::new(0, 3))]);
    let absolute = found(Rule::OtherRoot, Severity::Info, vec![(4, Span::new(0, 3))]);
    let mut nowhere = found(Rule::UnknownChild, Severity::Info, Vec::new());
    nowhere.object.clear();
    nowhere.help.clear();
    let mut accepted = found(Rule::SubPath, Severity::Error, vec![(0, at(UNIX, root, 0))]);
    accepted.help.clear();
    let suppressed = vec![Suppressed { finding: accepted, reason: format!("{HOSTILE} [a](b)") }];
    let findings = vec![fixed, hostile, lines, stdin, absolute, nowhere];
    Report { sources, root: Some("/data/kubelet".to_owned()), objects: 3, findings, suppressed }
}

fn snapshot(name: &str, text: &str) {
    let mut settings = snapshots();
    settings.set_snapshot_path("../snapshots/report");
    settings
        .add_filter(r#""version": "\d+\.\d+\.\d+[^"]*"(\s+\}|,\s+"rules")"#, r#""version": "…"$1"#);
    // A new rule isn't a new form.
    settings.add_filter(r#"(?s)"rules": \[.*?\n {10}\]"#, r#""rules": […]"#);
    settings.add_filter(r#""ruleIndex": \d+"#, r#""ruleIndex": …"#);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn sarif_of(report: &Report<'_>) -> String {
    sarif(report, &|rule| common::english(&rule.title()))
}

fn check_schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/check.schema.json");
    parsed(&std::fs::read_to_string(path).unwrap())
}

fn sarif_schema() -> Value {
    parsed(&testdata("schemas/sarif-schema-2.1.0.json"))
}

#[test]
fn json_is_as_it_was() {
    snapshot("json", &json(&report(&sources())));
}

#[test]
fn sarif_is_as_it_was() {
    snapshot("sarif", &sarif_of(&report(&sources())));
}

#[test]
fn github_is_as_it_was() {
    snapshot("github", &github(&report(&sources())));
}

#[test]
fn json_follows_its_schema() {
    let schema = check_schema();
    let sources = sources();
    let empty = Report {
        sources: &[],
        root: None,
        objects: 0,
        findings: Vec::new(),
        suppressed: Vec::new(),
    };
    for report in [report(&sources), empty] {
        let document = parsed(&json(&report));
        assert_eq!(schema::problems(&schema, &document), [""; 0]);
    }
}

#[test]
fn the_schema_refuses_what_it_does_not_describe() {
    let schema = check_schema();
    let document = parsed(&json(&report(&sources())));
    let spoil: [(&str, Value); 6] = [
        ("/version", 2.into()),
        ("/findings/0/rule", "no-rule".into()),
        ("/findings/0/severity", "fatal".into()),
        ("/findings/0/locations/0/start/line", 0.into()),
        ("/findings/0/locations/0", parsed(r#"{"file": "x"}"#)),
        ("/summary", parsed(r#"{"error": 0, "warning": 0, "info": 0, "more": 0}"#)),
    ];
    for (place, value) in spoil {
        let mut spoiled = document.clone();
        *spoiled.pointer_mut(place).unwrap() = value;
        assert_ne!(schema::problems(&schema, &spoiled), [""; 0], "{place}");
    }
}

#[test]
fn the_schema_knows_every_rule_and_severity() {
    let schema = check_schema();
    let listed = |name: &str| -> Vec<String> {
        let list = schema.pointer(&format!("/$defs/{name}/enum")).unwrap().as_array().unwrap();
        list.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(listed("rule"), Rule::ALL.map(|rule| rule.id().to_owned()));
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    assert_eq!(listed("severity"), severities.map(|severity| severity.to_string()));
    let counted = schema.pointer("/properties/summary/required").unwrap();
    assert_eq!(counted, schema.pointer("/$defs/severity/enum").unwrap());
}

#[test]
fn sarif_follows_its_schema() {
    let schema = sarif_schema();
    let sources = sources();
    let empty = Report {
        sources: &[],
        root: None,
        objects: 0,
        findings: Vec::new(),
        suppressed: Vec::new(),
    };
    for report in [report(&sources), empty] {
        let document = parsed(&sarif_of(&report));
        assert_eq!(schema::problems(&schema, &document), [""; 0]);
    }
    let mut spoiled = parsed(&sarif_of(&report(&sources)));
    *spoiled.pointer_mut("/runs/0/results/0/level").unwrap() = "fatal".into();
    *spoiled
        .pointer_mut("/runs/0/results/1/locations/0/physicalLocation/artifactLocation/uri")
        .unwrap() = "a b".into();
    assert_eq!(schema::problems(&schema, &spoiled).len(), 2);
}

#[test]
fn sarif_results_point_at_their_rules() {
    let log = parsed(&sarif_of(&report(&sources())));
    let rules = log.pointer("/runs/0/tool/driver/rules").unwrap().as_array().unwrap();
    assert_eq!(rules.len(), Rule::ALL.len());
    for result in log.pointer("/runs/0/results").unwrap().as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["locations"].as_array().unwrap().len(), 1);
    }
}

fn fingerprints(text: &str, spans: &[Span]) -> Vec<String> {
    let sources = [Source::new("a.yaml", text)];
    let findings =
        spans.iter().map(|span| found(Rule::OtherRoot, Severity::Info, vec![(0, *span)])).collect();
    let log = parsed(&sarif_of(&Report {
        sources: &sources,
        root: None,
        objects: 1,
        findings,
        suppressed: Vec::new(),
    }));
    let results = log.pointer("/runs/0/results").unwrap().as_array().unwrap();
    let print = |result: &Value| {
        result["partialFingerprints"]["csiRelocate/v1"].as_str().unwrap().to_owned()
    };
    results.iter().map(print).collect()
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let root = "/var/lib/kubelet";
    let before = fingerprints(CRLF, &[at(CRLF, root, 0), at(CRLF, root, 1), Span::new(0, 1)]);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 3);
    let moved = format!("# größe\n\n---\n{}", CRLF.replace("\r\n", "\n  "));
    let a = moved.find("a: 1").unwrap();
    let spans = [at(&moved, root, 0), at(&moved, root, 1), Span::new(a, a + 1)];
    assert_eq!(fingerprints(&moved, &spans), before);
    // It has to be the same in every version, too.
    assert_eq!(before[0], "44c289c3e5ba2071:1");
}

#[test]
fn fixes_give_the_bytes_to_replace() {
    let sources = sources();
    let document = parsed(&json(&report(&sources)));
    let fix = &document["findings"][0]["fixes"][0];
    let offset = |end: &str| usize::try_from(fix[end]["offset"].as_u64().unwrap()).unwrap();
    assert_eq!(&CRLF[offset("start")..offset("end")], "/var/lib/kubelet");
    let log = parsed(&sarif_of(&report(&sources)));
    let change = log.pointer("/runs/0/results/0/fixes/0/artifactChanges/1").unwrap();
    assert_eq!(change["artifactLocation"]["uri"], "crlf.yaml");
    let region = &change["replacements"][0]["deletedRegion"];
    assert_eq!(region["byteOffset"], offset("start"));
    assert_eq!(region["byteLength"], "/var/lib/kubelet".len());
    assert_eq!((region["startLine"].as_u64(), region["startColumn"].as_u64()), (Some(2), Some(7)));
}
