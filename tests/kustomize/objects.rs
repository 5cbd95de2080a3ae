//! Objects as values, by what they are called.

use serde::Deserialize as _;
use serde_yaml::{Mapping, Value};
use std::collections::BTreeMap;

/// Annotations by which kustomize speaks to itself.
const OWN: [&str; 3] =
    ["config.kubernetes.io/", "internal.config.kubernetes.io/", "kustomize.config.k8s.io/"];

/// Every object of a stream by apiVersion, kind, namespace and name; `None` where two have the
/// same, or a key is there twice.
pub(crate) fn objects(text: &str) -> Option<BTreeMap<String, Value>> {
    let mut found = BTreeMap::new();
    for doc in serde_yaml::Deserializer::from_str(text) {
        let object = Value::deserialize(doc).ok()?;
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let meta = &object["metadata"];
        let words = [&object["apiVersion"], &object["kind"], &meta["namespace"], &meta["name"]];
        if found.insert(words.map(word).join(" "), bare(object)).is_some() {
            return None;
        }
    }
    Some(found)
}

/// An object without kustomize's annotations.
fn bare(mut object: Value) -> Value {
    let metadata = object.get_mut("metadata").and_then(Value::as_mapping_mut);
    if let Some(metadata) = metadata {
        let annotations = metadata.get_mut("annotations").and_then(Value::as_mapping_mut);
        if let Some(annotations) = annotations {
            let is_own = |key: &Value| {
                key.as_str().is_some_and(|key| OWN.iter().any(|own| key.starts_with(own)))
            };
            annotations.retain(|key, _| !is_own(key));
        }
        let is_empty = |value: &Value| value.as_mapping().is_none_or(Mapping::is_empty);
        if metadata.get("annotations").is_some_and(is_empty) {
            metadata.remove("annotations");
        }
    }
    object
}
