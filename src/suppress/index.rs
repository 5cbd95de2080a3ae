//! Which claims hold at a place.

use super::{Placed, Scope, Spot};
use crate::finding::Rule;
use crate::yaml::NodeId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Claims by what they hold for. One line can have very many claims, and as many findings: claims
/// that hold together are asked together.
#[derive(Default)]
pub(super) struct Index {
    /// By source and the start of a line: its end.
    lines: BTreeMap<(usize, usize), usize>,
    groups: HashMap<(Ground, Rule), Group>,
}

/// What claims hold for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Ground {
    /// A line, by its source and start.
    Line(usize, usize),
    /// An object, by its document.
    Object(usize, NodeId),
}

/// Claims about one rule that hold for the same, in their order.
#[derive(Default)]
struct Group {
    claims: Vec<usize>,
    used: bool,
}

impl Index {
    /// Of claims that say which rule they are about.
    pub(super) fn of(claims: &[Placed]) -> Self {
        let mut index = Self::default();
        for (number, placed) in claims.iter().enumerate() {
            let Ok((rule, _)) = &placed.claim.said else { continue };
            let ground = match placed.scope {
                Scope::Line(source, Some(line)) => {
                    index.lines.entry((source, line.start)).or_insert(line.end);
                    Ground::Line(source, line.start)
                }
                Scope::Line(_, None) => continue,
                Scope::Object(doc, node) => Ground::Object(doc, node),
            };
            index.groups.entry((ground, *rule)).or_default().claims.push(number);
        }
        index
    }

    /// The first of the claims that hold at a place for a finding of this rule; all of them are used
    /// then.
    pub(super) fn covering(&mut self, spot: &Spot, rule: Rule) -> Option<usize> {
        let lines = spot.offsets.iter().filter_map(|&offset| {
            let before = self.lines.range(..=(spot.source, offset)).next_back();
            let (&(source, start), end) = before?;
            (source == spot.source && offset <= *end).then_some(Ground::Line(source, start))
        });
        let object = spot.object.map(|node| Ground::Object(spot.doc, node));
        let grounds: Vec<Ground> = lines.chain(object).collect();
        let mut first = None;
        for ground in grounds {
            let Some(group) = self.groups.get_mut(&(ground, rule)) else { continue };
            group.used = true;
            first = first.into_iter().chain(group.claims.first().copied()).min();
        }
        first
    }

    /// The claims that held for a finding.
    pub(super) fn used(&self) -> HashSet<usize> {
        let used = self.groups.values().filter(|group| group.used);
        used.flat_map(|group| group.claims.iter().copied()).collect()
    }
}
