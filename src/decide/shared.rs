//! A scalar that an anchor shares among several uses can only be edited once.

use super::{Action, Analysis, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::sites::Site;
use crate::words::message;
use std::collections::HashMap;

/// Keeps a shared scalar as it is where its uses ask for different texts, and says so.
pub(super) fn reconcile(analysis: &mut Analysis) {
    let mut uses: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, site) in analysis.sites.iter().enumerate() {
        uses.entry((site.node, site.range.start)).or_default().push(index);
    }
    let mut disagreeing: Vec<Vec<usize>> = uses
        .into_values()
        .filter(|indices| {
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
