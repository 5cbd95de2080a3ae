//! `check` as a person runs it: exit codes, formats, what it asks for, and that no manifest can
//! forge its output.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "report/schema.rs"]
mod schema;

use common::{Folder, TO, testdata};
use serde_json::Value;
use std::path::Path;

const FORMATS: [&str; 4] = ["human", "json", "sarif", "github"];

fn clean() -> String {
    testdata("observed/b-all-moved-nfs.yaml")
}

fn lost() -> String {
    testdata("observed/c-hostpaths-moved-nfs.yaml")
}

fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["check", "--kubelet-root", TO], more].concat()
}

/// A mount of `plugins` at a place of its own is there for the socket: the driver stages nothing.
#[test]
fn a_private_mount_of_plugins_is_not_for_staging() {
    let clean = testdata("rules/clean.yaml");
    let shared =
        "mountPath: /data/kubelet/plugins\n              mountPropagation: Bidirectional\n";
    let private = clean.replace(shared, "mountPath: /plugins\n");
    let left = clean.replace(shared, "mountPath: /var/lib/kubelet/plugins\n");
    assert!(private != clean && left != clean);
    let folder = Folder::with(&[("private.yaml", &private), ("left.yaml", &left)]);
    assert_eq!(folder.run(&check(&["private.yaml"])).code, Some(0));
    let ended = folder.run(&check(&["left.yaml"]));
    assert!(ended.result.contains("error[staging-not-shared]"), "{}", ended.result);
}

/// A tag may name any version, but one that has no such flag wouldn't start with it.
#[test]
fn a_flag_that_came_later_tells_that_nothing_is_built_in() {
    let dranet = testdata("knowledge/dranet.yaml").replace("/var/lib/kubelet", TO);
    let flagged = |image: &str| {
        let flag = format!("            - --v=4\n            - --kubelet-root-dir={TO}\n");
        dranet.replace("            - --v=4\n", &flag).replace("dranet:v1.4.0", image)
    };
    let folder = Folder::with(&[
        ("released.yaml", &flagged("dranet:v1.4.0")),
        ("rolling.yaml", &flagged("dranet:stable")),
        ("unset.yaml", &dranet.replace("dranet:v1.4.0", "dranet:stable")),
        ("early.yaml", &flagged("dranet:v1.3.0")),
    ]);
    for (file, expected) in
        [("released.yaml", 0), ("rolling.yaml", 0), ("unset.yaml", 2), ("early.yaml", 2)]
    {
        let ended = folder.run(&check(&[file]));
        let found = ended.result.matches("error[built-in-root]").count();
        assert_eq!(found, expected, "{file}: {}", ended.result);
    }
}

/// k0s starts its kubelet with the certificates below the root; nobody else does.
#[test]
fn certificates_below_the_root_of_k0s_are_in_their_place() {
    let clean = testdata("rules/clean.yaml");
    let with = |root: &str| {
        let path = format!("\n        - name: pki\n          hostPath: {{path: {root}/pki}}");
        clean.replace(TO, root).replacen("\n      volumes:", &format!("\n      volumes:{path}"), 1)
    };
    let k0s = "/var/lib/k0s/kubelet";
    let folder = Folder::with(&[("k0s.yaml", &with(k0s)), ("other.yaml", &with(TO))]);
    let ended = folder.run(&["check", "--kubelet-root", "k0s", "k0s.yaml"]);
    assert!(!ended.result.contains("kept-under-new-root"), "{}", ended.result);
    let ended = folder.run(&check(&["other.yaml"]));
    assert!(ended.result.contains("warning[kept-under-new-root]"), "{}", ended.result);
    let stays = "/var/lib/kubelet/pki";
    let default = with("/var/lib/kubelet");
    assert!(default.contains(stays));
    let moved = |root: &str| folder.run_with(&["--kubelet-root", root], &default).result;
    assert!(moved("k0s").contains("/var/lib/k0s/kubelet/pki"));
    assert!(moved(TO).contains(stays));
}

/// What stays below the default root for good is no disagreement: a rewrite leaves it.
#[test]
fn what_a_rewrite_leaves_agrees_with_any_root() {
    for case in ["config-map-values", "custom-resource-definition", "sed-with-any-sign"] {
        let folder = Folder::with(&[("in.yaml", &testdata(&format!("cases/{case}.yaml")))]);
        folder.run(&["--kubelet-root", TO, "--in-place", "in.yaml"]);
        let ended = folder.run(&["check", "--any-root", "--from", TO, "in.yaml"]);
        assert_eq!(ended.code, Some(0), "{case}: {}", ended.result);
    }
}

#[test]
fn the_exit_code_is_the_verdict() {
    let folder = Folder::with(&[
        ("clean.yaml", &clean()),
        ("lost.yaml", &lost()),
        ("agent.yaml", &testdata("rules/whole-root-mount.yaml")),
        ("notes.yaml", "- just\n- a list\n"),
    ]);
    let code = |arguments: &[&str]| folder.run(&check(arguments)).code;
    for format in FORMATS {
        assert_eq!(code(&["--format", format, "clean.yaml"]), Some(0), "{format}");
        assert_eq!(code(&["--format", format, "lost.yaml"]), Some(1), "{format}");
        assert_eq!(code(&["--format", format, "clean.yaml", "lost.yaml"]), Some(1), "{format}");
        assert_eq!(code(&["--format", format, "notes.yaml"]), Some(3), "{format}");
    }
    // Silence isn't consent: an empty pipe has nothing to judge.
    assert_eq!(folder.run_with(&check(&["-"]), "").code, Some(3));
    assert_eq!(folder.run_with(&check(&["-"]), &lost()).code, Some(1));
    for (level, expected) in [("error", 0), ("warning", 0), ("info", 1)] {
        assert_eq!(code(&["--fail-on", level, "agent.yaml"]), Some(expected), "{level}");
    }
    // A quiet run says what makes it fail.
    let quiet = folder.run(&check(&["-q", "--fail-on", "info", "agent.yaml"]));
    assert!(quiet.result.contains("whole-root-mount"), "{}", quiet.result);
    // Nothing is written, whatever is found.
    assert_eq!(folder.read("lost.yaml"), lost());
}

#[test]
fn the_root_may_stand_before_the_command_and_after_it() {
    let folder = Folder::with(&[("lost.yaml", &lost())]);
    let after = folder.run(&["check", "lost.yaml", "--kubelet-root", TO]);
    let before = folder.run(&["--kubelet-root", TO, "check", "lost.yaml"]);
    assert_eq!((before.code, &before.result), (Some(1), &after.result));
    let elsewhere = folder.run(&["check", "lost.yaml", "--kubelet-root", "/var/lib/kubelet"]);
    assert_ne!(elsewhere.result, after.result);
}

#[test]
fn agreement_is_asked_for_alone() {
    let folder = Folder::with(&[("clean.yaml", &clean()), ("lost.yaml", &lost())]);
    assert_eq!(folder.run(&["check", "--any-root", "clean.yaml"]).code, Some(0));
    let mixed = folder.run(&["check", "--any-root", "lost.yaml"]);
    assert_eq!(mixed.code, Some(1));
    assert!(mixed.result.contains("error[mixed-roots]"), "{}", mixed.result);
    // Two folders for two clusters don't agree with each other.
    folder.write("other.yaml", &clean().replace(TO, "/var/lib/k0s/kubelet"));
    let other = folder.run(&["check", "--any-root", "clean.yaml", "other.yaml"]);
    assert_eq!(other.code, Some(1), "{}", other.result);
}

#[test]
fn what_a_rewrite_would_mend_comes_with_its_edits() {
    let folder = Folder::with(&[("lost.yaml", &lost())]);
    let json = folder.run(&check(&["--format", "json", "lost.yaml"])).result;
    let report: Value = serde_json::from_str(&json).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["rule"], "parity-broken");
    let fix = &finding["fixes"][0];
    let at = |side: &str| usize::try_from(fix[side]["offset"].as_u64().unwrap()).unwrap();
    let mut text = lost();
    text.replace_range(at("start")..at("end"), fix["text"].as_str().unwrap());
    folder.write("lost.yaml", &text);
    assert_eq!(folder.run(&check(&["lost.yaml"])).code, Some(0));
}

#[test]
fn real_output_follows_its_schemas() {
    let folder = Folder::with(&[("evil.yaml", HOSTILE), ("suppressed.yaml", &suppressed())]);
    for path in common::manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules")) {
        let name = path.file_name().unwrap();
        folder.write(name, &std::fs::read_to_string(&path).unwrap());
    }
    let sarif = testdata("schemas/sarif-schema-2.1.0.json");
    for (format, schema) in
        [("json", include_str!("../docs/check.schema.json")), ("sarif", sarif.as_str())]
    {
        let output = folder.run(&check(&["--format", format, "."])).result;
        let output: Value = serde_json::from_str(&output).unwrap();
        let schema: Value = serde_json::from_str(schema).unwrap();
        assert_eq!(schema::problems(&schema, &output), [""; 0], "{format}");
        let text = output.to_string();
        for part in ["fixes", "suppress", "nested-mount"] {
            assert!(text.contains(part), "{format}: {part}");
        }
    }
}

#[test]
fn a_container_that_only_looks_is_not_taken_for_the_driver() {
    let monitor = "        - name: monitor\n          image: example/monitor:v1\n          \
        volumeMounts:\n            - {name: pods-dir, mountPath: /data/kubelet/pods}\n";
    let text = clean().replace("      volumes:\n", &format!("{monitor}      volumes:\n"));
    assert_ne!(text, clean());
    let folder = Folder::with(&[("node.yaml", &text)]);
    let ran = folder.run(&check(&["--fail-on", "info", "node.yaml"]));
    assert_eq!(ran.code, Some(0), "{}", ran.result);
}

/// What a container has at a place of its own, through a mount, it finds there; but what the kubelet or
/// the node are told of has to stand at the node's own path.
#[test]
fn an_agent_may_have_the_kubelets_directory_at_a_place_of_its_own() {
    let agent = "apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers:
    - name: agent
      image: example.org/agent:v1
      args: [--pods-dir=/var/lib/kubelet/pods]
      volumeMounts:
        - {name: pods, mountPath: /var/lib/kubelet/pods, mountPropagation: HostToContainer}
  volumes:
    - {name: pods, hostPath: {path: /data/kubelet/pods}}
";
    let another = agent.replace("path: /data/kubelet/pods", "path: /data/kubelet/plugins");
    let not_mounted = agent.replace("pods-dir=", "plugins-dir=").replace("et/pods]", "et/plugins]");
    let shared = agent.replace("HostToContainer", "Bidirectional");
    // Providers of secrets write to the path that the driver gives them.
    let not_told = agent.replace("      args: [--pods-dir=/var/lib/kubelet/pods]\n", "");
    let registers = agent.replace(
        "  volumes:\n",
        "        - {name: r, mountPath: /registration}\n  volumes:\n    \
         - {name: r, hostPath: {path: /data/kubelet/plugins_registry}}\n",
    );
    let said = |text: &str| {
        let folder = Folder::with(&[("agent.yaml", text)]);
        let result = folder.run(&check(&["agent.yaml"])).result;
        result.lines().find(|line| line.contains("[mixed-roots]")).map(str::to_owned)
    };
    assert_eq!(said(agent), None);
    for other in [another, not_mounted, shared, not_told, registers] {
        assert!(other != agent && said(&other).is_some(), "{other}");
    }
}

#[test]
fn what_a_config_map_calls_the_root_is_told_of_the_config_map() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  \
               - name: a\n    args: [--root=/host/var/lib/kubelet]\n    \
               volumeMounts: [{name: c, mountPath: /c}, {name: h, mountPath: /host}]\n  \
               volumes: [{name: c, configMap: {name: c}}, {name: h, hostPath: {path: /}}]\n";
    let config = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n\
                  data: {a: ls /host/var/lib/kubelet, b: /var/lib/kubelet}\n";
    for text in [format!("{config}---\n{pod}"), format!("{pod}{config}")] {
        let folder = Folder::with(&[("m.yaml", text.as_str())]);
        let result = folder.run(&check(&["m.yaml"])).result;
        for told in [
            "1 path lies below /var/lib/kubelet in Pod p",
            "2 paths lie below /var/lib/kubelet in ConfigMap c",
        ] {
            assert!(result.contains(told), "{result}");
        }
    }
}

#[test]
fn a_driver_that_translates_may_keep_its_own_view() {
    let env = "          env: [{name: HOST_KUBELET_PATH, value: /data/kubelet}]\n";
    let args = "          args: [--endpoint=unix:///csi/csi.sock]\n";
    let told = lost().replace(args, &format!("{args}{env}"));
    assert_ne!(told, lost());
    let folder = Folder::with(&[("told.yaml", &told)]);
    assert_eq!(folder.run(&check(&["told.yaml"])).code, Some(0));
    // Told of another root, it translates to where nobody looks.
    folder.write("told.yaml", &told.replace("value: /data/kubelet", "value: /var/lib/kubelet"));
    assert_eq!(folder.run(&check(&["told.yaml"])).code, Some(1));
}

/// What a mount shows hangs on a variable: one that is known here, or one that nobody knows.
#[test]
fn a_sub_path_with_variables_is_filled_in() {
    let clean = testdata("rules/clean.yaml");
    let own = "            - name: socket-dir\n              mountPath: /csi\n            - name: pods-dir\n";
    let through = |variable: &str| {
        let mount = own.replace("socket-dir", "plugins-dir");
        let mount =
            mount.replace("/csi\n", &format!("/csi\n              subPathExpr: $({variable})\n"));
        let named = "          env:\n            - {name: DRIVER, value: files.csi.example.org}\n";
        clean.replace(own, &mount).replace("          env:\n", named)
    };
    let folder = Folder::with(&[]);
    for (variable, code) in [("DRIVER", 0), ("NODE_NAME", 0), ("UNKNOWN", 1)] {
        assert_ne!(through(variable), clean);
        folder.write("a.yaml", &through(variable));
        assert_eq!(folder.run(&check(&["a.yaml"])).code, Some(code), "{variable}");
    }
}

/// A part of the registered path that comes from elsewhere may be the driver's name; one that nobody
/// defines is dialled as it's written.
#[test]
fn a_registered_path_with_a_part_from_elsewhere_may_be_right() {
    let clean = testdata("rules/clean.yaml");
    let path = "plugins/files.csi.example.org/csi.sock\n          volumeMounts:\n";
    let with = |env: &str| {
        clean.replacen(
            path,
            &format!("plugins/$(NAME)/csi.sock\n{env}          volumeMounts:\n"),
            1,
        )
    };
    let folder = Folder::with(&[]);
    for (env, code) in [
        ("          env: [{name: NAME, valueFrom: {secretKeyRef: {name: a, key: b}}}]\n", 0),
        ("          env: [{name: NAME, value: files.csi.example.org}]\n", 0),
        ("          envFrom: [{configMapRef: {name: a}}]\n", 0),
        ("          env: [{name: NAME, value: other.example.org}]\n", 1),
        ("", 1),
    ] {
        let text = with(env);
        assert_ne!(text, clean);
        folder.write("a.yaml", &text);
        assert_eq!(folder.run(&check(&["a.yaml"])).code, Some(code), "{env}");
    }
}

#[test]
fn a_folder_may_hold_what_cannot_be_judged() {
    let template = "spec: {{ .Values.x }}\n";
    let folder = Folder::with(&[("a/lost.yaml", &lost()), ("a/template.yaml", template)]);
    assert_eq!(folder.run(&check(&["a"])).code, Some(1));
    assert_eq!(folder.run(&check(&["a/template.yaml"])).code, Some(2));
    folder.write("a/template.yaml", &format!("{template}# /var/lib/kubelet\n"));
    assert_eq!(folder.run(&check(&["a"])).code, Some(2));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_not_waited_for() {
    let folder = Folder::with(&[("lost.yaml", &lost())]);
    let made = std::process::Command::new("mkfifo").arg(folder.join("pipe.yaml")).status();
    assert!(made.unwrap().success());
    assert_eq!(folder.run(&check(&["."])).code, Some(1));
}

#[test]
fn a_reader_that_stops_still_gets_the_verdict() {
    let folder = Folder::with(&[("many.yaml", &format!("---\n{}", lost()).repeat(2000))]);
    for format in FORMATS {
        let mut child = common::program()
            .args(check(&["-v", "--format", format, "many.yaml"]))
            .current_dir(folder.path())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format}");
    }
}

/// A finding that somebody has accepted.
fn suppressed() -> String {
    lost().replace(
        "mountPath: /var/lib/kubelet/pods",
        "mountPath: /var/lib/kubelet/pods # csi-relocate: ignore[parity-broken] for a test\n",
    )
}

/// Names, values and comments that would like to be something else.
const HOSTILE: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: "x\e]0;title\a", annotations: {a: "::error::annotation /var/lib/kubelet"}}
spec:
  containers:
  - name: "evil\e[31m\u202ename\n::error::forged\r\n##[error]forged"
    image: registry.k8s.io/sig-storage/csi-node-driver-registrar:v2
    args: [--kubelet-registration-path=/var/lib/kubelet/plugins/x/csi.sock, --csi-address=/csi/csi.sock]
    volumeMounts: [{name: r, mountPath: /csi}]
  volumes:
  - {name: r, hostPath: {path: "/data/kubelet/plugins/\e[2J\u009bx\n::set-output name=a::b"}} # ::error::comment
"#;

#[test]
fn a_manifest_cannot_forge_output() {
    let folder = Folder::with(&[("evil.yaml", HOSTILE)]);
    for format in FORMATS {
        for verbose in [&[][..], &["-v"]] {
            let arguments = [&["--format", format, "evil.yaml"], verbose].concat();
            let ran = folder.run(&check(&arguments));
            assert_eq!(ran.code, Some(1), "{}", ran.talk);
            assert!(ran.result.contains("evil"), "{format}");
            let is_bad = |c: char| {
                (c.is_control() && c != '\n')
                    || ('\u{202a}'..='\u{202e}').contains(&c)
                    || ('\u{2066}'..='\u{2069}').contains(&c)
            };
            assert_eq!(ran.result.find(is_bad), None, "{format}: {:?}", ran.result);
            for line in ran.result.lines() {
                let line = line.trim_start();
                let is_own = format == "github"
                    && ["::error file=", "::warning file=", "::notice file="]
                        .iter()
                        .any(|own| line.starts_with(own));
                assert!(is_own || !line.starts_with("::"), "{format}: {line}");
                assert!(!line.contains("##["), "{format}: {line}");
            }
        }
    }
    // The talk of a rewrite neither.
    let ran = folder.run(&["--kubelet-root", TO, "-v", "evil.yaml"]);
    assert!(!ran.talk.contains('\u{1b}') && !ran.talk.contains("##["), "{}", ran.talk);
    assert!(!ran.talk.lines().any(|line| line.trim_start().starts_with("::")), "{}", ran.talk);
}
