//! What a person reads: problems with their source line, the list of sites, the summary.

use crate::check::{Suppressed, Verdict};
use crate::decide::Action;
use crate::error::Unreadable;
use crate::finding::{Finding, Place, Severity};
use crate::model::Object;
use crate::relocate::Relocation;
use crate::report::plain;
use crate::sites::{Field, Site};
use crate::source::{Source, Span};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::Write as _;

/// Lines longer than this are shown around the place only, in characters.
const LONGEST_LINE: usize = 140;

/// An input that can't be read: where, why, and the way out.
#[must_use]
pub fn unreadable(source: &Source, problem: &Unreadable, renderer: &Renderer) -> String {
    let span = Span { start: problem.offset, end: problem.offset };
    diagnostic(
        source,
        span,
        Level::ERROR.primary_title(plain(&problem.message)),
        &problem.help,
        renderer,
    )
}

/// A finding of a rewrite with its source line.
#[must_use]
pub fn finding(
    sources: &[Source],
    relocation: &Relocation,
    finding: &Finding,
    renderer: &Renderer,
) -> String {
    let located = finding.places.first().and_then(|place| {
        let index = relocation.source_of(place.doc);
        Some((index, relocation.span(sources.get(index)?, place)))
    });
    problem(sources, located, finding, renderer)
}

/// A finding of a check with its source line.
#[must_use]
pub fn verdict(
    sources: &[Source],
    verdict: &Verdict,
    finding: &Finding,
    renderer: &Renderer,
) -> String {
    let located = finding.places.first().and_then(|place| verdict.locate(sources, place));
    problem(sources, located, finding, renderer)
}

/// A finding at a place: a source's index and its bytes there.
fn problem(
    sources: &[Source],
    located: Option<(usize, Span)>,
    finding: &Finding,
    renderer: &Renderer,
) -> String {
    let title =
        level(finding.severity).primary_title(plain(&finding.message)).id(finding.rule.id());
    let Some((source, span)) = located.and_then(|(index, span)| Some((sources.get(index)?, span)))
    else {
        return renderer.render(&[title.element(Level::HELP.message(plain(&finding.help)))]);
    };
    diagnostic(source, span, title, &finding.help, renderer)
}

/// Two lines: a finding that is accepted, and why.
#[must_use]
pub fn suppressed(sources: &[Source], verdict: &Verdict, suppressed: &Suppressed) -> String {
    let Suppressed { finding, reason } = suppressed;
    let located = finding.places.first().and_then(|place| verdict.locate(sources, place));
    let place = located.and_then(|(index, span)| {
        let source = sources.get(index)?;
        let at = source.line_col(span.start);
        Some(format!(" at {}:{}:{}", plain(source.name()), at.line, at.column))
    });
    format!(
        "suppressed[{}]{}: {}\n  reason: {}",
        finding.rule.id(),
        place.unwrap_or_default(),
        plain(&finding.message),
        plain(reason)
    )
}

/// One line: what a check came to.
#[must_use]
pub fn verdict_summary(verdict: &Verdict) -> String {
    let count = |severity: Severity, word: &str| {
        let count = verdict.findings.iter().filter(|found| found.severity == severity).count();
        counted(count, word)
    };
    if verdict.objects == 0 {
        return "no Kubernetes object was seen: there is nothing to judge".to_owned();
    }
    let suppressed = match verdict.suppressed.len() {
        0 => String::new(),
        count => format!(", {count} suppressed"),
    };
    format!(
        "{} in {}: {}, {}, {} for information{suppressed}",
        counted(verdict.findings.len(), "finding"),
        counted(verdict.objects, "object"),
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
        verdict.findings.iter().filter(|found| found.severity == Severity::Info).count(),
    )
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

fn diagnostic(
    source: &Source,
    span: Span,
    title: annotate_snippets::Title<'_>,
    help: &str,
    renderer: &Renderer,
) -> String {
    let at = source.line_col(span.start);
    let line = source.line_text(at.line);
    let column = at.column.saturating_sub(1);
    let width = source.slice(span).chars().take_while(|&c| c != '\n' && c != '\r').count().max(1);
    let (shown, start) = window(line, column);
    let start_byte = byte_of(&shown, start);
    let end_byte = byte_of(&shown, start.saturating_add(width)).max(start_byte);
    let help = Level::HELP.message(plain(help));
    let snippet = Snippet::source(shown.as_str())
        .line_start(at.line)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(start_byte..end_byte));
    if start == column {
        let snippet = snippet.path(plain(source.name()));
        return renderer.render(&[title.element(snippet).element(help)]);
    }
    // A long line is shown in part; its columns have to be said in words.
    let origin = format!("{}:{}:{}", source.name(), at.line, at.column);
    let origin = annotate_snippets::Origin::path(plain(&origin));
    renderer.render(&[title.element(origin).element(snippet).element(help)])
}

/// The part of a line around a column that is shown, and where the column is in it.
fn window(line: &str, column: usize) -> (String, usize) {
    let length = line.chars().count();
    if length <= LONGEST_LINE {
        return (plain(line), column.min(length));
    }
    let from = column.saturating_sub(LONGEST_LINE / 2).min(length.saturating_sub(LONGEST_LINE));
    let mut shown = String::new();
    let mut start = column - from;
    if from > 0 {
        shown.push('…');
        start += 1;
    }
    let part: String = line.chars().skip(from).take(LONGEST_LINE).collect();
    shown.push_str(&plain(&part));
    if from + LONGEST_LINE < length {
        shown.push('…');
    }
    (shown, start)
}

fn byte_of(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
}

/// One line: what was done, and in how many files when there is more than one.
#[must_use]
pub fn summary(relocation: &Relocation) -> String {
    let analysis = &relocation.analysis;
    let count = |wanted: fn(&Action) -> bool| {
        analysis.decisions.iter().filter(|decision| wanted(&decision.action)).count()
    };
    let moved = count(Action::edits);
    let kept = count(|action| matches!(action, Action::Keep));
    let settled = count(|action| matches!(action, Action::Settled));
    let mut line = format!("{} moved", counted(moved, "site"));
    let files = relocation.rewritten.len();
    if files > 1 {
        let changed = relocation.rewritten.iter().filter(|file| file.output.is_some()).count();
        let _ = write!(line, " in {changed} of {files} files");
    }
    let _ = write!(line, ", {kept} kept");
    if settled > 0 {
        let _ = write!(line, ", {settled} already below {}", relocation.roots.to());
    }
    if !analysis.propagation.is_empty() {
        let _ = write!(
            line,
            ", propagation restored in {}",
            counted(analysis.propagation.len(), "mount")
        );
    }
    let _ = write!(line, ", {}", counted(analysis.findings.len(), "finding"));
    line
}

fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

/// Every site with its decision and reason, grouped by object, in the order of the sources.
#[must_use]
pub fn sites(sources: &[Source], relocation: &Relocation) -> String {
    let mut rows = rows(sources, relocation);
    rows.sort_by_key(|row| row.order);
    let place = rows.iter().map(|row| row.place.len()).max().unwrap_or(0);
    let action = rows.iter().map(|row| row.action.len()).max().unwrap_or(0);
    let indent = " ".repeat(2 + place + 2 + action + 2);
    let mut out = String::new();
    let mut heading = "";
    for Row { object, place: at, action: what, path, field, reason, .. } in &rows {
        if object != heading {
            let _ = writeln!(out, "{object}");
            heading = object;
        }
        let _ = writeln!(out, "  {at:>place$}  {what:<action$}  {path}");
        let _ = writeln!(out, "{indent}{field}: {reason}");
    }
    out
}

struct Row {
    /// The source, and the offset in it.
    order: (usize, usize),
    object: String,
    place: String,
    action: &'static str,
    path: String,
    field: String,
    reason: String,
}

fn rows(sources: &[Source], relocation: &Relocation) -> Vec<Row> {
    let analysis = &relocation.analysis;
    let object_of = |doc: usize, object: usize| {
        analysis.objects.get(doc).and_then(|objects| objects.get(object))
    };
    let row = |doc: usize, object: usize, place: &Place| {
        let number = relocation.source_of(doc);
        let source = sources.get(number)?;
        let span = relocation.span(source, place);
        let at = source.line_col(span.start);
        let mut heading = object_of(doc, object)
            .map_or_else(String::new, |object| plain(&object.name.to_string()));
        if sources.len() > 1 {
            heading = format!("{}: {heading}", plain(source.name()));
        }
        Some(((number, span.start), heading, format!("{}:{}", at.line, at.column)))
    };
    let mut rows = Vec::new();
    for (site, decision) in analysis.decided() {
        let place = site.place();
        let Some((order, object, place)) = row(site.doc, site.object, &place) else { continue };
        let action = match decision.action {
            Action::Move(_) | Action::Respell(_) => "moved",
            Action::Keep => "kept",
            Action::Settled => "there",
        };
        let field =
            object_of(site.doc, site.object).map_or_else(String::new, |object| field(site, object));
        let reason = plain(&decision.reason.to_string());
        rows.push(Row { order, object, place, action, path: plain(&site.path), field, reason });
    }
    for insertion in &analysis.propagation {
        let place = Place { doc: insertion.doc, node: insertion.mount, range: None };
        let Some((order, object, place)) = row(insertion.doc, insertion.object, &place) else {
            continue;
        };
        rows.push(Row {
            order,
            object,
            place,
            action: "added",
            path: "mountPropagation: Bidirectional".to_owned(),
            field: "volumeMounts".to_owned(),
            reason: "without it, what the driver mounts never reaches the host".to_owned(),
        });
    }
    rows
}

/// The field as a person looks for it: which container, which variable.
fn field(site: &Site, object: &Object) -> String {
    let pod = site.pod.and_then(|pod| object.pods.get(pod));
    let container = pod.zip(site.container).and_then(|(pod, number)| pod.containers.get(number));
    let prefix = container.map_or_else(String::new, |container| format!("{} ", container.name));
    let field = match &site.field {
        Field::HostPath(volume) => format!("hostPath of volume {volume}"),
        Field::MountPath(_) => "mountPath".to_owned(),
        Field::Env(name) => format!("env {name}"),
        Field::Line(field) | Field::Object(field) => (*field).to_owned(),
        Field::Elsewhere(_, path) => path.clone(),
    };
    plain(&format!("{prefix}{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_shown_around_its_place() {
        let line = "x".repeat(1000);
        let (shown, start) = window(&line, 500);
        assert_eq!(shown.chars().count(), LONGEST_LINE + 2);
        assert_eq!(shown.chars().nth(start), Some('x'));
        assert_eq!(window("short", 2), ("short".to_owned(), 2));
    }

    #[test]
    fn control_characters_are_not_passed_on() {
        assert_eq!(plain("a\u{1b}[31mb"), "a\u{fffd}[31mb");
    }
}
