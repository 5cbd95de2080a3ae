//! The table "Why not sed": each row is a manifest, and what the real sed and the program make
//! of it.

use crate::common::tools::has_tool;
use crate::common::{Ran, TO, run};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const MICROK8S: &str = "/var/snap/microk8s/common/var/lib/kubelet";

/// What `check` says of what sed has made, where it says anything.
#[derive(Clone, Copy)]
enum Then {
    /// It breaks: a finding by this rule, which the program's own result doesn't have.
    Breaks(&'static str),
    /// It breaks by this rule, and only a person can mend it.
    BreaksStill(&'static str),
    /// Nothing that a check could know of.
    Untold,
}

struct Row {
    file: &'static str,
    root: &'static str,
    /// How many times it's done.
    times: usize,
    /// What is in sed's result.
    sed: &'static [&'static str],
    then: Then,
    options: &'static [&'static str],
    code: i32,
    /// What is in the program's result, or in what it says.
    ours: &'static [&'static str],
}

impl Row {
    const USUAL: Self = Self {
        file: "",
        root: TO,
        times: 1,
        sed: &[],
        then: Then::Untold,
        options: &[],
        code: 0,
        ours: &[],
    };
}

const ROWS: [Row; 9] = [
    Row {
        file: "testdata/readme/sed/propagation.yaml",
        sed: &["mountPath: /data/kubelet/pods\n      volumes:"],
        then: Then::Breaks("propagation-missing"),
        ours: &["mountPath: /data/kubelet/pods\n              mountPropagation: Bidirectional\n"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/readme/sed/half-elsewhere.yaml",
        sed: &["path: /mnt/kubelet/pods", "mountPath: /data/kubelet/pods"],
        then: Then::Breaks("parity-broken"),
        options: &["--from", "auto"],
        ours: &["path: /data/kubelet/pods", "mountPath: /data/kubelet/pods"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/csi-example-node.yaml",
        root: MICROK8S,
        times: 2,
        sed: &["path: /var/snap/microk8s/common/var/snap/microk8s/common/var/lib/kubelet/pods"],
        then: Then::Breaks("registration-dir"),
        ours: &["path: /var/snap/microk8s/common/var/lib/kubelet/pods"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/readme/sed/device-plugins.yaml",
        sed: &["path: /data/kubelet/device-plugins"],
        then: Then::Breaks("kept-under-new-root"),
        ours: &["path: /var/lib/kubelet/device-plugins", "mountPath: /var/lib/kubelet/device-plu"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/readme/sed/node-agent.yaml",
        sed: &["mountPath: /data/kubelet/pod-resources", "path: /data/kubelet/pod-resources"],
        then: Then::Breaks("compiled-in-path"),
        ours: &["mountPath: /var/lib/kubelet/pod-resources", "path: /data/kubelet/pod-resources"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/knowledge/k8s-csi-s3.yaml",
        sed: &["path: /data/kubelet/pods"],
        then: Then::Breaks("hidden-default"),
        ours: &[
            "- name: PLUGIN_DIR\n              value: /data/kubelet/plugins/ru.yandex.s3.csi\n",
        ],
        ..Row::USUAL
    },
    Row {
        file: "testdata/readme/sed/variables.yaml",
        sed: &["=$(STATE_DIR)/kubelet/plugins/", "{name: STATE_DIR, value: /var/lib}"],
        then: Then::BreaksStill("registration-path"),
        ours: &["error[split-root]"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/readme/sed/names.yaml",
        sed: &["default root directory is /data/kubelet.", "path: /data/kubelet-backup"],
        ours: &["default root directory is /var/lib/kubelet.", "path: /var/lib/kubelet-backup"],
        ..Row::USUAL
    },
    Row {
        file: "testdata/readme/sed/chart-template.tpl",
        sed: &["{{ .Values.kubeletDir | default \"/data/kubelet\" }}/pods"],
        code: 2,
        ours: &["a template that hasn't been rendered?"],
        ..Row::USUAL
    },
];

/// The expression in the head of the table.
pub(crate) fn expression(root: &str) -> String {
    format!("s#/var/lib/kubelet#{root}#g")
}

fn by_sed(row: &Row, text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..row.times {
        let mut sed = Command::new("sed")
            .arg(expression(row.root))
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        sed.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = sed.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", row.file);
        text = String::from_utf8(output.stdout).unwrap();
    }
    text
}

fn by_us(row: &Row, text: &str) -> Ran {
    let mut result = text.to_owned();
    let mut talk = String::new();
    let mut code = None;
    for _ in 0..row.times {
        let mut arguments = vec!["--kubelet-root", row.root];
        arguments.extend(row.options);
        let output = run(&arguments, result.as_bytes());
        code = output.status.code();
        result = String::from_utf8(output.stdout).unwrap();
        talk = String::from_utf8(output.stderr).unwrap();
    }
    Ran { code, result, talk }
}

/// The rules by which `check` finds that something is broken, or will be.
fn broken(row: &Row, text: &str) -> Vec<String> {
    let output = run(&["check", "--kubelet-root", row.root, "-"], text.as_bytes());
    let said = String::from_utf8(output.stdout).unwrap();
    let titles = said.lines().filter_map(|line| {
        let title = line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?;
        title.split_once(']')
    });
    titles.map(|(rule, _)| rule.to_owned()).collect()
}

fn manifest(row: &Row) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(row.file)).unwrap()
}

#[test]
fn every_row_is_true() {
    if !has_tool("every_row_is_true", "sed") {
        return;
    }
    for row in &ROWS {
        let text = manifest(row);
        let sed = by_sed(row, &text);
        for wanted in row.sed {
            assert!(sed.contains(wanted), "{}: sed hasn't written {wanted}:\n{sed}", row.file);
        }
        let ours = by_us(row, &text);
        assert_eq!(ours.code, Some(row.code), "{}: {}", row.file, ours.talk);
        assert_eq!(ours.result.is_empty(), row.code == 2, "{}", row.file);
        for wanted in row.ours {
            let is_there = ours.result.contains(wanted) || ours.talk.contains(wanted);
            assert!(is_there, "{}: there is no {wanted}:\n{}{}", row.file, ours.result, ours.talk);
        }
        if row.times > 1 {
            let once = by_us(&Row { times: 1, ..*row }, &text);
            assert_eq!(once.result, ours.result, "{}: the second time", row.file);
        }
        if !row.options.is_empty() {
            let without = by_us(&Row { options: &[], ..*row }, &text);
            assert!(without.talk.contains("warning["), "{}: {}", row.file, without.talk);
        }
        if row.code == 2 {
            continue;
        }
        let (after_sed, after_us) = (broken(row, &sed), broken(row, &ours.result));
        let (rule, still) = match row.then {
            Then::Breaks(rule) => (Some(rule), None),
            Then::BreaksStill(rule) => (Some(rule), Some(rule)),
            Then::Untold => (None, None),
        };
        assert_eq!(after_sed.is_empty(), rule.is_none(), "{}: {after_sed:?}", row.file);
        assert!(
            rule.is_none_or(|rule| after_sed.iter().any(|found| found == rule)),
            "{after_sed:?}"
        );
        assert_eq!(after_us, Vec::from_iter(still), "{}", row.file);
    }
}

/// Texts between backquotes.
fn code_spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// A table of a README says of each manifest what was seen.
pub(crate) fn says_what_was_seen(name: &str, readme: &str) {
    if !has_tool(name, "sed") {
        return;
    }
    let lines: Vec<&str> = readme.lines().filter(|line| line.contains("](testdata/")).collect();
    let rows = lines.iter().filter(|line| line.starts_with("| "));
    let rows: Vec<Vec<&str>> =
        rows.map(|line| line.trim_matches('|').split(" | ").collect()).collect();
    let mut files = Vec::new();
    for cells in &rows {
        let [what, sed, then, ours] = cells[..] else { panic!("{name}: {cells:?}") };
        let file = what.split("](").nth(1).unwrap().split(')').next().unwrap();
        let row = ROWS.iter().find(|row| row.file == file);
        let row = row.unwrap_or_else(|| panic!("{name}: {file} isn't tried"));
        files.push(file);
        let text = manifest(row);
        let (by_sed, by_us) = (by_sed(row, &text), by_us(row, &text));
        for span in code_spans(sed) {
            assert!(by_sed.contains(span), "{name}, {file}: sed hasn't written {span}");
        }
        let options = row.options.join(" ");
        for span in code_spans(ours) {
            let is_there =
                by_us.result.contains(span) || by_us.talk.contains(span) || options == span;
            assert!(is_there, "{name}, {file}: {span} isn't there");
        }
        let rule = match row.then {
            Then::Breaks(rule) | Then::BreaksStill(rule) => Some(rule),
            Then::Untold => None,
        };
        let link =
            then.split("](docs/rules.md#").nth(1).map(|rest| rest.split(')').next().unwrap());
        assert_eq!(link, rule, "{name}, {file}");
    }
    files.sort_unstable();
    let mut tried: Vec<&str> = ROWS.iter().map(|row| row.file).collect();
    tried.sort_unstable();
    assert_eq!(files, tried, "{name}");
    assert!(readme.contains(&format!("`sed '{}'`", expression(TO))), "{name}");
}
