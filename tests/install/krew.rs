//! The manifest for krew: what krew 0.4 asks of one, and an installation as krew does it.

use super::{VERSION, dist, own, path_with, stem, succeed, unpacked};
use crate::common::Folder;
use crate::common::tools::{has_tool, program_at};
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn manifest(dist: &Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(dist.join("csi-relocate.yaml")).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is missing"))
}

/// Source: kubernetes-sigs/krew, internal/index/validation/validate.go.
#[test]
fn krew_would_take_the_manifest() {
    let Some(dist) = dist("krew_would_take_the_manifest") else { return };
    let manifest = manifest(&dist);
    assert_eq!(text(&manifest, "apiVersion"), "krew.googlecontainertools.github.com/v1alpha2");
    assert_eq!(text(&manifest, "kind"), "Plugin");
    // It has to be the file's name.
    assert_eq!(text(&manifest["metadata"], "name"), "csi-relocate");
    let spec = &manifest["spec"];
    assert_eq!(text(spec, "version"), format!("v{VERSION}"));
    let short = text(spec, "shortDescription");
    // krew's guide to names and descriptions asks for 50 characters at most.
    assert!(!short.is_empty() && !short.contains('\n') && short.len() <= 50, "{short}");
    let mut platforms = BTreeSet::new();
    for platform in spec["platforms"].as_sequence().unwrap() {
        let labels = &platform["selector"]["matchLabels"];
        let (system, processor) = (text(labels, "os"), text(labels, "arch"));
        let uri = text(platform, "uri");
        assert!(uri.starts_with("https://"), "{uri}");
        let file = dist.join(uri.rsplit('/').next().unwrap());
        let sum = succeed(Command::new("sha256sum").arg(&file));
        assert_eq!(text(platform, "sha256"), &sum[..64]);
        assert!(uri.contains(&format!("-{system}-{processor}.")), "{uri}");
        platforms.insert(format!("{system}/{processor}"));
    }
    for platform in ["linux/amd64", "linux/arm64"] {
        assert!(platforms.contains(platform), "{platforms:?}");
    }
}

/// Source: kubernetes-sigs/krew, internal/installation/install.go and move.go.
#[test]
fn what_the_manifest_installs_is_the_plugin() {
    const TEST: &str = "what_the_manifest_installs_is_the_plugin";
    let Some(dist) = dist(TEST) else { return };
    if !has_tool(TEST, "kubectl") {
        return;
    }
    let manifest = manifest(&dist);
    let platforms = manifest["spec"]["platforms"].as_sequence().unwrap();
    let is_own = |platform: &&Value| text(platform, "uri").contains(&stem(own()));
    let platform = platforms.iter().find(is_own).unwrap();
    let (folder, _inside) = unpacked(&dist, own());
    let store = Folder::new();
    for moved in platform["files"].as_sequence().unwrap() {
        assert_eq!(text(moved, "to"), ".", "into the folder, by its own name");
        let from = folder.join(text(moved, "from"));
        std::fs::copy(&from, store.join(from.file_name().unwrap())).unwrap();
    }
    // Dashes of the name are underscores in the link's.
    let bin = Folder::new();
    let link =
        bin.join(format!("kubectl-{}", text(&manifest["metadata"], "name").replace('-', "_")));
    std::os::unix::fs::symlink(store.join(text(platform, "bin")), link).unwrap();
    let mut command = Command::new(program_at("kubectl").unwrap());
    command.args(["csi-relocate", "--version"]).env("PATH", path_with(&[&bin.path()]));
    let said = succeed(&mut command);
    assert!(said.starts_with(&format!("csi-relocate {VERSION}")), "{said}");
    assert!(store.join("LICENSE").is_file() && store.join("LIBRARIES.txt").is_file());
}
