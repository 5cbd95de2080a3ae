//! The edge: reads input, writes the result to standard output and talk to standard error.
//!
//! Exit codes are decided here and nowhere else.

use crate::cli::{Cli, Color, From, SUBCOMMANDS};
use crate::error::RelocateError;
use crate::finding::Severity;
use crate::input::{self, Input};
use crate::knowledge::Knowledge;
use crate::kubepath::Root;
use crate::relocate::{Options, Relocation, relocate};
use crate::render;
use crate::roots::DEFAULT_ROOT;
use crate::source::Source;
use annotate_snippets::Renderer;
use clap::{CommandFactory as _, Parser as _};
use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal as _, Write};
use std::process::ExitCode;

/// Wrong usage, unreadable input or a fault of the program: nothing was written.
const FAILED: u8 = 2;

/// Runs the program: parses the command line, does what it says, and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and are no failure.
            let code = if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS };
            let _ = error.print();
            return code;
        }
    };
    let talk = Talk::new(&cli);
    match filter(&cli, &talk) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said) => ExitCode::from(FAILED),
        Err(Failure::Other(error)) => {
            if is_broken_pipe(&error) {
                return ExitCode::SUCCESS;
            }
            talk.say(&format!("error: {error:#}"));
            ExitCode::from(FAILED)
        }
    }
}

enum Failure {
    /// The reason is on standard error already.
    Said,
    /// The reason is still to be said.
    Other(anyhow::Error),
}

impl std::convert::From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// Reads one manifest, writes it relocated.
fn filter(cli: &Cli, talk: &Talk) -> Result<(), Failure> {
    let input = Input::from_argument(cli.file.as_deref());
    let Some(to) = cli.kubelet_root.clone() else {
        return Err(without_root(cli, &input, talk));
    };
    check_file(&input, talk)?;
    let source = match input::text(&input.name(), input.read()?) {
        Ok(source) => source,
        Err(not_text) => {
            talk.say(&render::unreadable(&not_text.shown, &not_text.unreadable, &talk.renderer));
            return Err(Failure::Said);
        }
    };
    let options = options(cli, to);
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    let relocation = match relocate(&source, &options, &knowledge) {
        Ok(relocation) => relocation,
        Err(RelocateError::Unreadable(problem)) => {
            talk.say(&render::unreadable(&source, &problem, &talk.renderer));
            return Err(Failure::Said);
        }
        Err(error) => return Err(Failure::Other(error.into())),
    };
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_all(relocation.output.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(anyhow::Error::from)?;
    report(&source, &relocation, cli, talk);
    Ok(())
}

fn options(cli: &Cli, to: Root) -> Options {
    let auto = cli.from.contains(&From::Auto);
    let mut from: Vec<Root> = cli
        .from
        .iter()
        .filter_map(|from| match from {
            From::Auto => None,
            From::Root(root) => Some(root.clone()),
        })
        .collect();
    if from.is_empty() {
        from.extend(Root::parse(DEFAULT_ROOT).ok());
    }
    Options { to, from, auto, windows: cli.windows_kubelet_root.clone(), strict: cli.strict }
}

fn report(source: &Source, relocation: &Relocation, cli: &Cli, talk: &Talk) {
    for finding in &relocation.analysis.findings {
        if cli.quiet && finding.severity < Severity::Error {
            continue;
        }
        talk.say(&render::finding(source, relocation, finding, &talk.renderer));
        talk.say("");
    }
    if cli.quiet {
        return;
    }
    if cli.verbose {
        let list = render::sites(source, relocation);
        talk.say(list.trim_end());
    }
    talk.say(&render::summary(relocation));
}

fn without_root(cli: &Cli, input: &Input, talk: &Talk) -> Failure {
    if cli.file.is_none() && std::io::stdin().is_terminal() {
        let help = Cli::command().render_help().to_string();
        talk.say(help.trim_end());
        return Failure::Said;
    }
    if let Err(failure) = check_file(input, talk) {
        return failure;
    }
    talk.say(
        "error: --kubelet-root is missing: which directory is the kubelet's --root-dir on your nodes?\n\n  \
         for example: csi-relocate --kubelet-root /data/kubelet < csi-nfs-node.yaml\n\n\
         For more information, try '--help'.",
    );
    Failure::Said
}

/// A word that names no file may be a mistyped subcommand; say which.
fn check_file(input: &Input, talk: &Talk) -> Result<(), Failure> {
    let Input::File(path) = input else {
        return Ok(());
    };
    if path.exists() {
        return Ok(());
    }
    let word = path.display().to_string();
    let mut message = format!("error: there is no file '{word}'");
    if SUBCOMMANDS.contains(&word.as_str()) {
        message = format!(
            "error: this version has no subcommand '{word}', and there is no file of that name"
        );
    } else if let Some(command) = SUBCOMMANDS.iter().find(|command| is_near(&word, command)) {
        message.push_str(&format!(
            "; '{command}' would be a subcommand, which this version doesn't have"
        ));
    }
    message.push_str("\n\nFor more information, try '--help'.");
    talk.say(&message);
    Err(Failure::Said)
}

/// Whether two words differ by at most two letters.
fn is_near(left: &str, right: &str) -> bool {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let replaced = get(&row, j) + usize::from(a != *b);
            next.push(replaced.min(get(&row, j + 1) + 1).min(get(&next, j) + 1));
        }
        row = next;
    }
    row.last().is_some_and(|&distance| distance <= 2)
}

/// Standard error, with or without colours.
struct Talk {
    renderer: Renderer,
    choice: anstream::ColorChoice,
}

impl Talk {
    fn new(cli: &Cli) -> Self {
        let choice = match cli.color {
            Color::Auto => anstream::AutoStream::choice(&std::io::stderr()),
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        Self { renderer: Renderer::styled(), choice }
    }

    /// Says a line or more; when standard error is closed there is nobody to tell.
    fn say(&self, text: &str) {
        let mut stderr = anstream::AutoStream::new(std::io::stderr().lock(), self.choice);
        let _ = writeln!(stderr, "{text}");
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_near() {
        assert!(is_near("chekc", "check"));
        assert!(is_near("explian", "explain"));
        assert!(!is_near("node.yaml", "check"));
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
