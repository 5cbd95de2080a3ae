//! Every object of the real manifests, before and after they are rewritten.

use crate::common::{TO, manifests, options, try_plan};
use crate::reader::{View, build, read};
use csi_relocate::source::Source;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// An object as kubectl reads it.
pub(crate) struct Pair {
    /// The file where it was first seen, and which object it is.
    pub(crate) name: String,
    pub(crate) before: Value,
    pub(crate) after: Value,
}

/// The objects of the published manifests and of the charts' default renderings, each once; `None`
/// without Go, outside of CI.
pub(crate) fn pairs(test: &str, shared: &Path) -> Option<Vec<Pair>> {
    let reader = build(test)?;
    let mut files = manifests(&shared.join("corpus"));
    files.extend(
        manifests(&shared.join("oracle")).into_iter().filter(|path| path.ends_with("default.yaml")),
    );
    files.extend(manifests(&shared.join("no-knob")));
    let folder = tempfile::tempdir().unwrap();
    // kubectl and the program agree on which files can be read: `tests/kubectl_view.rs`.
    let rewritten: Vec<(PathBuf, PathBuf)> = files
        .into_iter()
        .enumerate()
        .filter_map(|(at, path)| {
            let text = String::from_utf8(std::fs::read(&path).unwrap()).ok()?;
            let plan = try_plan(&Source::new("test.yaml", text), &options(TO)).ok()?;
            let output = folder.path().join(format!("{at}.yaml"));
            std::fs::write(&output, plan.output).unwrap();
            Some((path, output))
        })
        .collect();
    let (inputs, outputs): (Vec<PathBuf>, Vec<PathBuf>) = rewritten.into_iter().unzip();
    let before = read(&reader, &inputs, "apiserver-before");
    let after = read(&reader, &outputs, "apiserver-after");

    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for ((path, before), after) in inputs.iter().zip(before).zip(after) {
        let file = path.strip_prefix(shared).unwrap().display();
        let Some(before) = objects(before) else { continue };
        let after = objects(after).unwrap_or_default();
        assert_eq!(before.len(), after.len(), "{file}");
        for (before, after) in before.into_iter().zip(after) {
            if seen.insert(serde_json::to_string(&before).unwrap()) {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let kind = text(&before["kind"]);
                let name = format!("{file}: {kind} {}", text(&before["metadata"]["name"]));
                pairs.push(Pair { name, before, after });
            }
        }
    }
    Some(pairs)
}

/// The objects of a file, those of its lists one by one.
pub(crate) fn objects(view: View) -> Option<Vec<Value>> {
    let lists = view.documents?.into_iter().map(|document| match document {
        Value::Object(mut list)
            if list.get("kind").and_then(Value::as_str).is_some_and(|it| it.ends_with("List")) =>
        {
            match list.remove("items") {
                Some(Value::Array(items)) => items,
                _ => vec![Value::Object(list)],
            }
        }
        document => vec![document],
    });
    Some(lists.flatten().filter(Value::is_object).collect())
}
