use super::on_unix::ignored;
use crate::files::replace::{Write, write_all};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::raise;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells a process of this test where to write, and when it gets which signal.
const TASK: &str = "CSI_RELOCATE_TEST_TASK";

/// Not a test by itself: what the tests below run in a process of their own.
#[test]
fn task() {
    let Ok(task) = std::env::var(TASK) else { return };
    let (when, rest) = task.split_once(' ').unwrap();
    let (signal, folder) = rest.split_once(' ').unwrap();
    let signal = signal.parse().unwrap();
    let targets = (0..200).map(|index| Path::new(folder).join(format!("{}/{index}", index % 3)));
    let writes: Vec<_> =
        targets.map(|target| Write { target, text: "new", read_as: None }).collect();
    let came = AtomicBool::new(false);
    write_all(&writes, &|_| {
        if when == "during" && !came.swap(true, Ordering::SeqCst) {
            raise(signal).unwrap();
        }
    })
    .unwrap();
    if when == "after" {
        raise(signal).unwrap();
        std::thread::park();
    }
}

fn run(shell: &str, when: &str, signal: i32, folder: &Path) -> Output {
    let folder = folder.display();
    Command::new("sh")
        .args(["-c", &format!("{shell} exec \"$0\" --exact files::interrupt::tests::task")])
        .arg(std::env::current_exe().unwrap())
        .env(TASK, format!("{when} {signal} {folder}"))
        .output()
        .unwrap()
}

fn left(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_signal_leaves_nothing_behind_and_ends_the_process() {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if ignored() & (1 << (signal - 1)) != 0 {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let output = run("", "during", signal, folder.path());
        assert_eq!(output.status.signal(), Some(signal));
        assert_eq!(left(folder.path()), 0);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said, "interrupted: nothing was changed\n");
    }
}

#[test]
fn a_signal_after_the_write_does_what_it_always_does() {
    let folder = tempfile::tempdir().unwrap();
    let output = run("", "after", SIGTERM, folder.path());
    assert_eq!(output.status.signal(), Some(SIGTERM));
    assert_eq!(left(folder.path()), 3);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let output = run("trap '' HUP;", "during", SIGHUP, folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(left(folder.path()), 3);
}
