//! The Go program beside this file, built and run.

use crate::common::skip;
use serde::Deserialize;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What kubectl reads from a file: its documents, or nothing and why not.
#[derive(Deserialize)]
pub(crate) struct View {
    pub(crate) documents: Option<Vec<Value>>,
    #[serde(default)]
    pub(crate) error: String,
}

/// The Go program, built; `None` without Go, outside of CI.
pub(crate) fn build(test: &str) -> Option<PathBuf> {
    if Command::new("go").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "{test}: Go is not installed");
        skip(test, "Go is not installed");
        return None;
    }
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kubectl-view");
    let built = Command::new("go")
        .args(["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubectl"))
        .output()
        .expect("go starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(program)
}

/// What kubectl reads from files, in their order.
pub(crate) fn read(reader: &Path, files: &[PathBuf], run: &str) -> Vec<View> {
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kubectl-view-{run}.txt"));
    let lines: Vec<String> = files.iter().map(|path| path.display().to_string() + "\n").collect();
    std::fs::write(&list, lines.concat()).unwrap();
    let output = Command::new(reader).stdin(File::open(&list).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let views: Vec<View> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(views.len(), files.len());
    views
}
