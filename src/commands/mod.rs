//! What the program does, one file for each command, and what they share.

pub(crate) mod check;
mod emit;
pub(crate) mod explain;
pub(crate) mod helm_values;
pub(crate) mod install;
pub(crate) mod install_helm;
pub(crate) mod knowledge;
pub(crate) mod krm;
pub(crate) mod manual;
pub(crate) mod outcome;
pub(crate) mod rewrite;

use crate::cli::{Cli, From, NamedRoot, RootArguments, TalkArguments};
use crate::commands::outcome::Failure;
use crate::error::{RelocateError, Unreadable};
use crate::files::Stamp;
use crate::files::find::{Input, Origin};
use crate::files::read::{Contents, read};
use crate::finding::{Finding, Rule, Severity};
use crate::kubepath::Root;
use crate::relocate::Options;
use crate::render::{self, Page};
use crate::roots::DEFAULT_ROOT;
use crate::source::Source;
use crate::talk::{Progress, Talk, result_choice};
use crate::usage;
use crate::words::{Catalogue, message};
use bytesize::ByteSize;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

/// How long texts are printed.
fn page<'t>(cli: &Cli, talk: &'t Talk) -> Page<'t> {
    Page { width: Talk::width(), verbose: cli.talk.verbose, words: talk.words() }
}

/// Writes text with its styles, as far as standard output takes them.
fn print(cli: &Cli, text: &str) -> std::io::Result<()> {
    let choice = result_choice(cli.talk.color);
    let mut stdout = anstream::AutoStream::new(std::io::stdout().lock(), choice);
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Refuses an input to which this run would add what it says.
fn unless_log<'p>(paths: impl IntoIterator<Item = &'p Path>, talk: &Talk) -> Result<(), Failure> {
    let Some(path) = paths.into_iter().find(|path| talk.logs_to(path)) else { return Ok(()) };
    // The refusal has no place in it either.
    talk.stop_logging();
    Err(Failure::Usage(usage::input_is_log(path)))
}

/// The inputs, as files to which something may be added.
fn files_of(inputs: &[Input]) -> impl Iterator<Item = &Path> {
    inputs.iter().map(|input| match &input.origin {
        Origin::File(path) => path.as_path(),
        // A file that a shell has opened, where the system tells which.
        Origin::Stdin => Path::new("/dev/stdin"),
    })
}

/// Reads all inputs as text.
fn sources(
    inputs: &[Input],
    limit: ByteSize,
    talk: &Talk,
    progress: &Progress,
) -> Result<Vec<Source>, Failure> {
    let sources = stamped_sources(inputs, limit, talk, progress)?;
    Ok(sources.into_iter().map(|(source, _)| source).collect())
}

/// Reads all inputs as text, and says what each file was then.
fn stamped_sources(
    inputs: &[Input],
    limit: ByteSize,
    talk: &Talk,
    progress: &Progress,
) -> Result<Vec<(Source, Option<Stamp>)>, Failure> {
    progress.start("reading", inputs.len());
    let contents = read(inputs, limit, &|| progress.step(1))?;
    let mut sources = Vec::with_capacity(contents.len());
    let mut problems = Vec::new();
    for Contents { text, stamp } in contents {
        match text {
            Ok(source) => sources.push((source, stamp)),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        return Ok(sources);
    }
    let problems = problems.iter().map(|problem| (&problem.shown, &problem.unreadable));
    Err(unreadable(&problems.collect::<Vec<_>>(), talk))
}

/// Unreadable inputs that are shown one by one; a folder of templates has many, all alike.
const SHOWN: usize = 10;

fn unreadable(problems: &[(&Source, &Unreadable)], talk: &Talk) -> Failure {
    let mut message: Vec<String> = problems
        .iter()
        .take(SHOWN)
        .map(|(source, problem)| render::unreadable(source, problem, &talk.drawing))
        .collect();
    if problems.len() > SHOWN {
        message.push(format!("and {} more that can't be read", problems.len() - SHOWN));
    }
    Failure::Shown(message.join("\n\n"))
}

/// Why the core refused the sources.
fn refused(sources: &[Source], error: RelocateError, talk: &Talk) -> Failure {
    match error {
        RelocateError::Unreadable(problems) => {
            let problems = problems
                .iter()
                .filter_map(|(index, problem)| sources.get(*index).map(|source| (source, problem)));
            unreadable(&problems.collect::<Vec<_>>(), talk)
        }
        error => Failure::Other(error.into()),
    }
}

/// The roots of `--from`; the default when none is named.
fn roots_named(arguments: &RootArguments) -> Vec<Root> {
    let named = arguments.from.iter().filter_map(|from| match from {
        From::Auto => None,
        From::Root(root) => Some(root.clone()),
    });
    let mut named: Vec<Root> = named.collect();
    if named.is_empty() {
        named.extend(Root::parse(DEFAULT_ROOT).ok());
    }
    named
}

/// Says which roots the names of distributions stand for.
fn say_names(named: &[NamedRoot], cli: &Cli, talk: &Talk) {
    for NamedRoot { name, root } in named.iter().filter(|_| !cli.talk.quiet) {
        talk.say(&talk.words().say(&message!("root-named", name = name, root = root)));
    }
}

/// What a rewrite is asked to do.
fn options(cli: &Cli, to: Root) -> Options {
    Options {
        to,
        from: roots_named(&cli.roots),
        auto: cli.roots.from.contains(&From::Auto),
        windows: cli.roots.windows_kubelet_root.clone(),
        strict: cli.strict,
    }
}

/// Writes a result to standard output.
fn print_bytes(bytes: &[u8]) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// A reader that closed the pipe has seen enough, and that is no failure.
fn unless_closed(error: std::io::Error) -> anyhow::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error.into()) }
}

/// Findings of one rule that are shown; a tree of manifests may have hundreds, all alike.
const SHOWN_OF_RULE: usize = 10;

/// The findings that a person gets to see, and how many of each rule are left out; `least` is what
/// a quiet run still shows.
fn shown<'f>(
    findings: &'f [Finding],
    talk: &TalkArguments,
    least: Severity,
) -> (Vec<&'f Finding>, BTreeMap<Rule, usize>) {
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    let wanted = findings.iter().filter(|finding| !talk.quiet || finding.severity >= least);
    let shown = wanted.filter(|finding| {
        let count = counts.entry(finding.rule).or_default();
        *count += 1;
        talk.verbose || *count <= SHOWN_OF_RULE
    });
    let shown: Vec<&Finding> = shown.collect();
    let left_out = |count: usize| count.checked_sub(SHOWN_OF_RULE).filter(|&left| left > 0);
    let left = counts.into_iter().filter_map(|(rule, count)| Some((rule, left_out(count)?)));
    let left = left.filter(|_| !talk.verbose).collect();
    (shown, left)
}

/// What is said of the findings that aren't shown.
fn left_out(left: &BTreeMap<Rule, usize>, words: &Catalogue) -> Option<String> {
    let line = |(rule, count): (&Rule, &usize)| {
        let said = message!("not-shown-rule", count = format!("{count:>6}"), rule = rule.id());
        format!("\n{}", words.say(&said))
    };
    let title = || words.say(&message!("not-shown"));
    (!left.is_empty())
        .then(|| format!("{}{}\n", title(), left.iter().map(line).collect::<String>()))
}
