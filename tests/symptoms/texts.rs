//! What people write, and the texts and sources that every symptom has.

use super::{read, symptoms};
use csi_relocate::words::{Catalogue, Language};

#[test]
fn words_are_understood_without_spaces_and_punctuation() {
    let symptoms = symptoms();
    let first = |text: &str| symptoms.in_words(text).first().map(|symptom| symptom.id.clone());
    for (text, id) in [
        ("提示找不到/var/lib/kubelet", "kubelet-dir-not-a-directory"),
        ("提示 找不到“/var/lib/kubelet”", "kubelet-dir-not-a-directory"),
        ("文件在其它 Pod 和 NFS 服务器上，看不到", "data-on-node-disk"),
        ("Pod一直卡在Terminating", "mount-dir-not-empty"),
        ("卷不能正常挂载到容器", "driver-not-registered"),
        ("修改Kubelet家目录", "root-was-moved"),
        ("修改 kubelet 根目录", "root-was-moved"),
        ("DF shows the node's disk!", "data-on-node-disk"),
        ("my pod is stuck in `Terminating`", "mount-dir-not-empty"),
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
        let says_so = text(".cause").contains("no path problem");
        assert_eq!(says_so, !symptom.path_problem, "{}: no path problem?", symptom.id);
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
