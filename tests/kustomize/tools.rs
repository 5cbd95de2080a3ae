//! Runs of kustomize and kubectl in a folder, with the program where they look for it.

use super::common::{Folder, Ran, skip};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the tools look for the folders of users.
pub(crate) const CONFIG_HOME: &str = "config";

/// Whether a tool is there; in CI it has to be.
pub(crate) fn is_there(test: &str, tool: &str) -> bool {
    if Command::new(tool).arg("version").arg("--help").output().is_ok() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: {tool} is missing");
    skip(test, &format!("{tool} is not there"));
    false
}

/// `PATH` with the program's own folder before everything else.
fn path() -> std::ffi::OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_csi-relocate")).parent().unwrap().to_owned();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = [own].into_iter().chain(std::env::split_paths(&rest)).collect();
    std::env::join_paths(folders).unwrap()
}

/// A command in a folder, that sees no plugin and no setting of whoever runs the tests.
pub(crate) fn command(folder: &Folder, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder.path()).env("PATH", path()).env("HOME", folder.path());
    command.env("XDG_CONFIG_HOME", folder.join(CONFIG_HOME)).env("NO_COLOR", "1");
    for name in ["CSI_RELOCATE_KUBELET_ROOT", "KUSTOMIZE_PLUGIN_HOME", "KUBECONFIG", "CI"] {
        command.env_remove(name);
    }
    command
}

/// Runs words, the first of which is the program.
pub(crate) fn run(folder: &Folder, words: &[&str]) -> Ran {
    let output = command(folder, words[0]).args(&words[1..]).output().unwrap();
    Ran {
        code: output.status.code(),
        result: String::from_utf8(output.stdout).unwrap(),
        talk: String::from_utf8(output.stderr).unwrap(),
    }
}
