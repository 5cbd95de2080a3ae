//! The list of sites that a rewrite shows with `--verbose`.

use super::field;
use crate::decide::Action;
use crate::finding::Place;
use crate::relocate::Relocation;
use crate::report::plain;
use crate::source::Source;
use crate::words::{Catalogue, message};
use std::fmt::Write as _;

/// Every site with its decision and reason, grouped by object, in the order of the sources.
#[must_use]
pub fn sites(sources: &[Source], relocation: &Relocation, words: &Catalogue) -> String {
    let mut rows = rows(sources, relocation, words);
    rows.sort_by_key(|row| row.order);
    let place = rows.iter().map(|row| row.place.len()).max().unwrap_or(0);
    let action = rows.iter().map(|row| textwrap::core::display_width(&row.action)).max();
    let action = action.unwrap_or(0);
    let indent = " ".repeat(2 + place + 2 + action + 2);
    let mut out = String::new();
    let mut heading = "";
    for Row { object, place: at, action: what, path, field, reason, .. } in &rows {
        if object != heading {
            let _ = writeln!(out, "{object}");
            heading = object;
        }
        let gap = " ".repeat(action.saturating_sub(textwrap::core::display_width(what)));
        let _ = writeln!(out, "  {at:>place$}  {what}{gap}  {path}");
        let _ = writeln!(out, "{indent}{field}: {reason}");
    }
    out
}

struct Row {
    /// The source, and the offset in it.
    order: (usize, usize),
    object: String,
    place: String,
    action: String,
    path: String,
    field: String,
    reason: String,
}

fn rows(sources: &[Source], relocation: &Relocation, words: &Catalogue) -> Vec<Row> {
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
            Action::Move(_) | Action::Respell(_) => message!("action-moved"),
            Action::Keep => message!("action-kept"),
            Action::Settled => message!("action-there"),
        };
        let action = words.say(&action);
        let field = object_of(site.doc, site.object)
            .map_or_else(String::new, |object| field(site, object, words));
        let reason = plain(&words.say(&decision.reason.message()));
        rows.push(Row { order, object, place, action, path: plain(&site.path), field, reason });
    }
    for insertion in &analysis.insertions {
        let place = insertion.place();
        let Some((order, object, place)) = row(insertion.doc, insertion.object, &place) else {
            continue;
        };
        rows.push(Row {
            order,
            object,
            place,
            action: words.say(&message!("action-added")),
            path: plain(insertion.line()),
            field: words.say(&insertion.field()),
            reason: words.say(&insertion.reason()),
        });
    }
    rows
}
