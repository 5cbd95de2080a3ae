//! The real kustomize and kubectl run the program: as a function, as a plugin, and as the gate
//! behind a build.
//!
//! Written against kustomize 5.7.1 and kubectl 1.32 (kustomize 5.5.0).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "kustomize/objects.rs"]
mod objects;
#[path = "kustomize/tools.rs"]
mod tools;

use common::{Folder, TO, moved, options, shared, source, testdata, try_plan};
use objects::objects;
use std::fmt::Write as _;
use tools::{CONFIG_HOME, is_there, run};

const BUILD: [&str; 4] = ["kustomize", "build", "--enable-alpha-plugins", "--enable-exec"];

/// What kustomize and kubectl are told when a plugin is to run.
const PLUGIN_BUILDS: [&[&str]; 2] = [
    &["kustomize", "build", "--enable-alpha-plugins"],
    &["kubectl", "kustomize", "--enable-alpha-plugins"],
];

/// Where the plugin is, below the home of plugins.
const PLACE: &str = "kustomize/plugin/csi-relocate/v1/csirelocate/CsiRelocate";

const PLAIN: &str = "\
apiVersion: csi-relocate/v1
kind: CsiRelocate
metadata:
  name: relocate
spec:
  kubeletRoot: /data/kubelet
";

/// Charts that kustomize can't read: a key is there twice.
const REFUSED: [&str; 1] = ["azuredisk-csi-driver@v1.1.0"];

/// Charts whose program can't work below another root, which is an error by every way.
const BUILT_IN: [&str; 1] = ["dra-driver-cpu"];

/// The component that users are offered.
const COMPONENT: &str = include_str!("../docs/integrations/kustomize/kustomization.yaml");

/// Its configuration, of a function.
const FUNCTION: &str = include_str!("../docs/integrations/kustomize/relocate.yaml");

#[test]
fn the_component_is_the_one_of_the_documentation() {
    let page = include_str!("../docs/integrations/kustomize.md");
    for (name, file) in [("kustomization", COMPONENT), ("relocate", FUNCTION)] {
        let block = format!("<!-- file: relocate/{name}.yaml -->\n```yaml\n{file}```\n");
        assert!(page.contains(&block), "{name}");
    }
    let plain = FUNCTION.split_once("  annotations:").unwrap().0;
    assert!(PLAIN.starts_with(plain));
}

/// A driver, a component that relocates, and an overlay that uses both.
fn tree(driver: &str, config: &str) -> Folder {
    Folder::with(&[
        ("base/kustomization.yaml", "resources: [driver.yaml]\n"),
        ("base/driver.yaml", driver),
        ("relocate/kustomization.yaml", COMPONENT),
        ("relocate/relocate.yaml", config),
        ("prod/kustomization.yaml", "resources: [../base]\ncomponents: [../relocate]\n"),
    ])
}

fn driver() -> String {
    testdata("csi-example-node.yaml")
}

/// A driver whose rewrite has an error finding.
fn wrong() -> String {
    driver().replace("Bidirectional", "HostToContainer")
}

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    words.iter().chain(more).copied().collect()
}

/// Puts the plugin where the folder's tools look for it.
fn install(folder: &Folder) {
    let ran = run(folder, &["csi-relocate", "install-plugin"]);
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
}

#[test]
fn a_component_relocates_what_is_built() {
    if !is_there("a_component_relocates_what_is_built", "kustomize") {
        return;
    }
    let folder = tree(&driver(), FUNCTION);
    let ran = run(&folder, &with(&BUILD, &["prod"]));
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    assert_eq!(objects(&ran.result), objects(&moved(&driver())));
    assert_eq!(ran.talk, "5 sites moved, 2 kept, 0 findings\n");
    assert!(!ran.result.contains("annotations"), "{}", ran.result);
}

#[test]
fn an_error_stops_the_build_and_is_told() {
    if !is_there("an_error_stops_the_build_and_is_told", "kustomize") {
        return;
    }
    let folder = tree(&wrong(), FUNCTION);
    let ran = run(&folder, &with(&BUILD, &["prod"]));
    assert_eq!((ran.code, ran.result.as_str()), (Some(1), ""));
    assert!(ran.talk.contains("error[propagation-missing]"), "{}", ran.talk);
    assert!(ran.talk.contains("--> DaemonSet kube-system/csi-example-node, "), "{}", ran.talk);
    let folder = tree(&driver(), &FUNCTION.replace("kubeletRoot", "kubeletRot"));
    let ran = run(&folder, &with(&BUILD, &["prod"]));
    assert_eq!((ran.code, ran.result.as_str()), (Some(1), ""));
    assert!(ran.talk.contains("did you mean spec.kubeletRoot?"), "{}", ran.talk);
}

#[test]
fn a_function_that_kustomize_passes_over_in_silence_is_caught_by_the_gate() {
    if !is_there("a_function_that_kustomize_passes_over_in_silence", "kustomize") {
        return;
    }
    let folder = tree(&driver(), FUNCTION);
    let gate = ["check", "--kubelet-root", TO, "-"];
    for (build, runs) in [(&BUILD[..], true), (&BUILD[..3], false)] {
        let built = run(&folder, &with(build, &["prod"]));
        assert_eq!(built.code, Some(0), "{}", built.talk);
        // That is the trap: without --enable-exec all looks well.
        assert_eq!(built.result.contains("/data/kubelet"), runs);
        let judged = folder.run_with(&gate, &built.result);
        assert_eq!(judged.code, Some(if runs { 0 } else { 1 }), "{}", judged.result);
    }
    if is_there("a_function_that_kubectl_passes_over_in_silence", "kubectl") {
        let built = run(&folder, &with(PLUGIN_BUILDS[1], &["prod"]));
        assert_eq!(built.code, Some(0), "{}", built.talk);
        assert_eq!(folder.run_with(&gate, &built.result).code, Some(1));
    }
    // A build that fails hands nothing on, and that is no consent either.
    assert_eq!(folder.run_with(&gate, "").code, Some(3));
}

#[test]
fn fn_run_writes_the_files_and_the_results() {
    if !is_there("fn_run_writes_the_files_and_the_results", "kustomize") {
        return;
    }
    let other =
        driver().replace("/var/lib/kubelet/plugins_registry", "/opt/kubelet/plugins_registry");
    let run_on = |driver: &str| {
        let files = [("app/driver.yaml", driver), ("app/relocate.yaml", FUNCTION)];
        let folder = Folder::with(&files);
        // kustomize doesn't create it.
        std::fs::create_dir(folder.join("results")).unwrap();
        let words = ["kustomize", "fn", "run", "--enable-exec", "--results-dir", "results", "app"];
        let ran = run(&folder, &words);
        (folder, ran)
    };
    let (folder, ran) = run_on(&driver());
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    assert_eq!(objects(&folder.read("app/driver.yaml")), objects(&moved(&driver())));
    assert!(folder.read("app/driver.yaml").contains("# the kubelet's view"), "comments stay");
    assert_eq!(folder.read("app/relocate.yaml"), FUNCTION.to_owned());

    let (folder, ran) = run_on(&other);
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    let results: serde_yaml::Value =
        serde_yaml::from_str(&folder.read("results/results-0.yaml")).unwrap();
    let result = &results[0];
    assert_eq!(result["tags"]["rule"], "other-root");
    assert_eq!(result["severity"], "warning");
    assert_eq!(result["file"]["path"], "driver.yaml");
    assert_eq!(result["resourceRef"]["name"], "csi-example-node");

    // An error: no file is written, the results are.
    let (folder, ran) = run_on(&wrong());
    assert_eq!(ran.code, Some(1), "{}", ran.talk);
    assert_eq!(folder.read("app/driver.yaml"), wrong());
    assert!(folder.read("results/results-0.yaml").contains("propagation-missing"));
}

#[test]
fn the_plugin_runs_in_kustomize_and_in_kubectl() {
    for build in PLUGIN_BUILDS {
        if !is_there("the_plugin_runs_in_kustomize_and_in_kubectl", build[0]) {
            continue;
        }
        let folder = tree(&driver(), PLAIN);
        std::fs::create_dir_all(folder.join(CONFIG_HOME)).unwrap();
        let before = run(&folder, &with(build, &["prod"]));
        assert_eq!(before.code, Some(1), "there is no plugin yet: {}", before.result);
        install(&folder);
        let ran = run(&folder, &with(build, &["prod"]));
        assert_eq!(ran.code, Some(0), "{}", ran.talk);
        assert_eq!(objects(&ran.result), objects(&moved(&driver())), "{build:?}");

        // Further arguments are options.
        let more = PLAIN.replace("spec:", "argsOneLiner: --from /opt/kubelet --quiet\nspec:");
        folder.write("relocate/relocate.yaml", &more);
        folder.write("base/driver.yaml", &driver().replace("/var/lib/kubelet", "/opt/kubelet"));
        let ran = run(&folder, &with(build, &["prod"]));
        assert!(ran.result.contains("/data/kubelet/pods"), "{}{}", ran.talk, ran.result);
        assert_eq!(ran.talk, "");

        // What is wrong stops the build and is told.
        let builds = [
            (wrong(), PLAIN.to_owned(), "error[propagation-missing]"),
            (
                driver(),
                PLAIN.replace("kubeletRoot", "kubeletRot"),
                "did you mean spec.kubeletRoot?",
            ),
            (driver(), PLAIN.replace("/data", "data"), "it is relative"),
            (driver(), PLAIN.replace("spec:", "argsOneLiner: --diff\nspec:"), "argsOneLiner"),
        ];
        for (driver, config, expected) in builds {
            folder.write("base/driver.yaml", &driver);
            folder.write("relocate/relocate.yaml", &config);
            let ran = run(&folder, &with(build, &["prod"]));
            assert_eq!((ran.code, ran.result.as_str()), (Some(1), ""), "{expected}");
            assert!(ran.talk.contains(expected), "{}", ran.talk);
        }
    }
}

#[test]
fn the_plugin_is_installed_where_it_is_looked_for_and_only_once() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let install = || run(&folder, &["csi-relocate", "install-plugin"]);
    let first = install();
    assert_eq!(first.code, Some(0), "{}", first.talk);
    let place = folder.join(CONFIG_HOME).join(PLACE);
    let told = format!("installed {}\n", place.display());
    assert!(first.result.starts_with(&told), "{}", first.result);
    assert!(!first.result.contains("export"), "{}", first.result);
    assert_eq!(place.metadata().unwrap().permissions().mode() & 0o777, 0o755);
    let before = place.metadata().unwrap().modified().unwrap();
    assert!(install().result.contains(" is this program already\n"));
    assert_eq!(place.metadata().unwrap().modified().unwrap(), before);
    // One that may not be run is mended.
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(install().result.starts_with("installed "));
    assert_eq!(place.metadata().unwrap().permissions().mode() & 0o777, 0o755);

    let ran = run(&folder, &["csi-relocate", "install-plugin", "--to", "mine"]);
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    // kustomize takes no relative folder.
    let typed = format!("  export KUSTOMIZE_PLUGIN_HOME={}\n", folder.join("mine").display());
    assert!(ran.result.contains(&typed), "{}", ran.result);
    assert!(folder.join("mine/csi-relocate/v1/csirelocate/CsiRelocate").is_file());

    folder.write("file", "");
    let ran = run(&folder, &["csi-relocate", "install-plugin", "--to", "file"]);
    assert_eq!((ran.code, ran.result.as_str()), (Some(2), ""));
    assert!(ran.talk.starts_with("error: can't create file/csi-relocate"), "{}", ran.talk);
    let mut lost = tools::command(&folder, "csi-relocate");
    let lost = lost.arg("install-plugin").env_remove("HOME").env_remove("XDG_CONFIG_HOME");
    let output = lost.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--to DIR names the folder"));
}

#[test]
fn every_chart_comes_out_the_same_by_every_way() {
    let test = "every_chart_comes_out_the_same_by_every_way";
    let Some(shared) = shared(test) else { return };
    if !is_there(test, "kustomize") {
        return;
    }
    let mut charts: Vec<_> = std::fs::read_dir(shared.join("oracle"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("default/default.yaml"))
        .filter(|path| path.is_file())
        .collect();
    charts.sort();
    let (mut problems, mut same, mut refused) = (String::new(), 0, Vec::new());
    for chart in &charts {
        let text = std::fs::read_to_string(chart).unwrap();
        let name = chart.ancestors().nth(2).unwrap().file_name().unwrap().display().to_string();
        let direct = try_plan(&source(&text), &options(TO)).unwrap().output;
        // kustomize writes some values in other ways (folded texts, floats, nulls), so that the
        // direct rewrite goes through it, too, as a resource.
        let folder = tree(&direct, PLAIN);
        let built = run(&folder, &["kustomize", "build", "base"]);
        if built.code != Some(0) {
            refused.push(name);
            continue;
        }
        let expected = objects(&built.result).unwrap();
        let lax = |config: &str| config.replace("spec:\n", "argsOneLiner: --quiet\nspec:\n");
        for (way, config, build) in [
            ("function", FUNCTION.to_owned(), &BUILD[..]),
            ("plugin", lax(PLAIN), PLUGIN_BUILDS[0]),
        ] {
            let folder = tree(&text, &config);
            std::fs::create_dir_all(folder.join(CONFIG_HOME)).unwrap();
            let place = folder.join(CONFIG_HOME).join(PLACE);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_csi-relocate"), &place).unwrap();
            let ran = run(&folder, &with(build, &["prod"]));
            if BUILT_IN.contains(&name.as_str()) {
                let is_told = ran.code != Some(0) && ran.talk.contains("error[built-in-root]");
                if is_told {
                    same += 1;
                } else {
                    let _ = writeln!(problems, "{name} by {way} isn't refused: {}", ran.talk);
                }
            } else if ran.code != Some(0) {
                let _ = writeln!(problems, "{name} by {way}: {}", ran.talk);
            } else if objects(&ran.result).as_ref() == Some(&expected) {
                same += 1;
            } else {
                let built = objects(&ran.result).unwrap_or_default();
                let differ =
                    expected.iter().filter(|(name, object)| built.get(*name) != Some(object));
                let names: Vec<&str> = differ.map(|(name, _)| name.as_str()).collect();
                let _ = writeln!(problems, "{name} by {way}: {}", names.join(", "));
            }
        }
    }
    assert!(problems.is_empty(), "{same} the same, {refused:?} refused\n{problems}");
    assert_eq!(refused, REFUSED);
    assert_eq!(same, 2 * (charts.len() - REFUSED.len()));
    assert!(same >= 160, "only {same} builds");
}
