//! Patches as YAML that kustomize and Flux read.

use super::{Patch, Target};
use crate::decide::Value as Written;
use crate::kubepath::Root;
use serde_json::Value;
use std::fmt::Write as _;

/// A list for `patches:` of a kustomization, or of a Flux object.
#[must_use]
pub fn list(patches: &[Patch], root: &Root) -> String {
    if patches.is_empty() {
        // With the blank it can stand below `patches:`, as a longer list can.
        return " []\n".to_owned();
    }
    header(root) + &entries(patches)
}

/// A whole component, which a kustomization names under `components:`.
#[must_use]
pub fn component(patches: &[Patch], root: &Root) -> String {
    let header = header(root);
    // kustomize refuses a component that has nothing in it, not even an empty list.
    let patches = match patches {
        [] => " []\n".to_owned(),
        patches => format!("\n{}", entries(patches)),
    };
    format!(
        "{header}apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:{patches}"
    )
}

fn header(root: &Root) -> String {
    format!(
        "# For kubelets with --root-dir={root}. Made by csi-relocate from one version of the \
         manifests:\n# make it again when they change. A test that fails means that they have.\n"
    )
}

fn entries(patches: &[Patch]) -> String {
    patches.iter().map(entry).collect()
}

fn entry(patch: &Patch) -> String {
    let mut text = String::new();
    let mut lead = "- target:\n    ";
    for (key, value) in selectors(&patch.target) {
        // Writing to a string doesn't fail.
        let _ = writeln!(text, "{lead}{key}: {}", word(&escaped(value)));
        lead = "    ";
    }
    text.push_str("  patch: |-\n");
    for operation in &patch.operations {
        let (verb, path) = (operation.verb.name(), word(&operation.path));
        let value = quoted(&json(&operation.value));
        let _ = writeln!(text, "    - op: {verb}\n      path: {path}\n      value: {value}");
    }
    text
}

/// The fields of a target that select anything.
fn selectors(target: &Target) -> impl Iterator<Item = (&'static str, &str)> {
    let Target { group, version, kind, name, namespace } = target;
    let all = [
        ("group", group),
        ("version", version),
        ("kind", kind),
        ("name", name),
        ("namespace", namespace),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key, value.as_str()))
}

/// As a regular expression that matches only this text. kustomize takes every field of a target
/// for one, and anchors it itself.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// A scalar that every reader takes for a string: plain where there is no doubt, else in quotes.
fn word(text: &str) -> String {
    const TAKEN: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "y"];
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || r"\./_-~".contains(c))
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str())
        && !text.eq_ignore_ascii_case("n");
    if is_plain { text.to_owned() } else { quoted(&Value::from(text)) }
}

/// A value as JSON.
fn json(value: &Written) -> Value {
    match value {
        Written::Scalar(text) => Value::from(text.as_str()),
        Written::List(items) => items.iter().map(json).collect(),
        Written::Mapping(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), json(value))).collect())
        }
    }
}

/// A value that means the same in JSON and in YAML, on one line, with its texts in double quotes.
fn quoted(value: &Value) -> String {
    let json = value.to_string();
    let mut quoted = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            // YAML doesn't allow these, or sees a line break or a byte order mark in them.
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::{Operation, Verb};

    #[test]
    fn targets_are_patterns_for_one_text() {
        assert_eq!(escaped("csi.example-org"), r"csi\.example-org");
        assert_eq!(escaped("a|b(c)[d]{2}^$*+?\\"), r"a\|b\(c\)\[d\]\{2\}\^\$\*\+\?\\");
    }

    #[test]
    fn words_stay_strings() {
        for plain in ["csi-nfs-node", r"csi\.example", "/spec/a~1b/0", "v1"] {
            assert_eq!(word(plain), plain);
        }
        for doubtful in ["", "1", "0x1f", "1e3", "on", "No", "y", "N", "~", "null", "a: b", "é"] {
            assert_eq!(word(doubtful), format!("\"{doubtful}\""));
        }
        assert_eq!(word("a#b"), "\"a#b\"");
    }

    #[test]
    fn every_text_survives_quoting() {
        let all: String =
            (0..0x3000).filter_map(char::from_u32).chain(['\u{feff}', '😀']).collect();
        for text in [all.as_str(), "a\n  b\n", "'\"\\/", " x ", "${HOME} $(X) {{ .Values }}"] {
            let quoted = quoted(&Value::from(text));
            assert_eq!(quoted.lines().count(), 1);
            assert_eq!(serde_yaml::from_str::<String>(&quoted).unwrap(), text);
            assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }
    }

    #[test]
    fn the_whole_is_yaml() {
        let doc = crate::yaml::Document::default();
        let place = crate::yaml::parse("a", crate::source::Span::new(0, 1)).unwrap().remove(0);
        let place = place.root().unwrap_or_else(|| doc.root().unwrap());
        let operation = |verb, value: &str| Operation {
            verb,
            path: "/data/a b".to_owned(),
            value: Written::Scalar(value.to_owned()),
            place,
        };
        let target = Target { kind: "ConfigMap".into(), name: "1".into(), ..Target::default() };
        let operations = vec![operation(Verb::Test, "x: 'y'\n"), operation(Verb::Replace, "~")];
        let patches = [Patch { target, operations }];
        let root = Root::parse("/data/kubelet").unwrap();
        let list: Value = serde_yaml::from_str(&list(&patches, &root)).unwrap();
        assert_eq!(list[0]["target"], serde_json::json!({"kind": "ConfigMap", "name": "1"}));
        let operations: Value = serde_yaml::from_str(list[0]["patch"].as_str().unwrap()).unwrap();
        let expected = serde_json::json!([
            {"op": "test", "path": "/data/a b", "value": "x: 'y'\n"},
            {"op": "replace", "path": "/data/a b", "value": "~"},
        ]);
        assert_eq!(operations, expected);
        let component: Value = serde_yaml::from_str(&component(&patches, &root)).unwrap();
        assert_eq!(component["patches"], list);
    }
}
