//! The edge: what the command line asks for is done, and its exit code given.
//!
//! Exit codes are decided here and nowhere else.

use crate::cli::{Cli, Command, MAX_INPUT, NamedRoot, matched, named_root};
use crate::commands::outcome::{Failure, Success};
use crate::commands::rewrite::rewrite;
use crate::commands::{check, explain, helm_values, install, install_helm, knowledge, manual};
use crate::talk::Talk;
use crate::usage;
use bytesize::ByteSize;
use clap::parser::ValueSource;
use clap::{ArgMatches, FromArgMatches as _};
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// There is a difference, or a finding that was asked to count.
const FOUND: u8 = 1;

/// Wrong usage, unreadable input, output that can't be written, or a fault of the program.
const FAILED: u8 = 2;

/// There was no Kubernetes object to judge: silence would be taken for consent.
const NOTHING_SEEN: u8 = 3;

/// Runs the program: parses the command line, does what it says, and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let cli = match parsed(words.iter().cloned()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and are no failure.
            let code = if error.use_stderr() { ExitCode::from(FAILED) } else { ExitCode::SUCCESS };
            let _ = error.print();
            if error.use_stderr() {
                keep(&error, &words);
            }
            return code;
        }
    };
    let mut talk = Talk::new(&cli.talk);
    if let Some(path) = &cli.talk.log_file
        && let Err(error) = talk.log_to(path)
    {
        return fail(Failure::Other(error), &talk);
    }
    match follow(&cli, &talk) {
        Ok(Success::Clean) => ExitCode::SUCCESS,
        Ok(Success::WithFindings) => ExitCode::from(FOUND),
        Ok(Success::NothingSeen) => ExitCode::from(NOTHING_SEEN),
        Err(failure) => fail(failure, &talk),
    }
}

/// Adds a wrong command line to the log that the environment names: Helm 4 shows nobody what is
/// said on standard error.
fn keep(error: &clap::Error, words: &[OsString]) {
    let Some(path) = std::env::var_os("CSI_RELOCATE_LOG") else { return };
    // The log may be among the files that the line names, and is left as it is then.
    let real = Path::new(&path).canonicalize().ok();
    let is_log = |word: &OsString| Path::new(word).canonicalize().is_ok_and(|it| Some(it) == real);
    if words.iter().any(is_log) {
        return;
    }
    if let Ok(mut log) = File::options().create(true).append(true).open(path) {
        // It has been said already.
        let _ = writeln!(log, "{}", error.render());
    }
}

/// The command line, whether its root was typed, and by which names.
fn parsed(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let (mut program, mut matches) = matched(arguments, |name| std::env::var_os(name))?;
    let is_ambient = matches.value_source("kubelet_root") == Some(ValueSource::EnvVariable);
    let named = named(&matches);
    let cli = Cli::from_arg_matches_mut(&mut matches).and_then(|cli| {
        let is_one = matches.subcommand_name().is_some();
        let command = is_one.then(|| Command::from_arg_matches_mut(&mut matches)).transpose()?;
        Ok(Cli { command, ..cli })
    });
    let mut cli = cli.map_err(|error| error.format(&mut program))?;
    cli.roots.is_ambient = is_ambient;
    cli.roots.named = named;
    Ok(cli)
}

/// The names that were given for roots.
fn named(matches: &ArgMatches) -> Vec<NamedRoot> {
    let words = ["kubelet_root", "from"].into_iter().filter_map(|id| matches.get_raw(id));
    words.flatten().filter_map(|word| named_root(word.to_str()?)).collect()
}

fn follow(cli: &Cli, talk: &Talk) -> Result<Success, Failure> {
    let Some(command) = &cli.command else {
        return rewrite(cli, talk);
    };
    if is_about_rewriting(cli) {
        return Err(Failure::Usage(usage::not_for_commands()));
    }
    match command {
        Command::Check(arguments) => return check::run(cli, arguments, talk),
        Command::Explain(arguments) => return explain::run(cli, arguments, talk),
        Command::HelmValues(arguments) => return helm_values::run(cli, arguments, talk),
        Command::Knowledge(arguments) => return knowledge::run(cli, arguments, talk),
        Command::InstallPlugin { helm: true, to } => install_helm::install(to.as_deref())?,
        Command::InstallPlugin { helm: false, to } => install::install(to.as_deref())?,
        Command::Completions { shell } => manual::completions(*shell)?,
        Command::Man { to: Some(folder) } => manual::write_pages(folder)?,
        Command::Man { to: None } => manual::print_page()?,
    }
    Ok(Success::Clean)
}

/// Whether something stands before a command that only rewriting heeds: dropped without a word, it
/// would make the command weaker than it looks.
fn is_about_rewriting(cli: &Cli) -> bool {
    let limit = MAX_INPUT.parse().is_ok_and(|limit: ByteSize| limit == cli.inputs.max_input);
    cli.in_place
        || cli.diff
        || cli.output_dir.is_some()
        || cli.emit.is_some()
        || cli.strict
        || cli.fail_on.is_some()
        || cli.inputs.no_ignore
        || !limit
        || !cli.inputs.files.is_empty()
}

fn fail(failure: Failure, talk: &Talk) -> ExitCode {
    match failure {
        Failure::Usage(message) => talk.error(&message),
        Failure::Help(message) | Failure::Shown(message) => talk.say(&message),
        // Whoever reads has seen enough, as `head` does.
        Failure::Other(error) if is_broken_pipe(&error) => return ExitCode::SUCCESS,
        Failure::Other(error) => talk.error(&format!("{error:#}")),
    }
    ExitCode::from(FAILED)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
