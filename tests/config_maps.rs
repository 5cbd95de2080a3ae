//! ConfigMaps are judged by who reads them: key by key, whoever the readers are, wherever they stand in the
//! input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use common::{TO, manifests, options, plan, source, try_plan};
use csi_relocate::Options;
use csi_relocate::source::Source;
use std::collections::BTreeSet;
use std::path::Path;

/// The kubelet's root, at its own path.
const ROOT: (&str, &str) = ("/var/lib/kubelet", "hostPath: {path: /var/lib/kubelet}");
/// The node's whole filesystem.
const NODE: (&str, &str) = ("/host", "hostPath: {path: /}");
/// A volume of nobody's node.
const CLAIM: &str = "persistentVolumeClaim: {claimName: data}";
/// All keys of the ConfigMap.
const ALL: (&str, &str) = ("/etc/config", "configMap: {name: config}");

fn config(data: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: config}}\ndata: {{{data}}}\n")
}

/// A pod with one container, which has these volumes at these places, and what else is said of it.
fn pod(name: &str, mounts: &[(&str, &str)], more: &str) -> String {
    let numbered = || mounts.iter().enumerate();
    let volumes: String =
        numbered().map(|(at, (_, volume))| format!("  - {{name: v{at}, {volume}}}\n")).collect();
    let mounts: String = numbered()
        .map(|(at, (path, _))| format!("    - {{name: v{at}, mountPath: {path}}}\n"))
        .collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  \
         - name: {name}\n    image: example.org/{name}:v1\n{more}    volumeMounts:\n{mounts}  volumes:\n{volumes}"
    )
}

/// What becomes of the first document, a ConfigMap with these data, and the rules that are named.
struct Outcome {
    data: String,
    rules: Vec<&'static str>,
}

/// Moves documents, which have to come to the same in any order, and with all of them parsed.
fn moved(documents: &[String]) -> Outcome {
    let run = |documents: &[&String], options: &Options| {
        let text: Vec<&str> = documents.iter().map(|it| it.as_str()).collect();
        let plan = plan(&text.join("---\n"), options);
        let mut rules: Vec<_> = plan.analysis.findings.iter().map(|it| it.rule.id()).collect();
        rules.sort_unstable();
        let mut output: Vec<String> = plan.output.split("---\n").map(str::to_owned).collect();
        output.sort_unstable();
        (output, rules)
    };
    let forth: Vec<&String> = documents.iter().collect();
    let back: Vec<&String> = documents.iter().rev().collect();
    let (output, rules) = run(&forth, &options(TO));
    assert_eq!(run(&back, &options(TO)), (output.clone(), rules.clone()), "in another order");
    let strict = Options { strict: true, ..options(TO) };
    assert_eq!(run(&forth, &strict), (output.clone(), rules.clone()), "with all parsed");
    let data = output.iter().find(|document| document.contains("kind: ConfigMap")).unwrap();
    let data = data.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    Outcome { data: data.trim_matches(['{', '}']).to_owned(), rules }
}

#[track_caller]
fn comes_to(documents: &[String], data: &str, rules: &[&str]) {
    let outcome = moved(documents);
    assert_eq!((outcome.data.as_str(), outcome.rules.as_slice()), (data, rules));
}

#[test]
fn who_names_no_root_is_a_reader_too() {
    let own = pod("agent", &[ROOT, ALL], "");
    let other = pod("other", &[ALL], "");
    let data = "dir: /var/lib/kubelet/pods";
    comes_to(&[config(data), own.clone()], data, &[]);
    let there = "dir: /data/kubelet/pods";
    comes_to(&[config(data), own, other], there, &["path-under-no-mount"]);
}

#[test]
fn each_key_is_judged_by_those_who_read_it() {
    let data = "agent: /var/lib/kubelet/pods, driver: /var/lib/kubelet/plugins";
    let kept = "agent: /var/lib/kubelet/pods, driver: /data/kubelet/plugins";
    let items =
        |key: &str| format!("configMap: {{name: config, items: [{{key: {key}, path: a}}]}}");
    let projected = |key: &str| format!("projected: {{sources: [{{{}}}]}}", items(key));
    let part = |key: &str| format!("/etc/{key}, subPath: {key}");
    let deep =
        "configMap: {name: config, items: [{key: agent, path: a/b}, {key: driver, path: ab}]}";
    // A volume of some keys, one that is projected, a part of one of all keys, a folder of one.
    for (place, volume) in [
        ("/etc/config".to_owned(), items("agent")),
        ("/etc/config".to_owned(), projected("agent")),
        (part("agent"), ALL.1.to_owned()),
        ("/etc/a, subPath: a".to_owned(), deep.to_owned()),
    ] {
        let agent = pod("agent", &[ROOT, (&place, &volume)], "");
        for (place, volume) in [
            ("/etc/config".to_owned(), items("driver")),
            ("/etc/config".to_owned(), projected("driver")),
            (part("driver"), ALL.1.to_owned()),
            ("/etc/ab, subPath: ab".to_owned(), deep.to_owned()),
        ] {
            let driver = pod("driver", &[(&place, &volume)], "");
            comes_to(&[config(data), agent.clone(), driver], kept, &[]);
        }
    }
    // A path with variables in it may be any.
    let agent = pod("agent", &[ROOT, ("/etc/a, subPathExpr: $(A)", ALL.1)], "");
    comes_to(&[config(data), agent], data, &[]);
}

#[test]
fn a_path_behind_a_mount_moves_where_all_who_have_something_there_agree() {
    let data = "dir: /host/var/lib/kubelet/pods";
    let there = "dir: /host/data/kubelet/pods";
    let agent = pod("agent", &[NODE, ALL], "");
    let same = pod("same", &[ALL, NODE], "");
    let nothing = pod("nothing", &[ALL, ("/tmp", "emptyDir: {}")], "");
    comes_to(&[config(data), agent.clone(), same, nothing], there, &[]);
    // The same words, and another directory, one that lacks the new root, or none of the node's.
    let var = pod("var", &[("/host/var", "hostPath: {path: /var}"), ALL], "");
    let own = pod("own", &[("/host", CLAIM), ROOT, ALL], "");
    for other in [&var, &own] {
        let documents = [config(data), agent.clone(), other.clone()];
        let outcome = moved(&documents);
        assert_eq!(
            (outcome.data.as_str(), outcome.rules.as_slice()),
            (data, &["path-under-no-mount"][..])
        );
    }
    comes_to(&[config(data), var], data, &["ancestor-mount"]);
    // Who reads another key doesn't count.
    let variable = |key: &str| {
        format!(
            "    env: [{{name: A, valueFrom: {{configMapKeyRef: {{name: config, key: {key}}}}}}}]\n"
        )
    };
    let both = "one: /host/var/lib/kubelet/x, two: /host/var/lib/kubelet/x";
    let one = pod("one", &[NODE], &variable("one"));
    let two = pod("two", &[("/host", CLAIM), ROOT], &variable("two"));
    let expected = "one: /host/data/kubelet/x, two: /host/var/lib/kubelet/x";
    comes_to(&[config(both), one, two], expected, &[]);
}

#[test]
fn what_is_behind_a_mount_may_end_a_sentence_or_have_any_name() {
    let data = "text: see /host/var/lib/kubelet.";
    let there = "text: see /host/data/kubelet.";
    comes_to(&[config(data), pod("agent", &[NODE, ALL], "")], there, &[]);
    let odd = pod("agent", &[("/h~", NODE.1), ALL], "");
    comes_to(&[config("a: /h~/var/lib/kubelet/pods"), odd], "a: /h~/data/kubelet/pods", &[]);
}

#[test]
fn of_equal_keys_the_last_one_is_read() {
    let agent = pod("agent", &[NODE, ALL], "");
    let data = "a: /host/var/lib/kubelet/pods, a: /host/var/lib/kubelet/plugins";
    let there = "a: /host/var/lib/kubelet/pods, a: /host/data/kubelet/plugins";
    comes_to(&[config(data), agent], there, &[]);
}

#[test]
fn a_path_that_is_registered_is_the_nodes() {
    let data = "A: /var/lib/kubelet/plugins/x/csi.sock";
    let there = "A: /data/kubelet/plugins/x/csi.sock";
    let own = ("/var/lib/kubelet/plugins/x", CLAIM);
    let registers = |env: &str, name: &str| {
        let more = format!("    args: [--kubelet-registration-path=$({name})]\n{env}");
        moved(&[config(data), pod("registrar", &[own, ROOT], &more)]).data
    };
    let one = "    env: [{name: B, valueFrom: {configMapKeyRef: {name: config, key: A}}}]\n";
    let all = "    envFrom: [{prefix: P_, configMapRef: {name: config}}]\n";
    assert_eq!(registers(one, "B"), there);
    assert_eq!(registers(all, "P_A"), there);
    // One that is not is the container's own.
    assert_eq!(registers(all, "P_B"), data);
    let host = "CSI_PLUGIN_KUBELET_DIR";
    assert_eq!(registers(one, host), data);
}

#[test]
fn what_never_moves_is_told_where_its_mount_does() {
    let data = "dp: /var/lib/kubelet/device-plugins/kubelet.sock";
    let agent = pod("agent", &[ROOT, ALL], "");
    comes_to(&[config(data), agent], data, &["stays-below-moved-mount"]);
    // Below the new root it goes back, whoever reads it.
    let there = pod("agent", &[("/data/kubelet", CLAIM), ALL], "");
    comes_to(&[config("dp: /data/kubelet/device-plugins/kubelet.sock"), there], data, &[]);
}

#[test]
fn what_is_said_of_a_path_that_moves_is_not_said_of_one_that_stays() {
    let data = "dir: /var/lib/kubelet/own/x";
    let agent = pod("agent", &[("/var/lib/kubelet/own", CLAIM), ALL], "");
    comes_to(&[config(data), agent], data, &[]);
    comes_to(&[config(data)], "dir: /data/kubelet/own/x", &["unknown-child"]);
}

#[test]
fn copies_of_a_reader_count_as_one_however_many_there_are() {
    let data = "dir: /var/lib/kubelet/pods";
    let mut documents = vec![config(data)];
    documents.extend((0..300).map(|number| pod(&format!("p{number}"), &[ROOT, ALL], "")));
    comes_to(&documents, data, &[]);
    documents.push(pod("other", &[ALL], ""));
    comes_to(&documents, "dir: /data/kubelet/pods", &["path-under-no-mount"]);
    // Of very many that all differ nobody can tell.
    let mut documents = vec![config(data)];
    documents.extend(
        (0..100).map(|number| pod("p", &[ROOT, ALL, (&format!("/a{number}"), "emptyDir: {}")], "")),
    );
    comes_to(&documents, "dir: /data/kubelet/pods", &["path-under-no-mount"]);
}

#[test]
fn no_namespace_is_the_default_one() {
    let data = "dir: /var/lib/kubelet/pods";
    let agent = pod("agent", &[ROOT, ALL], "");
    let inside = |namespace: &str| {
        agent.replace("{name: agent}\n", &format!("{{name: agent, namespace: {namespace}}}\n"))
    };
    comes_to(&[config(data), inside("default")], data, &[]);
    comes_to(&[config(data), inside("other")], "dir: /data/kubelet/pods", &[]);
}

#[test]
fn a_value_that_an_anchor_shares_moves_for_all_or_for_none() {
    let shared = |text: &str| {
        let plan = plan(text, &options(TO));
        let rules: BTreeSet<_> = plan.analysis.findings.iter().map(|it| it.rule.id()).collect();
        assert_eq!(plan.output, text);
        assert!(rules.contains("shared-scalar"), "{rules:?}");
    };
    let item = |document: String| format!("- {}\n", document.trim_end().replace('\n', "\n  "));
    let list = |documents: &[String]| {
        let items: String = documents.iter().cloned().map(item).collect();
        format!("apiVersion: v1\nkind: List\nitems:\n{items}")
    };
    // The other use is a hostPath, which moves.
    let own = pod("agent", &[ALL, ("/var/lib/kubelet", "hostPath: {path: *it}")], "");
    shared(&list(&[config("dir: &it /var/lib/kubelet"), own]));
    // The other use is no path of a root's: nobody there has such a mount.
    let behind = pod("agent", &[NODE, ALL], "");
    let other = pod("other", &[("/tmp", "emptyDir: {}")], "    args: [*it]\n");
    shared(&list(&[config("dir: &it /host/var/lib/kubelet/pods"), behind, other]));
}

#[test]
fn what_cannot_be_read_is_no_hindrance_to_the_rest() {
    let data = "dir: /host/var/lib/kubelet/pods";
    let agent = pod("agent", &[NODE, ALL], "");
    let broken = "configMap: [config\n";
    let text = format!("{}---\n{agent}---\n{broken}", config(data));
    let plan = plan(&text, &options(TO));
    assert_eq!(plan.output, text.replace("/host/var/lib", "/host/data"));
}

/// Which documents are parsed is a matter of speed alone.
#[test]
fn what_is_passed_over_changes_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let strict = Options { strict: true, ..options(TO) };
    let mut compared = 0;
    for path in manifests(&folder) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let source = Source::new(path.file_name().unwrap().to_str().unwrap(), text);
        let Ok(all) = try_plan(&source, &strict) else { continue };
        let quick = try_plan(&source, &options(TO)).unwrap();
        assert_eq!(quick.output, all.output, "{}", path.display());
        let findings = |plan: &common::Plan| {
            let all = plan.analysis.findings.iter();
            all.map(|it| (it.rule.id(), common::said(it))).collect::<Vec<_>>()
        };
        assert_eq!(findings(&quick), findings(&all), "{}", path.display());
        compared += 1;
    }
    assert!(compared > 350, "only {compared}");
    assert!(try_plan(&source("a: [\n"), &strict).is_err());
}
