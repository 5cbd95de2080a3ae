//! The real kustomize, and what it builds, as values.

use crate::common::Folder;
use crate::common::tools::{has_tool, program_at};
use serde::Deserialize as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;

/// Whether kustomize can be run.
pub(crate) fn is_there(test: &str) -> bool {
    has_tool(test, "kustomize")
}

/// A run of kustomize.
pub(crate) fn kustomize() -> Command {
    Command::new(program_at("kustomize").unwrap_or_else(|| "kustomize".into()))
}

/// A kustomization of one file with manifests, with more lines, and with files beside it.
pub(crate) fn build(manifests: &str, more: &str, files: &[(&str, &str)]) -> Result<String, String> {
    let folder = Folder::with(files);
    folder.write("in.yaml", manifests);
    folder.write("kustomization.yaml", &format!("resources: [in.yaml]\n{more}"));
    let built = kustomize().arg("build").arg(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if built.status.success() { Ok(text(built.stdout)) } else { Err(text(built.stderr)) }
}

/// The same with a component.
pub(crate) fn with_component(manifests: &str, component: &str) -> Result<String, String> {
    build(manifests, "components: [relocate]\n", &[("relocate/kustomization.yaml", component)])
}

/// Every object of a stream by what it is called, lists as their items. Annotations that are
/// empty count as none: kustomize leaves them out.
pub(crate) fn objects(text: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut value = serde_yaml::Value::deserialize(document).unwrap();
        value.apply_merge().unwrap();
        add(serde_json::to_value(value).unwrap(), &mut found);
    }
    found
}

fn add(mut value: Value, found: &mut BTreeMap<String, Value>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let kind = text(&value["kind"]);
    match value["items"].as_array().filter(|_| kind.ends_with("List")) {
        _ if value.is_null() => {}
        Some(items) => items.iter().for_each(|item| add(item.clone(), found)),
        None => {
            let annotations = value["metadata"].get("annotations");
            let empty = annotations.is_some_and(|all| all.is_null() || *all == json!({}));
            if let Some(metadata) = value["metadata"].as_object_mut().filter(|_| empty) {
                metadata.remove("annotations");
            }
            let (name, namespace) = (&value["metadata"]["name"], &value["metadata"]["namespace"]);
            let called = [text(&value["apiVersion"]), kind, text(namespace), text(name)].join(" ");
            let before = found.insert(called.clone(), value);
            assert_eq!(before, None, "{called} is there twice");
        }
    }
}

/// Panics, with the first thing that differs, when two streams have different objects.
#[track_caller]
pub(crate) fn assert_same(built: &str, expected: &str, what: &str) {
    if let Some(difference) = difference(built, expected) {
        panic!("{what}: {difference}");
    }
}

/// The first thing that differs between the objects of two streams.
pub(crate) fn difference(built: &str, expected: &str) -> Option<String> {
    let stream = |text: &str| Value::Object(objects(text).into_iter().collect());
    first("", &stream(built), &stream(expected))
}

fn first(at: &str, left: &Value, right: &Value) -> Option<String> {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(key, value)| first(&format!("{at}/{key}"), value, &b[key]))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let mut items = a.iter().zip(b).enumerate();
            items.find_map(|(index, (a, b))| first(&format!("{at}/{index}"), a, b))
        }
        // YAML 1.1, and so kubectl, has octal numbers; this test's reader has not.
        (Value::Number(number), Value::String(octal)) if octal.starts_with('0') => {
            let octal = u64::from_str_radix(octal, 8).ok();
            (number.as_u64() != octal).then(|| format!("{at}: {left} instead of {right}"))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        _ => (left != right).then(|| format!("{at}: {left} instead of {right}")),
    }
}
