//! Scripts that give the root to a variable of their own: what they name through it moves with it, also
//! what doesn't follow the root.

use super::expand::references;
use super::registration::assigned;
use super::{Action, Analysis, Context};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::{AbsPath, path_end};
use crate::model::Sourced;
use crate::sites::{Field, Lines, Passage, Site};
use crate::words::{Message, message};
use crate::yaml::{Document, NodeId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What follows the root in the values that move, by the variables' names.
type Given<'a> = HashMap<&'a str, &'a str>;

/// Tells of paths that never move, put together from a variable that a script sets and that moves. The
/// scripts of one ConfigMap may read each other's.
pub(super) fn kept_through(
    docs: &[Sourced<'_>],
    analysis: &Analysis,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut given: BTreeMap<(usize, usize, Option<NodeId>), Given<'_>> = BTreeMap::new();
    for (site, decision) in analysis.decided() {
        if !matches!(decision.action, Action::Move(_)) {
            continue;
        }
        let text = docs.get(site.doc).and_then(|sourced| sourced.doc.str(site.node));
        let Some(name) = text.and_then(|text| set_to(text, site)) else { continue };
        let is_shared = matches!(site.field, Field::Elsewhere(Passage::Config, _));
        let holder = (site.doc, site.object, (!is_shared).then_some(site.node));
        given.entry(holder).or_default().entry(name).or_insert(&site.lie.rest);
    }
    let mut findings = Vec::new();
    for ((number, object, node), given) in given {
        let Some(doc) = docs.get(number).map(|sourced| sourced.doc) else { continue };
        let object = analysis.objects.get(number).and_then(|objects| objects.get(object));
        let data = object.and_then(|object| doc.get(object.node, "data"));
        let data = data.filter(|_| node.is_none()).map_or(&[][..], |data| doc.entries(data));
        // Of each reason the first path is told.
        let mut told = HashSet::new();
        for text in node.into_iter().chain(data.iter().map(|&(_, value)| doc.resolve(value))) {
            in_text((number, doc, text), &given, &mut told, context, &mut findings);
        }
    }
    findings
}

/// The variable to which a script gives the path of a site: `NAME=/var/lib/kubelet`.
fn set_to<'t>(text: &'t str, site: &Site) -> Option<&'t str> {
    let before = text.get(..site.path_range.start)?.trim_end_matches('/');
    assigned(before.strip_suffix(['"', '\'']).unwrap_or(before).strip_suffix('=')?)
}

fn in_text(
    (number, doc, node): (usize, &Document, NodeId),
    given: &Given<'_>,
    told: &mut HashSet<Message>,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(text) = doc.str(node) else { return };
    let mut lines = Lines::default();
    for (range, name) in references(text) {
        let Some(root) = given.get(name).filter(|_| !lines.is_comment(text, range.start)) else {
            continue;
        };
        let behind = text.get(range.end..).unwrap_or_default();
        let start = range.end + usize::from(behind.starts_with(['"', '\'']));
        let end = path_end(text, start);
        let Some(rest) = text.get(start..end).filter(|rest| rest.starts_with('/')) else {
            continue;
        };
        let below = AbsPath::default().join(root).join_text(rest);
        let Some(path) = below.map(AbsPath::into_rest) else { continue };
        let row = context.role(&path);
        let Some(why) = row.why().filter(|_| row.host == HostSide::Stays) else { continue };
        if !told.insert(why.clone()) {
            continue;
        }
        findings.push(Finding {
            rule: Rule::StaysBelowMovedMount,
            severity: Severity::Warning,
            places: vec![Place { doc: number, node, range: Some(range.start..end) }],
            message: message!("stays-below-moved-mount-variable", path = path, why = why),
        });
    }
}
