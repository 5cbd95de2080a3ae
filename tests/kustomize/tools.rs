//! Runs of kustomize and kubectl in a folder, with the program where they look for it.

pub(crate) use super::common::tools::has_tool as is_there;
use super::common::tools::{path, program_at};
use super::common::{Folder, Ran};
use std::process::Command;

/// Where the tools look for the folders of users.
pub(crate) const CONFIG_HOME: &str = "config";

/// A command in a folder, that sees no plugin and no setting of whoever runs the tests.
pub(crate) fn command(folder: &Folder, program: &str) -> Command {
    let found = program_at(program).unwrap_or_else(|| program.into());
    let mut command = Command::new(found);
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
