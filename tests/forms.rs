//! The forms for issues: a forge can read them, they ask for what is needed to answer, and name
//! files that are there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// As GitHub describes it: docs.github.com, "Syntax for issue forms" and "Syntax for GitHub's form
/// schema".
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    description: String,
    labels: Vec<String>,
    body: Vec<Element>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Element {
    #[serde(rename = "type")]
    kind: Kind,
    id: Option<String>,
    attributes: Attributes,
    #[serde(default)]
    validations: Validations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Markdown,
    Textarea,
    Input,
    Dropdown,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributes {
    label: Option<String>,
    value: Option<String>,
    description: Option<String>,
    placeholder: Option<String>,
    render: Option<String>,
    #[serde(default)]
    options: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Validations {
    required: bool,
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn forms() -> BTreeMap<String, (String, Form)> {
    let folder = repository().join(".github/ISSUE_TEMPLATE");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let forms = files.filter(|path| path.file_stem().unwrap() != "config").map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let form = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, (text, form))
    });
    forms.collect()
}

#[test]
fn forms_are_as_a_forge_wants_them() {
    for (name, (_, form)) in forms() {
        assert!(form.name.len() > 3 && form.description.len() < 200, "{name}");
        assert_eq!(form.labels.len(), 1, "{name}");
        let ids: Vec<&String> =
            form.body.iter().filter_map(|element| element.id.as_ref()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: an id twice");
        let labels = form.body.iter().filter_map(|element| element.attributes.label.as_ref());
        assert_eq!(labels.collect::<BTreeSet<_>>().len(), ids.len(), "{name}: a label twice");
        for Element { kind, id, attributes, validations } in &form.body {
            let is_text = *kind == Kind::Markdown;
            assert_eq!(attributes.value.is_some(), is_text, "{name}");
            assert_ne!(attributes.label.is_some(), is_text, "{name}");
            assert_ne!(id.is_some(), is_text, "{name}");
            assert_eq!(attributes.options.is_empty(), *kind != Kind::Dropdown, "{name}");
            assert!(attributes.render.is_none() || *kind == Kind::Textarea, "{name}");
            assert!(!(is_text && validations.required), "{name}");
            assert!(attributes.placeholder.is_none() || *kind == Kind::Input, "{name}");
        }
    }
}

#[test]
fn forms_ask_for_what_an_answer_needs() {
    let forms = forms();
    assert_eq!(
        forms.keys().collect::<Vec<_>>(),
        ["driver", "finding", "question", "wrong-rewrite"]
    );
    for (name, (_, form)) in &forms {
        let asked = |id: &str| form.body.iter().find(|element| element.id.as_deref() == Some(id));
        let says = |id: &str| asked(id).and_then(|element| element.attributes.description.clone());
        assert!(says("version").unwrap().contains("csi-relocate --version"), "{name}");
        assert!(asked("version").unwrap().validations.required, "{name}");
        assert!(says("explained").unwrap().contains("csi-relocate explain "), "{name}");
        let needs_manifest = ["finding", "wrong-rewrite"].contains(&name.as_str());
        let is_required = |id| asked(id).is_some_and(|element| element.validations.required);
        assert_eq!(is_required("manifest") && is_required("explained"), needs_manifest, "{name}");
    }
}

#[test]
fn what_forms_name_is_there() {
    let template = ".github/PULL_REQUEST_TEMPLATE.md";
    let template =
        (template.to_owned(), std::fs::read_to_string(repository().join(template)).unwrap());
    let texts = forms().into_iter().map(|(name, (text, _))| (name, text)).chain([template]);
    let mut named = 0;
    for (name, text) in texts {
        let is_of_path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        for word in text.split(|c| !is_of_path(c)).map(|word| word.trim_end_matches('.')) {
            let is_ours = word.starts_with("docs/") || word.starts_with(".ci/");
            if is_ours || (word.ends_with(".md") && !word.contains('/')) {
                named += 1;
                assert!(repository().join(Path::new(word)).is_file(), "{name}: {word}");
            }
        }
    }
    assert!(named >= 3, "{named}");
}
