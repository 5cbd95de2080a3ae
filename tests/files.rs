//! Files and folders: what is read, where the result goes, and that a diff says the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;
#[cfg(unix)]
#[path = "files/odd.rs"]
mod odd;

use common::{Folder, TO, manifests, skip};
use std::path::Path;
use std::process::Command;

const PATH: &str =
    "apiVersion: v1\nkind: PersistentVolume\nspec:\n  hostPath:\n    path: /var/lib/kubelet/pods\n";
const JSON: &str = r#"{"apiVersion": "v1", "kind": "PersistentVolume",
    "spec": {"hostPath": {"path": "/var/lib/kubelet"}}}"#;
const OTHER: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: none\n";

fn moved(text: &str) -> String {
    text.replace("/var/lib/kubelet", TO)
}

/// A copy of the project's own manifests.
fn tree() -> Folder {
    let folder = Folder::new();
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for part in ["cases", "neighbours", "files"] {
        for path in manifests(&testdata.join(part)) {
            let name = path.strip_prefix(&testdata).unwrap();
            folder.write(name, &std::fs::read_to_string(&path).unwrap());
        }
    }
    folder
}

/// The arguments of a run, after the root.
fn to<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["--kubelet-root", TO], more].concat()
}

fn git(folder: &Folder, arguments: &[&str], patch: &str) -> bool {
    folder.write("../the.patch", patch);
    let status = Command::new("git")
        .args(["-c", "core.autocrlf=false"])
        .args(arguments)
        .arg("../the.patch")
        .current_dir(folder.path())
        .env("GIT_CEILING_DIRECTORIES", folder.path().parent().unwrap())
        .status();
    status.unwrap().success()
}

#[test]
fn in_place_and_its_diff_are_each_others_way_back() {
    if Command::new("git").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "git is missing");
        skip("in_place_and_its_diff_are_each_others_way_back", "git is not there");
        return;
    }
    let folder = tree();
    let before = folder.contents();
    let diff = folder.run(&to(&["--diff", "."]));
    assert_eq!(diff.code, Some(1), "{}", diff.talk);
    assert_eq!(folder.contents(), before, "--diff writes nothing");

    let done = folder.run(&to(&["--in-place", "."]));
    assert_eq!((done.code, done.result.as_str()), (Some(0), ""), "{}", done.talk);
    let after = folder.contents();
    let changed = before.iter().filter(|(name, text)| after[*name] != **text).count();
    assert!(changed > 50, "only {changed} files changed");
    assert_eq!(diff.result.matches("\n+++ b/").count(), changed);
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (name, text) in &before {
        assert_eq!(after[name], common::moved(text), "{name}");
    }
    let again = folder.run(&to(&["--diff", "."]));
    assert_eq!((again.code, again.result.as_str()), (Some(0), ""), "{}", again.talk);

    assert!(git(&folder, &["apply", "-R"], &diff.result));
    assert_eq!(folder.contents(), before);
    assert!(git(&folder, &["apply"], &diff.result));
    assert_eq!(folder.contents(), after);
}

#[test]
fn only_one_input_goes_to_standard_output() {
    let folder = Folder::with(&[("a.yaml", PATH), ("b.yaml", OTHER)]);
    let one = folder.run(&to(&["a.yaml"]));
    assert_eq!((one.code, one.result), (Some(0), moved(PATH)));
    let same = folder.run(&to(&["a.yaml", "./a.yaml"]));
    assert_eq!((same.code, same.result), (Some(0), moved(PATH)));
    for words in [&["a.yaml", "b.yaml"][..], &["."], &["a.yaml", "-"]] {
        let ran = folder.run(&to(words));
        assert_eq!((ran.code, ran.result.as_str()), (Some(2), ""), "{words:?}");
        assert!(ran.talk.contains("--in-place"), "{}", ran.talk);
    }
    assert_eq!(folder.read("a.yaml"), PATH);
}

#[test]
fn what_is_read_of_a_folder() {
    let folder = Folder::with(&[
        ("deploy/node.yaml", PATH),
        ("deploy/deeper/node.yml", PATH),
        ("deploy/deeper/node.json", JSON),
        ("deploy/.hidden/node.YAML", PATH),
        ("deploy/notes.txt", PATH),
        ("deploy/.gitignore", "made/\n*.tmp.yaml\n"),
        ("deploy/made/node.yaml", PATH),
        ("deploy/node.tmp.yaml", PATH),
        ("deploy/.git/node.yaml", PATH),
    ]);
    let changed = |arguments: &[&str]| -> Vec<String> {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, Some(1), "{}", ran.talk);
        let names = ran.result.lines().filter_map(|line| line.strip_prefix("+++ b/"));
        names.map(str::to_owned).collect()
    };
    let read = [
        "deploy/.hidden/node.YAML",
        "deploy/deeper/node.json",
        "deploy/deeper/node.yml",
        "deploy/node.yaml",
    ];
    assert_eq!(changed(&to(&["--diff", "deploy"])), read);
    assert_eq!(changed(&to(&["--diff", "./deploy/", "deploy/node.yaml"])), read);
    let mut all: Vec<&str> = read.to_vec();
    all.extend(["deploy/made/node.yaml", "deploy/node.tmp.yaml"]);
    all.sort_unstable();
    let mut found = changed(&to(&["--diff", "--no-ignore", "deploy"]));
    found.sort_unstable();
    assert_eq!(found, all);
    // What a person names is read, whatever it is called.
    assert_eq!(changed(&to(&["--diff", "deploy/notes.txt"])), ["deploy/notes.txt"]);
}

#[test]
fn a_folder_may_hold_what_is_no_manifest_unless_it_names_a_root() {
    let template = "spec: {{ .Values.x }}\n  {{- if }}\n";
    let folder = Folder::with(&[("deploy/a.yaml", PATH), ("deploy/template.yaml", template)]);
    let ran = folder.run(&to(&["--in-place", "deploy"]));
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    assert_eq!(folder.read("deploy/a.yaml"), moved(PATH));
    let ran = folder.run(&to(&["--in-place", "deploy/template.yaml"]));
    assert_eq!(ran.code, Some(2), "{}", ran.talk);

    folder.write("deploy/a.yaml", PATH);
    folder.write("deploy/template.yaml", &format!("{template}# /var/lib/kubelet\n"));
    let ran = folder.run(&to(&["--in-place", "deploy"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.talk.contains("deploy/template.yaml:1:"), "{}", ran.talk);
    assert_eq!(folder.read("deploy/a.yaml"), PATH, "all or none");
}

#[test]
fn a_variable_from_another_file_is_followed() {
    let pod = common::testdata("files/pod.yaml");
    let config = common::testdata("files/config.yaml");
    let folder = Folder::with(&[("a/config.yaml", &config), ("b/pod.yaml", &pod)]);
    let ran = folder.run(&to(&["--in-place", "a", "b"]));
    assert_eq!(
        (ran.code, ran.talk.as_str()),
        (Some(0), "5 sites moved in 2 of 2 files, 0 kept, 0 findings\n")
    );
    assert!(folder.read("a/config.yaml").contains("SOCKET: /data/kubelet/plugins/x/csi.sock"));
    // Alone, nobody knows what the variable says.
    let alone = folder.run(&["--kubelet-root", "/srv/kubelet", "--from", TO, "b/pod.yaml"]);
    assert!(alone.talk.contains("undefined-variable"), "{}", alone.talk);
}

#[test]
fn of_several_variants_side_by_side_none_is_taken_for_the_others() {
    let pod = common::testdata("files/pod.yaml");
    let config = common::testdata("files/config.yaml");
    let other = config.replace("/var/lib/kubelet", "/opt/elsewhere");
    let folder = Folder::with(&[
        ("one/config.yaml", &config),
        ("two/config.yaml", &other),
        ("pod.yaml", &pod),
        ("three/all.yaml", &format!("{config}---\n{pod}")),
    ]);
    let ran = folder.run(&to(&["--diff", "-q", "."]));
    assert_eq!(ran.code, Some(1), "{}", ran.talk);
    // Nobody knows which of the two the pod alone gets; the one beside its own ConfigMap does.
    let ran = folder.run(&to(&["--diff", "."]));
    assert_eq!(ran.talk.matches("undefined-variable").count(), 1, "{}", ran.talk);
    assert!(ran.talk.contains("--> pod.yaml:"), "{}", ran.talk);
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let folder = Folder::new();
    for index in 0..2000 {
        folder.write(format!("{index}.yaml"), PATH);
    }
    let mut child = common::program()
        .args(to(&["--diff", "."]))
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    // There is a difference, read to its end or not.
    assert_eq!(output.status.code(), Some(1));
    assert!(!String::from_utf8(output.stderr).unwrap().contains("error"));
}

#[test]
fn an_output_directory_gets_every_file() {
    let folder = Folder::with(&[
        ("deploy/node/a.yaml", PATH),
        ("deploy/b.yaml", OTHER),
        ("deploy/notes.txt", "not read"),
        ("c.json", "{}"),
    ]);
    let ran = folder.run_with(&to(&["--output-dir", "out/new", "deploy", "c.json", "-"]), PATH);
    assert_eq!((ran.code, ran.result.as_str()), (Some(0), ""), "{}", ran.talk);
    let contents = folder.contents();
    let written: Vec<(&str, &str)> = contents
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("out/new/")?, text.as_str())))
        .collect();
    let moved = moved(PATH);
    let expected =
        [("b.yaml", OTHER), ("c.json", "{}"), ("node/a.yaml", &moved), ("stdin.yaml", &moved)];
    assert_eq!(written, expected);
    assert_eq!(contents["deploy/node/a.yaml"], PATH);
    assert_eq!(contents.len(), 8);

    // The output may lie in a folder that is read: it isn't read as input then.
    let again = folder.run(&to(&["--output-dir", "out/new", "deploy"]));
    assert_eq!(again.code, Some(0), "{}", again.talk);
    let inside = folder.run(&to(&["--output-dir", "out", "."]));
    assert_eq!(inside.code, Some(0), "{}", inside.talk);
    assert_eq!(folder.read("out/deploy/node/a.yaml"), moved);
    assert!(!folder.join("out/out").exists());
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_their_file_and_stay_links() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::with(&[("real/a.yaml", PATH)]);
    std::fs::create_dir(folder.join("links")).unwrap();
    symlink("../real/a.yaml", folder.join("links/a.yaml")).unwrap();
    symlink("..", folder.join("links/circle")).unwrap();
    let mode = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(folder.join("real/a.yaml"), mode).unwrap();

    let diff = folder.run(&to(&["--diff", "links", "real"]));
    assert_eq!(diff.result.matches("+++ b/real/a.yaml").count(), 1, "{}", diff.result);
    let ran = folder.run(&to(&["--in-place", "links"]));
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    assert_eq!(folder.read("real/a.yaml"), moved(PATH));
    assert!(folder.join("links/a.yaml").is_symlink());
    let mode = std::fs::metadata(folder.join("real/a.yaml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn a_file_that_nobody_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with(&[("a.yaml", PATH), ("b.yaml", PATH)]);
    let mode = std::fs::Permissions::from_mode(0o444);
    std::fs::set_permissions(folder.join("b.yaml"), mode).unwrap();
    let ran = folder.run(&to(&["-i", "."]));
    assert_eq!(ran.code, Some(2));
    let why = "b.yaml is read-only; chmod u+w it first; nothing was changed\n";
    assert!(ran.talk.starts_with("error: ") && ran.talk.ends_with(why), "{}", ran.talk);
    assert_eq!(folder.read("a.yaml"), PATH);
}

#[test]
fn fail_on_writes_nothing() {
    let warning = "apiVersion: example.com/v1\nkind: Widget\nspec:\n  dir: /var/lib/kubelet/x\n";
    let folder = Folder::with(&[("a.yaml", PATH), ("warning.yaml", warning)]);
    for level in ["warning", "info"] {
        let ran = folder.run(&to(&["-i", "--fail-on", level, "."]));
        assert_eq!(ran.code, Some(1), "{}", ran.talk);
        assert!(ran.talk.contains("unknown-field"), "{}", ran.talk);
        assert!(ran.talk.ends_with("nothing was written, because of --fail-on\n"), "{}", ran.talk);
        assert_eq!(folder.read("a.yaml"), PATH);
        let filter = folder.run(&to(&["--fail-on", level, "warning.yaml"]));
        assert_eq!((filter.code, filter.result.as_str()), (Some(1), ""));
    }
    let ran = folder.run(&to(&["-i", "--fail-on", "error", "."]));
    assert_eq!(ran.code, Some(0), "{}", ran.talk);
    assert_eq!(folder.read("a.yaml"), moved(PATH));
}

#[test]
fn all_input_together_is_bounded() {
    let folder = Folder::with(&[("a.yaml", PATH), ("b.yaml", PATH)]);
    let size = PATH.len();
    let enough = (2 * size).to_string();
    let ran = folder.run(&to(&["--diff", "--max-input", &enough, "."]));
    assert_eq!(ran.code, Some(1), "{}", ran.talk);
    let less = (2 * size - 1).to_string();
    let ran = folder.run(&to(&["--diff", "--max-input", &less, "."]));
    assert_eq!(ran.code, Some(2), "{}", ran.talk);
    assert!(ran.talk.contains("--max-input"), "{}", ran.talk);
}

#[cfg(unix)]
#[test]
fn endless_input_ends() {
    let folder = Folder::new();
    let ran = folder.run(&to(&["--max-input", "1MiB", "/dev/zero"]));
    assert_eq!((ran.code, ran.result.as_str()), (Some(2), ""));
    assert!(ran.talk.contains("more than 1.0 MiB of input (at /dev/zero)"), "{}", ran.talk);
}
