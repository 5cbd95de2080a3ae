//! Bounds what walking a document, aliases followed, can cost.

use super::parse::{ParseError, ParseErrorKind};

/// Levels of nesting, those reached through aliases included. The parser's effort for deep flow
/// collections is quadratic, and later stages recurse; Kubernetes objects stay below 50.
pub(super) const MAX_DEPTH: usize = 1000;

/// What following an alias to a node costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Nodes, those of aliases counted each time.
    pub(super) nodes: u64,
    /// Levels, 1 for a scalar.
    pub(super) height: usize,
}

/// The cost of a scalar, and of a collection before its children are known.
pub(super) const LEAF: Cost = Cost { nodes: 1, height: 1 };

/// The nodes a decoder visits, and those of them it visits through an alias.
#[derive(Debug, Default)]
pub(super) struct Budget {
    visited: u64,
    aliased: u64,
}

impl Budget {
    /// Counts what another counted.
    pub(super) fn add(&mut self, other: &Self, offset: usize) -> Result<(), ParseError> {
        self.spend(other.visited, other.aliased, offset)
    }

    /// Counts nodes as Go's decoder does and stops where it says "excessive aliasing": small
    /// documents may consist of aliases to 99 %, large ones to 10 %.
    ///
    /// Counting an alias at once equals counting its nodes one by one, since the share of aliased
    /// nodes only grows meanwhile and the allowed share only falls.
    pub(super) fn spend(
        &mut self,
        nodes: u64,
        aliased: u64,
        offset: usize,
    ) -> Result<(), ParseError> {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        self.visited = self.visited.saturating_add(nodes);
        self.aliased = self.aliased.saturating_add(aliased);
        if self.aliased <= 100 || self.visited <= 1000 {
            return Ok(());
        }
        let (visited, aliased) = (self.visited as f64, self.aliased as f64);
        let excess = ((visited - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        if aliased / visited <= 0.99 - 0.89 * excess {
            return Ok(());
        }
        Err(ParseError {
            offset,
            message: "document contains excessive aliasing".to_owned(),
            kind: ParseErrorKind::AliasBomb,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_allowed_share_falls_with_the_size() {
        let spend = |nodes, aliased| Budget::default().spend(nodes, aliased, 0).is_ok();
        assert!(spend(1000, 1000), "small documents are free");
        assert!(spend(400_000, 100), "so are few aliases");
        assert!(spend(400_000, 395_999) && !spend(400_000, 396_100));
        assert!(spend(2_200_000, 1_190_000) && !spend(2_200_000, 1_210_000));
        assert!(spend(9_000_000, 890_000) && !spend(9_000_000, 910_000));
        assert!(!spend(u64::MAX, u64::MAX));
    }
}
