//! Cost grows about as the input does: ten times of anything takes about ten times as long.

use crate::common::{Folder, TO, program};
use crate::watch::{PATIENCE, run_fed};
use std::fmt::Write as _;
use std::time::Duration;

/// What a manifest has many of.
#[derive(Clone, Copy, Debug)]
enum Many {
    Mounts,
    Volumes,
    Containers,
    Variables,
    Arguments,
    Ancestors,
    Documents,
    Lines,
    /// Drivers in one pod, each with its registrar.
    Drivers,
    /// Variables that are each made from the next one.
    Chained,
    /// Containers that get as many variables from one ConfigMap.
    Given,
    /// Paths of Windows nodes, in one line.
    Windows,
    /// Paths below an old root in one command, and the last one below the new root.
    Copied,
    /// Registrars in one pod, and drivers whose sockets stand elsewhere.
    Strays,
    /// Directories of staging that a driver mounts one by one.
    Staging,
    /// Mounts at one place, and as many inside.
    Nested,
    /// Comments above one line that accept its findings.
    Accepted,
    /// Roots of other kubelets in one directory.
    Roots,
    /// References to variables, and ConfigMaps that may have them.
    EnvFrom,
    /// Arguments under no mount, and mounts beside and above them.
    UnderNoMount,
    /// Findings in one line.
    OneLine,
    /// Values of a ConfigMap, and containers that read it.
    Readers,
    /// Blanks before the paths of one line.
    Blanks,
    /// Containers that have a volume of the pod's own at the root, and volumes of the node.
    EmptyDirs,
    /// Texts that are manifests, and pods in each document of one.
    Carried,
    /// Values of a chart, some given as often.
    Values,
}

const ALL: [Many; 26] = [
    Many::Carried,
    Many::Values,
    Many::Mounts,
    Many::Volumes,
    Many::Containers,
    Many::Variables,
    Many::Arguments,
    Many::Ancestors,
    Many::Documents,
    Many::Lines,
    Many::Drivers,
    Many::Chained,
    Many::Given,
    Many::Windows,
    Many::Copied,
    Many::Strays,
    Many::Staging,
    Many::Nested,
    Many::Accepted,
    Many::Roots,
    Many::EnvFrom,
    Many::UnderNoMount,
    Many::OneLine,
    Many::Readers,
    Many::Blanks,
    Many::EmptyDirs,
];

const REGISTRAR: &str = "  - name: registrar
    image: example.com/csi-node-driver-registrar:v2
    args: [--kubelet-registration-path=/var/lib/kubelet/plugins/x/csi.sock]
";

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

/// A pod; `of` says how many there are of each field.
fn pod(name: usize, of: impl Fn(Many) -> usize) -> String {
    use Many::{Ancestors, Arguments, Containers, Mounts, Variables, Volumes};
    let mut text = format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{name}}}\nspec:\n  containers:\n{REGISTRAR}"
    );
    for container in 0..of(Containers) {
        let _ = writeln!(text, "  - name: c{container}\n    securityContext: {{privileged: true}}");
        let _ = writeln!(text, "    args:\n    - --state=/var/lib/kubelet/plugins/x/$(V0)");
        text += &lines(of(Arguments), |at| format!("    - --a{at}=/var/lib/kubelet/pods/{at}"));
        text += "    env:\n";
        text += &lines(of(Variables), |at| {
            format!("    - {{name: V{at}, value: /var/lib/kubelet/plugins/{at}}}")
        });
        text += "    volumeMounts:\n    - {name: v0, mountPath: /var/lib/kubelet/pods}\n";
        text += &lines(of(Mounts), |at| {
            format!("    - {{name: v{at}, mountPath: /var/lib/kubelet/pods/{at}}}")
        });
        text += &lines(of(Ancestors), |at| format!("    - {{name: h, mountPath: /h/{at}}}"));
    }
    text += "  volumes:\n  - {name: h, hostPath: {path: /}}\n";
    text += &lines(of(Volumes).max(of(Mounts)), |at| {
        format!("  - {{name: v{at}, hostPath: {{path: /var/lib/kubelet/x{at}}}}}")
    });
    text
}

/// A pod with many drivers.
fn drivers(count: usize) -> String {
    let mut text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n".to_owned();
    for at in 0..count {
        let _ =
            writeln!(text, "  - name: r{at}\n    image: example.com/csi-node-driver-registrar:v2");
        let _ = writeln!(
            text,
            "    args: [--kubelet-registration-path=/var/lib/kubelet/plugins/d{at}/csi.sock]"
        );
        let _ = writeln!(text, "  - name: d{at}\n    securityContext: {{privileged: true}}");
        let _ = writeln!(text, "    args: [--endpoint=unix:///csi/csi.sock]\n    volumeMounts:");
        let _ = writeln!(text, "    - {{name: s{at}, mountPath: /csi}}");
        let _ = writeln!(text, "    - {{name: pods, mountPath: /var/lib/kubelet/pods}}");
    }
    text += "  volumes:\n  - {name: pods, hostPath: {path: /var/lib/kubelet/pods}}\n";
    text += &lines(count, |at| {
        format!("  - {{name: s{at}, hostPath: {{path: /var/lib/kubelet/plugins/d{at}}}}}")
    });
    text
}

/// A registrar's pod whose path is made from many variables.
fn chained(count: usize) -> String {
    let first = "args: [--kubelet-registration-path=$(V0)/csi.sock]\n    env:";
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{}",
        REGISTRAR.replace(
            "args: [--kubelet-registration-path=/var/lib/kubelet/plugins/x/csi.sock]",
            first
        )
    );
    text += &lines(count, |at| format!("    - {{name: V{at}, value: $(V{})}}", at + 1));
    let _ = writeln!(text, "    - {{name: V{count}, value: /var/lib/kubelet/plugins/x}}");
    text
}

/// A ConfigMap, and a pod whose containers all read it.
fn given(count: usize) -> String {
    let mut text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n".to_owned();
    text += &lines(count, |at| format!("  K{at}: /var/lib/kubelet/plugins/{at}"));
    text += "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n";
    text += REGISTRAR;
    text += &lines(count, |at| {
        format!(
            "  - {{name: c{at}, args: [$(K{at})], envFrom: [{{configMapRef: {{name: c}}}}], \
             volumeMounts: [{{name: p, mountPath: /var/lib/kubelet/pods}}]}}"
        )
    });
    text + "  volumes: [{name: p, hostPath: {path: /var/lib/kubelet/pods}}]\n"
}

/// A ConfigMap that names the root as the node has it and as its readers see it, and as many of these.
fn readers(count: usize) -> String {
    let mut text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n".to_owned();
    text += &lines(count, |at| {
        format!("  K{at}: /var/lib/kubelet/pods/{at} /host/var/lib/kubelet/pods/{at}")
    });
    let containers = lines(count, |at| {
        format!(
            "  - {{name: c{at}, volumeMounts: [{{name: c, mountPath: /c}}, {{name: h, mountPath: /host}}, \
             {{name: k, mountPath: /var/lib/kubelet}}]}}"
        )
    });
    let volumes = "  - {name: c, configMap: {name: c}}\n  - {name: h, hostPath: {path: /}}\n  \
                   - {name: k, hostPath: {path: /var/lib/kubelet}}\n";
    text + "---\n" + &pod_of(&containers, volumes)
}

/// A pod with these containers and volumes.
fn pod_of(containers: &str, volumes: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{containers}  \
         volumes:\n{volumes}"
    )
}

fn strays(count: usize) -> String {
    let mut containers: String = (0..count)
        .map(|at| REGISTRAR.replace("name: registrar", &format!("name: r{at}")))
        .enumerate()
        .map(|(at, registrar)| registrar.replace("plugins/x/", &format!("plugins/x{at}/")))
        .collect();
    containers += &lines(count, |at| {
        format!(
            "  - {{name: d{at}, args: [--endpoint=/c/{at}.sock], \
             volumeMounts: [{{name: s, mountPath: /c}}]}}"
        )
    });
    pod_of(&containers, "  - {name: s, hostPath: {path: /srv/x}}\n")
}

/// A driver with the kubelet's `pods`, and with mounts of its own.
fn driver(mounts: &str, volumes: &str) -> String {
    let containers = format!(
        "{REGISTRAR}  - name: d\n    securityContext: {{privileged: true}}\n    volumeMounts:\n    \
         - {{name: pods, mountPath: {TO}/pods, mountPropagation: Bidirectional}}\n{mounts}"
    );
    pod_of(&containers, &format!("  - {{name: pods, hostPath: {{path: {TO}/pods}}}}\n{volumes}"))
}

fn staging(count: usize) -> String {
    let mounts = lines(count, |at| format!("    - {{name: v{at}, mountPath: /m/{at}}}"));
    let volumes = lines(count, |at| {
        format!("  - {{name: v{at}, hostPath: {{path: {TO}/plugins/kubernetes.io/csi/{at}}}}}")
    });
    driver(&mounts, &volumes)
}

fn nested(count: usize) -> String {
    let same =
        format!("    - {{name: pods, mountPath: {TO}/pods, mountPropagation: Bidirectional}}");
    let mounts = lines(count, |_| same.clone())
        + &lines(count, |at| format!("    - {{name: q, mountPath: {TO}/pods/{at}}}"));
    driver(&mounts, "  - {name: q, emptyDir: {}}\n")
}

fn accepted(count: usize) -> String {
    let comments = lines(count, |_| "# csi-relocate: ignore[sub-path] okay".to_owned());
    let mounts: String =
        (0..count).map(|at| format!("{{name: v, subPath: s, mountPath: /m/{at}}}, ")).collect();
    format!(
        "{comments}{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{{name: c, \
         volumeMounts: [{mounts}]}}], volumes: [{{name: v, hostPath: {{path: {TO}/pods}}}}]}}}}\n"
    )
}

fn env_from(count: usize) -> String {
    let mut text = lines(count, |at| {
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{at}}}\ndata: {{A: x}}")
    });
    let mut container = "  - name: d\n    args:\n".to_owned();
    container += &lines(count, |at| format!("    - $(V{at})"));
    container += "    envFrom:\n";
    container += &lines(count, |at| format!("    - {{configMapRef: {{name: c{at}}}}}"));
    text += "---\n";
    text + &pod_of(&container, "  - {name: v, hostPath: {path: /var/lib/kubelet/pods}}\n")
}

fn under_no_mount(count: usize) -> String {
    let mut container = "  - name: d\n    args:\n".to_owned();
    container += &lines(count, |at| format!("    - --a=/var/lib/kubelet/x{at}"));
    container += "    volumeMounts:\n";
    container +=
        &lines(count, |at| format!("    - {{name: v, mountPath: /var/lib/kubelet/y/{at}}}"));
    container += &lines(count, |_| "    - {name: e, mountPath: /data}".to_owned());
    let volumes =
        "  - {name: v, hostPath: {path: /var/lib/kubelet/pods}}\n  - {name: e, emptyDir: {}}\n";
    pod_of(&container, volumes)
}

fn manifest(many: Many, count: usize) -> String {
    match many {
        Many::Documents => (0..count).map(|name| pod(name, |_| 1)).collect(),
        Many::Lines => {
            let script = lines(count, |at| format!("    mkdir -p /var/lib/kubelet/pods/{at}"));
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  s: |\n{script}"
            )
        }
        Many::Drivers => drivers(count),
        Many::Chained => chained(count),
        Many::Given => given(count),
        Many::Strays => strays(count),
        Many::Staging => staging(count),
        Many::Nested => nested(count),
        Many::Readers => readers(count),
        Many::Accepted => accepted(count),
        Many::EnvFrom => env_from(count),
        Many::UnderNoMount => under_no_mount(count),
        Many::Roots => {
            let root = |at| {
                format!("  - {{name: v{at}, hostPath: {{path: /srv/k{at}/plugins_registry}}}}")
            };
            pod_of("  - name: c\n", &lines(count, root))
        }
        Many::OneLine => {
            let data: String =
                (0..count).map(|at| format!("k{at}: /var/lib/kubelet/x{at}/y, ")).collect();
            format!(
                "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c}}, data: {{{data}}}}}\n"
            )
        }
        Many::Blanks => {
            let (blanks, paths) = (" ".repeat(100 * count), "/var/lib/kubelet ".repeat(count));
            let data = format!("data: {{s: '{blanks}{paths}'}}");
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n{data}\n")
        }
        Many::EmptyDirs => {
            let container = |at| {
                format!(
                    "  - {{name: c{at}, volumeMounts: [{{name: e, mountPath: /var/lib/kubelet}}]}}"
                )
            };
            let volume = |at| format!("  - {{name: v{at}, hostPath: {{path: /srv/{at}}}}}");
            let volumes = format!("  - {{name: e, emptyDir: {{}}}}\n{}", lines(count, volume));
            pod_of(&lines(count, container), &volumes)
        }
        Many::Carried => {
            let pod = |at| {
                format!(
                    "apiVersion: v1\n    kind: Pod\n    metadata: {{name: p{at}}}\n    spec:\n      \
                     containers: [{{name: d, securityContext: {{privileged: true}}, volumeMounts: [{{name: v, \
                     mountPath: /var/lib/kubelet/pods}}]}}, {{name: r, args: \
                     [--kubelet-registration-path=/var/lib/kubelet/plugins/x/s]}}]\n      volumes: [{{name: v, \
                     hostPath: {{path: /var/lib/kubelet/pods}}}}]"
                )
            };
            let texts = lines(count, |at| format!("  m{at}: |\n    {}", pod(at)));
            let documents = lines(count, |at| format!("    ---\n    {}", pod(at)));
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n{texts}  all: |\n{documents}"
            )
        }
        Many::Values => {
            let own = lines(count, |_| "    kubeletDir: /var/lib/kubelet".to_owned());
            let others = lines(count, |at| format!("    k{at}: /var/lib/kubelet"));
            let set = lines(count, |_| "    kubeletDir: /var/lib/kubelet".to_owned());
            format!(
                "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {{name: c}}\nspec:\n  chart: \
                 ceph-csi-rbd\n  valuesContent: |\n{own}{others}  set:\n{set}"
            )
        }
        Many::Copied => {
            let old = "/var/lib/kubelet/a ".repeat(count);
            let data = format!("data: {{s: 'cp {old} {TO}/b'}}");
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\n{data}\n")
        }
        Many::Windows => {
            let paths = r"=\var\lib\kubelet".repeat(count);
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata: {{s: '{paths}'}}\n"
            )
        }
        _ => pod(0, |field| {
            if std::mem::discriminant(&field) == std::mem::discriminant(&many) { count } else { 1 }
        }),
    }
}

fn worked(arguments: &[&str], folder: &Folder) -> Duration {
    let mut command = program();
    command.args(arguments).args(["--kubelet-root", TO, "m.yaml"]).current_dir(folder.path());
    let ended = run_fed(&mut command, PATIENCE, |_| Ok(()));
    assert!(matches!(ended.code, Some(0 | 1)), "{arguments:?}: {}", ended.talk);
    ended.worked
}

#[cfg(target_os = "linux")]
#[test]
fn ten_times_as_much_takes_about_ten_times_as_long() {
    for many in ALL {
        for arguments in [&["-v"][..], &["check", "--format", "json"], &["explain"]] {
            let at = |count: usize| {
                let folder = Folder::with(&[("m.yaml", &manifest(many, count))]);
                worked(arguments, &folder)
            };
            // What a start costs is in neither of the differences; short times are measured badly.
            let (none, some, more) = (at(1), at(500), at(5000));
            let small = some.saturating_sub(none).max(Duration::from_millis(50));
            let large = more.saturating_sub(none);
            // A square would be a hundred times.
            assert!(large < small * 40, "{many:?}, {arguments:?}: {small:?}, {large:?}");
        }
    }
}
