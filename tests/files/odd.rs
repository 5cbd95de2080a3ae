//! Inputs and places that are no files in a folder, and files with more to them than their text.

use super::PATH;
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
