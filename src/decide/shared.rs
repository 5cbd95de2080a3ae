//! A scalar that an anchor shares among several uses can only be edited once.

use super::{Action, Analysis, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::model::Sourced;
use crate::sites::Site;
use crate::words::message;
use crate::yaml::Document;
use std::ops::Range;

/// Keeps a shared scalar as it is where its uses ask for different texts, and says so.
pub(super) fn reconcile(docs: &[Sourced<'_>], analysis: &mut Analysis) {
    let aliased = docs.iter().enumerate().filter(|(_, sourced)| sourced.doc.has_aliases());
    for (index, sourced) in aliased {
        let is_before = |end: usize| analysis.sites.partition_point(|site| site.doc < end);
        let own = is_before(index)..is_before(index + 1);
        reconcile_in(sourced.doc, own, analysis);
    }
}

/// The same in one document, whose sites are some of all.
fn reconcile_in(doc: &Document, own: Range<usize>, analysis: &mut Analysis) {
    let sites = analysis.sites.iter().enumerate().take(own.end).skip(own.start);
    let mut uses: Vec<_> =
        sites.map(|(index, site)| ((site.node, site.range.start), index)).collect();
    uses.sort_unstable();
    let mut disagreeing: Vec<Vec<usize>> = uses
        .chunk_by(|(place, _), (next, _)| place == next)
        .map(|uses| uses.iter().map(|(_, index)| *index))
        .filter(|uses| match uses.len() {
            1 => uses.clone().all(|index| is_half_seen(doc, analysis, index)),
            _ => disagree(analysis, uses.clone()),
        })
        .map(Iterator::collect)
        .collect();
    disagreeing.sort();
    for indices in disagreeing {
        let sites = indices.iter().filter_map(|&index| analysis.sites.get(index));
        let places = sites.take(1).map(Site::place).collect();
        let path = indices
            .first()
            .and_then(|&index| analysis.sites.get(index))
            .map_or("", |site| site.path.as_str());
        analysis.findings.push(Finding {
            rule: Rule::SharedScalar,
            severity: Severity::Error,
            places,
            message: message!("shared-scalar", path = path),
        });
        for index in indices {
            if let Some(decision) = analysis.decisions.get_mut(index) {
                let goes_back = matches!(decision.reason, Reason::GoesBack(_));
                let would_move = decision.action.edits() && !goes_back;
                *decision = Decision::keep(Reason::SharedUsesDisagree(would_move));
            }
        }
    }
}

/// Whether the sites of a scalar ask for different texts.
fn disagree(analysis: &Analysis, sites: impl Iterator<Item = usize>) -> bool {
    let decisions = sites.filter_map(|index| analysis.decisions.get(index));
    let mut actions = decisions.map(|decision| &decision.action);
    let first = actions.next();
    let moves = Action::edits;
    actions.any(|action| Some(action) != first && (moves(action) || first.is_some_and(moves)))
}

/// Whether a site is the only one of a scalar with several uses, and moves: behind a mount of the
/// root's ancestor a path is one, and where that mount isn't, none.
fn is_half_seen(doc: &Document, analysis: &Analysis, index: usize) -> bool {
    let decided = analysis.sites.get(index).zip(analysis.decisions.get(index));
    decided.is_some_and(|(site, decision)| {
        site.lie.via.is_some() && decision.action.edits() && doc.is_aliased(site.node)
    })
}
