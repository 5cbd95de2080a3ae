//! Files that are made from something else.

use csi_relocate::diff::unified;
use std::path::Path;

/// Holds a file of the repository against what it should be. With `UPDATE_DOCS` set it's
/// written first; `test` is the file of tests that does so.
#[track_caller]
pub(crate) fn is_fresh(name: &str, fresh: &str, test: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, fresh).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == fresh,
        "{name} is stale; write it again with\nUPDATE_DOCS=1 cargo test --test {test}\n{}",
        unified(name, "fresh", &written, fresh)
    );
}
