//! Findings that a comment or an annotation accepts, with a reason.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

#[path = "suppress/annotation.rs"]
mod annotation;
mod common;
#[path = "suppress/output.rs"]
mod output;
#[path = "suppress/rewrite.rs"]
mod rewrite;
#[path = "suppress/wrong.rs"]
mod wrong;

use common::{english, root};
use csi_relocate::check::{Against, Verdict, check};
use csi_relocate::finding::{Finding, Rule};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::source::Source;
use proptest::prelude::*;

const MARK: &str = "# csi-relocate: ignore[mixed-roots, immutable-field] it is so";

/// Two findings, both at the path.
const VOLUME: &str = "apiVersion: v1
kind: PersistentVolume
metadata:
  name: a
spec:
  accessModes: []
  local:
    path: /var/lib/kubelet/x
";

/// What became of sources: one line for each finding, those that are kept first.
fn outcome(texts: &[&str]) -> Vec<String> {
    outcome_against(texts, &Against::Root(root("/data/kubelet")))
}

fn outcome_against(texts: &[&str], against: &Against) -> Vec<String> {
    let named = texts.iter().enumerate();
    let sources: Vec<Source> =
        named.map(|(index, text)| Source::new(index.to_string(), *text)).collect();
    let verdict = check(&sources, against, &[], &Knowledge::builtin().unwrap()).unwrap();
    let kept = verdict.findings.iter().map(|finding| {
        let is_own = finding.rule == Rule::UnusedSuppression;
        let text = if is_own { english(&finding.message) } else { String::new() };
        let line = format!("{} {}", finding.severity, line(&sources, &verdict, finding));
        format!("{line} {text}").trim_end().to_owned()
    });
    let suppressed = verdict.suppressed.iter().map(|suppressed| {
        format!("{}: {}", line(&sources, &verdict, &suppressed.finding), suppressed.reason)
    });
    kept.chain(suppressed).collect()
}

fn line(sources: &[Source], verdict: &Verdict, finding: &Finding) -> String {
    let (source, span) = verdict.locate(sources, &finding.places[0]).unwrap();
    let at = sources[source].line_col(span.start);
    format!("{} {source}:{}:{}", finding.rule.id(), at.line, at.column)
}

/// The volume with its last line, or lines, written otherwise.
fn volume(path: &str) -> String {
    VOLUME.replace("    path: /var/lib/kubelet/x\n", path)
}

const BOTH: [&str; 2] = ["mixed-roots", "immutable-field"];

#[track_caller]
fn accepts(text: &str) {
    let found = outcome(&[text]);
    let are_both = found.iter().zip(BOTH).all(|(line, rule)| {
        line.starts_with(rule) && line.ends_with(": it is so") && !line.contains("warning")
    });
    assert!(found.len() == 2 && are_both, "{text}\n{found:#?}");
}

#[track_caller]
fn refuses(text: &str, complaint: &str) {
    let found = outcome(&[text]);
    assert!(found.iter().any(|line| line.starts_with("warning mixed-roots")), "{text}\n{found:#?}");
    let complaints: Vec<_> =
        found.iter().filter(|line| line.contains("unused-suppression")).collect();
    if complaint.is_empty() {
        assert!(complaints.is_empty(), "{text}\n{found:#?}");
    } else {
        assert!(complaints.iter().any(|line| line.contains(complaint)), "{text}\n{found:#?}");
    }
}

#[test]
fn a_comment_ends_the_line_or_stands_above() {
    let path = "/var/lib/kubelet/x";
    for lines in [
        format!("    path: {path} {MARK}\n"),
        format!("    path: {path}\t{MARK}"),
        format!("    {MARK}\n    path: {path}\n"),
        format!("{MARK}\n    path: {path}\n"),
        format!("    path: {path} # noqa {MARK}\n"),
        format!("    path: {path} #{}\n", &MARK[1..]),
        format!("    path: {path} ##{}\n", MARK.replace(": ", ":").replace("# ", "")),
        format!("    {MARK}\n    # größe\n    path: {path}\n"),
        format!("    # größe\n    {MARK}\n    path: {path}\n"),
        format!("    # größe: \"\n    path: &x {path} {MARK}\n"),
        format!("    {MARK}\n    path:\n      {path}\n"),
        format!("    path: {MARK}\n      {path}\n"),
        format!("    path:\n      {MARK}\n      {path}\n"),
        format!("    path: \"/var/lib/\\\n      kubelet/x\" {MARK}\n"),
        format!("    path: |- {MARK}\n      {path}\n"),
        format!("    {MARK}\n    path: >-\n      {path}\n"),
        format!("    path: ! '{path}' {MARK}\n"),
        format!("    {MARK}\u{85}    path: {path}\n"),
        format!("    {}\n    path: {path}\n", MARK.replace("] ", "]: ")),
    ] {
        let text = volume(&lines);
        accepts(&text);
        accepts(&text.replace('\n', "\r\n"));
        accepts(&text.replace('\n', "\r"));
        accepts(&format!("\u{feff}# größe\n---\n{text}\n---\na: b\n"));
    }
    accepts(&volume(&format!("    ? path\n    : {path} {MARK}\n")));
    let flow = format!("  local: {{path: {path}}} {MARK}\n");
    accepts(&VOLUME.replace("  local:\n    path: /var/lib/kubelet/x\n", &flow));
}

/// A document begins with its first word, behind white space, comments and a byte order mark.
#[test]
fn a_comment_counts_before_a_document_begins() {
    let flow = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}, \
                spec: {accessModes: [], local: {path: /var/lib/kubelet/x}}}";
    for text in [
        format!("  {MARK}\n  {flow}\n"),
        format!("  {flow} {MARK}\n"),
        format!("\u{feff}{flow} {MARK}\n"),
        format!("{MARK}\n{flow}\n"),
    ] {
        accepts(&text);
    }
    let far = "# csi-relocate: ignore[mixed-rots] of the whole file\n\n";
    refuses(&format!("{far}{VOLUME}"), "mixed-rots");
    refuses(&format!("{VOLUME}...\n{far}"), "mixed-rots");
}

#[test]
fn two_comments_above_one_line_both_count() {
    let text = volume(
        "    # csi-relocate: ignore[mixed-roots] first\n    \
         # csi-relocate: ignore[immutable-field] second\n    path: /var/lib/kubelet/x\n",
    );
    assert_eq!(
        outcome(&[&text]),
        ["mixed-roots 0:10:11: first", "immutable-field 0:10:11: second"]
    );
}

#[test]
fn each_comment_is_for_its_own_line() {
    let text = volume(&format!("    {MARK}\n    path: /var/lib/kubelet/x\n"));
    let found = outcome(&[&format!("{text}---\n{}", text.replace("it is", "that is"))]);
    assert_eq!(
        found,
        [
            "mixed-roots 0:9:11: it is so",
            "mixed-roots 0:19:11: that is so",
            "immutable-field 0:9:11: it is so",
            "immutable-field 0:19:11: that is so",
        ]
    );
}

#[test]
fn comments_count_in_items_of_a_list() {
    let item = VOLUME.replace('\n', "\n  ");
    let list = |item: &str| format!("apiVersion: v1\nkind: List\nitems:\n- {item}\n");
    accepts(&list(&item.replace("    path", &format!("    {MARK}\n      path"))));
    let path = "/var/lib/kubelet/x";
    for items in [
        format!("{MARK}\n        - pathPrefix: {path}"),
        format!("- {MARK}\n          pathPrefix: {path}"),
        format!("{MARK}\n        -\n          pathPrefix: {path}"),
    ] {
        let text = format!(
            "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nspec:\n        \
             allowedHostPaths:\n        {items}\n"
        );
        let found = outcome(&[&text]);
        assert!(found.iter().all(|line| !line.starts_with("warning mixed")), "{text}{found:#?}");
    }
}

#[test]
fn text_is_no_comment() {
    for text in [
        volume(&format!("    path: /var/lib/kubelet/x\n    script: |\n      {MARK}\n")),
        volume(&format!("    script: |\n      {MARK}\n    path: /var/lib/kubelet/x\n")),
        volume(&format!("    script: | # its text\n      {MARK}\n    path: /var/lib/kubelet/x\n")),
        volume(&format!("    \"x {MARK}\": 1\n    path: /var/lib/kubelet/x\n")),
        volume(&format!("    path: /var/lib/kubelet/x\n    x: 'a\n      {MARK}'\n")),
        volume(&format!("    path: \"/var/lib/kubelet/x {MARK}\"\n")),
        volume(&format!("    path: /var/lib/kubelet/x{}\n", MARK.replace(": ", ":"))),
        volume(
            "    # csi-relocate has moved this, and ignores [x]\n    path: /var/lib/kubelet/x\n",
        ),
        volume("    # csi-relocate-job: ignore[x]\n    path: /var/lib/kubelet/x\n"),
        volume("    csi-relocate: ignore[mixed-roots] x\n    path: /var/lib/kubelet/x\n"),
        format!(
            "{{\"apiVersion\": \"v1\", \"kind\": \"PersistentVolume\", \"metadata\": {{}}, \
             \"spec\": {{\"accessModes\": [], \"local\": {{\n\"x\": \"{MARK}\",\n\
             \"path\": \"/var/lib/kubelet/x\"}}}}}}"
        ),
    ] {
        refuses(&text, "");
    }
}

#[test]
fn a_comment_behind_a_block_scalar_is_one() {
    accepts(&volume(&format!(
        "    script: |\n      a\n\n    {MARK}\n    path: /var/lib/kubelet/x\n"
    )));
    accepts(&volume(&format!("    script: |\n    {MARK}\n    path: /var/lib/kubelet/x\n")));
}

#[test]
fn a_comment_elsewhere_suppresses_nothing() {
    let none = "mixed-roots is suppressed, and there is none on this line";
    for text in [
        volume(&format!("    {MARK}\n\n    path: /var/lib/kubelet/x\n")),
        volume(&format!("    path: /var/lib/kubelet/x\n    {MARK}\n")),
        volume(&format!("    path: /var/lib/kubelet/x\n    fsType: a {MARK}")),
        format!("{MARK}\n{VOLUME}"),
        format!("\u{feff}{MARK}\r\n---\n{VOLUME}...\n{MARK}"),
    ] {
        refuses(&text, none);
    }
    let text = format!("{VOLUME}\n  {}", MARK.replace("immutable-field", "sub-path"));
    let found = outcome(&["a: b", &text]);
    assert_eq!(
        found[2..],
        [
            format!("info unused-suppression 1:10:26 {none}"),
            format!("info unused-suppression 1:10:39 {}", none.replace("mixed-roots", "sub-path")),
        ]
    );
}

#[test]
fn each_id_counts_for_itself() {
    let text = volume("    path: /var/lib/kubelet/x # csi-relocate: ignore[nix,mixed-roots] x\n");
    assert_eq!(
        outcome(&[&text]),
        [
            "warning unused-suppression 0:8:53 no rule is called nix; this suppression doesn't count",
            "info immutable-field 0:8:11",
            "mixed-roots 0:8:11: x",
        ]
    );
    let text = volume(
        "    path: /var/lib/kubelet/x # csi-relocate: ignore[mixed-roots, sub-path, sub-path]: - x\n",
    );
    assert_eq!(
        outcome(&[&text]),
        [
            "info immutable-field 0:8:11",
            "info unused-suppression 0:8:66 sub-path is suppressed, and there is none on this line",
            "mixed-roots 0:8:11: x",
        ]
    );
}

#[test]
fn only_rules_that_were_asked_can_be_unused() {
    let text = format!("{VOLUME}    # csi-relocate: ignore[sub-path, mixed-roots] x");
    assert_eq!(
        outcome_against(&[&text], &Against::AnyRoot),
        [
            "info unused-suppression 0:9:38 mixed-roots is suppressed, and there is none on this line"
        ]
    );
}

proptest! {
    #[test]
    fn no_comment_does_harm(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "# ", "#", "csi-relocate", ": ", "ignore", "[", "]", ",", "mixed-roots", "ö", "\t",
                "\u{85}", "\n# ", "\r\n", "\u{feff}", " x", "-", "sub-path",
            ]),
            0..30,
        )
    ) {
        let text = format!("{VOLUME}    # {}", pieces.concat());
        let sources = [Source::new("a", text)];
        let against = Against::Root(root("/data/kubelet"));
        if let Ok(verdict) = check(&sources, &against, &[], &Knowledge::builtin().unwrap()) {
            prop_assert!(verdict.suppressed.is_empty());
            for finding in &verdict.findings {
                prop_assert!(verdict.locate(&sources, &finding.places[0]).is_some());
            }
        }
    }
}
