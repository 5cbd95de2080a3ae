//! The pages of `knowledge`: for people and for programs.

use crate::common::{Folder, run, snapshots};
use crate::{drivers, repository, schema};
use csi_relocate::knowledge::{Distributions, Drivers, Listed};
use serde_json::Value;

/// Standard output of a run that ends well.
fn known(arguments: &[&str]) -> String {
    let output = run(&[&["knowledge"], arguments].concat(), b"");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a run says that isn't followed.
fn refused(arguments: &[&str]) -> String {
    let output = run(&[&["knowledge"], arguments].concat(), b"");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&known(&[arguments, &["--format", "json"]].concat())).unwrap()
}

#[test]
fn drivers_and_distributions_have_pages() {
    let mut settings = snapshots();
    settings.set_snapshot_path("../../snapshots/knowledge");
    settings.bind(|| {
        for (name, arguments) in [
            ("driver", &["ceph-csi"][..]),
            ("driver-chinese", &["--lang", "zh", "ceph-csi"]),
            ("distributions", &["--distribution"]),
            ("distribution", &["--distribution", "k3s"]),
        ] {
            insta::assert_snapshot!(name, known(arguments));
        }
    });
}

#[test]
fn every_driver_has_a_page_and_a_line() {
    let table = known(&[]);
    let files = Drivers::default();
    for (name, driver) in drivers(&files) {
        assert!(table.lines().any(|line| line.split(' ').next() == Some(name)), "{name}");
        let page = known(&[name]);
        assert!(page.starts_with(&format!("{} ({name})\n", driver.title)), "{page}");
        let bare = page.split_whitespace().collect::<String>();
        for source in driver.sources() {
            let source = source.split_whitespace().collect::<String>();
            assert!(bare.contains(&source), "{name}: {source}");
        }
    }
}

#[test]
fn a_driver_is_found_by_any_of_its_names() {
    let page = known(&["ceph-csi"]);
    for word in ["CEPH-CSI", "rbd.csi.ceph.com", "cephfs.csi.ceph.com"] {
        assert_eq!(known(&[word]), page, "{word}");
    }
    // A part of several names is a list.
    let hits = known(&["csi"]);
    assert!(hits.contains("\nceph-csi ") && hits.contains("shows one of them"), "{hits}");
    let row = Listed::builtin().unwrap().remove(0);
    assert!(known(&[&row.title]).contains("nobody has found out yet"), "{row:?}");
}

#[test]
fn what_isnt_known_is_refused_with_what_is_near() {
    let near = refused(&["cephcsi"]);
    assert!(near.contains("did you mean 'ceph-csi'?"), "{near}");
    let far = refused(&["no-such-driver"]);
    assert!(far.contains("csi-relocate knowledge lists"), "{far}");
    let near = refused(&["--distribution", "mikrok8s"]);
    assert!(near.contains("did you mean 'microk8s'?"), "{near}");
    let far = refused(&["--distribution", "no-such-distribution"]);
    assert!(far.contains("knowledge --distribution lists"), "{far}");
    refused(&["ceph-csi", "--distribution"]);
}

#[test]
fn json_follows_its_schema() {
    let schema = std::fs::read_to_string(repository("docs/knowledge.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let problems = |document: &Value| schema::problems(&schema, document);
    let all = json(&[]);
    assert_eq!(problems(&all), [""; 0]);
    let drivers = all["drivers"].as_array().unwrap().len();
    assert_eq!(drivers, crate::drivers(&Drivers::default()).len());
    assert_eq!(all["listed"].as_array().unwrap().len(), Listed::builtin().unwrap().len());
    let one = json(&["ceph-csi"]);
    assert_eq!(problems(&one), [""; 0]);
    assert_eq!(one["drivers"][0]["containers"][0]["hidden"][0]["flag"], "pluginpath");
    assert_eq!(one["drivers"][0]["helm"][0]["chart"], "ceph-csi-rbd");
    let distributions = json(&["--distribution"]);
    assert_eq!(problems(&distributions), [""; 0]);
    let rows = distributions["distributions"].as_array().unwrap().len();
    assert_eq!(rows, Distributions::builtin().unwrap().rows().len());
    assert_eq!(problems(&json(&["--distribution", "k0s"])), [""; 0]);

    let mut spoiled = one;
    spoiled["drivers"][0]["verdict"]["relocatable"] = Value::from("maybe");
    assert_ne!(problems(&spoiled), [""; 0]);
}

const MANIFEST: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  volumes:\n  \
    - name: pods\n    hostPath: {path: /var/lib/kubelet/pods}\n";

#[test]
fn a_name_stands_for_a_root() {
    let folder = Folder::with(&[("pod.yaml", MANIFEST)]);
    let named = "k0s stands for the kubelet root /var/lib/k0s/kubelet\n";
    let moved = MANIFEST.replace("/var/lib/kubelet", "/var/lib/k0s/kubelet");
    let ran = folder.run_with(&["--kubelet-root", "k0s"], MANIFEST);
    assert_eq!(ran.result, moved);
    assert!(ran.talk.starts_with(named), "{ran:?}");
    // The way back, and back again in silence.
    let back = folder.run_with(&["--kubelet-root", "/var/lib/kubelet", "--from", "K0s"], &moved);
    assert_eq!(back.result, MANIFEST);
    assert!(back.talk.starts_with("K0s stands for"), "{back:?}");
    let quiet = folder.run_with(&["-q", "--kubelet-root", "k0s"], MANIFEST);
    assert_eq!((quiet.result.as_str(), quiet.talk.as_str()), (moved.as_str(), ""));
    let chinese = folder.run_with(&["--lang", "zh", "--kubelet-root", "k0s"], MANIFEST);
    assert!(chinese.talk.starts_with("k0s 代表"), "{chinese:?}");
    for command in ["check", "explain"] {
        let ran = folder.run(&[command, "--kubelet-root", "k0s", "pod.yaml"]);
        assert!(ran.talk.starts_with(named), "{ran:?}");
        assert!(ran.result.contains("/var/lib/k0s/kubelet"), "{ran:?}");
    }
}

#[test]
fn a_name_stands_for_a_root_in_the_environment_and_in_a_configuration() {
    let run = |list: &str, variable: &str| {
        let folder = Folder::with(&[("list.yaml", list)]);
        let list = std::fs::File::open(folder.join("list.yaml")).unwrap();
        let mut program = crate::common::program();
        if !variable.is_empty() {
            program.env("CSI_RELOCATE_KUBELET_ROOT", variable);
        }
        let output = program.stdin(list).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, result, talk) = run(MANIFEST, "microk8s");
    assert_eq!(code, Some(0), "{talk}");
    assert!(result.contains("/var/snap/microk8s/common/var/lib/kubelet/pods"), "{result}");
    assert!(talk.starts_with("microk8s stands for"), "{talk}");
    // A configuration goes before the environment, whose name then stands for nothing.
    let item = MANIFEST.replace('\n', "\n  ").replace("apiVersion", "- apiVersion");
    let list = |root: &str| {
        format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{}\nfunctionConfig:\n  \
             apiVersion: csi-relocate/v1\n  kind: CsiRelocate\n  metadata: {{name: y}}\n  spec: {{kubeletRoot: {root}}}\n",
            item.trim_end()
        )
    };
    let (code, result, talk) = run(&list("k0s"), "microk8s");
    assert_eq!(code, Some(0), "{talk}");
    assert!(result.contains("/var/lib/k0s/kubelet/pods"), "{result}");
    assert!(talk.starts_with("k0s stands for") && !talk.contains("microk8s"), "{talk}");
    let (code, result, _) = run(&list("mikrok8s"), "");
    assert_eq!(code, Some(1));
    assert!(result.contains("proposedValue: microk8s"), "{result}");
}
