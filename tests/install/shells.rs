//! Completions and manual pages where a package puts them; the plugin for kubectl.

use super::packages::installed;
use super::{VERSION, dist, own, path_with, succeed, unpacked};
use crate::common::testdata;
use crate::common::tools::{has_tool, program_at};
use crate::{TO, feed};
use std::path::Path;
use std::process::Command;

#[test]
fn each_shell_completes_what_is_typed() {
    const TEST: &str = "each_shell_completes_what_is_typed";
    let Some(dist) = dist(TEST) else { return };
    let folder = installed(&dist);
    let path = path_with(&[&folder.join("usr/bin")]);
    let share = folder.join("usr/share");
    let scripts = [
        (
            "bash",
            "source bash-completion/completions/csi-relocate
             complete -p csi-relocate >/dev/null
             COMP_WORDS=(csi-relocate check --format s) COMP_CWORD=3
             _csi__relocate csi-relocate s --format
             echo \"${COMPREPLY[*]}\"",
            "sarif",
        ),
        (
            "zsh",
            "fpath=($PWD/zsh/vendor-completions $fpath)
             autoload -Uz compinit && compinit -u -D
             echo $_comps[csi-relocate]
             autoload +X _csi-relocate",
            "_csi-relocate",
        ),
        (
            "fish",
            "source fish/vendor_completions.d/csi-relocate.fish
             complete --do-complete 'csi-relocate che'",
            "check",
        ),
    ];
    for (shell, script, wanted) in scripts {
        if !has_tool(TEST, shell) {
            continue;
        }
        let mut command = Command::new(shell);
        command
            .args(["-c", script])
            .current_dir(&share)
            .env("PATH", &path)
            .env("HOME", folder.path());
        let printed = succeed(&mut command);
        assert_eq!(printed.split_whitespace().next(), Some(wanted), "{shell}: {printed}");
    }
}

#[test]
fn man_shows_each_page_without_a_complaint() {
    const TEST: &str = "man_shows_each_page_without_a_complaint";
    let Some(dist) = dist(TEST) else { return };
    if !has_tool(TEST, "man") {
        return;
    }
    let folder = installed(&dist);
    for entry in std::fs::read_dir(folder.join("usr/share/man/man1")).unwrap() {
        let page = entry.unwrap().path();
        let mut command = Command::new("man");
        command.args(["--warnings", "--pager=cat", "-l"]).arg(&page);
        command.env("LC_ALL", "C.UTF-8").env("MANROFFSEQ", "").env("MANWIDTH", "80");
        let output = command.output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && complaint.is_empty(), "{}: {complaint}", page.display());
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains("SYNOPSIS") && shown.contains("csi-relocate"), "{}", page.display());
    }
}

/// What kubectl makes of the plugin in a folder.
fn as_plugin(folder: &Path) {
    let kubectl = |arguments: &[&str]| {
        let mut command = Command::new(program_at("kubectl").unwrap());
        command.args(arguments).env("PATH", path_with(&[folder])).env("KUBECONFIG", "/dev/null");
        command
    };
    let said = succeed(&mut kubectl(&["csi-relocate", "--version"]));
    assert!(said.starts_with(&format!("csi-relocate {VERSION}")), "{said}");
    let manifest = testdata("csi-example-node.yaml");
    let output = feed(&mut kubectl(&["csi-relocate", "--kubelet-root", TO]), manifest.as_bytes());
    let wanted = super::run(&["--kubelet-root", TO], manifest.as_bytes());
    assert_eq!(output.stdout, wanted.stdout);
    // Its exit code is the plugin's.
    let output = feed(&mut kubectl(&["csi-relocate", "check", "--kubelet-root", TO]), b"");
    assert_eq!(output.status.code(), Some(3));
    // kubectl's own word for what the shells ask it.
    let completed = |words: &[&str]| {
        let mut arguments = vec!["__complete", "csi-relocate"];
        arguments.extend(words);
        succeed(&mut kubectl(&arguments))
    };
    assert_eq!(completed(&["che"]).lines().next(), Some("check"));
    assert_eq!(completed(&["check", "--format", "s"]).lines().next(), Some("sarif"));
    assert_eq!(completed(&["no-such-command-"]), ":0\n");
}

/// macOS has bash 3.2, which reads nothing from `source <(…)`.
#[test]
fn the_plugins_completions_are_read_by_an_old_bash() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist/kubectl");
    let script = std::fs::read_to_string(folder.join("kubectl_complete-csi_relocate")).unwrap();
    let mut lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    assert!(lines.all(|line| !line.contains("<(")), "{script}");
}

#[test]
fn kubectl_runs_and_completes_the_plugin_of_an_archive() {
    const TEST: &str = "kubectl_runs_and_completes_the_plugin_of_an_archive";
    let Some(dist) = dist(TEST) else { return };
    if has_tool(TEST, "kubectl") {
        let (_folder, inside) = unpacked(&dist, own());
        as_plugin(&inside);
    }
}

#[test]
fn kubectl_runs_and_completes_the_plugin_of_a_package() {
    const TEST: &str = "kubectl_runs_and_completes_the_plugin_of_a_package";
    let Some(dist) = dist(TEST) else { return };
    if has_tool(TEST, "kubectl") {
        as_plugin(&installed(&dist).join("usr/bin"));
    }
}
