//! Links in the project's own pages lead to files and headings that are there, as a forge shows
//! them; `tests/book.rs` asks the same of the book.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "links/html.rs"]
mod html;
#[path = "links/markdown.rs"]
mod read;

use common::markdown::{Page, files, markdown};
use html::Target;
use read::{Links, links};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What is wrong with the links of these pages, a line each.
fn problems(pages: &[Page], files: &BTreeSet<String>) -> String {
    let read: BTreeMap<&str, Links> =
        pages.iter().map(|page| (page.path.as_str(), links(&page.text))).collect();
    let mut problems = String::new();
    for (path, links) in &read {
        for (line, link) in &links.links {
            let anchors = |file: &str| read.get(file).map(|links| &links.anchors);
            if let Some(problem) = problem(path, link, files, anchors) {
                let _ = writeln!(problems, "{path}:{line}: {link}: {problem}");
            }
        }
        for (line, name) in &links.undefined {
            let _ = writeln!(problems, "{path}:{line}: [{name}] is defined nowhere");
        }
    }
    problems
}

fn problem<'l>(
    page: &str,
    link: &str,
    files: &BTreeSet<String>,
    anchors: impl Fn(&str) -> Option<&'l BTreeSet<String>>,
) -> Option<String> {
    let Target::Inside { path, anchor } = html::target(page, link)? else {
        return Some("leads out of the repository".to_owned());
    };
    if !files.contains(&path) {
        let is_folder = files.iter().any(|file| file.starts_with(&format!("{path}/")));
        let what = if is_folder { "is a folder, which the book can't show" } else { "isn't there" };
        return Some(what.to_owned());
    }
    let anchor = anchor?;
    match anchors(&path) {
        Some(anchors) if anchors.contains(&anchor) => None,
        Some(_) => Some(format!("{path} has no heading of that name")),
        None => Some("only pages have headings".to_owned()),
    }
}

#[test]
fn links_lead_somewhere() {
    let pages = markdown();
    let problems = problems(&pages, &files().into_iter().collect());
    assert!(problems.is_empty(), "\n{problems}");
    let count: usize = pages.iter().map(|page| links(&page.text).links.len()).sum();
    assert!(count > 500, "{count}");
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let page = |path: &str, text: &str| Page { path: path.to_owned(), text: text.to_owned() };
    let a = "# A page\n\n## Two `words`, and more\n\n## 中文 标题\n\n## A page\n\n<a id=\"here\"></a>\n\n\
             [1](#a-page) [2](#a-page-1) [3](#two-words-and-more) [4](#中文-标题) [5](#here)\n\
             [6](b.md#b) [7](../src/x.rs) [8](https://example.com/y) [9][ref] ![10](p.svg) <b@x.org>\n\
             <img src=\"p.svg\"> [a] `[x](y)`\n\n[ref]: ../src/x.rs\n\n```text\n[z](z)\n```\n";
    let files: BTreeSet<String> =
        ["docs/a.md", "docs/b.md", "docs/p.svg", "src/x.rs"].map(str::to_owned).into();
    assert_eq!(problems(&[page("docs/a.md", a), page("docs/b.md", "# B\n")], &files), "");
    let bad = "# B\n\n[1](#a-page) [2](c.md) [3](a.md#b) [4](../../x) [5](../src) [6](/docs/a.md)\n\
               [7][nothing] ![8](q.svg) <a href=\"A.md\">9</a> [10](../src/x.rs#x)\n";
    let found = problems(&[page("docs/a.md", "# A\n"), page("docs/b.md", bad)], &files);
    assert_eq!(found.lines().count(), 10, "{found}");
}

#[test]
fn every_page_is_in_the_book() {
    let pages = markdown();
    let summary = pages.iter().find(|page| page.path == "docs/SUMMARY.md").unwrap();
    let listed: Vec<String> =
        links(&summary.text).links.into_iter().map(|(_, link)| format!("docs/{link}")).collect();
    let unique: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), listed.len(), "a page is listed twice");
    let there = pages.iter().map(|page| page.path.as_str());
    let there: BTreeSet<&str> =
        there.filter(|path| path.starts_with("docs/") && *path != "docs/SUMMARY.md").collect();
    assert_eq!(unique, there, "docs/SUMMARY.md (left) and the pages that are there");
}

/// A title, and sections below it: the book's sidebar and search are made from them.
#[test]
fn every_page_has_one_title() {
    for page in markdown().iter().filter(|page| page.path.starts_with("docs/")) {
        let levels = links(&page.text).levels;
        assert_eq!(levels.first(), Some(&1), "{}", page.path);
        // The parts of the book are titles, too.
        let is_summary = page.path == "docs/SUMMARY.md";
        let titles = levels.iter().filter(|level| **level == 1).count();
        assert!(titles == 1 || is_summary, "{}: {titles} titles", page.path);
    }
}
