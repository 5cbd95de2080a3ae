//! As much of a GitHub runner as the action's steps see: expressions, files for outputs and for
//! `PATH`, and the shell with its options.

use crate::common::Folder;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Stands for cargo: keeps what it was asked, and "builds" the program of the test.
const CARGO: &str = r#"#!/bin/sh
pwd > "$HOME/cargo.txt"
printf '%s\n' "$@" >> "$HOME/cargo.txt"
while [ "$#" -gt 0 ]; do
  if [ "$1" = --root ]; then root=$2; fi
  shift
done
mkdir -p "$root/bin" && ln -sf 'PROGRAM' "$root/bin/csi-relocate"
"#;

const PROGRAM: &str = env!("CARGO_BIN_EXE_csi-relocate");

/// The action.
pub(crate) fn action() -> Value {
    serde_yaml::from_str(include_str!("../../action.yml")).unwrap()
}

/// A job with one step: the action.
pub(crate) struct Job {
    pub(crate) workspace: Folder,
    home: Folder,
    inputs: BTreeMap<String, String>,
    /// Whether the cache has what it is asked for.
    pub(crate) is_cached: bool,
    /// Whether a csi-relocate is on `PATH` already.
    pub(crate) is_installed: bool,
    path: Vec<PathBuf>,
    outputs: BTreeMap<String, String>,
}

/// What became of a job.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The exit code of the step that failed first.
    pub(crate) code: i32,
    pub(crate) printed: String,
    /// The names of the steps that ran.
    pub(crate) steps: Vec<String>,
    /// The file that was handed to code scanning.
    pub(crate) uploaded: Option<PathBuf>,
    /// The action's outputs.
    pub(crate) outputs: BTreeMap<String, String>,
}

impl Job {
    /// A job on a repository with these files, and these inputs of the action.
    pub(crate) fn new(files: &[(&str, &str)], inputs: &[(&str, &str)]) -> Self {
        let home = Folder::with(&[("tools/cargo", &CARGO.replace("PROGRAM", PROGRAM))]);
        make_executable(&home.join("tools/cargo"));
        std::fs::create_dir(home.join("temp")).unwrap();
        let mut all = BTreeMap::new();
        for (name, input) in action()["inputs"].as_mapping().unwrap() {
            let default = input["default"].as_str().unwrap_or_default();
            all.insert(name.as_str().unwrap().to_owned(), default.to_owned());
        }
        for (name, value) in inputs {
            assert!(all.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name}");
        }
        Self {
            workspace: Folder::with(files),
            home,
            inputs: all,
            is_cached: false,
            is_installed: false,
            path: Vec::new(),
            outputs: BTreeMap::new(),
        }
    }

    /// What cargo was asked: where, and with which arguments.
    pub(crate) fn cargo(&self) -> String {
        self.home.read("cargo.txt")
    }

    /// What a command finds on `PATH` after the action.
    pub(crate) fn finds(&self, program: &str) -> bool {
        self.path.iter().any(|folder| folder.join(program).is_file())
    }

    pub(crate) fn run(&mut self) -> Outcome {
        let action = action();
        let mut outcome = Outcome::default();
        for step in action["runs"]["steps"].as_sequence().unwrap() {
            let condition = step["if"].as_str().unwrap_or("${{ success() }}");
            if !self.holds(condition, outcome.code == 0) {
                continue;
            }
            outcome.steps.push(step["name"].as_str().unwrap().to_owned());
            match step["uses"].as_str().map(|uses| uses.split_once('@').unwrap().0) {
                None => self.script(step, &mut outcome),
                Some("actions/cache") => self.cache(step),
                Some("github/codeql-action/upload-sarif") => {
                    let file = self.filled(step["with"]["sarif_file"].as_str().unwrap());
                    outcome.uploaded = Some(self.workspace.join(file));
                }
                Some(other) => panic!("{other} isn't known"),
            }
        }
        for (name, output) in action["outputs"].as_mapping().unwrap() {
            let value = self.filled(output["value"].as_str().unwrap());
            outcome.outputs.insert(name.as_str().unwrap().to_owned(), value);
        }
        outcome
    }

    fn script(&mut self, step: &Value, outcome: &mut Outcome) {
        assert_eq!(step["shell"], "bash");
        self.home.write("script.sh", step["run"].as_str().unwrap());
        for file in ["output", "path", "env"] {
            self.home.write(file, "");
        }
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(self.home.join("script.sh"))
            .current_dir(self.workspace.path())
            .env_clear()
            .env("PATH", self.search_path())
            .env("HOME", self.home.path())
            .env("CI", "true")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_WORKSPACE", self.workspace.path())
            .env("GITHUB_OUTPUT", self.home.join("output"))
            .env("GITHUB_PATH", self.home.join("path"))
            .env("GITHUB_ENV", self.home.join("env"))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("RUNNER_TEMP", self.home.join("temp"))
            .stdin(Stdio::null());
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            command.env(name.as_str().unwrap(), self.filled(value.as_str().unwrap()));
        }
        let output = command.output().unwrap();
        outcome.printed.push_str(&String::from_utf8_lossy(&output.stdout));
        outcome.printed.push_str(&String::from_utf8_lossy(&output.stderr));
        let code = output.status.code().unwrap();
        if outcome.code == 0 {
            outcome.code = code;
        }
        for line in self.home.read("output").lines() {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            let id = step["id"].as_str().unwrap();
            self.outputs.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        self.path.extend(self.home.read("path").lines().map(PathBuf::from));
    }

    fn cache(&mut self, step: &Value) {
        assert!(!self.filled(step["with"]["key"].as_str().unwrap()).is_empty());
        if self.is_cached {
            let folder = PathBuf::from(self.filled(step["with"]["path"].as_str().unwrap()));
            std::fs::create_dir_all(&folder).unwrap();
            std::os::unix::fs::symlink(PROGRAM, folder.join("csi-relocate")).unwrap();
            let id = step["id"].as_str().unwrap();
            self.outputs.insert(format!("steps.{id}.outputs.cache-hit"), "true".to_owned());
        }
    }

    fn search_path(&self) -> OsString {
        let mut folders = self.path.clone();
        folders.push(self.home.join("tools"));
        let system = std::env::var_os("PATH").unwrap();
        let has_one = |folder: &PathBuf| folder.join("csi-relocate").exists();
        folders.extend(std::env::split_paths(&system).filter(|folder| !has_one(folder)));
        if self.is_installed {
            folders.push(Path::new(PROGRAM).parent().unwrap().to_owned());
        }
        std::env::join_paths(folders).unwrap()
    }

    /// Whether a condition holds: comparisons, joined by `&&`.
    fn holds(&self, condition: &str, is_success: bool) -> bool {
        let inner = condition.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}"));
        let inner = inner.unwrap_or_else(|| panic!("{condition}"));
        let is_asked = inner.contains("cancelled()") || inner.contains("success()");
        (is_asked || is_success)
            && inner.split(" && ").all(|term| match term {
                "!cancelled()" => true,
                "success()" => is_success,
                term => {
                    let (name, is_same, value) = match term.split_once(" == ") {
                        Some((name, value)) => (name, true, value),
                        None => {
                            let (name, value) = term.split_once(" != ").unwrap();
                            (name, false, value)
                        }
                    };
                    (self.value(name) == value.trim_matches('\'')) == is_same
                }
            })
    }

    /// A text with its expressions filled in.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${{ ") {
            let (name, after) = after.split_once(" }}").unwrap();
            write!(filled, "{before}{}", self.value(name)).unwrap();
            rest = after;
        }
        filled + rest
    }

    fn value(&self, name: &str) -> String {
        match name {
            "github.action_path" => env!("CARGO_MANIFEST_DIR").to_owned(),
            "runner.temp" => self.home.join("temp").display().to_string(),
            name => match name.strip_prefix("inputs.") {
                Some(input) => self.inputs[input].clone(),
                None => {
                    assert!(name.starts_with("steps."), "{name}");
                    self.outputs.get(name).cloned().unwrap_or_default()
                }
            },
        }
    }
}

/// Lets everybody run a file.
pub(crate) fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
