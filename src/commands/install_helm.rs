//! Putting this program into a folder that Helm 4 takes as a plugin.

use super::install::put;
use super::print_bytes;
use crate::invocation::quoted;
use anyhow::{Context as _, bail};
use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The plugin's name, which is what `--post-renderer` takes.
const NAME: &str = "csi-relocate";

/// What Helm reads of the plugin. Helm 4 doesn't load a plugin with any other key.
///
/// Source: helm/helm at v4.2.4, internal/plugin/metadata_v1.go, MetadataV1.
const METADATA: &str = concat!(
    "apiVersion: v1\n",
    "type: postrenderer/v1\n",
    "name: csi-relocate\n",
    "version: ",
    env!("CARGO_PKG_VERSION"),
    "\n",
    "runtime: subprocess\n",
    "runtimeConfig:\n",
    "  platformCommand:\n",
    "    - command: \"${HELM_PLUGIN_DIR}/csi-relocate\"\n",
);

/// Writes the folder of the plugin, and says what to type next.
pub(crate) fn install(to: Option<&Path>) -> anyhow::Result<()> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let folder = to.map(Path::to_owned).or_else(|| folder_of_user(&variable));
    let Some(folder) = folder else {
        bail!(
            "can't tell where to put the plugin: neither HOME nor XDG_DATA_HOME is set\n\n  \
             --to DIR names the folder"
        );
    };
    let program = std::env::current_exe().context("can't tell where the running program is")?;
    let is_new = write(&folder, &program)?;
    // Helm resolves a link to the folder from elsewhere.
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    Ok(print_bytes(told(&folder, is_new).as_bytes())?)
}

/// Where the plugin is kept when nobody says it. Helm only links to a folder, so that it has to
/// stay, and calls the link as the folder is called.
fn folder_of_user(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let data = variable("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
        if cfg!(windows) {
            return variable("LOCALAPPDATA").map(PathBuf::from);
        }
        Some(PathBuf::from(variable("HOME")?).join(".local").join("share"))
    });
    Some(data?.join(NAME).join("helm").join(NAME))
}

/// Writes the plugin; false when it was there already.
fn write(folder: &Path, program: &Path) -> anyhow::Result<bool> {
    let metadata = folder.join("plugin.yaml");
    let old = match fs::read_to_string(&metadata) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).context(format!("can't read {}", metadata.display())),
    };
    if old.as_ref().is_some_and(|old| !is_own(old)) {
        bail!(
            "{} belongs to another plugin\n\n  --to DIR names another folder",
            metadata.display()
        );
    }
    // Helm reads a folder only once there is a plugin.yaml; the program has to be there then.
    let is_new_program =
        put(program, &folder.join(NAME).with_extension(std::env::consts::EXE_EXTENSION))?;
    if old.as_deref() == Some(METADATA) {
        return Ok(is_new_program);
    }
    let cannot = || format!("can't write {}", metadata.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    file.write_all(METADATA.as_bytes()).with_context(cannot)?;
    let_read(file.as_file()).with_context(cannot)?;
    file.persist(&metadata).map_err(|error| error.error).with_context(cannot)?;
    Ok(true)
}

/// Whether a plugin.yaml is this plugin's, of whatever version.
fn is_own(metadata: &str) -> bool {
    metadata.lines().any(|line| line.strip_prefix("name:").map(str::trim) == Some(NAME))
}

/// Lets everybody read a file, as a temporary one doesn't.
#[cfg(unix)]
fn let_read(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

/// Lets everybody read a file: on other systems the folder says who may.
#[cfg(not(unix))]
fn let_read(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// What a person needs to know now.
fn told(folder: &Path, is_new: bool) -> String {
    let typed = quoted(&folder.display().to_string());
    let folder = folder.display();
    let done = if is_new { "installed" } else { "this program is there already:" };
    format!(
        "{done} {folder}\n\nHelm 4 links to this folder, once:\n\n  helm plugin install {typed}\n{USE}"
    )
}

const USE: &str = "
then:

  export CSI_RELOCATE_LOG=$PWD/csi-relocate.log
  helm upgrade --install NAME CHART --post-renderer csi-relocate \\
    --post-renderer-args=--kubelet-root=/data/kubelet

Helm 4 passes on nothing that a plugin says: the log has it. Helm 3 needs no plugin.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_called_as_the_plugin() {
        let home = |name: &str| (name == "HOME").then(|| "/me".into());
        let data = |name: &str| (name == "XDG_DATA_HOME").then(|| "/data".into());
        if cfg!(unix) {
            let expected = "/me/.local/share/csi-relocate/helm/csi-relocate";
            assert_eq!(folder_of_user(&home), Some(PathBuf::from(expected)));
        }
        let expected = "/data/csi-relocate/helm/csi-relocate";
        assert_eq!(folder_of_user(&data), Some(PathBuf::from(expected)));
        assert_eq!(folder_of_user(&|_| None), None);
    }

    #[test]
    fn it_is_written_once_and_never_over_another_plugin() {
        let folder = tempfile::tempdir().unwrap();
        let (program, plugin) = (folder.path().join("program"), folder.path().join("plugin"));
        fs::write(&program, "one").unwrap();
        assert!(write(&plugin, &program).unwrap());
        assert!(!write(&plugin, &program).unwrap());
        fs::write(&program, "two").unwrap();
        assert!(write(&plugin, &program).unwrap());
        let metadata = plugin.join("plugin.yaml");
        fs::write(&metadata, METADATA.replace("version: ", "version: 9")).unwrap();
        assert!(write(&plugin, &program).unwrap());
        assert_eq!(fs::read_to_string(&metadata).unwrap(), METADATA);
        assert_eq!(fs::read_dir(&plugin).unwrap().count(), 2);
        fs::write(&metadata, "name: csi-relocate-else\n").unwrap();
        let error = write(&plugin, &program).unwrap_err().to_string();
        assert!(error.contains("belongs to another plugin"), "{error}");
    }
}
