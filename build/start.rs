//! How the program is linked for Linux with glibc, so that it starts quickly: of the time that one
//! manifest takes, most goes by before the first line of this program. docs/performance.md has the
//! figures. `dist/build` does the same for the static programs.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Tells Cargo how to link; other platforms link as they always do.
pub(crate) fn link(out: &Path) -> io::Result<()> {
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return Ok(());
    }
    // Addresses in tables are written by the linker then, and not at each start. Libraries, stack
    // and heap still come to lie anywhere.
    println!("cargo:rustc-link-arg-bins=-no-pie");
    if let Some(unwinder) = unwinder() {
        // What unwinds after a panic becomes a part of the program. As a library it has to be found
        // and loaded, and then asks the processor about itself, which virtual machines answer slowly.
        // `libgcc_s` is the name by which the standard library asks for it.
        let folder = out.join("unwinder");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("libgcc_s.so"), format!("INPUT(\"{}\")\n", unwinder.display()))?;
        println!("cargo:rustc-link-arg-bins=-L{}", folder.display());
    }
    Ok(())
}

/// The unwinder as an archive, where the linker is a compiler that has one.
fn unwinder() -> Option<PathBuf> {
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    let is_cross = env::var_os("HOST") != env::var_os("TARGET");
    let linker = env::var_os("RUSTC_LINKER").or_else(|| (!is_cross).then(|| "cc".into()))?;
    let output = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    // Of what it doesn't have, it prints the name alone.
    (output.status.success() && path.is_absolute() && path.is_file()).then_some(path)
}

fn is(key: &str, value: &str) -> bool {
    env::var(key).is_ok_and(|found| found == value)
}
