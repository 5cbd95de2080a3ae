//! Every symptom is recognised in the spellings of real programs, and nothing else is.
//!
//! `testdata/symptoms/<id>.txt` has one spelling a line: real wording from the threads and sources
//! that the table names, with ids and names changed. `near-misses.txt` has lines that look alike.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "symptoms/forms.rs"]
mod forms;
#[path = "common/fresh.rs"]
mod fresh;
#[path = "symptoms/log.rs"]
mod log;
#[path = "symptoms/roots.rs"]
mod roots;
#[path = "symptoms/texts.rs"]
mod texts;

use csi_relocate::symptoms::{Group, Symptom, Symptoms, Tally, markdown};
use csi_relocate::words::{Catalogue, Language};
use fresh::is_fresh;
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

/// What somebody is told who asks: by a line, or by a whole log where it takes one.
fn told<'s>(symptoms: &'s Symptoms, symptom: &Symptom, line: &str) -> Vec<Group<'s>> {
    if symptom.takes_a_log() {
        return read(symptoms, line.as_bytes(), usize::MAX);
    }
    symptoms.explain(line)
}

/// The only thing that a line shows.
fn only<'s>(symptoms: &'s Symptoms, line: &str) -> Group<'s> {
    let mut groups = symptoms.explain(line);
    assert_eq!(groups.len(), 1, "{line}: {:?}", ids(&groups));
    groups.remove(0)
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
            let found = ids(&told(&symptoms, symptom, &line)).join(", ");
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
        .filter(|line| !symptoms.explain(line).is_empty())
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
            let plain = told(&symptoms, symptom, &line);
            if plain.iter().any(Group::is_guess) {
                continue; // Somebody's words.
            }
            let once = serde_json::json!({ "log": format!("{line}\n"), "stream": "stderr" });
            let twice = serde_json::json!({ "log": once.to_string() }).to_string();
            let colored = format!("\u{1b}[0;31m{line}\u{1b}[0m\r\n");
            let journal = format!("Nov 21 10:11:12 node1 kubelet[1234]: {line}");
            let runtime = format!("2026-11-21T10:00:00.000000000Z stderr F {line}");
            for spelling in [once.to_string(), twice, colored, journal, runtime] {
                let mut found = told(&symptoms, symptom, &spelling);
                for (found, plain) in found.iter_mut().zip(&plain) {
                    found.text.clone_from(&plain.text);
                }
                assert_eq!(found, plain, "{spelling}");
            }
        }
    }
}

#[test]
fn colours_in_the_middle_don_t_hide_a_symptom() {
    let symptoms = symptoms();
    let line = REFUSED.replace("list of", "\u{1b}[01;31m\u{1b}[Klist\u{1b}[m of");
    assert_eq!(ids(&symptoms.explain(&line)), ["driver-not-registered"]);
    assert_eq!(ids(&read(&symptoms, line.as_bytes(), 7)), ["driver-not-registered"]);
}

#[test]
fn drivers_are_named_where_the_line_names_them() {
    let symptoms = symptoms();
    let driver = |line: &str| Some(only(&symptoms, line).drivers.first()?.0.clone());
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
    let fresh = markdown(&symptoms(), &Catalogue::of(Language::English));
    is_fresh("docs/symptoms.md", &fresh, "symptoms");
    for symptom in symptoms().all() {
        assert!(fresh.contains(&format!("\n### {}\n", symptom.id)), "{}", symptom.id);
    }
}
