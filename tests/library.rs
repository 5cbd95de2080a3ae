//! The library as other programs see it: what it offers is listed, the page's rules about errors
//! hold, and the example does what it says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[allow(dead_code, reason = "its `main` is not for a test")]
#[path = "../examples/needs_moving.rs"]
mod needs_moving;

use common::{Folder, TO, testdata};
use csi_relocate::{
    Against, Error, Fate, Options, Relocatable, Root, Severity, Source, check, distribution_root,
    explain_symptom, find_driver, rewrite,
};
use quote::ToTokens as _;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use syn::{Attribute, Item, UseTree, Visibility};

/// All that the crate's page lists. What is added here is promised: see `src/lib.rs`.
const OFFERED: [&str; 26] = [
    "Accepted",
    "Against",
    "Check",
    "Driver",
    "Error",
    "Fate",
    "Finding",
    "Options",
    "Position",
    "Relocatable",
    "Rewrite",
    "Root",
    "RootError",
    "Rule",
    "Severity",
    "Site",
    "Source",
    "Symptom",
    "Unreadable",
    "WindowsRoot",
    "WindowsRootError",
    "check",
    "distribution_root",
    "explain_symptom",
    "find_driver",
    "rewrite",
];

/// The public items of a crate's root that the documentation shows.
fn offered(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in syn::parse_file(text).unwrap().items {
        let (visibility, attributes, own) = match &item {
            Item::Use(item) => {
                let mut own = Vec::new();
                used(&item.tree, &mut own);
                (&item.vis, &item.attrs, own)
            }
            Item::Mod(item) => (&item.vis, &item.attrs, vec![item.ident.to_string()]),
            other => panic!("neither a module nor a re-export: {}", other.to_token_stream()),
        };
        let is_public = matches!(visibility, Visibility::Public(_));
        if is_public && !attributes.iter().any(is_hidden) {
            names.extend(own);
        }
    }
    names
}

fn used(tree: &UseTree, names: &mut Vec<String>) {
    match tree {
        UseTree::Path(path) => used(&path.tree, names),
        UseTree::Name(name) => names.push(name.ident.to_string()),
        UseTree::Rename(rename) => names.push(rename.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|item| used(item, names)),
        other => panic!("it doesn't say what: {}", other.to_token_stream()),
    }
}

fn is_hidden(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "hidden")
}

#[test]
fn what_the_library_offers_is_listed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let listed = OFFERED.into_iter().map(str::to_owned).collect();
    assert_eq!(offered(&std::fs::read_to_string(file).unwrap()), listed);
    let more = "pub mod a; #[doc(hidden)] pub mod b; mod c; pub use d::{E, f::g as h}; use i::j;";
    assert_eq!(offered(more).into_iter().collect::<Vec<_>>(), ["E", "a", "h"]);
}

fn example() -> [Source; 1] {
    [Source::new("node.yaml", testdata("csi-example-node.yaml"))]
}

fn to() -> Options {
    Options::new(Root::parse(TO).unwrap())
}

#[test]
fn a_rewrite_says_what_the_program_says() {
    let sources = example();
    let rewritten = rewrite(&sources, &to()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_csi-relocate"))
        .args(["--kubelet-root", TO, "testdata/csi-example-node.yaml"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert_eq!(rewritten.text().as_bytes(), output.stdout);
    assert!(rewritten.is_changed() && rewritten.findings().is_empty());
    let sites = rewritten.sites();
    let moving = sites.iter().filter(|site| matches!(site.fate, Fate::Moves(_))).count();
    assert_eq!((moving, sites.len()), (5, 7));
    for site in &sites {
        let text = sources[0].text().get(site.at.bytes.clone()).unwrap();
        assert_eq!(text, site.path, "the bytes of a site are its path");
        assert_eq!(site.object.as_deref(), Some("DaemonSet csi-example-node"));
    }
    // A second one changes nothing.
    let again = [Source::new("node.yaml", rewritten.text())];
    let again = rewrite(&again, &to()).unwrap();
    assert!(!again.is_changed());
    assert!(again.sites().iter().all(|site| matches!(site.fate, Fate::There | Fate::Stays)));
}

#[test]
fn findings_come_most_harmful_first_and_with_their_objects() {
    let text = testdata("rules/propagation-missing.host-to-container.yaml")
        .replace(TO, "/var/lib/kubelet");
    let other = "kind: Thing\nmetadata: {name: x}\nspec: {dir: /var/lib/kubelet/unheard-of}\n";
    let sources = [Source::new("other.yaml", other), Source::new("node.yaml", text)];
    let rewritten = rewrite(&sources, &to()).unwrap();
    let findings = rewritten.findings();
    assert!(findings.len() > 1, "{findings:?}");
    assert!(findings.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)));
    let first = &findings[0];
    assert_eq!((first.rule.id(), first.severity), ("propagation-missing", Severity::Error));
    assert_eq!(first.at[0].source, 1);
    assert!(first.object.as_ref().unwrap().starts_with("DaemonSet "), "{first:?}");
    assert!(!first.help.is_empty() && first.to_string().contains("error[propagation-missing]: "));
}

#[test]
fn a_check_counts_objects_and_keeps_what_is_accepted_apart() {
    let root = Against::Root(Root::parse(TO).unwrap());
    let empty = check(&[Source::new("x", "")], &root).unwrap();
    assert_eq!((empty.objects, empty.worst()), (0, None));
    let text = "kind: DaemonSet\nmetadata: {name: x}\nspec:\n  template:\n    spec:\n      \
                containers: []\n      volumes:\n      - name: a\n        \
                # csi-relocate: ignore[mixed-roots] it reads both\n        \
                hostPath: {path: /var/lib/kubelet/pods}\n";
    let checked = check(&[Source::new("x", text)], &root).unwrap();
    assert_eq!((checked.findings.len(), checked.accepted.len()), (0, 1), "{checked:?}");
    assert_eq!(checked.accepted[0].reason, "it reads both");
    assert_eq!(checked.accepted[0].finding.object.as_deref(), Some("DaemonSet x"));
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let sources = [example()[0].clone(), Source::new("b.yaml", "dir: /var/lib/kubelet\n\tx: 1\n")];
    let error = rewrite(&sources, &to()).unwrap_err();
    let Error::Unreadable(problems) = &error else { panic!("{error:?}") };
    assert_eq!((problems[0].at.source, problems[0].name.as_str()), (1, "b.yaml"));
    assert!(error.to_string().starts_with("b.yaml:2:"), "{error}");
    let above = Options::new(Root::parse("/var/lib").unwrap());
    let error = rewrite(&example(), &above).unwrap_err();
    assert!(matches!(&error, Error::Roots(why) if why.contains("is an ancestor of")), "{error:?}");
    let utf16 = Source::from_bytes("x", vec![0xff, 0xfe, b'a', 0]).unwrap_err();
    assert!(utf16.to_string().contains("UTF-16"), "{utf16}");
}

#[test]
fn what_is_known_is_found_by_its_names() {
    let found = find_driver("rbd.csi.ceph.com").unwrap();
    assert_eq!(found[0].title, "Ceph CSI");
    assert_ne!(found[0].relocatable, Relocatable::Unknown);
    assert!(find_driver("no such driver").unwrap().is_empty());
    assert!(distribution_root("K0S").is_some());
    let line = "hostPath type check failed: /var/lib/kubelet/plugins_registry is not a directory";
    let found = explain_symptom(line).unwrap();
    assert_eq!(found[0].roots, [Root::parse("/var/lib/kubelet").unwrap()], "{found:?}");
    assert!(!found[0].fix.is_empty() && !found[0].is_guess);
}

#[test]
fn the_example_says_which_manifests_need_moving() {
    let folder = Folder::new();
    let manifest = testdata("csi-example-node.yaml");
    folder.write("a/node.yaml", &manifest);
    folder.write("done.yaml", rewrite(&[Source::new("x", manifest)], &to()).unwrap().text());
    folder.write("notes.txt", "/var/lib/kubelet");
    let look = |root: &str| {
        let mut out = Vec::new();
        let count = needs_moving::look(root, &folder.path(), &mut out)?;
        let here = folder.path().to_str().unwrap().to_owned() + "/";
        Ok::<_, Box<dyn std::error::Error>>((count, String::from_utf8(out)?.replace(&here, "")))
    };
    let (count, out) = look(TO).unwrap();
    assert_eq!(count, 1);
    assert!(out.starts_with("a/node.yaml: 5 of 7 paths move\n  "), "{out}");
    assert!(out.contains("error[registration-dir]: "), "{out}");
    assert!(out.ends_with("1 of 2 manifests need moving\n"), "{out}");
    assert!(look("data").unwrap_err().to_string().contains("relative"));
    folder.write("a/broken.yaml", "a: [");
    assert!(look(TO).unwrap_err().to_string().contains("broken.yaml:1:"));
}
