//! Putting this program where kustomize looks for its plugins.

use super::print_bytes;
use crate::invocation::quoted;
use crate::model::ObjectRef;
use anyhow::{Context as _, bail};
use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Copies the running program to the place of a plugin, and says how it is used there.
pub(crate) fn install(to: Option<&Path>) -> anyhow::Result<()> {
    let homes = homes(&|name| std::env::var_os(name).filter(|value| !value.is_empty()));
    let home = match to {
        Some(folder) => folder.to_owned(),
        None => match chosen(&homes) {
            Some(home) => home.to_owned(),
            None => bail!(
                "can't tell where kustomize keeps its plugins: neither HOME nor XDG_CONFIG_HOME nor \
                 KUSTOMIZE_PLUGIN_HOME is set\n\n  --to DIR names the folder"
            ),
        },
    };
    let place = place_below(&home);
    let program = std::env::current_exe().context("can't tell where the running program is")?;
    let is_new = put(&program, &place)?;
    let found = homes.iter().find(|home| home.exists());
    let is_found = found.is_some_and(|found| is_same(found, &home));
    Ok(print_bytes(told(&home, &place, is_new, is_found).as_bytes())?)
}

/// Where kustomize looks for the home of its plugins, in its order; the first that exists is it.
///
/// Source: kubernetes-sigs/kustomize at v5.7.1, api/konfig/plugins.go, DefaultAbsPluginHome.
fn homes(variable: &dyn Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
    let user = variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    let below = |folder: PathBuf| folder.join("kustomize").join("plugin");
    let homes = [
        variable("KUSTOMIZE_PLUGIN_HOME").map(PathBuf::from),
        variable("XDG_CONFIG_HOME").map(|folder| below(folder.into())),
        user.as_ref().map(|home| below(home.join(".config"))),
        user.map(below),
    ];
    homes.into_iter().flatten().collect()
}

/// The home that kustomize would take, or, where there is none yet, the first that it looks for.
fn chosen(homes: &[PathBuf]) -> Option<&Path> {
    let existing = homes.iter().find(|home| home.exists());
    existing.or_else(|| homes.first()).map(PathBuf::as_path)
}

/// `<home>/<group>/<version>/<kind in small letters>/<kind>`.
fn place_below(home: &Path) -> PathBuf {
    let kind = ObjectRef::OWN_KIND;
    home.join(ObjectRef::OWN_GROUP).join("v1").join(kind.to_ascii_lowercase()).join(kind)
}

/// Copies a program, whole or not at all; false when the same one is there already.
pub(super) fn put(program: &Path, place: &Path) -> anyhow::Result<bool> {
    if is_installed(program, place).unwrap_or(false) {
        return Ok(false);
    }
    let cannot = || format!("can't write {}", place.display());
    let folder = place.parent().context("the plugin has no folder")?;
    fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
    if place.is_dir() {
        bail!("{} is a folder, and the plugin has to be there", place.display());
    }
    let bytes = fs::read(program).with_context(|| format!("can't read {}", program.display()))?;
    let mut copy = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    copy.write_all(&bytes).with_context(cannot)?;
    let_run(copy.as_file()).with_context(cannot)?;
    copy.as_file().sync_all().with_context(cannot)?;
    copy.persist(place).map_err(|error| error.error).with_context(cannot)?;
    Ok(true)
}

/// Lets everybody run a file.
#[cfg(unix)]
fn let_run(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

/// Lets everybody run a file: on other systems its name says it.
#[cfg(not(unix))]
fn let_run(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Whether a program is at a place, and may be run there.
fn is_installed(program: &Path, place: &Path) -> std::io::Result<bool> {
    let mut old = fs::File::open(place)?;
    let metadata = old.metadata()?;
    if !may_run(&metadata) || metadata.len() != fs::metadata(program)?.len() {
        return Ok(false);
    }
    let mut there = Vec::new();
    old.read_to_end(&mut there)?;
    Ok(there == fs::read(program)?)
}

#[cfg(unix)]
fn may_run(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.is_file() && metadata.permissions().mode() & 0o777 == 0o755
}

#[cfg(not(unix))]
fn may_run(metadata: &fs::Metadata) -> bool {
    metadata.is_file()
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// What a person needs to know now.
fn told(home: &Path, place: &Path, is_new: bool, is_found: bool) -> String {
    // kustomize takes no relative folder.
    let absolute = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
    let place = place.display();
    let done = if is_new {
        format!("installed {place}\n")
    } else {
        format!("{place} is this program already\n")
    };
    let home = if is_found {
        String::new()
    } else {
        format!(
            "\nkustomize looks elsewhere; tell it:\n\n  export KUSTOMIZE_PLUGIN_HOME={}\n",
            quoted(&absolute.display().to_string())
        )
    };
    format!("{done}{home}{USE}")
}

const USE: &str = "
a file relocate.yaml beside kustomization.yaml, which names it under transformers:

  apiVersion: csi-relocate/v1
  kind: CsiRelocate
  metadata:
    name: relocate
  spec:
    kubeletRoot: /data/kubelet

then:

  kubectl kustomize --enable-alpha-plugins . | kubectl apply -f -
  kustomize build --enable-alpha-plugins . | kubectl apply -f -
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_are_looked_for_in_the_order_of_kustomize() {
        let all = |name: &str| match name {
            "KUSTOMIZE_PLUGIN_HOME" => Some("/plugins".into()),
            "XDG_CONFIG_HOME" => Some("/xdg".into()),
            "HOME" | "USERPROFILE" => Some("/me".into()),
            _ => None,
        };
        let expected = [
            "/plugins",
            "/xdg/kustomize/plugin",
            "/me/.config/kustomize/plugin",
            "/me/kustomize/plugin",
        ];
        assert_eq!(homes(&all), expected.map(PathBuf::from));
        assert!(homes(&|_| None).is_empty());
    }

    #[test]
    fn the_home_that_exists_is_taken_before_one_that_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        let both = [missing.clone(), folder.path().to_owned()];
        assert_eq!(chosen(&both), Some(folder.path()));
        assert_eq!(chosen(std::slice::from_ref(&missing)), Some(missing.as_path()));
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn a_program_is_put_in_place_once() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        let place = place_below(folder.path());
        assert!(place.ends_with("csi-relocate/v1/csirelocate/CsiRelocate"));
        fs::write(&program, "one").unwrap();
        assert!(put(&program, &place).unwrap());
        assert!(!put(&program, &place).unwrap());
        fs::write(&program, "two").unwrap();
        assert!(put(&program, &place).unwrap());
        assert_eq!(fs::read_to_string(&place).unwrap(), "two");
        assert!(may_run(&fs::metadata(&place).unwrap()));
        // Nothing else is left behind.
        assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 1);
    }
}
