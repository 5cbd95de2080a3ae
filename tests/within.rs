//! Manifests within texts: what becomes of one is what becomes of it on its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;

use common::{Plan, TO, english, manifests, options, plan, root, shared, source};
use csi_relocate::Options;
use csi_relocate::check::{Against, Verdict, check};
use csi_relocate::finding::{Finding, Place};
use csi_relocate::knowledge::Knowledge;
use csi_relocate::sites::{Field, Passage};
use std::collections::BTreeSet;
use std::path::Path;

/// How far the lines of a carried text are indented.
const INDENT: &str = "    ";

/// An object that carries a text as a block.
fn carrier(kind: &str, section: &str, text: &str) -> String {
    let chomping = match text.strip_suffix('\n') {
        None => "-",
        Some(text) if text.ends_with('\n') => "+",
        Some(_) => "",
    };
    let head = format!(
        "apiVersion: v1\nkind: {kind}\nmetadata:\n  name: carrier\n{section}:\n  m.yaml: |{chomping}\n"
    );
    head + &indented(text)
}

fn indented(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| match line.trim_end_matches('\n') {
        "" => line.to_owned(),
        _ => format!("{INDENT}{line}"),
    });
    lines.collect()
}

/// The text as a JSON object carries it.
fn carrier_in_json(text: &str) -> String {
    let object = serde_json::json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "carrier"}, "data": {"m": text},
    });
    object.to_string()
}

/// Whether a block can hold the text as it is.
fn fits_in_block(text: &str) -> bool {
    !text.starts_with([' ', '\n', '\u{feff}']) && !text.contains(['\r', '\t']) && !text.is_empty()
}

/// Whether a text was read as a manifest. One without a path in it says nothing about that.
fn is_read(plan: &Plan) -> bool {
    let fields = plan.analysis.sites.iter().map(|site| &site.field);
    let mut fields =
        fields.filter(|field| !matches!(field, Field::Elsewhere(Passage::Annotation, _)));
    fields.any(|field| matches!(field, Field::Elsewhere(Passage::Manifest, _)))
}

/// Findings by what they say.
fn said<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<(String, String)> {
    let said = findings.into_iter().map(|it| (format!("{:?}", it.severity), english(&it.message)));
    let mut said: Vec<_> = said.collect();
    said.sort();
    said
}

fn verdict(text: &str, against: &Against) -> Verdict {
    check(&[source(text)], against, &[], &Knowledge::builtin().unwrap()).unwrap()
}

/// Holds what becomes of a text in a carrier against what becomes of it on its own; whether it's a
/// manifest.
fn comes_to_the_same(text: &str, options: &Options, name: &str) -> bool {
    let own = plan(text, options);
    let carried = plan(&carrier("ConfigMap", "data", text), options);
    if !is_read(&carried) {
        return false;
    }
    assert_eq!(carried.output, carrier("ConfigMap", "data", &own.output), "{name}");
    assert_eq!(said(&carried.analysis.findings), said(&own.analysis.findings), "{name}");
    assert_eq!(carried.suppressed.len(), own.suppressed.len(), "{name}");
    assert_eq!(carried.analysis.insertions.len(), own.analysis.insertions.len(), "{name}");
    let lines = |plan: &Plan, text: &str| {
        let text = source(text);
        let bytes = |place| text.slice(plan.span(&text, &place)).to_owned();
        let decided = plan.analysis.decided().map(|(site, decision)| {
            let root = Place { range: Some(site.range.clone()), ..site.place() };
            (site.path.clone(), bytes(site.place()), bytes(root), format!("{decision:?}"))
        });
        let mut lines: Vec<_> = decided.collect();
        lines.sort();
        lines
    };
    let in_block = carrier("ConfigMap", "data", text);
    assert_eq!(lines(&carried, &in_block), lines(&own, text), "{name}");
    let in_json = plan(&carrier_in_json(text), options).output;
    let value: serde_json::Value = serde_json::from_str(&in_json).unwrap();
    assert_eq!(value["data"]["m"].as_str(), Some(own.output.as_str()), "{name}: in JSON");
    true
}

/// The same of what `check` says.
fn is_judged_the_same(text: &str, name: &str) {
    for against in [Against::Root(root(TO)), Against::AnyRoot] {
        let own = verdict(text, &against);
        let carried = verdict(&carrier("ConfigMap", "data", text), &against);
        assert_eq!(said(&carried.findings), said(&own.findings), "{name}");
        assert_eq!(carried.suppressed.len(), own.suppressed.len(), "{name}");
        assert_eq!((carried.objects, carried.sites), (own.objects + 1, own.sites), "{name}");
    }
}

/// A file of which every document is an object.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let read = |path: &std::path::PathBuf| {
        Some((path.display().to_string(), std::fs::read_to_string(path).ok()?))
    };
    let texts = manifests(folder).iter().filter_map(read).collect::<Vec<_>>();
    texts.into_iter().filter(|(_, text)| fits_in_block(text) && text.len() < 200_000).collect()
}

#[test]
fn every_case_comes_to_the_same_within_a_text() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let cases = [texts(&testdata.join("cases")), texts(&testdata.join("knowledge"))].concat();
    let mut read = 0;
    for (name, text) in &cases {
        let auto = Options { auto: true, ..options(TO) };
        if comes_to_the_same(text, &options(TO), name) {
            read += 1;
            comes_to_the_same(text, &auto, name);
            is_judged_the_same(text, name);
            // As some editors and templates leave it.
            comes_to_the_same(&text.replace('\n', " \n"), &options(TO), name);
            comes_to_the_same(text.trim_end(), &options(TO), name);
        }
    }
    assert!(read > 200, "{read} of {}", cases.len());
}

#[test]
fn every_real_manifest_comes_to_the_same_within_a_text() {
    let Some(shared) = shared("every_real_manifest_comes_to_the_same_within_a_text") else {
        return;
    };
    let corpus = texts(&shared.join("corpus"));
    let mut read = 0;
    for (name, text) in &corpus {
        if comes_to_the_same(text, &options(TO), name) {
            read += 1;
            is_judged_the_same(text, name);
            // Half of it moved, as a hand would.
            let mut number = 0;
            let half: String = text
                .split_inclusive("/var/lib/kubelet")
                .map(|piece| {
                    number += 1;
                    if number % 2 == 0 {
                        piece.replace("/var/lib/kubelet", TO)
                    } else {
                        piece.to_owned()
                    }
                })
                .collect();
            is_judged_the_same(&half, name);
        }
    }
    assert!(read > 300, "{read} of {}", corpus.len());
}

/// A driver whose volumes don't get to the node.
const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: csi-example}
spec:
  containers:
    - name: driver
      securityContext: {privileged: true}
      volumeMounts:
        - name: pods
          mountPath: /var/lib/kubelet/pods
    - name: registrar
      args: [--kubelet-registration-path=/var/lib/kubelet/plugins/csi.example.com/csi.sock]
  volumes:
    - {name: pods, hostPath: {path: /var/lib/kubelet/pods}}
";

/// An agent that has the whole root.
const AGENT: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers:
    - name: agent
      volumeMounts:
        - {name: kubelet, mountPath: /var/lib/kubelet}
  volumes:
    - name: kubelet
      hostPath: {path: /var/lib/kubelet}
";

/// [`POD`] within texts within each other.
fn within(levels: usize) -> String {
    (0..levels).fold(POD.to_owned(), |text, _| carrier("ConfigMap", "data", &text))
}

#[test]
fn what_is_missing_is_written_into_texts_within_texts() {
    for levels in 0..=3 {
        let text = within(levels);
        let moved = plan(&text, &options(TO));
        let line = "          mountPropagation: Bidirectional\n";
        assert!(moved.output.contains(&format!("{}{line}", INDENT.repeat(levels))), "{levels}");
        assert!(!moved.output.contains("/var/lib"), "{levels}");
        let [insertion] = moved.analysis.insertions.as_slice() else { panic!("{levels}") };
        let shown = source(&text).slice(moved.span(&source(&text), &insertion.place())).to_owned();
        assert!(shown.starts_with("name: pods") && shown.lines().count() < 3, "{levels}: {shown}");
    }
}

#[test]
fn further_in_a_text_is_data() {
    let moved = plan(&within(4), &options(TO));
    assert_eq!(moved.output, within(4).replace("/var/lib/kubelet", TO));
    assert_eq!(moved.analysis.insertions, []);
    let is_read =
        |field: &Field| matches!(field, Field::Elsewhere(_, field) if field.contains(": "));
    let fields: Vec<_> = moved.analysis.sites.iter().map(|site| &site.field).collect();
    assert!(!fields.iter().any(|field| is_read(field)), "{fields:?}");
}

/// A driver in a text below so many other texts, each of which has a pod beside it.
fn deep(levels: usize) -> String {
    let other = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: other}\nspec: {containers: [{name: x}]}\n";
    let driver = common::testdata("cases/other-root.yaml");
    (0..levels).fold(driver, |text, _| carrier("ConfigMap", "data", &text) + other)
}

#[test]
fn roots_are_looked_for_and_held_against_each_other_as_deep_as_texts_are_read() {
    let auto = Options { auto: true, ..options(TO) };
    let rules = |text: &str| {
        let verdict = verdict(text, &Against::Root(root(TO)));
        let own = verdict.findings.iter().filter(|it| it.rule.id() != "mixed-roots");
        (own.count(), verdict.objects)
    };
    let (found, objects) = rules(&deep(0));
    assert!(found > 0 && objects == 1);
    for levels in 1..=3 {
        let moved = plan(&deep(levels), &auto);
        assert!(!moved.output.contains("/opt/state"), "{levels}");
        assert_eq!(rules(&deep(levels)), (found, 1 + 2 * levels), "{levels}");
    }
    assert_eq!(plan(&deep(4), &auto).output, deep(4));
    assert_eq!(rules(&deep(4)), (0, 2 * 4));
}

/// A pod in one line.
const IN_ONE_LINE: &str = r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "x"}],  "volumes": [{"name": "k", "hostPath": {"path": "/var/lib/kubelet"}}]}}"#;

#[test]
fn a_text_is_read_where_its_lines_are_told_apart() {
    let is_read = |written: &str| {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  m: {written}\n"
        );
        let moved = plan(&text, &options(TO));
        assert_eq!(moved.output, text.replace("/var/lib/kubelet", TO));
        is_read(&moved)
    };
    // Two line breaks are one in the text that they are read as.
    let folded = IN_ONE_LINE.replace("  ", "\n\n    ");
    assert!(is_read(&format!("'{IN_ONE_LINE}'")) && !is_read(&format!("'{folded}'")));
    for style in [">", ">-"] {
        assert!(is_read(&format!("{style}\n    {IN_ONE_LINE}")), "{style}");
        assert!(!is_read(&format!("{style}\n    {folded}")), "{style}");
    }
    assert!(is_read(&format!("|\n    {folded}")));
}

#[test]
fn what_has_no_kind_or_no_version_is_data() {
    for (key, other) in [("apiVersion: v1", "# apiVersion"), ("kind: Pod", "# kind")] {
        let manifest = POD.replacen(key, other, 1);
        assert!(is_read(&plan(&carrier("ConfigMap", "data", POD), &options(TO))));
        assert!(!is_read(&plan(&carrier("ConfigMap", "data", &manifest), &options(TO))), "{key}");
    }
}

#[test]
fn what_is_no_pod_and_more_than_data_is_read_too() {
    let volume = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: x}\n\
                  spec: {accessModes: [ReadWriteOnce], hostPath: {path: /var/lib/kubelet/x}}\n";
    assert!(comes_to_the_same(volume, &options(TO), "a field that holds a host path"));
    let driver = "apiVersion: csi.ceph.io/v1\nkind: Driver\nmetadata: {name: rbd.csi.ceph.com}\n\
                  spec: {clusterName: example}\n";
    let text = carrier("ConfigMap", "data", driver);
    let moved = plan(&text, &options(TO)).output;
    let own = plan(driver, &options(TO)).output;
    assert!(own.contains(TO));
    let there = carrier("ConfigMap", "data", &own);
    assert_eq!(moved, there, "what an operator reads");
    // A ConfigMap is more than data where an operator reads it.
    let settings = |key: &str| {
        let text = format!("apiVersion: v1\nkind: ConfigMap\ndata: {{{key}: /var/lib/kubelet}}\n");
        is_read(&plan(&carrier("ConfigMap", "data", &text), &options(TO)))
    };
    assert!(!settings("dir") && settings("ROOK_CSI_ENABLE_RBD"));
}

#[test]
fn what_a_patch_deletes_is_not_read() {
    let text = carrier("ConfigMap", "data", POD);
    let deleted = text.replacen("metadata:", "$patch: delete\nmetadata:", 1);
    let moved = plan(&deleted, &options(TO));
    assert_eq!(moved.output, deleted);
    assert_eq!(moved.analysis.insertions, []);
}

#[test]
fn what_is_found_in_a_text_is_told_of_the_object_that_carries_it() {
    let list = |text: &str| {
        let carrier = indented(&carrier("ConfigMap", "data", text)).replacen("    ", "  - ", 1);
        format!(
            "apiVersion: v1\nkind: List\nitems:\n{}{carrier}",
            indented(AGENT).replacen("    ", "  - ", 1)
        )
    };
    let text = list(&carrier("ConfigMap", "data", POD));
    let moved = plan(&text, &options(TO));
    let names: Vec<&str> =
        moved.analysis.objects[0].iter().map(|it| it.name.name.as_str()).collect();
    assert_eq!(names, ["", "agent", "carrier"]);
    let mut fields = BTreeSet::new();
    for site in &moved.analysis.sites {
        if let Field::Elsewhere(Passage::Manifest, field) = &site.field {
            assert_eq!((site.object, site.pod, site.container), (2, None, None), "{field}");
            fields.insert(field.as_str());
        } else {
            assert_eq!((site.object, site.pod), (1, Some(0)));
        }
    }
    let inner = "data.m.yaml: data.m.yaml: spec";
    let paths = [
        "containers[0].volumeMounts[0].mountPath",
        "containers[1].args[0]",
        "volumes[0].hostPath.path",
    ];
    assert_eq!(
        fields,
        paths.map(|path| format!("{inner}.{path}")).iter().map(String::as_str).collect()
    );
    let [insertion] = moved.analysis.insertions.as_slice() else { panic!() };
    assert_eq!((insertion.object, insertion.container), (2, None));
    let (_, field) = insertion.within.as_ref().unwrap();
    assert_eq!(field, &format!("{inner}.containers[0].volumeMounts[0]"));
}

#[test]
fn what_says_nothing_is_shown_by_what_stands_before_it() {
    let driver = "apiVersion: csi.ceph.io/v1\nkind: Driver\nmetadata: {name: rbd.csi.ceph.com}\n\
                  spec:\n  clusterName: example\n  nodePlugin:\n";
    let text = source(&(carrier("ConfigMap", "data", driver) + "  note: /var/lib/kubelet\n"));
    let moved = plan(text.text(), &options(TO));
    let [insertion] = moved.analysis.insertions.as_slice() else { panic!() };
    let span = moved.span(&text, &insertion.place());
    assert_eq!(text.slice(span), ":");
    assert!(text.text().get(..span.end).unwrap().ends_with("nodePlugin:"));
}

#[test]
fn a_root_below_the_new_one_is_none_to_be_moved_from() {
    let manifest = common::testdata("cases/other-root.yaml");
    let auto = Options { auto: true, ..options("/opt/state") };
    for text in [carrier("ConfigMap", "data", &manifest), manifest] {
        assert_eq!(plan(&text, &auto).output, text);
    }
}

#[test]
fn who_reads_a_text_says_nothing_about_the_pods_in_it() {
    let reader = |volume: &str| {
        let mounts = "[{name: k, mountPath: /var/lib/kubelet}, {name: h, mountPath: /host}, \
                      {name: c, mountPath: /c}]";
        let volumes = format!(
            "[{{name: k, {volume}}}, {{name: h, hostPath: {{path: /}}}}, {{name: c, configMap: {{name: carrier}}}}]"
        );
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: reader}}\nspec: {{containers: [{{name: reader, \
             volumeMounts: {mounts}}}], volumes: {volumes}}}\n---\n"
        )
    };
    let text = POD.replace("args: [", "args: [/host/var/lib/kubelet/x, ");
    let text = carrier("ConfigMap", "data", &text);
    let alone = plan(&text, &options(TO)).output;
    assert!(
        alone.contains("/host/var/lib/kubelet/x") && alone.contains("mountPath: /data/kubelet")
    );
    for volume in
        ["hostPath: {path: /var/lib/kubelet}", "emptyDir: {}", "hostPath: {path: /srv/kubelet}"]
    {
        let moved = plan(&(reader(volume) + &text), &options(TO)).output;
        assert!(moved.ends_with(&alone), "{volume}:\n{moved}");
    }
}

/// The rules of what is found, and of what is accepted.
fn rules(text: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let found = verdict(text, &Against::Root(root(TO)));
    let left = found.findings.iter().map(|it| it.rule.id()).collect();
    (left, found.suppressed.iter().map(|it| it.finding.rule.id()).collect())
}

#[test]
fn a_text_accepts_what_is_found_in_it_and_so_does_its_carrier() {
    let rule = "mixed-roots";
    let plain = carrier("ConfigMap", "data", AGENT);
    assert!(rules(&plain).0.contains(&rule));
    let word = format!("    # csi-relocate: ignore[{rule}] it only looks\n      hostPath");
    let inside = carrier("ConfigMap", "data", &AGENT.replace("  hostPath", &word));
    let note =
        format!("metadata:\n  annotations: {{csi-relocate/ignore: '{rule}: it only looks'}}\n");
    let outside = plain.replacen("metadata:\n", &note, 1);
    for text in [inside, outside] {
        let (left, accepted) = rules(&text);
        let holds = !left.contains(&rule) && accepted.contains(&rule);
        assert!(holds && !left.contains(&"unused-suppression"), "{left:?} {accepted:?}\n{text}");
    }
}

#[test]
fn texts_of_a_run_belong_together() {
    let map = "apiVersion: v1\nkind: Pod\nmetadata: {name: other}\nspec: {containers: [{name: x}]}\n---\n\
               apiVersion: v1\nkind: ConfigMap\nmetadata: {name: env}\ndata: {ROOT: /var/lib/kubelet}\n";
    let variable = "env: [{name: ROOT, valueFrom: {configMapKeyRef: {name: env, key: ROOT}}}]";
    let pod = POD.replace("=/var/lib/kubelet", "=$(ROOT)");
    let pod = pod.replace("      args:", &format!("      {variable}\n      args:"));
    let text = carrier("ConfigMap", "data", &pod) + "  env.yaml: |\n" + &indented(map);
    let undefined = |text: &str| rules(text).0.contains(&"undefined-variable");
    assert!(!undefined(&text) && undefined(&text.replace("name: env}\n", "name: venv}\n")));
    assert!(!plan(&text, &options(TO)).output.contains("/var/lib"));
}

/// A setting that is written at the very end, behind a block.
const AT_THE_END: &str = "quobyte-csi.yaml";

#[test]
fn what_cannot_be_written_into_a_text_is_left_to_a_person() {
    let manifest = common::testdata(&format!("knowledge/{AT_THE_END}"));
    let text = carrier("ConfigMap", "data", &manifest);
    let added = |plan: &Plan| plan.analysis.insertions.len();
    let rules = |plan: &Plan| -> BTreeSet<&str> {
        plan.analysis.findings.iter().map(|found| found.rule.id()).collect()
    };
    let written = plan(&text, &options(TO));
    assert!(added(&written) > 0 && !rules(&written).contains("hidden-default"), "as on its own");
    let blank = plan(&carrier("ConfigMap", "data", &(manifest + "\n\n")), &options(TO));
    assert_eq!(added(&blank), added(&written));
    // Behind an empty line nothing can be written. The text's own paths move, and so does another text.
    let driver = "apiVersion: csi.ceph.io/v1\nkind: Driver\nmetadata: {name: rbd.csi.ceph.com}\n\
                  spec:\n  clusterName: |+\n    example\n\n---\n";
    let both = carrier("ConfigMap", "data", &(driver.to_owned() + POD));
    let text = both.clone() + "  other.yaml: |\n" + &indented(POD);
    let left = plan(&text, &options(TO));
    assert_eq!(rules(&left), BTreeSet::from(["hidden-default", "propagation-missing"]));
    assert_eq!((left.analysis.findings.len(), added(&left)), (2, 1));
    let told = &said(&left.analysis.findings)[0].1;
    assert!(told.ends_with("it can't be written into what stands here"), "{told}");
    let other = plan(&carrier("ConfigMap", "data", POD), &options(TO)).output;
    let other = other.split_once("m.yaml").unwrap().1;
    let moved = both.replace("/var/lib/kubelet", TO) + "  other.yaml" + other;
    assert_eq!(left.output, moved);
}

#[test]
fn another_root_is_told_of_once_where_nobody_accepts_it() {
    let manifest = common::testdata("cases/other-root.yaml");
    let first = carrier("ConfigMap", "data", &manifest);
    let note = "metadata:\n  annotations: {csi-relocate/ignore: 'other-root: fine'}\n";
    let accepted = first.replacen("metadata:\n", note, 1);
    let told = |text: &str| {
        let plan = plan(text, &options(TO));
        let other = |finding: &&Finding| finding.rule.id() == "other-root";
        let lines: Vec<usize> = plan
            .analysis
            .findings
            .iter()
            .filter(other)
            .map(|finding| {
                source(text).line_col(plan.span(&source(text), &finding.places[0]).start).line
            })
            .collect();
        (lines, plan.suppressed.len())
    };
    let once = told(&manifest).0;
    assert_eq!(once.len(), 1);
    let second = first.replace("carrier", "other");
    let lines = accepted.lines().count() + 1 + told(&second).0[0];
    assert_eq!(told(&format!("{accepted}---\n{second}")), (vec![lines], 1));
    assert_eq!(told(&format!("{manifest}---\n{second}")).0, once);
}
