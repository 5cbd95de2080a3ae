//! What is known of drivers, row by row: each setting that a row writes is written into a small
//! manifest of our own, which is no such driver any more once its names are others.
//!
//! A manifest in `testdata/knowledge` has the name of its driver's file in `src/knowledge/drivers`.
//! `tests/apiserver.rs` shows them to an API server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use common::{Plan, TO, manifests, options, root, said, try_plan};
use csi_relocate::check::{Against, check};
use csi_relocate::decide::{Added, Insertion};
use csi_relocate::diff::unified;
use csi_relocate::finding::{Rule, Severity};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::knowledge::driver::{Driver, Remedy};
use csi_relocate::plan::{Edit, apply};
use csi_relocate::source::Source;
use csi_relocate::{Options, roots};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Where the results are moved on to.
const ON: &str = "/mnt/k8s/kubelet";

/// How often each setting is written, by its name.
type Settings = BTreeMap<String, usize>;

/// A driver with rows that write, and the manifest that belongs to it.
struct Fixture {
    /// The name of the driver's file.
    name: String,
    driver: Driver,
    source: Source,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// The manifests without those of the custom resources' schemas, by name.
fn files() -> BTreeMap<String, PathBuf> {
    let files = manifests(&folder("testdata/knowledge"));
    let own = files.into_iter().filter(|path| path.parent().unwrap().ends_with("knowledge"));
    own.map(|path| (stem(&path), path)).collect()
}

/// The settings that a driver's rows write, and how many rows do.
fn written_by(driver: &Driver) -> Settings {
    let hidden = driver.containers.iter().flat_map(|row| &row.hidden);
    let hidden = hidden.filter(|row| row.action == Remedy::Insert).map(|row| row.name().to_owned());
    let fields = driver.objects.iter().filter(|row| row.action == Remedy::Insert);
    let mut settings = Settings::new();
    for name in hidden.chain(fields.map(|row| row.field.clone())) {
        *settings.entry(name).or_default() += 1;
    }
    settings
}

fn fixtures() -> Vec<Fixture> {
    let knowledge = Knowledge::builtin().unwrap();
    let drivers = knowledge.drivers();
    let files = files();
    let writing =
        drivers.all().unwrap().into_iter().filter(|(_, driver)| !written_by(driver).is_empty());
    let fixtures: Vec<Fixture> = writing
        .map(|(id, driver)| {
            let name = drivers.name(id).to_owned();
            let path = files.get(&name).unwrap_or_else(|| panic!("{name} has no manifest"));
            let text = std::fs::read_to_string(path).unwrap();
            let source = Source::new(path.file_name().unwrap().to_str().unwrap(), text);
            Fixture { name, driver: driver.clone(), source }
        })
        .collect();
    assert!(fixtures.len() > 40, "only {} drivers", fixtures.len());
    fixtures
}

fn plan(source: &Source, options: &Options) -> Plan {
    try_plan(source, options).unwrap_or_else(|error| panic!("{}: {error}", source.name()))
}

fn rewritten(source: &Source, text: &str, options: &Options) -> String {
    plan(&Source::new(source.name(), text.to_owned()), options).output
}

/// The settings that a plan writes, each with its driver's title.
fn settings(plan: &Plan) -> Vec<(String, String)> {
    let insertions = plan.analysis.insertions.iter().filter_map(|it| match &it.what {
        Added::Setting { setting, driver, .. } => {
            Some((driver.clone(), setting.bare_name().to_owned()))
        }
        Added::Propagation(_) => None,
    });
    insertions.collect()
}

#[test]
fn manifests_and_snapshots_belong_to_drivers_that_write() {
    let drivers: BTreeSet<String> = fixtures().into_iter().map(|fixture| fixture.name).collect();
    let files: BTreeSet<String> = files().into_keys().collect();
    let orphans: Vec<_> = files.difference(&drivers).collect();
    assert!(orphans.is_empty(), "manifests without a driver that writes: {orphans:?}");
    let snapshots = std::fs::read_dir(folder("snapshots/knowledge/drivers")).expect("snapshots");
    let snapshots: BTreeSet<String> = snapshots.map(|entry| stem(&entry.unwrap().path())).collect();
    let left: Vec<_> = snapshots.difference(&drivers).collect();
    assert!(left.is_empty(), "snapshots without a driver that writes: {left:?}");
    // A snapshot that is being written for the first time may not be there yet.
    let is_writing = std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always");
    let missing: Vec<_> = drivers.difference(&snapshots).filter(|_| !is_writing).collect();
    assert!(missing.is_empty(), "drivers that write, without a snapshot: {missing:?}");
}

/// Every row is met, as often as there are rows of its name, and no other driver's is.
#[test]
fn each_row_writes_its_setting() {
    for Fixture { name, driver, source } in fixtures() {
        let plan = plan(&source, &options(TO));
        let mut met = Settings::new();
        for (title, setting) in settings(&plan) {
            assert_eq!(title, driver.title, "{name}");
            *met.entry(setting).or_default() += 1;
        }
        let rows = written_by(&driver);
        assert!(met.keys().eq(rows.keys()), "{name}: {met:?} are written, of {rows:?}");
        for (setting, rows) in rows {
            assert!(met[&setting] >= rows, "{name}: one of the rows of {setting} isn't met");
        }
        // Nothing else is written: the manifest is otherwise in order.
        assert_eq!(plan.analysis.insertions.len(), met.values().sum::<usize>(), "{name}");
    }
}

#[test]
fn what_is_written_is_what_the_snapshot_says() {
    let mut snapshots = common::snapshots();
    snapshots.set_snapshot_path("../snapshots/knowledge/drivers");
    for Fixture { name, source, .. } in fixtures() {
        let plan = plan(&source, &options(TO));
        let mut story = unified(source.name(), source.name(), source.text(), &plan.output);
        for finding in &plan.analysis.findings {
            let (message, help) = said(finding);
            let (severity, rule) = (finding.severity, finding.rule.id());
            let _ = writeln!(story, "\n{severity}[{rule}]: {message}\n  help: {help}");
        }
        let story: Vec<String> =
            story.replace('\r', "␍").lines().map(|line| line.trim_end().to_owned()).collect();
        snapshots.bind(|| insta::assert_snapshot!(name, story.join("\n")));
    }
}

/// A second run writes nothing, and neither does one for the root that is built in.
#[test]
fn once_is_enough_and_the_default_needs_nothing() {
    for Fixture { name, source, .. } in fixtures() {
        let once = plan(&source, &options(TO)).output;
        assert_ne!(once, source.text(), "{name}");
        assert_eq!(rewritten(&source, &once, &options(TO)), once, "{name}");
        let same = plan(&source, &options(roots::DEFAULT_ROOT));
        assert_eq!(same.edits, [], "{name}");
    }
}

/// From one root to the next: what was written moves along.
#[test]
fn what_was_written_moves_on() {
    let from_there = |to: &str| Options { from: vec![root(TO)], ..options(to) };
    for Fixture { name, source, .. } in fixtures() {
        let there = plan(&source, &options(TO)).output;
        let on = rewritten(&source, &there, &from_there(ON));
        assert_eq!(on, plan(&source, &options(ON)).output, "{name}");

        // The way back leaves nothing of the root behind, and leads to the same.
        let back = rewritten(&source, &there, &from_there(roots::DEFAULT_ROOT));
        assert!(!back.contains("/data"), "{name}:\n{back}");
        assert_eq!(rewritten(&source, &back, &options(TO)), there, "{name}");
    }
}

/// By what else a program could be this driver: names that stand for nobody's.
fn others(driver: &Driver) -> Vec<(String, String)> {
    let mut others = Vec::new();
    let containers = &driver.containers;
    let images = containers.iter().flat_map(|row| &row.images);
    for image in images.chain(driver.operators.iter().flat_map(|row| &row.images)) {
        let last = image.rsplit('/').next().unwrap();
        // An image's name ends in the driver's, maybe with more behind it.
        others.push((format!("/{last}:"), "/nobodys:".to_owned()));
        others.push((format!("/{last}-init:"), "/nobodys:".to_owned()));
    }
    for name in containers.iter().flat_map(|row| &row.registers) {
        others.push((format!("/{name}/"), "/nobody.example.org/".to_owned()));
        others.push((format!("/{name}\n"), "/nobody.example.org\n".to_owned()));
    }
    for label in containers.iter().flat_map(|row| &row.labels) {
        let (key, value) = label.split_once('=').unwrap();
        others.push((format!("{key}: {value}\n"), format!("{key}: nobodys\n")));
    }
    for row in &driver.objects {
        if row.group.is_empty() {
            for field in &row.beside {
                let key = field.rsplit('.').next().unwrap();
                others.push((format!("{key}: "), format!("ANOTHER_{key}: ")));
            }
        } else {
            others.push((format!("{}/v1", row.group), "example.org/v1".to_owned()));
        }
    }
    others
}

#[test]
fn nothing_is_written_into_what_has_other_names() {
    let mut moved = 0;
    for Fixture { name, driver, source } in fixtures() {
        let mut text = source.text().to_owned();
        for (own, other) in others(&driver) {
            text = text.replace(&own, &other);
        }
        assert_ne!(text, source.text(), "{name}");
        let source = Source::new(source.name(), text);
        let plan = plan(&source, &options(TO));
        assert_eq!(settings(&plan), [], "{name}");
        assert_eq!(plan.analysis.insertions, [], "{name}");
        moved += usize::from(!plan.edits.is_empty());
    }
    assert!(moved > 25, "only {moved} of them are moved as any manifest is");
}

/// A version that doesn't read a setting isn't given it, whether the program's own image tells it
/// or that of the controller in the same run.
#[test]
fn a_version_without_the_setting_is_left_alone() {
    let operator = |image: &str| {
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: operator}}\nspec:\n  containers:\n    \
             - {{name: operator, image: {image}, args: [ceph, operator]}}\n"
        )
    };
    for (name, old, new) in [
        (
            "gpu-operator",
            "nvcr.io/nvidia/gpu-operator:v26.3.1",
            "nvcr.io/nvidia/gpu-operator:v26.7.0",
        ),
        ("rook", "docker.io/rook/ceph:v1.20.2", "docker.io/rook/ceph:v1.19.4"),
    ] {
        let fixture = fixtures().into_iter().find(|fixture| fixture.name == name).unwrap();
        let with = |image: &str| {
            // The fixture of the one brings its own operator.
            let own = "registry.example/nvidia/gpu-operator:v26.4.0";
            let text = fixture.source.text().replace(own, image);
            let text = format!("{text}{}", operator(image));
            settings(&plan(&Source::new("both.yaml", text), &options(TO))).len()
        };
        assert_eq!(with(old), 0, "{name}");
        assert!(with(new) > 0, "{name}");
    }
    for (name, tag, without) in
        [("blob-csi", "v1.26.0", "v1.23.9"), ("ceph-csi", "v3.15.0", "v1.2.2")]
    {
        let fixture = fixtures().into_iter().find(|fixture| fixture.name == name).unwrap();
        let text = fixture.source.text().replace(&format!("csi:{tag}"), &format!("csi:{without}"));
        assert_ne!(text, fixture.source.text());
        assert_eq!(settings(&plan(&Source::new("old.yaml", text), &options(TO))), [], "{name}");
    }
}

/// A program that adds `/kubelet` to its setting can't be told a root that ends otherwise.
#[test]
fn a_root_that_cannot_be_said_is_an_error() {
    let fixture = fixtures().into_iter().find(|fixture| fixture.name == "huawei-csi").unwrap();
    let errors = |to: &str| {
        let plan = plan(&fixture.source, &options(to));
        let own =
            plan.analysis.findings.iter().filter(|found| {
                found.rule == Rule::HiddenDefault && found.severity == Severity::Error
            });
        let written = plan.analysis.insertions.iter().map(Insertion::line);
        (own.count(), written.filter(|line| line.starts_with("--kubeletRootDir=")).count())
    };
    assert_eq!(errors("/mnt/k8s"), (1, 0));
    assert_eq!(errors("/mnt/kubelet"), (0, 1));
}

/// The worst that `check` finds.
fn worst(name: &str, text: String) -> Option<Severity> {
    let knowledge = Knowledge::builtin().unwrap();
    let against = Against::Root(root(TO));
    let verdict = check(&[Source::new(name, text)], &against, &[], &knowledge).unwrap();
    verdict.findings.iter().map(|finding| finding.severity).max()
}

/// A setting that names another root does the same harm as one that isn't there.
#[test]
fn what_is_written_for_another_root_is_as_bad_as_what_is_missing() {
    let mut held = 0;
    for Fixture { name, source, .. } in fixtures() {
        let plan = plan(&source, &options(TO));
        let file = source.name();
        let at_its_best = worst(file, plan.output.clone());
        for (number, edit) in plan.edits.iter().enumerate() {
            let mut edits = plan.edits.clone();
            edits.remove(number);
            let missing = worst(file, apply(source.text(), &edits).unwrap());
            // What isn't a setting has to move; of an operator that has other harms nothing can be told.
            if !edit.text.contains([':', '=']) || missing <= at_its_best {
                continue;
            }
            let text = edit.text.replace(TO, roots::DEFAULT_ROOT);
            edits.insert(number, Edit { text, span: edit.span });
            let wrong = worst(file, apply(source.text(), &edits).unwrap());
            assert!(wrong >= missing, "{name}: {} is {wrong:?}, not {missing:?}", edit.text);
            held += 1;
        }
    }
    assert!(held > 30, "only {held} settings");
}

/// What a container is told of its own paths is right where a mount has the kubelet's directory there.
#[test]
fn a_containers_own_path_is_right_where_it_shows_the_root() {
    let fixture = fixtures().into_iter().find(|fixture| fixture.name == "mountpoint-s3").unwrap();
    let moved = plan(&fixture.source, &options(TO)).output;
    let own = |name: &str, text: &str| {
        let line = format!("- name: {name}\n              value: {TO}\n");
        assert!(text.contains(&line), "{text}");
        text.replace(&line, &line.replace(TO, roots::DEFAULT_ROOT))
    };
    let mounted = moved.replace(&format!("mountPath: {TO}\n"), "mountPath: /var/lib/kubelet\n");
    assert_ne!(mounted, moved);
    let container = "CONTAINER_KUBELET_PATH";
    assert_eq!(worst("x.yaml", own(container, &moved)), Some(Severity::Error));
    assert_ne!(worst("x.yaml", own(container, &mounted)), Some(Severity::Error));
    assert_eq!(worst("x.yaml", own("HOST_KUBELET_PATH", &mounted)), Some(Severity::Error));
}
