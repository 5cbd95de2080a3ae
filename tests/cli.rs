//! The program as a person runs it: what comes out where, and with which exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::run;
use std::process::{Command, Output, Stdio};

const TO: [&str; 2] = ["--kubelet-root", "/data/kubelet"];

const ONE_PATH: &str = "\
apiVersion: v1
kind: PersistentVolume
metadata:
  name: one
spec:
  accessModes: [ReadWriteOnce]
  local:
    path: /var/lib/kubelet/pods
";

/// Names a root that isn't asked about, and one that is.
const TWO_ROOTS: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: two
spec:
  containers:
    - name: two
      image: example/two:v1
  volumes:
    - name: old
      hostPath:
        path: /var/lib/kubelet/pods
    - name: other
      hostPath:
        path: /opt/kubelet/plugins_registry
";

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A run that writes a result.
fn fine(arguments: &[&str], stdin: &str) -> Output {
    let output = run(arguments, stdin.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    output
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    TO.iter().chain(more).copied().collect()
}

fn moved(text: &str) -> String {
    text.replace("/var/lib/kubelet", "/data/kubelet")
}

fn snapshots() -> insta::Settings {
    let mut settings = common::snapshots();
    settings.set_snapshot_path("../snapshots/cli");
    settings
}

/// A run that is refused: exit code 2, nothing on standard output, the reason on standard error.
fn refused(name: &str, arguments: &[&str], stdin: &[u8]) {
    let output = run(arguments, stdin);
    assert_eq!(output.status.code(), Some(2), "{name}: {}", err(&output));
    assert_eq!(out(&output), "", "{name}");
    snapshots().bind(|| insta::assert_snapshot!(name, trimmed(&err(&output))));
}

/// Blanks at the ends of lines would only be lost in an editor.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[test]
fn the_summary_counts_in_plain_english() {
    let output = fine(&TO, ONE_PATH);
    assert_eq!(out(&output), moved(ONE_PATH));
    assert_eq!(err(&output), "1 site moved, 0 kept, 0 findings\n");
    let output = fine(&TO, &format!("{ONE_PATH}---\n{ONE_PATH}"));
    assert_eq!(err(&output), "2 sites moved, 0 kept, 0 findings\n");
    let output = fine(&TO, &moved(ONE_PATH));
    assert_eq!(out(&output), moved(ONE_PATH));
    assert_eq!(err(&output), "0 sites moved, 0 kept, 1 already below /data/kubelet, 0 findings\n");
}

#[test]
fn nothing_in_nothing_out() {
    for text in ["", "\n", "# only a comment\n", "---\n", "a: 1\n", "{}"] {
        assert_eq!(out(&fine(&TO, text)), text);
    }
}

#[test]
fn findings_are_on_standard_error_and_the_result_is_complete() {
    let output = fine(&TO, TWO_ROOTS);
    assert_eq!(out(&output), moved(TWO_ROOTS));
    assert!(err(&output).contains("warning[other-root]"), "{}", err(&output));
    assert!(err(&output).contains("<stdin>:15:15"), "{}", err(&output));
    assert!(err(&output).ends_with("1 site moved, 0 kept, 1 finding\n"), "{}", err(&output));
}

#[test]
fn quiet_is_silent_and_verbose_lists_the_sites() {
    for flag in ["-q", "--quiet"] {
        let output = fine(&with(&[flag]), TWO_ROOTS);
        assert_eq!((out(&output), err(&output)), (moved(TWO_ROOTS), String::new()));
    }
    for flag in ["-v", "--verbose"] {
        let output = fine(&with(&[flag]), ONE_PATH);
        assert_eq!(out(&output), moved(ONE_PATH));
        snapshots().bind(|| insta::assert_snapshot!("verbose", trimmed(&err(&output))));
    }
    refused("quiet-and-verbose", &with(&["-q", "-v"]), ONE_PATH.as_bytes());
}

#[test]
fn from_is_repeatable_and_auto_finds_roots() {
    let elsewhere = ONE_PATH.replace("/var/lib/kubelet", "/srv/k");
    let output = fine(&with(&["--from", "/srv/k"]), &elsewhere);
    assert_eq!(out(&output), moved(ONE_PATH));
    // Without the default among them, the default is another root and stays.
    assert_eq!(out(&fine(&with(&["--from", "/srv/k"]), ONE_PATH)), ONE_PATH);
    let both = format!("{ONE_PATH}---\n{elsewhere}");
    let output = fine(&with(&["--from", "/var/lib/kubelet", "--from=/srv/k"]), &both);
    assert_eq!(out(&output), moved(&format!("{ONE_PATH}---\n{ONE_PATH}")));
    let output = fine(&with(&["--from", "auto"]), TWO_ROOTS);
    assert_eq!(out(&output), moved(TWO_ROOTS).replace("/opt/kubelet", "/data/kubelet"));
    assert_eq!(err(&output), "2 sites moved, 0 kept, 0 findings\n");
}

#[test]
fn the_root_may_come_from_the_environment() {
    let file = std::env::temp_dir().join(format!("csi-relocate-env-{}.yaml", std::process::id()));
    std::fs::write(&file, ONE_PATH).unwrap();
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_csi-relocate"));
        command.env("CSI_RELOCATE_KUBELET_ROOT", "/data/kubelet").arg(&file);
        command
    };
    let output = program().output().unwrap();
    let explicit = program().args(["--kubelet-root", "/mnt/kubelet"]).output().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(out(&output), moved(ONE_PATH), "{}", err(&output));
    assert!(out(&explicit).contains("/mnt/kubelet/pods"), "the command line wins");
}

#[test]
fn a_file_is_read_and_a_dash_is_standard_input() {
    let file = std::env::temp_dir().join(format!("csi-relocate-file-{}.yaml", std::process::id()));
    std::fs::write(&file, TWO_ROOTS).unwrap();
    let name = file.to_str().unwrap();
    let output = fine(&with(&[name]), "not read");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(out(&output), moved(TWO_ROOTS));
    assert!(err(&output).contains(&format!("{name}:15:15")), "{}", err(&output));
    assert_eq!(out(&fine(&with(&["-"]), ONE_PATH)), moved(ONE_PATH));
}

#[test]
fn strict_reads_documents_that_are_otherwise_passed_over() {
    let broken = format!("{ONE_PATH}---\nnot: [closed\n");
    assert_eq!(out(&fine(&TO, &broken)), moved(&broken));
    refused("strict", &with(&["--strict"]), broken.as_bytes());
}

#[test]
fn help_and_version() {
    let output = fine(&["--help"], "");
    assert_eq!(err(&output), "");
    snapshots().bind(|| insta::assert_snapshot!("help", trimmed(&out(&output))));
    let output = fine(&["-h"], "");
    snapshots().bind(|| insta::assert_snapshot!("short-help", trimmed(&out(&output))));
    let output = fine(&["--version"], "");
    // The commit is missing in a crate that is built without its repository.
    let version = format!(
        "^csi-relocate {}( \\([0-9a-f]{{9,}} [0-9-]{{10}}\\))?\n$",
        env!("CARGO_PKG_VERSION")
    );
    assert!(regex::Regex::new(&version).unwrap().is_match(&out(&output)), "{}", out(&output));
}

#[test]
fn input_that_is_no_manifest_is_refused() {
    let on_top = |text: &str| format!("{ONE_PATH}---\n{text}").into_bytes();
    let bomb: String = std::iter::once("a0: &a0 [/var/lib/kubelet]\n".to_owned())
        .chain((1..30).map(|n| {
            let m = n - 1;
            format!("a{n}: &a{n} [*a{m},*a{m},*a{m},*a{m},*a{m},*a{m},*a{m},*a{m},*a{m}]\n")
        }))
        .collect();
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(ONE_PATH.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let nested = format!("kubelet: {}", "[".repeat(100_000));
    let template = "spec:\n  path: {{ .Values.kubeletDir }}/pods\n  {{- if .Values.x }}\n  x: 1\n";
    let cases: [(&str, Vec<u8>); 10] = [
        ("no-yaml", b"<html>\n<body class=\"x\">: kubelet: not found</body>\n".to_vec()),
        ("template", on_top(&template.replace("pods", "kubelet"))),
        ("binary", b"\x7fELF\x02\x01\x01\0\0\0kubelet\0".to_vec()),
        ("latin-1", b"note: gr\xf6\xdfer /var/lib/kubelet\n".to_vec()),
        ("utf-16", utf16),
        ("cut-in-a-string", on_top("kind: Pod\npath: \"/var/lib/kubelet")),
        ("cut-in-a-mapping", on_top("kind: Pod\nspec:\n  path: /kubelet\n  contai")),
        ("nested", nested.into_bytes()),
        ("alias-bomb", bomb.into_bytes()),
        ("tabs", on_top("spec:\n\tpath: /var/lib/kubelet\n")),
    ];
    for (name, input) in cases {
        refused(name, &TO, &input);
    }
}

#[test]
fn impossible_roots_are_refused() {
    let long = format!("/{}", "x".repeat(79));
    for (name, root) in [
        ("root-relative", "relative/path"),
        ("root-unknown-name", "kubelet-of-ours"),
        ("root-mistyped-name", "k1s"),
        ("root-of-several", "k3s"),
        ("root-of-none", "mke4k"),
        ("root-slash", "/"),
        ("root-dots", ".."),
        ("root-not-clean", "/a/../b"),
        ("root-colon", "a:b"),
        ("root-empty", ""),
        ("root-long", &long),
        ("root-trailing-slash", "/data/kubelet/"),
        ("root-above-from", "/var/lib"),
    ] {
        refused(name, &["--kubelet-root", root], ONE_PATH.as_bytes());
    }
    refused("from-relative", &with(&["--from", "relative/path"]), ONE_PATH.as_bytes());
}

#[test]
fn wrong_usage_is_refused() {
    refused("no-root", &[], ONE_PATH.as_bytes());
    refused("unknown-option", &with(&["--frobnicate"]), b"");
    refused("mistyped-option", &["--kubelet-rot", "/data/kubelet"], b"");
    refused("planned-command", &with(&["doctor"]), b"");
    refused("check-without-root", &["check", "Cargo.toml"], b"");
    refused("check-any-root-and-a-root", &with(&["check", "--any-root"]), b"");
    refused("mistyped-check", &with(&["chekc"]), b"");
    refused("unknown-driver", &["knowledge", "cef-csi"], b"");
    refused("unknown-distribution", &["knowledge", "--distribution", "no-such-thing"], b"");
    refused("driver-and-distribution", &["knowledge", "ceph-csi", "--distribution"], b"");
    refused("missing-file", &with(&["no-such-file.yaml"]), b"");
    refused("two-missing-files", &with(&["one.yaml", "two.yaml"]), b"");
    refused("two-files", &with(&["Cargo.toml", "README.md"]), b"");
    refused("folder-to-standard-output", &with(&["testdata"]), b"");
    refused("folder-without-manifests", &with(&["--diff", "src/files"]), b"");
    refused("standard-input-twice", &with(&["--diff", "-", "-"]), b"");
    refused("standard-input-in-place", &with(&["--in-place"]), b"");
    refused("two-destinations", &with(&["--in-place", "--diff", "src"]), b"");
    refused("misplaced-command", &with(&["Cargo.toml", "man"]), b"");
    refused("fail-on-before-a-command", &with(&["--fail-on", "warning", "check"]), b"");
    refused("limit-before-a-command", &with(&["--max-input", "2GiB", "check"]), b"");
    let windows = ["check", "--windows-kubelet-root", "D:\\kubelet", "-"];
    refused("check-with-a-windows-root", &with(&windows), b"");
    refused("mistyped-command", &["completion", "bash"], b"");
    refused("unknown-shell", &["completions", "tcl"], b"");
    refused("command-with-destination", &["--diff", "man"], b"");
    refused("output-over-input", &with(&["--output-dir", ".", "Cargo.toml"]), b"");
    let twice = ["--output-dir", "target/out", "README.md", "testdata/schemas/README.md"];
    refused("two-inputs-for-one-output", &with(&twice), b"");
    refused("too-much-input", &with(&["--max-input", "10"]), ONE_PATH.as_bytes());
    refused("max-input-without-unit", &with(&["--max-input", "1 XB"]), b"");
    refused("fail-on-what", &with(&["--fail-on", "anything"]), b"");
}

#[test]
fn a_closed_standard_output_ends_the_run_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_csi-relocate"))
        .args(TO)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut pipe = child.stdin.take().unwrap();
    let input = format!("{ONE_PATH}---\n").repeat(20_000);
    std::io::Write::write_all(&mut pipe, input.as_bytes()).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(err(&output), "");
}

#[test]
fn colours_follow_option_environment_and_purpose() {
    let coloured = |bytes: &[u8]| bytes.contains(&0x1b);
    let run = |arguments: &[&str], set: &[(&str, &str)]| {
        let mut command = common::program();
        command
            .env_remove("NO_COLOR")
            .args(with(arguments))
            .arg("testdata/cases/propagation-host-to-container-with-host-root.yaml");
        let output = command.envs(set.iter().copied()).output().unwrap();
        (coloured(&output.stdout), coloured(&output.stderr))
    };
    // Nothing is a terminal here. Each row: arguments, environment, result and talk coloured.
    type Row<'r> = (&'r [&'r str], &'r [(&'r str, &'r str)], (bool, bool));
    let rows: [Row<'_>; 9] = [
        (&["--diff"], &[], (false, false)),
        (&["--diff", "--color=always"], &[], (true, true)),
        (&["--diff", "--color=always"], &[("NO_COLOR", "1")], (true, true)),
        (&["--diff", "--color=never"], &[("FORCE_COLOR", "1")], (false, false)),
        // A diff may be kept in a file: what is set for all programs doesn't spoil it.
        (&["--diff"], &[("FORCE_COLOR", "1")], (false, true)),
        (&["--diff"], &[("CI", "true")], (false, true)),
        (&["--diff"], &[("CI", "false")], (false, false)),
        (&["--diff"], &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], (false, false)),
        (&["--color=always"], &[], (false, true)),
    ];
    for (arguments, set, expected) in rows {
        assert_eq!(run(arguments, set), expected, "{arguments:?} {set:?}");
    }
}

#[test]
fn every_snapshot_belongs_to_a_run() {
    let here = include_str!("cli.rs");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/cli");
    for entry in std::fs::read_dir(folder).expect("snapshots") {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".snap").unwrap_or_else(|| panic!("{name} is no snapshot"));
        assert!(here.contains(&format!("\"{stem}\"")), "{name} belongs to no run");
    }
}

#[test]
fn what_is_said_goes_to_a_log_file_too() {
    let folder = common::Folder::with(&[("x.yaml", &common::testdata("csi-example-node.yaml"))]);
    let arguments = ["--log-file", "log", "--color", "always", "--kubelet-root", "/data/kubelet"];
    for _ in 0..2 {
        let ran = folder.run(&[&arguments[..], &["x.yaml"]].concat());
        assert_eq!(ran.code, Some(0));
    }
    let ran = folder.run(&[&arguments[..], &["missing.yaml"]].concat());
    assert_eq!(ran.code, Some(2));
    let log = folder.read("log");
    let summary = "5 sites moved, 2 kept, 0 findings\n";
    assert!(log.starts_with(&format!("{summary}{summary}error: there is no file")), "{log}");
    assert!(!log.contains('\u{1b}'));
    let ran = folder.run(&["--log-file", "no/such/folder", "--kubelet-root", "/data/kubelet"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.talk.contains("can't write the log file no/such/folder"), "{ran:?}");
}

#[test]
fn a_wrong_variable_is_named_where_it_is_heeded() {
    let run = |name: &str, value: &str, arguments: &[&str]| {
        let mut command = common::program();
        command.env(name, value).args(arguments).stdin(Stdio::null());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let root = "CSI_RELOCATE_KUBELET_ROOT";
    for arguments in [&["check", "-"][..], &["-"], &["explain", "-"]] {
        let (code, talk) = run(root, "a/b", arguments);
        assert_eq!(code, Some(2));
        let said = "error: invalid value 'a/b' for CSI_RELOCATE_KUBELET_ROOT: it is relative";
        assert!(talk.starts_with(said), "{arguments:?}: {talk}");
        assert!(!talk.contains("--kubelet-root"), "{arguments:?}: {talk}");
        // Empty is not set.
        let (code, talk) = run(root, "", &[arguments, &["--any-root"][..]].concat());
        assert!(!talk.contains("invalid value"), "{code:?} {talk}");
    }
    let typed = ["--kubelet-root", "/data/kubelet", "-"];
    for (name, value) in
        [(root, "a/b"), (root, ""), ("CSI_RELOCATE_LOG", ""), ("CSI_RELOCATE_LANG", "")]
    {
        let (code, talk) = run(name, value, &typed);
        assert_eq!(code, Some(0), "{name}={value}: {talk}");
    }
    for arguments in
        [&["knowledge", "longhorn"][..], &["completions", "bash"], &["man"], &["--help"]]
    {
        let (code, talk) = run(root, "a/b", arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {talk}");
    }
    let (code, talk) = run("CSI_RELOCATE_LANG", "fr", &typed);
    assert_eq!(code, Some(2));
    assert!(talk.starts_with("error: invalid value 'fr' for CSI_RELOCATE_LANG"), "{talk}");
}
