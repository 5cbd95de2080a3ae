//! What driver repositories use in their CI: the GitHub action, whose steps are run here as a runner
//! runs them, and the hooks for pre-commit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[path = "ci_pages/runner.rs"]
mod runner;

use common::{Folder, TO, skip, testdata};
use runner::{Job, Outcome, action};
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const PAGE: &str = include_str!("../docs/integrations/ci.md");
const HOOKS: &str = include_str!("../.pre-commit-hooks.yaml");

/// A driver as its authors publish it.
fn published() -> String {
    testdata("rules/clean.yaml").replace(TO, "/var/lib/kubelet")
}

/// The same, of which somebody has moved one path.
fn half_moved() -> String {
    published().replacen("path: /var/lib/kubelet/pods", "path: /data/kubelet/pods", 1)
}

/// A driver whose mounts don't reach the node, whatever the root.
fn unfixable() -> String {
    testdata("rules/propagation-missing.host-to-container.yaml").replace(TO, "/var/lib/kubelet")
}

fn job(manifest: &str, inputs: &[(&str, &str)]) -> Job {
    let mut all = vec![("paths", "deploy")];
    all.extend(inputs);
    Job::new(&[("deploy/node.yaml", manifest)], &all)
}

fn assert_code(outcome: &Outcome, code: i32) {
    assert_eq!(outcome.code, code, "{}", outcome.printed);
    assert_eq!(outcome.outputs["exit-code"], code.to_string(), "{}", outcome.printed);
}

fn steps() -> Vec<Value> {
    action()["runs"]["steps"].as_sequence().unwrap().clone()
}

fn keys(value: &Value) -> Vec<String> {
    let keys = value.as_mapping().into_iter().flat_map(serde_yaml::Mapping::keys);
    keys.map(|key| key.as_str().unwrap().to_owned()).collect()
}

/// The names behind `prefix` in expressions of the action.
fn named(prefix: &str) -> BTreeSet<String> {
    let text = include_str!("../action.yml");
    let expressions = text.split("${{ ").skip(1).map(|rest| rest.split_once(" }}").unwrap().0);
    let names = expressions.flat_map(|expression| expression.split(prefix).skip(1));
    let end = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    names.map(|rest| rest.split(end).next().unwrap().to_owned()).collect()
}

#[test]
fn the_action_is_one() {
    let action = action();
    assert!(action["name"].is_string() && action["description"].is_string());
    assert_eq!(action["runs"]["using"], "composite");
    let known = ["name", "description", "branding", "inputs", "outputs", "runs"];
    assert_eq!(keys(&action), known);
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        assert!(input["description"].is_string(), "{name:?}");
        // A default that isn't a string is an error for some versions of the runner.
        assert!(input["default"].is_string() || input["required"] == true, "{name:?}");
    }
    let defined: BTreeSet<String> = keys(&action["inputs"]).into_iter().collect();
    assert_eq!(named("inputs."), defined);
    let ids: BTreeSet<String> =
        steps().iter().filter_map(|step| Some(step["id"].as_str()?.to_owned())).collect();
    assert_eq!(named("steps."), ids);
}

#[test]
fn no_script_is_put_together() {
    for step in steps() {
        let Some(script) = step["run"].as_str() else {
            assert!(step["uses"].is_string());
            continue;
        };
        assert_eq!(step["shell"], "bash");
        assert!(script.starts_with("set -euo pipefail\n"), "{script}");
        assert!(!script.contains("${{"), "{script}");
    }
}

#[test]
fn shellcheck_has_nothing_to_say() {
    let test = "shellcheck_has_nothing_to_say";
    if !is_on_path("shellcheck") {
        assert!(std::env::var_os("CI").is_none(), "{test}: shellcheck isn't installed");
        skip(test, "shellcheck isn't installed");
        return;
    }
    for script in steps().iter().filter_map(|step| step["run"].as_str()) {
        let mut child = Command::new("shellcheck")
            .args(["--shell=bash", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn the_page_has_every_input() {
    let action = action();
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let default = input["default"].as_str().map(|text| format!("`{text}`")).unwrap_or_default();
        let row = format!("| `{}` | {default} |", name.as_str().unwrap()).replace("|  |", "| |");
        assert!(PAGE.contains(&row), "{row}");
    }
    let rows = PAGE.split_once("| Input |").unwrap().1.split_once("\n\n").unwrap().0;
    assert_eq!(rows.lines().count() - 2, keys(&action["inputs"]).len());
    for version in ["actions/checkout@v7", "github/codeql-action/upload-sarif@v4"] {
        assert!(PAGE.contains(version), "{version}");
    }
}

#[test]
fn what_the_page_shows_is_yaml() {
    let blocks: Vec<&str> = PAGE.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() > 5);
    for block in blocks {
        let text = block.split_once("```\n").unwrap().0;
        let value: Value =
            serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        assert!(value.is_mapping() || value.is_sequence(), "{text}");
        for step in value["jobs"]["kubelet-root"]["steps"].as_sequence().into_iter().flatten() {
            let inputs = keys(&action()["inputs"]);
            let is_own = step["uses"].as_str().is_some_and(|uses| uses.starts_with("OWNER/"));
            assert!(!is_own || keys(&step["with"]).iter().all(|input| inputs.contains(input)));
        }
    }
}

#[test]
fn a_clean_driver_passes_and_stays_as_it_is() {
    let mut job = job(&published(), &[("kubelet-root", "/odd/root")]);
    let before = job.workspace.contents();
    let outcome = job.run();
    assert_code(&outcome, 0);
    assert_eq!(job.workspace.contents(), before);
    assert!(!outcome.printed.contains("::error"), "{}", outcome.printed);
    assert_eq!(outcome.uploaded, None);
    assert_eq!(outcome.outputs["sarif-file"], "");
    // Later steps of the job find the program.
    assert!(job.finds("csi-relocate"));
}

#[test]
fn the_program_is_built_once() {
    let mut first = job(&published(), &[]);
    assert_eq!(first.run().code, 0);
    let cargo = first.cargo();
    assert!(
        cargo.starts_with(concat!(env!("CARGO_MANIFEST_DIR"), "\ninstall\n--locked\n")),
        "{cargo}"
    );
    let mut second = job(&published(), &[]);
    second.is_cached = true;
    let outcome = second.run();
    assert_code(&outcome, 0);
    assert!(!outcome.steps.contains(&"Build the program".to_owned()));
}

#[test]
fn an_installed_program_is_used() {
    let mut with = job(&published(), &[("installed", "true")]);
    with.is_installed = true;
    let outcome = with.run();
    assert_code(&outcome, 0);
    assert_eq!(outcome.steps, ["Check the manifests"]);
    let outcome = job(&published(), &[("installed", "true")]).run();
    assert_code(&outcome, 2);
    assert!(outcome.printed.contains("::error::csi-relocate is not on PATH"));
}

#[test]
fn half_moved_is_found_at_its_line() {
    for mode in ["move", "as-is"] {
        let outcome = job(&half_moved(), &[("mode", mode)]).run();
        assert_code(&outcome, 1);
        assert!(
            outcome.printed.contains("::error file=deploy/node.yaml,line="),
            "{}",
            outcome.printed
        );
    }
}

#[test]
fn what_stays_wrong_after_the_move_is_found() {
    let outcome = job(&unfixable(), &[("kubelet-root", "/odd/root")]).run();
    assert_code(&outcome, 1);
    let annotation = "::error file=deploy/node.yaml,line=65,";
    assert!(outcome.printed.contains(annotation), "{}", outcome.printed);
    assert!(outcome.printed.contains("propagation-missing"));
}

#[test]
fn as_is_holds_the_manifests_against_the_root() {
    let inputs = [("mode", "as-is"), ("kubelet-root", "/var/lib/kubelet")];
    assert_code(&job(&published(), &inputs).run(), 0);
    assert_code(&job(&published(), &inputs[..1]).run(), 1);
    let moved = testdata("rules/clean.yaml");
    assert_code(&job(&moved, &inputs[..1]).run(), 0);
}

#[test]
fn sarif_is_uploaded_after_a_failure_too() {
    for (manifest, code) in [(published(), 0), (unfixable(), 1)] {
        for mode in ["move", "as-is"] {
            let root = if mode == "move" { "/odd/root" } else { "/var/lib/kubelet" };
            let inputs = [
                ("format", "sarif"),
                ("upload-sarif", "true"),
                ("mode", mode),
                ("kubelet-root", root),
            ];
            let mut job = job(&manifest, &inputs);
            let outcome = job.run();
            assert_code(&outcome, code);
            assert_eq!(outcome.uploaded, Some(job.workspace.join("csi-relocate.sarif")));
            assert_eq!(outcome.outputs["sarif-file"], "csi-relocate.sarif");
            let sarif: serde_json::Value =
                serde_json::from_str(&job.workspace.read("csi-relocate.sarif")).unwrap();
            let results = sarif["runs"][0]["results"].as_array().unwrap();
            assert_eq!(results.len(), usize::try_from(code).unwrap());
            for result in results {
                let location = &result["locations"][0]["physicalLocation"];
                assert_eq!(location["artifactLocation"]["uri"], "deploy/node.yaml");
            }
        }
    }
}

#[test]
fn several_paths_are_one_run() {
    let inputs = [("paths", "  deploy \r\n\n./more/other.yaml\n")];
    let files =
        [("deploy/node.yaml", published()), ("more/other.yaml", testdata("rules/clean.yaml"))];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let outcome = Job::new(&files, &inputs).run();
    assert_code(&outcome, 1);
    assert!(outcome.printed.contains("mixed-roots"), "{}", outcome.printed);
}

#[test]
fn a_link_leads_to_a_copy() {
    let mut job = Job::new(&[("source.yaml", &published())], &[("paths", "deploy")]);
    std::fs::create_dir(job.workspace.join("deploy")).unwrap();
    let source = job.workspace.join("source.yaml");
    std::os::unix::fs::symlink(&source, job.workspace.join("deploy/node.yaml")).unwrap();
    assert_code(&job.run(), 0);
    assert_eq!(job.workspace.read("source.yaml"), published());
}

#[test]
fn nothing_to_judge_is_no_success() {
    assert_code(&job("a: 1\n", &[]).run(), 3);
    assert_code(&job("a: 1\n", &[("mode", "as-is"), ("format", "sarif")]).run(), 3);
    assert_code(&job(&published(), &[("paths", "nowhere")]).run(), 2);
    assert_code(&job("{{ if x }}\npath: /var/lib/kubelet\n{{ end }}\n", &[]).run(), 2);
}

#[test]
fn inputs_are_values_and_no_commands() {
    let evil =
        ["$(touch pwned)", "`touch pwned`", "x; touch pwned", "'; touch pwned; '", "--help", ""];
    for name in ["paths", "kubelet-root", "mode", "format", "fail-on"] {
        for value in evil {
            let mut job = job(&published(), &[(name, value)]);
            let outcome = job.run();
            assert_code(&outcome, 2);
            assert!(!job.workspace.join("pwned").exists(), "{name}: {value}");
        }
    }
    for paths in ["/etc", "../elsewhere", "deploy/../../elsewhere", "-", " \n\n"] {
        assert_code(&job(&published(), &[("paths", paths)]).run(), 2);
    }
    let forged = [("format", "sarif"), ("sarif-file", "a\nexit-code=0")];
    assert_code(&job(&unfixable(), &forged).run(), 2);
    assert_code(&job(&published(), &[("upload-sarif", "true")]).run(), 2);
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn hooks() -> Vec<Value> {
    serde_yaml::from_str(HOOKS).unwrap()
}

#[test]
fn the_hooks_are_ones() {
    let known = [
        "id",
        "name",
        "description",
        "entry",
        "args",
        "language",
        "types_or",
        "pass_filenames",
        "require_serial",
        "minimum_pre_commit_version",
    ];
    for hook in hooks() {
        assert_eq!(keys(&hook), known);
        assert!(PAGE.contains(&format!("- id: {}", hook["id"].as_str().unwrap())));
        assert_eq!(hook["language"], "rust");
        assert_eq!(hook["pass_filenames"], false);
        // A plain 2.21 would be a number, which pre-commit refuses.
        assert!(hook["minimum_pre_commit_version"].is_string());
    }
}

/// Runs a hook as pre-commit does: its entry is split into words, `args` follow.
fn hook(id: &str, arguments: Option<&[&str]>, folder: &Folder) -> Output {
    let hooks = hooks();
    let hook = hooks.iter().find(|hook| hook["id"] == id).unwrap();
    let mut words = hook["entry"].as_str().unwrap().split_whitespace();
    assert_eq!(words.next(), Some("csi-relocate"));
    let own = hook["args"].as_sequence().unwrap().iter().map(|word| word.as_str().unwrap());
    let arguments = arguments.map_or_else(|| own.collect(), <[&str]>::to_vec);
    let mut command = common::program();
    command.args(words).args(arguments).current_dir(folder.path()).stdin(Stdio::null());
    command.output().unwrap()
}

#[test]
fn hooks_judge_whole_folders() {
    let clean = Folder::with(&[("deploy/node.yaml", &published()), ("values.yaml", "a: 1\n")]);
    let half = Folder::with(&[("deploy/node.yaml", &half_moved())]);
    let code = |id, arguments, folder| hook(id, arguments, folder).status.code();
    for arguments in [None, Some(&["deploy"][..])] {
        assert_eq!(code("csi-relocate-any-root", arguments, &clean), Some(0));
        assert_eq!(code("csi-relocate-any-root", arguments, &half), Some(1));
    }
    let root = ["--kubelet-root=/var/lib/kubelet", "deploy"];
    assert_eq!(code("csi-relocate-check", Some(&root), &clean), Some(0));
    assert_eq!(code("csi-relocate-check", Some(&root), &half), Some(1));
    // Without a root there is no weaker check, and without manifests no success.
    assert_eq!(code("csi-relocate-check", None, &clean), Some(2));
    assert_eq!(code("csi-relocate-check", Some(&root[..1]), &clean), Some(3));
}

#[test]
fn pre_commit_takes_the_hooks() {
    let test = "pre_commit_takes_the_hooks";
    if !is_on_path("pre-commit") {
        assert!(std::env::var_os("CI").is_none(), "{test}: pre-commit isn't installed");
        skip(test, "pre-commit isn't installed");
        return;
    }
    let home = Folder::with(&[("validate/.pre-commit-hooks.yaml", HOOKS)]);
    let run = |folder: &Path, command: &[&str]| {
        let own = PathBuf::from(env!("CARGO_BIN_EXE_csi-relocate"));
        let mut path = vec![own.parent().unwrap().to_owned()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let output = Command::new(command[0])
            .args(&command[1..])
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("HOME", home.path())
            .env("PRE_COMMIT_HOME", home.join("cache"))
            .output()
            .unwrap();
        let mut said = String::from_utf8(output.stdout).unwrap();
        said.push_str(&String::from_utf8(output.stderr).unwrap());
        (output.status.code(), said)
    };
    let validate = ["pre-commit", "validate-manifest", "validate/.pre-commit-hooks.yaml"];
    let (code, said) = run(&home.path(), &validate);
    assert_eq!(code, Some(0), "{said}");

    // The same hooks without the build, which takes minutes.
    let installed = HOOKS.replace("language: rust", "language: system");
    let source = Folder::with(&[(".pre-commit-hooks.yaml", &installed)]);
    let driver = Folder::with(&[("deploy/node.yaml", &published())]);
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    let commit = [&["git"][..], &identity[..], &["commit", "--quiet", "--message=x"][..]].concat();
    for folder in [&source, &driver] {
        for command in [&["git", "init", "--quiet"][..], &["git", "add", "."][..], &commit[..]] {
            let (code, said) = run(&folder.path(), command);
            assert_eq!(code, Some(0), "{said}");
        }
    }
    let source = source.path();
    let try_repo = [
        "pre-commit",
        "try-repo",
        source.to_str().unwrap(),
        "csi-relocate-any-root",
        "--all-files",
    ];
    let (code, said) = run(&driver.path(), &try_repo);
    assert_eq!(code, Some(0), "{said}");
    driver.write("deploy/node.yaml", &half_moved());
    let (code, said) = run(&driver.path(), &try_repo);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error[mixed-roots]"), "{said}");
}
