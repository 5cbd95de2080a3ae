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
