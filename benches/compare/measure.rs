//! Running programs and timing them.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A program with its arguments.
pub(crate) struct Subject {
    /// How the tables call it.
    pub(crate) name: String,
    program: OsString,
    arguments: Vec<OsString>,
    cores: Option<usize>,
}

impl Subject {
    pub(crate) fn new(name: &str, program: &str) -> Self {
        let (name, program) = (name.to_owned(), program.into());
        Self { name, program, arguments: Vec::new(), cores: None }
    }

    pub(crate) fn arguments<'a>(mut self, typed: impl IntoIterator<Item = &'a str>) -> Self {
        self.arguments.extend(typed.into_iter().map(OsString::from));
        self
    }

    pub(crate) fn argument(mut self, typed: &Path) -> Self {
        self.arguments.push(typed.into());
        self
    }

    /// Bound to the first processors.
    pub(crate) fn on(mut self, cores: usize) -> Self {
        self.cores = Some(cores);
        self
    }

    fn command(&self) -> Command {
        let mut words = vec![self.program.clone()];
        words.extend(self.arguments.iter().cloned());
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        if let Some(cores) = self.cores.filter(|cores| *cores < all) {
            let range = format!("0-{}", cores - 1);
            words.splice(0..0, ["taskset".into(), "-c".into(), OsString::from(range)]);
        }
        let mut command = Command::new(words.remove(0));
        command.args(words).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        command
    }

    /// Seconds from start to end.
    pub(crate) fn time(&self) -> f64 {
        let begun = Instant::now();
        let status = self.command().status().expect("the program runs");
        let seconds = begun.elapsed().as_secs_f64();
        assert!(status.success(), "{} failed", self.name);
        seconds
    }
}

/// Seconds of two programs, run in turn; one run of each before doesn't count.
pub(crate) fn wall(ours: &Subject, theirs: &Subject, runs: usize) -> (Vec<f64>, Vec<f64>) {
    ours.time();
    theirs.time();
    (0..runs).map(|_| (ours.time(), theirs.time())).unzip()
}

/// Pair by pair.
pub(crate) fn ratios(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect()
}

/// The middle one.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The most memory that a program has at once, in bytes; `None` without GNU time.
pub(crate) fn peak(subject: &Subject) -> Option<f64> {
    let command = subject.command();
    let mut time = Command::new("/usr/bin/time");
    time.args(["-f", "%M"]).arg(command.get_program()).args(command.get_args());
    time.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null());
    let output = time.output().ok()?;
    let talk = String::from_utf8(output.stderr).ok()?;
    let kilobytes: f64 = talk.lines().last()?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// Whether a program can be run.
pub(crate) fn installed(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok()
}

/// How fast the parser and the quick reader are on a text as a whole, in MB/s; `None` where it isn't
/// read quickly.
pub(crate) fn parsed(path: &Path) -> (f64, Option<f64>) {
    let text = std::fs::read_to_string(path).expect("the input");
    let span = csi_relocate::source::Span { start: 0, end: text.len() };
    let speed = |begun: Instant| text.len() as f64 / begun.elapsed().as_secs_f64() / 1e6;
    let begun = Instant::now();
    let documents = csi_relocate::yaml::parse_fully(&text, span).expect("the input can be read");
    let parser = speed(begun);
    assert!(!documents.is_empty());
    drop(documents);
    let begun = Instant::now();
    let quick = csi_relocate::yaml::parse_quickly(&text, span).map(|_| speed(begun));
    (parser, quick)
}
