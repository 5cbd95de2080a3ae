//! Input without an end, input without a line break, and readers that go away.

use crate::common::{Folder, TO, program, skip};
use crate::watch::{PATIENCE, WAYS, run_fed, wait};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

const PATH: &[u8] =
    b"apiVersion: v1\nkind: PersistentVolume\nspec:\n  hostPath:\n    path: /var/lib/kubelet/pods\n";

#[test]
fn endless_input_ends_at_the_limit() {
    for way in WAYS {
        let limit = ["--max-input", "8MiB"];
        let ended = run_fed(program().args(way).args(limit), PATIENCE, |pipe| {
            let lines = b"y\n".repeat(32 * 1024);
            loop {
                pipe.write_all(&lines)?;
            }
        });
        ended.is_refused("--max-input");
        assert!(ended.peak < 256, "{way:?}: {} MiB", ended.peak);
    }
}

#[test]
fn a_gigabyte_in_one_line_is_read() {
    const MEBIBYTE: usize = 1 << 20;
    if std::env::var_os("CI").is_none() {
        skip("a_gigabyte_in_one_line_is_read", "a gigabyte is for CI");
        return;
    }
    let line = |mebibytes: usize| {
        move |pipe: &mut std::process::ChildStdin| {
            pipe.write_all(b"{\"hostPath\": {\"path\": \"/var/lib/kubelet/pods\"}, \"b\": \"")?;
            let piece = vec![b'x'; MEBIBYTE];
            (0..mebibytes).try_for_each(|_| pipe.write_all(&piece))?;
            pipe.write_all(b"\"}\n")
        }
    };
    let patience = Duration::from_secs(600);
    let ended = run_fed(program().args(WAYS[0]), patience, line(1024));
    ended.is_refused("--max-input");
    assert!(ended.peak < 3 * 1024, "{} MiB", ended.peak);
    let more = ["--max-input", "2GiB"];
    let ended = run_fed(program().args(WAYS[0]).args(more), patience, line(1024));
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert!(ended.result.starts_with(b"{\"hostPath\": {\"path\": \"/data/kubelet/pods\"}"));
    assert!(ended.peak < 12 * 1024, "{} MiB", ended.peak);
}

/// What is said to a reader that takes one byte and goes.
fn closed_early(arguments: &[&str], folder: &Folder) -> Option<i32> {
    let mut child = program()
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    drop(stdout);
    let (code, _) = wait(&mut child, Instant::now(), PATIENCE);
    let mut talk = String::new();
    child.stderr.take().unwrap().read_to_string(&mut talk).unwrap();
    assert!(!talk.contains("panicked") && !talk.contains("error"), "{arguments:?}: {talk}");
    code
}

#[test]
fn a_reader_that_goes_ends_the_run_quietly() {
    let document = format!("---\n{}", String::from_utf8_lossy(PATH));
    let folder = Folder::with(&[("many.yaml", &document.repeat(5000))]);
    let root = ["--kubelet-root", TO];
    for (arguments, code) in [
        (&["many.yaml", "-q"][..], 0),
        (&["many.yaml", "-q", "--diff"], 1),
        (&["check", "many.yaml", "--format", "json"], 0),
        (&["check", "many.yaml", "--format", "sarif"], 0),
        (&["explain", "many.yaml"], 0),
        (&["explain", "many.yaml", "--format", "json"], 0),
        (&["knowledge"], 0),
        (&["knowledge", "--format", "json"], 0),
        (&["completions", "bash"], 0),
        (&["man"], 0),
    ] {
        let arguments = [&root, arguments].concat();
        let arguments =
            if arguments.contains(&"many.yaml") { arguments } else { arguments[2..].to_vec() };
        // The options stand behind the command's name.
        let (command, rest) = arguments.iter().copied().partition::<Vec<&str>, _>(|word| {
            ["check", "explain", "knowledge", "completions", "man"].contains(word)
        });
        assert_eq!(closed_early(&[command, rest].concat(), &folder), Some(code), "{arguments:?}");
    }
}

#[test]
fn a_full_device_is_told_of() {
    let full = || File::options().write(true).open("/dev/full");
    if full().is_err() {
        skip("a_full_device_is_told_of", "/dev/full is not there");
        return;
    }
    let folder = Folder::with(&[("a.yaml", std::str::from_utf8(PATH).unwrap())]);
    for arguments in [
        &["--kubelet-root", TO, "a.yaml"][..],
        &["--kubelet-root", TO, "--diff", "a.yaml"],
        &["--kubelet-root", TO, "--emit", "kustomize-patches", "a.yaml"],
        &["check", "--kubelet-root", TO, "--format", "json", "a.yaml"],
        &["check", "--kubelet-root", TO, "a.yaml"],
        &["explain", "--kubelet-root", TO, "a.yaml"],
        &["knowledge"],
    ] {
        let output = program()
            .args(arguments)
            .current_dir(folder.path())
            .stdout(full().unwrap())
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&output.stderr);
        if arguments.contains(&"kustomize-patches") {
            // There is no name to patch it by.
            assert_eq!(output.status.code(), Some(2), "{talk}");
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {talk}");
        assert!(talk.contains("No space left"), "{arguments:?}: {talk}");
    }
    assert_eq!(folder.read("a.yaml").as_bytes(), PATH);
}
