//! Trees that are read on their own and then put where they belong.

use std::collections::VecDeque;

use super::budget::{Budget, Cost, MAX_DEPTH};
use super::build::{Builder, too_long};
use super::node::{Kind, NodeData, NodeId, Short};
use super::parse::ParseError;
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

impl Builder<'_> {
    /// Puts a branch here; its root becomes a child of the innermost collection. The tree is as if
    /// the branch had been read in its place.
    ///
    /// # Errors
    /// When it is too much with what is there.
    pub(super) fn graft(&mut self, branch: Branch) -> Result<(), ParseError> {
        let Branch { document, cost, budget } = branch;
        let start = document.span.start;
        let Some(root) = document.root else { return Ok(()) };
        if self.open.len() + cost.height > MAX_DEPTH {
            return Err(ParseError::too_deep(start));
        }
        self.budget.add(&budget, start)?;
        let far = || too_long(document.span);
        let shift = Shift::between(&document, &self.doc).ok_or_else(far)?;
        let (parent, in_flow) = self.place();
        let doc = &mut self.doc;
        for node in &document.nodes {
            doc.nodes.push(shift.node(node).ok_or_else(far)?);
        }
        for id in &document.items {
            doc.items.push(shift.id(*id).ok_or_else(far)?);
        }
        for (key, value) in &document.pairs {
            doc.pairs.push(shift.id(*key).zip(shift.id(*value)).ok_or_else(far)?);
        }
        for id in &document.aliased {
            doc.aliased.insert(shift.id(*id).ok_or_else(far)?);
        }
        doc.values.push_str(&document.values);
        let root = shift.id(root).ok_or_else(far)?;
        if let Some(node) = root.index().and_then(|at| doc.nodes.get_mut(at)) {
            (node.parent, node.in_flow) = (parent, in_flow);
        }
        self.attach(root);
        self.charge(cost);
        Ok(())
    }
}

/// How far what a document has moves when it becomes part of another one.
struct Shift {
    nodes: usize,
    items: usize,
    pairs: usize,
    values: usize,
    bytes: usize,
}

impl Shift {
    /// `None` where the one doesn't lie behind the other's beginning.
    fn between(from: &Document, to: &Document) -> Option<Self> {
        Some(Self {
            nodes: to.nodes.len(),
            items: to.items.len(),
            pairs: to.pairs.len(),
            values: to.values.len(),
            bytes: from.span.start.checked_sub(to.span.start)?,
        })
    }

    fn id(&self, id: NodeId) -> Option<NodeId> {
        NodeId::of(id.index()?.checked_add(self.nodes)?)
    }

    fn node(&self, node: &NodeData) -> Option<NodeData> {
        let content = node.content.behind(match node.kind {
            Kind::Scalar { .. } => self.values,
            Kind::Sequence { .. } => self.items,
            Kind::Mapping { .. } => self.pairs,
            Kind::Alias => self.nodes,
        })?;
        let span = node.span.behind(self.bytes)?;
        let parent = match node.parent {
            Some(parent) => Some(self.id(parent)?),
            None => None,
        };
        Some(NodeData { content, span, parent, ..node.clone() })
    }
}

impl Short {
    /// So much further on.
    fn behind(self, by: usize) -> Option<Self> {
        let range = self.as_range();
        Self::of(range.start.checked_add(by)?..range.end.checked_add(by)?)
    }
}
