//! The program as a KRM function, and as kustomize's older kind of plugin.

use super::{left_out, print_bytes, refused, say_names, shown, sources, unless_log};
use crate::cli::Cli;
use crate::commands::outcome::{Failure, Success};
use crate::files::find::{Walk, find};
use crate::finding::{Finding, Severity};
use crate::knowledge::Knowledge;
use crate::krm::{self, Config, FunctionResult, Given, Problem, Way};
use crate::model::ObjectRef;
use crate::relocate::{Relocation, relocate};
use crate::render;
use crate::report::plain;
use crate::source::Source;
use crate::stream::parse_part;
use crate::talk::Talk;
use crate::usage;
use crate::words::{Catalogue, Language, message};
use crate::yaml::chunks;
use anyhow::Context as _;
use std::path::PathBuf;

/// What kustomize sets for the plugins that it runs.
///
/// Source: kubernetes-sigs/kustomize at v5.7.1, api/internal/plugins/execplugin/execplugin.go.
const PLUGIN_ROOT: &str = "KUSTOMIZE_PLUGIN_CONFIG_ROOT";

/// Answers a list of objects on standard input; nothing when something else is there.
pub(crate) fn function(
    cli: &Cli,
    sources: &[Source],
    talk: &Talk,
) -> Result<Option<Success>, Failure> {
    let [source] = sources else { return Ok(None) };
    let doc = match krm::recognise(source.text()) {
        Ok(Some(doc)) => doc,
        // With a root there is another way, which may pass over what can't be read.
        Err(problem) if cli.roots.kubelet_root.is_none() => {
            return Err(refused(sources, vec![(0, problem)].into(), talk));
        }
        Ok(None) | Err(_) => return Ok(None),
    };
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    // Results are for programs, which compare texts, whatever language their users read.
    let english = Catalogue::of(Language::English);
    let answer = krm::answer(source, &doc, &given(cli), &knowledge, &english)
        .map_err(|error| refused(sources, error, talk))?;
    print_bytes(answer.output.as_bytes()).map_err(anyhow::Error::from)?;
    say_names(&answer.named, cli, talk);
    match &answer.relocation {
        Some(relocation) => report(relocation, &answer.results, cli, talk),
        None => answer.results.iter().for_each(|result| talk.error(&result.message)),
    }
    Ok(Some(if answer.fails { Success::WithFindings } else { Success::Clean }))
}

/// The file with which kustomize has started this program as a plugin.
pub(crate) fn plugin_config(cli: &Cli) -> Option<Source> {
    std::env::var_os(PLUGIN_ROOT)?;
    let path = cli.inputs.files.first()?;
    let text = std::fs::read_to_string(path).ok()?;
    own_config(&text).is_some().then(|| Source::new(path.display().to_string(), text))
}

/// What a file of this program's own kind says.
fn own_config(text: &str) -> Option<Result<Config, Vec<Problem>>> {
    let docs = chunks(text).into_iter().filter_map(|span| parse_part(text, span).ok());
    docs.flatten().find_map(|doc| {
        let root = doc.root()?;
        let is_own = ObjectRef::read(&doc, root).is_own_config();
        is_own.then(|| Config::read(&doc, root, Way::Plugin))
    })
}

/// Rewrites what kustomize has built so far.
pub(crate) fn plugin(cli: &Cli, config: &Source, talk: &Talk) -> Result<Success, Failure> {
    if cli.inputs.files.len() > 1 || cli.in_place || cli.diff || cli.output_dir.is_some() {
        return Err(Failure::Usage(usage::not_for_plugins()));
    }
    unless_log(cli.inputs.files.iter().map(PathBuf::as_path), talk)?;
    let kind = ObjectRef::OWN_KIND;
    let settled = match given(cli).settle(own_config(config.text()), Some(kind)) {
        Ok(settled) => settled,
        Err(problems) => {
            problems.iter().for_each(|problem| talk.error(&problem.message));
            return Ok(Success::WithFindings);
        }
    };
    let inputs = find(&[], &Walk::default()).context("standard input")?;
    let progress = talk.progress();
    let sources = sources(&inputs, cli.inputs.max_input, talk, &progress)?;
    drop(progress);
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    let relocation = relocate(&sources, &settled.options, &knowledge)
        .map_err(|error| refused(&sources, error, talk))?;
    let fails = settled.fails(&relocation);
    if !fails {
        for (source, rewritten) in sources.iter().zip(&relocation.rewritten) {
            print_bytes(rewritten.text(source).as_bytes()).map_err(anyhow::Error::from)?;
        }
    }
    say_names(&settled.named, cli, talk);
    report(&relocation, &krm::results(&relocation, talk.words()), cli, talk);
    Ok(if fails { Success::WithFindings } else { Success::Clean })
}

/// What the command line and the environment say.
fn given(cli: &Cli) -> Given {
    let root = cli.roots.kubelet_root.clone();
    let (typed, ambient) = if cli.roots.is_ambient { (None, root) } else { (root, None) };
    let typed = Config {
        root: typed,
        from: cli.roots.from.clone(),
        windows: cli.roots.windows_kubelet_root.clone(),
        fail_on: cli.fail_on,
        named: cli.roots.named.clone(),
    };
    Given { typed, ambient, strict: cli.strict }
}

/// Says on standard error what the results say. The stream that was read is seen by nobody, so
/// that a place in it is told by object and field.
fn report(relocation: &Relocation, results: &[FunctionResult], cli: &Cli, talk: &Talk) {
    let findings = &relocation.analysis.findings;
    let (said, left) = shown(findings, &cli.talk, Severity::Error);
    for (finding, result) in findings.iter().zip(results) {
        if said.iter().any(|other| std::ptr::eq(*other, finding)) {
            talk.say(&problem(finding, result, talk.words()));
        }
    }
    if let Some(left) = left_out(&left, talk.words()) {
        talk.say(&left);
    }
    if cli.talk.verbose {
        // The list that was read is seen by nobody: a place in it would say nothing.
        for suppressed in &relocation.suppressed {
            talk.say(&render::suppressed(&[], None, suppressed, talk.words()));
        }
    }
    if !cli.talk.quiet {
        talk.say(&render::summary(relocation, talk.words()));
    }
}

/// Three lines: what was found, where, and what to do.
fn problem(finding: &Finding, result: &FunctionResult, words: &Catalogue) -> String {
    let (_, level) = render::level(finding.severity);
    let (level, help) = (words.say(&level), words.say(&message!("level-help")));
    let said = plain(&words.say(&finding.message));
    let advice = plain(&words.help(&finding.message));
    let place = place(result).map(|place| format!("\n  --> {place}")).unwrap_or_default();
    format!("{level}[{}]: {said}{place}\n  {help}: {advice}", finding.rule.id())
}

fn place(result: &FunctionResult) -> Option<String> {
    let object = result.resource_ref.as_ref()?;
    let namespace = if object.namespace.is_empty() { "" } else { "/" };
    let name = format!("{} {}{namespace}{}", object.kind, object.namespace, object.name);
    let field = result.field.as_ref().map(|field| format!(", {}", field.path));
    let file = result.file.as_ref().map(|file| format!(" in {}", file.path));
    Some(format!("{name}{}{}", file.unwrap_or_default(), field.unwrap_or_default()))
}
