//! Suppressed findings of a rewrite, and of the program as a function.

use crate::common::{Folder, run};
use crate::outcome;

/// A path below another root: a finding of a rewrite.
fn pod(above: &str, behind: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: disk-usage}}
spec:
  containers: []
  volumes:
    - name: old
      hostPath:
{above}        path: /mnt/old/kubelet/plugins_registry{behind}
    - name: pods
      hostPath: {{path: /var/lib/kubelet/pods}}
"
    )
}

const MARK: &str = " # csi-relocate: ignore[other-root] the disk of the old nodes";

/// Exit code, result and what is said.
fn rewritten(text: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = Folder::with(&[("pod.yaml", text)]);
    let to = ["--kubelet-root", "/data/kubelet", "pod.yaml"];
    let fails = ["--fail-on", "warning"];
    let fails = if arguments.contains(&"--fail-on") { &[][..] } else { &fails[..] };
    let ran = folder.run(&[&to[..], fails, arguments].concat());
    (ran.code, ran.result, ran.talk)
}

#[test]
fn a_rewrite_heeds_them() {
    let plain = pod("", "");
    let (code, result, talk) = rewritten(&plain, &[]);
    assert_eq!((code, result.as_str()), (Some(1), ""), "{talk}");
    assert!(talk.contains("warning[other-root]"), "{talk}");
    for text in [pod("", MARK), pod(&format!("       {MARK}\n"), "")] {
        let (code, result, talk) = rewritten(&text, &[]);
        assert_eq!(code, Some(0), "{talk}");
        assert_eq!(result, text.replace("/var/lib/kubelet", "/data/kubelet"));
        assert_eq!(talk, "1 site moved, 0 kept, 0 findings, 1 suppressed\n");
    }
}

#[test]
fn a_person_reads_which() {
    let (_, _, talk) = rewritten(&pod("", MARK), &["-v"]);
    let said = "suppressed[other-root] at pod.yaml:9:15: ";
    assert!(talk.contains(said), "{talk}");
    assert!(talk.contains("\n  reason: the disk of the old nodes\n"), "{talk}");
}

#[test]
fn one_that_does_not_count_is_told() {
    for (mark, why) in [
        (" # csi-relocate: ignore[other-root]", "has no reason"),
        (" # csi-relocate: ignore[other-rot] typed wrongly", "other-root"),
    ] {
        let (code, result, talk) = rewritten(&pod("", mark), &[]);
        assert_eq!((code, result.as_str()), (Some(1), ""), "{talk}");
        assert!(talk.contains("warning[other-root]"), "{talk}");
        assert!(talk.contains("warning[unused-suppression]") && talk.contains(why), "{talk}");
    }
}

/// `check` has findings that a rewrite hasn't: one for those isn't unused.
#[test]
fn one_for_a_check_is_not_called_unused() {
    let mark = " # csi-relocate: ignore[staging-not-shared] the agent reads it";
    let (_, _, talk) = rewritten(&pod("", mark), &[]);
    assert!(talk.contains("warning[other-root]"), "{talk}");
    assert!(!talk.contains("unused-suppression"), "{talk}");
    let checked = outcome(&[&pod("", mark)]);
    assert!(checked.iter().any(|line| line.contains("unused-suppression")), "{checked:?}");
}

/// What looks like a comment may be a script's line, where a document isn't read.
#[test]
fn what_is_not_read_has_none() {
    let script = "---
kind: ConfigMap
metadata: {name: notes}
data:
  a.sh: |
    # csi-relocate: ignore[no-such-rule] a line of a script
    true
";
    let text = format!("{}{script}", pod("", ""));
    let (_, _, talk) = rewritten(&text, &[]);
    assert!(talk.contains("warning[other-root]"), "{talk}");
    assert!(!talk.contains("unused-suppression"), "{talk}");
}

#[test]
fn a_function_heeds_an_annotation() {
    let list = |annotation: &str| {
        format!(
            "apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: csi-relocate/v1
  kind: CsiRelocate
  metadata: {{name: here}}
  spec: {{kubeletRoot: /data/kubelet, failOn: warning}}
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: disk-usage
    annotations: {{{annotation}}}
  spec:
    containers: []
    volumes:
    - name: old
      hostPath: {{path: /mnt/old/kubelet/plugins_registry}}
"
        )
    };
    let mark = "csi-relocate/ignore: 'other-root: the disk of the old nodes'";
    for (annotation, expected) in [("", 1), (mark, 0)] {
        let input = list(annotation);
        let output = run(&[], input.as_bytes());
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        let answer = String::from_utf8(output.stdout).unwrap();
        let talk = String::from_utf8(run(&["-v"], input.as_bytes()).stderr).unwrap();
        assert_eq!(talk.contains("suppressed[other-root]: "), expected == 0, "{talk}");
        assert_eq!(answer.contains("rule: other-root"), expected == 1, "{answer}");
    }
}

/// What one object accepts is no word about another one.
#[test]
fn each_object_accepts_for_itself() {
    let pod = |name: &str, annotation: &str, path: &str| {
        format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: {name}, annotations: {{{annotation}}}}}
spec:
  containers: []
  volumes: [{{name: a, hostPath: {{path: {path}}}}}]
"
        )
    };
    let in_list = |pods: &[String]| {
        let items = pods.iter().map(|pod| format!("- {}", pod.trim_end().replace('\n', "\n  ")));
        format!("kind: List\nitems:\n{}\n", items.collect::<Vec<_>>().join("\n"))
    };
    for (rule, path) in [
        ("other-root", "/mnt/old/kubelet/plugins_registry"),
        ("unknown-child", "/var/lib/kubelet/strange"),
    ] {
        let mark = format!("csi-relocate/ignore: '{rule}: known'");
        let (accepts, silent) = (pod("a", &mark, path), pod("b", "", path));
        let pairs = [[accepts.clone(), silent.clone()], [silent, accepts.clone()]];
        for pair in pairs {
            for text in [pair.join("---\n"), in_list(&pair)] {
                let (code, _, talk) = rewritten(&text, &["--fail-on", "info"]);
                assert_eq!(code, Some(1), "{rule}: {text}\n{talk}");
                assert!(talk.contains(&format!("[{rule}]")), "{talk}");
                assert!(talk.contains("1 finding, 1 suppressed"), "{talk}");
            }
        }
        let both = [accepts.clone(), accepts];
        for text in [both.join("---\n"), in_list(&both)] {
            let (code, _, talk) = rewritten(&text, &["--fail-on", "info"]);
            assert_eq!(code, Some(0), "{rule}: {text}\n{talk}");
        }
    }
}

#[test]
fn what_is_most_harmful_comes_first() {
    let text = "kind: Pod
metadata: {name: a, annotations: {csi-relocate/ignore: other-root}}
spec:
  containers: []
  volumes: [{name: a, hostPath: {path: /var/lib/kubelet/strange}}]
";
    let (_, _, talk) = rewritten(text, &[]);
    let at = |word: &str| talk.find(word).unwrap_or_else(|| panic!("{word}: {talk}"));
    assert!(at("warning[unused-suppression]") < at("info[unknown-child]"), "{talk}");
}
