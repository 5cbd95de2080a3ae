//! `helm-values`: what is known of charts, and what their values really do, rendered by the real
//! Helm.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[path = "helm/tools.rs"]
mod tools;

use common::{Folder, Ran, TO, moved, root, shared, testdata};
use csi_relocate::helm::{Chart, Strayed, compare, keys_of};
use csi_relocate::knowledge::{ChartTable, Does, Knowledge, Miss};
use std::collections::BTreeSet;
use tools::{is_there, run};

const KEY: &str = "node.kubeletDir";

/// The chart of which the value moves everything, with something in its template or its values
/// replaced.
fn chart(from: &str, to: &str) -> Folder {
    let folder = Folder::new();
    let mut is_replaced = from.is_empty();
    for name in ["Chart.yaml", "values.yaml", "templates/node.yaml"] {
        let text = testdata(&format!("helm/knob/{name}"));
        is_replaced |= text.contains(from);
        folder.write(format!("chart/{name}"), &text.replace(from, to));
    }
    assert!(is_replaced, "{from}");
    folder
}

/// Verifies the value of a chart in which something is replaced; `None` without Helm.
fn verified(from: &str, to: &str, more: &[&str]) -> Option<Ran> {
    if !is_there("helm-values", "helm3") {
        return None;
    }
    let words = ["csi-relocate", "helm-values", "--helm", "helm3", "--verify", KEY, "chart"];
    Some(run(&chart(from, to), &[&words, more].concat()))
}

#[test]
fn a_value_that_moves_everything_is_right() {
    let Some(ran) = verified("", "", &[]) else { return };
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.result, "node.kubeletDir moves 5 of 5 fields that are tied to the root\n");
    // So is one that a chart writes with a slash at its end.
    let ran =
        verified("kubeletDir: /var/lib/kubelet", "kubeletDir: /var/lib/kubelet/", &[]).unwrap();
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn what_a_value_misses_is_told_by_object_field_and_value() {
    let pods = "{{ $root }}/pods";
    for (from, to, field, is, should_be) in [
        (
            "hostPath: {path: {{ $root }}/pods",
            "hostPath: {path: /var/lib/kubelet/pods",
            "spec.template.spec.volumes[pods-dir].hostPath.path",
            "/var/lib/kubelet/pods",
            "/odd-a/k/pods",
        ),
        (
            "mountPath: {{ $root }}/pods",
            "mountPath: /var/lib/kubelet/pods",
            "spec.template.spec.containers[driver].volumeMounts[pods-dir].mountPath",
            "/var/lib/kubelet/pods",
            "/odd-a/k/pods",
        ),
        (
            "value: {{ $root }}/plugins",
            "value: /var/lib/kubelet/plugins",
            "spec.template.spec.containers[registrar].env[REGISTERED_SOCKET].value",
            "/var/lib/kubelet/plugins/files.csi.example.org/csi.sock",
            "/odd-a/k/plugins/files.csi.example.org/csi.sock",
        ),
        // Neither the old place nor the right one.
        (
            "path: {{ $root }}/plugins_registry",
            "path: {{ $root }}plugins_registry",
            "spec.template.spec.volumes[registration-dir].hostPath.path",
            "/odd-a/kplugins_registry",
            "/odd-a/k/plugins_registry",
        ),
    ] {
        // What isn't tied to the root without the slash isn't in the default rendering either.
        let to = to.replace("}}plugins", "| replace \"kubelet\" \"kubelet/\" }}plugins");
        let Some(ran) = verified(from, &to, &[]) else { return };
        assert_eq!(ran.code, Some(1), "{to}: {ran:?}");
        assert!(ran.result.starts_with("node.kubeletDir moves 4 of 5 fields"), "{ran:?}");
        let told = format!(
            "left behind:\n  DaemonSet release-node, {field}\n    is:        {is}\n    \
             should be: {should_be}\n"
        );
        assert!(ran.result.contains(&told), "{told}{ran:?}");
        assert!(!ran.result.contains("constant place"), "{ran:?}");
    }
    // Two at once, by another value.
    let Some(ran) =
        verified(pods, "{{ .Values.node.podsDir | default \"/var/lib/kubelet/pods\" }}", &[])
    else {
        return;
    };
    assert_eq!((ran.code, ran.result.matches("should be: ").count()), (Some(1), 2), "{ran:?}");
}

#[test]
fn a_value_that_moves_device_plugins_does_harm() {
    let (constant, root) = ("/var/lib/kubelet/device-plugins", "{{ $root }}/device-plugins");
    let Some(ran) = verified(constant, root, &[]) else { return };
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.result.starts_with("node.kubeletDir moves 5 of 5 fields"), "{ran:?}");
    let told = "constant place:\n  DaemonSet release-node, \
                spec.template.spec.containers[driver].volumeMounts[device-plugins].mountPath\n";
    assert!(ran.result.contains(told), "{ran:?}");
    assert!(ran.result.contains("volumes[device-plugins].hostPath.path"), "{ran:?}");
    assert!(ran.result.contains("should be: /var/lib/kubelet/device-plugins"), "{ran:?}");
}

#[test]
fn a_value_that_does_nothing_is_found_out() {
    for (from, to) in [
        // Not read by any template.
        (".Values.node.kubeletDir", ".Values.node.podsDir | default \"/var/lib/kubelet\""),
        // Written one level too high.
        (".Values.node.kubeletDir", ".Values.kubeletDir | default \"/var/lib/kubelet\""),
    ] {
        let Some(ran) = verified(from, to, &[]) else { return };
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.result.starts_with("node.kubeletDir changes nothing: "), "{ran:?}");
    }
}

#[test]
fn a_chart_with_nothing_to_move_is_told() {
    if !is_there("helm-values", "helm3") {
        return;
    }
    let off = "{{- if .Values.on }}\nkind: X\n{{- end }}\n{{- $unused :=";
    let text = testdata("helm/knob/templates/node.yaml").replace("{{- $root :=", off);
    let folder = chart("", "");
    folder.write("chart/templates/node.yaml", text.split("\napiVersion").next().unwrap());
    let words = ["csi-relocate", "helm-values", "--helm", "helm3", "--verify", KEY, "chart"];
    let ran = run(&folder, &words);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.talk.contains("nothing that this chart renders is tied"), "{ran:?}");
}

#[test]
fn helm_gets_more_arguments_and_its_errors_are_passed_on() {
    let needs = "image: {{ required \"an image is needed\" .Values.other }}";
    let image = "image: {{ .Values.image }}";
    let Some(ran) = verified(image, needs, &[]) else { return };
    assert_eq!((ran.code, ran.result.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.talk.contains("an image is needed"), "{ran:?}");
    let ran = verified(image, needs, &["--", "--set", "other=x"]).unwrap();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let folder = chart("", "");
    let words = ["csi-relocate", "helm-values", "--verify", KEY, "chart"];
    let ran = run(&folder, &[&words[..], &["--helm", "no-such-helm"]].concat());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.talk.contains("no program 'no-such-helm'"), "{ran:?}");
    // The variable that Helm sets for its plugins.
    let mut command = tools::command(&folder, "csi-relocate");
    let ran = tools::ran(command.env("HELM_BIN", "helm3").args(&words[1..]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn both_helms_agree() {
    for helm in ["helm3", "helm4"] {
        if !is_there("helm-values", helm) {
            continue;
        }
        let folder = chart("", "");
        let words = ["csi-relocate", "helm-values", "--helm", helm, "--verify", KEY, "chart"];
        assert_eq!(run(&folder, &words).code, Some(0));
    }
}

fn told(folder: &Folder, more: &[&str]) -> Ran {
    folder.run(&[&["helm-values", "chart"], more].concat())
}

#[test]
fn a_chart_that_is_not_known_has_candidates() {
    let ran = told(&chart("", ""), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(
        ran.result,
        "# csi-knob 1.0.0 is not known\n\
         # keys in its values.yaml that look as if they moved the root:\n\
         #   node.kubeletDir: /var/lib/kubelet\n\
         # whether one does:\n\
         #   csi-relocate helm-values --verify node.kubeletDir chart\n"
    );
    let ran = told(&chart("kubeletDir: /var/lib/kubelet", "stateDir: /var/lib/x"), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.result.contains("no key in its values.yaml"), "{ran:?}");
}

#[test]
fn a_known_chart_gets_a_values_file() {
    let known = |name: &str, more: &[&str]| {
        let ran = told(&chart("name: csi-knob", &format!("name: {name}")), more);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let keys = keys_of(&ran.result).unwrap();
        let keys: Vec<String> =
            keys.iter().map(|own| format!("{}={}", own.key, own.value)).collect();
        (ran.result, keys)
    };
    let root = ["--kubelet-root", "/data/kubelet"];
    let (text, keys) = known("aws-mountpoint-s3-csi-driver", &root);
    assert_eq!(keys, ["node.kubeletPath=/data/kubelet"]);
    assert!(text.contains("volumeMounts[kubelet-dir].mountPath\n"), "{text}");
    assert!(text.contains("docs/integrations/helm.md"), "{text}");
    let (text, keys) = known("aws-ebs-csi-driver", &[]);
    assert_eq!(keys, ["node.kubeletPath=DIR"]);
    assert!(text.contains("nothing is known to be left behind"), "{text}");
    let (_, keys) = known("seaweedfs-csi-driver", &root);
    assert_eq!(keys.len(), 3);
    assert!(
        keys.contains(&"node.volumes.plugins_dir=/data/kubelet/plugins".to_owned()),
        "{keys:?}"
    );
    let (_, keys) = known("lvm-localpv", &root);
    assert_eq!(keys, ["lvmNode.kubeletDir=/data/kubelet/"]);
    // Windows nodes have another root.
    let (text, keys) = known("secrets-store-csi-driver", &root);
    assert_eq!(keys, ["linux.kubeletRootDir=/data/kubelet"]);
    assert!(text.contains("for Windows nodes there is windows.kubeletRootDir"), "{text}");
    let both = [&root[..], &["--windows-kubelet-root", r"D:\kubelet"]].concat();
    let (_, keys) = known("secrets-store-csi-driver", &both);
    assert_eq!(keys, ["linux.kubeletRootDir=/data/kubelet", r"windows.kubeletRootDir=D:\kubelet"]);
    let (text, _) = known("carina-csi-driver", &root);
    assert!(text.contains("also move what has to stay:\n#   DaemonSet csi-carina-node"), "{text}");
    // Values that are better left alone.
    let (text, keys) = known("akri", &root);
    assert_eq!(keys, ["agent.host.kubeletPodResources=/data/kubelet/pod-resources"]);
    assert!(text.contains("leave agent.host.kubeletDevicePlugins"), "{text}");
    assert!(
        known("hwameistor", &root).0.contains("leave global.kubeletRootDir: it changes nothing")
    );
}

#[test]
fn charts_of_one_name_are_told_apart() {
    let table = ChartTable::builtin().unwrap();
    let row = |chart: &str, values: &str| {
        Chart::read(chart, values).unwrap().known_in(&table).map(|row| row.source.clone())
    };
    let from = |home: &str| row(&format!("name: velero\nhome: {home}\n"), "").unwrap();
    assert!(from("https://mirror.example.org/git/vmware-tanzu/helm-charts").starts_with("vmware"));
    assert!(from("https://example.org/helm/charts/tree/master/x").starts_with("helm/charts"));
    let disk = |version: &str, values: &str| {
        row(&format!("name: azuredisk-csi-driver\nversion: {version}\n"), values).unwrap()
    };
    assert!(disk("v1.1.0", "").ends_with("version v1.1.0"));
    assert!(disk("v1.2.0", "kubelet: {linuxPath: /var/lib/kubelet}").ends_with("version v1.1.0"));
    assert!(disk("v1.40.0", "linux: {kubelet: /var/lib/kubelet}").contains("charts/latest"));
    assert_eq!(row("name: unheard-of", ""), None);
}

#[test]
fn a_folder_that_is_no_chart_is_refused() {
    let folder = chart("", "");
    for (word, said) in [("chart/templates", "Chart.yaml"), ("chart/Chart.yaml", "Chart.yaml")] {
        let ran = folder.run(&["helm-values", word]);
        assert_eq!((ran.code, ran.result.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.talk.contains(said), "{ran:?}");
    }
    folder.write("chart/values.yaml", "a: [\n");
    let ran = told(&folder, &[]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.talk.contains("values.yaml"), "{ran:?}");
    // Options of a rewrite mean nothing here.
    assert_eq!(folder.run(&["--diff", "helm-values", "chart"]).code, Some(2));
}

/// Charts of the material that aren't called as they are there.
const OTHER_NAMES: [(&str, &str); 1] = [("openebs-umbrella", "openebs")];

#[test]
fn every_chart_that_was_rendered_is_in_the_table() {
    let Some(shared) = shared("helm-values") else { return };
    let text = std::fs::read_to_string(shared.join("knowledge/helm-knobs.csv")).unwrap();
    let table = ChartTable::builtin().unwrap();
    let mut seen = BTreeSet::new();
    // Other lines are the rest of a quoted field.
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.splitn(6, ',').collect();
        let [id, key, _, set_to, drives, _] = fields[..] else { continue };
        let (slug, version) = id.split_once('@').map_or((id, None), |(id, v)| (id, Some(v)));
        let slug = slug.split("--").next().unwrap();
        let name = OTHER_NAMES.iter().find(|(id, _)| *id == slug).map_or(slug, |(_, name)| name);
        let rows = table.rows().iter().filter(|row| row.chart == name);
        let mut rows = rows.filter(|row| version.is_none() || row.version.as_deref() == version);
        let value = rows.find_map(|row| row.values.iter().find(|value| value.key == key));
        let value = value.unwrap_or_else(|| panic!("{id}: {key} isn't in helm.yaml"));
        if value.does == Does::Nothing {
            assert!(drives.starts_with("NO EFFECT"), "{id}: {key}");
        } else {
            let root = if value.windows { r"C:\data\kubelet" } else { "/data/kubelet" };
            assert_eq!(value.for_root(root), set_to, "{id}: {key}");
        }
        seen.insert(id.to_owned());
    }
    assert_eq!(seen.len(), table.rows().len(), "a row for each chart");
}

/// What was rendered with every optional component, or else as it comes.
fn rendered(folder: &std::path::Path) -> Option<(String, String)> {
    let variant =
        ["full", "default"].iter().map(|variant| folder.join(variant)).find(|at| at.is_dir())?;
    let read = |name: &str| std::fs::read_to_string(variant.join(name)).unwrap();
    Some((read("default.yaml"), read("relocated.yaml")))
}

/// Fields from the pod's specification on.
fn fields(strayed: &[Strayed]) -> BTreeSet<&str> {
    let prefix = "spec.template.spec.";
    strayed.iter().map(|strayed| strayed.field.strip_prefix(prefix).unwrap()).collect()
}

/// Those that the table lists for Linux nodes.
fn listed(fields: &[Miss]) -> BTreeSet<&str> {
    fields.iter().filter(|field| !field.windows).map(|field| field.field.as_str()).collect()
}

#[test]
fn what_the_table_says_is_missed_is_what_comparing_finds() {
    let Some(shared) = shared("helm-values, misses") else { return };
    let (table, knowledge) = (ChartTable::builtin().unwrap(), Knowledge::builtin().unwrap());
    let index = std::fs::read_to_string(shared.join("oracle/index.csv")).unwrap();
    let mut compared = 0;
    for row in table.rows() {
        // `repository:path at commit, version …` names the line of the index.
        let place = row.source.split(" at ").next().unwrap();
        let (repository, path) = place.split_once(':').unwrap_or((place, ""));
        let of_row = |line: &&str| {
            let fields: Vec<&str> = line.split(',').collect();
            fields[2] == repository && fields[4] == path
        };
        let Some(line) = index.lines().find(of_row) else { panic!("{}", row.source) };
        let id = line.split(',').next().unwrap();
        let Some((plain, set)) = rendered(&shared.join("oracle").join(id)) else { panic!("{id}") };
        let from = root("/var/lib/kubelet");
        let comparison = compare(&plain, &set, &root(TO), &from, &knowledge).unwrap();
        assert_eq!(fields(&comparison.missed), listed(&row.misses), "{id}");
        compared += 1;
        // What a harmful value moves isn't listed: the value is to be left alone.
        let does_harm = row.values.iter().any(|value| value.does == Does::Harm);
        assert_eq!(comparison.dragged.is_empty(), !does_harm && row.drags.is_empty(), "{id}");
        if !does_harm {
            assert_eq!(fields(&comparison.dragged), listed(&row.drags), "{id}");
        }
    }
    assert!(compared > 80, "{compared}");
}

/// An object that installs a chart with values.
fn installation(chart: &str, version: &str, values: &str) -> String {
    format!(
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {{name: x}}\nspec:\n  \
         chart: {chart}\n  version: {version}\n  valuesContent: |\n    {values}"
    )
}

#[test]
fn the_end_of_an_address_and_the_version_tell_which_chart_an_object_installs() {
    let moves = |chart: &str, version: &str| {
        let text = installation(chart, version, "linux: {kubelet: /var/lib/kubelet}\n");
        let is_moved = moved(&text) == text.replace("/var/lib/kubelet", TO);
        assert!(is_moved || moved(&text) == text, "{}", moved(&text));
        is_moved
    };
    for chart in ["blob-csi-driver", "charts/blob-csi-driver", "oci://x.example/blob-csi-driver/"] {
        // An earlier one left a command behind; without a version it may be any.
        assert!(
            moves(chart, "v1.21.4") && !moves(chart, "v1.10.0") && !moves(chart, ""),
            "{chart}"
        );
    }
}

#[test]
fn a_value_that_an_anchor_shares_in_its_text_stays() {
    let stays = |chart: &str, values: &str| {
        let text = installation(chart, "", values);
        moved(&text) == text
    };
    assert!(!stays("ceph-csi-rbd", "kubeletDir: /var/lib/kubelet\n"));
    assert!(stays("ceph-csi-rbd", "kubeletDir: &root /var/lib/kubelet\n    other: *root\n"));
    // Both values belong together, and the second can't be moved.
    let both = |pods: &str, other: &str| {
        format!(
            "kubeletPath: /var/lib/kubelet\n    csiLinodePlugin: {{podsMountDir: {pods}}}\n    other: {other}\n"
        )
    };
    let chart = "linode-blockstorage-csi-driver";
    assert!(!stays(chart, &both("/var/lib/kubelet", "x")));
    assert!(stays(chart, &both("&root /var/lib/kubelet", "*root")));
}

#[test]
fn helm_reads_the_first_document_of_values() {
    for (before, is_first) in [
        ("# Values.\n    ---\n    ", true),
        ("a: 1\n    ---\n    ", false),
        ("%YAML 1.1\n    ---\n    a: 1\n    ---\n    ", false),
    ] {
        let values = format!("{before}kubeletDir: /var/lib/kubelet\n");
        let text = installation("ceph-csi-rbd", "", &values);
        let there = text.replace("/var/lib/kubelet", TO);
        assert_eq!(moved(&text), if is_first { there } else { text }, "{values}");
    }
}
