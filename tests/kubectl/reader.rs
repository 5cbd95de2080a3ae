//! The Go program beside this file, built and run.

use crate::common::skip;
use serde::Deserialize;
use serde_json::Value;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// What the library behind kubectl reads from documents, each by itself.
#[allow(dead_code, reason = "single files are read by another test")]
pub(crate) fn read_stream(reader: &Path, documents: &[String]) -> Vec<View> {
    let mut child = Command::new(reader)
        .arg("stream")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let mut stream = Vec::new();
    for document in documents {
        stream.extend(u32::try_from(document.len()).unwrap().to_be_bytes());
        stream.extend(document.as_bytes());
    }
    let writer = std::thread::spawn(move || pipe.write_all(&stream));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let text = String::from_utf8(output.stdout).unwrap();
    let views: Vec<View> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(views.len(), documents.len());
    views
}
