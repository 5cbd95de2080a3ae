//! csi-driver-nfs: the main job, on its published manifests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "test code")]

mod common;

use common::{TO, manifests, moved, options, plan, root, run, shared, source};
use csi_relocate::Options;
use csi_relocate::plan::{Edit, apply};
use std::path::PathBuf;

const RELEASE: &str = "corpus/csi-driver-nfs/main-d3b27c00_v4.11.0";

/// The folder of release v4.11.0.
fn release(test: &str) -> Option<PathBuf> {
    shared(test).map(|shared| shared.join(RELEASE))
}

/// The numbers of the lines that differ; both texts must have as many lines.
fn changed_lines(old: &str, new: &str) -> Vec<usize> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    assert_eq!(old.len(), new.len());
    (1..=old.len()).filter(|line| old[line - 1] != new[line - 1]).collect()
}

/// The text with the root moved on these lines only.
fn moved_on_lines(text: &str, lines: &[usize], to: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if lines.contains(&(index + 1)) {
            assert!(line.contains("/var/lib/kubelet"), "line {} names no root", index + 1);
            out.push_str(&line.replace("/var/lib/kubelet", to));
        } else {
            out.push_str(line);
        }
    }
    out
}

#[test]
fn exactly_the_tied_lines_change() {
    let Some(release) = release("exactly_the_tied_lines_change") else { return };
    for path in manifests(&release) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let expected: &[usize] = match name {
            "csi-nfs-node.yaml" => &[60, 114, 125, 129, 132],
            "csi-nfs-controller.yaml" => &[169, 182],
            _ => &[],
        };
        let input = std::fs::read(&path).unwrap();
        let output = run(&["--kubelet-root", TO], &input);
        assert!(output.status.success());
        let summary = format!("{} sites moved, 0 kept, 0 findings\n", expected.len());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), summary, "{name}");
        let (old, new) =
            (String::from_utf8(input).unwrap(), String::from_utf8(output.stdout).unwrap());
        assert_eq!(changed_lines(&old, &new), expected, "{name}");
        assert_eq!(new, moved_on_lines(&old, expected, TO), "{name}");
    }
}

#[test]
fn registrar_and_host_paths_moved_before() {
    let Some(release) = release("registrar_and_host_paths_moved_before") else { return };
    let node = std::fs::read_to_string(release.join("csi-nfs-node.yaml")).unwrap();
    let half = moved_on_lines(&node, &[60, 125, 129, 132], TO);
    assert_eq!(changed_lines(&half, &moved(&half)), [114]);
    assert_eq!(moved(&half), moved(&node));
}

#[test]
fn host_path_of_the_controller_moved_before() {
    let Some(release) = release("host_path_of_the_controller_moved_before") else { return };
    let controller = std::fs::read_to_string(release.join("csi-nfs-controller.yaml")).unwrap();
    let half = moved_on_lines(&controller, &[182], TO);
    assert_eq!(changed_lines(&half, &moved(&half)), [169]);
    assert_eq!(moved(&half), moved(&controller));
}

#[test]
fn mount_path_moved_and_propagation_lost() {
    let Some(release) = release("mount_path_moved_and_propagation_lost") else { return };
    let node = std::fs::read_to_string(release.join("csi-nfs-node.yaml")).unwrap();
    let half = moved_on_lines(&node, &[114], TO);
    let lost = half.replace("              mountPropagation: \"Bidirectional\"\n", "");
    assert_eq!(lost.lines().count(), node.lines().count() - 1);
    assert_eq!(moved(&lost), moved(&node));
}

#[test]
fn all_moved_elsewhere_before() {
    let Some(release) = release("all_moved_elsewhere_before") else { return };
    let auto = Options { auto: true, ..options(TO) };
    for (name, lines) in [
        ("csi-nfs-node.yaml", vec![60, 114, 125, 129, 132]),
        ("csi-nfs-controller.yaml", vec![169, 182]),
    ] {
        let text = std::fs::read_to_string(release.join(name)).unwrap();
        let elsewhere = moved_on_lines(&text, &lines, "/mnt/kubelet");
        assert_eq!(plan(&elsewhere, &auto).output, moved(&text), "{name}");
        let named = Options { from: vec![root("/mnt/kubelet")], ..options(TO) };
        assert_eq!(plan(&elsewhere, &named).output, moved(&text), "{name}");
        // Without being told, the tool leaves the other root alone and says so.
        let untold = plan(&elsewhere, &options(TO));
        assert_eq!(untold.output, elsewhere);
        assert_eq!(untold.analysis.findings.len(), 1);
    }
}

#[test]
fn two_hundred_random_halves_of_every_version() {
    let Some(shared) = shared("two_hundred_random_halves_of_every_version") else { return };
    let mut seed: u64 = 1;
    let mut coin = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 40) & 1 == 1
    };
    let mut relocatable = 0;
    for path in manifests(&shared.join("corpus/csi-driver-nfs")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let whole = plan(&text, &options(TO));
        relocatable += usize::from(!whole.edits.is_empty());
        for _ in 0..200 {
            let some: Vec<Edit> = whole.edits.iter().filter(|_| coin()).cloned().collect();
            let half = apply(&text, &some).unwrap();
            assert_eq!(moved(&half), whole.output, "{}", path.display());
        }
    }
    assert!(relocatable >= 15, "only {relocatable} manifests have sites");
}

#[test]
fn the_edits_name_the_root_and_nothing_else() {
    let Some(release) = release("the_edits_name_the_root_and_nothing_else") else { return };
    let text = std::fs::read_to_string(release.join("csi-nfs-node.yaml")).unwrap();
    let relocation = plan(&text, &options(TO));
    let source = source(&text);
    for edit in &relocation.edits {
        assert_eq!(
            (source.slice(edit.span), edit.text.as_str()),
            ("var/lib/kubelet", "data/kubelet")
        );
    }
}
