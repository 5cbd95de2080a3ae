//! Does what a page says, in a folder of its own.

use crate::common::Folder;
use crate::common::markdown::files;
use crate::common::tools::path;
use crate::read::{Block, Page, Todo};
use std::path::Path;
use std::process::Command;

/// Stands before what a command of a dialogue prints.
const MARK: &str = "\u{1}";

/// Does it.
///
/// # Panics
/// Where something else comes of it than the page says.
pub(crate) fn follow(name: &str, page: &Page) {
    let folder = Folder::new();
    if page.in_checkout && page.blocks.iter().any(|block| matches!(block.todo, Todo::Run(_))) {
        copy_repository(&folder);
    }
    let mut printed = String::new();
    for Block { line, todo, text, language, .. } in &page.blocks {
        let at = format!("{name}:{line}");
        match todo {
            Todo::Write(file) => folder.write(file, text),
            Todo::Run(code) if language == "console" => {
                printed = dialogue(&at, &folder, text, *code);
            }
            Todo::Run(code) => {
                let ran = bash(&folder, &["-euo", "pipefail"], text);
                printed = ran.1;
                assert_eq!(ran.0, Some(*code), "{at}:\n{text}\n{printed}");
            }
            Todo::Print => assert_printed(&at, text, &printed),
            Todo::Ci(_) | Todo::Nothing(_) | Todo::Made => {}
        }
    }
}

fn assert_printed(at: &str, text: &str, printed: &str) {
    let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let wanted: Vec<&str> = text.lines().map(str::trim_end).collect();
    let is_there = lines.windows(wanted.len()).any(|some| some == wanted);
    assert!(is_there, "{at}: this isn't in what was printed:\n{text}\nbut:\n{printed}");
}

/// Runs a script; its exit code, and what it printed, standard output first. What it exports and
/// where it ends are those of the next one, as in a terminal.
fn bash(folder: &Folder, options: &[&str], script: &str) -> (Option<i32>, String) {
    let state = folder.path().with_file_name("state");
    // The name of the script is that of the file which keeps its state.
    let before = "[[ ! -e $0 ]] || . \"$0\"\n\
                  trap '{ export -p; printf \"cd %q\\n\" \"$PWD\"; } > \"$0\"' EXIT\n";
    let script = format!("{before}{script}");
    let output = Command::new("bash")
        .args(options)
        .args(["-c", &script])
        .arg(state)
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path())
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), printed)
}

/// Commands behind `$ ` and what each prints, word for word. A command may fail, as long as the
/// last one ends with `code`. Gives what they print.
fn dialogue(at: &str, folder: &Folder, text: &str, code: i32) -> String {
    let mut script = String::from("exec 2>&1\n");
    let mut expected = String::new();
    let mut continues = false;
    for line in text.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => {
                script.push_str(&format!("printf '{MARK}\\n'\n{command}\n"));
                expected.push_str(&format!("{MARK}\n"));
                continues = command.ends_with('\\');
            }
            None if continues => {
                script.push_str(&format!("{line}\n"));
                continues = line.ends_with('\\');
            }
            None => expected.push_str(&format!("{line}\n")),
        }
    }
    assert!(expected.starts_with(MARK), "{at}: no command stands behind `$ `");
    let (exit, printed) = bash(folder, &["-uo", "pipefail"], &script);
    assert!(printed == expected, "{at}: the page says\n{expected}\nbut it is\n{printed}");
    assert_eq!(exit, Some(code), "{at}: the last command's exit code");
    printed.replace(&format!("{MARK}\n"), "")
}

/// What git has of the repository, or would take.
fn copy_repository(folder: &Folder) {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in files() {
        let to = folder.join(&file);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(top.join(&file), to).unwrap();
    }
}
