//! `--emit`: patches for kustomize and Flux, and what the real kustomize builds with them.
//!
//! With the patches kustomize builds what the rewrite itself writes, for every rendered chart
//! that it can take at all, and so what the chart's author renders for another root.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "test code"
)]

#[path = "oracle/accepted.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod accepted;
mod common;
#[path = "oracle/compare.rs"]
mod compare;
#[path = "emit/kustomize.rs"]
mod kustomize;
#[path = "oracle/view.rs"]
mod view;

use accepted::Accepted;
use common::{
    Folder, TO, manifests, moved, options, shared, snapshots, source, testdata, try_plan,
};
use compare::compare;
use csi_relocate::emit::{EmitError, component, patches};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::kubepath::WindowsRoot;
use csi_relocate::relocate::{Options, Relocation};
use csi_relocate::source::Source;
use kustomize::{assert_same, build, difference, with_component};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// The small cases in `testdata/emit`.
const CASES: [&str; 5] = ["aliases", "keys-and-texts", "lists", "namespaces", "node-plugin"];

/// What is printed for patches, and for a component.
const LIST: [&str; 4] = ["--kubelet-root", TO, "--emit", "kustomize-patches"];
const COMPONENT: [&str; 4] = ["--kubelet-root", TO, "--emit", "kustomization"];

/// The variants of charts, of which the last moves the root of Windows nodes, too.
const VARIANTS: [&str; 3] = ["default", "full", "full-winroot"];

/// Renderings with a text that kustomize itself changes, with and without patches: it folds the
/// text, and doubles line breaks before indented lines in doing so.
const ALTERED: [&str; 2] = ["carina-csi-driver/default", "carina-csi-driver/full"];

/// A ConfigMap of that name and namespace.
fn config_map(name: &str, path: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{dir: {path}}}\n")
}

const PODS: &str = "/var/lib/kubelet/pods";

fn own_snapshots() -> insta::Settings {
    let mut settings = snapshots();
    settings.set_snapshot_path("../snapshots/emit");
    settings
}

/// Lines that hang on blanks at their ends would be lost in an editor.
fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The component for one text, by the library; the error is what can't be patched.
fn emitted(source: &Source, relocation: &Relocation) -> Result<String, EmitError> {
    let knowledge = Knowledge::builtin().unwrap();
    let patches = patches(std::slice::from_ref(source), relocation, knowledge.kinds())?;
    Ok(component(&patches, relocation.roots.to()))
}

#[test]
fn small_cases_print_these_patches() {
    for case in CASES {
        let file = format!("testdata/emit/{case}.yaml");
        let ran = common::run(&[&LIST[..], &["--quiet", &file]].concat(), b"");
        assert_eq!(ran.status.code(), Some(0), "{case}");
        let printed = String::from_utf8(ran.stdout).unwrap();
        own_snapshots().bind(|| insta::assert_snapshot!(case, printed));
    }
}

#[test]
fn kustomize_builds_small_cases_as_they_are_rewritten() {
    if !kustomize::is_there("emit") {
        return;
    }
    for case in CASES {
        let text = testdata(&format!("emit/{case}.yaml"));
        let ran = common::run(&COMPONENT, text.as_bytes());
        let component = String::from_utf8(ran.stdout).unwrap();
        let built = with_component(&text, &component).unwrap_or_else(|error| panic!("{error}"));
        assert_same(&built, &moved(&text), case);
    }
}

/// Every small manifest of `testdata/cases` that can be had as patches.
#[test]
fn kustomize_builds_the_cases_as_they_are_rewritten() {
    if !kustomize::is_there("emit") {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases");
    let files = manifests(&folder).into_iter().filter(|file| {
        let text = std::fs::read_to_string(file).unwrap();
        is_built_as_rewritten(&file.display().to_string(), &text)
    });
    let compared = files.count();
    assert!(compared >= 75, "only {compared} cases were compared");
}

#[test]
fn patches_find_objects_that_kustomize_renames() {
    if !kustomize::is_there("emit") {
        return;
    }
    let text = config_map("dirs", PODS);
    let list = String::from_utf8(common::run(&LIST, text.as_bytes()).stdout).unwrap();
    let more = format!("namePrefix: x-\nnameSuffix: -y\nnamespace: z\npatches:\n{list}");
    let built = build(&text, &more, &[]).unwrap();
    let expected = moved(&text).replace("{name: dirs}", "{name: x-dirs-y, namespace: z}");
    assert_same(&built, &expected, "renamed below");
    // The same from outside, where the object has its new name already.
    let base = "resources: [in.yaml]\nnamePrefix: x-\nnameSuffix: -y\nnamespace: z\n";
    let folder = Folder::with(&[("base/kustomization.yaml", base), ("base/in.yaml", &text)]);
    folder.write("kustomization.yaml", &format!("resources: [base]\npatches:\n{list}"));
    let built = kustomize::kustomize().arg("build").arg(folder.path()).output();
    assert_same(&String::from_utf8(built.unwrap().stdout).unwrap(), &expected, "renamed outside");
}

#[test]
fn manifests_that_have_changed_fail_the_build() {
    if !kustomize::is_there("emit") {
        return;
    }
    let list = String::from_utf8(common::run(&LIST, config_map("a", PODS).as_bytes()).stdout);
    let more = format!("patches:\n{}", list.unwrap());
    for path in ["/data/kubelet/pods", "/var/lib/kubelet/pods2"] {
        let refused = build(&config_map("a", path), &more, &[]).unwrap_err();
        assert!(refused.contains("testing value /data/dir failed"), "{refused}");
    }
    // What the page about Flux warns of: a patch without its object is passed over.
    let text = config_map("b", PODS);
    assert_same(&build(&text, &more, &[]).unwrap(), &text, "another name");
}

#[test]
fn several_files_make_one_list_and_what_is_said_stays_on_standard_error() {
    let files = ["a", "b", "c"].map(|name| (format!("{name}.yaml"), config_map(name, PODS)));
    let folder = Folder::new();
    files.iter().for_each(|(name, text)| folder.write(name, text));
    folder.write("d/d.yaml", &config_map("d", "/elsewhere"));
    let ran = folder.run(&[&LIST[..], &["a.yaml", "b.yaml", "c.yaml", "d"]].concat());
    assert_eq!(
        (ran.code, ran.talk.as_str()),
        (Some(0), "3 sites moved in 3 of 4 files, 0 kept, 0 findings\n")
    );
    let whole = folder.run(&[&LIST[..], &["."]].concat());
    assert_eq!(whole.result, ran.result);
    let list: serde_json::Value = serde_yaml::from_str(&ran.result).unwrap();
    let names: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|patch| patch["target"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    for (name, text) in files {
        assert_eq!(folder.read(name), text, "nothing is replaced");
    }
}

#[test]
fn nothing_to_move_is_an_empty_list_and_a_note() {
    let text = config_map("a", "/data/kubelet/pods");
    let folder = Folder::with(&[("a.yaml", &text)]);
    let ran = folder.run(&[&LIST[..], &["a.yaml"]].concat());
    assert_eq!((ran.code, ran.result.trim()), (Some(0), "[]"));
    own_snapshots().bind(|| insta::assert_snapshot!("nothing", ran.talk));
    let quiet = folder.run(&[&LIST[..], &["-q", "a.yaml"]].concat());
    assert_eq!((quiet.code, quiet.talk.as_str()), (Some(0), ""));
    let component = folder.run(&[&COMPONENT[..], &["a.yaml"]].concat()).result;
    let parsed: serde_json::Value = serde_yaml::from_str(&component).unwrap();
    assert_eq!(parsed["patches"], serde_json::json!([]));
    if kustomize::is_there("emit") {
        assert_same(&with_component(&text, &component).unwrap(), &text, "an empty component");
        let below = build(&text, &format!("patches:\n{}", ran.result), &[]).unwrap();
        assert_same(&below, &text, "an empty list");
    }
}

#[test]
fn fail_on_prints_no_patches() {
    let text = config_map("a", "/var/lib/kubelet/unknown");
    let folder = Folder::with(&[("a.yaml", &text)]);
    let ran = folder.run(&[&LIST[..], &["--fail-on", "info", "a.yaml"]].concat());
    assert_eq!((ran.code, ran.result.as_str()), (Some(1), ""));
    assert!(ran.talk.contains("info[unknown-child]"), "{}", ran.talk);
    let ran = folder.run(&[&LIST[..], &["--fail-on", "error", "a.yaml"]].concat());
    assert_eq!(ran.code, Some(0));
}

/// A refused run: exit code 2, nothing on standard output, the reason on standard error.
fn refused(name: &str, arguments: &[&str], text: &str) {
    let ran = common::run(arguments, text.as_bytes());
    assert_eq!((ran.status.code(), ran.stdout.as_slice()), (Some(2), &b""[..]), "{name}");
    let said = String::from_utf8(ran.stderr).unwrap();
    own_snapshots().bind(|| insta::assert_snapshot!(name, trimmed(&said)));
}

#[test]
fn what_no_patch_can_name_refuses_all_of_them() {
    let volumes = "spec: {volumes: [{name: x, hostPath: {path: /var/lib/kubelet/pods}}]}\n";
    let good = config_map("good", PODS);
    let fragment = format!("{good}---\nkind: DaemonSet\n{volumes}");
    refused("without-a-name", &LIST, &fragment);
    refused("without-a-kind", &LIST, &format!("metadata: {{name: x}}\n{volumes}"));
    refused("two-of-one-name", &COMPONENT, &format!("{good}---\n{good}"));
    let with_default = good.replace("{name: good}", "{name: good, namespace: default}");
    refused("two-of-one-name-and-namespace", &LIST, &format!("{good}---\n{with_default}"));
    let many: Vec<String> = (0..12).map(|_| format!("kind: DaemonSet\n{volumes}")).collect();
    refused("many-without-a-name", &LIST, &many.join("---\n"));
    // What doesn't change needs no name.
    let settled = fragment.replace("kubelet/pods}", "other/pods}");
    assert_eq!(common::run(&LIST, settled.as_bytes()).status.code(), Some(0));
}

#[test]
fn there_is_one_destination_and_two_forms() {
    for other in [&["--in-place"][..], &["--diff"], &["--output-dir", "x"]] {
        let ran = common::run(&[&LIST[..], other, &["Cargo.toml"]].concat(), b"");
        assert_eq!(ran.status.code(), Some(2), "{other:?}");
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(said.contains("cannot be used with"), "{said}");
    }
    refused("unknown-form", &["--kubelet-root", TO, "--emit", "helm"], "");
    refused("before-a-command", &[&LIST[..], &["check"]].concat(), "");
}

/// Renderings that kustomize refuses for reasons of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    renderings: Vec<String>,
    /// A part of what kustomize says.
    says: String,
    why: String,
}

#[test]
fn kustomize_builds_charts_as_they_are_rewritten_and_as_their_authors_render_them() {
    let Some(shared) = shared("emit") else { return };
    if !kustomize::is_there("emit") {
        return;
    }
    let accepted: Vec<Accepted> = serde_yaml::from_str(&testdata("oracle/accepted.yaml")).unwrap();
    let refused: Vec<Refused> = serde_yaml::from_str(&testdata("emit/refused.yaml")).unwrap();
    assert!(refused.iter().all(|entry| !entry.why.is_empty()));
    let mut unused: BTreeSet<&str> =
        refused.iter().flat_map(|entry| &entry.renderings).map(String::as_str).collect();
    let (mut built_charts, mut equal, mut tested) = (0, 0, 0);

    for folder in renderings(&shared.join("oracle")) {
        let name = folder.strip_prefix(shared.join("oracle")).unwrap().to_str().unwrap().to_owned();
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let source = source(&read("default.yaml"));
        let plan = try_plan(&source, &options_for(&name)).unwrap();
        let component = emitted(&source, &plan).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let entry = refused.iter().find(|entry| entry.renderings.contains(&name));
        if let Some(entry) = entry {
            let error = build(source.text(), "", &[]).unwrap_err();
            assert!(error.contains(&entry.says), "{name}: {error}");
            unused.remove(name.as_str());
            continue;
        }
        let built = with_component(source.text(), &component);
        let built = built.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_same(&built, &build(&plan.output, "", &[]).unwrap(), &name);
        // The same past kustomize, where it doesn't change a text of its own accord.
        let differs = difference(&built, &plan.output);
        assert_eq!(differs.is_some(), ALTERED.contains(&name.as_str()), "{name}: {differs:?}");
        built_charts += 1;

        let (chart, variant) = name.split_once('/').unwrap();
        let is_listed = |entry: &Accepted| {
            entry.chart == chart && entry.variants.iter().any(|listed| listed == variant)
        };
        if variant != "full-winroot" && !accepted.iter().any(is_listed) {
            let theirs = build(&read("relocated.yaml"), "", &[]).unwrap();
            let differences = compare(&built, &theirs);
            assert!(differences.is_empty(), "{name}: {differences:?}");
            equal += 1;
        }
        if component.contains("op: replace") {
            let again = with_component(&plan.output, &component).unwrap_err();
            assert!(again.contains("test failed"), "{name}: {again}");
            tested += 1;
        }
    }
    assert!(unused.is_empty(), "kustomize isn't asked about {unused:?}");
    assert!(built_charts >= 150, "only {built_charts} renderings were built");
    assert!(equal >= 100, "only {equal} renderings were compared with the author's");
    assert!(tested >= 120, "only {tested} renderings were built again");
}

/// Every folder of the oracle with a pair of renderings.
fn renderings(oracle: &Path) -> Vec<std::path::PathBuf> {
    let charts = std::fs::read_dir(oracle).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = charts
        .flat_map(|chart| VARIANTS.map(|variant| chart.join(variant)))
        .filter(|folder| folder.join("default.yaml").is_file())
        .collect();
    folders.sort();
    folders
}

fn options_for(rendering: &str) -> Options {
    let windows = rendering.ends_with("full-winroot");
    let windows = windows.then(|| WindowsRoot::parse("C:\\data\\kubelet").unwrap());
    Options { windows, ..options(TO) }
}

#[test]
fn kustomize_builds_csi_driver_nfs_as_it_is_rewritten() {
    let Some(shared) = shared("emit") else { return };
    if !kustomize::is_there("emit") {
        return;
    }
    let folder = shared.join("corpus/csi-driver-nfs/main-d3b27c00_v4.11.0");
    let ran = common::run(&[&COMPONENT[..], &[folder.to_str().unwrap()]].concat(), b"");
    assert_eq!(ran.status.code(), Some(0));
    let component = String::from_utf8(ran.stdout).unwrap();
    let texts: Vec<String> =
        manifests(&folder).iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let rewritten: Vec<String> = texts.iter().map(|text| moved(text)).collect();
    let built = with_component(&texts.join("\n---\n"), &component).unwrap();
    assert_same(&built, &rewritten.join("\n---\n"), "csi-driver-nfs");
    assert!(!built.contains("/var/lib/kubelet"), "{built}");
    let again = with_component(&rewritten.join("\n---\n"), &component).unwrap_err();
    assert!(again.contains("test failed"), "{again}");
}

/// Published manifests that change, each on its own. A few are no objects, or have a key twice.
#[test]
fn kustomize_builds_published_manifests_as_they_are_rewritten() {
    let Some(shared) = shared("emit") else { return };
    if !kustomize::is_there("emit") {
        return;
    }
    let mut compared = 0;
    for file in manifests(&shared.join("corpus")) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        compared += usize::from(is_built_as_rewritten(&file.display().to_string(), &text));
    }
    assert!(compared >= 335, "only {compared} manifests were compared");
}

/// Whether a text changes and can be had as patches, and kustomize takes it. Panics when what
/// kustomize builds with the patches isn't what the rewrite writes.
fn is_built_as_rewritten(name: &str, text: &str) -> bool {
    let source = source(text);
    let Ok(plan) = try_plan(&source, &options(TO)) else { return false };
    let component = match emitted(&source, &plan) {
        Ok(component) => component,
        Err(EmitError::Problems(_)) => return false,
        Err(EmitError::Fault(fault)) => panic!("{name}: {fault}"),
    };
    if !component.contains("- op: ") || build(text, "", &[]).is_err() {
        return false;
    }
    let built = with_component(text, &component).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_same(&built, &build(&plan.output, "", &[]).unwrap(), name);
    true
}

#[test]
fn every_snapshot_belongs_to_a_run() {
    let here = include_str!("emit.rs");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/emit");
    for entry in std::fs::read_dir(folder).expect("snapshots") {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".snap").unwrap_or_else(|| panic!("{name} is no snapshot"));
        assert!(here.contains(&format!("\"{stem}\"")), "{name} belongs to no run");
    }
}
