//! Inside the real Helms: as the post-renderer of Helm 3, as a plugin of Helm 4.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[path = "helm/tools.rs"]
mod tools;

use common::{Folder, Ran, moved, program};
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::process::Stdio;
use tools::{chart, command, is_there, ran, run};

/// What a post-renderer is given.
const WITH_ROOT: [&str; 3] =
    ["--post-renderer", "csi-relocate", "--post-renderer-args=--kubelet-root=/data/kubelet"];

/// The folder of the plugin.
const PLUGIN: &str = "plugin";

/// A folder in which this Helm knows the post-renderer; `None` where this Helm isn't there.
fn ready(test: &str, helm: &str) -> Option<Folder> {
    if !is_there(test, helm) {
        return None;
    }
    let folder = Folder::new();
    if helm == "helm4" {
        fine(run(&folder, &["csi-relocate", "install-plugin", "--helm", "--to", PLUGIN]));
        fine(run(&folder, &[helm, "plugin", "install", PLUGIN]));
    }
    Some(folder)
}

fn fine(ran: Ran) -> String {
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.result
}

fn template(folder: &Folder, helm: &str, chart: &str, more: &[&str]) -> Ran {
    run(folder, &[&[helm, "template", "files", chart], more].concat())
}

/// Objects by kind and name, and the template that each comes from.
fn objects(text: &str) -> BTreeMap<String, (String, Value)> {
    let mut objects = BTreeMap::new();
    for part in text.split("---\n").filter(|part| !part.trim().is_empty()) {
        let source = part.lines().find_map(|line| line.strip_prefix("# Source: "));
        let value: Value = serde_yaml::from_str(part).unwrap();
        let name = format!("{:?} {:?}", value["kind"], value["metadata"]["name"]);
        let known = objects.insert(name, (source.unwrap().to_owned(), value));
        assert!(known.is_none(), "twice: {known:?}");
    }
    objects
}

#[test]
fn helm_4_gets_what_a_direct_rewrite_writes_hooks_as_well() {
    let Some(folder) = ready("helm 4", "helm4") else { return };
    let plain = fine(template(&folder, "helm4", &chart("chart"), &[]));
    let built = fine(template(&folder, "helm4", &chart("chart"), &WITH_ROOT));
    let expected = objects(&moved(&plain));
    assert_eq!(objects(&built), expected);
    assert!(expected.keys().any(|name| name.contains("Job")), "the hook is there");
    assert_ne!(expected, objects(&plain));
    // Helm has put its own annotations in and taken them out again.
    assert!(!built.contains("postrenderer.helm.sh"));
}

#[test]
fn helm_3_keeps_its_hooks_to_itself_and_the_gate_sees_it() {
    let Some(folder) = ready("helm 3", "helm3") else { return };
    let plain = fine(template(&folder, "helm3", &chart("chart"), &[]));
    let built = fine(template(&folder, "helm3", &chart("chart"), &WITH_ROOT));
    let (mut expected, was) = (objects(&moved(&plain)), objects(&plain));
    let hook = expected.keys().find(|name| name.contains("Job")).unwrap().clone();
    assert_ne!(expected[&hook], was[&hook]);
    expected.insert(hook.clone(), was[&hook].clone());
    assert_eq!(objects(&built), expected);
    let words = ["check", "--kubelet-root", "/data/kubelet", "--fail-on", "warning", "-"];
    let gate = folder.run_with(&words, &built);
    assert_eq!(gate.code, Some(1), "{gate:?}");
    assert!(gate.result.contains("/var/lib/kubelet"), "{gate:?}");
    assert_eq!(folder.run_with(&words, &moved(&plain)).code, Some(0));
}

#[test]
fn helm_4_installs_what_it_was_given() {
    let Some(folder) = ready("helm 4 install", "helm4") else { return };
    let words = ["helm4", "install", "files", &chart("chart"), "--dry-run=client"];
    let built = fine(run(&folder, &[&words[..], &WITH_ROOT].concat()));
    let left: Vec<&str> = built.lines().filter(|line| line.contains("/var/lib/kubelet")).collect();
    // Device plugins stay, and notes are no manifest.
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(built.contains("mountPath: \"/data/kubelet/pods\""), "{built}");
}

#[test]
fn a_finding_makes_helm_fail_and_is_in_the_log() {
    for helm in ["helm3", "helm4"] {
        let Some(folder) = ready("a finding", helm) else { continue };
        let more = ["--set", "propagation=HostToContainer", "--post-renderer-args=--fail-on=error"];
        let log = ["--post-renderer-args", "--log-file", "--post-renderer-args", "relocate.log"];
        let more = [&WITH_ROOT[..], &more, &log].concat();
        let failed = template(&folder, helm, &chart("chart"), &more);
        assert_eq!(failed.code, Some(1), "{failed:?}");
        assert_eq!(failed.result, "", "{failed:?}");
        // Helm 4 keeps it to itself.
        assert_eq!(failed.talk.contains("propagation-missing"), helm == "helm3", "{failed:?}");
        let log = folder.read("relocate.log");
        assert!(log.contains("error[propagation-missing]"), "{log}");
        assert!(log.contains("nothing was written"), "{log}");
        assert!(!log.contains('\u{1b}'), "{log}");
    }
}

#[test]
fn the_environment_reaches_the_plugin_and_mistakes_reach_the_log() {
    for helm in ["helm3", "helm4"] {
        let Some(folder) = ready("environment", helm) else { continue };
        let chart = chart("chart");
        let words = ["template", "files", &chart, "--post-renderer", "csi-relocate"];
        let with = |root: &str, more: &[&str]| {
            let mut command = command(&folder, helm);
            command.env("CSI_RELOCATE_LOG", folder.join("relocate.log"));
            ran(command.env("CSI_RELOCATE_KUBELET_ROOT", root).args(words).args(more))
        };
        let expected = fine(template(&folder, helm, &chart, &WITH_ROOT));
        assert_eq!(fine(with("/data/kubelet", &[])), expected);
        for (root, more, said) in [
            ("data/kubelet", &[][..], "data/kubelet"),
            ("/data/kubelet", &["--post-renderer-args=--fail-onn=error"], "--fail-onn"),
        ] {
            assert_eq!(with(root, more).code, Some(1), "{root} {more:?}");
            let log = folder.read("relocate.log");
            assert!(log.lines().any(|line| line.starts_with("error: ") && line.contains(said)));
        }
    }
}

#[test]
fn a_chart_that_renders_nothing_is_no_failure() {
    let empty = chart("empty");
    for helm in ["helm3", "helm4"] {
        let Some(folder) = ready("nothing", helm) else { continue };
        let built = fine(template(&folder, helm, &empty, &WITH_ROOT));
        assert_eq!(built.trim(), "", "{built}");
    }
    // Without Helm what comes out is what went in.
    let as_plugin = |is_plugin: bool| {
        let mut command = program();
        if is_plugin {
            command.env("HELM_PLUGIN_NAME", "csi-relocate").env("HELM_PLUGIN_DIR", "plugin");
        }
        fine(ran(command.args(["--kubelet-root", "/data/kubelet"]).stdin(Stdio::null())))
    };
    assert_eq!(as_plugin(false), "");
    assert_eq!(as_plugin(true), "# nothing was rendered\n");
}

#[test]
fn annotations_of_helm_are_kept_as_they_are() {
    let sent = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: r-config
  annotations:
    postrenderer.helm.sh/postrender-filename: 'csi-files/templates/config.yaml'
data:
  mount-root: /var/lib/kubelet/pods
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: other
  annotations:
    postrenderer.helm.sh/postrender-filename: 'csi-files/templates/var/lib/kubelet.yaml'
data: {}
";
    assert_eq!(moved(sent), sent.replace(" /var/lib/kubelet/pods", " /data/kubelet/pods"));
}

#[test]
fn the_plugin_is_installed_once_and_can_be_replaced() {
    let Some(folder) = ready("install", "helm4") else { return };
    let install = || run(&folder, &["csi-relocate", "install-plugin", "--helm", "--to", PLUGIN]);
    let again = fine(install());
    assert!(again.starts_with("this program is there already: "), "{again}");
    let next = again.lines().find(|line| line.contains("helm plugin install")).unwrap();
    assert!(next.ends_with(folder.join(PLUGIN).to_str().unwrap()), "{next}");
    // Helm links to the folder: what is put there counts at once.
    folder.write("plugin/csi-relocate", "#!/bin/sh\nexit 9\n");
    assert_eq!(template(&folder, "helm4", &chart("chart"), &WITH_ROOT).code, Some(1));
    let new = fine(install());
    assert!(new.starts_with("installed "), "{new}");
    fine(template(&folder, "helm4", &chart("chart"), &WITH_ROOT));
    let listed = fine(run(&folder, &["helm4", "plugin", "list"]));
    assert!(listed.contains("postrenderer/v1"), "{listed}");
    // Without --to it goes to the folders of the user.
    fine(run(&folder, &["csi-relocate", "install-plugin", "--helm"]));
    assert!(folder.join(".local/share/csi-relocate/helm/csi-relocate/plugin.yaml").is_file());
}
