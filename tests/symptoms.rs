//! Every symptom is recognised in the spellings of real programs, and nothing else is.
//!
//! `testdata/symptoms/<id>.txt` has one spelling a line: real wording from the threads and sources
//! that the table names, with ids and names changed. `near-misses.txt` has lines that look alike.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "symptoms/log.rs"]
mod log;
#[path = "symptoms/texts.rs"]
mod texts;

use csi_relocate::diff::unified;
use csi_relocate::symptoms::{Group, Side, Symptoms, Tally, markdown, root_of};
use csi_relocate::words::{Catalogue, Language};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn symptoms() -> Symptoms {
    Symptoms::builtin().unwrap()
}

fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path(&format!("testdata/symptoms/{name}.txt"))).unwrap();
    text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

fn ids(groups: &[Group<'_>]) -> Vec<String> {
    groups.iter().map(|group| group.symptom.id.clone()).collect()
}

fn read<'s>(symptoms: &'s Symptoms, log: &[u8], block: usize) -> Vec<Group<'s>> {
    let mut tally = Tally::new(symptoms);
    log.chunks(block).for_each(|bytes| tally.feed(bytes));
    tally.finish()
}

const REFUSED: &str = "driver name nfs.csi.k8s.io not found in the list of registered CSI drivers";

#[test]
fn every_symptom_is_recognised_in_three_spellings() {
    let symptoms = symptoms();
    let mut wrong = String::new();
    for symptom in symptoms.all() {
        let spellings = lines(&symptom.id);
        assert!(spellings.len() >= 3, "{}", symptom.id);
        for line in spellings {
            let found = ids(&symptoms.explain(&line)).join(", ");
            if found != symptom.id {
                writeln!(wrong, "{}: {found}\n    {line}", symptom.id).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn spellings_and_symptoms_belong_together() {
    let symptoms = symptoms();
    for file in std::fs::read_dir(path("testdata/symptoms")).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(name == "near-misses" || symptoms.by_id(&name).is_some(), "{name}");
    }
}

#[test]
fn lines_that_look_alike_show_nothing() {
    let symptoms = symptoms();
    let wrong: Vec<String> = lines("near-misses")
        .into_iter()
        .filter(|line| !symptoms.in_line(line).is_empty() || !symptoms.explain(line).is_empty())
        .map(|line| format!("{:?}: {line}", ids(&symptoms.explain(&line))))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // And all of them as one log.
    assert_eq!(ids(&read(&symptoms, lines("near-misses").join("\n").as_bytes(), 1000)), [""; 0]);
}

/// A log file of a container runtime holds the same line, quoted once or twice more; a terminal
/// colours what was searched for.
#[test]
fn a_line_is_recognised_however_it_is_quoted() {
    let symptoms = symptoms();
    for symptom in symptoms.all() {
        for line in lines(&symptom.id) {
            let plain = symptoms.in_line(&line);
            if plain.is_empty() {
                continue; // Somebody's words, or a symptom that one line doesn't tell.
            }
            let once = serde_json::json!({ "log": format!("{line}\n"), "stream": "stderr" });
            let twice = serde_json::json!({ "log": once.to_string() }).to_string();
            let colored = format!("\u{1b}[0;31m{line}\u{1b}[0m\r\n");
            let journal = format!("Nov 21 10:11:12 node1 kubelet[1234]: {line}");
            let runtime = format!("2026-11-21T10:00:00.000000000Z stderr F {line}");
            for spelling in [once.to_string(), twice, colored, journal, runtime] {
                assert_eq!(symptoms.in_line(&spelling), plain, "{spelling}");
            }
        }
    }
}

#[test]
fn colours_in_the_middle_don_t_hide_a_symptom() {
    let symptoms = symptoms();
    let line = REFUSED.replace("list of", "\u{1b}[01;31m\u{1b}[Klist\u{1b}[m of");
    assert_eq!(symptoms.in_line(&line).len(), 1);
    assert_eq!(ids(&read(&symptoms, line.as_bytes(), 7)), ["driver-not-registered"]);
}

#[test]
fn the_root_is_told_and_whose_it_is() {
    let symptoms = symptoms();
    for (id, root, side) in [
        ("registry-not-a-directory", "/var/lib/kubelet", Side::Manifest),
        ("kubelet-dir-not-a-directory", "/var/lib/kubelet", Side::Manifest),
        ("registered-socket-missing", "/var/lib/kubelet", Side::Either),
        ("registered-socket-refused", "/var/lib/kubelet", Side::Either),
        ("registration-not-confirmed", "/var/lib/kubelet", Side::Either),
        ("staging-path-missing", "/data/k8s/kubelet", Side::Kubelets),
        ("globalmount-not-created", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("staged-volume-missing", "/data/kubelet", Side::Kubelets),
        ("mount-point-missing", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("target-dir-not-created", "/data/kubelet", Side::Kubelets),
        ("provider-cannot-write", "/var/differentpath/var/lib/kubelet", Side::Kubelets),
        ("target-not-on-node", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("mount-dir-not-empty", "/data/kubelet", Side::Kubelets),
        ("mount-not-shared", "/var/lib/kubelet", Side::Either),
        ("sidecar-cannot-connect", "/var/lib/kubelet", Side::Either),
        ("stale-registration-socket", "/var/lib/kubelet", Side::Kubelets),
        ("pod-dir-is-mount-point", "/var/lib/kubelet", Side::Kubelets),
    ] {
        let line = lines(id).remove(0);
        let sighting = symptoms.in_line(&line).remove(0);
        let (found, whose) = sighting.root.unwrap_or_else(|| panic!("{id}: {line}"));
        assert_eq!((found.to_string().as_str(), whose), (root, side), "{id}");
    }
}

#[test]
fn roots_are_inferred_from_what_only_they_have() {
    const UID: &str = "0f1e2d3c-4b5a-4697-8877-665544332211";
    for root in [
        "/var/lib/kubelet",
        "/data/kubelet",
        "/var/data/kubelet",
        "/var/vcap/data/kubelet",
        "/var/lib/k0s/kubelet",
        "/opt/rke/var/lib/kubelet",
        "/var/snap/microk8s/common/var/lib/kubelet",
        "/srv/pods/plugins/kubelet",
        "/mnt/k8s",
    ] {
        for below in [
            format!("pods/{UID}/volumes/kubernetes.io~csi/pvc-1/mount"),
            format!("pods/{UID}/volumeDevices/kubernetes.io~csi/pvc-1"),
            format!("pods/{UID}"),
            "pods".to_owned(),
            "plugins/kubernetes.io/csi/nfs.csi.k8s.io/0a1b/globalmount".to_owned(),
            "plugins_registry".to_owned(),
            "plugins_registry/nfs.csi.k8s.io-reg.sock".to_owned(),
            "plugins/csi-nfsplugin/csi.sock".to_owned(),
            "plugins/a/b/c.sock".to_owned(),
            "plugins/smb.csi.k8s.io/registration".to_owned(),
            "csi-plugins/disk/csi.sock".to_owned(),
            "device-plugins/kubelet.sock".to_owned(),
        ] {
            let found = root_of(&format!("{root}/{below}")).unwrap_or_else(|| panic!("{below}"));
            assert_eq!(found.to_string(), root, "{below}");
        }
    }
    for nothing in [
        "/csi/csi.sock",
        "/plugins_registry/x-reg.sock",
        "/var/log/pods/kube-system_app_uid/app/0.log",
        "/var/lib/kubelet/config.yaml",
        "/proc/1/root/var/lib/kubelet/pods",
        "/host/var/lib/kubelet/pods",
        "/etc/plugins/readme",
        "relative/kubelet/pods",
        "/data/kubelet;rm/pods",
        "/a/../../plugins_registry",
        "",
    ] {
        assert_eq!(root_of(nothing), None, "{nothing}");
    }
    assert_eq!(root_of("/data/kubelet").unwrap().to_string(), "/data/kubelet");
}

#[test]
fn drivers_are_named_where_the_line_names_them() {
    let symptoms = symptoms();
    let driver = |line: &str| symptoms.in_line(line).remove(0).driver;
    assert_eq!(driver(REFUSED).as_deref(), Some("nfs.csi.k8s.io"));
    let quoted = REFUSED.replace("nfs.csi.k8s.io", "\\\"a.b\\\"");
    assert_eq!(driver(&quoted).as_deref(), Some("a.b"));
    let line = lines("stale-registration-socket").remove(0);
    assert_eq!(driver(&line).as_deref(), Some("driver.longhorn.io"));
    let line = lines("staged-volume-missing").remove(0);
    assert_eq!(driver(&line).as_deref(), Some("smb.csi.k8s.io"));
    let line = lines("mount-dir-not-empty").remove(0);
    assert_eq!(driver(&line).as_deref(), Some("nfs.csi.k8s.io"));
    let line = lines("target-not-on-node").remove(1);
    assert_eq!(driver(&line).as_deref(), Some("cinder.csi.openstack.org"));
}

#[test]
fn the_document_is_fresh() {
    let path = path("docs/symptoms.md");
    let fresh = markdown(&symptoms(), &Catalogue::of(Language::English));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == fresh,
        "docs/symptoms.md isn't what src/knowledge/symptoms.yaml says; write it again with\n\
         UPDATE_DOCS=1 cargo test --test symptoms\n{}",
        unified("docs/symptoms.md", "fresh", &written, &fresh)
    );
    for symptom in symptoms().all() {
        assert!(fresh.contains(&format!("\n### {}\n", symptom.id)), "{}", symptom.id);
    }
}
