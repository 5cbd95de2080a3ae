//! `check`: will these manifests work there?

use super::{
    files_of, left_out, print_bytes, refused, roots_named, say_names, shown, sources,
    unless_closed, unless_log,
};
use crate::check::{Against, Verdict, check};
use crate::cli::{CheckArguments, Cli, Format};
use crate::commands::outcome::{Failure, Success};
use crate::files::find::{Walk, find};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::Knowledge;
use crate::kubepath::Root;
use crate::plan::Edit;
use crate::relocate::{Options, relocate};
use crate::render;
use crate::report::{Located, Report, Suppressed, github, json, sarif};
use crate::source::{Source, Span};
use crate::talk::Talk;
use crate::usage;
use crate::words::{Catalogue, Language};
use std::io::{IsTerminal as _, Write as _};

/// Reads what the command line names, and holds it against the kubelet's root.
pub(crate) fn run(cli: &Cli, arguments: &CheckArguments, talk: &Talk) -> Result<Success, Failure> {
    let against = match &cli.roots.kubelet_root {
        Some(_) if arguments.any_root => {
            return Err(Failure::Usage(usage::any_root_and_a_root()));
        }
        None if arguments.any_root => Against::AnyRoot,
        Some(root) => Against::Root(root.clone()),
        None => return Err(Failure::Usage(usage::check_without_root())),
    };
    if cli.roots.windows_kubelet_root.is_some() {
        return Err(Failure::Usage(usage::no_windows_verdict()));
    }
    let words = &arguments.inputs.files;
    if words.is_empty() && std::io::stdin().is_terminal() {
        return Err(Failure::Usage(usage::nothing_to_read("check")));
    }
    let walk = Walk { no_ignore: arguments.inputs.no_ignore, output_dir: None };
    let inputs =
        find(words, &walk).map_err(|error| Failure::Usage(usage::nothing_found(&error)))?;
    unless_log(files_of(&inputs), talk)?;
    let progress = talk.progress();
    let sources = sources(&inputs, arguments.inputs.max_input, talk, &progress)?;
    say_names(&cli.roots.named, cli, talk);
    progress.start_unknown("checking");
    let knowledge = Knowledge::builtin().map_err(anyhow::Error::from)?;
    let verdict = check(&sources, &against, &roots_named(&cli.roots), &knowledge)
        .map_err(|error| refused(&sources, error, talk))?;
    drop(progress);
    let report = || report(&sources, &verdict, &against, &knowledge);
    let written = match arguments.format {
        Format::Human => print(&sources, &verdict, cli, arguments.fail_on.severity(), talk.words()),
        Format::Json => print_bytes(json(&report()).as_bytes()),
        Format::Sarif => {
            let words = Catalogue::of(Language::English);
            let title = |rule: Rule| words.say(&rule.title());
            print_bytes(sarif(&report(), &title).as_bytes())
        }
        Format::Github => print_bytes(github(&report()).as_bytes()),
    };
    // Whoever stops reading has still asked for a verdict.
    written.or_else(unless_closed)?;
    if verdict.objects == 0 {
        return Ok(Success::NothingSeen);
    }
    let fails =
        verdict.findings.iter().any(|finding| finding.severity >= arguments.fail_on.severity());
    Ok(if fails { Success::WithFindings } else { Success::Clean })
}

fn print(
    sources: &[Source],
    verdict: &Verdict,
    cli: &Cli,
    fail_on: Severity,
    words: &Catalogue,
) -> std::io::Result<()> {
    let mut stdout = anstream::AutoStream::new(
        std::io::stdout().lock(),
        crate::talk::result_choice(cli.talk.color),
    );
    let drawing = render::Drawing::styled(Talk::result_columns());
    let located = |finding: &Finding| verdict.locate(sources, finding.places.first()?);
    let (findings, left) = shown(&verdict.findings, &cli.talk, fail_on);
    for finding in findings {
        writeln!(
            stdout,
            "{}\n",
            render::finding(sources, located(finding), finding, words, &drawing)
        )?;
    }
    if let Some(left) = left_out(&left, words) {
        writeln!(stdout, "{left}")?;
    }
    if cli.talk.verbose {
        for suppressed in &verdict.suppressed {
            writeln!(
                stdout,
                "{}\n",
                render::suppressed(sources, located(&suppressed.finding), suppressed, words)
            )?;
        }
    }
    if !cli.talk.quiet {
        writeln!(stdout, "{}", render::verdict_summary(verdict, words))?;
    }
    stdout.flush()
}

/// The verdict for other programs.
fn report<'s>(
    sources: &'s [Source],
    verdict: &Verdict,
    against: &Against,
    knowledge: &Knowledge,
) -> Report<'s> {
    let root = match against {
        Against::Root(root) => Some(root.clone()),
        Against::AnyRoot => None,
    };
    let edits = root.as_ref().map(|root| edits(sources, verdict, root, knowledge));
    let edits = edits.unwrap_or_default();
    // Programs compare messages, whatever language their users read.
    let words = Catalogue::of(Language::English);
    let located = |finding: &Finding| {
        let places = finding.places.iter();
        let places: Vec<(usize, Span)> =
            places.filter_map(|place| verdict.locate(sources, place)).collect();
        let mut fixes: Vec<(usize, Edit)> = Vec::new();
        for &(source, span) in &places {
            // Edits stand in the order of the sources, and of each one's text.
            let first =
                edits.partition_point(|(own, edit)| (*own, edit.span.start) < (source, span.start));
            let here = edits.iter().skip(first);
            let here = here.take_while(|(own, edit)| *own == source && edit.span.start <= span.end);
            fixes.extend(here.filter(|(_, edit)| edit.span.end <= span.end).cloned());
        }
        fixes.sort();
        fixes.dedup();
        let object = finding.places.first().and_then(|place| verdict.object(place));
        Located {
            rule: finding.rule,
            severity: finding.severity,
            message: words.say(&finding.message),
            help: words.help(&finding.message),
            object: object.unwrap_or_default(),
            fixes,
            places,
        }
    };
    let suppressed = verdict.suppressed.iter().map(|suppressed| Suppressed {
        finding: located(&suppressed.finding),
        reason: suppressed.reason.clone(),
    });
    Report {
        sources,
        root: root.as_ref().map(Root::to_string),
        objects: verdict.objects,
        findings: verdict.findings.iter().map(located).collect(),
        suppressed: suppressed.collect(),
    }
}

/// What a rewrite would change, by source; nothing where there can be no rewrite.
fn edits(
    sources: &[Source],
    verdict: &Verdict,
    root: &Root,
    knowledge: &Knowledge,
) -> Vec<(usize, Edit)> {
    let from = verdict.roots.iter().filter_map(|path| Root::found(path.clone()));
    let options = Options {
        to: root.clone(),
        from: from.collect(),
        auto: false,
        windows: None,
        strict: false,
    };
    let rewritten = relocate(sources, &options, knowledge).map(|relocation| relocation.rewritten);
    let rewritten = rewritten.unwrap_or_default().into_iter().enumerate();
    rewritten
        .flat_map(|(source, file)| file.edits.into_iter().map(move |edit| (source, edit)))
        .collect()
}
