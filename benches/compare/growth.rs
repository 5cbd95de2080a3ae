//! What a rewrite costs as its input grows: once, ten times, a hundred times as much of one thing.

use csi_relocate::knowledge::Knowledge;
use csi_relocate::kubepath::Root;
use csi_relocate::relocate::{Options, relocate};
use csi_relocate::roots::DEFAULT_ROOT;
use csi_relocate::source::Source;
use std::fmt::Write as _;
use std::time::Instant;

/// Writes a manifest with so many of something.
type Make = fn(usize) -> Vec<Source>;

/// What grows, and how a manifest with so many of them is written.
const THINGS: [(&str, Make); 5] = [
    ("documents", documents),
    ("files", files),
    ("containers of a pod", containers),
    ("mounts of a container", mounts),
    ("variables of a container", variables),
];

/// Prints milliseconds for each thing at each size.
pub(crate) fn print(sizes: &[usize; 3]) {
    println!("## As the input grows\n");
    println!(
        "Milliseconds, without starting the program and reading files; linear is 1, 10, 100.\n"
    );
    println!("| What grows | {} | {} | {} |\n|---|---|---|---|", sizes[0], sizes[1], sizes[2]);
    let knowledge = Knowledge::builtin().expect("the tables");
    let options = Options {
        to: Root::parse(super::TO).expect("a root"),
        from: vec![Root::parse(DEFAULT_ROOT).expect("a root")],
        auto: false,
        windows: None,
        strict: false,
    };
    for (name, make) in THINGS {
        let mut line = format!("| {name} ");
        for &size in sizes {
            let sources = make(size);
            let seconds = || {
                let begun = Instant::now();
                let relocation = relocate(&sources, &options, &knowledge).expect("a plan");
                assert!(relocation.analysis.sites.len() >= size);
                begun.elapsed().as_secs_f64()
            };
            // The quickest of three: what else the machine does only adds.
            let least = (0..3).map(|_| seconds()).fold(f64::INFINITY, f64::min);
            let _ = write!(line, "| {:.1} ", least * 1e3);
        }
        println!("{line}|");
    }
    println!();
}

fn pod(containers: &str, volumes: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  containers:\n{containers}  \
         volumes:\n    - {{name: pods, hostPath: {{path: /var/lib/kubelet/pods}}}}\n{volumes}"
    )
}

fn one() -> String {
    let mount = "{name: pods, mountPath: /var/lib/kubelet/pods, mountPropagation: Bidirectional}";
    pod(&format!("    - name: c\n      volumeMounts:\n        - {mount}\n"), "")
}

fn documents(count: usize) -> Vec<Source> {
    vec![Source::new("x.yaml", format!("---\n{}", one()).repeat(count))]
}

fn files(count: usize) -> Vec<Source> {
    (0..count).map(|number| Source::new(format!("{number}.yaml"), one())).collect()
}

fn containers(count: usize) -> Vec<Source> {
    let mut text = String::new();
    for number in 0..count {
        let _ = writeln!(
            text,
            "    - name: c{number}\n      args: [--dir=/var/lib/kubelet/pods]\n      volumeMounts:\n        \
             - {{name: pods, mountPath: /var/lib/kubelet/pods}}"
        );
    }
    vec![Source::new("x.yaml", pod(&text, ""))]
}

fn mounts(count: usize) -> Vec<Source> {
    let (mut mounts, mut volumes) = (String::new(), String::new());
    for number in 0..count {
        let path = format!("/var/lib/kubelet/plugins/d{number}");
        let _ = writeln!(mounts, "        - {{name: v{number}, mountPath: {path}}}");
        let _ = writeln!(volumes, "    - {{name: v{number}, hostPath: {{path: {path}}}}}");
    }
    let container = format!("    - name: c\n      volumeMounts:\n{mounts}");
    vec![Source::new("x.yaml", pod(&container, &volumes))]
}

fn variables(count: usize) -> Vec<Source> {
    let mut text = "    - name: c\n      env:\n".to_owned();
    for number in 0..count {
        let _ =
            writeln!(text, "        - {{name: V{number}, value: /var/lib/kubelet/pods/{number}}}");
    }
    text.push_str(
        "      volumeMounts:\n        - {name: pods, mountPath: /var/lib/kubelet/pods}\n",
    );
    vec![Source::new("x.yaml", pod(&text, ""))]
}
