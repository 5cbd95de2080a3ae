//! Programs that tests drive besides the one that is tested.

use super::skip;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Folders in which programs are looked for: the tested program's own, what CI installs, and the
/// system's.
fn folders() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_BIN_EXE_csi-relocate")).parent().unwrap().to_owned();
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    let system = std::env::var_os("PATH").unwrap_or_default();
    let installed = [own, target.join("tools"), target.join("apiserver")];
    let [own, tools, apiserver] = installed;
    let system = std::env::split_paths(&system);
    // A kubectl that is there already goes before the one built with the API server.
    [own, tools].into_iter().chain(system).chain([apiserver]).collect()
}

/// The same, as programs take it.
pub(crate) fn path() -> OsString {
    std::env::join_paths(folders()).unwrap()
}

/// Where a program is: a command is looked for in the `PATH` of the test, not in its own.
pub(crate) fn program_at(name: &str) -> Option<PathBuf> {
    folders().into_iter().map(|folder| folder.join(name)).find(|place| place.is_file())
}

/// Whether a program is there. Outside of CI a test skips without it; in CI it fails.
pub(crate) fn has_tool(test: &str, name: &str) -> bool {
    if program_at(name).is_some() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: {name} isn't installed");
    skip(test, &format!("{name} isn't installed"));
    false
}
