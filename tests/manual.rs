//! Manual pages are made from the command line, and those in `docs/man` are fresh; completions
//! are scripts that the shells take.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::fresh::is_fresh;
use common::{Folder, run, skip};
use std::path::Path;
use std::process::Command;

#[test]
fn the_manual_pages_in_docs_are_fresh() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["man", "--to", "man"]).code, Some(0));
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    let made = folder.contents();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::remove_dir_all(&docs).unwrap();
        std::fs::create_dir(&docs).unwrap();
    }
    for (name, page) in &made {
        is_fresh(&format!("docs/{name}"), page, "manual");
    }
    assert_eq!(made.len(), std::fs::read_dir(&docs).unwrap().count());
    let page = run(&["man"], b"").stdout;
    assert_eq!(page, std::fs::read(docs.join("csi-relocate.1")).unwrap());
}

#[test]
fn each_shell_takes_its_completions() {
    // Each shell with how it reads a script without running it.
    let shells = [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")];
    for (shell, check) in shells {
        let script = run(&["completions", shell], b"").stdout;
        let text = String::from_utf8(script.clone()).unwrap();
        for word in ["kubelet-root", "in-place", "completions"] {
            assert!(text.contains(word), "{shell}: no {word}");
        }
        let folder = Folder::with(&[("script", &text)]);
        let Ok(output) = Command::new(shell).arg(check).arg(folder.join("script")).output() else {
            assert!(std::env::var_os("CI").is_none(), "{shell} is missing");
            skip("each_shell_takes_its_completions", &format!("{shell} is not there"));
            continue;
        };
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
    for (shell, word) in
        [("powershell", "Register-ArgumentCompleter"), ("elvish", "edit:completion:arg-completer")]
    {
        let script = run(&["completions", shell], b"").stdout;
        assert!(String::from_utf8(script).unwrap().contains(word), "{shell}");
    }
}

/// clap-rs/clap#6421: in a program with a dash in its name, bash finds no option of a command.
#[test]
fn bash_completes_the_options_of_a_command() {
    let script = String::from_utf8(run(&["completions", "bash"], b"").stdout).unwrap();
    for (words, wanted) in [
        ("check --format s", "sarif"),
        ("helm-values --verif", "--verify"),
        ("--fail-on w", "warning"),
        ("kno", "knowledge"),
    ] {
        let typed: Vec<&str> = words.split(' ').collect();
        let [.., last] = typed[..] else { panic!("{words}") };
        let before = typed.iter().rev().nth(1).unwrap_or(&"csi-relocate");
        let ask = format!(
            "{script}\nCOMP_WORDS=(csi-relocate {words}) COMP_CWORD={}\n\
             _csi__relocate csi-relocate {last} {before}\necho \"${{COMPREPLY[*]}}\"",
            typed.len()
        );
        let output = Command::new("bash").args(["-c", &ask]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim_end(), wanted, "{words}");
    }
}
