//! Runs of the real Helms in a folder of their own, with the program where they look for it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) use super::common::tools::has_tool as is_there;
use super::common::tools::{path, program_at};
use super::common::{Folder, Ran};
use std::path::Path;
use std::process::Command;

/// A chart of `testdata/helm`.
pub(crate) fn chart(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/helm").join(name);
    folder.display().to_string()
}

/// A command in a folder, that sees no plugin, no cluster and no setting of whoever runs the tests.
pub(crate) fn command(folder: &Folder, program: &str) -> Command {
    let mut command = Command::new(program_at(program).unwrap_or_else(|| program.into()));
    command.current_dir(folder.path()).env_clear();
    command.env("PATH", path()).env("HOME", folder.path());
    command.env("NO_COLOR", "1");
    command
}

/// Runs words, the first of which is the program.
pub(crate) fn run(folder: &Folder, words: &[&str]) -> Ran {
    ran(command(folder, words[0]).args(&words[1..]))
}

/// Runs a command.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        result: String::from_utf8(output.stdout).unwrap(),
        talk: String::from_utf8(output.stderr).unwrap(),
    }
}
