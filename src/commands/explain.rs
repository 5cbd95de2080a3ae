//! `explain`: what paths, rules and log lines mean.

mod pages;

use pages::Topic;

use super::{
    files_of, options, page, print, print_bytes, refused, say_names, sources, unless_closed,
    unless_log,
};
use crate::cli::{Cli, ExplainArguments, ExplainFormat};
use crate::commands::outcome::{Failure, Success};
use crate::explain::{Explanation, explain, mounts};
use crate::files::find::{Walk, find};
use crate::finding::Rule;
use crate::invocation::Invocation;
use crate::knowledge::{HarmTable, Knowledge};
use crate::kubepath::Root;
use crate::render;
use crate::report;
use crate::source::Source;
use crate::symptoms::Symptoms;
use crate::talk::Talk;
use crate::usage;
use crate::words::message;
use std::io::IsTerminal as _;
use std::path::PathBuf;

/// Explains what the command line asks about.
pub(crate) fn run(
    cli: &Cli,
    arguments: &ExplainArguments,
    talk: &Talk,
) -> Result<Success, Failure> {
    if let Some(asked) = &arguments.symptom {
        without_manifests(cli, arguments)?;
        say_names(&cli.roots.named, cli, talk);
        return pages::symptoms(asked, arguments.format, cli, talk);
    }
    let known = Symptoms::builtin().map_err(anyhow::Error::from)?;
    let topic = |word: &PathBuf| {
        let id = word.to_str()?;
        Rule::of(id).map(Topic::Rule).or_else(|| known.by_id(id).map(Topic::Symptom))
    };
    let topics: Vec<Option<Topic<'_>>> = arguments.words.iter().map(topic).collect();
    if topics.iter().all(Option::is_none) {
        return files(cli, arguments, &known, talk);
    }
    without_manifests(cli, arguments)?;
    let all: Option<Vec<Topic<'_>>> = topics.iter().copied().collect();
    let Some(all) = all else {
        let others = arguments.words.iter().zip(&topics);
        let others = others.filter(|(word, topic)| topic.is_none() && !word.exists());
        let others = others.map(|(word, _)| word);
        return Err(Failure::Usage(usage::rules_and_files(others, ids(&known))));
    };
    pages::topics(&all, arguments.format, cli, talk)
}

/// The ids of everything that has a page.
fn ids(known: &Symptoms) -> impl Iterator<Item = &str> {
    let symptoms = known.all().iter().map(|symptom| symptom.id.as_str());
    Rule::ALL.iter().map(|rule| rule.id()).chain(symptoms)
}

/// Refuses what only manifests heed: dropped without a word, it would make an answer look like
/// more than it is.
fn without_manifests(cli: &Cli, arguments: &ExplainArguments) -> Result<(), Failure> {
    let options = [
        ("--mounts", arguments.mounts),
        ("--no-ignore", arguments.no_ignore),
        ("--from", !cli.roots.from.is_empty()),
        ("--windows-kubelet-root", cli.roots.windows_kubelet_root.is_some()),
    ];
    match options.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::Usage(usage::only_for_manifests(option))),
        None => Ok(()),
    }
}

/// Explains manifests.
fn files(
    cli: &Cli,
    arguments: &ExplainArguments,
    known: &Symptoms,
    talk: &Talk,
) -> Result<Success, Failure> {
    let words = &arguments.words;
    let walk = Walk { no_ignore: arguments.no_ignore, output_dir: None };
    // A mistyped rule needs no root.
    let inputs = find(words, &walk)
        .map_err(|error| Failure::Usage(usage::nothing_to_explain(&error, ids(known))))?;
    unless_log(files_of(&inputs), talk)?;
    let Some(to) = cli.roots.kubelet_root.clone() else {
        return Err(Failure::Usage(usage::without_root("explain")));
    };
    if words.is_empty() && std::io::stdin().is_terminal() {
        return Err(Failure::Usage(usage::nothing_to_read("explain")));
    }
    let progress = talk.progress();
    let sources = sources(&inputs, arguments.max_input, talk, &progress)?;
    if sources.iter().all(|source| source.text().trim().is_empty()) {
        talk.say(&talk.words().say(&message!("explain-empty")));
        return Ok(Success::NothingSeen);
    }
    say_names(&cli.roots.named, cli, talk);
    progress.start_unknown("explaining");
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    let harms = HarmTable::builtin().map_err(anyhow::Error::from)?;
    let explanation = explain(&sources, &options(cli, to.clone()), &knowledge, &harms)
        .map_err(|error| refused(&sources, error, talk))?;
    let drawings = if arguments.mounts || arguments.format == ExplainFormat::Json {
        let moved = moved(&sources, &explanation);
        mounts::drawings(&moved, &to, &knowledge).map_err(|error| refused(&sources, error, talk))?
    } else {
        Vec::new()
    };
    drop(progress);
    let page = page(cli, talk);
    let written = match arguments.format {
        ExplainFormat::Human if arguments.mounts => print(cli, &render::mounts(&drawings, page)),
        ExplainFormat::Human => {
            let command = invocation(&to, cli, arguments);
            print(cli, &render::explanation(&sources, &explanation, &command, page))
        }
        ExplainFormat::Json => {
            let report = report::explanation(&sources, &explanation, &drawings);
            print_bytes(report.as_bytes())
        }
    };
    written.or_else(unless_closed)?;
    Ok(Success::Clean)
}

/// The sources as they will be.
fn moved(sources: &[Source], explanation: &Explanation) -> Vec<Source> {
    let rewritten = sources.iter().zip(&explanation.relocation.rewritten);
    rewritten.map(|(source, rewritten)| source.with_text(rewritten.text(source))).collect()
}

/// The command that moves what was explained.
fn invocation(to: &Root, cli: &Cli, arguments: &ExplainArguments) -> Invocation {
    Invocation {
        kubelet_root: to.to_string(),
        windows_kubelet_root: cli.roots.windows_kubelet_root.as_ref().map(ToString::to_string),
        from: cli.roots.from.iter().map(ToString::to_string).collect(),
        no_ignore: arguments.no_ignore,
        inputs: arguments.words.iter().map(|word| word.to_string_lossy().into_owned()).collect(),
    }
}
