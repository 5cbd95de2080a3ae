//! `check` on real manifests: before the rewrite, half-moved, and after it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{TO, manifests, moved, root, shared, snapshots};
use csi_relocate::check::{Against, Verdict, check};
use csi_relocate::finding::{Finding, Rule, Severity};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::source::Source;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const DEFAULT: &str = "/var/lib/kubelet";

fn verdict(text: &str, to: &str) -> Verdict {
    let knowledge = Knowledge::builtin().unwrap();
    let sources = [Source::new("test.yaml", text)];
    check(&sources, &Against::Root(root(to)), &[], &knowledge)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn worst(verdict: &Verdict) -> Option<Severity> {
    verdict.findings.iter().map(|finding| finding.severity).max()
}

fn corpus(test: &str) -> Vec<(String, String)> {
    let Some(shared) = shared(test) else { return Vec::new() };
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&shared).unwrap().display().to_string();
        (name, std::fs::read_to_string(&path).unwrap())
    };
    manifests(&shared.join("corpus")).into_iter().map(read).collect()
}

/// The node and controller manifests of csi-driver-nfs v4.11.0.
fn nfs(name: &str) -> Option<String> {
    let shared = shared("half_moved_csi_driver_nfs")?;
    let mut found = manifests(&shared.join("corpus/csi-driver-nfs"));
    found.retain(|path| {
        let path = path.display().to_string();
        path.contains("4.11.0") && path.ends_with(name)
    });
    let path: &Path = found.first().unwrap_or_else(|| panic!("no {name}"));
    Some(std::fs::read_to_string(path).unwrap())
}

#[test]
fn half_moved_csi_driver_nfs() {
    let (Some(node), Some(controller)) = (nfs("csi-nfs-node.yaml"), nfs("csi-nfs-controller.yaml"))
    else {
        return;
    };
    // Every way to move some of the node's lines and not the others.
    let lines: Vec<&str> = node.split_inclusive('\n').collect();
    let tied: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].contains(DEFAULT)).collect();
    assert_eq!(tied.len(), 5);
    for set in 0..1_u32 << tied.len() {
        let half: String = lines
            .iter()
            .enumerate()
            .map(|(at, line)| match tied.iter().position(|&tied| tied == at) {
                Some(bit) if set >> bit & 1 == 1 => line.replace(DEFAULT, TO),
                _ => (*line).to_owned(),
            })
            .collect();
        let verdict = verdict(&half, TO);
        let ids: Vec<&str> = verdict.findings.iter().map(|finding| finding.rule.id()).collect();
        // The socket may lie anywhere, as long as the registered path leads to it.
        let socket_alone = tied
            .iter()
            .enumerate()
            .all(|(bit, &at)| set >> bit & 1 == 1 || lines[at].contains("plugins/csi-nfsplugin"));
        let whole = set + 1 == 1 << tied.len();
        let expected = match (whole, socket_alone) {
            (true, _) => None,
            (false, true) if !ids.contains(&"registration-path") => Some(Severity::Warning),
            (false, _) => Some(Severity::Error),
        };
        assert_eq!(worst(&verdict), expected, "{set:05b}: {ids:?}");
        assert_eq!(worst(&self::verdict(&moved(&half), TO)), None, "{set:05b}");
    }
    // The controller mounts below its own directory only: it works, and isn't where it should be.
    assert_eq!(worst(&verdict(&controller, TO)), Some(Severity::Warning));
    assert_eq!(worst(&verdict(&moved(&controller), TO)), None);
}

#[test]
fn what_was_clean_at_the_default_root_is_clean_where_it_was_moved() {
    let mut clean = 0;
    for (name, text) in corpus("what_was_clean_at_the_default_root_is_clean_where_it_was_moved") {
        let before = verdict(&text, DEFAULT);
        let is_node_plugin = text.contains("kubelet-registration-path");
        if worst(&before) >= Some(Severity::Warning) || !is_node_plugin {
            continue;
        }
        let after = verdict(&moved(&text), TO);
        // What is built into a program no manifest mends.
        let is_harmful =
            |found: &&Finding| found.severity == Severity::Error && found.rule != Rule::BuiltInRoot;
        let harmful: Vec<&Finding> = after.findings.iter().filter(is_harmful).collect();
        assert!(harmful.is_empty(), "{name}: {harmful:#?}");
        clean += 1;
    }
    if common::shared_is_there() {
        assert!(clean > 150, "only {clean} node plugins are clean");
    }
}

#[test]
fn findings_on_real_manifests() {
    let files = corpus("findings_on_real_manifests");
    if files.is_empty() {
        return;
    }
    let mut by_rule: BTreeMap<(Rule, &str), Vec<String>> = BTreeMap::new();
    for (name, text) in &files {
        for (when, verdict) in
            [("as published", verdict(text, DEFAULT)), ("moved", verdict(&moved(text), TO))]
        {
            for finding in &verdict.findings {
                let line = finding.places.first().and_then(|place| {
                    let source = Source::new(
                        name.as_str(),
                        if when == "moved" { moved(text) } else { text.clone() },
                    );
                    let (_, span) = verdict.locate(std::slice::from_ref(&source), place)?;
                    Some(source.line_col(span.start).line)
                });
                let place = format!("{name}:{} ({})", line.unwrap_or(0), finding.severity);
                by_rule.entry((finding.rule, when)).or_default().push(place);
            }
        }
    }
    let mut table = String::new();
    for ((rule, when), places) in &by_rule {
        writeln!(table, "{} {when}: {}", rule.id(), places.len()).unwrap();
        for place in places {
            writeln!(table, "  {place}").unwrap();
        }
    }
    snapshots().bind(|| insta::assert_snapshot!("verdict_on_corpus", table));
}

/// The authors' own renderings for another root: what they miss is in a snapshot.
#[test]
fn charts_as_their_authors_move_them() {
    let Some(shared) = shared("charts_as_their_authors_move_them") else { return };
    let mut judged = 0;
    let mut missed = String::new();
    for path in manifests(&shared.join("oracle")) {
        if path.file_name().is_none_or(|name| name != "relocated.yaml") {
            continue;
        }
        judged += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        let verdict = verdict(&text, TO);
        let errors = verdict.findings.iter().filter(|found| found.severity == Severity::Error);
        for finding in errors {
            let place = finding.places.first().unwrap();
            let source = Source::new("", text.as_str());
            let (_, span) = verdict.locate(std::slice::from_ref(&source), place).unwrap();
            let line = source.line_col(span.start).line;
            let name = path.strip_prefix(shared.join("oracle")).unwrap().display();
            writeln!(missed, "{name}:{line} {}", finding.rule.id()).unwrap();
        }
    }
    assert!(judged > 150, "only {judged} charts");
    snapshots().bind(|| insta::assert_snapshot!("verdict_on_charts", missed));
}
