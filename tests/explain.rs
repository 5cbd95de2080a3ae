//! Explanations: every path is explained, with what would break, in words and as JSON; pages of
//! rules and symptoms; log lines, wherever they come from.

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

use common::{Folder, TO, manifests, options, run, shared, snapshots, testdata};
use csi_relocate::decide::Reason;
use csi_relocate::explain::{Entry, Explanation, Fate, explain};
use csi_relocate::finding::Rule;
use csi_relocate::knowledge::{HarmTable, Knowledge};
use csi_relocate::source::Source;
use csi_relocate::symptoms::Symptoms;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const EXAMPLE: &str = "testdata/csi-example-node.yaml";

/// Standard output of a run that ends well.
fn explained(arguments: &[&str]) -> String {
    let output = run(&[&["explain"], arguments].concat(), b"");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&explained(&[arguments, &["--format", "json"]].concat())).unwrap()
}

fn in_folder() -> insta::Settings {
    let mut settings = snapshots();
    settings.set_snapshot_path("../snapshots/explain");
    settings
}

fn schema_of_explain() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_node_plugin_is_explained() {
    in_folder().bind(|| {
        for (name, arguments) in [
            ("example", &[][..]),
            ("example-verbose", &["--verbose"]),
            ("example-mounts", &["--mounts"]),
            ("example-chinese", &["--lang", "zh"]),
            ("example-mounts-chinese", &["--mounts", "--lang", "zh"]),
            ("example-json", &["--format", "json"]),
        ] {
            let all = [&["--kubelet-root", TO, EXAMPLE], arguments].concat();
            insta::assert_snapshot!(name, explained(&all));
        }
    });
}

#[test]
fn csi_driver_nfs_is_explained() {
    let Some(shared) = shared("csi_driver_nfs_is_explained") else { return };
    let release = shared.join("corpus/csi-driver-nfs/main-d3b27c00_v4.11.0");
    let folder = Folder::new();
    for name in ["csi-nfs-node.yaml", "csi-nfs-controller.yaml"] {
        folder.write(name, &std::fs::read_to_string(release.join(name)).unwrap());
    }
    in_folder().bind(|| {
        for (name, arguments) in [
            ("nfs-node", &["csi-nfs-node.yaml"][..]),
            ("nfs-node-mounts", &["csi-nfs-node.yaml", "--mounts"]),
            ("nfs-controller", &["csi-nfs-controller.yaml"]),
            ("nfs-node-chinese", &["csi-nfs-node.yaml", "--lang", "zh"]),
        ] {
            let ran = folder.run(&[&["explain", "--kubelet-root", TO], arguments].concat());
            assert_eq!((ran.code, ran.talk.as_str()), (Some(0), ""));
            insta::assert_snapshot!(name, ran.result);
        }
        // Moved already, and moved by halves.
        assert_eq!(folder.run(&["--kubelet-root", TO, "-i", "csi-nfs-node.yaml"]).code, Some(0));
        let ran = folder.run(&["explain", "--kubelet-root", TO, "csi-nfs-node.yaml"]);
        insta::assert_snapshot!("nfs-node-moved", ran.result);
    });
}

fn explanation(sources: &[Source]) -> Option<Explanation> {
    let (knowledge, harms) = (Knowledge::builtin().unwrap(), HarmTable::builtin().unwrap());
    explain(sources, &options(TO), &knowledge, &harms).ok()
}

/// Everything that stands in manifests of all kinds is explained: no site is left out, and what is
/// moved says what would break.
#[test]
fn every_site_is_explained_with_its_harm() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases")];
    folders.extend(shared("every_site_is_explained_with_its_harm").map(|it| it.join("corpus")));
    let mut seen = 0;
    let mut harms: BTreeMap<String, usize> = BTreeMap::new();
    for path in folders.iter().flat_map(|folder| manifests(folder)) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Some(explanation) = explanation(&[Source::new(path.display().to_string(), text)])
        else {
            continue;
        };
        let analysis = &explanation.relocation.analysis;
        let entries: Vec<&Entry> = explanation.entries().collect();
        assert_eq!(entries.len(), analysis.sites.len() + analysis.insertions.len());
        seen += entries.len();
        for entry in entries {
            // Where the decision is a guess, nobody knows what would break.
            let is_guess = entry.reason.id() == "reason-pod-moves";
            if entry.fate != Fate::Stays && entry.space.is_some() && !is_guess {
                assert!(entry.harm.is_some(), "{}: {}", path.display(), entry.path);
            }
            if let Some(harm) = &entry.harm {
                *harms.entry(harm.id().to_owned()).or_default() += 1;
            }
        }
        let shown: usize = explanation.subjects.iter().map(|subject| subject.findings.len()).sum();
        let shown = shown + explanation.findings_elsewhere.len();
        assert_eq!(shown, analysis.findings.len(), "{}", path.display());
    }
    assert!(seen > 100, "{seen}");
    if folders.len() > 1 {
        // Each row of the table is met by some real manifest, or by one of ours.
        let table = include_str!("../src/knowledge/harms.yaml");
        let rows = table.lines().filter(|line| line.starts_with("- {"));
        let texts = rows.map(|row| row.split_once(" text: ").unwrap().1.split(',').next().unwrap());
        for id in texts {
            assert!(harms.contains_key(id), "nothing says {id}");
        }
    }
}

#[test]
fn what_stays_and_may_not_move_says_what_would_break() {
    let text = testdata("csi-example-node.yaml");
    let explanation = explanation(&[Source::new("x.yaml", text)]).unwrap();
    let kept: Vec<&Entry> =
        explanation.entries().filter(|entry| entry.fate == Fate::Stays).collect();
    assert_eq!(kept.len(), 2);
    for entry in kept {
        assert_eq!(entry.harm.as_ref().unwrap().id(), "harm-moved-device-plugins");
        assert_eq!(entry.reason.id(), "stays-device-plugins");
    }
    let decisions = &explanation.relocation.analysis.decisions;
    assert!(decisions.iter().any(|decision| decision.reason == Reason::RegistrationPath));
}

#[test]
fn json_follows_its_schema() {
    let schema = schema_of_explain();
    let problems = |document: &Value| schema::problems(&schema, document);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases");
    let cases = cases.to_str().unwrap();
    let all = json(&["--kubelet-root", TO, cases]);
    assert_eq!(problems(&all), [""; 0]);
    assert!(all["objects"].as_array().unwrap().len() > 50);
    let mut pages: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    let symptoms = Symptoms::builtin().unwrap();
    pages.extend(symptoms.all().iter().map(|symptom| symptom.id.as_str()));
    let pages = json(&pages);
    assert_eq!(problems(&pages), [""; 0]);
    assert_eq!(pages["rules"].as_array().unwrap().len(), Rule::ALL.len());
    let log = json(&["--symptom", NOT_A_DIRECTORY]);
    assert_eq!(problems(&log), [""; 0]);
    assert_eq!(log["manifestRoots"][0], "/var/lib/kubelet");

    let mut spoiled = log;
    spoiled["symptoms"][0]["harm"] = Value::from("much");
    assert_ne!(problems(&spoiled), [""; 0]);
}

#[test]
fn a_rule_wins_over_a_file_and_a_path_over_a_rule() {
    let folder = Folder::with(&[("parity-broken", &testdata("csi-example-node.yaml"))]);
    let page = folder.run(&["explain", "parity-broken"]);
    assert_eq!(page.code, Some(0));
    assert!(page.result.starts_with("parity-broken: hostPath and mountPath name different"));
    let file = folder.run(&["explain", "--kubelet-root", TO, "./parity-broken"]);
    assert!(file.result.starts_with("DaemonSet csi-example-node"), "{file:?}");
    let both = folder.run(&["explain", "parity-broken", "./parity-broken"]);
    assert_eq!(both.code, Some(2));
    assert!(both.talk.contains("can't be explained in one run"), "{both:?}");
    let near = folder.run(&["explain", "parity-brokn"]);
    assert_eq!(near.code, Some(2));
    assert!(near.talk.contains("did you mean 'parity-broken'?"), "{near:?}");
}

#[test]
fn every_page_has_all_its_parts() {
    let symptoms = Symptoms::builtin().unwrap();
    for language in ["en", "zh"] {
        for rule in Rule::ALL {
            let page = explained(&["--lang", language, rule.id()]);
            assert!(page.starts_with(&format!("{}: ", rule.id())) || language == "zh", "{page}");
            assert!(page.lines().count() > 8, "{page}");
            assert!(!page.contains("rule-"), "a text is missing: {page}");
        }
        for symptom in symptoms.all() {
            let page = explained(&["--lang", language, &symptom.id]);
            assert!(!page.contains("symptom-"), "a text is missing: {page}");
            let says_so = page.contains("This is no path problem") || page.contains("路径问题");
            assert!(says_so || symptom.path_problem, "{page}");
        }
    }
}

const NOT_A_DIRECTORY: &str = "E1121 10:11:12.123456    1234 nestedpendingoperations.go:348] \
    Error: MountVolume.SetUp failed for volume \"registration-dir\" : hostPath type check \
    failed: /var/lib/kubelet/plugins_registry is not a directory";

const GONE: &str = "MountVolume.SetUp failed for volume \"pv\" : rpc error: code = Internal desc = \
    Could not mount: mount: /data/kubelet/pods/0f1e2d3c-4b5a-4697-8877-665544332211/volumes/\
    kubernetes.io~csi/pv/mount: special device /data/kubelet/plugins/kubernetes.io/csi/\
    smb.csi.k8s.io/0/globalmount does not exist.";

#[test]
fn a_log_line_gives_the_command_to_type() {
    in_folder().bind(|| {
        insta::assert_snapshot!("symptom-manifest", explained(&["--symptom", NOT_A_DIRECTORY]));
        insta::assert_snapshot!("symptom-kubelet", explained(&["--symptom", GONE]));
        let chinese = ["--lang", "zh", "--symptom", "文件在其它Pod和NFS服务器上看不到"];
        insta::assert_snapshot!("symptom-chinese", explained(&chinese));
    });
    // The real root, read from the line itself.
    assert!(
        explained(&["--symptom", GONE]).contains("csi-relocate --kubelet-root /data/kubelet --")
    );
    // Said by who asks.
    let given = explained(&["--kubelet-root", "/opt/kubelet", "--symptom", NOT_A_DIRECTORY]);
    assert!(given.contains("csi-relocate --kubelet-root /opt/kubelet --in-place"), "{given}");
    // Not when the line says otherwise.
    let given = explained(&["--kubelet-root", "/opt/kubelet", "--symptom", GONE]);
    assert!(given.contains("You say that the kubelet lives in /opt/kubelet, but"), "{given}");
    assert!(given.contains("--kubelet-root DIR"), "{given}");
}

/// A log as a node writes it.
fn log() -> String {
    let waiting =
        "I1121 10:00:00.000000    1234 kubelet.go:2424] \"SyncLoop (PLEG)\" pod=\"x/y\"\n";
    format!("{}{NOT_A_DIRECTORY}\n{waiting}{GONE}\r\n{NOT_A_DIRECTORY}", waiting.repeat(3))
}

#[test]
fn a_log_is_read_from_standard_input_or_a_file() {
    let output = run(&["explain", "--symptom"], log().as_bytes());
    let result = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    in_folder().bind(|| insta::assert_snapshot!("symptom-log", result));

    let folder = Folder::with(&[("kubelet.log", &log())]);
    let file = folder.run(&["explain", "--symptom", "kubelet.log"]);
    assert_eq!((file.code, file.result), (Some(0), result));
    let none = folder.run(&["explain", "--symptom", "."]);
    assert_eq!(none.code, Some(2));
    assert!(none.talk.contains("is a folder"), "{none:?}");
}

#[test]
fn what_is_not_known_is_said_to_be() {
    let output = run(&["explain", "--symptom"], b"all is well\nvery well\n");
    assert_eq!(output.status.code(), Some(1));
    let result = String::from_utf8(output.stdout).unwrap();
    assert!(result.starts_with("no known symptom is in these 2 lines\n"), "{result}");
    // A pipe that broke before isn't an answer.
    for arguments in [&["explain", "--symptom"][..], &["explain", "--kubelet-root", TO]] {
        let empty = run(arguments, b"");
        assert_eq!(empty.status.code(), Some(3));
        assert!(empty.stdout.is_empty());
        assert!(String::from_utf8(empty.stderr).unwrap().starts_with("nothing was read"));
    }
    let firewall = explained(&["--symptom", "mount.nfs: No route to host"]);
    assert!(firewall.contains("This is no path problem"), "{firewall}");
    assert!(!firewall.contains("--in-place"), "{firewall}");
}

#[test]
fn a_question_in_chinese_is_told_of_the_chinese_answer() {
    let output = run(&["explain", "--symptom", "一直卡在Terminating"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "中文说明：加上 --lang zh\n");
}

#[test]
fn nothing_of_a_log_or_a_manifest_reaches_the_terminal_as_it_is() {
    let hostile =
        format!("::error::\u{1b}]0;x\u{7}{NOT_A_DIRECTORY}\u{202e}\u{1b}[2J ##[error]x\n");
    for arguments in [&["explain", "--symptom"][..], &["explain", "--symptom", "-", "-v"]] {
        let output = run(arguments, hostile.as_bytes());
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains("plugins_registry is not a directory"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
        assert!(!shown.contains("##[error]") && !shown.contains("::error::"), "{shown:?}");
    }
    let text = testdata("csi-example-node.yaml").replace("name: driver", "name: \"dri\\e[2Jver\"");
    let output = run(&["explain", "--kubelet-root", TO], text.as_bytes());
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("container dri\u{fffd}[2Jver"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

#[test]
fn manifests_without_a_path_and_a_missing_root_are_answered() {
    let output = run(&["explain", "--kubelet-root", TO], b"kind: Service\n");
    assert_eq!(output.status.code(), Some(0));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.starts_with("No path here is tied to a kubelet's root directory"), "{shown}");
    let output = run(&["explain", EXAMPLE], b"");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("csi-relocate explain --kubelet-root /data/kubelet"), "{said}");
}

/// What breaks depends on who has a path, not only on the pod it stands in.
#[test]
fn harms_are_those_of_the_container() {
    let text = testdata("explain/helpers-and-mounters.yaml");
    let explanation = explanation(&[Source::new("x.yaml", text)]).unwrap();
    let mut found = Vec::new();
    for subject in &explanation.subjects {
        for part in &subject.parts {
            let container = explanation.container(subject, part);
            let name = container.map_or("volumes", |container| container.name.as_str());
            for entry in &part.entries {
                let harm = entry.harm.as_ref().map_or("none", |harm| harm.id());
                found.push(format!("{name} {} {harm}", entry.path));
            }
        }
    }
    assert_eq!(
        found,
        [
            "volumes /var/lib/kubelet/plugins_registry harm-registry-typed",
            "volumes /var/lib/kubelet/pods harm-pods-host-path",
            "prepare /var/lib/kubelet/pods harm-mount-path",
            "registrar /var/lib/kubelet/plugins/x.example.org/csi.sock harm-registration-path",
            "registrar /var/lib/kubelet/plugins/x.example.org/csi.sock harm-probe",
            "registrar /var/lib/kubelet/pods harm-mount-path",
            "driver /var/lib/kubelet/pods harm-pods-mount-path",
            "volumes /var/lib/kubelet/pods harm-pods-host-path-typed",
            "mounter /var/lib/kubelet/pods harm-pods-mount-path",
            "looker /var/lib/kubelet/pods harm-mount-path",
        ]
    );
}

/// The command that is printed does what was explained.
#[test]
fn the_command_can_be_typed() {
    let folder = Folder::with(&[
        ("-a b.yaml", &testdata("csi-example-node.yaml")),
        ("it's/w.yaml", &testdata("cases/daemon-set.windows.yaml")),
    ]);
    let windows = ["--windows-kubelet-root", r"D:\kubelet"];
    let words = ["./-a b.yaml", "it's"];
    let ran = folder.run(&[&["explain", "--kubelet-root", TO], &windows[..], &words].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let command = ran.result.lines().last().unwrap().trim();
    assert!(command.contains("--windows-kubelet-root"), "{command}");
    let typed = command.replacen("csi-relocate", env!("CARGO_BIN_EXE_csi-relocate"), 1);
    let status = std::process::Command::new("sh")
        .args(["-c", &typed])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
    let again = folder.run(&[&["--diff", "--kubelet-root", TO], &windows[..], &words].concat());
    assert_eq!((again.code, again.result.as_str()), (Some(0), ""), "{typed}");
    let left = folder.read("it's/w.yaml") + &folder.read("-a b.yaml");
    assert!(left.contains(r"D:\kubelet") && left.contains("/data/kubelet/pods"));
}

#[test]
fn options_that_mean_nothing_are_refused() {
    for arguments in [
        &["explain", "parity-broken", "--mounts"][..],
        &["explain", "parity-broken", "--from", "auto"],
        &["explain", "--symptom", "x", "--no-ignore"],
    ] {
        let output = run(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("is about manifests"), "{said}");
    }
    let output = run(&["explain", "parity-broken", "mixed-rots"], b"");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("did you mean 'mixed-roots'?"), "{said}");
    let output = run(&["explain", "MountVolume.SetUp failed for volume x"], b"");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--symptom 'LINE'"), "{said}");
}

#[test]
fn a_root_that_this_run_leaves_alone_is_not_nothing() {
    let text = testdata("csi-example-node.yaml").replace("/var/lib/kubelet", "/opt/k/kubelet");
    let output = run(&["explain", "--kubelet-root", TO], text.as_bytes());
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("warning[other-root]"), "{shown}");
    assert!(shown.contains("Nothing here would be moved; what is said above"), "{shown}");
}

#[test]
fn a_log_may_be_a_pipe_and_a_word_may_be_a_mistyped_file() {
    let folder = Folder::with(&[("kubelet.log", &log())]);
    let script =
        format!("'{}' explain --symptom <(cat kubelet.log)", env!("CARGO_BIN_EXE_csi-relocate"));
    let output = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mistyped = folder.run(&["explain", "--symptom", "kubelet.lgo"]);
    assert_eq!(mistyped.code, Some(1));
    assert!(mistyped.talk.contains("there is no file kubelet.lgo"), "{mistyped:?}");
    let page = folder.run(&["explain", "--symptom", "mount-busy"]);
    assert!(page.talk.contains("csi-relocate explain mount-busy"), "{page:?}");
}

#[test]
fn a_compressed_log_is_told_how_to_be_read() {
    let output = run(&["explain", "--symptom"], b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03rest");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("zcat FILE | csi-relocate explain --symptom"), "{said}");
}
