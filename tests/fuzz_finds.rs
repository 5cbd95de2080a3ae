//! What fuzzing has found, and the checks of the fuzz targets on manifests written by hand.
//!
//! The files in `testdata/fuzz/TARGET` are inputs that once broke a promise; `docs/fuzzing.md` says
//! how one gets there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "test code"
)]

#[path = "../fuzz/src/checks/mod.rs"]
mod checks;
mod common;

use checks::meaning::{self, Allowed};
use common::{moved, testdata};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// What is in a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

#[test]
fn what_was_found_once_keeps_the_promises() {
    let mut finds = 0;
    for target in entries(&folder("testdata/fuzz")) {
        let check = checks::of(stem(&target)).expect("a folder of a target");
        for find in entries(&target) {
            let data = std::fs::read(&find).unwrap();
            let result = catch_unwind(|| check(&data));
            assert!(result.is_ok(), "{} breaks a promise, see above", find.display());
            finds += 1;
        }
    }
    assert!(finds > 0, "no finds were read");
}

/// The text of a find of the target `filter`, without the byte that says what is done.
fn text_of(find: &str) -> String {
    testdata(&format!("fuzz/filter/{find}.input")).split_off(1)
}

#[test]
fn two_variables_of_a_container_without_any_are_one_list() {
    let text = text_of("two-variables-without-env");
    let output = moved(&text);
    let count = |text: &str| text.matches(" env:\n").count();
    assert_eq!((count(&text), count(&output)), (1, 2), "{output}");
    for name in ["HOST_KUBELET_PATH", "HOST_PLUGIN_DIR"] {
        assert_eq!(output.matches(&format!("- name: {name}\n")).count(), 1, "{output}");
    }
}

#[test]
fn what_is_mounted_over_a_root_behind_an_ancestor_stays() {
    let text = text_of("other-mount-behind-ancestor");
    assert_eq!(moved(&text), text);
    let own = text.replace("/opt/other", "/var/lib/kubelet");
    assert!(moved(&own).contains("mountPath: /host/data/kubelet\n"));
}

#[test]
fn a_surrogate_in_a_comment_is_no_part_of_the_text() {
    let text = text_of("surrogate-in-comment");
    assert_eq!(moved(&text), text.replace("/var/lib/kubelet", "/data/kubelet"));
}

#[test]
fn what_is_inserted_has_the_columns_of_a_line_that_only_yaml_sees() {
    let text = text_of("line-that-only-yaml-sees");
    assert!(text.contains("volumeMounts:\u{2028}        - mountPath: "));
    let output = moved(&text);
    assert!(output.contains("\n          mountPropagation: Bidirectional\n"), "{output}");
}

#[test]
fn every_target_has_a_check() {
    let targets = entries(&folder("fuzz/fuzz_targets"));
    assert_eq!(targets.len(), 5);
    for target in targets {
        assert!(checks::of(stem(&target)).is_some(), "{}", target.display());
    }
}

#[test]
fn cases_keep_the_promises_on_every_way() {
    let cases = entries(&folder("testdata/cases"));
    assert!(cases.len() > 50, "only {} cases", cases.len());
    for (number, case) in cases.iter().enumerate() {
        let text = std::fs::read(case).unwrap();
        checks::parser::check(&text);
        // Another root, and other options, for each.
        let choice = u8::try_from(number * 37 % 256).unwrap();
        for choice in [choice, choice ^ 0x10] {
            checks::filter::check(&[&[choice], text.as_slice()].concat());
        }
    }
}

#[test]
fn logs_may_be_cut_anywhere() {
    let logs = entries(&folder("testdata/symptoms"));
    assert!(logs.len() > 30, "only {} logs", logs.len());
    for log in logs {
        checks::symptom::check(&std::fs::read(log).unwrap());
    }
}

#[test]
fn a_change_that_is_not_allowed_is_noticed() {
    let from = ["/var/lib/kubelet".to_owned()];
    let allowed = Allowed::new("/data/kubelet", &from, None, &[]);
    let holds = |input: &str, output: &str| {
        catch_unwind(|| meaning::check(input, output, &allowed)).is_ok()
    };
    assert!(holds("a: /var/lib/kubelet/x", "a: /data/kubelet/x"));
    assert!(holds("a: [/var//lib/kubelet, 1]", "a: [/data/kubelet, 1]"));
    assert!(holds("a: [", "refused before, too: ["));
    for output in [
        "a: /data/kubelet/y",
        "a: /var/lib/kubelet",
        "b: /data/kubelet/x",
        "a: /data/kubelet/x\nb: 1",
        "a: /data/kubelet/x\n---\n",
        "a: [/data/kubelet/x]",
        "a: /data/kubelet/x: y",
    ] {
        assert!(!holds("a: /var/lib/kubelet/x", output), "{output}");
    }
}
