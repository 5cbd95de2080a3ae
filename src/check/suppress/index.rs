//! Which claims hold at a place.

use super::{Placed, Scope, Spot};
use crate::finding::Rule;
use crate::yaml::NodeId;
use std::collections::{BTreeMap, HashMap};

/// Claims by what they hold for.
#[derive(Default)]
pub(super) struct Index {
    /// By source and the start of a line: its end, and the claims.
    lines: BTreeMap<(usize, usize), (usize, Vec<usize>)>,
    objects: HashMap<(usize, NodeId, Rule), Vec<usize>>,
}

impl Index {
    /// Of claims that say which rule they are about.
    pub(super) fn of(claims: &[Placed]) -> Self {
        let mut index = Self::default();
        for (number, placed) in claims.iter().enumerate() {
            let Ok((rule, _)) = &placed.claim.said else { continue };
            match placed.scope {
                Scope::Line(source, Some(line)) => {
                    let (_, there) =
                        index.lines.entry((source, line.start)).or_insert((line.end, Vec::new()));
                    there.push(number);
                }
                Scope::Line(_, None) => {}
                Scope::Object(doc, node) => {
                    index.objects.entry((doc, node, *rule)).or_default().push(number);
                }
            }
        }
        index
    }

    /// The claims that hold at a place for a finding of this rule, or for some other on the same
    /// line, in their order.
    pub(super) fn covering(&self, spot: &Spot, rule: Rule) -> Vec<usize> {
        let mut found = Vec::new();
        for &offset in &spot.offsets {
            let before = self.lines.range(..=(spot.source, offset)).next_back();
            if let Some((&(source, _), (end, there))) = before
                && source == spot.source
                && offset <= *end
            {
                found.extend_from_slice(there);
            }
        }
        let of_object = spot.object.and_then(|node| self.objects.get(&(spot.doc, node, rule)));
        found.extend(of_object.into_iter().flatten());
        found.sort_unstable();
        found.dedup();
        found
    }
}
