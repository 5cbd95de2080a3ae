//! What people write, and the texts and sources that every symptom has.

use super::{read, symptoms};
use csi_relocate::symptoms::Group;
use csi_relocate::words::{Catalogue, Language};

#[test]
fn words_are_understood_without_spaces_and_punctuation() {
    let symptoms = symptoms();
    let first = |text: &str| symptoms.in_words(text).first().map(|symptom| symptom.id.clone());
    for (text, id) in [
        ("提示找不到/var/lib/kubelet", "kubelet-dir-not-a-directory"),
        ("提示 找不到“/var/lib/kubelet”", "kubelet-dir-not-a-directory"),
        ("文件在其它 Pod 和 NFS 服务器上，看不到", "data-on-node-disk"),
        ("Pod一直卡在Terminating", "pod-stays-terminating"),
        ("写数据的 Pod 就无法删除，一直 Terminating", "mount-dir-not-empty"),
        ("卷不能正常挂载到容器", "driver-not-registered"),
        ("修改Kubelet家目录", "root-was-moved"),
        ("修改 kubelet 根目录", "root-was-moved"),
        ("DF shows the node's disk!", "data-on-node-disk"),
        ("my pod is stuck in `Terminating`", "pod-stays-terminating"),
        ("the CSI driver pod is stuck in ContainerCreating", "driver-volumes-waiting"),
        ("the web pod is stuck in ContainerCreating", "pod-stays-creating"),
        ("My PVC is new, the pvc stays pending", "claim-stays-pending"),
        ("velero can't find host-pods", "host-pods-not-found"),
    ] {
        assert_eq!(first(text).as_deref(), Some(id), "{text}");
    }
    for nothing in ["", "…", "hello", "kubelet", "/var/lib/kubelet", "找不到文件"] {
        assert_eq!(first(nothing), None, "{nothing}");
    }
    // Words in a log are no symptom; only a person's text is read so.
    assert!(read(&symptoms, b"I: stuck in Terminating\n", 99).is_empty());
}

/// Words are a guess, what a program said isn't.
#[test]
fn a_guess_is_said_to_be_one() {
    let symptoms = symptoms();
    for (text, is_guess) in [
        ("my pod is stuck in Terminating", true),
        ("plugins_registry is not a directory", true),
        ("hostPath type check failed: /var/lib/kubelet/plugins_registry is not a directory", false),
    ] {
        let groups = symptoms.explain(text);
        assert_eq!(groups.iter().map(Group::is_guess).collect::<Vec<_>>(), [is_guess], "{text}");
    }
}

/// A phrasing that a program's words are part of would never be asked.
#[test]
fn every_phrasing_is_understood() {
    let symptoms = symptoms();
    for symptom in symptoms.all() {
        for phrasing in &symptom.phrasings {
            let found = symptoms.explain(&phrasing.replace('…', " something "));
            let is_told = found.iter().any(|group| group.symptom == symptom);
            assert!(is_told, "{}: {phrasing}", symptom.id);
        }
    }
}

/// What a program wrote is left to the patterns, whatever words are in it.
#[test]
fn words_of_programs_are_no_complaint() {
    let symptoms = symptoms();
    let words = "the pod is stuck in Terminating";
    assert_eq!(symptoms.in_words(words).len(), 1);
    for line in [
        "I1121 10:11:12.123456       1 main.go:96] {}",
        "2026-11-21T10:11:12Z {}",
        "2026/11/21 10:11:12 {}",
        "Nov 21 10:11:12 node1 kubelet[1234]: {}",
        "kubelet[1234]: {}",
        "{\"msg\":\"{}\"}",
        "[ERROR] {}",
        "error: {}",
        "Warning: {}",
        "  Warning  FailedKillPod  3s  kubelet  {}",
        "time=x level=info msg=\"{}\"",
        "rpc error: code = Internal desc = {}",
        "main.go:96 {}",
        "hello\nerror: {}",
    ] {
        assert!(symptoms.in_words(&line.replace("{}", words)).is_empty(), "{line}");
    }
    assert!(symptoms.in_words(&format!("{words} {}", "and more ".repeat(70))).is_empty());
}

#[test]
fn every_symptom_has_its_texts() {
    let words = Catalogue::of(Language::English);
    for symptom in symptoms().all() {
        let text =
            |part: &str| words.paragraphs(&format!("symptom-{}{part}", symptom.id)).join(" ");
        for part in ["", ".cause", ".tell-apart", ".fix"] {
            let text = text(part);
            assert!(!text.starts_with("symptom-"), "{}{part} is missing", symptom.id);
            assert_eq!(text.matches('`').count() % 2, 0, "{}{part}: a lone `", symptom.id);
        }
        assert!(text("").chars().count() <= 80, "{}: a long title", symptom.id);
        // The program says so before the cause, and the document after the title.
        assert!(!text(".cause").contains("no path problem"), "{}: said twice", symptom.id);
        let may = text("").contains("may") || text(".cause").contains("may");
        assert!(may || !symptom.vague, "{}: several causes, told as one", symptom.id);
    }
}

#[test]
fn sources_are_threads_code_or_observations() {
    for symptom in symptoms().all() {
        assert!(!symptom.sources.is_empty(), "{}", symptom.id);
        for source in &symptom.sources {
            assert!(!source.contains("http"), "{source}");
            let names = source.contains('#') || source.contains(':') || source.contains('(');
            assert!(names, "{}: {source}", symptom.id);
        }
    }
}
