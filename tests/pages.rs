//! Every page in `docs` and at the top of the repository does what it says: its files are written,
//! its commands run with the real tools, and what they print is what the page shows.
//!
//! Before a block of code stands what is done with it:
//!
//! - `<!-- file: NAME -->`: it is written to that file
//! - `<!-- run -->`: it is run by bash, and has to succeed; `<!-- run: exit 1 -->` has to fail so.
//!   Of a block in the language `console` the lines behind `$ ` are run, and the others are what
//!   they print, all of it
//! - `<!-- prints -->`: these lines, in a row, are in what the last run printed
//! - `<!-- ci:NAME -->`: `.ci/run` runs this block of the README
//! - `<!-- not run: WHY -->`, `<!-- shown: WHY -->`: it is only read. All of these stand in
//!   `snapshots/blocks_that_are_only_read.snap`, for a reviewer
//!
//! At the top of a page, `<!-- needs: TOOL TOOL -->` names what has to be installed, and
//! `<!-- in: checkout -->` has the commands run in a copy of the repository and not in an empty
//! folder. A page with `<!-- Made from …` is written by another test, which holds its blocks;
//! commands have no place there.
//!
//! Whatever is called YAML or JSON can be read as such.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "pages/follow.rs"]
mod follow;
#[path = "pages/read.rs"]
mod read;

use common::markdown::markdown;
use common::snapshots;
use common::tools::has_tool;
use follow::follow;
use rayon::prelude::*;
use read::{Block, Page, Todo, page};
use serde::Deserialize as _;
use std::fmt::Write as _;

/// Languages that somebody types into a shell.
const COMMANDS: [&str; 4] = ["sh", "bash", "shell", "console"];

/// All pages that users read, by path.
fn pages() -> Vec<(String, Page)> {
    let all = markdown().into_iter();
    let pages = all.filter(|page| page.path.starts_with("docs/") || !page.path.contains('/'));
    pages.map(|it| (it.path.clone(), page(&it.path, &it.text))).collect()
}

#[test]
fn every_block_says_what_is_done_with_it() {
    let problems: Vec<String> = pages().into_iter().flat_map(|(_, page)| page.problems).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn pages_do_what_they_say() {
    let pages = pages();
    let is_ready = |(path, page): &&(String, Page)| {
        page.needs.iter().filter(|tool| !has_tool(path, tool)).count() == 0
    };
    let ready: Vec<&(String, Page)> = pages.iter().filter(is_ready).collect();
    let failed = ready
        .par_iter()
        .filter(|(path, page)| std::panic::catch_unwind(|| follow(path, page)).is_err());
    let failed: Vec<&str> = failed.map(|(path, _)| path.as_str()).collect();
    assert!(failed.is_empty(), "said above of {failed:?}");
}

/// A function that kustomize skips, a patch without its object: all of it is silent.
#[test]
fn pages_on_integrations_end_with_a_gate() {
    let pages = pages();
    let pages = pages.iter().filter(|(path, _)| path.starts_with("docs/integrations/"));
    assert!(pages.clone().count() > 4);
    for (path, page) in pages {
        let last = page.blocks.iter().rfind(|block| block.text.contains("csi-relocate"));
        let text = last.map_or("", |block| block.text.as_str()).replace("|\n  csi", "| csi");
        let gate = "| csi-relocate check --kubelet-root /";
        assert!(text.contains(gate) && text.trim_end().ends_with(" -"), "{path}: no gate: {text}");
    }
}

#[test]
fn what_ci_runs_is_run() {
    let ci = include_str!("../.ci/run");
    let readme = markdown().into_iter().find(|page| page.path == "README.md").unwrap();
    let readme = page(&readme.path, &readme.text);
    for (path, page) in pages() {
        for block in &page.blocks {
            let Todo::Ci(name) = &block.todo else { continue };
            let at = format!("{path}:{}", block.line);
            assert!(ci.contains(&format!(" run_readme_block {name}\n")), "{at}: not in .ci/run");
            // CI reads the README only; another page may say the same.
            let same = |other: &&Block| other.todo == block.todo && other.text == block.text;
            assert!(readme.blocks.iter().any(|it| same(&it)), "{at}: not in the README");
        }
    }
}

#[test]
fn blocks_that_are_only_read() {
    let mut said = String::new();
    for (path, page) in pages() {
        for block in &page.blocks {
            if let Todo::Nothing(why) = &block.todo {
                let _ = writeln!(said, "{path}, {} ({}): {why}", block.heading, block.language);
            }
        }
    }
    snapshots().bind(|| insta::assert_snapshot!("blocks_that_are_only_read", said));
}

#[test]
fn made_pages_have_no_commands() {
    let mut seen = 0;
    for (path, page) in pages() {
        for block in page.blocks.iter().filter(|block| block.todo == Todo::Made) {
            seen += 1;
            let is_command = COMMANDS.contains(&block.language.as_str());
            assert!(!is_command && !block.language.is_empty(), "{path}:{}", block.line);
        }
    }
    assert!(seen > 20);
}

#[test]
fn yaml_and_json_can_be_read() {
    let mut seen = 0;
    for (path, page) in pages() {
        for Block { line, language, text, .. } in &page.blocks {
            let is_yaml = ["yaml", "yml", "json"].contains(&language.as_str());
            // Templates of Helm are neither.
            if !is_yaml || text.contains("{{") {
                continue;
            }
            for document in serde_yaml::Deserializer::from_str(text) {
                let read = serde_yaml::Value::deserialize(document);
                assert!(read.is_ok(), "{path}:{line}: {read:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_page_is_read_as_it_is_written() {
    let text = "<!-- needs: cat -->\n# X\n\n<!-- for people -->\n\n<!-- file: a.txt -->\n\
                ```yaml\na: 1\n```\n\n<!-- run -->\n```sh\ncat a.txt\n```\n\n<!-- prints -->\n\
                ```text\na: 1\n```\n<!-- run: exit 3 -->\n```sh\nexit 3\n```\n\
                <!-- not run: needs a cluster -->\n\n```sh\nkubectl apply\n```\n\n\
                1. A list:\n\n   <!-- run: exit 1 -->\n   ```console\n   $ echo a \\\n     b\n   a b\n   \
                $ diff a.txt <(echo b)\n   1c1\n   < a: 1\n   ---\n   > b\n   ```\n";
    let page = page("x.md", text);
    assert_eq!(page.needs, ["cat"]);
    let todo: Vec<&Todo> = page.blocks.iter().map(|block| &block.todo).collect();
    let file = Todo::Write("a.txt".to_owned());
    let why = Todo::Nothing("needs a cluster".to_owned());
    let dialogue = Todo::Run(1);
    assert_eq!(todo, [&file, &Todo::Run(0), &Todo::Print, &Todo::Run(3), &why, &dialogue]);
    assert_eq!(page.blocks[5].line, 33);
    assert_eq!(page.blocks[5].heading, "X");
    follow("x.md", &page);
}

#[test]
fn a_page_may_want_the_repository() {
    let text = "<!-- in: checkout -->\n# X\n\n<!-- run -->\n```sh\n\
                head -n 1 Cargo.toml testdata/csi-example-node.yaml\n```\n\n\
                <!-- prints -->\n```text\n[package]\n```\n";
    follow("x.md", &page("x.md", text));
}

#[test]
fn blocks_are_typed_into_one_terminal() {
    let text = "<!-- run: exit 4 -->\n```sh\nmkdir x\ncd x\nexport Y=\"a 'b' $HOME\"\nexit 4\n```\n\n\
                <!-- run -->\n```console\n$ basename \"$PWD\"; test \"$Y\" = \"a 'b' $HOME\"; echo $?\n\
                x\n0\n$ cd ..\n```\n\n<!-- run -->\n```sh\nls -d x\n```\n";
    follow("x.md", &page("x.md", text));
}

#[test]
#[should_panic(expected = "this isn't in what was printed")]
fn what_is_not_printed_is_found() {
    let text = "<!-- run -->\n```sh\necho one\n```\n<!-- prints -->\n```text\ntwo\n```\n";
    follow("x.md", &page("x.md", text));
}

#[test]
#[should_panic(expected = "but it is")]
fn what_a_dialogue_leaves_out_is_found() {
    let text = "<!-- run -->\n```console\n$ printf '1\\n2\\n'\n1\n```\n";
    follow("x.md", &page("x.md", text));
}

#[test]
#[should_panic(expected = "the last command's exit code")]
fn a_dialogue_that_fails_is_found() {
    let text = "<!-- run -->\n```console\n$ true\n$ false\n```\n";
    follow("x.md", &page("x.md", text));
}

#[test]
fn a_dialogue_may_fail_before_its_end() {
    let text = "<!-- run -->\n```console\n$ false\n$ true\n```\n";
    follow("x.md", &page("x.md", text));
}

/// A run, a dialogue, and what is said to be printed by the last of them.
fn run_and_dialogue(prints: &str) {
    let text = format!(
        "<!-- run -->\n```sh\necho run\n```\n\n<!-- run -->\n```console\n$ echo a\na\n$ echo b\nb\n```\n\n\
         <!-- prints -->\n```text\n{prints}\n```\n"
    );
    follow("x.md", &page("x.md", &text));
}

#[test]
fn what_a_dialogue_prints_may_be_shown_again() {
    run_and_dialogue("a\nb");
}

#[test]
#[should_panic(expected = "this isn't in what was printed")]
fn what_an_older_run_printed_is_not_taken_for_the_last() {
    run_and_dialogue("run");
}

#[test]
fn what_cannot_be_understood_is_found() {
    for (text, problem) in [
        ("```sh\nrm -rf x\n```\n", "what is done with this block?"),
        ("Text.\n\n    rm -rf x\n", "what is done with this block?"),
        ("- Text.\n  ```\n  rm -rf x\n  ```\n", "what is done with this block?"),
        ("<!-- run -->\n\nText.\n", "no block follows"),
        ("Text.\n\n<!-- run -->\n", "no block follows"),
        ("<!-- runs -->\n```sh\nrm -rf x\n```\n", "isn't known"),
        ("<!-- not run: -->\n```sh\nrm -rf x\n```\n", "isn't known"),
    ] {
        let problems = page("x.md", text).problems;
        assert!(matches!(&problems[..], [one] if one.ends_with(problem)), "{text}: {problems:?}");
    }
}
