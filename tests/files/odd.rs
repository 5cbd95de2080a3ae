//! Inputs and places that are no files in a folder, and files with more to them than their text.

use super::{PATH, moved, to};
use crate::common::{Folder, TO};
use std::process::{Command, Output, Stdio};

/// Runs a script in the folder, with the program as `$0` and the root as `$1`.
fn shell(folder: &Folder, script: &str) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_csi-relocate"), TO])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env_remove("CSI_RELOCATE_KUBELET_ROOT")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_current_directory_that_is_gone_is_told_of() {
    for place in ["out", "./out", "../out"] {
        let folder = Folder::with(&[("a.yaml", PATH)]);
        let script = format!(
            "here=$PWD; mkdir gone; cd gone; rmdir ../gone; \
             \"$0\" --kubelet-root $1 --output-dir {place} < \"$here/a.yaml\""
        );
        let (code, result, talk) = shell(&folder, &script);
        assert_eq!((code, result.as_str()), (Some(2), ""), "{talk}");
        assert!(talk.contains("the current directory doesn't exist any more"), "{talk}");
    }
}

#[test]
fn what_a_shell_hands_over_as_a_path_is_read() {
    let folder = Folder::with(&[("a.yaml", PATH)]);
    for input in ["<(cat a.yaml)", "/dev/stdin < <(cat a.yaml)"] {
        let run = |options: &str| shell(&folder, &format!("\"$0\" {options} {input}"));
        let (code, result, talk) = run("--kubelet-root $1");
        assert_eq!((code, result), (Some(0), moved(PATH)), "{talk}");
        let (code, result, talk) = run("--kubelet-root $1 --diff");
        assert_eq!(code, Some(1), "{talk}");
        assert!(result.starts_with("--- a/") && !result.starts_with("--- a/stdin"), "{result}");
        let (code, result, talk) = run("check --kubelet-root $1");
        assert_eq!(code, Some(0), "{talk}");
        assert!(result.contains("/var/lib/kubelet/pods"), "{result}");
        let (code, result, talk) = run("explain --kubelet-root $1");
        assert_eq!(code, Some(0), "{talk}");
        assert!(result.contains("/var/lib/kubelet/pods"), "{result}");

        let (code, result, talk) = run("--kubelet-root $1 --in-place");
        assert_eq!((code, result.as_str()), (Some(2), ""), "{talk}");
        assert!(talk.contains("is not a regular file"), "{talk}");
    }
    // A regular file is one by whatever path it is named.
    let (code, _, talk) = shell(&folder, "\"$0\" --kubelet-root $1 -i /dev/stdin < a.yaml");
    assert_eq!(code, Some(0), "{talk}");
    assert_eq!(folder.read("a.yaml"), moved(PATH));
}

#[test]
fn a_pipe_with_a_name_is_read_and_not_replaced() {
    let folder = Folder::new();
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
    let ran = folder.run(&to(&["--in-place", "pipe"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.talk.contains("pipe is not a regular file"), "{}", ran.talk);
}

#[test]
fn an_input_is_no_log_file() {
    let log = "  --log-file FILE or CSI_RELOCATE_LOG names it";
    let runs = [
        "--kubelet-root $1 a.yaml --log-file a.yaml",
        "--kubelet-root $1 -i a.yaml --log-file ./a.yaml",
        "--kubelet-root $1 -i . --log-file link",
        "--kubelet-root $1 --diff --log-file a.yaml < a.yaml",
        "check --kubelet-root $1 a.yaml --log-file a.yaml",
        "explain --kubelet-root $1 a.yaml --log-file a.yaml",
        "explain --symptom a.yaml --log-file a.yaml",
        "explain --symptom --log-file a.yaml < a.yaml",
    ];
    for run in runs {
        let folder = Folder::with(&[("a.yaml", PATH)]);
        std::os::unix::fs::symlink("a.yaml", folder.join("link")).unwrap();
        let (code, result, talk) = shell(&folder, &format!("\"$0\" {run}"));
        assert_eq!((code, result.as_str()), (Some(2), ""), "{run}: {talk}");
        assert!(talk.contains("is read in this run") && talk.contains(log), "{run}: {talk}");
        assert_eq!(folder.read("a.yaml"), PATH, "{run}");
    }
    let folder = Folder::with(&[("a.yaml", PATH)]);
    let run = "export CSI_RELOCATE_LOG=a.yaml; \"$0\" --no-such-option a.yaml";
    let (code, _, talk) = shell(&folder, run);
    assert_eq!(code, Some(2), "{talk}");
    assert_eq!(folder.read("a.yaml"), PATH);
    let ran = folder.run(&to(&["--output-dir", ".", "--log-file", "b.yaml", "-"]));
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    let ran = folder.run(&to(&["--output-dir", ".", "--log-file", "stdin.yaml", "-"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.talk.contains("stdin.yaml is written in this run"), "{}", ran.talk);
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_is_told_of_once() {
    let folder = Folder::with(&[("a.yaml", PATH)]);
    let ran = folder.run(&to(&["-v", "--log-file", "/dev/full", "a.yaml"]));
    assert_eq!((ran.code, ran.result), (Some(0), moved(PATH)));
    let warning = "warning: can't write the log file /dev/full: No space left";
    assert_eq!(ran.talk.matches(warning).count(), 1, "{}", ran.talk);
    assert!(ran.talk.contains("1 site moved"), "{}", ran.talk);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_quoted_in_a_diff() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    folder.write(std::ffi::OsStr::from_bytes(b"caf\xe9.yaml"), PATH);
    let ran = folder.run(&to(&["--diff", "."]));
    assert_eq!(ran.code, Some(1), "{}", ran.talk);
    let names = "--- \"a/caf\\351.yaml\"\n+++ \"b/caf\\351.yaml\"\n";
    assert!(ran.result.starts_with(names), "{}", ran.result);
}
