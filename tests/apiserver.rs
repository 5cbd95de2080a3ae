//! What a real API server says: what it accepts of real manifests before they are rewritten it
//! accepts afterwards, and what `docs/rules.md` says that it refuses it refuses.
//!
//! etcd and a kube-apiserver of a pinned version (`tests/apiserver/build.sh`) run for the time of
//! the tests. Objects are read as kubectl reads them, and asked for as by
//! `kubectl create --dry-run=server`: defaults, validation and admission are those of a cluster,
//! and nothing is kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "test code"
)]

#[path = "apiserver/ask.rs"]
mod ask;
#[path = "apiserver/client.rs"]
mod client;
mod common;
#[path = "apiserver/knowledge.rs"]
mod knowledge;
#[path = "apiserver/material.rs"]
mod material;
#[path = "kubectl/reader.rs"]
mod reader;
#[path = "apiserver/server.rs"]
mod server;

use ask::{Answer, Asker, Fields, NOT_SERVED};
use common::{
    Folder, TO, manifests, moved, options, plan, root, run, shared, snapshots, source, testdata,
};
use csi_relocate::check::{Against, check};
use csi_relocate::knowledge::Knowledge;
use material::{Pair, pairs};
use reader::{build, read};
use serde_json::Value;
use server::server;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const DEFAULT: &str = "/var/lib/kubelet";

/// What the server says when a container that isn't privileged mounts Bidirectional.
const UNPRIVILEGED: &str =
    "Forbidden: Bidirectional mount propagation is available only to privileged containers";

/// Kinds that make pods.
const WORKLOADS: [&str; 8] = [
    "Pod",
    "DaemonSet",
    "Deployment",
    "StatefulSet",
    "ReplicaSet",
    "Job",
    "CronJob",
    "ReplicationController",
];

/// Workloads of the material that are accepted before and have a path that moves; there are some
/// forty more.
const REWRITTEN: usize = 400;

#[test]
fn what_is_accepted_before_is_accepted_after() {
    let test = "what_is_accepted_before_is_accepted_after";
    let (Some(shared), Some(server)) = (shared(test), server(test)) else { return };
    let Some(pairs) = pairs(test, &shared) else { return };
    let asker = Asker::new(&server.client);

    // As kubectl asks; and where that fails for an unknown field alone, for everything else.
    let mut fields = vec![Fields::Strict; pairs.len()];
    let asked: Vec<_> = pairs.iter().map(|pair| (&pair.before, Fields::Strict)).collect();
    let mut before = asker.would_create(&asked);
    let lenient: Vec<usize> = (0..pairs.len()).filter(|&at| before[at].is_about_fields()).collect();
    let asked: Vec<_> = lenient.iter().map(|&at| (&pairs[at].before, Fields::Ignore)).collect();
    for (&at, answer) in lenient.iter().zip(asker.would_create(&asked)) {
        fields[at] = Fields::Ignore;
        before[at] = answer;
    }

    // What comes out as it went in needs no second answer.
    let again: Vec<usize> = (0..pairs.len())
        .filter(|&at| before[at] == Answer::Accepted && pairs[at].before != pairs[at].after)
        .collect();
    let asked: Vec<_> = again.iter().map(|&at| (&pairs[at].after, fields[at])).collect();
    let after = asker.would_create(&asked);
    let refused: String = again
        .iter()
        .zip(&after)
        .filter(|(_, answer)| **answer != Answer::Accepted)
        .map(|(&at, answer)| format!("{}\n  {}\n", pairs[at].name, answer.refusal()))
        .collect();
    assert!(refused.is_empty(), "accepted before, refused after:\n{refused}");

    let rewritten = again.iter().filter(|&&at| is_workload(&pairs[at].before)).count();
    assert!(rewritten > REWRITTEN, "only {rewritten} workloads were accepted and rewritten");
    let again: BTreeSet<usize> = again.into_iter().collect();
    let table = table(&asker.version(), &pairs, &before, &again, lenient.len());
    eprintln!("{table}");
    snapshots().bind(|| insta::assert_snapshot!("apiserver", table));
}

fn is_workload(object: &Value) -> bool {
    object["kind"].as_str().is_some_and(|kind| WORKLOADS.contains(&kind))
}

/// How many objects of each kind were accepted, and why the others weren't.
fn table(
    version: &str,
    pairs: &[Pair],
    before: &[Answer],
    again: &BTreeSet<usize>,
    lenient: usize,
) -> String {
    #[derive(Default)]
    struct Row {
        accepted: usize,
        rewritten: usize,
        refused: usize,
    }
    let mut rows: BTreeMap<(bool, &str), Row> = BTreeMap::new();
    let mut classes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, (pair, answer)) in pairs.iter().zip(before).enumerate() {
        let kind = pair.before["kind"].as_str().unwrap_or_default();
        let is_workload = is_workload(&pair.before);
        let class = match answer {
            Answer::Accepted => None,
            Answer::Refused { class, .. } => Some(class.as_str()),
        };
        if let Some(class) = class {
            let kind = if class == NOT_SERVED && !is_workload { "others" } else { kind };
            *classes.entry((class, kind)).or_default() += 1;
        }
        // Custom resources aren't worth a row each.
        if is_workload || class != Some(NOT_SERVED) {
            let row = rows.entry((!is_workload, kind)).or_default();
            row.accepted += usize::from(class.is_none());
            row.refused += usize::from(class.is_some());
            row.rewritten += usize::from(again.contains(&at));
        }
    }
    let mut table = format!(
        "kube-apiserver {version}\n{} different objects, {lenient} of them with fields it doesn't \
         know\n\naccepted, of these rewritten and accepted again, refused\n",
        pairs.len()
    );
    for ((_, kind), Row { accepted, rewritten, refused }) in rows {
        let _ = writeln!(table, "{accepted:5} {rewritten:5} {refused:5}  {kind}");
    }
    table.push_str("\nwhy they were refused\n");
    for ((class, kind), count) in classes {
        let _ = writeln!(table, "{count:5}  {kind}, {class}");
    }
    table
}

/// The objects of a text, as kubectl reads them.
fn objects_of(reader: &Path, name: &str, text: &str) -> Vec<Value> {
    let folder = Folder::with(&[("manifest.yaml", text)]);
    let mut views = read(reader, &[folder.join("manifest.yaml")], name);
    let view = views.remove(0);
    assert_eq!(view.error, "", "{name}");
    material::objects(view).unwrap()
}

/// What the server says to each object of a text that it serves.
fn said_to(asker: &Asker<'_>, reader: &Path, name: &str, text: &str) -> Vec<Answer> {
    let objects = objects_of(reader, name, text);
    let asked: Vec<_> = objects.iter().map(|object| (object, Fields::Strict)).collect();
    let mut answers = asker.would_create(&asked);
    answers
        .retain(|answer| !matches!(answer, Answer::Refused { class, .. } if class == NOT_SERVED));
    assert!(!answers.is_empty(), "{name}");
    answers
}

/// What the server says against the one object of a text that it refuses.
fn refusal(asker: &Asker<'_>, reader: &Path, name: &str, text: &str) -> String {
    let answers = said_to(asker, reader, name, text);
    let refused: Vec<&Answer> = answers.iter().filter(|it| **it != Answer::Accepted).collect();
    assert_eq!(refused.len(), 1, "{name}: {answers:?}");
    refused[0].refusal().to_owned()
}

fn is_accepted(asker: &Asker<'_>, reader: &Path, name: &str, text: &str) -> bool {
    said_to(asker, reader, name, text).iter().all(|answer| *answer == Answer::Accepted)
}

/// The negative control, and the rule `propagation-unprivileged`.
#[test]
fn bidirectional_without_privileged_is_refused() {
    let test = "bidirectional_without_privileged_is_refused";
    let (Some(reader), Some(server)) = (build(test), server(test)) else { return };
    let asker = Asker::new(&server.client);
    let pod = |privileged: &str, propagation: &str| {
        format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: driver}}
spec:
  containers:
    - name: driver
      image: example.org/driver:v1.0.0
{privileged}      volumeMounts:
        - name: pods-dir
          mountPath: /var/lib/kubelet/pods
{propagation}  volumes:
    - name: pods-dir
      hostPath: {{path: /var/lib/kubelet/pods, type: Directory}}
"
        )
    };
    let bidirectional = "          mountPropagation: Bidirectional\n";
    let privileged = "      securityContext: {privileged: true}\n";

    for missing in ["", "      securityContext: {privileged: false}\n"] {
        let before = pod(missing, bidirectional);
        let after = moved(&before);
        assert_eq!(after, before.replace(DEFAULT, TO), "the paths move, and nothing is granted");
        for text in [&before, &after] {
            let said = refusal(&asker, &reader, test, text);
            assert!(said.ends_with(UNPRIVILEGED), "{said}");
            // Whoever pastes it gets the explanation.
            let explained = run(&["explain", "--symptom", &said], b"");
            let explained = String::from_utf8(explained.stdout).unwrap();
            assert!(explained.contains("privileged-required"), "{explained}");
        }
    }
    // The same pod with what was missing, and one whose lost propagation can't be given back.
    for before in [pod(privileged, bidirectional), pod("", "")] {
        let after = moved(&before);
        assert_eq!(after, before.replace(DEFAULT, TO));
        assert!(is_accepted(&asker, &reader, test, &before));
        assert!(is_accepted(&asker, &reader, test, &after));
    }
}

/// The rules' own examples: the server refuses the two that are said to be loud there, in the
/// words that the pages cite. The others are silent, or found out by the kubelet.
#[test]
fn rules_that_name_the_api_server() {
    let test = "rules_that_name_the_api_server";
    let (Some(reader), Some(server)) = (build(test), server(test)) else { return };
    let asker = Asker::new(&server.client);
    let examples = manifests(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules"));
    assert!(examples.len() > 30, "only {} examples", examples.len());
    for path in examples {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let cited = match name.split('.').next().unwrap() {
            "duplicate-mount-path" => "must be unique",
            "propagation-unprivileged" => UNPRIVILEGED,
            _ => {
                assert!(is_accepted(&asker, &reader, name, &text), "{name}");
                continue;
            }
        };
        let said = refusal(&asker, &reader, name, &text);
        assert!(said.ends_with(cited), "{name}: {said}");
    }
}

/// The rule `duplicate-mount-path`: a manifest that is accepted, and wouldn't be once it has moved.
#[test]
fn mounts_that_meet_when_they_move() {
    let test = "mounts_that_meet_when_they_move";
    let (Some(reader), Some(server)) = (build(test), server(test)) else { return };
    let asker = Asker::new(&server.client);
    let clean = testdata("rules/clean.yaml");
    let mount = "            - name: pods-dir\n              mountPath: /data/kubelet/pods\n              \
                 mountPropagation: Bidirectional\n";
    assert!(clean.contains(mount), "the example has its mount");
    let both = clean.replace(mount, &format!("{mount}{}", mount.replace(TO, DEFAULT)));

    assert!(is_accepted(&asker, &reader, test, &both));
    let plan = plan(&both, &options(TO));
    assert!(plan.analysis.findings.iter().any(|it| it.rule.id() == "duplicate-mount-path"));
    let said = refusal(&asker, &reader, test, &plan.output);
    assert!(said.ends_with("must be unique"), "{said}");

    // Another spelling of the same path isn't seen.
    let spelled = clean.replace(mount, &format!("{mount}{}", mount.replace("/pods\n", "/pods/\n")));
    assert_ne!(spelled, clean);
    assert!(is_accepted(&asker, &reader, test, &spelled));
    assert!(!rules_said_of(&spelled).contains("duplicate-mount-path"));
}

/// The rule `immutable-field`: what is there with the old path doesn't take the new one.
#[test]
fn a_live_object_keeps_its_path() {
    let test = "a_live_object_keeps_its_path";
    let (Some(reader), Some(server)) = (build(test), server(test)) else { return };
    let asker = Asker::new(&server.client);
    let template = "
spec:
  restartPolicy: Never
  containers: [{name: main, image: example.org/main:v1.0.0}]
  volumes: [{name: scratch, hostPath: {path: /data/kubelet/plugins/scratch}}]
";
    let inner = template.replace('\n', "\n    ");
    let volume = "spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /data/kubelet/plugins/scratch}";
    for (kind, group, spec, words) in [
        ("PersistentVolume", "v1", volume, Some("is immutable after creation")),
        ("Pod", "v1", template.trim(), Some("pod updates may not change fields other than")),
        ("Job", "batch/v1", &format!("spec:\n  template:{inner}"), Some("field is immutable")),
        (
            "DaemonSet",
            "apps/v1",
            &format!(
                "spec:\n  selector: {{matchLabels: {{app: it}}}}\n  template:\n    metadata: \
                 {{labels: {{app: it}}}}{}",
                inner.replace("Never", "Always")
            ),
            None,
        ),
    ] {
        let after =
            format!("apiVersion: {group}\nkind: {kind}\nmetadata: {{name: kept}}\n{spec}\n");
        let before = after.replace(TO, DEFAULT);
        assert_eq!(moved(&before), after);
        let (live, object) =
            (objects_of(&reader, test, &before), objects_of(&reader, test, &after));
        // Tests that start the server anew find an empty one.
        assert_eq!(asker.create(&[&live[0]]), [Answer::Accepted], "{kind}");
        let answer = asker.would_apply(&object[0]);
        assert_eq!(rules_said_of(&after).contains("immutable-field"), words.is_some(), "{kind}");
        match words {
            Some(words) => assert!(answer.refusal().contains(words), "{}", answer.refusal()),
            None => assert_eq!(answer, Answer::Accepted, "{kind}"),
        }
    }
}

/// The rules that `check` names.
fn rules_said_of(text: &str) -> BTreeSet<&'static str> {
    let knowledge = Knowledge::builtin().unwrap();
    let verdict = check(&[source(text)], &Against::Root(root(TO)), &[], &knowledge).unwrap();
    verdict.findings.iter().map(|finding| finding.rule.id()).collect()
}
