//! Bounds what walking a document, aliases followed, can cost.

use super::error::{ParseError, ParseErrorKind};

/// Levels of nesting, those reached through aliases included. The parser's effort for deep flow
/// collections is quadratic, and later stages recurse; Kubernetes objects stay below 50.
pub(super) const MAX_DEPTH: usize = 1000;

/// What is said of a text that is nested more deeply.
pub(super) fn too_deep(offset: usize) -> ParseError {
    ParseError {
        offset,
        message: format!("nested deeper than {MAX_DEPTH} levels"),
        kind: ParseErrorKind::TooDeep,
    }
}

/// What following an alias to a node costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Nodes, those of aliases counted each time.
    pub(super) nodes: u64,
    /// Levels, 1 for a scalar.
    pub(super) height: usize,
    /// Bytes of scalars' values, those of aliases counted each time.
    pub(super) bytes: u64,
}

/// The cost of an empty scalar, and of a collection before its children are known.
pub(super) const LEAF: Cost = Cost { nodes: 1, height: 1, bytes: 0 };

impl Cost {
    /// The cost of a scalar with this value.
    pub(super) fn of_scalar(value: &str) -> Self {
        Self { bytes: u64::try_from(value.len()).unwrap_or(u64::MAX), ..LEAF }
    }
}

/// The nodes a decoder visits, and those of them it visits through an alias; the bytes of values that
/// are written, and those that aliases repeat.
#[derive(Debug, Default)]
pub(super) struct Budget {
    visited: u64,
    aliased: u64,
    written: u64,
    repeated: u64,
}

impl Budget {
    /// Counts what another counted.
    pub(super) fn add(&mut self, other: &Self, offset: usize) -> Result<(), ParseError> {
        self.repeat(other.repeated, offset)?;
        self.written = self.written.saturating_add(other.written);
        self.spend(other.visited, other.aliased, offset)
    }

    /// Counts the bytes of a scalar's value.
    pub(super) fn write(&mut self, cost: Cost) {
        self.written = self.written.saturating_add(cost.bytes);
    }

    /// Counts bytes that an alias repeats. Go's decoder shares a text however often it's repeated, and
    /// counts it as one node; here each use is searched and decided on its own.
    pub(super) fn repeat(&mut self, bytes: u64, offset: usize) -> Result<(), ParseError> {
        const FREE: u64 = 1024 * 1024;
        const SHARE: u64 = 16;
        self.repeated = self.repeated.saturating_add(bytes);
        if self.repeated <= self.written.saturating_mul(SHARE).saturating_add(FREE) {
            return Ok(());
        }
        Err(bomb(offset, "aliases repeat far more text than the document has"))
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
        Err(bomb(offset, "document contains excessive aliasing"))
    }
}

fn bomb(offset: usize, message: &str) -> ParseError {
    ParseError { offset, message: message.to_owned(), kind: ParseErrorKind::AliasBomb }
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

    #[test]
    fn aliases_may_repeat_a_multiple_of_what_is_written() {
        let repeat = |written: &str, bytes| {
            let mut budget = Budget::default();
            budget.write(Cost::of_scalar(written));
            budget.repeat(bytes, 0).is_ok()
        };
        assert!(repeat("", 1024 * 1024) && !repeat("", 1024 * 1024 + 1));
        let (text, most) = ("x".repeat(1000), 1024 * 1024 + 16_000);
        assert!(repeat(&text, most) && !repeat(&text, most + 1));
        assert!(!repeat(&text, u64::MAX));
    }
}
