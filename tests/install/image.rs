//! The container image's files, laid out as the recipe says and run as an engine would: as a user
//! with no rights, in a root with nothing else in it that can't be written, without a network.

use super::{TO, dist, feed, own, run, skip, succeed};
use crate::common::{Folder, testdata};
use std::path::Path;
use std::process::{Command, Output};

/// What the recipe says.
struct Recipe {
    /// What is copied from where.
    copied: Vec<(String, String)>,
    user: String,
    entrypoint: String,
}

fn recipe(text: &str, processor: &str) -> Recipe {
    let mut recipe = Recipe { copied: Vec::new(), user: String::new(), entrypoint: String::new() };
    let mut from = Vec::new();
    for line in text.lines() {
        let Some((instruction, rest)) = line.split_once(' ') else { continue };
        match instruction {
            "FROM" => from.push(rest),
            "COPY" => {
                let (source, place) = rest.split_once(' ').unwrap();
                recipe.copied.push((source.replace("${TARGETARCH}", processor), place.to_owned()));
            }
            "USER" => rest.clone_into(&mut recipe.user),
            "ENTRYPOINT" => {
                let words: Vec<String> = serde_yaml::from_str(rest).unwrap();
                recipe.entrypoint.clone_from(&words[0]);
            }
            "RUN" | "ADD" => panic!("{line}: nothing is run, nothing is fetched"),
            _ => {}
        }
    }
    assert_eq!(from, ["scratch"]);
    recipe
}

/// An empty root with what the recipe copies.
struct Image {
    root: Folder,
    user: String,
    entrypoint: String,
}

impl Image {
    fn of(dist: &Path) -> Self {
        let folder = dist.join("image");
        let text = std::fs::read_to_string(folder.join("Containerfile")).unwrap();
        let recipe = recipe(&text, own());
        let root = Folder::new();
        for (source, place) in recipe.copied {
            let place = root.join(place.trim_start_matches('/'));
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::copy(folder.join(source), place).unwrap();
        }
        Self { root, user: recipe.user, entrypoint: recipe.entrypoint }
    }

    /// Runs what it starts: nothing can be written, nothing else is there, nobody can be reached.
    fn run(&self, arguments: &[&str], stdin: &[u8]) -> Output {
        const SCRIPT: &str = "
            mount --bind \"$1\" \"$1\"
            mount -o remount,bind,ro \"$1\"
            root=$1 user=${2%:*} group=${2#*:} program=$3
            shift 3
            exec unshare --user --map-user=\"$user\" --map-group=\"$group\" --root=\"$root\" --wd=/ \\
                \"$program\" \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "--net", "sh", "-euc", SCRIPT, "sh"]);
        command.arg(self.root.path()).arg(&self.user).arg(&self.entrypoint).args(arguments);
        feed(command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), stdin)
    }
}

/// The image, where namespaces are allowed.
fn image(test: &str) -> Option<Image> {
    let dist = dist(test)?;
    let may =
        Command::new("unshare").args(["--map-root-user", "--mount", "--net", "true"]).output();
    if may.is_ok_and(|output| output.status.success()) {
        return Some(Image::of(&dist));
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: unshare isn't allowed here");
    skip(test, "unshare isn't allowed here");
    None
}

#[test]
fn in_an_empty_root_the_program_does_the_same() {
    let Some(image) = image("in_an_empty_root_the_program_does_the_same") else { return };
    let manifest = testdata("csi-example-node.yaml");
    let list = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {}functionConfig:\n  \
         apiVersion: csi-relocate/v1\n  kind: CsiRelocate\n  metadata: {{name: relocate}}\n  \
         spec: {{kubeletRoot: {TO}}}\n",
        manifest.trim_start_matches("---\n").trim_end().replace('\n', "\n  ") + "\n"
    );
    let root = ["--kubelet-root", TO];
    let runs: [(&[&str], &str, i32); 7] = [
        (&root, &manifest, 0),
        (&["--kubelet-root", TO, "--diff"], &manifest, 1),
        (&["check", "--kubelet-root", TO, "--format", "json"], &manifest, 1),
        (&["explain", "--kubelet-root", TO, "--lang", "zh"], &manifest, 0),
        (&["knowledge", "longhorn"], "", 0),
        (&["--kubelet-root", TO, "--emit", "kustomize-patches"], &manifest, 0),
        (&[], &list, 0),
    ];
    for (arguments, stdin, code) in runs {
        let output = image.run(arguments, stdin.as_bytes());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{said}");
        let wanted = run(arguments, stdin.as_bytes());
        assert_eq!(output.stdout, wanted.stdout, "{arguments:?}\n{said}");
        assert_eq!(output.stderr, wanted.stderr, "{arguments:?}");
    }
}

#[test]
fn the_root_really_is_empty_and_nothing_can_be_written() {
    let Some(image) = image("the_root_really_is_empty_and_nothing_can_be_written") else { return };
    let mut command = Command::new("find");
    let found = succeed(command.args([".", "-type", "f"]).current_dir(image.root.path()));
    let mut found: Vec<&str> = found.lines().collect();
    found.sort_unstable();
    assert_eq!(found, ["./LIBRARIES.txt", "./LICENSE", "./etc/passwd", "./usr/bin/csi-relocate"]);
    image.root.write("driver.yaml", &testdata("csi-example-node.yaml"));
    let output = image.run(&["--in-place", "--kubelet-root", TO, "/driver.yaml"], b"");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("Read-only file system"), "{said}");
}

/// kustomize and kpt say `--user nobody`, and an engine looks that up in the image.
/// Source: kubernetes-sigs/kustomize at kyaml/v0.20.1, runfn/runfn.go, getUIDGID.
#[test]
fn the_image_knows_the_user_that_functions_run_as() {
    let Some(dist) = dist("the_image_knows_the_user_that_functions_run_as") else { return };
    let image = Image::of(&dist);
    let users = image.root.read("etc/passwd");
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name)).unwrap();
        let fields: Vec<&str> = line.split(':').collect();
        assert_eq!(fields.len(), 7, "{line}");
        format!("{}:{}", fields[2], fields[3])
    };
    assert_eq!(find("nobody"), "65534:65534");
    assert_eq!(find("nonroot"), image.user);
    // A number, so that `runAsNonRoot` can be answered without looking into the image.
    assert!(
        image.user.split(':').all(|number| number.parse::<u32>().is_ok_and(|number| number > 0))
    );
}
