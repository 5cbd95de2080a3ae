//! Folders with odd links and names, and files that change while they are read.

use crate::common::{Folder, TO, program};
use crate::watch::{Ended, PATIENCE, run_fed};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

const OLD: &str =
    "apiVersion: v1\nkind: PersistentVolume\nspec:\n  hostPath:\n    path: /var/lib/kubelet/pods\n";

fn new() -> String {
    OLD.replace("/var/lib/kubelet", TO)
}

fn run_in(folder: &Folder, arguments: &[&OsStr]) -> Ended {
    let mut command = program();
    command.args(["--kubelet-root", TO]).args(arguments).current_dir(folder.path());
    run_fed(&mut command, PATIENCE, |_| Ok(()))
}

fn words(words: &[&'static str]) -> Vec<&'static OsStr> {
    words.iter().copied().map(OsStr::new).collect()
}

#[test]
fn links_in_circles_end_and_links_out_of_the_folder_are_followed_to_files_alone() {
    let folder = Folder::with(&[
        ("deploy/a.yaml", OLD),
        ("outside/b.yaml", OLD),
        ("outside/deeper/c.yaml", OLD),
    ]);
    symlink("..", folder.join("deploy/up")).unwrap();
    symlink(".", folder.join("deploy/self")).unwrap();
    symlink("../outside", folder.join("deploy/folder")).unwrap();
    symlink("../outside/b.yaml", folder.join("deploy/b.yaml")).unwrap();
    let ended = run_in(&folder, &words(&["--in-place", "deploy"]));
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert_eq!(folder.read("deploy/a.yaml"), new());
    assert_eq!(folder.read("outside/b.yaml"), new());
    assert_eq!(folder.read("outside/deeper/c.yaml"), OLD, "a link to a folder isn't followed");
    assert!(folder.join("deploy/b.yaml").is_symlink());

    symlink("two.yaml", folder.join("deploy/one.yaml")).unwrap();
    symlink("one.yaml", folder.join("deploy/two.yaml")).unwrap();
    folder.write("deploy/a.yaml", OLD);
    let ended = run_in(&folder, &words(&["--in-place", "deploy"]));
    ended.is_refused("one.yaml");
    assert_eq!(folder.read("deploy/a.yaml"), OLD);
}

#[test]
fn a_pipe_that_is_called_like_a_manifest_is_not_waited_for() {
    let folder = Folder::with(&[("deploy/a.yaml", OLD)]);
    let made = Command::new("mkfifo").arg(folder.join("deploy/pipe.yaml")).status().unwrap();
    assert!(made.success());
    let ended = run_in(&folder, &words(&["--in-place", "deploy"]));
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert_eq!(folder.read("deploy/a.yaml"), new());
}

/// Runs while another thread does something to the folder again and again: each run ends, and
/// leaves every file it finds whole.
fn meanwhile(folder: &Folder, disturb: impl Fn() + Sync, arguments: &[&str]) -> Vec<Ended> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let disturber = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                disturb();
            }
        });
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        let runs: Vec<Ended> = (0..30).map(|_| run_in(folder, &arguments)).collect();
        over.store(true, Ordering::Relaxed);
        disturber.join().unwrap();
        runs
    })
}

fn many() -> Folder {
    let folder = Folder::new();
    for number in 0..200 {
        folder.write(format!("deploy/{number}.yaml"), OLD);
    }
    folder
}

#[test]
fn files_that_come_and_go_are_told_of_or_not_there() {
    let folder = many();
    let place = folder.join("deploy/100.yaml");
    let disturb = || {
        let _ = std::fs::remove_file(&place);
        std::fs::write(&place, OLD).unwrap();
    };
    for ended in meanwhile(&folder, disturb, &["--in-place", "deploy"]) {
        assert!(matches!(ended.code, Some(0 | 2)), "{ended:?}");
        let is_told = ended.code == Some(0) || ended.talk.contains("100.yaml");
        assert!(is_told && !ended.talk.contains("panicked"), "{}", ended.talk);
    }
    let contents = folder.contents();
    let is_whole = |text: &String| *text == OLD || *text == new();
    assert!(contents.values().all(is_whole), "a file is neither old nor new");
    assert_eq!(contents.len(), 200, "a temporary file is left");
}

#[test]
fn what_becomes_a_pipe_or_a_folder_while_it_is_read_is_not_waited_for() {
    let folder = many();
    let place = folder.join("deploy/100.yaml");
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let disturb = || {
        let _ = std::fs::remove_file(&place);
        std::fs::hard_link(&pipe, &place).unwrap();
        let _ = std::fs::remove_file(&place);
        let _ = std::fs::create_dir(&place);
        let _ = std::fs::remove_dir(&place);
        std::fs::write(&place, OLD).unwrap();
    };
    for ended in meanwhile(&folder, disturb, &["--diff", "deploy"]) {
        assert!(matches!(ended.code, Some(1 | 2)), "{:?}: {}", ended.code, ended.talk);
        assert!(!ended.talk.contains("panicked"), "{}", ended.talk);
    }
}

#[test]
fn an_output_directory_is_not_left_by_dots_or_absolute_names() {
    let folder = Folder::with(&[("work/in/a.yaml", OLD), ("b.yaml", OLD)]);
    let absolute = folder.join("b.yaml");
    let run = |inputs: &[&OsStr]| {
        let mut command = program();
        command.args(["--kubelet-root", TO, "--output-dir", "out"]).args(inputs);
        run_fed(command.current_dir(folder.join("work")), PATIENCE, |_| Ok(()))
    };
    let ended = run(&[OsStr::new("in/../in"), OsStr::new("../b.yaml")]);
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert_eq!(folder.read("work/out/a.yaml"), new());
    assert_eq!(folder.read("work/out/b.yaml"), new());
    std::fs::remove_dir_all(folder.join("work/out")).unwrap();
    let ended = run(&[absolute.as_os_str()]);
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert_eq!(folder.read("work/out/b.yaml"), new());
    // A link in the way would lead out.
    std::fs::remove_dir_all(folder.join("work/out")).unwrap();
    std::fs::create_dir(folder.join("work/out")).unwrap();
    symlink("../in/a.yaml", folder.join("work/out/a.yaml")).unwrap();
    run(&[OsStr::new("in")]).is_refused("is itself read");
    assert_eq!(folder.read("work/in/a.yaml"), OLD);
    assert_eq!(folder.read("b.yaml"), OLD);
}

#[test]
fn odd_names_are_names() {
    let folder = Folder::new();
    std::fs::create_dir(folder.join("deploy")).unwrap();
    let names = [
        OsString::from("--in-place.yaml"),
        OsString::from("-.yaml"),
        OsString::from("two\nlines\x1b[31m.yaml"),
        OsStr::from_bytes(b"caf\xe9.yaml").to_owned(),
        OsString::from(format!("{}.yaml", "x".repeat(250))),
        OsString::from(" .yaml"),
    ];
    let place = |name: &OsString| folder.join("deploy").join(name);
    let write = || names.iter().for_each(|name| std::fs::write(place(name), OLD).unwrap());
    let all_are = |text: &str| {
        for name in &names {
            assert_eq!(std::fs::read_to_string(place(name)).unwrap(), text, "{name:?}");
        }
        assert_eq!(std::fs::read_dir(folder.join("deploy")).unwrap().count(), names.len());
    };
    write();
    let ended = run_in(&folder, &words(&["--in-place", "-v", "deploy"]));
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    assert!(!ended.talk.contains('\x1b'), "{}", ended.talk);
    all_are(&new());
    write();
    let mut named = words(&["--in-place", "--"]);
    let places: Vec<_> = names.iter().map(place).collect();
    named.extend(places.iter().map(|place| place.as_os_str()));
    let ended = run_in(&folder, &named);
    assert_eq!(ended.code, Some(0), "{}", ended.talk);
    all_are(&new());
    write();
    for way in [&["check"][..], &["explain"], &["--diff"]] {
        let mut arguments: Vec<&OsStr> = way.iter().map(OsStr::new).collect();
        arguments.push(OsStr::new("deploy"));
        let ended = run_in(&folder, &arguments);
        assert!(matches!(ended.code, Some(0 | 1)), "{way:?}: {}", ended.talk);
        assert!(!ended.result.contains(&b'\x1b'), "{way:?}");
    }
    all_are(OLD);
}
