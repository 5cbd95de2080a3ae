//! How a tree becomes part of another one.

use super::branch::Branch;
use super::budget::{MAX_DEPTH, too_deep};
use super::build::{Builder, too_long};
use super::error::ParseError;
use super::node::{Kind, NodeData, NodeId, Short};
use super::tree::Document;

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
            return Err(too_deep(start));
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
