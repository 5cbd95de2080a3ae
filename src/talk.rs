//! What is said on standard error: messages, colours, progress.

use crate::cli::{Color, TalkArguments};
use crate::render::Drawing;
use crate::report;
use crate::words::{Catalogue, Language};
use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::{OnceCell, RefCell};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// A run that is over sooner shows no progress: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);

/// The columns of a text that is kept or passed on.
const READABLE: usize = 80;

/// A terminal that is narrower is written to as if it had as many columns: paths would fall apart.
const NARROW: usize = 40;

/// Lines that are longer are hard to read.
const WIDE: usize = 100;

/// Standard error, with or without colours, in a language.
pub(crate) struct Talk {
    /// How problems in a source are drawn.
    pub(crate) drawing: Drawing,
    choice: ColorChoice,
    quiet: bool,
    language: Language,
    words: OnceCell<Catalogue>,
    /// Gets everything that is said, without colours, as long as it can be written.
    log: RefCell<Option<Log>>,
}

/// A file to which everything that is said is added.
struct Log {
    file: File,
    /// As it was named.
    path: PathBuf,
    /// The file itself, no link to it; `None` for a device.
    real: Option<PathBuf>,
}

impl Talk {
    pub(crate) fn new(arguments: &TalkArguments) -> Self {
        Self {
            drawing: Drawing::styled(columns(terminal_size::terminal_size_of(std::io::stderr()))),
            choice: messages(arguments.color),
            quiet: arguments.quiet,
            language: arguments.lang.language(),
            words: OnceCell::new(),
            log: RefCell::default(),
        }
    }

    /// Adds everything that is said from now on to a file.
    pub(crate) fn log_to(&mut self, path: &Path) -> anyhow::Result<()> {
        let file = File::options().create(true).append(true).open(path);
        // In a file nobody's window ends.
        self.drawing = Drawing::styled(None);
        let file = file.with_context(|| format!("can't write the log file {}", path.display()))?;
        let real = path.canonicalize().ok().filter(|real| real.is_file());
        *self.log.get_mut() = Some(Log { file, path: path.to_owned(), real });
        Ok(())
    }

    /// Whether a path leads to the log; a device may take more than one thing.
    pub(crate) fn logs_to(&self, path: &Path) -> bool {
        let log = self.log.borrow();
        let real = log.as_ref().and_then(|log| log.real.as_ref());
        real.is_some_and(|real| path.canonicalize().is_ok_and(|it| it == *real))
    }

    /// Adds nothing more to the log.
    pub(crate) fn stop_logging(&self) {
        self.log.take();
    }

    /// The texts of the language that was asked for, read when they are first needed.
    pub(crate) fn words(&self) -> &Catalogue {
        self.words.get_or_init(|| Catalogue::of(self.language))
    }

    /// The columns in which a result is written.
    pub(crate) fn width() -> usize {
        Self::result_columns().unwrap_or(READABLE)
    }

    /// The columns in which a result is written, if a terminal shows it.
    pub(crate) fn result_columns() -> Option<usize> {
        columns(terminal_size::terminal_size_of(std::io::stdout()))
    }

    /// Says a line or more; when standard error is closed there is nobody to tell.
    pub(crate) fn say(&self, text: &str) {
        let mut stderr = AutoStream::new(std::io::stderr().lock(), self.choice);
        let _ = writeln!(stderr, "{text}");
        let mut log = self.log.borrow_mut();
        let Some(Log { file, path, .. }) = log.as_mut() else { return };
        if let Err(error) = writeln!(file, "{}", anstream::adapter::strip_str(text)) {
            let (yellow, plain) = ("\u{1b}[1;93m", "\u{1b}[0m");
            let path = report::plain(&path.display().to_string());
            let _ = writeln!(
                stderr,
                "{yellow}warning{plain}: can't write the log file {path}: {error}; nothing more is \
                 added to it"
            );
            // Once is enough.
            *log = None;
        }
    }

    /// Says what was asked for in a wrong way, or can't be done.
    pub(crate) fn error(&self, text: &str) {
        let (red, plain) = ("\u{1b}[1;91m", "\u{1b}[0m");
        // A file's name may hold anything.
        let text: Vec<String> = text.lines().map(report::plain).collect();
        self.say(&format!("{red}error{plain}: {}", text.join("\n")));
    }

    /// A progress bar on a terminal, for a run that takes its time; nothing elsewhere.
    pub(crate) fn progress(&self) -> Progress {
        Progress::new(self.quiet)
    }
}

/// The columns for a terminal of this size.
fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
    size.map(|(width, _)| usize::from(width.0).clamp(NARROW, WIDE))
}

/// Colours of messages: what was typed, then the environment, then the terminal.
fn messages(color: Color) -> ColorChoice {
    match color {
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
        Color::Auto if is_set("NO_COLOR") => ColorChoice::Never,
        // The log of a CI system is no terminal and shows colours all the same.
        Color::Auto if is_set("FORCE_COLOR") || is_set("CI") => ColorChoice::Always,
        Color::Auto => AutoStream::choice(&std::io::stderr()),
    }
}

/// Colours of a result on standard output. It may be kept in a file, so that an environment
/// that asks for colours everywhere isn't enough.
pub(crate) fn colours_result(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::io::IsTerminal::is_terminal(&std::io::stdout())
                && AutoStream::choice(&std::io::stdout()) != ColorChoice::Never
        }
    }
}

/// The same, as a choice for a stream.
pub(crate) fn result_choice(color: Color) -> ColorChoice {
    if colours_result(color) { ColorChoice::Always } else { ColorChoice::Never }
}

/// Whether a variable says yes; `0` and `false` are what people write for no.
fn is_set(variable: &str) -> bool {
    std::env::var(variable).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// How far a run is. It draws itself on a terminal only, and only after a moment.
pub(crate) struct Progress {
    /// `None` where nobody would see it.
    bar: Option<ProgressBar>,
    /// Closed when the run is over.
    _running: Option<Sender<()>>,
}

impl Progress {
    fn new(quiet: bool) -> Self {
        if quiet || !console_is_terminal() {
            return Self { bar: None, _running: None };
        }
        let bar = ProgressBar::hidden();
        let (running, over) = channel();
        let shown = bar.clone();
        std::thread::spawn(move || {
            if over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Self { bar: Some(bar), _running: Some(running) }
    }

    /// A part of the run of which the steps are known.
    pub(crate) fn start(&self, what: &'static str, steps: usize) {
        if let Some(bar) = self.begin(what, "{msg:>10} [{bar:32}] {pos} of {len} files") {
            bar.set_length(steps as u64);
        }
    }

    /// A part of the run of which only the end is known.
    pub(crate) fn start_unknown(&self, what: &'static str) {
        self.begin(what, "{msg:>10} {spinner}");
    }

    fn begin(&self, what: &'static str, template: &str) -> Option<&ProgressBar> {
        let bar = self.bar.as_ref()?;
        bar.reset();
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Some(bar)
    }

    /// More steps are done.
    pub(crate) fn step(&self, steps: usize) {
        if let Some(bar) = &self.bar {
            bar.inc(steps as u64);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn console_is_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr())
        && std::env::var("TERM").is_ok_and(|term| term != "dumb")
}
