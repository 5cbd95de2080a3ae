//! How the program is linked for Linux with glibc, so that it starts quickly: of the time that one
//! manifest takes, most goes by before the first line of this program. docs/performance.md has the
//! figures. `dist/build` does the same for the static programs.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries for which the standard library asks, each with the archives that it's made of. What
/// unwinds after a panic is called `gcc_s`.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("c", &["c"]),
    ("dl", &["dl"]),
    ("gcc_s", &["gcc_eh", "gcc", "c"]),
    ("m", &["m"]),
    ("pthread", &["pthread"]),
    ("rt", &["rt"]),
    ("util", &["util"]),
];

/// With this variable set, the program uses the system's libraries.
const DYNAMIC: &str = "CSI_RELOCATE_DYNAMIC";

/// Tells Cargo how to link; other platforms link as they always do.
pub(crate) fn link(out: &Path) -> io::Result<()> {
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return Ok(());
    }
    // Addresses in tables are written by the linker then, and not at each start. Stack and heap still
    // come to lie anywhere.
    println!("cargo:rustc-link-arg-bins=-no-pie");
    // Who asks for a static program gets it from the compiler, sanitizers can't be in one, and
    // distributions want theirs to use the system's libraries.
    println!("cargo:rerun-if-env-changed={DYNAMIC}");
    let has = |name: &str, word: &str| env::var(name).is_ok_and(|value| value.contains(word));
    if env::var_os(DYNAMIC).is_some()
        || has("CARGO_CFG_TARGET_FEATURE", "crt-static")
        || has("CARGO_ENCODED_RUSTFLAGS", "sanitizer")
    {
        return Ok(());
    }
    // Libraries become a part of the program. As files they have to be found, loaded and put together
    // at each start, and then ask the processor about itself, which virtual machines answer slowly.
    // Cargo can't be told so for a program alone; but what the linker takes for a library may be a
    // text that names archives.
    if let Some(texts) = texts_for_libraries() {
        let folder = out.join("archives");
        fs::create_dir_all(&folder)?;
        for (name, text) in texts {
            fs::write(folder.join(format!("lib{name}.so")), text)?;
        }
        println!("cargo:rustc-link-arg-bins=-static");
        println!("cargo:rustc-link-arg-bins=-L{}", folder.display());
    }
    Ok(())
}

/// For each library a text that names its archives, where the linker is a compiler that has them all.
fn texts_for_libraries() -> Option<Vec<(&'static str, String)>> {
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    let is_cross = env::var_os("HOST") != env::var_os("TARGET");
    let linker = env::var_os("RUSTC_LINKER").or_else(|| (!is_cross).then(|| "cc".into()))?;
    let text = |archives: &[&str]| {
        let paths: Option<Vec<String>> =
            archives.iter().map(|name| archive(&linker, name)).collect();
        Some(format!("GROUP({})\n", paths?.join(" ")))
    };
    LIBRARIES.iter().map(|&(name, archives)| Some((name, text(archives)?))).collect()
}

/// Where an archive lies, in quotes.
fn archive(linker: &OsStr, name: &str) -> Option<String> {
    let output = Command::new(linker).arg(format!("-print-file-name=lib{name}.a")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    // Of what it doesn't have, it prints the name alone.
    if !output.status.success() || !path.is_absolute() || !path.is_file() {
        return None;
    }
    println!("cargo:rerun-if-changed={}", path.display());
    Some(format!("\"{}\"", path.display()))
}

fn is(key: &str, value: &str) -> bool {
    env::var(key).is_ok_and(|found| found == value)
}
