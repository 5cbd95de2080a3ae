//! The house is as `tests/architecture/floors.yaml` says: which module may use which, which may
//! reach out of the program, and which libraries are known where. The page and its picture are
//! fresh.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

#[path = "common/fresh.rs"]
mod fresh;
#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/picture.rs"]
mod picture;

use fresh::is_fresh;
use house::{House, Uses, circle};
use imports::{Imports, files, imports};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

/// The page that has the tables.
const PAGE: &str = "docs/architecture.md";

/// Where the tables stand in the page.
const MARKS: [&str; 2] = ["<!-- rooms -->\n", "<!-- end of rooms -->\n"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn house() -> House {
    let text = std::fs::read_to_string(root().join("tests/architecture/floors.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// What each room uses, tests apart.
fn uses() -> BTreeMap<String, Uses> {
    static READ: LazyLock<BTreeMap<String, Uses>> = LazyLock::new(read_uses);
    READ.clone()
}

fn read_uses() -> BTreeMap<String, Uses> {
    let mut uses: BTreeMap<String, Uses> = BTreeMap::new();
    for (path, module, found) in read_files() {
        // lib.rs names every room.
        if let Some(room) = module.first() {
            let file = path.strip_prefix(root()).unwrap().to_string_lossy();
            uses.entry(room.clone()).or_default().add(&file, &found);
        }
    }
    uses
}

/// Every file that isn't for tests, with the path of its module and what it names.
fn read_files() -> Vec<(PathBuf, Vec<String>, Imports)> {
    let read = files(&root().join("src")).into_iter().map(|(path, module)| {
        let text = std::fs::read_to_string(&path).unwrap();
        let found = imports(&text, &module);
        (path, module, found)
    });
    let mut read: Vec<_> = read.collect();
    let tests: BTreeSet<Vec<String>> =
        read.iter().flat_map(|(.., found)| &found.test_modules).cloned().collect();
    read.retain(|(_, module, _)| (1..=module.len()).all(|end| !tests.contains(&module[..end])));
    read
}

/// The files of a room that each file takes something from, but those above it: they gather what others
/// see of it. Both are told by their modules.
fn uses_within_rooms() -> BTreeMap<String, BTreeSet<String>> {
    let read = read_files();
    let modules: BTreeSet<&Vec<String>> = read.iter().map(|(_, module, _)| module).collect();
    let used = |(_, module, found): &(PathBuf, Vec<String>, Imports)| {
        let beside = found.beside.iter();
        let used = beside.filter(|used| modules.contains(used) && !module.starts_with(used));
        (module.join("::"), used.map(|used| used.join("::")).collect())
    };
    read.iter().map(used).collect()
}

#[test]
fn no_two_files_of_a_room_need_each_other() {
    let uses = uses_within_rooms();
    assert!(uses["symptoms::phrase"].contains("symptoms::table"));
    assert_eq!(circle(&uses), None);
}

#[test]
fn the_code_keeps_to_the_floors() {
    let broken = house().broken(&uses());
    assert!(broken.is_empty(), "{}\n(the rule: tests/architecture/floors.yaml)", broken.join("\n"));
}

/// What is said when one room also uses another.
fn said(name: &str, text: &str, module: &str) -> Vec<String> {
    let module: Vec<String> = module.split("::").map(str::to_owned).collect();
    let mut uses = uses();
    uses.get_mut(name).unwrap().add("src/x.rs", &imports(text, &module));
    house().broken(&uses)
}

#[test]
fn a_use_against_the_floors_is_found_however_it_is_spelled() {
    for text in [
        "use crate::relocate::Options;",
        "use crate::{kubepath, relocate::{Options, Relocation}};",
        "fn f() { crate::relocate::numbered(&[]); }",
        "fn f() -> Vec<crate::relocate::Options> { vec![] }",
        "fn f() { assert!(matches!(x, [crate::relocate::Options { .. }])); }",
        "macro_rules! m { () => { $crate::relocate::relocate() } }",
        "use super::super::relocate::Options;",
        "mod inner { use super::super::super::relocate; }",
    ] {
        let said = said("decide", text, "decide::x");
        let wanted = "src/x.rs: decide uses relocate, which is a floor above";
        assert!(said.iter().any(|line| line == wanted), "{text}: {said:?}");
    }
}

#[test]
fn what_is_no_use_of_another_room_is_none() {
    for text in [
        "use super::relocate;",
        "#[cfg(test)] mod tests { use crate::relocate; }",
        "#[cfg(all(test, unix))] use crate::relocate;",
        "// crate::relocate\nconst TEXT: &str = \"crate::relocate\";",
        "pub(crate) fn relocate() {}",
        "use std::env::consts; use std::io::Write;",
    ] {
        let said = said("files", text, "files::find::x");
        assert!(said.is_empty(), "{text}: {said:?}");
    }
}

#[test]
fn narrower_rules_and_circles_are_held_too() {
    for (room, text, wanted) in [
        ("model", "use crate::source::Span;", "model uses source, which isn't in its `only`"),
        ("check", "use crate::explain::Fate;", ""),
        ("decide", "fn f() { std::fs::read(\"x\"); }", "reaches out of the program: std's fs"),
        ("decide", "use std::{collections, env};", "reaches out of the program: std's env"),
        ("decide", "fn f() { std::io::stdout(); }", "reaches out of the program: std's stdout"),
        ("render", "use std::io; fn f() { io::stderr(); }", "std's stderr"),
        ("model", "use libyaml_safer::Parser;", "model knows of libyaml_safer"),
        ("check", "use crate::nowhere::X;", "crate::nowhere is no room"),
        ("sites", "use crate::decide::Action;", "a circle: decide → sites → decide"),
    ] {
        let said = said(room, text, &format!("{room}::x")).join("\n");
        assert!(said.contains(wanted) && said.is_empty() == wanted.is_empty(), "{text}: {said}");
    }
    let mut house = house();
    house.floors[0].rooms[0].name = "attic".to_owned();
    let broken = house.broken(&uses()).join("\n");
    assert!(
        broken.contains("commands: no room") && broken.contains("attic: there is no such room")
    );
}

#[test]
fn the_page_and_its_picture_are_fresh() {
    let house = house();
    let text = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let (before, rest) = text.split_once(MARKS[0]).expect("a mark before the tables");
    let (_, after) = rest.split_once(MARKS[1]).expect("a mark behind the tables");
    let tables = picture::tables(&house);
    let fresh = format!("{before}{}\n{tables}\n{}{after}", MARKS[0], MARKS[1]);
    is_fresh(PAGE, &fresh, "architecture");
    is_fresh("docs/images/architecture.svg", &picture::svg(&house), "architecture");
}
