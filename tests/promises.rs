//! What is promised about every manifest, tried on all real ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{Plan, TO, manifests, moved, options, plan, root, shared, snapshots};
use csi_relocate::Options;
use csi_relocate::finding::{Place, Rule};
use csi_relocate::plan::{Edit, apply};
use std::path::{Path, PathBuf};

fn real_manifests(test: &str) -> Vec<PathBuf> {
    let Some(shared) = shared(test) else {
        return Vec::new();
    };
    let mut files = manifests(&shared.join("corpus"));
    files.extend(manifests(&shared.join("no-knob")));
    files.extend(manifests(&shared.join("oracle")));
    assert!(files.len() > 900, "only {} manifests", files.len());
    files
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The text between the edits, in input and output.
fn untouched_bytes_are_equal(input: &str, relocation: &Plan) {
    let mut rest = relocation.output.as_str();
    let mut at = 0;
    for edit in &relocation.edits {
        let untouched = &input[at..edit.span.start];
        rest = rest.strip_prefix(untouched).expect("untouched bytes come out as they went in");
        rest = rest
            .strip_prefix(edit.text.as_str())
            .expect("the planned text stands where it was planned");
        at = edit.span.end;
    }
    assert_eq!(rest, &input[at..]);
}

/// An independent parser reads the output as the input with the planned values.
fn means_the_input_with_the_changes(path: &Path, input: &str, relocation: &Plan) {
    let (Some(old), Some(new)) = (values(input), values(&relocation.output)) else {
        return;
    };
    assert_eq!(old.len(), new.len(), "{}", path.display());
    let differences: usize =
        old.iter().zip(&new).map(|(old, new)| count_differences(old, new)).sum();
    let edits = relocation.edits.len();
    // A scalar with two sites is one difference; a shared scalar is several.
    assert!(
        (differences == 0) == (edits == 0),
        "{}: {edits} edits, {differences} differences",
        path.display()
    );
}

/// The documents as an independent parser reads them; `None` for a manifest with duplicate keys,
/// which that parser refuses and kubectl takes.
fn values(text: &str) -> Option<Vec<serde_yaml::Value>> {
    use serde::Deserialize as _;
    let mut values = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        match serde_yaml::Value::deserialize(document) {
            Ok(value) => values.push(value),
            Err(error) if error.to_string().contains("duplicate entry with key") => return None,
            Err(error) => panic!("{error}"),
        }
    }
    Some(values)
}

fn count_differences(old: &serde_yaml::Value, new: &serde_yaml::Value) -> usize {
    use serde_yaml::Value;
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let added = new.iter().filter(|(key, _)| !old.contains_key(*key)).count();
            let changed: usize = old
                .iter()
                .map(|(key, value)| new.get(key).map_or(1000, |new| count_differences(value, new)))
                .sum();
            added + changed
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            // A setting that wasn't there stands behind its neighbours, or among arguments.
            let mut new: Vec<&Value> = new.iter().collect();
            let mut added = 0;
            let is_setting = |item: &Value| match item {
                // The parent of the root, for a program that adds the rest.
                Value::String(text) => {
                    text.starts_with('-')
                        && (text.contains("data/kubelet") || text.ends_with("=/data"))
                }
                Value::Mapping(entry) => {
                    let value = entry.get("value").and_then(Value::as_str);
                    value.is_some_and(|value| value.contains("data/kubelet"))
                }
                _ => false,
            };
            while new.len() > old.len() {
                let is_new = |(at, item): (usize, &&Value)| {
                    is_setting(item) && old.get(at).is_none_or(|old| is_another(old, item))
                };
                let at = new.iter().enumerate().position(is_new).expect("a setting");
                new.remove(at);
                added += 1;
            }
            assert_eq!(old.len(), new.len());
            let pairs = old.iter().zip(new);
            added + pairs.map(|(old, new)| count_differences(old, new)).sum::<usize>()
        }
        (Value::String(old), Value::String(new)) if old != new => {
            // Every changed string is the old one with the root, or the propagation, replaced.
            let restored = new.contains("data/kubelet")
                || new == "Bidirectional"
                || new.contains("var/lib/kubelet/device-plugins");
            assert!(restored, "{old:?} became {new:?}");
            1
        }
        (old, new) => usize::from(old != new),
    }
}

/// Whether an item is no item of before, moved or not.
fn is_another(old: &serde_yaml::Value, new: &serde_yaml::Value) -> bool {
    use serde_yaml::Value;
    match (old, new) {
        (Value::String(old), Value::String(new)) => {
            let flag = |text: &str| text.split('=').next().map(str::to_owned);
            flag(old) != flag(new)
        }
        (Value::Mapping(old), Value::Mapping(new)) => old.get("name") != new.get("name"),
        _ => true,
    }
}

#[test]
fn untouched_bytes_meaning_and_idempotence() {
    let mut changed = 0;
    for path in real_manifests("untouched_bytes_meaning_and_idempotence") {
        let input = read(&path);
        let relocation = plan(&input, &options(TO));
        untouched_bytes_are_equal(&input, &relocation);
        means_the_input_with_the_changes(&path, &input, &relocation);
        assert_eq!(
            moved(&relocation.output),
            relocation.output,
            "{}: a second run changes it",
            path.display()
        );
        changed += usize::from(!relocation.edits.is_empty());
    }
    if common::shared_is_there() {
        assert!(changed > 400, "only {changed} manifests changed");
    }
}

#[test]
fn the_way_back_restores_the_bytes() {
    let back = Options { from: vec![root(TO)], ..options("/var/lib/kubelet") };
    for path in real_manifests("the_way_back_restores_the_bytes") {
        let input = read(&path);
        let there = plan(&input, &options(TO));
        if !there.analysis.insertions.is_empty() || input.contains("data/kubelet") {
            continue;
        }
        assert_eq!(plan(&there.output, &back).output, input, "{}", path.display());
    }
}

#[test]
fn a_root_that_contains_the_old_one_is_no_trap() {
    let files = real_manifests("a_root_that_contains_the_old_one_is_no_trap");
    for to in [
        "/var/snap/microk8s/common/var/lib/kubelet",
        "/var/lib/kubelet/data",
        "/mnt/var/lib/kubelet",
    ] {
        for path in files.iter().step_by(7) {
            let input = read(path);
            let once = plan(&input, &options(to));
            untouched_bytes_are_equal(&input, &once);
            assert_eq!(plan(&once.output, &options(to)).edits, [], "{} to {to}", path.display());
        }
    }
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn coin(&mut self) -> bool {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) & 1 == 1
    }
}

/// Whether a site is left by rule once something else has moved, so that halves don't converge.
fn has_paths_under_no_mount(relocation: &Plan) -> bool {
    relocation.analysis.findings.iter().any(|finding| finding.rule == Rule::PathUnderNoMount)
}

#[test]
fn half_moved_manifests_converge() {
    let mut states = 0;
    for path in real_manifests("half_moved_manifests_converge") {
        let input = read(&path);
        let whole = plan(&input, &options(TO));
        let edits: Vec<&Edit> =
            whole.edits.iter().filter(|edit| edit.text.contains("data/kubelet")).collect();
        if edits.len() != whole.edits.len() || has_paths_under_no_mount(&whole) {
            continue;
        }
        let mut numbers = Numbers(path.as_os_str().len() as u64 + input.len() as u64);
        for _ in 0..7 {
            let some: Vec<Edit> =
                edits.iter().filter(|_| numbers.coin()).map(|edit| (*edit).clone()).collect();
            let half = apply(&input, &some).unwrap();
            assert_eq!(moved(&half), whole.output, "{}", path.display());
            states += 1;
        }
    }
    if common::shared_is_there() {
        assert!(states > 3000, "only {states} half-moved states");
        let table = format!("{states:>6}  half-moved states come out as the whole one\n");
        snapshots().bind(|| insta::assert_snapshot!("half_moved", table));
    }
}

#[test]
fn every_place_of_a_finding_lies_in_the_source() {
    for path in real_manifests("every_place_of_a_finding_lies_in_the_source") {
        let input = read(&path);
        let relocation = plan(&input, &options(TO));
        let source = common::source(&input);
        for finding in &relocation.analysis.findings {
            let place: &Place = finding.places.first().expect("a finding has a place");
            let span = relocation.span(&source, place);
            assert!(
                span.start < span.end && span.end <= input.len(),
                "{}: {finding:?}",
                path.display()
            );
        }
    }
}
