//! What `dist/build` makes is whole, and what is installed from it works: static programs for two
//! processors, archives, Debian packages, the plugin for kubectl, the manifest for krew, the
//! container image's files.
//!
//! `.ci/run` runs `dist/build` first. Outside of CI the tests skip where `target/dist` is missing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[path = "install/image.rs"]
mod image;
#[path = "install/krew.rs"]
mod krew;
#[path = "install/licences.rs"]
mod licences;
#[path = "install/packages.rs"]
mod packages;
#[path = "install/shells.rs"]
mod shells;
#[path = "install/workflow.rs"]
mod workflow;

use common::tools::{has_tool, path as tools_path};
use common::{Folder, TO, run, skip, testdata};
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The processors, as archives and packages name them.
const PROCESSORS: [&str; 2] = ["amd64", "arm64"];

/// What `dist/build` has made, or nothing and a line that says so.
fn dist(test: &str) -> Option<PathBuf> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/dist");
    if dist.join("SHA256SUMS").is_file() {
        return Some(dist);
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: dist/build hasn't been run");
    skip(test, "dist/build hasn't been run");
    None
}

/// What an archive for Linux is called, without its ending.
fn stem(processor: &str) -> String {
    format!("csi-relocate-{VERSION}-linux-{processor}")
}

fn archive(dist: &Path, processor: &str) -> PathBuf {
    dist.join(format!("{}.tar.gz", stem(processor)))
}

/// The processor of this machine, as archives name it.
fn own() -> &'static str {
    if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" }
}

/// Runs a command that has to succeed, and gives what it prints.
fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs a command with standard input.
fn feed(command: &mut Command, stdin: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    // A program that doesn't start doesn't read.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

/// An archive of a processor, unpacked.
fn unpacked(dist: &Path, processor: &str) -> (Folder, PathBuf) {
    let folder = Folder::new();
    succeed(
        Command::new("tar").arg("-xzf").arg(archive(dist, processor)).arg("-C").arg(folder.path()),
    );
    let inside = folder.join(stem(processor));
    (folder, inside)
}

/// `PATH` with these folders before all others, and without the tested program's own folder.
fn path_with(folders: &[&Path]) -> OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_csi-relocate")).parent().unwrap();
    let tools = tools_path();
    let others = std::env::split_paths(&tools).filter(|folder| folder != own);
    std::env::join_paths(folders.iter().map(|folder| (*folder).to_owned()).chain(others)).unwrap()
}

/// Whether an ELF file asks for no interpreter, and so for no library.
fn is_static(program: &[u8]) -> bool {
    const PT_INTERP: u32 = 3;
    assert_eq!(program[..6], *b"\x7fELF\x02\x01", "64 bits, little end first");
    let number = |at: usize, length: usize| {
        let bytes = program[at..at + length].iter().rev();
        bytes.fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (table, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    (0..count).all(|row| number(table + row * size, 4) != PT_INTERP as usize)
}

/// The machine that an ELF file is for.
fn machine(program: &[u8]) -> &'static str {
    match program[18..20] {
        [62, 0] => "amd64",
        [183, 0] => "arm64",
        _ => "another",
    }
}

#[test]
fn a_program_that_needs_libraries_is_told_from_one_that_doesnt() {
    // This one is linked as the compiler links by itself.
    let test = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert_eq!(machine(&test), own());
    assert_eq!(is_static(&test), cfg!(target_feature = "crt-static"));
}

#[test]
fn both_programs_are_static_and_do_what_the_tested_one_does() {
    const TEST: &str = "both_programs_are_static_and_do_what_the_tested_one_does";
    let Some(dist) = dist(TEST) else { return };
    let manifest = testdata("csi-example-node.yaml");
    let arguments = ["--kubelet-root", TO, "--verbose", "--color", "never"];
    let wanted = run(&arguments, manifest.as_bytes());
    for processor in PROCESSORS {
        let (_folder, inside) = unpacked(&dist, processor);
        let program = inside.join("csi-relocate");
        let bytes = std::fs::read(&program).unwrap();
        assert!(is_static(&bytes), "{processor}");
        assert_eq!(machine(&bytes), processor);
        let mut command = if processor == own() {
            Command::new(&program)
        } else {
            let emulator =
                format!("qemu-{}-static", if processor == "arm64" { "aarch64" } else { "x86_64" });
            if !has_tool(TEST, &emulator) {
                continue;
            }
            let mut command = Command::new(emulator);
            command.arg(&program);
            command
        };
        let output = feed(command.args(arguments).env_clear(), manifest.as_bytes());
        assert_eq!(output, wanted, "{processor}");
    }
}

/// What stands in the programs instead of cargo's folder.
const REGISTRY: &[u8] = b"/cargo/registry/";

/// The folders among these that a program names, and every path that only ends like what stands
/// there instead of them, with what is before it.
fn paths_of_a_machine(program: &[u8], places: &[OsString]) -> Vec<String> {
    let mut found = Vec::new();
    for place in places {
        let mut folder = place.as_encoded_bytes().to_vec();
        while folder.last() == Some(&b'/') {
            folder.pop();
        }
        // Everything is below `/`, and the others are what dist/build writes.
        if [&b""[..], b"/cargo", b"/csi-relocate"].contains(&folder.as_slice()) {
            continue;
        }
        folder.push(b'/');
        if memchr::memmem::find(program, &folder).is_some() {
            found.push(place.to_string_lossy().into_owned());
        }
    }
    for at in memchr::memmem::find_iter(program, REGISTRY) {
        let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/".contains(byte);
        let length = program[..at].iter().rev().take_while(|byte| is_path(byte)).count();
        let before = &program[at - length..at];
        // Another text may lie directly before a path: it doesn't start like one.
        if before.starts_with(b"/") {
            found.push(String::from_utf8_lossy(before).into_owned());
        }
    }
    found
}

#[test]
fn no_path_of_the_machine_is_in_the_programs() {
    let Some(dist) = dist("no_path_of_the_machine_is_in_the_programs") else { return };
    let known = ["HOME", "CARGO_HOME"].into_iter().filter_map(std::env::var_os);
    let places: Vec<OsString> = known.chain([env!("CARGO_MANIFEST_DIR").into()]).collect();
    for processor in PROCESSORS {
        let (_folder, inside) = unpacked(&dist, processor);
        let program = std::fs::read(inside.join("csi-relocate")).unwrap();
        let found = paths_of_a_machine(&program, &places);
        assert!(found.is_empty(), "{processor}: {found:?}");
        assert!(memchr::memmem::find(&program, REGISTRY).is_some(), "{processor}");
    }
}

#[test]
fn a_path_of_the_machine_is_found() {
    let found = |program: &str, places: &[&str]| {
        let places: Vec<OsString> = places.iter().map(OsString::from).collect();
        paths_of_a_machine(program.as_bytes(), &places)
    };
    let clean = "nil pointer/cargo/registry/src/a\0/cargo/registry/src/b\0/usr/share/c";
    assert!(found(clean, &["/", "", "/cargo", "/Users/somebody", "/usr/local/cargo/"]).is_empty());
    let unmapped = "\0/usr/local/cargo/registry/src/a";
    assert_eq!(found(unmapped, &["/usr/local/cargo/"]), ["/usr/local/cargo/", "/usr/local"]);
    assert_eq!(found(unmapped, &["/"]), ["/usr/local"]);
    assert_eq!(found("\0/Users/somebody/x.rs", &["/Users/somebody"]), ["/Users/somebody"]);
}

#[test]
fn every_file_has_its_checksum() {
    let Some(dist) = dist("every_file_has_its_checksum") else { return };
    let check = ["--check", "--strict", "--quiet", "SHA256SUMS"];
    succeed(Command::new("sha256sum").args(check).current_dir(&dist));
    let sums = std::fs::read_to_string(dist.join("SHA256SUMS")).unwrap();
    let mut listed: Vec<&str> = sums.lines().map(|line| &line[66..]).collect();
    listed.push("SHA256SUMS");
    listed.sort_unstable();
    let mut there: Vec<String> = std::fs::read_dir(&dist)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    there.sort_unstable();
    assert_eq!(listed, there);
}

#[test]
fn what_cargo_packages_is_what_the_program_is_built_from() {
    let list = ["package", "--list", "--allow-dirty", "--offline", "--quiet"];
    let folder = env!("CARGO_MANIFEST_DIR");
    let listed = succeed(Command::new(env!("CARGO")).args(list).current_dir(folder));
    for name in ["LICENSE", "README.md", "build.rs", "Cargo.lock", "src/knowledge/roles.yaml"] {
        assert!(listed.lines().any(|line| line == name), "{name}");
    }
    let room = |line: &str| line.split('/').next().unwrap().to_owned();
    let rooms: std::collections::BTreeSet<String> = listed.lines().map(room).collect();
    for name in [".ci", ".github", "dist", "fuzz", "snapshots", "testdata", "tests"] {
        assert!(!rooms.contains(name), "{name} is of no use in a crate");
    }
}
