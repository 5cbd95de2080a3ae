//! Runs that are watched: one that takes too long is killed, and fails its test.

use crate::common::{TO, program};
use std::io::{self, Read as _, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// Nothing here takes so long, not even unoptimised on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) result: Vec<u8>,
    pub(crate) talk: String,
    /// The most memory that it was seen to have, in MiB.
    pub(crate) peak: usize,
    /// The processors' time that it was seen to use, other programs aside.
    pub(crate) worked: Duration,
}

/// The four ways to read a manifest.
pub(crate) const WAYS: [&[&str]; 4] = [
    &["--kubelet-root", TO],
    &["check", "--kubelet-root", TO],
    &["explain", "--kubelet-root", TO],
    &["--kubelet-root", TO, "--emit", "kustomize-patches"],
];

/// A run of the program with these bytes on standard input.
pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Ended {
    let input = input.to_vec();
    run_fed(program().args(arguments), PATIENCE, move |pipe| pipe.write_all(&input))
}

/// A run whose standard input is written by `feed`; a reader that has seen enough ends that.
pub(crate) fn run_fed(
    command: &mut Command,
    patience: Duration,
    feed: impl FnOnce(&mut ChildStdin) -> io::Result<()> + Send + 'static,
) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let began = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().unwrap();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let feeder = std::thread::spawn(move || feed(&mut pipe).ok());
    let result = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let talk = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr.read_to_end(&mut bytes).map(|_| bytes)
    });
    let (code, used) = wait(&mut child, began, patience);
    feeder.join().unwrap();
    let talk = talk.join().unwrap().unwrap();
    Ended {
        code,
        result: result.join().unwrap().unwrap(),
        talk: String::from_utf8_lossy(&talk).into_owned(),
        peak: used.peak,
        worked: used.worked,
    }
}

/// What a run was last seen to have used; nothing where that can't be told.
#[derive(Clone, Copy, Default)]
pub(crate) struct Used {
    peak: usize,
    worked: Duration,
}

/// The exit code of a run and what it used.
pub(crate) fn wait(child: &mut Child, began: Instant, patience: Duration) -> (Option<i32>, Used) {
    let mut used = Used::default();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), used);
        }
        if began.elapsed() > patience {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("a run took more than {patience:?}");
        }
        used.peak = used.peak.max(peak_of(child.id()).unwrap_or_default());
        used.worked = used.worked.max(worked(child.id()).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The high-water mark of a process's memory, in MiB.
fn peak_of(process: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024)
}

/// The processors' time of a process, of which the kernel counts a hundred ticks a second.
fn worked(process: u32) -> Option<Duration> {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which may hold anything: fields 14 and 15 of proc_pid_stat(5).
    let (_, fields) = status.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u64>);
    let ticks: u64 = ticks.collect::<Result<Vec<_>, _>>().ok()?.iter().sum();
    Some(Duration::from_millis(ticks * 10))
}

impl Ended {
    /// Refused, with these words, and nothing on standard output.
    pub(crate) fn is_refused(&self, words: &str) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert!(self.result.is_empty(), "something was written: {}", self.talk);
        assert!(self.talk.contains(words), "{words:?} isn't said: {}", self.talk);
        assert!(!self.talk.contains("panicked"), "{}", self.talk);
    }
}
