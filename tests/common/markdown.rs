//! The project's own pages.

use std::path::Path;

/// A page, by its path in the repository.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every Markdown file of the repository, sorted by path, but for input of tests.
pub(crate) fn markdown() -> Vec<Page> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = files().into_iter().filter(|path| path.ends_with(".md"));
    let pages = pages.filter(|path| !path.starts_with("testdata/"));
    let pages =
        pages.map(|path| Page { text: std::fs::read_to_string(top.join(&path)).unwrap(), path });
    let pages: Vec<Page> = pages.collect();
    assert!(pages.len() > 20, "{pages:?}");
    pages
}

/// Every file that git has, or would take, sorted.
pub(crate) fn files() -> Vec<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut walk = ignore::WalkBuilder::new(top);
    walk.hidden(false).require_git(false).parents(false).git_global(false).git_exclude(false);
    walk.filter_entry(|entry| entry.depth() != 1 || entry.file_name() != ".git");
    let entries = walk.build().map(Result::unwrap);
    let files = entries.filter(|entry| !entry.file_type().unwrap().is_dir());
    let path = |entry: ignore::DirEntry| {
        entry.path().strip_prefix(top).unwrap().to_str().unwrap().to_owned()
    };
    let mut files: Vec<String> = files.map(path).collect();
    files.sort();
    files
}
