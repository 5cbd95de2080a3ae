//! The program as a KRM function: a list of objects comes in, and goes out with its objects
//! moved, every other byte as it was, and what was found as results.
//!
//! `testdata/krm` has what kustomize 5.7.1 really sends, and a list as kpt sends it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{Folder, program, run, testdata};
use serde_yaml::Value;
use std::io::Write as _;
use std::process::Stdio;

const CONFIG: &str = "apiVersion: csi-relocate/v1\nkind: CsiRelocate\nmetadata:\n  name: here\n";

/// A volume of a pod, in a root, as an item of a list.
const POD: &str = "\
- apiVersion: v1
  kind: Pod
  metadata:
    name: one
    annotations:
      internal.config.kubernetes.io/path: 'a/b.yaml'
      internal.config.kubernetes.io/index: '2'
      internal.config.kubernetes.io/id: '/var/lib/kubelet'
      kustomize.config.k8s.io/id: |
        kind: Pod /var/lib/kubelet
  spec:
    volumes:
    - name: pods   # stays as it is written
      hostPath: {path: \"/var/lib/kubelet/pods\"}
";

#[derive(Debug)]
struct Answer {
    code: i32,
    text: String,
    talk: String,
    list: Value,
}

impl Answer {
    fn of(arguments: &[&str], input: &str) -> Self {
        let output = run(arguments, input.as_bytes());
        let text = String::from_utf8(output.stdout).unwrap();
        let talk = String::from_utf8(output.stderr).unwrap();
        let bare = text.trim_start_matches('\u{feff}');
        let list = serde_yaml::from_str(bare).unwrap_or_else(|error| panic!("{error}:\n{talk}"));
        Self { code: output.status.code().unwrap(), text, talk, list }
    }

    /// With no arguments, as it is run.
    fn to(input: &str) -> Self {
        Self::of(&[], input)
    }

    fn results(&self) -> &[Value] {
        self.list["results"].as_sequence().map_or(&[], Vec::as_slice)
    }

    fn message(&self) -> &str {
        assert_eq!(self.results().len(), 1, "{}", self.text);
        self.results()[0]["message"].as_str().unwrap()
    }

    /// Refused because of its configuration: the objects are as they were.
    fn refused(&self, input: &str) -> &str {
        assert_eq!(self.code, 1, "{}", self.text);
        assert!(self.text.starts_with(input), "{}", self.text);
        assert_eq!(self.results()[0]["severity"], "error");
        let message = self.message();
        assert_eq!(self.talk, format!("error: {message}\n"));
        message
    }
}

fn list(items: &str, config: &str) -> String {
    let config: String = config.lines().map(|line| format!("  {line}\n")).collect();
    let config =
        if config.is_empty() { String::new() } else { format!("functionConfig:\n{config}") };
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}{config}")
}

/// A list with a configuration of the own kind.
fn with_spec(items: &str, spec: &str) -> String {
    let spec: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    list(items, &format!("{CONFIG}spec:\n{spec}"))
}

/// A pod that is found to be wrong: propagation is asked for and isn't enough.
fn wrong() -> String {
    testdata("krm/fn-run.yaml").replace("Bidirectional", "HostToContainer")
}

/// The objects of a list with every path of the example driver moved that moves.
fn driver_moved(text: &str) -> String {
    text.replace("/var/lib/kubelet/p", "/data/kubelet/p")
}

#[test]
fn what_kustomize_sends_comes_back_moved_and_otherwise_byte_by_byte() {
    for name in ["krm/kustomize-build.yaml", "krm/fn-run.yaml"] {
        let sent = testdata(name);
        let answer = Answer::to(&sent);
        assert_eq!(answer.code, 0, "{}", answer.talk);
        assert_eq!(answer.text, driver_moved(&sent), "{name}");
        assert_eq!(answer.talk, "5 sites moved, 2 kept, 0 findings\n");
    }
}

#[test]
fn what_kpt_sends_comes_back_moved_and_its_configuration_stays() {
    let sent = testdata("krm/kpt-eval.yaml");
    let answer = Answer::to(&sent);
    assert_eq!(answer.code, 0, "{}", answer.talk);
    let (items, config) = sent.split_once("functionConfig:").unwrap();
    let moved = items
        .replace("/var/lib/kubelet", "/data/kubelet")
        .replace("/opt/kubelet", "/data/kubelet")
        .replace("/pods\"}", "/pods\", mountPropagation: \"Bidirectional\"}");
    let expected = moved.replace("\"Bidirectional\"", "Bidirectional");
    assert!(answer.text == format!("{expected}functionConfig:{config}"), "{}", answer.text);
    assert!(answer.talk.contains("propagation restored in 1 mount"), "{}", answer.talk);
}

#[test]
fn the_version_of_the_format_is_echoed() {
    for version in ["v1", "v1beta1", "v1alpha1"] {
        let sent = testdata("krm/fn-run.yaml").replacen("io/v1", &format!("io/{version}"), 1);
        let answer = Answer::to(&sent);
        assert_eq!(answer.text, driver_moved(&sent));
        assert_eq!(answer.list["apiVersion"], format!("config.kubernetes.io/{version}"));
    }
}

#[test]
fn annotations_of_the_orchestrator_and_the_configuration_stay_although_they_name_the_root() {
    let sent =
        with_spec(POD, "kubeletRoot: /data/kubelet\nfrom: [/var/lib/kubelet, /opt/kubelet]\n");
    let answer = Answer::to(&sent);
    assert_eq!(answer.code, 0);
    let pods = "path: \"/var/lib/kubelet/pods\"";
    let expected = sent.replace(pods, "path: \"/data/kubelet/pods\"");
    assert!(answer.text.starts_with(&expected), "{}", answer.text);
    // Nothing is said of the configuration.
    for result in answer.results() {
        assert_eq!(result["resourceRef"]["name"], "one");
    }
    // Some orchestrators pass the configuration along as one of the objects, too.
    let spec = "spec:\n    kubeletRoot: /data/kubelet\n    from: [/var/lib/kubelet]\n";
    let sent = testdata("krm/fn-run.yaml").replace("spec:\n    kubeletRoot: /data/kubelet\n", spec);
    assert_eq!(sent.matches("from: [").count(), 2);
    let answer = Answer::to(&sent);
    assert_eq!(answer.text, driver_moved(&sent), "{}", answer.talk);
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}\n\
                  data: {kubeletRoot: /data/kubelet, from: \"/var/lib/kubelet, /opt/kubelet\"}\n";
    let item: String = config.lines().map(|line| format!("  {line}\n")).collect();
    let sent = list(&format!("-{}", &item[1..]), config);
    let answer = Answer::to(&sent);
    assert_eq!((answer.code, answer.text.as_str()), (0, sent.as_str()), "{}", answer.talk);
}

#[test]
fn a_configuration_as_an_object_of_a_plain_manifest_is_none_to_move() {
    let file = format!("{CONFIG}spec:\n  kubeletRoot: /data/kubelet\n  from: [/var/lib/kubelet]\n");
    let output = run(&["--kubelet-root", "/srv/kubelet"], file.as_bytes());
    assert_eq!(output.stdout, file.as_bytes());
    assert_eq!(output.stderr, b"0 sites moved, 0 kept, 0 findings\n");
}

#[test]
fn every_part_of_the_configuration_counts() {
    let spec = "kubeletRoot: /srv/kubelet\nfrom: [auto]\nwindowsKubeletRoot: D:\\kubelet\n";
    let answer = Answer::to(&with_spec(&POD.replace("/var/lib", "/opt"), spec));
    assert!(!answer.text.contains("/srv/kubelet/pods"), "pods alone are no evidence");
    let registry = POD.replace("/var/lib/kubelet/pods", "/opt/kubelet/plugins_registry");
    let answer = Answer::to(&with_spec(&registry, spec));
    assert!(answer.text.contains("/srv/kubelet/plugins_registry"), "{}", answer.text);
    let windows = POD.replace("\"/var/lib/kubelet/pods\"", "'C:\\var\\lib\\kubelet\\pods'");
    let answer = Answer::to(&with_spec(&windows, spec));
    assert!(answer.text.contains("'D:\\kubelet\\pods'"), "{}", answer.text);
}

#[test]
fn fail_on_says_which_findings_fail() {
    let other = testdata("krm/fn-run.yaml")
        .replace("/var/lib/kubelet/plugins_registry", "/opt/kubelet/plugins_registry");
    assert_eq!(Answer::to(&other).code, 0);
    assert_eq!(Answer::to(&other).results()[0]["severity"], "warning");
    let config = "functionConfig:\n";
    let (items, head) = other.split_once(config).unwrap();
    let strict = head.replace("spec:\n", "spec:\n    failOn: warning\n");
    assert_eq!(Answer::to(&format!("{items}{config}{strict}")).code, 1);
    let lax = head.replace("spec:\n", "spec:\n    failOn: error\n");
    assert_eq!(Answer::to(&format!("{items}{config}{lax}")).code, 0);
    assert_eq!(Answer::of(&["--fail-on", "warning"], &other).code, 1);
}

#[test]
fn an_error_is_a_result_and_exit_code_1_and_the_list_is_written() {
    let sent = wrong();
    let answer = Answer::to(&sent);
    assert_eq!(answer.code, 1);
    // What has to be stopped is the orchestrator, which reads the results.
    assert!(answer.text.starts_with(&driver_moved(&sent)), "{}", answer.text);
    let result = &answer.results()[0];
    assert_eq!(result["severity"], "error");
    assert_eq!(result["tags"]["rule"], "propagation-missing");
    assert!(result["message"].as_str().unwrap().contains("(help: write mountPropagation"));
    let object = &result["resourceRef"];
    assert_eq!(object["apiVersion"], "apps/v1");
    assert_eq!(object["kind"], "DaemonSet");
    assert_eq!(object["namespace"], "kube-system");
    assert_eq!(object["name"], "csi-example-node");
    let path = "spec.template.spec.containers[1].volumeMounts[1]";
    assert_eq!(result["field"]["path"], path);
    assert_eq!(result["file"]["path"], "driver.yaml");
    assert_eq!(result["file"]["index"], 0);
    let place = format!("\n  --> DaemonSet kube-system/csi-example-node in driver.yaml, {path}\n");
    assert!(answer.talk.starts_with("error[propagation-missing]: "), "{}", answer.talk);
    assert!(answer.talk.contains(&place), "{}", answer.talk);
}

#[test]
fn a_value_that_was_changed_is_told_with_both_forms() {
    let child = POD.replace("kubelet/pods", "kubelet/mine");
    let answer = Answer::to(&with_spec(&child, "kubeletRoot: /data/kubelet\n"));
    let of_rule = |rule: &str| {
        let mut results = answer.results().iter();
        results.find(|result| result["tags"]["rule"] == rule).expect(rule).clone()
    };
    let result = of_rule("unknown-child");
    assert_eq!(result["field"]["path"], "spec.volumes[0].hostPath.path");
    assert_eq!(result["field"]["currentValue"], "/var/lib/kubelet/mine");
    assert_eq!(result["field"]["proposedValue"], "/data/kubelet/mine");
    assert_eq!(result["file"]["path"], "a/b.yaml");
    assert_eq!(result["file"]["index"], 2);
}

#[test]
fn a_long_value_is_not_told_again_with_each_finding() {
    let paths = |count: usize| {
        let paths: String = (0..count).map(|at| format!("/var/lib/kubelet/x{at} ")).collect();
        let map = format!(
            "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {{name: c}}\n  data:\n    k: {paths}\n"
        );
        Answer::to(&with_spec(&map, "kubeletRoot: /data/kubelet\n"))
    };
    for (count, is_told) in [(10, true), (1000, false)] {
        let answer = paths(count);
        assert_eq!(answer.results().len(), count);
        for result in answer.results() {
            assert_eq!(result["field"]["path"], "data.k");
            assert_eq!(result["field"].get("currentValue").is_some(), is_told);
            assert_eq!(result["field"].get("proposedValue").is_some(), is_told);
        }
    }
}

#[test]
fn what_is_wrong_with_a_configuration_names_the_field_and_the_right_one() {
    for (spec, expected) in [
        (
            "kubeletRot: /data/kubelet",
            "unknown field spec.kubeletRot; did you mean spec.kubeletRoot?",
        ),
        ("kubelet-root: /data/kubelet", "spec.kubelet-root; did you mean spec.kubeletRoot?"),
        ("failon: error\nkubeletRoot: /a", "spec.failon; did you mean spec.failOn?"),
        (
            "colour: red\nkubeletRoot: /a",
            "unknown field spec.colour; known in spec are kubeletRoot",
        ),
        (
            "kubeletRoot: data/kubelet",
            "invalid value 'data/kubelet' for spec.kubeletRoot: it is relative",
        ),
        ("kubeletRoot: /data/kubelet/", "if you mean /data/kubelet, write that"),
        ("kubeletRoot:", "invalid value '' for spec.kubeletRoot: it is empty"),
        ("kubeletRoot: [/a]", "spec.kubeletRoot has to be one word"),
        ("from: [/opt/kubelet]", "spec.kubeletRoot is missing: which directory"),
        ("kubeletRoot: /a\nfrom: auto", "spec.from has to be a list of roots, or [auto]"),
        (
            "kubeletRoot: /a\nfrom: [/b, c]",
            "invalid value 'c' for spec.from[1]: it is no distribution",
        ),
        ("kubeletRoot: /a\nfailOn: warn", "for spec.failOn: it has to be error, warning or info"),
        (
            "kubeletRoot: /a\nwindowsKubeletRoot: /b",
            "for spec.windowsKubeletRoot: it names no drive",
        ),
        ("kubeletRoot: /var/lib", "/var/lib is an ancestor of /var/lib/kubelet"),
    ] {
        let sent = with_spec(POD, spec);
        let answer = Answer::to(&sent);
        let message = answer.refused(&sent);
        assert!(message.contains(expected), "{spec}: {message}");
        assert_eq!(answer.results()[0]["resourceRef"]["kind"], "CsiRelocate");
    }
    for (config, expected) in [
        (
            format!("{CONFIG}kubeletRoot: /a\nspec: {{kubeletRoot: /a}}\n"),
            "did you mean spec.kubeletRoot?",
        ),
        (format!("{CONFIG}sepc: {{}}\nspec: {{kubeletRoot: /a}}\n"), "did you mean spec?"),
        (
            format!("{CONFIG}argsOneLiner: -v\nspec: {{kubeletRoot: /a}}\n"),
            "a function takes no arguments",
        ),
        (format!("{CONFIG}spec: word\n"), "spec has to be a mapping"),
        (CONFIG.to_owned(), "spec.kubeletRoot is missing"),
        (CONFIG.replace("v1", "v2"), "it has to be csi-relocate/v1"),
        (
            CONFIG.replace("CsiRelocate", "Relocate"),
            "it has to be a CsiRelocate (csi-relocate/v1) or a ConfigMap",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\ndata: {kubeletRot: /a}\n".to_owned(),
            "did you mean data.kubeletRoot?",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\ndata: {kubeletRoot: /a, from: '/b, c'}\n".to_owned(),
            "'c' for data.from",
        ),
        ("apiVersion: v1\nkind: ConfigMap\n".to_owned(), "data.kubeletRoot is missing"),
        ("word\n".to_owned(), "it has to be a CsiRelocate"),
        (String::new(), "there is no functionConfig that says kubeletRoot"),
    ] {
        let sent = list(POD, &config);
        let answer = Answer::to(&sent);
        let message = answer.refused(&sent);
        assert!(message.contains(expected), "{config}: {message}");
    }
}

#[test]
fn several_problems_of_a_configuration_are_several_results() {
    let sent = with_spec(POD, "kubeletRoot: a/b/\nfailOn: all\nmore: 1\n");
    let answer = Answer::to(&sent);
    assert_eq!((answer.code, answer.results().len()), (1, 3), "{}", answer.text);
    assert_eq!(answer.results()[2]["field"]["path"], "spec.more");
    let clean = Answer::to(&with_spec(POD, "kubeletRoot: /a/b/\n"));
    let field = &clean.results()[0]["field"];
    assert_eq!(field["currentValue"], "/a/b/");
    assert_eq!(field["proposedValue"], "/a/b");
}

#[test]
fn what_is_typed_wins_over_the_configuration_and_that_over_the_environment() {
    let with = |root: &str| {
        let spec = if root.is_empty() { String::new() } else { format!("kubeletRoot: {root}\n") };
        if root.is_empty() { list(POD, "") } else { with_spec(POD, &spec) }
    };
    let root_of = |arguments: &[&str], environment: Option<&str>, input: &str| {
        let mut command = program();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some(root) = environment {
            command.env("CSI_RELOCATE_KUBELET_ROOT", root);
        }
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let path = output.split("hostPath: {path: \"").nth(1).unwrap().split('"').next().unwrap();
        path.strip_suffix("/pods").unwrap().to_owned()
    };
    let typed = ["--kubelet-root", "/typed"];
    assert_eq!(root_of(&typed, Some("/ambient"), &with("/config")), "/typed");
    // Also where the environment happens to say the same.
    assert_eq!(root_of(&typed, Some("/typed"), &with("/config")), "/typed");
    assert_eq!(root_of(&[], Some("/ambient"), &with("/config")), "/config");
    assert_eq!(root_of(&[], Some("/ambient"), &with("")), "/ambient");
    assert_eq!(root_of(&typed, None, &with("")), "/typed");
    // A configuration that is there has to say it.
    let partial = with_spec(POD, "from: [/var/lib/kubelet]\n");
    assert_eq!(root_of(&[], Some("/ambient"), &partial), "/var/lib/kubelet");
}

#[test]
fn json_stays_json() {
    let yaml: Value = serde_yaml::from_str(&wrong()).unwrap();
    let pretty = serde_json::to_string_pretty(&yaml).unwrap() + "\n";
    for sent in [serde_json::to_string(&yaml).unwrap(), pretty] {
        let answer = Answer::to(&sent);
        assert_eq!(answer.code, 1);
        let parsed: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(parsed["results"][0]["tags"]["rule"], "propagation-missing");
        let moved = driver_moved(&sent);
        let end = moved.trim_end().trim_end_matches('}').trim_end();
        assert!(answer.text.starts_with(end), "{}", answer.text);
        assert_eq!(answer.text.ends_with('\n'), sent.ends_with('\n'));
        // Lines stay lines, and one line stays one.
        assert_eq!(answer.text.lines().count() > 1, sent.lines().count() > 1);
        assert_eq!(Answer::to(&answer.text).text, answer.text);
    }
}

#[test]
fn results_that_are_there_stay_and_are_not_said_twice() {
    let sent = wrong();
    let answer = Answer::to(&sent);
    assert_eq!(Answer::to(&answer.text).text, answer.text, "a second run adds nothing");
    let own = &answer.results()[0];
    for before in [
        "results:\n- message: of another function /var/lib/kubelet\n  severity: info\n",
        "results:\n  - message: of another function /var/lib/kubelet\n    severity: info\n# an end\n",
        "results: [{message: of another function /var/lib/kubelet, severity: info}]\n",
    ] {
        let answer = Answer::to(&format!("{sent}{before}"));
        let expected = "of another function /var/lib/kubelet";
        assert_eq!(answer.results().len(), 2, "{}", answer.text);
        assert_eq!(answer.results()[0]["message"], expected);
        assert_eq!(&answer.results()[1], own);
        assert_eq!(Answer::to(&answer.text).text, answer.text);
        // Without a finding nothing is written.
        let fine = format!("{}{before}", testdata("krm/fn-run.yaml"));
        let (items, rest) = fine.split_once("functionConfig").unwrap();
        let expected = format!("{}functionConfig{rest}", driver_moved(items));
        assert_eq!(Answer::to(&fine).text, expected);
    }
    for empty in ["results: []\n", "results:\n", "results: null # none\n"] {
        let answer = Answer::to(&format!("{sent}{empty}"));
        assert_eq!(answer.results(), std::slice::from_ref(own), "{}", answer.text);
    }
    // The key may stand first.
    let first = sent.replacen("items:", "results: []\nitems:", 1);
    assert_eq!(Answer::to(&first).results(), std::slice::from_ref(own));
}

#[test]
fn what_is_said_of_another_place_is_said_once_more() {
    let answer = Answer::to(&wrong());
    let (list, said) = answer.text.split_once("results:").unwrap();
    let own = &answer.results()[0];
    let object = &own["resourceRef"];
    for (key, value) in [
        ("apiVersion", &object["apiVersion"]),
        ("kind", &object["kind"]),
        ("namespace", &object["namespace"]),
        ("name", &object["name"]),
        ("path", &own["field"]["path"]),
        ("rule", &own["tags"]["rule"]),
    ] {
        let line = format!("{key}: {}\n", value.as_str().unwrap());
        assert!(said.contains(&line), "{line}");
        let other = said.replace(&line, &format!("{key}: other\n"));
        let again = Answer::to(&format!("{list}results:{other}"));
        assert_eq!(again.results().len(), 2, "{key}: {}", again.text);
        // Its paths have moved since.
        for part in ["resourceRef", "field", "tags"] {
            assert_eq!(again.results()[1][part], own[part], "{key}");
        }
    }
}

#[test]
fn results_are_written_as_the_list_is() {
    let sent = wrong();
    let results = "results:\n- message: ";
    let plain = Answer::to(&sent).text;
    assert!(plain.contains(&format!("\n{results}")), "{plain}");
    let crlf = Answer::to(&sent.replace('\n', "\r\n")).text;
    assert_eq!(crlf, plain.replace('\n', "\r\n"));
    let bare = Answer::to(sent.trim_end()).text;
    assert_eq!(bare, plain.trim_end());
    let indented: String = sent.lines().map(|line| format!("  {line}\n")).collect();
    assert_eq!(Answer::to(&indented).results(), Answer::to(&sent).results());
    for (before, after) in [("---\n", "...\n"), ("\u{feff}", ""), ("# head\n---\n", "# tail\n\n")] {
        let answer = Answer::to(&format!("{before}{sent}{after}"));
        assert!(answer.text.starts_with(&format!("{before}{}", driver_moved(&sent))));
        assert!(answer.text.ends_with(after), "{}", answer.text);
        assert_eq!(answer.results().len(), 1, "{}", answer.text);
    }
    // The last value may be a text of several lines.
    let config = "apiVersion: v1\nkind: ConfigMap\ndata:\n  kubeletRoot: /data/kubelet\n  from: |\n    /var/lib/kubelet\n\n";
    let (items, _) = sent.split_once("functionConfig:").unwrap();
    let answer = Answer::to(&format!(
        "{items}functionConfig:\n{}",
        config.replace("\n", "\n  ").replacen("api", "  api", 1)
    ));
    assert_eq!(answer.results().len(), 1, "{}", answer.text);
}

#[test]
fn a_second_run_changes_nothing() {
    for name in ["krm/kustomize-build.yaml", "krm/fn-run.yaml", "krm/kpt-eval.yaml"] {
        let once = Answer::to(&testdata(name)).text;
        assert_eq!(Answer::to(&once).text, once, "{name}");
    }
}

#[test]
fn what_is_no_list_goes_on_as_ever() {
    let manifest = testdata("csi-example-node.yaml");
    let refused = run(&[], manifest.as_bytes());
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--kubelet-root is missing"));
    // A list among other documents is one of them.
    let both = format!("{}---\n{manifest}", testdata("krm/fn-run.yaml"));
    assert_eq!(run(&[], both.as_bytes()).status.code(), Some(2));
    assert_eq!(run(&["--kubelet-root", "/data/kubelet"], both.as_bytes()).status.code(), Some(0));
    // So is one in a file: it is no input of a function, and its configuration stays all the same.
    let folder = Folder::with(&[("list.yaml", &testdata("krm/fn-run.yaml"))]);
    let ran = folder.run(&["--kubelet-root", "/data/kubelet", "list.yaml"]);
    assert_eq!(ran.result, driver_moved(&testdata("krm/fn-run.yaml")));
    // One that can't be read is told as that.
    let broken = run(&[], b"kind: ResourceList\nitems: [\n");
    assert_eq!(broken.status.code(), Some(2));
    let talk = String::from_utf8(broken.stderr).unwrap();
    assert!(!talk.contains("--kubelet-root") && talk.contains("<stdin>"), "{talk}");
}

#[test]
fn a_function_may_be_quiet_or_speak_chinese_and_its_results_stay_the_same() {
    let sent = wrong();
    let plain = Answer::to(&sent);
    let chinese = Answer::of(&["--lang", "zh"], &sent);
    assert_eq!(chinese.text, plain.text);
    assert_ne!(chinese.talk, plain.talk);
    assert_eq!(Answer::of(&["--quiet"], &testdata("krm/fn-run.yaml")).talk, "");
}

#[test]
fn results_take_the_form_and_the_columns_of_what_stands_beside_them() {
    let json = r#"{"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "items": []}"#;
    let lines = |blank: &str| {
        format!(
            "{{\n{blank}{}\n}}\n",
            json[1..json.len() - 1].replace(", ", &format!(",\n{blank}"))
        )
    };
    let with = |before: &str, results: &str| {
        let end = before.rfind(']').unwrap() + 1;
        format!("{}{results}{}", &before[..end], &before[end..])
    };
    let flat = r#", "results": [{"message":"M","severity":"error"}]"#;
    let pretty = |blank: &str| {
        let inner = "[{\n<<\"message\": \"M\",\n<<\"severity\": \"error\"\n<}]";
        format!(",\n<\"results\": {inner}").replace('<', blank)
    };
    let block = "- message: 'M'\n  severity: error\n";
    let list = "apiVersion: config.kubernetes.io/v1\nitems: []\nkind: ResourceList\n";
    let config = "functionConfig:\n  a: |\n    x";
    for (sent, expected) in [
        (json.to_owned(), with(json, flat)),
        (format!("\n  {json}"), with(&format!("\n  {json}"), flat)),
        (lines("  "), with(&lines("  "), &pretty("  "))),
        (lines("\t"), with(&lines("\t"), &pretty("\t"))),
        (format!("{list}{config}\n"), format!("{list}{config}\nresults:\n{block}")),
        (format!("{list}{config}"), format!("{list}results:\n{block}{config}")),
    ] {
        let answer = Answer::to(&sent);
        let message = answer.results()[0]["message"].as_str().unwrap().to_owned();
        let said = answer.text.replace(&message.replace('\'', "''"), "M").replace(&message, "M");
        assert_eq!(said, expected, "{sent}");
    }
}

#[test]
fn results_in_another_form_are_left_to_whoever_wrote_them() {
    let list = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n\
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: f}, data: {x: /var/lib/kubelet/yy}}\n\
                results:\n  name: other\n  items:\n  - {message: earlier, severity: error}\n";
    let output = run(&["--kubelet-root", "/data/kubelet"], list.as_bytes());
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(shown, list.replace("/var/lib/kubelet", "/data/kubelet"));
}

#[test]
fn a_configuration_that_is_a_list_is_refused() {
    let list = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n\
                functionConfig: [{apiVersion: csi-relocate/v1, kind: CsiRelocate}]\n";
    let output = run(&[], list.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("functionConfig of kind"));
}

#[test]
fn a_list_of_another_shape_is_refused() {
    let head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";
    let root = ["--kubelet-root", "/data/kubelet"];
    for items in ["5", "{}", "{a: 1}", "word"] {
        let input = format!("{head}items: {items}\n");
        let answer = Answer::of(&root, &input);
        let message = answer.refused(&input);
        assert_eq!(message, "items of the ResourceList has to be a list of objects", "{items}");
    }
    let input = format!("{head}functionConfig: []\nitems: []\n");
    let answer = Answer::of(&root, &input);
    assert!(answer.refused(&input).starts_with("a functionConfig of kind \"\" can't be read"));
}
