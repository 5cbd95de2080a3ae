//! A census of real manifests: every place that spells the root, and what becomes of it.
//!
//! The places are found in the raw bytes, by an expression that knows nothing of YAML and takes
//! more spellings than the program. Each must be moved, kept for a reason, a comment, or a part of
//! another path. What the counts are, and where the program differs from plain text replacement,
//! stands in two snapshots.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

#[path = "census/bytes.rs"]
mod bytes;
mod common;
#[path = "census/differences.rs"]
mod differences;
#[path = "census/occurrence.rs"]
mod occurrence;
#[path = "census/table.rs"]
mod table;

use common::{TO, manifests, options, shared, snapshots, try_plan};
use csi_relocate::decide::{Added, Insertion};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::plan::Edit;
use csi_relocate::source::Source;
use occurrence::{Class, Occurrence, occurrences};
use std::fmt::Write as _;

/// A manifest and all that was found in it.
struct File {
    /// Below the folder of real manifests.
    name: String,
    input: Source,
    output: String,
    occurrences: Vec<Occurrence>,
    /// Where `mountPropagation` is written, as byte offsets of the mounts.
    inserted: Vec<usize>,
    /// The edits that write settings, which nothing in the input spells.
    settings: Vec<Edit>,
}

impl File {
    /// The file and the line of an offset.
    fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.name, self.input.line_col(offset).line)
    }
}

fn census(test: &str) -> Vec<File> {
    let Some(shared) = shared(test) else {
        return Vec::new();
    };
    let knowledge = Knowledge::builtin().unwrap();
    let mut files = Vec::new();
    for folder in ["corpus", "no-knob"] {
        for path in manifests(&shared.join(folder)) {
            let name = path.strip_prefix(&shared).unwrap().display().to_string();
            let input = Source::new(name.clone(), std::fs::read_to_string(&path).unwrap());
            let relocation =
                try_plan(&input, &options(TO)).unwrap_or_else(|error| panic!("{name}: {error}"));
            let occurrences = occurrences(&input, &relocation, &knowledge);
            let place = |at: &Insertion| relocation.span(&input, &at.place()).start;
            let insertions = relocation.analysis.insertions.iter();
            let is_propagation = |at: &&Insertion| matches!(at.what, Added::Propagation(_));
            let inserted = insertions.filter(is_propagation).map(place).collect();
            let is_moved = |edit: &&Edit| {
                occurrences.iter().any(|found| {
                    edit.span.start < found.span.end && found.span.start < edit.span.end
                })
            };
            let settings = relocation.edits.iter().filter(|edit| edit.text.contains("/data"));
            let settings = settings.filter(|edit| !is_moved(edit)).cloned().collect();
            let output = relocation.output.clone();
            files.push(File { name, input, output, occurrences, inserted, settings });
        }
    }
    assert!(files.len() > 700, "only {} manifests", files.len());
    files
}

#[test]
fn every_spelling_of_the_root_is_accounted_for() {
    let files = census("every_spelling_of_the_root_is_accounted_for");
    if files.is_empty() {
        return;
    }
    let mut open = String::new();
    for file in &files {
        for found in &file.occurrences {
            if let Class::Unclassified(why) = &found.class {
                let line = file.input.line_text(file.input.line_col(found.span.start).line).trim();
                writeln!(open, "{}  {line}\n    {why}", file.place(found.span.start)).unwrap();
            }
        }
    }
    assert!(open.is_empty(), "nothing is known about these places:\n{open}");
    snapshots().bind(|| insta::assert_snapshot!("census", table::tables(&files)));
}

#[test]
fn differences_to_plain_replacement_are_listed() {
    let files = census("differences_to_plain_replacement_are_listed");
    if files.is_empty() {
        return;
    }
    snapshots().bind(|| {
        insta::assert_snapshot!("census_differences", differences::listed(&files));
    });
}

#[test]
fn bytes_change_where_the_census_says_moved_and_nowhere_else() {
    let mut changed = 0;
    for file in census("bytes_change_where_the_census_says_moved_and_nowhere_else") {
        bytes::are_those_of_the_census(&file);
        changed += usize::from(file.input.text() != file.output);
    }
    if common::shared_is_there() {
        assert!(changed > 350, "only {changed} manifests changed");
    }
}
