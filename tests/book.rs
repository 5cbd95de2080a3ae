//! The book: `.ci/book` builds it without a warning, and in what comes out every link and every
//! anchor leads somewhere.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[path = "links/html.rs"]
mod html;

use common::tools::{has_tool, path};
use html::{Tags, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Every file of a folder, by its path below it.
fn files(folder: &Path, below: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, below, found);
        } else {
            found.insert(path.strip_prefix(below).unwrap().to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn links_of_the_book_lead_somewhere() {
    if !has_tool("book", "mdbook") {
        return;
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = tempfile::tempdir().unwrap();
    let output =
        Command::new(top.join(".ci/book")).arg(built.path()).env("PATH", path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    let mut all = BTreeSet::new();
    files(built.path(), built.path(), &mut all);
    // The page for what isn't found has a base of its own.
    let pages = all.iter().filter(|path| path.ends_with(".html") && *path != "404.html");
    let pages = pages.map(|path| {
        let text = std::fs::read_to_string(built.path().join(path)).unwrap();
        (path.as_str(), html::tags(&text))
    });
    let pages: BTreeMap<&str, Tags> = pages.collect();
    for page in ["index.html", "README.html", "docs/drivers.html", "docs/integrations/helm.html"] {
        assert!(pages.contains_key(page), "{page} isn't in the book");
    }

    let mut problems = String::new();
    let mut count = 0;
    for (page, tags) in &pages {
        for link in &tags.links {
            let Some(target) = html::target(page, link) else { continue };
            count += 1;
            let is_there = match &target {
                Target::Outside => false,
                Target::Inside { path, anchor: None } => all.contains(path),
                Target::Inside { path, anchor: Some(anchor) } => {
                    pages.get(path.as_str()).is_some_and(|tags| tags.ids.contains(anchor))
                }
            };
            if !is_there {
                let _ = writeln!(problems, "{page}: {link}");
            }
        }
    }
    assert!(problems.is_empty(), "these links of the book lead nowhere:\n{problems}");
    assert!(count > 1000, "{count}");
}
