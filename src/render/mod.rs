//! What a person reads: problems with their source line, the list of sites, the summary.

mod drawing;
mod explain;
pub(crate) mod helm;
pub(crate) mod knowledge;
mod mounts;
mod page;
mod pages;
mod sites;
mod style;
mod symptoms;
mod wrap;

pub use drawing::Drawing;
pub use explain::explanation;
pub use mounts::mounts;
pub use page::Page;
pub use pages::rule;
pub use sites::sites;
pub use symptoms::{nothing_known, symptom, symptoms};

use crate::check::Verdict;
use crate::decide::{Action, Added, Insertion};
use crate::error::Unreadable;
use crate::finding::{Finding, Severity};
use crate::model::Object;
use crate::relocate::Relocation;
use crate::report::plain;
use crate::sites::Site;
use crate::source::{Source, Span};
use crate::suppress::Suppressed;
use crate::words::{Catalogue, Message, message};
use annotate_snippets::{AnnotationKind, Level, Snippet, Title};

/// Lines longer than this are shown around the place only, in characters.
const LONGEST_LINE: usize = 140;

/// An input that can't be read: where, why, and the way out.
#[must_use]
pub fn unreadable(source: &Source, problem: &Unreadable, drawing: &Drawing) -> String {
    let span = Span { start: problem.offset, end: problem.offset };
    let said = Said {
        level: Level::ERROR,
        name: "error",
        id: None,
        message: &problem.message,
        help_name: "help",
        help: &problem.help,
    };
    diagnostic(source, span, &said, drawing)
}

/// A finding with its source line: the index of a source and its bytes there.
#[must_use]
pub fn finding(
    sources: &[Source],
    located: Option<(usize, Span)>,
    finding: &Finding,
    words: &Catalogue,
    drawing: &Drawing,
) -> String {
    let (level, name) = level(finding.severity);
    let said = Said {
        level,
        name: &words.say(&name),
        id: Some(finding.rule.id()),
        message: &words.say(&finding.message),
        help_name: &words.say(&message!("level-help")),
        help: &words.help(&finding.message),
    };
    match located.and_then(|(index, span)| Some((sources.get(index)?, span))) {
        Some((source, span)) => diagnostic(source, span, &said, drawing),
        None => drawing.renderer().render(&[said.title(drawing).element(said.help(0, drawing))]),
    }
}

/// What is said of a problem, in one language.
struct Said<'a> {
    level: Level<'static>,
    /// What the level is called.
    name: &'a str,
    /// The rule's id.
    id: Option<&'static str>,
    message: &'a str,
    help_name: &'a str,
    help: &'a str,
}

impl<'a> Said<'a> {
    fn title(&self, drawing: &Drawing) -> Title<'a> {
        let (open, id, close) = self.id.map_or(("", "", ""), |id| ("[", id, "]"));
        let message = drawing.fit(plain(self.message), &[self.name, open, id, close, ": "]);
        let title = self.level.clone().with_name(self.name).primary_title(message);
        match self.id {
            Some(id) => title.id(id),
            None => title,
        }
    }

    /// What to do; it stands below a line with this number, and is set in as much as that takes.
    fn help(&self, line: usize, drawing: &Drawing) -> annotate_snippets::Message<'a> {
        let number = line.to_string();
        let message = drawing.fit(plain(self.help), &[&number, " = ", self.help_name, ": "]);
        Level::HELP.with_name(self.help_name).message(message)
    }
}

/// Two lines: a finding that is accepted, and why.
#[must_use]
pub fn suppressed(
    sources: &[Source],
    located: Option<(usize, Span)>,
    suppressed: &Suppressed,
    words: &Catalogue,
) -> String {
    let Suppressed { finding, reason } = suppressed;
    let place = located.and_then(|(index, span)| {
        let source = sources.get(index)?;
        let at = source.line_col(span.start);
        Some(format!("{}:{}:{}", plain(source.name()), at.line, at.column))
    });
    let said = message!(
        "check-suppressed",
        rule = finding.rule.id(),
        place = place.unwrap_or_else(|| "none".to_owned()),
        finding = plain(&words.say(&finding.message)),
    );
    let reason = said.attribute("reason").with("reason", plain(reason));
    format!("{}\n  {}", words.say(&said), words.say(&reason))
}

/// One line: what a check came to.
#[must_use]
pub fn verdict_summary(verdict: &Verdict, words: &Catalogue) -> String {
    let count = |severity: Severity| {
        verdict.findings.iter().filter(|found| found.severity == severity).count()
    };
    if verdict.objects == 0 {
        return words.say(&message!("check-nothing-seen"));
    }
    words.say(&message!(
        "check-summary",
        findings = verdict.findings.len(),
        objects = verdict.objects,
        errors = count(Severity::Error),
        warnings = count(Severity::Warning),
        infos = count(Severity::Info),
        suppressed = verdict.suppressed.len(),
        tied = verdict.sites > 0,
    ))
}

/// How a severity is drawn, and what it is called.
pub(crate) fn level(severity: Severity) -> (Level<'static>, Message) {
    match severity {
        Severity::Error => (Level::ERROR, message!("level-error")),
        Severity::Warning => (Level::WARNING, message!("level-warning")),
        Severity::Info => (Level::INFO, message!("level-info")),
    }
}

fn diagnostic(source: &Source, span: Span, said: &Said<'_>, drawing: &Drawing) -> String {
    let at = source.line_col(span.start);
    let column = at.column.saturating_sub(1);
    let width = count(source.slice(span).chars()).max(1);
    let (shown, start) = window(source.text(), span.start, column);
    let start_byte = byte_of(&shown, start);
    let end_byte = byte_of(&shown, start.saturating_add(width)).max(start_byte);
    let snippet = Snippet::source(shown.as_str())
        .line_start(at.line)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(start_byte..end_byte));
    let (title, help) = (said.title(drawing), said.help(at.line, drawing));
    if start == column {
        let snippet = snippet.path(plain(source.name()));
        return drawing.renderer().render(&[title.element(snippet).element(help)]);
    }
    // A long line is shown in part; its columns have to be said in words.
    let origin = format!("{}:{}:{}", source.name(), at.line, at.column);
    let origin = annotate_snippets::Origin::path(plain(&origin));
    drawing.renderer().render(&[title.element(origin).element(snippet).element(help)])
}

/// The part of a line around a byte that is shown, and where the byte's column, which has this number,
/// is in it. The rest of the line isn't read: it may be the whole text, with very many findings.
fn window(text: &str, at: usize, column: usize) -> (String, usize) {
    let (before, after) = text.split_at_checked(text.floor_char_boundary(at)).unwrap_or((text, ""));
    // The second byte of a line break is no part of the line.
    let (before, column) = match before.strip_suffix('\r').filter(|_| after.starts_with('\n')) {
        Some(before) => (before, column.saturating_sub(1)),
        None => (before, column),
    };
    let behind = count(after.chars());
    let lead = match column + behind <= LONGEST_LINE {
        true => column,
        false => column.min((LONGEST_LINE / 2).max(LONGEST_LINE.saturating_sub(behind))),
    };
    let first = before.char_indices().rev().take(lead).last().map_or(before.len(), |(at, _)| at);
    let follows = LONGEST_LINE.saturating_sub(lead).min(behind);
    let part = before.get(first..).unwrap_or_default().chars().chain(after.chars().take(follows));
    let part: String = part.collect();
    let (dots, start) = if lead < column { ("…", lead + 1) } else { ("", lead) };
    let rest = if follows < behind { "…" } else { "" };
    (format!("{dots}{}{rest}", plain(&part)), start)
}

/// How many characters stand before the end of a line; no more are counted than can be shown.
fn count(text: impl Iterator<Item = char>) -> usize {
    text.take_while(|&c| c != '\n' && c != '\r').take(LONGEST_LINE + 1).count()
}

fn byte_of(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
}

/// One line: what was done, and in how many files when there is more than one.
#[must_use]
pub fn summary(relocation: &Relocation, words: &Catalogue) -> String {
    let analysis = &relocation.analysis;
    let count = |wanted: fn(&Action) -> bool| {
        analysis.decisions.iter().filter(|decision| wanted(&decision.action)).count()
    };
    let files = relocation.rewritten.len();
    let changed = relocation.rewritten.iter().filter(|file| file.output.is_some()).count();
    let is_propagation = |added: &&Insertion| matches!(added.what, Added::Propagation(_));
    let propagated = analysis.insertions.iter().filter(is_propagation).count();
    // One file needs no mention.
    words.say(&message!(
        "rewrite-summary",
        moved = count(Action::edits),
        kept = count(|action| matches!(action, Action::Keep)),
        settled = count(|action| matches!(action, Action::Settled)),
        root = relocation.roots.to(),
        files = if files > 1 { files } else { 0 },
        changed = changed,
        propagated = propagated,
        added = analysis.insertions.len() - propagated,
        findings = analysis.findings.len(),
        suppressed = relocation.suppressed.len(),
    ))
}

/// The field as a person looks for it: which container, which variable.
fn field(site: &Site, object: &Object, words: &Catalogue) -> String {
    let pod = site.pod.and_then(|pod| object.pods.get(pod));
    let container = pod.zip(site.container).and_then(|(pod, number)| pod.containers.get(number));
    let prefix = container.map_or_else(String::new, |container| format!("{} ", container.name));
    plain(&format!("{prefix}{}", words.say(&site.field.message())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_around_its_place() {
        let line = format!("a: b\n{}y{}\r\nc", "ä".repeat(500), "x".repeat(499));
        let (shown, start) = window(&line, 5 + 1000, 500);
        assert_eq!(shown.chars().count(), LONGEST_LINE + 2);
        assert_eq!(shown.chars().nth(start), Some('y'));
        // At the end of the line, and at the break behind it.
        for (at, column) in [(line.len() - 4, 999), (line.len() - 3, 1000), (line.len() - 2, 1001)]
        {
            let (shown, start) = window(&line, at, column);
            assert_eq!(shown, format!("…{}", "x".repeat(LONGEST_LINE)));
            assert_eq!(start, LONGEST_LINE.min(column - 999 + LONGEST_LINE - 1) + 1);
        }
        let (shown, start) = window(&line, 5, 0);
        assert_eq!((shown, start), (format!("{}…", "ä".repeat(LONGEST_LINE)), 0));
        assert_eq!(window("short\nnext", 2, 2), ("short".to_owned(), 2));
        assert_eq!(window("", 0, 0), (String::new(), 0));
    }

    #[test]
    fn control_characters_are_not_passed_on() {
        assert_eq!(plain("a\u{1b}[31mb"), "a\u{fffd}[31mb");
    }
}
