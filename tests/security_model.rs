//! The tests and files by which `docs/security-model.md` and `docs/faq.md` hold their promises are
//! there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::fmt::Write as _;
use std::path::Path;

/// The text of all tests.
fn tests(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// Whether this is how tests are called: words with underscores between them.
fn is_name(span: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    span.split('_').count() > 2 && span.split('_').all(is_word)
}

/// The names in a page's code spans that no test has, a line each.
fn missing(page: &str, top: &Path) -> String {
    let mut tested = String::new();
    tests(&top.join("tests"), &mut tested);
    let mut missing = String::new();
    let spans = page.lines().filter(|line| !line.starts_with("```"));
    for span in spans.flat_map(|line| line.split('`').skip(1).step_by(2)) {
        let is_there = if is_name(span) {
            tested.contains(&format!("fn {span}("))
        } else if span.starts_with("tests/") || span.starts_with("src/") || span.starts_with(".ci/")
        {
            top.join(span).exists()
        } else {
            true
        };
        if !is_there {
            let _ = writeln!(missing, "{span}");
        }
    }
    missing
}

#[test]
fn every_test_that_is_named_is_there() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = 0;
    for page in ["security-model", "faq"] {
        let text = std::fs::read_to_string(top.join(format!("docs/{page}.md"))).unwrap();
        assert_eq!(missing(&text, top), "", "{page}");
        names += text.split('`').filter(|span| is_name(span)).count();
    }
    assert!(names > 20, "only {names} tests are named");
    let wrong = "`no_such_test` holds it, `tests/none.rs` too; `every_test_that_is_named_is_there`";
    assert_eq!(missing(wrong, top), "no_such_test\ntests/none.rs\n");
}
