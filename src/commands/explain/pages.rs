//! Pages: what a rule or a symptom means, and which symptoms a log shows.

use super::super::{print_bytes, unless_closed, unless_log};
use crate::cli::{Cli, ExplainFormat, Lang};
use crate::commands::outcome::{Failure, Success};
use crate::commands::{page, print};
use crate::finding::Rule;
use crate::knowledge::Pages;
use crate::render;
use crate::report;
use crate::symptoms::{BLOCK_BYTES, Group, Symptom, Symptoms, Tally, advice};
use crate::talk::Talk;
use crate::usage;
use crate::words::{Message, message};
use anyhow::Context as _;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::Path;

/// Something that has a page.
#[derive(Clone, Copy)]
pub(super) enum Topic<'s> {
    Rule(Rule),
    Symptom(&'s Symptom),
}

/// Prints pages.
pub(super) fn topics(
    topics: &[Topic<'_>],
    format: ExplainFormat,
    cli: &Cli,
    talk: &Talk,
) -> Result<Success, Failure> {
    let pages = Pages::builtin().map_err(anyhow::Error::from)?;
    let written = match format {
        ExplainFormat::Human => {
            let page = page(cli, talk);
            let text = topics.iter().map(|topic| match topic {
                Topic::Rule(rule) => render::rule(*rule, pages.page(*rule), page),
                Topic::Symptom(symptom) => render::symptom(symptom, page),
            });
            print(cli, &text.collect::<Vec<_>>().join("\n"))
        }
        ExplainFormat::Json => {
            let rules = topics.iter().filter_map(|topic| match topic {
                Topic::Rule(rule) => Some((*rule, pages.page(*rule))),
                Topic::Symptom(_) => None,
            });
            let symptoms = topics.iter().filter_map(|topic| match topic {
                Topic::Symptom(symptom) => Some(*symptom),
                Topic::Rule(_) => None,
            });
            let report = report::pages(&rules.collect::<Vec<_>>(), &symptoms.collect::<Vec<_>>());
            print_bytes(report.as_bytes())
        }
    };
    written.or_else(unless_closed)?;
    Ok(Success::Clean)
}

/// Says which symptoms a line or a log shows.
pub(super) fn symptoms(
    asked: &OsStr,
    format: ExplainFormat,
    cli: &Cli,
    talk: &Talk,
) -> Result<Success, Failure> {
    let symptoms = Symptoms::builtin().map_err(anyhow::Error::from)?;
    let Asked { groups, lines, is_log } = asked_about(asked, &symptoms, talk)?;
    if lines == 0 {
        talk.say(&talk.words().say(&message!("symptoms-empty")));
        return Ok(Success::NothingSeen);
    }
    let advice = advice(&groups, cli.roots.kubelet_root.as_ref());
    let page = page(cli, talk);
    let written = match format {
        ExplainFormat::Json => print_bytes(report::symptoms(&groups, &advice).as_bytes()),
        ExplainFormat::Human if groups.is_empty() => {
            print(cli, &render::nothing_known(lines, page))
        }
        ExplainFormat::Human => print(cli, &render::symptoms(&groups, &advice, is_log, page)),
    };
    written.or_else(unless_closed)?;
    let is_spoken_to = format == ExplainFormat::Human && !cli.talk.quiet;
    if let Some(hint) = hint(asked, &groups, is_log, cli, &symptoms).filter(|_| is_spoken_to) {
        talk.say(&talk.words().say(&hint));
    }
    Ok(if groups.is_empty() { Success::WithFindings } else { Success::Clean })
}

/// What was looked at.
struct Asked<'s> {
    groups: Vec<Group<'s>>,
    lines: usize,
    /// A log was read; otherwise a text that somebody passed on.
    is_log: bool,
}

fn asked_about<'s>(
    asked: &OsStr,
    symptoms: &'s Symptoms,
    talk: &Talk,
) -> Result<Asked<'s>, Failure> {
    let path = Path::new(asked);
    let (groups, lines) = if asked == "-" {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            return Err(Failure::Usage(usage::no_log_to_read()));
        }
        unless_log([Path::new("/dev/stdin")], talk)?;
        read(symptoms, stdin.lock(), talk)?
    } else if path.is_dir() {
        return Err(Failure::Usage(usage::symptom_is_a_folder(path)));
    } else if path.exists() {
        unless_log([path], talk)?;
        // Also a pipe that a shell names: `--symptom <(journalctl -u kubelet)`.
        let file = File::open(path);
        let file = file.with_context(|| format!("can't read the log {}", path.display()))?;
        read(symptoms, file, talk)?
    } else {
        let text = asked.to_string_lossy();
        let lines = text.lines().count();
        return Ok(Asked { groups: symptoms.explain(&text), lines, is_log: lines > 1 });
    };
    Ok(Asked { groups, lines, is_log: true })
}

/// What a person may have meant, or may want besides.
fn hint(
    asked: &OsStr,
    groups: &[Group<'_>],
    is_log: bool,
    cli: &Cli,
    symptoms: &Symptoms,
) -> Option<Message> {
    let text = asked.to_str().filter(|_| !is_log)?;
    let has_page = Rule::of(text).is_some() || symptoms.by_id(text).is_some();
    let looks_like_file = !text.contains(' ') && text.contains(['.', '/']) && text.is_ascii();
    if has_page {
        Some(message!("symptoms-page", id = text))
    } else if groups.is_empty() && looks_like_file {
        Some(message!("symptoms-no-file", file = text))
    } else if cli.talk.lang == Lang::En && is_chinese(text) {
        Some(message!("symptoms-chinese"))
    } else {
        None
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Reads a log to its end, and counts its lines.
fn read<'s>(
    symptoms: &'s Symptoms,
    mut log: impl Read,
    talk: &Talk,
) -> Result<(Vec<Group<'s>>, usize), Failure> {
    let progress = talk.progress();
    progress.start_unknown("reading");
    let mut tally = Tally::new(symptoms);
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let filled = fill(&mut log, &mut block).context("can't read the log")?;
        tally.feed(block.get(..filled).unwrap_or_default());
        if filled < block.len() {
            let lines = usize::try_from(tally.lines()).unwrap_or(usize::MAX);
            if let Some(how) = tally.unreadable() {
                return Err(Failure::Usage(usage::unreadable_log(how.command())));
            }
            return Ok((tally.finish(), lines));
        }
    }
}

/// Reads until the block is full or the log is at its end; a pipe gives little at a time.
fn fill(log: &mut impl Read, block: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match log.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
