//! What stands beside a CSI driver in a cluster: applications, provisioners that are no drivers,
//! operators, monitoring. It comes out byte for byte as it went in, and nothing is said about it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "test code"
)]

mod common;

use common::{TO, manifests, options, plan, run};
use csi_relocate::Options;
use std::path::{Path, PathBuf};

fn neighbours() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/neighbours");
    let files = manifests(&folder);
    assert!(files.len() >= 20, "only {} neighbours", files.len());
    files
}

#[test]
fn no_sites_and_no_findings() {
    for path in neighbours() {
        let name = path.file_name().unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        for strict in [false, true] {
            for auto in [false, true] {
                let relocation = plan(&text, &Options { strict, auto, ..options(TO) });
                let place = format!("{name}, strict {strict}, auto {auto}");
                assert_eq!(relocation.output, text, "{place}");
                assert_eq!(relocation.analysis.sites, [], "{place}");
                assert_eq!(relocation.analysis.findings, [], "{place}");
                assert_eq!(relocation.analysis.insertions, [], "{place}");
                // The root asked for and the usual one: no other was taken for one.
                assert_eq!(relocation.roots.all().len(), 2, "{place}");
            }
        }
    }
}

#[test]
fn the_program_passes_them_on() {
    for path in neighbours() {
        let bytes = std::fs::read(&path).unwrap();
        for more in [&[][..], &["--strict"], &["--from", "auto"], &["--strict", "--from", "auto"]] {
            let output = run(&[&["--kubelet-root", TO], more].concat(), &bytes);
            let talk = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{}: {talk}", path.display());
            assert_eq!(output.stdout, bytes, "{} {more:?}", path.display());
        }
    }
}

#[test]
fn all_of_them_in_one_stream() {
    let text = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    let yaml = neighbours().into_iter().filter(|path| path.extension().unwrap() == "yaml");
    // A byte order mark belongs to the start of a stream alone.
    let texts: Vec<String> =
        yaml.map(|path| text(path).trim_start_matches('\u{feff}').to_owned()).collect();
    let stream = texts.join("\n---\n");
    let relocation = plan(&stream, &Options { strict: true, ..options(TO) });
    assert_eq!(relocation.output, stream);
    assert_eq!(relocation.analysis.sites, []);
    assert_eq!(relocation.analysis.findings, []);
    assert!(relocation.documents().len() > texts.len());
}
