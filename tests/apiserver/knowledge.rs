//! The manifests of `tests/knowledge_cases.rs`: what the server accepts it accepts with the settings
//! that are written into it.
//!
//! For custom resources it has schemas of our own in `testdata/knowledge/crds`, with those fields
//! of the projects' that the manifests have, and no others: a field that is written at a wrong
//! place or in a wrong form is refused.

use crate::ask::{Answer, Asker, Fields, NOT_SERVED};
use crate::client::{Client, Request};
use crate::common::{manifests, moved};
use crate::objects_of;
use crate::reader::build;
use crate::server::server_of_its_own;
use csi_relocate::knowledge::Knowledge;
use csi_relocate::knowledge::driver::Remedy;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A new kind is served after a second or two.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn settings_are_written_where_the_server_knows_them() {
    let test = "settings_are_written_where_the_server_knows_them";
    let (Some(reader), Some(server)) = (build(test), server_of_its_own(test)) else { return };
    let kinds = define(&server.client, &reader);
    let asker = Asker::new(&server.client);

    let (mut accepted, mut met) = (0, BTreeSet::new());
    for path in manifests(&folder("testdata/knowledge")) {
        if path.parent().unwrap().ends_with("crds") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let before = objects_of(&reader, &format!("{test}-{name}-before"), &text);
        let after = objects_of(&reader, &format!("{test}-{name}-after"), &moved(&text));
        assert_eq!(before.len(), after.len(), "{name}");
        for (when, objects) in [("before", &before), ("after", &after)] {
            for (object, answer) in objects.iter().zip(said_to(&asker, objects)) {
                assert_eq!(answer, Answer::Accepted, "{name}, {when}: {object}");
                accepted += 1;
            }
        }
        let customs: Vec<&Value> = after.iter().filter(|it| kinds.contains(&kind(it))).collect();
        for object in customs {
            met.insert(kind(object));
            is_refused_elsewhere(&asker, name, object);
        }
    }
    assert_eq!(met, kinds, "every schema is needed");
    assert!(accepted > 100, "only {accepted} objects");
}

/// The negative control: a field that the schema doesn't have, in place of each one written.
fn is_refused_elsewhere(asker: &Asker<'_>, name: &str, object: &Value) {
    let written = serde_json::to_string(object).unwrap();
    let fields = written_fields(object);
    assert!(!fields.is_empty(), "{name}: {written}");
    for field in fields {
        let wrong = written.replace(&format!("\"{field}\":"), &format!("\"{field}Wrong\":"));
        assert_ne!(wrong, written, "{name}: {field} isn't written");
        let wrong: Value = serde_json::from_str(&wrong).unwrap();
        let answer = said_to(asker, &[wrong]).remove(0);
        assert!(answer.is_about_fields(), "{name}: {answer:?}");
    }
}

/// The keys of the fields that drivers' rows write into an object of this kind: the last one, or
/// that of the list.
fn written_fields(object: &Value) -> BTreeSet<String> {
    let knowledge = Knowledge::builtin().unwrap();
    let (group, kind) = kind(object);
    let known = knowledge.drivers().by_kind(&group, &kind);
    let rows = known.flat_map(|(_, driver)| &driver.objects);
    rows.filter(|row| row.group == group && row.kinds.contains(&kind))
        .filter(|row| row.action == Remedy::Insert)
        .map(|row| {
            let last = row.field.rsplit('.').next().unwrap();
            last.split('[').next().unwrap().to_owned()
        })
        .collect()
}

fn said_to(asker: &Asker<'_>, objects: &[Value]) -> Vec<Answer> {
    let asked: Vec<_> = objects.iter().map(|object| (object, Fields::Strict)).collect();
    let answers = asker.would_create(&asked);
    let is_served =
        |answer: &Answer| !matches!(answer, Answer::Refused { class, .. } if class == NOT_SERVED);
    assert!(answers.iter().all(is_served), "a kind without a schema: {objects:?}");
    answers
}

/// Group and kind of an object.
fn kind(object: &Value) -> (String, String) {
    let version = object["apiVersion"].as_str().unwrap();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    (group.to_owned(), object["kind"].as_str().unwrap().to_owned())
}

/// Makes the server know the kinds of `testdata/knowledge/crds`.
fn define(client: &Client, reader: &Path) -> BTreeSet<(String, String)> {
    let mut kinds = BTreeSet::new();
    let (mut definitions, mut collections) = (Vec::new(), Vec::new());
    for path in manifests(&folder("testdata/knowledge/crds")) {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with('#') && text.contains("source: "), "{}", path.display());
        assert!(!text.contains("preserve-unknown-fields"), "{}", path.display());
        let name = path.file_stem().unwrap().to_str().unwrap();
        let definition = objects_of(reader, &format!("crd-{name}"), &text).remove(0);
        let spec = &definition["spec"];
        let of = |value: &Value| value.as_str().unwrap().to_owned();
        let (group, plural) = (of(&spec["group"]), of(&spec["names"]["plural"]));
        let version = of(&spec["versions"][0]["name"]);
        collections.push(Request::get(&format!("/apis/{group}/{version}/{plural}")));
        assert!(kinds.insert((group, of(&spec["names"]["kind"]))));
        let place =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?fieldValidation=Strict";
        definitions.push(Request::post(place.to_owned(), definition));
    }
    for answer in client.ask(&definitions) {
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    let began = Instant::now();
    while !client.ask(&collections).iter().all(|answer| answer.status == 200) {
        assert!(began.elapsed() < PATIENCE, "the kinds aren't served");
        std::thread::sleep(Duration::from_millis(200));
    }
    kinds
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
