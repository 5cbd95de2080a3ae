//! Trees that are read on their own and then put where they belong.

use std::collections::VecDeque;

use super::budget::{Budget, Cost};
use super::tree::Document;

/// A document, with what walking it costs.
#[derive(Debug)]
pub struct Branch {
    pub(super) document: Document,
    pub(super) cost: Cost,
    pub(super) budget: Budget,
}

impl Branch {
    pub(super) fn into_document(mut self) -> Document {
        self.document.nodes.shrink_to_fit();
        self.document.items.shrink_to_fit();
        self.document.pairs.shrink_to_fit();
        self.document.values.shrink_to_fit();
        self.document
    }
}

/// Branches with the places where they belong, in order; a few of them at a time.
#[derive(Default)]
pub(super) struct Grafts<'a> {
    /// Places of which the branches have been read.
    ready: VecDeque<(usize, Branch)>,
    /// Reads the next ones, each with its place; `None` when one can't be read.
    more: Option<&'a mut More<'a>>,
    is_broken: bool,
}

/// What reads more branches; none are left when it reads none.
pub(super) type More<'a> = dyn FnMut() -> Option<Vec<(usize, Branch)>> + 'a;

impl<'a> Grafts<'a> {
    pub(super) fn new(more: &'a mut More<'a>) -> Self {
        Self { more: Some(more), ..Self::default() }
    }

    /// The branch that belongs here.
    pub(super) fn at(&mut self, place: usize) -> Option<Branch> {
        self.fill();
        self.ready.pop_front_if(|(at, _)| *at == place).map(|(_, branch)| branch)
    }

    /// Whether each could be read and has found its place.
    pub(super) fn are_done(&mut self) -> bool {
        self.fill();
        self.ready.is_empty() && !self.is_broken
    }

    fn fill(&mut self) {
        if self.ready.is_empty()
            && let Some(more) = &mut self.more
        {
            match more() {
                Some(branches) if !branches.is_empty() => self.ready = branches.into(),
                Some(_) => self.more = None,
                None => (self.more, self.is_broken) = (None, true),
            }
        }
    }
}
