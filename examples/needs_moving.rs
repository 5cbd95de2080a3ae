//! Which manifests of a folder need moving for a kubelet's root, and whether they'd work as they
//! are:
//!
//! ```sh
//! cargo run --example needs_moving -- /data/kubelet deploy/
//! ```
//!
//! All files are looked at together, as a rewrite does it. Nothing is written. The exit code is 1
//! when a file needs moving, and 2 when one can't be read.

use csi_relocate::{Against, Fate, Options, Root, Severity, Source, check, rewrite};
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, folder] = arguments.as_slice() else {
        return failed("usage: needs_moving ROOT FOLDER");
    };
    match look(root, Path::new(folder), &mut io::stdout().lock()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::from(2)
}

/// Says of each manifest how many of its paths move, and what would break if they didn't; returns
/// how many manifests need moving.
pub(crate) fn look(
    root: &str,
    folder: &Path,
    out: &mut impl Write,
) -> Result<usize, Box<dyn Error>> {
    let root: Root = root.parse()?;
    let mut sources = Vec::new();
    for path in manifests(folder)? {
        sources.push(Source::from_bytes(&path.to_string_lossy(), fs::read(&path)?)?);
    }

    let sites = rewrite(&sources, &Options::new(root.clone()))?.sites();
    let checked = check(&sources, &Against::Root(root))?;

    let mut need_moving = 0;
    for (index, source) in sources.iter().enumerate() {
        let here = || sites.iter().filter(|site| site.at.source == index);
        let moving = here().filter(|site| matches!(site.fate, Fate::Moves(_))).count();
        if moving > 0 {
            need_moving += 1;
            writeln!(out, "{}: {moving} of {} paths move", source.name(), here().count())?;
        }
        let breaks = checked.findings.iter().filter(|finding| {
            let is_here = finding.at.first().is_some_and(|at| at.source == index);
            is_here && finding.severity == Severity::Error
        });
        for finding in breaks {
            writeln!(out, "  {finding}")?;
        }
    }
    writeln!(out, "{need_moving} of {} manifests need moving", sources.len())?;
    Ok(need_moving)
}

/// The YAML and JSON files of a folder and of those in it, in alphabetical order.
fn manifests(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if path.is_dir() {
            found.append(&mut manifests(&path)?);
        } else if matches!(ending, Some("yaml" | "yml" | "json")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
