//! The second parser: damaged manifests are read by csi-relocate's parser and by the Go library
//! that kubectl reads YAML with. Both accept the same, and read the same values.
//!
//! In what they differ is listed by classes in `testdata/kubectl/mutated.yaml`, each with its
//! reason.

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
#[path = "go_yaml/compare.rs"]
mod compare;
#[path = "go_yaml/mutate.rs"]
mod mutate;
#[allow(dead_code, reason = "files are read by another test")]
#[path = "kubectl/reader.rs"]
mod reader;

use common::{manifests, shared_is_there, testdata};
use compare::{Side, difference};
use csi_relocate::source::Span;
use csi_relocate::yaml::{chunks, parse};
use mutate::Random;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Documents are damaged that are no longer than this, in bytes: small ones are many.
const LONGEST: usize = 3000;

/// A way in which both sides differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Class {
    /// Who accepts it; without that, both do, and read other values.
    accepted_by: Option<Side>,
    /// A part of the refusal, or of the difference.
    says: String,
    /// What the document has to hold besides.
    holds: Option<String>,
    reason: String,
}

fn classes() -> Vec<Class> {
    let list: Vec<Class> = serde_yaml::from_str(&testdata("kubectl/mutated.yaml")).unwrap();
    assert!(list.iter().all(|class| class.reason.len() > 20 && class.says.len() > 5));
    list
}

/// Single documents of the project's own manifests and, where they are, of published ones.
fn material() -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = manifests(&here.join("testdata"));
    if shared_is_there() {
        files.extend(manifests(&here.join("../shared/corpus")));
    }
    let mut found = Vec::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let parts = chunks(&text).into_iter().map(|span| text[span.as_range()].to_owned());
        found.extend(parts.filter(|part| part.len() > 20 && part.len() <= LONGEST));
    }
    assert!(found.len() > 100, "only {} documents", found.len());
    found
}

/// The library reads one document of a stream, and nothing behind it.
fn is_single(text: &str) -> bool {
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).skip(1);
    let mut lines = lines.filter(|line| line.starts_with("---") || line.starts_with("..."));
    lines.next().is_none() && !text.trim_start_matches('\u{feff}').starts_with("...")
}

#[test]
fn damaged_documents_are_read_alike() {
    let Some(program) = reader::build("damaged_documents_are_read_alike") else { return };
    let count = if std::env::var_os("CI").is_some() { 100_000 } else { 2000 };
    let material = material();
    let mut random = Random::new(20_261_121);
    let mut texts = Vec::with_capacity(count);
    while texts.len() < count {
        let text = random.damaged(&material);
        if is_single(&text) {
            texts.push(text);
        }
    }
    let views = reader::read_stream(&program, &texts);
    let classes = classes();
    let mut unlisted: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut accepted = 0;
    for (text, view) in texts.iter().zip(&views) {
        let documents = parse(text, Span::new(0, text.len())).map_err(|error| error.to_string());
        accepted += usize::from(documents.is_ok() && view.documents.is_some());
        let Some((side, what)) = difference(&documents, view) else { continue };
        let is_known = |class: &Class| {
            let holds = class.holds.as_ref().is_none_or(|part| text.contains(part));
            class.accepted_by == side && what.contains(&class.says) && holds
        };
        if !classes.iter().any(is_known) {
            unlisted.entry(format!("{side:?}: {what}")).or_default().push(text);
        }
    }
    let told: Vec<String> = unlisted
        .iter()
        .take(40)
        .map(|(what, texts)| {
            let shortest = texts.iter().min_by_key(|text| text.len()).unwrap();
            format!("{} of {what}\n{shortest:?}", texts.len())
        })
        .collect();
    assert!(told.is_empty(), "{} kinds are not listed\n{}", unlisted.len(), told.join("\n\n"));
    assert!(accepted > count / 4, "only {accepted} were accepted: what was damaged too much?");
    assert!(accepted < count * 9 / 10, "{accepted} were accepted: nothing is damaged");
}
