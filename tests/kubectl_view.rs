//! kubectl's view: Kubernetes' own decoder, a small Go program in `tests/kubectl`, reads every real
//! manifest before and after.
//!
//! The program accepts what kubectl accepts, and what kubectl reads from the output is what it
//! reads from the input, with the planned changes and no others. Where the two disagree about a
//! file is listed in `testdata/kubectl/disagreements.yaml`, with the reason.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "test code"
)]

mod common;
#[path = "kubectl/difference.rs"]
mod difference;
#[path = "kubectl/reader.rs"]
mod reader;

use common::{Plan, TO, manifests, options, shared, testdata, try_plan};
use csi_relocate::Options;
use csi_relocate::source::Source;
use difference::{Differences, planned};
use reader::{View, build, read};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A file, and what both sides make of it.
struct Seen {
    /// Its path below the shared folder, or below `testdata/kubectl`.
    name: String,
    path: PathBuf,
    kubectl: View,
    /// The error is the tool's message.
    tool: Result<Plan, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    Kubectl,
    CsiRelocate,
}

/// A file that one side accepts and the other refuses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Disagreement {
    file: String,
    accepted_by: Side,
    reason: String,
}

/// Every manifest as both sides see it; `None` where they can't be had.
static SEEN: LazyLock<Option<Vec<Seen>>> = LazyLock::new(|| {
    let shared = shared("kubectl_view")?;
    let reader = build("kubectl_view")?;
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/kubectl");
    let mut files = manifests(&shared.join("corpus"));
    files.extend(manifests(&shared.join("no-knob")));
    files.extend(
        manifests(&shared.join("oracle")).into_iter().filter(|path| path.ends_with("default.yaml")),
    );
    files.extend(all_files(&shared.join("hard")));
    files.extend(manifests(&own.join("forms")));
    assert!(files.len() > 900, "only {} manifests", files.len());
    let views = read(&reader, &files, "inputs");
    let seen = files.into_iter().zip(views).map(|(path, kubectl)| {
        let name = path.strip_prefix(&shared).or_else(|_| path.strip_prefix(&own)).unwrap();
        Seen { name: name.display().to_string(), kubectl, tool: strict(&path), path }
    });
    Some(seen.collect())
});

/// The tool's plan for a file, every document parsed.
fn strict(path: &Path) -> Result<Plan, String> {
    let options = Options { strict: true, ..options(TO) };
    let text =
        String::from_utf8(std::fs::read(path).unwrap()).map_err(|error| error.to_string())?;
    try_plan(&Source::new("test.yaml", text), &options).map_err(|error| error.to_string())
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all_files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn listed() -> Vec<Disagreement> {
    let list: Vec<Disagreement> =
        serde_yaml::from_str(&testdata("kubectl/disagreements.yaml")).unwrap();
    assert!(list.iter().all(|entry| entry.reason.len() > 20), "every entry has a reason");
    list
}

#[test]
fn the_same_files_are_accepted() {
    let Some(seen) = SEEN.as_ref() else { return };
    let mut list: BTreeMap<String, Side> = BTreeMap::new();
    for entry in listed() {
        let twice = list.insert(entry.file.clone(), entry.accepted_by);
        assert!(twice.is_none(), "{} is listed twice", entry.file);
    }
    let mut problems = Vec::new();
    for Seen { name, kubectl, tool, .. } in seen {
        let found = match (&kubectl.documents, tool) {
            (Some(_), Err(message)) => Some((Side::Kubectl, message)),
            (None, Ok(_)) => Some((Side::CsiRelocate, &kubectl.error)),
            _ => None,
        };
        let expected = list.remove(name);
        match (found, expected) {
            (Some((side, message)), expected) if expected != Some(side) => {
                problems.push(format!("{name}: only {side:?} accepts it, not listed: {message}"));
            }
            (None, Some(_)) => problems.push(format!("{name}: listed, and both agree now")),
            _ => {}
        }
    }
    problems.extend(list.keys().map(|name| format!("{name}: listed, and there is no such file")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_output_means_the_input_with_the_planned_changes() {
    let Some(seen) = SEEN.as_ref() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubectl-view-outputs");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    let (mut rewritten, mut outputs) = (Vec::new(), Vec::new());
    let mut problems = Vec::new();
    for seen in seen {
        let (Some(old), Ok(relocation)) = (&seen.kubectl.documents, &seen.tool) else { continue };
        if relocation.output.as_bytes() == std::fs::read(&seen.path).unwrap() {
            // The same bytes mean the same.
            assert_eq!(relocation.edits, [], "{}", seen.name);
            continue;
        }
        let output = folder.join(format!("{}.yaml", outputs.len()));
        std::fs::write(&output, &relocation.output).unwrap();
        rewritten.push((&seen.name, old, relocation));
        outputs.push(output);
    }
    let reader = build("kubectl_view").expect("it was built before");
    let views = read(&reader, &outputs, "outputs");
    for ((name, old, relocation), view) in rewritten.iter().zip(&views) {
        let Some(new) = &view.documents else {
            problems.push(format!("{name}: kubectl refuses the output: {}", view.error));
            continue;
        };
        let mut found = Differences::default();
        found.between_all(old, new);
        problems.extend(found.unlike(&planned(relocation)).map(|what| format!("{name}: {what}")));
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
    assert!(rewritten.len() > 400, "only {} manifests changed", rewritten.len());
}
