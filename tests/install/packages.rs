//! Archives and Debian packages.

use super::{PROCESSORS, VERSION, archive, dist, own, stem, succeed};
use crate::common::Folder;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The manual pages in `docs/man`.
fn pages() -> Vec<String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man");
    let names = std::fs::read_dir(docs).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[test]
fn an_archive_holds_what_it_should() {
    let Some(dist) = dist("an_archive_holds_what_it_should") else { return };
    for processor in PROCESSORS {
        let mut command = Command::new("tar");
        command
            .args(["--numeric-owner", "--full-time", "--utc", "-tvzf"])
            .arg(archive(&dist, processor));
        let listed = succeed(&mut command);
        let mut names = BTreeSet::new();
        let mut ages = BTreeSet::new();
        for line in listed.lines() {
            let [mode, owner, _, day, time, name] = line.split_whitespace().collect::<Vec<_>>()[..]
            else {
                panic!("{line}")
            };
            assert_eq!(owner, "0/0", "{line}");
            let is_run = ["csi-relocate", "kubectl-csi_relocate", "kubectl_complete-csi_relocate"]
                .iter()
                .any(|run| name == format!("{}/{run}", stem(processor)));
            // Neither links, which krew refuses, nor anything that others may write.
            let wanted = match name.ends_with('/') {
                true => "drwxr-xr-x",
                false if is_run => "-rwxr-xr-x",
                false => "-rw-r--r--",
            };
            assert_eq!(mode, wanted, "{line}");
            names.insert(name.strip_prefix(&stem(processor)).unwrap().trim_matches('/').to_owned());
            ages.insert(format!("{day} {time}"));
        }
        assert_eq!(ages.len(), 1, "{ages:?}");
        let others = "csi-relocate kubectl-csi_relocate kubectl_complete-csi_relocate LICENSE README.md LIBRARIES.txt \
                      man completions completions/csi-relocate.bash completions/_csi-relocate \
                      completions/csi-relocate.fish completions/csi-relocate.ps1";
        let mut wanted: BTreeSet<String> = others.split_whitespace().map(str::to_owned).collect();
        wanted.insert(String::new());
        wanted.extend(pages().iter().map(|page| format!("man/{page}")));
        assert_eq!(names, wanted);
    }
}

/// A package of this processor, unpacked.
pub(super) fn installed(dist: &Path) -> Folder {
    let folder = Folder::new();
    succeed(Command::new("dpkg-deb").arg("-x").arg(package(dist, own())).arg(folder.path()));
    folder
}

/// A version as Debian writes it, which sorts 1.0.0~rc.1 before 1.0.0.
fn debian(version: &str) -> String {
    version.replacen('-', "~", 1)
}

fn package(dist: &Path, processor: &str) -> std::path::PathBuf {
    dist.join(format!("csi-relocate_{}_{processor}.deb", debian(VERSION)))
}

#[test]
fn a_version_before_a_release_is_written_as_debian_does() {
    assert_eq!(debian("1.0.0"), "1.0.0");
    assert_eq!(debian("1.0.0-rc.1-x"), "1.0.0~rc.1-x");
}

#[test]
fn a_package_says_what_it_is() {
    let Some(dist) = dist("a_package_says_what_it_is") else { return };
    for processor in PROCESSORS {
        let field = |name: &str| {
            let mut command = Command::new("dpkg-deb");
            succeed(command.arg("-f").arg(package(&dist, processor)).arg(name)).trim().to_owned()
        };
        assert_eq!(field("Package"), "csi-relocate");
        assert_eq!(field("Version"), debian(VERSION));
        assert_eq!(field("Architecture"), processor);
        // A static program needs nothing.
        assert_eq!(field("Depends"), "");
        assert!(field("Installed-Size").parse::<u32>().unwrap() > 1000);
        let listed = succeed(Command::new("dpkg-deb").arg("-c").arg(package(&dist, processor)));
        assert!(listed.lines().all(|line| line.contains(" root/root ")), "{listed}");
    }
}

#[test]
fn a_package_puts_everything_in_its_place() {
    let Some(dist) = dist("a_package_puts_everything_in_its_place") else { return };
    let folder = installed(&dist);
    let program = folder.join("usr/bin/csi-relocate");
    let said = succeed(Command::new(&program).arg("--version"));
    assert!(said.starts_with(&format!("csi-relocate {VERSION}")), "{said}");
    let link = std::fs::read_link(folder.join("usr/bin/kubectl-csi_relocate")).unwrap();
    assert_eq!(link, Path::new("csi-relocate"));
    for name in pages() {
        let kept = folder.join(format!("usr/share/man/man1/{name}.gz"));
        let page = succeed(Command::new("gzip").arg("-dc").arg(kept));
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/man").join(&name);
        assert_eq!(page, std::fs::read_to_string(docs).unwrap(), "{name}");
    }
    let link = folder.join("usr/share/man/man1/kubectl-csi_relocate.1.gz");
    assert_eq!(std::fs::read_link(link).unwrap(), Path::new("csi-relocate.1.gz"));
    let share = "usr/share";
    for (shell, place) in [
        ("bash", "bash-completion/completions/csi-relocate"),
        ("zsh", "zsh/vendor-completions/_csi-relocate"),
        ("fish", "fish/vendor_completions.d/csi-relocate.fish"),
    ] {
        let printed = succeed(Command::new(&program).args(["completions", shell]));
        assert_eq!(folder.read(format!("{share}/{place}")), printed, "{shell}");
    }
    for name in ["copyright", "changelog.gz", "LIBRARIES.txt"] {
        assert!(folder.join(format!("{share}/doc/csi-relocate/{name}")).is_file(), "{name}");
    }
}
