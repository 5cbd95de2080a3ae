//! Every page in `docs/integrations` does what it says: its files are written, its commands run
//! with the real tools, and what they print is what the page shows.
//!
//! Before a fenced block stands what is done with it:
//!
//! - `<!-- file: NAME -->`: it is written to that file
//! - `<!-- run -->`: it is run by bash, and has to succeed; `<!-- run: exit 1 -->` has to fail so
//! - `<!-- prints -->`: these lines, in a row, are in what the last run printed
//! - `<!-- not run: WHY -->`: it is only read
//!
//! `<!-- needs: TOOL TOOL -->` at the top names what has to be installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use common::Folder;
use common::tools::{has_tool, path};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block, with what is to be done with it.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    line: usize,
    todo: Todo,
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Todo {
    Write(String),
    Run(i32),
    Print,
    Nothing,
}

/// A page, and what it needs.
#[derive(Debug, Default)]
struct Page {
    needs: Vec<String>,
    blocks: Vec<Block>,
}

/// Reads a page.
///
/// # Panics
/// Where a block doesn't say what is to be done with it.
fn page(name: &str, text: &str) -> Page {
    let mut page = Page::default();
    let mut marker: Option<&str> = None;
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"))
        {
            match comment.strip_prefix("needs: ") {
                Some(tools) => page.needs.extend(tools.split_whitespace().map(str::to_owned)),
                None => marker = Some(comment),
            }
            continue;
        }
        if !line.starts_with("```") {
            assert!(line.is_empty() || marker.is_none(), "{name}:{number}: no block follows");
            continue;
        }
        let text: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let at = format!("{name}:{}", number + 1);
        let marker = marker.take().unwrap_or_else(|| panic!("{at}: what is done with this block?"));
        let todo = todo(marker).unwrap_or_else(|| panic!("{at}: {marker} isn't known"));
        page.blocks.push(Block { line: number + 1, todo, text: text.join("\n") + "\n" });
    }
    page
}

fn todo(marker: &str) -> Option<Todo> {
    Some(match marker.split_once(": ") {
        None if marker == "run" => Todo::Run(0),
        None if marker == "prints" => Todo::Print,
        Some(("run", code)) => Todo::Run(code.strip_prefix("exit ")?.parse().ok()?),
        Some(("file", name)) => Todo::Write(name.to_owned()),
        Some(("not run", _)) => Todo::Nothing,
        _ => return None,
    })
}

/// Does what a page says, in a folder of its own.
fn follow(name: &str, page: &Page) {
    let folder = Folder::new();
    let mut printed = String::new();
    for Block { line, todo, text } in &page.blocks {
        let at = format!("{name}:{line}");
        match todo {
            Todo::Write(file) => folder.write(file, text),
            Todo::Run(code) => {
                let output = Command::new("bash")
                    .args(["-euo", "pipefail", "-c", text])
                    .current_dir(folder.path())
                    .env_clear()
                    .env("PATH", path())
                    .env("HOME", folder.path())
                    .output()
                    .unwrap();
                printed = String::from_utf8_lossy(&output.stdout).into_owned();
                printed.push_str(&String::from_utf8_lossy(&output.stderr));
                assert_eq!(output.status.code(), Some(*code), "{at}:\n{text}\n{printed}");
            }
            Todo::Print => {
                let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
                let wanted: Vec<&str> = text.lines().map(str::trim_end).collect();
                let is_there = lines.windows(wanted.len()).any(|some| some == wanted);
                assert!(is_there, "{at}: this isn't in what was printed:\n{text}\nbut:\n{printed}");
            }
            Todo::Nothing => {}
        }
    }
}

#[test]
fn pages_do_what_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/integrations");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let page = page(&name, &std::fs::read_to_string(&path).unwrap());
        // A function that kustomize skips, a patch without its object: all of it is silent.
        let last = page.blocks.iter().rfind(|block| block.text.contains("csi-relocate"));
        let gate = "| csi-relocate check --kubelet-root /";
        let text = last.map_or("", |block| block.text.as_str()).replace("|\n  csi", "| csi");
        assert!(text.contains(gate) && text.trim_end().ends_with(" -"), "{name}: no gate: {text}");
        if page.needs.iter().all(|tool| has_tool(&name, tool)) {
            follow(&name, &page);
        }
    }
}

#[test]
fn a_page_is_read_as_it_is_written() {
    let text = "<!-- needs: cat -->\n# X\n\n<!-- file: a.txt -->\n```yaml\na: 1\n```\n\n\
                <!-- run -->\n```sh\ncat a.txt\n```\n\n<!-- prints -->\n```text\na: 1\n```\n\
                <!-- run: exit 3 -->\n```sh\nexit 3\n```\n<!-- not run: needs a cluster -->\n\
                ```sh\nkubectl apply\n```\n";
    let page = page("x.md", text);
    assert_eq!(page.needs, ["cat"]);
    let todo: Vec<&Todo> = page.blocks.iter().map(|block| &block.todo).collect();
    let file = Todo::Write("a.txt".to_owned());
    assert_eq!(todo, [&file, &Todo::Run(0), &Todo::Print, &Todo::Run(3), &Todo::Nothing]);
    follow("x.md", &page);
}

#[test]
#[should_panic(expected = "this isn't in what was printed")]
fn what_is_not_printed_is_found() {
    let text = "<!-- run -->\n```sh\necho one\n```\n<!-- prints -->\n```text\ntwo\n```\n";
    follow("x.md", &page("x.md", text));
}

#[test]
#[should_panic(expected = "what is done with this block?")]
fn a_block_without_a_word_is_refused() {
    page("x.md", "```sh\nrm -rf x\n```\n");
}
