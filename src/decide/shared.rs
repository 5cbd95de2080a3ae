//! A scalar that an anchor shares among several uses can only be edited once.

use super::{Action, Analysis, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::sites::Site;
use crate::words::message;

/// Keeps a shared scalar as it is where its uses ask for different texts, and says so.
pub(super) fn reconcile(analysis: &mut Analysis) {
    let sites = analysis.sites.iter().enumerate();
    let mut uses: Vec<_> =
        sites.map(|(index, site)| ((site.node, site.range.start), index)).collect();
    uses.sort_unstable();
    let mut disagreeing: Vec<Vec<usize>> = uses
        .chunk_by(|(place, _), (next, _)| place == next)
        .filter(|uses| uses.len() > 1)
        .map(|uses| uses.iter().map(|(_, index)| *index).collect())
        .filter(|indices: &Vec<usize>| {
            let mut actions = indices
                .iter()
                .filter_map(|&index| analysis.decisions.get(index))
                .map(|decision| &decision.action);
            let first = actions.next();
            let moves = Action::edits;
            actions
                .any(|action| Some(action) != first && (moves(action) || first.is_some_and(moves)))
        })
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
                *decision = Decision::keep(Reason::SharedUsesDisagree);
            }
        }
    }
}
