//! The plugin of the page on Argo CD, run as Argo CD's server for plugins runs it.
//!
//! Read in the source of v3.6.1, `cmpserver/plugin/plugin.go`: the command with its arguments is
//! executed without a shell, in the application's folder of a copy of the repository, with the
//! sidecar's environment and the application's. `discover` matches when it succeeds and says
//! something; `generate` counts when it succeeds, and all it says has to be objects.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use common::tools::{has_tool, path};
use common::{Folder, TO, testdata};
use serde::Deserialize as _;
use serde_yaml::Value;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

/// The folder of the application in the repository.
const APP: &str = "clusters/files";

const KUSTOMIZATION: &str = "resources: [driver.yaml]\n";

/// A driver that nobody has moved.
fn driver() -> String {
    testdata("rules/clean.yaml").replace(TO, "/var/lib/kubelet")
}

/// A driver whose mounts don't reach the node, which csi-relocate doesn't decide for its authors.
fn unfixable() -> String {
    testdata("rules/propagation-missing.host-to-container.yaml").replace(TO, "/var/lib/kubelet")
}

/// A fenced block of the page, by the file that it is.
fn block(name: &str) -> Value {
    let page = include_str!("../docs/integrations/argo-cd.md");
    let begin = format!("<!-- file: {name} -->\n```yaml\n");
    let (_, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{name} isn't on the page"));
    serde_yaml::from_str(rest.split_once("```\n").unwrap().0).unwrap()
}

fn kustomize_is_there(test: &str) -> bool {
    has_tool(test, "kustomize")
}

/// What a command came to.
#[derive(Debug)]
struct Ran {
    is_success: bool,
    stdout: String,
    stderr: String,
}

/// Runs a command of the plugin as the server does.
fn run(command: &Value, folder: &Path, variables: &[(&str, &str)]) -> Ran {
    let words = ["command", "args"]
        .iter()
        .flat_map(|key| command[*key].as_sequence().cloned().unwrap_or_default());
    let words: Vec<String> = words.map(|word| word.as_str().unwrap().to_owned()).collect();
    let output = Command::new(&words[0])
        .args(&words[1..])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path())
        .env("HOME", "/home/argocd")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        is_success: output.status.success(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// What Argo CD gives to every application, and the application's own variables.
fn variables<'a>(own: &[(&str, &'a str)]) -> Vec<(String, &'a str)> {
    let given = [("ARGOCD_APP_NAME", "files"), ("ARGOCD_APP_NAMESPACE", "storage")];
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), *value));
    given.chain(own.iter().map(|(name, value)| (format!("ARGOCD_ENV_{name}"), *value))).collect()
}

fn ask(phase: &str, repository: &Folder, own: &[(&str, &str)]) -> Ran {
    let plugin = block("plugin.yaml");
    let command = match phase {
        "discover" => &plugin["spec"]["discover"]["find"],
        phase => &plugin["spec"][phase],
    };
    let variables = variables(own);
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    run(command, &repository.join(APP), &variables)
}

fn is_discovered(repository: &Folder, own: &[(&str, &str)]) -> bool {
    let ran = ask("discover", repository, own);
    assert!(ran.is_success, "{}", ran.stderr);
    !ran.stdout.trim_end_matches('\n').is_empty()
}

fn generate(repository: &Folder, root: &str) -> Ran {
    ask("generate", repository, &[("KUBELET_ROOT", root)])
}

/// Every object of a stream; the server refuses what isn't one.
fn objects(stdout: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(stdout);
    let documents = documents.map(|one| Value::deserialize(one).unwrap());
    let objects: Vec<Value> = documents.filter(|object| !object.is_null()).collect();
    for object in &objects {
        for name in [&object["apiVersion"], &object["kind"], &object["metadata"]["name"]] {
            assert!(name.is_string(), "no object:\n{object:?}");
        }
    }
    objects
}

/// A repository with these files in the application's folder.
fn repository(files: &[(&str, &str)]) -> Folder {
    let repository = Folder::new();
    std::fs::create_dir_all(repository.join(APP)).unwrap();
    for (name, text) in files {
        repository.write(Path::new(APP).join(name), text);
    }
    repository
}

/// That a run failed, gave Argo CD nothing to apply, and said this.
fn assert_refused(ran: &Ran, why: &str) {
    assert!(!ran.is_success, "{}", ran.stdout);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
}

#[test]
fn the_server_takes_the_configuration() {
    let plugin = block("plugin.yaml");
    assert_eq!(plugin["apiVersion"], "argoproj.io/v1alpha1");
    assert_eq!(plugin["kind"], "ConfigManagementPlugin");
    let keys = |value: &Value| -> Vec<String> {
        let keys = value.as_mapping().unwrap().keys();
        keys.map(|key| key.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(&plugin["spec"]), ["discover", "generate"]);
    assert_eq!(keys(&plugin["spec"]["generate"]), ["command", "args"]);
    // An application names the plugin by its name alone as long as it has no version.
    let application = block("application.yaml");
    assert_eq!(application["spec"]["source"]["plugin"]["name"], plugin["metadata"]["name"]);
    assert_eq!(application["spec"]["source"]["plugin"]["env"][0]["name"], "KUBELET_ROOT");
}

#[test]
fn the_sidecar_has_what_it_mounts() {
    let pod = &block("sidecar.yaml")["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    assert_eq!(container["securityContext"]["runAsUser"], 999);
    let volumes: Vec<&Value> =
        pod["volumes"].as_sequence().unwrap().iter().map(|volume| &volume["name"]).collect();
    for mount in container["volumeMounts"].as_sequence().unwrap() {
        let name = &mount["name"];
        let is_argos = *name == "var-files" || *name == "plugins";
        assert!(is_argos || volumes.contains(&name), "{name:?}");
    }
}

#[test]
fn only_applications_with_a_root_are_taken() {
    let repository = repository(&[("kustomization.yaml", KUSTOMIZATION)]);
    assert!(is_discovered(&repository, &[("KUBELET_ROOT", TO)]));
    assert!(!is_discovered(&repository, &[]));
    assert!(!is_discovered(&repository, &[("KUBELET_ROOT", "")]));
    assert!(!is_discovered(&repository, &[("OTHER", "x")]));
}

#[test]
fn a_good_application_is_moved() {
    if !kustomize_is_there("a_good_application_is_moved") {
        return;
    }
    for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
        let repository = repository(&[(name, KUSTOMIZATION), ("driver.yaml", &driver())]);
        let ran = generate(&repository, TO);
        assert!(ran.is_success, "{name}: {}", ran.stderr);
        assert!(!ran.stdout.contains("/var/lib/kubelet"), "{}", ran.stdout);
        let objects = objects(&ran.stdout);
        assert_eq!(objects.len(), 3);
        let daemon_set = objects.iter().find(|object| object["kind"] == "DaemonSet").unwrap();
        let pods = &daemon_set["spec"]["template"]["spec"]["volumes"][2]["hostPath"]["path"];
        assert_eq!(pods, "/data/kubelet/pods");
    }
}

#[test]
fn plain_manifests_are_moved() {
    let extra =
        "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"storage\"}}";
    // Neither ends in a line break; what lies in a folder below isn't the application's.
    let files = [
        ("a=b.yaml", driver()),
        ("namespace.json", extra.to_owned()),
        ("z.yml", extra.replace("storage", "other")),
        ("below/broken.yaml", "a: [".to_owned()),
    ];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let ran = generate(&repository(&files), TO);
    assert!(ran.is_success, "{}", ran.stderr);
    assert!(!ran.stdout.contains("/var/lib/kubelet"), "{}", ran.stdout);
    assert_eq!(objects(&ran.stdout).len(), 5);
}

#[test]
fn a_driver_that_would_lose_data_is_refused() {
    if !kustomize_is_there("a_driver_that_would_lose_data_is_refused") {
        return;
    }
    let files = [("kustomization.yaml", KUSTOMIZATION), ("driver.yaml", &unfixable())];
    assert_refused(&generate(&repository(&files), TO), "error[propagation-missing]");
    assert_refused(&generate(&repository(&files[1..]), TO), "error[propagation-missing]");
}

#[test]
fn a_broken_build_gives_nothing_to_apply() {
    if !kustomize_is_there("a_broken_build_gives_nothing_to_apply") {
        return;
    }
    let broken = "resources: [driver.yaml, missing.yaml]\n";
    let files = [("kustomization.yaml", broken), ("driver.yaml", &driver())];
    assert_refused(&generate(&repository(&files), TO), "missing.yaml");
    // The build may break after it has said something; the server sees no half of it.
    let tools = Folder::new();
    tools.write("kustomize", "#!/bin/sh\ncat driver.yaml\nexit 1\n");
    make_executable(&tools.join("kustomize"));
    let plugin = block("plugin.yaml");
    let mut path_with_tools = OsString::from(tools.path());
    path_with_tools.push(":");
    path_with_tools.push(path());
    let variables = [("ARGOCD_ENV_KUBELET_ROOT", TO), ("PATH", path_with_tools.to_str().unwrap())];
    let repository = repository(&files);
    assert_refused(&run(&plugin["spec"]["generate"], &repository.join(APP), &variables), "");
}

fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn nothing_is_never_applied() {
    assert_refused(&generate(&repository(&[]), TO), "no Kubernetes object was seen");
    let values = [("values.yaml", "kubeletDir: /var/lib/kubelet\n")];
    assert_refused(&generate(&repository(&values), TO), "no Kubernetes object was seen");
}

#[test]
fn a_root_is_a_value_and_no_command() {
    let driver = driver();
    let repository = repository(&[("driver.yaml", &driver)]);
    for root in ["$(touch pwned)", "`touch pwned`", "/data; touch pwned", "--help", "relative", " "]
    {
        assert_refused(&generate(&repository, root), "error: ");
        assert!(!repository.join(APP).join("pwned").exists(), "{root}");
    }
    let without = ask("generate", &repository, &[]);
    assert_refused(&without, "is not set in spec.source.plugin.env of the Application");
}
