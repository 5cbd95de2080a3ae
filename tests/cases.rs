//! Small manifests of our own, one per shape, and what becomes of each.
//!
//! A snapshot shows the sites with their decisions, the findings, the summary and the lines that
//! changed. What holds for every manifest is asserted besides.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{Plan, TO, manifests, options, try_plan};
use csi_relocate::Options;
use csi_relocate::kubepath::WindowsRoot;
use csi_relocate::plan::{Edit, apply};
use csi_relocate::render::{self, Drawing};
use csi_relocate::source::{Source, Span};
use csi_relocate::words::{Catalogue, Language};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Cases that run with `--from auto` a second time, in a snapshot of their own.
const ALSO_WITH_AUTO: [&str; 4] = [
    "other-root",
    "device-plugins-of-another-root",
    "device-plugins-behind-another-root",
    "endpoint-of-a-container-is-no-root",
];

/// Cases whose names end so run with a root for Windows nodes a second time.
const WINDOWS: &str = ".windows";

/// The root for Windows nodes that they move to.
const WINDOWS_TO: &str = r"D:\kubelet";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn cases() -> Vec<PathBuf> {
    manifests(&folder("testdata/cases"))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn read(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_str().unwrap();
    Source::new(name, std::fs::read_to_string(path).unwrap())
}

fn plan(source: &Source, options: &Options) -> Plan {
    try_plan(source, options).unwrap_or_else(|error| panic!("{}: {error}", source.name()))
}

fn auto() -> Options {
    Options { auto: true, ..options(TO) }
}

fn with_windows() -> Options {
    Options { windows: Some(WindowsRoot::parse(WINDOWS_TO).unwrap()), ..options(TO) }
}

/// The runs of a case that have a snapshot: its name, and the options.
fn runs(case: &str) -> Vec<(String, Options)> {
    let mut runs = vec![(case.to_owned(), options(TO))];
    if ALSO_WITH_AUTO.contains(&case) {
        runs.push((format!("{case}.auto"), auto()));
    }
    if case.ends_with(WINDOWS) {
        runs.push((format!("{case}.moved"), with_windows()));
    }
    runs
}

/// All that a person would want to see of a case.
fn story(source: &Source, relocation: &Plan) -> String {
    let words = &Catalogue::of(Language::English);
    let mut story = render::sites(std::slice::from_ref(source), relocation, words);
    for finding in &relocation.analysis.findings {
        let sources = std::slice::from_ref(source);
        let place = finding.places.first();
        let located = place.and_then(|place| relocation.locate(sources, place));
        let shown = render::finding(sources, located, finding, words, &Drawing::plain());
        let _ = write!(story, "\n{shown}\n");
    }
    let _ = write!(story, "\n{}\n\n", render::summary(relocation, words));
    story.push_str(&changed_lines(source, relocation));
    let lines: Vec<&str> = story.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The lines that an edit touches, before and after.
fn changed_lines(source: &Source, relocation: &Plan) -> String {
    let text = source.text();
    let mut regions: Vec<(Span, Vec<Edit>)> = Vec::new();
    for edit in &relocation.edits {
        let start = text[..edit.span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[edit.span.end..].find('\n').map_or(text.len(), |at| edit.span.end + at);
        match regions.last_mut() {
            Some((region, edits)) if start <= region.end => {
                region.end = region.end.max(end);
                edits.push(edit.clone());
            }
            _ => regions.push((Span::new(start, end), vec![edit.clone()])),
        }
    }
    let mut out = String::new();
    let mut added_before = 0;
    for (region, mut edits) in regions {
        for edit in &mut edits {
            edit.span = Span::new(edit.span.start - region.start, edit.span.end - region.start);
        }
        let old = source.slice(region);
        let new = apply(old, &edits).unwrap();
        let line = source.line_col(region.start).line;
        out.push_str(&numbered(old, line, '-'));
        out.push_str(&numbered(&new, line + added_before, '+'));
        // No case takes lines away without adding as many.
        added_before = (added_before + new.lines().count()).saturating_sub(old.lines().count());
    }
    out
}

fn numbered(text: &str, first: usize, sign: char) -> String {
    let shown = text.replace('\r', "␍").replace('\u{feff}', "<BOM>");
    let lines = shown.split('\n').enumerate();
    lines.map(|(index, line)| format!("{:>3} {sign} {line}\n", first + index)).collect()
}

/// What the text between the edits is in the input, it is in the output.
fn untouched_bytes_are_equal(input: &str, relocation: &Plan) {
    let mut rest = relocation.output.as_str();
    let mut at = 0;
    for edit in &relocation.edits {
        rest = rest.strip_prefix(&input[at..edit.span.start]).expect("untouched bytes");
        rest = rest.strip_prefix(edit.text.as_str()).expect("the planned text");
        at = edit.span.end;
    }
    assert_eq!(rest, &input[at..]);
}

fn snapshots() -> insta::Settings {
    let mut settings = common::snapshots();
    settings.set_snapshot_path("../snapshots/cases");
    settings
}

#[test]
fn every_case_is_decided_as_its_snapshot_says() {
    for path in cases() {
        let source = read(&path);
        for (name, options) in runs(&stem(&path)) {
            let relocation = plan(&source, &options);
            snapshots().bind(|| insta::assert_snapshot!(name, story(&source, &relocation)));
        }
    }
}

#[test]
fn a_second_run_changes_nothing() {
    for path in cases() {
        let source = read(&path);
        for options in [options(TO), auto(), with_windows()] {
            let once = plan(&source, &options);
            let output = Source::new(source.name(), once.output.clone());
            let twice = plan(&output, &options);
            assert_eq!(twice.edits, [], "{}", path.display());
            assert_eq!(twice.output, once.output, "{}", path.display());
        }
    }
}

#[test]
fn bytes_outside_of_the_edits_are_untouched() {
    for path in cases() {
        let source = read(&path);
        for options in [options(TO), auto(), with_windows()] {
            untouched_bytes_are_equal(source.text(), &plan(&source, &options));
        }
    }
}

#[test]
fn no_blank_is_left_behind_what_is_written() {
    let source = read(&folder("testdata/cases/hidden-setting-behind-a-blank.yaml"));
    let written = source.text().replace("kubeletDir: \n", "kubeletDir: /data/kubelet\n");
    assert_eq!(plan(&source, &options(TO)).output, written);
}

/// Half-moved variants of the node plugin come out as the node plugin itself does.
#[test]
fn half_moved_cases_converge() {
    let whole = plan(&read(&folder("testdata/cases/node-plugin.yaml")), &options(TO)).output;
    let mut count = 0;
    for path in cases() {
        let name = stem(&path);
        if name.starts_with("half-moved-") || name == "wholly-moved" {
            assert_eq!(plan(&read(&path), &options(TO)).output, whole, "{name}");
            count += 1;
        }
    }
    assert!(count >= 4, "only {count} variants");
}

/// Whatever part of a case's edits was made before, the rest is made now.
#[test]
fn every_half_of_every_case_converges() {
    let mut halves = 0;
    let mut apart = Vec::new();
    for path in cases() {
        let name = stem(&path);
        let text = read(&path);
        let whole = plan(&text, &options(TO));
        let moves: Vec<_> = whole.edits.iter().filter(|edit| edit.text == "data/kubelet").collect();
        if moves.is_empty() || moves.len() > 8 {
            continue;
        }
        let mut differs = false;
        for chosen in 0..1_usize << moves.len() {
            let some: Vec<_> = (0..moves.len())
                .filter(|at| chosen >> at & 1 == 1)
                .map(|at| moves[at].clone())
                .collect();
            let half = apply(text.text(), &some).unwrap();
            differs |= plan(&common::source(&half), &options(TO)).output != whole.output;
            halves += 1;
        }
        if differs {
            apart.push(name);
        }
    }
    assert!(apart.is_empty(), "halves of these cases don't converge: {apart:?}");
    assert!(halves > 1000, "only {halves} halves");
}

#[test]
fn cases_and_snapshots_belong_together() {
    let mut expected: BTreeSet<String> = BTreeSet::new();
    for path in cases() {
        for (name, _) in runs(&stem(&path)) {
            assert!(expected.insert(name.clone()), "two snapshots are called {name}");
        }
    }
    for name in ALSO_WITH_AUTO {
        assert!(expected.contains(name), "no case is called {name}");
    }
    let mut found: BTreeSet<String> = BTreeSet::new();
    for entry in std::fs::read_dir(folder("snapshots/cases")).expect("snapshots") {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".snap").unwrap_or_else(|| panic!("{name} is no snapshot"));
        found.insert(stem.to_owned());
    }
    let orphans: Vec<_> = found.difference(&expected).collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(orphans.is_empty(), "snapshots without a case: {orphans:?}");
    assert!(missing.is_empty(), "cases without a snapshot: {missing:?}");
}
