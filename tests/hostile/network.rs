//! Nothing is asked of a network: runs without one come out the same, and no socket is opened.

use crate::common::{TO, run, skip, testdata};
use std::path::Path;
use std::process::{Command, Stdio};

const LIST: &str = "apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig: {apiVersion: csi-relocate/v1, kind: CsiRelocate, spec: {kubeletRoot: /data/kubelet}}
items:
- apiVersion: v1
  kind: PersistentVolume
  metadata: {name: a}
  spec: {accessModes: [ReadWriteOnce], hostPath: {path: /var/lib/kubelet/pods}}
";

fn runs() -> Vec<(Vec<&'static str>, String)> {
    let manifest = testdata("csi-example-node.yaml");
    vec![
        (vec!["--kubelet-root", TO], manifest.clone()),
        (vec!["check", "--kubelet-root", TO, "-"], manifest.clone()),
        (vec!["explain", "--kubelet-root", TO, "-"], manifest.clone()),
        (vec!["--kubelet-root", TO, "--emit", "kustomization"], manifest),
        (vec!["knowledge", "longhorn"], String::new()),
        (vec![], LIST.to_owned()),
    ]
}

/// The program behind another one, in the same clean environment.
fn behind(outer: &[&str], arguments: &[&str], input: &str) -> Option<std::process::Output> {
    let name = std::env::temp_dir().join(format!("hostile-network-{}.txt", std::process::id()));
    std::fs::write(&name, input).unwrap();
    let mut command = Command::new(outer[0]);
    for variable in ["CSI_RELOCATE_KUBELET_ROOT", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "CI"]
    {
        command.env_remove(variable);
    }
    let output = command
        .env("NO_COLOR", "1")
        .args(&outer[1..])
        .arg(env!("CARGO_BIN_EXE_csi-relocate"))
        .args(arguments)
        .stdin(Stdio::from(std::fs::File::open(&name).unwrap()))
        .output();
    std::fs::remove_file(&name).unwrap();
    output.ok()
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_network_everything_is_the_same() {
    let may = Command::new("unshare").args(["-rn", "true"]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "no right to be without a network");
        skip("without_a_network_everything_is_the_same", "unshare isn't allowed here");
        return;
    }
    for (arguments, input) in runs() {
        let with = run(&arguments, input.as_bytes());
        let without = behind(&["unshare", "-rn"], &arguments, &input).unwrap();
        assert_eq!(without.status.code(), with.status.code(), "{arguments:?}: {without:?}");
        assert_eq!(without.stdout, with.stdout, "{arguments:?}");
        assert_eq!(without.stderr, with.stderr, "{arguments:?}");
        assert_ne!(with.stdout, b"", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_socket_is_opened() {
    let traced = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile-network.trace");
    let place = traced.display().to_string();
    let strace = ["strace", "-f", "-qq", "-e", "trace=network", "-o", &place];
    if !behind(&strace, &["--version"], "").is_some_and(|output| output.status.success()) {
        skip("no_socket_is_opened", "strace can't be used here");
        return;
    }
    // A trace that saw nothing would prove nothing: `connect` in a shell is seen.
    let mut control = Command::new(strace[0]);
    control.args(&strace[1..]).args(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9"]);
    control.output().unwrap();
    assert!(std::fs::read_to_string(&traced).unwrap().contains("socket("), "nothing is traced");
    for (arguments, input) in runs() {
        let output = behind(&strace, &arguments, &input).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {output:?}");
        let calls = std::fs::read_to_string(&traced).unwrap();
        assert_eq!(calls, "", "{arguments:?}");
    }
}
