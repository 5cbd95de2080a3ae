//! Tells the program which commit it is built from, where that can be known.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The log of HEAD grows with every commit, checkout and reset.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    // A crate that is built inside of somebody else's repository isn't of that commit.
    let prefix = git(&["rev-parse", "--show-prefix"]);
    if prefix.as_deref() == Some("")
        && let Some(commit) = git(&["log", "-1", "--format=%h %cs", "--abbrev=9"])
    {
        let version = env!("CARGO_PKG_VERSION");
        println!("cargo:rustc-env=CSI_RELOCATE_VERSION={version} ({commit})");
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
