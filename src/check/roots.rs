//! Are all sites on one root?

use super::Scene;
use crate::decide::{Action, Analysis, Context};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::AbsPath;
use crate::model::Object;
use crate::roots::TO;
use crate::sites::Site;
use crate::words::message;
use std::collections::BTreeMap;

/// What is still below another root and nothing else was said about: one finding for each object.
pub(super) fn mixed(open: &[&Site], objects: &[Object], scene: &mut Scene<'_>) {
    let mut by_object: BTreeMap<usize, Vec<&Site>> = BTreeMap::new();
    for &site in open {
        by_object.entry(site.object).or_default().push(site);
    }
    for (object, sites) in by_object {
        let Some(first) = sites.first() else { continue };
        let name = objects.get(object).map_or_else(String::new, |object| object.name.to_string());
        let other = scene.context.roots.all().get(first.lie.root).cloned().unwrap_or_default();
        let root = scene.root().clone();
        scene.findings.push(Finding {
            rule: Rule::MixedRoots,
            severity: Severity::Warning,
            places: sites.iter().map(|site| site.place()).collect(),
            message: message!(
                "mixed-roots",
                count = sites.len(),
                other = &other,
                object = name,
                root = &root,
            ),
        });
    }
}

/// Without the root's value: whether the sites of all objects agree on one.
pub(super) fn agree(analysis: &Analysis, context: &Context<'_>) -> Vec<Finding> {
    let follows = |site: &Site| {
        site.windows.is_none()
            && !site.commented
            && context.knowledge.role(&site.lie.rest).host == HostSide::Moves
    };
    let mut by_root: BTreeMap<usize, Vec<&Site>> = BTreeMap::new();
    for (site, decision) in analysis.decided() {
        let counts = matches!(decision.action, Action::Move(_) | Action::Settled);
        if counts && follows(site) {
            by_root.entry(site.lie.root).or_default().push(site);
        }
    }
    let mut groups: Vec<(usize, Vec<&Site>)> = by_root.into_iter().collect();
    // The root that most sites name is taken for the right one; on a tie, the one that isn't the
    // default was chosen by somebody.
    groups.sort_by_key(|(root, sites)| (sites.len(), *root != TO));
    let root = |index: usize| context.roots.all().get(index).map(AbsPath::to_string);
    let most = groups.pop().and_then(|(index, _)| root(index)).unwrap_or_default();
    let finding = |(index, sites): (usize, Vec<&Site>)| Finding {
        rule: Rule::MixedRoots,
        severity: Severity::Error,
        places: sites.iter().map(|site| site.place()).collect(),
        message: message!(
            "mixed-roots-disagree",
            count = sites.len(),
            other = root(index).unwrap_or_default(),
            most = &most,
        ),
    };
    groups.into_iter().map(finding).collect()
}
