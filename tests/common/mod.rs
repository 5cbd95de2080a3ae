//! What the integration tests share: the material beside the repository, and runs of the program.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "test code"
)]

pub(crate) mod fresh;
pub(crate) mod markdown;
pub(crate) mod tools;

use csi_relocate::error::RelocateError;
use csi_relocate::finding::Finding;
use csi_relocate::knowledge::Knowledge;
use csi_relocate::kubepath::Root;
use csi_relocate::plan::Edit;
use csi_relocate::relocate::{Options, Relocation, relocate};
use csi_relocate::source::Source;
use csi_relocate::words::{Catalogue, Language, Message};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root that the tests move to.
pub(crate) const TO: &str = "/data/kubelet";

/// The folder of real manifests beside the repository.
///
/// Outside of CI a test that needs it skips with one line where it is missing; in CI it fails.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if path.join("corpus").is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{test}: ../shared is missing");
    skip(test, "../shared is not there");
    None
}

/// Whether the real manifests are there, without a word.
pub(crate) fn shared_is_there() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").is_dir()
}

/// Says that a test was skipped and why, past the test runner, which swallows what passes.
pub(crate) fn skip(test: &str, why: &str) {
    use std::io::Write as _;
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{test}: skipped, {why}");
}

/// Every manifest below a folder, sorted.
pub(crate) fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|known| ending == *known))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn options(to: &str) -> Options {
    Options {
        to: root(to),
        from: vec![root("/var/lib/kubelet")],
        auto: false,
        windows: None,
        strict: false,
    }
}

pub(crate) fn root(text: &str) -> Root {
    Root::parse(text).unwrap()
}

pub(crate) fn source(text: &str) -> Source {
    Source::new("test.yaml", text.to_owned())
}

thread_local! {
    static ENGLISH: Catalogue = Catalogue::of(Language::English);
}

/// A message in English.
pub(crate) fn english(message: &Message) -> String {
    ENGLISH.with(|words| words.say(message))
}

/// What a finding says in English, and its help.
pub(crate) fn said(finding: &Finding) -> (String, String) {
    ENGLISH.with(|words| (words.say(&finding.message), words.help(&finding.message)))
}

/// The plan for a single text, and what comes out of it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) edits: Vec<Edit>,
    pub(crate) output: String,
    relocation: Relocation,
}

impl std::ops::Deref for Plan {
    type Target = Relocation;

    fn deref(&self) -> &Relocation {
        &self.relocation
    }
}

/// The plan for a single source.
pub(crate) fn try_plan(source: &Source, options: &Options) -> Result<Plan, RelocateError> {
    let knowledge = Knowledge::builtin().unwrap();
    let relocation = relocate(std::slice::from_ref(source), options, &knowledge)?;
    let output = relocation.rewritten[0].text(source).to_owned();
    Ok(Plan { edits: relocation.rewritten[0].edits.clone(), output, relocation })
}

/// The plan for a text that must be readable.
pub(crate) fn plan(text: &str, options: &Options) -> Plan {
    try_plan(&source(text), options).unwrap_or_else(|error| panic!("{error}"))
}

/// The text relocated to [`TO`].
pub(crate) fn moved(text: &str) -> String {
    plan(text, &options(TO)).output
}

/// A file of `testdata`.
pub(crate) fn testdata(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The program in a clean environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csi-relocate"));
    for name in ["CSI_RELOCATE_KUBELET_ROOT", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "CI"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1");
    command
}

/// Runs the program with arguments and standard input, in a clean environment.
pub(crate) fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    run_in(Path::new("."), arguments, stdin)
}

fn run_in(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = program()
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().unwrap();
    let input = stdin.to_vec();
    // A run that refuses its arguments doesn't read its input; the pipe breaks then.
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut pipe, &input).ok());
    let output = child.wait_with_output().expect("the program ends");
    writer.join().unwrap();
    output
}

/// A folder of its own for a test, that is gone with it.
pub(crate) struct Folder {
    outer: tempfile::TempDir,
}

/// What a run in a folder came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) result: String,
    /// Standard error.
    pub(crate) talk: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let outer = tempfile::tempdir().unwrap();
        std::fs::create_dir(outer.path().join("tree")).unwrap();
        Self { outer }
    }

    /// A folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.outer.path().join("tree")
    }

    pub(crate) fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: &str) {
        let path = self.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> String {
        let path = self.join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Every file below the folder, with its text.
    pub(crate) fn contents(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.path()).unwrap().display().to_string();
                    found.insert(name, std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        found
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs the program here, with standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        let output = run_in(&self.path(), arguments, stdin.as_bytes());
        Ran {
            code: output.status.code(),
            result: String::from_utf8(output.stdout).unwrap(),
            talk: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Settings for snapshots: all of them stand in `snapshots/`, named by the test alone.
pub(crate) fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}
