//! Runs of the real Helms in a folder of their own, with the program where they look for it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use super::common::{Folder, Ran, skip};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A chart of `testdata/helm`.
pub(crate) fn chart(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/helm").join(name);
    folder.display().to_string()
}

/// Folders in which programs are looked for: the program's own, what CI installs, the system's.
fn folders() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_BIN_EXE_csi-relocate")).parent().unwrap().to_owned();
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    let system = std::env::var_os("PATH").unwrap_or_default();
    [own, tools].into_iter().chain(std::env::split_paths(&system)).collect()
}

/// Whether a Helm is there; in CI it has to be.
pub(crate) fn is_there(test: &str, helm: &str) -> bool {
    if folders().iter().any(|folder| folder.join(helm).is_file()) {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: {helm} is missing");
    skip(test, &format!("{helm} is not there"));
    false
}

/// A command in a folder, that sees no plugin, no cluster and no setting of whoever runs the tests.
pub(crate) fn command(folder: &Folder, program: &str) -> Command {
    let mut command = Command::new(found(program));
    command.current_dir(folder.path()).env_clear();
    command.env("PATH", std::env::join_paths(folders()).unwrap()).env("HOME", folder.path());
    command.env("NO_COLOR", "1");
    command
}

/// The program itself: a command is looked for in the `PATH` of the test, not in its own.
fn found(program: &str) -> PathBuf {
    let mut places = folders().into_iter().map(|folder| folder.join(program));
    places.find(|place| place.is_file()).unwrap_or_else(|| program.into())
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
