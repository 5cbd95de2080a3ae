use super::*;
use crate::finding::Rule;
use crate::source::Span;
use crate::yaml::{chunks, parse};

const POD: &str = "\
kind: Pod
spec:
  containers: []
  volumes: [{name: x, hostPath: {path: /var/lib/kubelet/pods}}]
";

#[test]
fn an_output_that_another_run_would_change_is_found_out() {
    let knowledge = Knowledge::builtin().unwrap();
    let from = vec![Root::parse(DEFAULT_ROOT).unwrap()];
    let roots = Roots::new(Root::parse("/data/kubelet").unwrap(), from).unwrap();
    let is_settled = |text: &str| {
        let source = [Source::new("x.yaml", text)];
        let streams = read_all(&source, &Wanted::All).unwrap();
        let (planned, by_hand) = (BTreeMap::new(), ByHand::new());
        let second_run =
            |docs: &[Sourced<'_>]| SecondRun::over(docs, &roots, &knowledge, &by_hand, LEVELS);
        carried_out(&source, &streams, &planned, second_run).unwrap().1.changes_nothing
    };
    assert!(!is_settled(POD));
    assert!(is_settled(&POD.replace("/var/lib", "/data")));
}

#[test]
fn a_setting_is_left_to_a_person_in_the_document_that_says_so_and_in_no_other() {
    let knowledge = Knowledge::builtin().unwrap();
    let text = include_str!("../../testdata/knowledge/azurefile-csi.yaml");
    let from = vec![Root::parse(DEFAULT_ROOT).unwrap()];
    let roots = Roots::new(Root::parse("/data/kubelet").unwrap(), from).unwrap();
    let source = [Source::new("a.yaml", text), Source::new("b.yaml", text)];
    let streams = read_all(&source, &Wanted::All).unwrap();
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let analysis = analyse(&docs, objects_of_run(&docs, &knowledge, LEVELS), &roots, &knowledge);
    let lines = analysis.insertions.iter().map(|it| (it.doc, it.line().to_owned()));
    let mut by_hand = ByHand::new();
    for (doc, line) in lines {
        by_hand.entry(doc).or_default().insert(line);
    }
    assert!(by_hand.len() > 1, "{by_hand:?}");
    let moved = text.replace("/var/lib/kubelet", "/data/kubelet");
    let source = [Source::new("a.yaml", moved.as_str()), Source::new("b.yaml", moved.as_str())];
    let streams = read_all(&source, &Wanted::All).unwrap();
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let is_settled = |by_hand: &ByHand| {
        SecondRun::over(&docs, &roots, &knowledge, by_hand, LEVELS).changes_nothing
    };
    assert!(is_settled(&by_hand));
    by_hand.pop_last();
    assert!(!is_settled(&by_hand));
}

#[test]
fn who_reads_a_config_map_is_read_unless_that_cannot_be() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: scripts}\n\
                  data: {a: ls /host/var/lib/kubelet/pods, b: /var/lib/kubelet}\n";
    let reader = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  \
                  - volumeMounts: [{name: s, mountPath: /s}, {name: h, mountPath: /host}]\n  \
                  volumes: [{name: s, configMap: {name: scripts}}, {name: h, hostPath: {path: /}}]\n";
    let options = Options::new(Root::parse("/data/kubelet").unwrap());
    let moved = |other: &str| {
        let sources = [Source::new("x.yaml", format!("{config}---\n{other}"))];
        let relocation = relocate(&sources, &options, &Knowledge::builtin().unwrap()).unwrap();
        relocation.rewritten[0].output.clone().unwrap()
    };
    let alone = |other: &str| {
        format!("{config}---\n{other}").replace("b: /var/lib/kubelet", "b: /data/kubelet")
    };
    for unread in ["", "a: [scripts\n"] {
        assert_eq!(moved(unread), alone(unread));
    }
    assert_eq!(moved(reader), alone(reader).replace("/host/var/lib", "/host/data"));
}

#[test]
fn other_roots_are_told_of_where_they_are_left() {
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  \
               - args: [--kubelet-registration-path=/var/lib/kubelet/plugins/x/csi.sock]\n  \
               volumes: [{name: r, hostPath: {path: /opt/kubelet/plugins_registry}}]\n";
    let stays = "apiVersion: v1\nkind: Pod\nspec:\n  containers: []\n  volumes:\n  \
                 - {name: d, hostPath: {path: /var/lib/kubelet/device-plugins}}\n  \
                 - {name: p, hostPath: {path: /var/lib/kubelet/pki}}\n";
    let left = |text: &str, from: &str| {
        let from = vec![Root::parse(from).unwrap()];
        let options = Options { from, ..Options::new(Root::parse("/data/kubelet").unwrap()) };
        let source = [Source::new("x.yaml", text)];
        let found = relocate(&source, &options, &Knowledge::builtin().unwrap()).unwrap();
        let findings = found.analysis.findings.into_iter();
        findings.filter(|found| found.rule == Rule::OtherRoot).count()
    };
    assert_eq!(left(pod, "/opt/kubelet"), 1);
    assert_eq!(left(pod, DEFAULT_ROOT), 1, "the other one");
    let unlike = pod.replace("/var/lib/kubelet", "/opt/k").replace("/opt/kubelet", "/opt/k");
    assert_eq!(left(&unlike, DEFAULT_ROOT), 1, "one with another name");
    assert_eq!(left(stays, "/opt/kubelet"), 0, "what never moves is there for good");
}

#[test]
fn a_large_list_comes_out_as_if_all_of_it_were_parsed() {
    let mut text = "apiVersion: v1\nitems:\n".to_owned();
    for number in 0..2000 {
        let item = if number % 500 == 3 { POD } else { "kind: X\nspec: [don't]\n" };
        let item = format!("{item}metadata: {{name: n{number}}}");
        text += &format!("- {}\n", item.replace('\n', "\n  "));
    }
    text += "kind: List\n";
    let knowledge = Knowledge::builtin().unwrap();
    let source = [Source::new("list.yaml", text.as_str())];
    let to = Root::parse("/data/kubelet").unwrap();
    let from = vec![Root::parse(DEFAULT_ROOT).unwrap()];
    let run = |strict| {
        let options =
            Options { to: to.clone(), from: from.clone(), strict, auto: false, windows: None };
        relocate(&source, &options, &knowledge).unwrap()
    };
    let (quick, strict) = (run(false), run(true));
    assert_eq!(quick.rewritten[0].edits.len(), 4);
    assert_eq!(quick.rewritten[0].output, strict.rewritten[0].output);
    let nodes = |relocation: &Relocation| {
        let doc = &relocation.documents()[0];
        let items = doc.get(doc.root().unwrap(), "items").unwrap();
        doc.items(items).iter().filter(|item| !doc.entries(**item).is_empty()).count()
    };
    assert_eq!((nodes(&quick), nodes(&strict)), (4, 2000));
    assert_eq!(quick.analysis.sites.len(), 4);
}

#[test]
fn a_root_may_begin_with_any_character_that_it_may_hold() {
    let text = "\
kind: Pod
spec:
  containers:
  - name: driver
    args: [/var/lib/kubelet, --root=/var/lib/kubelet, \"/var/lib/kubelet/x\"]
    env:
    - {name: SOCKET, value: 'unix:///var/lib/kubelet/x.sock'}
    - name: SCRIPT
      value: |
        cd /var/lib/kubelet
    volumeMounts:
    - {name: root, mountPath: /var/lib/kubelet, mountPropagation: Bidirectional}
  volumes:
  - name: root
    hostPath:
      path: /var/lib/kubelet
";
    let knowledge = Knowledge::builtin().unwrap();
    for root in [
        "/@data/kubelet",
        "/@/kubelet",
        "/-d/k",
        "/~d/k",
        "/=d/k",
        "/+d/k",
        "/_/k",
        "/.d/k",
        "/0/k",
    ] {
        let options = Options::new(Root::parse(root).unwrap());
        let relocation = relocate(&[Source::new("x.yaml", text)], &options, &knowledge).unwrap();
        let expected = text.replace("/var/lib/kubelet", root);
        assert_eq!(relocation.rewritten[0].output.as_deref(), Some(expected.as_str()), "{root}");
    }
}

/// The documents of small manifests as items of one list.
fn list_of_all_cases() -> String {
    let mut list = "apiVersion: v1\nkind: List\nitems:\n".to_owned();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap()).collect();
    files.sort_by_key(std::fs::DirEntry::path);
    for file in files.iter().filter(|file| file.path().extension().is_some_and(|it| it == "yaml")) {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let documents = chunks(&text).into_iter();
        for document in documents.filter_map(|span| text.get(span.as_range())) {
            let document = document.trim_start_matches("---\n").trim_end();
            let item = format!("- {}\n", document.replace('\n', "\n  "));
            let whole = format!("{list}{item}");
            if parse(&whole, Span::new(0, whole.len())).is_ok() {
                list = whole;
            }
        }
    }
    list
}

#[test]
fn on_several_processors_the_same_is_found_as_on_one() {
    let small = list_of_all_cases();
    // Nobody looks at it, but from here on it pays to start threads.
    let filler = format!("- kind: X\n  fill: {}\n", "x".repeat(600_000));
    let large = format!("{small}{filler}");
    let knowledge = Knowledge::builtin().unwrap();
    let options = Options { auto: true, ..Options::new(Root::parse("/data/kubelet").unwrap()) };
    let [small, large] = [small, large]
        .map(|text| relocate(&[Source::new("list.yaml", text)], &options, &knowledge).unwrap());
    let found = (small.analysis.objects[0].len(), small.rewritten[0].edits.len());
    assert!(found.0 > 130 && found.1 > 300, "{found:?}");
    assert_eq!(small.analysis.sites, large.analysis.sites);
    assert_eq!(small.analysis.decisions, large.analysis.decisions);
    assert_eq!(small.analysis.findings, large.analysis.findings);
    assert_eq!(small.rewritten[0].edits, large.rewritten[0].edits);
    let names = |relocation: &Relocation| {
        let objects = relocation.analysis.objects[0].iter();
        objects.map(|object| object.name.to_string()).collect::<Vec<_>>()
    };
    let [few, many] = [names(&small), names(&large)];
    assert_eq!(few, many[..few.len()]);
}
