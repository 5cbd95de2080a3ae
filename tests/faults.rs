//! Runs that are cut off: killed between two files, interrupted, out of space, without the right
//! to write. Every file is whole then, and another run finishes the job.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{Folder, TO, program, skip};
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Enough for a run to be caught in the middle.
const FILES: usize = 3000;

/// Nothing here takes so long; a test that does has gone wrong.
const PATIENCE: Duration = Duration::from_secs(60);

fn old(index: usize) -> String {
    format!(
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: pv-{index}}}\n\
         spec:\n  hostPath:\n    path: /var/lib/kubelet/pods/{index}\n"
    )
}

fn new(index: usize) -> String {
    old(index).replace("/var/lib/kubelet", TO)
}

fn name(index: usize) -> String {
    format!("{index:05}.yaml")
}

fn many_files(count: usize) -> Folder {
    let folder = Folder::new();
    for index in 0..count {
        folder.write(name(index), &old(index));
    }
    folder
}

fn start(folder: &Folder) -> Child {
    program()
        .args(["--kubelet-root", TO, "--in-place", "."])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How many files are new; each has to be wholly old or wholly new, and nothing else be there but
/// the temporary files that are counted besides.
fn state(contents: &BTreeMap<String, String>, count: usize) -> (usize, usize) {
    let mut moved = 0;
    for index in 0..count {
        let text = &contents[&name(index)];
        assert!(*text == old(index) || *text == new(index), "{}: {text:?}", name(index));
        moved += usize::from(*text == new(index));
    }
    let left: Vec<&String> = contents.keys().filter(|name| !name.ends_with(".yaml")).collect();
    assert!(left.iter().all(|name| name.ends_with(".tmp")), "{left:?}");
    (moved, left.len())
}

/// Waits until `is_so`, or until the run is over by itself.
fn wait_until(child: &mut Child, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "nothing happens");
    }
}

#[test]
fn a_run_that_is_killed_between_two_files_leaves_each_whole() {
    for _ in 0..20 {
        let folder = many_files(FILES);
        let middle = folder.join(name(FILES / 2));
        let inode = || std::fs::metadata(&middle).unwrap().ino();
        let before = inode();
        let mut child = start(&folder);
        wait_until(&mut child, || inode() != before);
        child.kill().unwrap();
        child.wait().unwrap();
        let (moved, _) = state(&folder.contents(), FILES);
        let again = folder.run(&["--kubelet-root", TO, "--in-place", "."]);
        assert_eq!(again.code, Some(0), "{}", again.talk);
        assert_eq!(state(&folder.contents(), FILES).0, FILES, "a second run finishes the job");
        // The run may have been quicker than its watcher.
        if (1..FILES).contains(&moved) {
            return;
        }
    }
    panic!("no run could be caught between two files");
}

#[test]
fn a_run_that_is_interrupted_leaves_no_temporary_file() {
    let mut caught = false;
    for signal in ["INT", "TERM", "HUP"].iter().cycle().take(30) {
        let folder = many_files(FILES);
        let is_temporary = |name: &std::ffi::OsStr| name.to_string_lossy().ends_with(".tmp");
        let mut child = start(&folder);
        wait_until(&mut child, || {
            let mut entries = std::fs::read_dir(folder.path()).unwrap();
            entries.any(|entry| entry.is_ok_and(|entry| is_temporary(&entry.file_name())))
        });
        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        kill.unwrap();
        let status = child.wait().unwrap();
        let (moved, left) = state(&folder.contents(), FILES);
        assert_eq!(left, 0, "{signal}");
        assert!(moved == 0 || moved == FILES, "{signal} came between two files: {moved}");
        caught |= status.signal().is_some() && moved == 0;
        if caught && *signal == "HUP" {
            return;
        }
    }
    assert!(caught, "no run could be interrupted");
}

/// Runs a script with a file system of its own on `$1`, as root of a name space; `None` where
/// that isn't allowed.
fn with_own_mounts(test: &str, script: &str, arguments: &[&str]) -> Option<String> {
    let unshare = |script: &str, arguments: &[&str]| {
        Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-euc", script, "sh"])
            .args(arguments)
            .output()
    };
    let may = unshare("mount -t tmpfs none /mnt", &[]).is_ok_and(|output| output.status.success());
    if !may {
        assert!(std::env::var_os("CI").is_none(), "{test}: no right to mount");
        skip(test, "mounting isn't allowed here");
        return None;
    }
    let output = unshare(script, arguments).unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{talk}");
    Some(talk)
}

/// Runs over 40 files on a file system that `prepare` (a script, `$1` is the place) makes
/// unfit for writing: nothing may change, and the message has to say `why`.
fn nothing_changes(test: &str, prepare: &str, why: &str) {
    let (folder, place, after) = (many_files(40), Folder::new(), Folder::new());
    let paths = [&place, &folder, &after].map(|folder| folder.path().display().to_string());
    let script = format!(
        "mount -t tmpfs -o size=512k none \"$1\"; cp -r \"$2/.\" \"$1\"; {prepare}\n\
         code=0; \"$4\" --kubelet-root {TO} --in-place \"$1\" || code=$?\n\
         test $code = 2; rm -f \"$1/fill\" || true; cp -r \"$1/.\" \"$3\""
    );
    let arguments = [&paths[0], &paths[1], &paths[2], env!("CARGO_BIN_EXE_csi-relocate")];
    let Some(talk) = with_own_mounts(test, &script, &arguments) else { return };
    assert_eq!(after.contents(), folder.contents());
    assert!(talk.contains(why) && talk.contains("nothing was changed"), "{talk}");
}

#[test]
fn a_full_disk_changes_nothing() {
    let fill = "dd if=/dev/zero of=\"$1/fill\" bs=4096 2>&- || true";
    nothing_changes("a_full_disk_changes_nothing", fill, "No space left");
    // Some of the files can be staged, and not all.
    let leave_some = format!("{fill}; truncate -s -40960 \"$1/fill\"");
    nothing_changes("a_full_disk_changes_nothing", &leave_some, "No space left");
}

#[test]
fn a_read_only_folder_changes_nothing() {
    let read_only = "mount -o remount,ro \"$1\"";
    nothing_changes("a_read_only_folder_changes_nothing", read_only, "Read-only file system");
}
