//! Builds a [`Document`] from the parser's events and refuses what would harm later stages.

use std::collections::HashMap;

use super::branch::Branch;
use super::budget::{Budget, Cost, LEAF, MAX_DEPTH, too_deep};
use super::error::ParseError;
use super::node::{Kind, NodeData, NodeId, Short, Style};
use super::spans::{check_scalar, misplaced, skip_properties};
use super::tree::Document;
use crate::source::Span;

/// A node as an event describes it.
pub(super) struct Opening {
    /// From the node's first property (anchor or tag) to the end of the event.
    pub(super) span: Span,
    pub(super) anchor: Option<String>,
}

/// What is known of an anchored node.
struct Anchored {
    id: NodeId,
    /// `None` until the node is complete.
    cost: Option<Cost>,
}

/// A collection whose end hasn't been seen.
pub(super) struct Frame {
    id: NodeId,
    anchor: Option<String>,
    mapping: bool,
    /// Whether one of its keys merges other mappings into it.
    merges: bool,
    brackets: bool,
    /// Whether children lie in a flow collection.
    flow: bool,
    /// Where the children begin in `Builder::pending`.
    first: usize,
    cost: Cost,
}

/// Takes the events of one document.
pub(super) struct Builder<'a> {
    text: &'a str,
    limit: usize,
    pub(super) doc: Document,
    pub(super) open: Vec<Frame>,
    /// Children of the open collections, innermost last.
    pending: Vec<NodeId>,
    anchors: HashMap<String, Anchored>,
    pub(super) budget: Budget,
    /// That of the root.
    cost: Cost,
}

impl<'a> Builder<'a> {
    /// A document that begins at `start`; no span will reach past `limit`.
    pub(super) fn new(text: &'a str, start: usize, limit: usize) -> Self {
        Self {
            text,
            limit,
            doc: Document { span: Span::new(start, start), ..Document::default() },
            open: Vec::new(),
            pending: Vec::new(),
            anchors: HashMap::new(),
            budget: Budget::default(),
            cost: LEAF,
        }
    }

    /// As [`Builder::new`], with room for what manifests of this size have, which are small.
    pub(super) fn with_room(text: &'a str, start: usize, limit: usize) -> Self {
        let mut builder = Self::new(text, start, limit);
        let bytes = limit.saturating_sub(start).min(1024 * 1024);
        builder.doc.nodes.reserve(bytes / 12);
        builder.doc.pairs.reserve(bytes / 24);
        builder.doc.values.reserve(bytes / 2);
        builder
    }

    /// The document begins here, not where it was thought to.
    pub(super) fn begin(&mut self, start: usize) {
        self.doc.span = Span::new(start, start);
    }

    /// A scalar.
    pub(super) fn scalar(
        &mut self,
        opening: Opening,
        value: &str,
        style: Style,
        multiline: bool,
    ) -> Result<(), ParseError> {
        let Opening { span: event, anchor } = opening;
        let mut span = Span::new(skip_properties(self.text, event), event.end);
        if style == Style::Plain && value.is_empty() {
            span = self.unwritten(event);
            if self.open.is_empty() && anchor.is_none() && event.is_empty() {
                return Ok(());
            }
        } else {
            check_scalar(self.slice(span), span, value, style, multiline)?;
        }
        let start = self.doc.values.len();
        self.doc.values.push_str(value);
        if style == Style::Plain && value == "<<" {
            self.expect_merge();
        }
        let content = Short::of(start..self.doc.values.len()).ok_or_else(|| too_long(span))?;
        let id = self.add(Kind::Scalar { style, multiline }, content, span)?;
        let cost = Cost::of_scalar(value);
        self.budget.spend(1, 0, span.start)?;
        self.budget.write(cost);
        if let Some(name) = anchor {
            self.anchors.insert(name, Anchored { id, cost: Some(cost) });
        }
        self.charge(cost);
        Ok(())
    }

    /// An alias.
    pub(super) fn alias(&mut self, span: Span, name: &str) -> Result<(), ParseError> {
        let error = |message: String| Err(ParseError::new(span.start, message));
        let Some(target) = self.anchors.get(name) else {
            return error(format!("unknown anchor '{name}' referenced"));
        };
        let Some(cost) = target.cost else {
            return error(format!("anchor '{name}' value contains itself"));
        };
        if !self.slice(span).starts_with('*') {
            return Err(misplaced(span));
        }
        let target = target.id;
        if self.open.len() + cost.height > MAX_DEPTH {
            return Err(too_deep(span.start));
        }
        if self.expects_key() && !self.is_scalar(target) {
            return Err(ParseError::non_scalar_key(span.start));
        }
        if self.doc.is_merge(target) {
            self.expect_merge();
        }
        let index = target.index().and_then(|at| Short::of(at..at));
        self.add(Kind::Alias, index.ok_or_else(|| too_many(span))?, span)?;
        self.doc.aliased.insert(target);
        let nodes = cost.nodes.saturating_add(1);
        self.budget.spend(nodes, cost.nodes, span.start)?;
        self.budget.repeat(cost.bytes, span.start)?;
        self.charge(Cost { nodes, ..cost });
        Ok(())
    }

    /// The start of a sequence or a mapping.
    pub(super) fn open(
        &mut self,
        opening: Opening,
        mapping: bool,
        flow: bool,
    ) -> Result<(), ParseError> {
        let start = skip_properties(self.text, opening.span);
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        if self.expects_key() {
            return Err(ParseError::non_scalar_key(start));
        }
        // `[a: b]` holds a mapping in flow style, but without brackets of its own.
        let bracket = if mapping { '{' } else { '[' };
        let brackets = flow && self.slice(Span::new(start, self.limit)).starts_with(bracket);
        let kind = if mapping {
            Kind::Mapping { flow: brackets, merges: false }
        } else {
            Kind::Sequence { flow: brackets }
        };
        let id = self.add(kind, Short::default(), Span::new(start, start))?;
        self.budget.spend(1, 0, start)?;
        if let Some(name) = &opening.anchor {
            self.anchors.insert(name.clone(), Anchored { id, cost: None });
        }
        let inherited = self.open.last().is_some_and(|frame| frame.flow);
        self.open.push(Frame {
            id,
            anchor: opening.anchor,
            mapping,
            merges: false,
            brackets,
            flow: flow || inherited,
            first: self.pending.len(),
            cost: LEAF,
        });
        Ok(())
    }

    /// The end of the innermost collection; `end` counts for one in brackets only, since the end
    /// of a block collection isn't noticed before the next token.
    pub(super) fn close(&mut self, end: usize) -> Result<(), ParseError> {
        let Some(frame) = self.open.pop() else {
            return Err(misplaced(Span::new(end, end)));
        };
        let children = self.pending.drain(frame.first..);
        let doc = &mut self.doc;
        let first = children.as_slice().first().map(|id| doc.span(*id).start);
        let last = children.as_slice().last().map(|id| doc.span(*id).end);
        let range = if frame.mapping {
            let first = doc.pairs.len();
            let (pairs, _) = children.as_slice().as_chunks::<2>();
            doc.pairs.extend(pairs.iter().map(|[key, value]| (*key, *value)));
            first..doc.pairs.len()
        } else {
            let first = doc.items.len();
            doc.items.extend(children.as_slice());
            first..doc.items.len()
        };
        drop(children);
        let mut span = doc.span(frame.id);
        // Of a first key that is nothing but a tag, the tag isn't the mapping's.
        span.start = first.map_or(span.start, |first| first.min(span.start));
        span.end = if frame.brackets { end } else { last.unwrap_or(span.start).max(span.start) };
        let short = doc.short(span).zip(Short::of(range)).ok_or_else(|| too_long(span))?;
        let Some(node) = frame.id.index().and_then(|at| doc.nodes.get_mut(at)) else {
            return Err(misplaced(Span::new(end, end)));
        };
        (node.span, node.content) = short;
        if let Kind::Mapping { merges, .. } = &mut node.kind {
            *merges = frame.merges;
        }
        if frame.brackets && !self.slice(span).ends_with([']', '}']) {
            return Err(misplaced(span));
        }
        if let Some(known) = frame.anchor.and_then(|name| self.anchors.get_mut(&name))
            // The name may have been given to a node inside meanwhile.
            && known.id == frame.id
        {
            known.cost = Some(frame.cost);
        }
        self.charge(frame.cost);
        Ok(())
    }

    /// The finished document, which ends at `end`.
    pub(super) fn finish(mut self, end: usize) -> Result<Branch, ParseError> {
        self.budget.spend(0, 0, end)?;
        self.doc.span.end = end;
        Ok(Branch { document: self.doc, cost: self.cost, budget: self.budget })
    }

    fn add(&mut self, kind: Kind, content: Short, span: Span) -> Result<NodeId, ParseError> {
        let id = NodeId::of(self.doc.nodes.len()).ok_or_else(|| too_many(span))?;
        let short = self.doc.short(span).ok_or_else(|| too_long(span))?;
        let (parent, in_flow) = self.place();
        self.doc.nodes.push(NodeData { content, span: short, parent, kind, in_flow });
        self.attach(id);
        Ok(id)
    }

    /// Where the next node stands: in which collection, and whether that is in flow.
    pub(super) fn place(&self) -> (Option<NodeId>, bool) {
        let frame = self.open.last();
        (frame.map(|frame| frame.id), frame.is_some_and(|frame| frame.flow))
    }

    /// Makes a node the next child of the innermost collection, or the root.
    pub(super) fn attach(&mut self, id: NodeId) {
        if self.open.is_empty() {
            self.doc.root = Some(id);
        } else {
            self.pending.push(id);
        }
    }

    /// A key that follows merges mappings into its own; anything else that says `<<` doesn't.
    fn expect_merge(&mut self) {
        let is_key = self.expects_key();
        if let Some(frame) = self.open.last_mut() {
            frame.merges |= is_key;
        }
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|frame| {
            frame.mapping && (self.pending.len() - frame.first).is_multiple_of(2)
        })
    }

    fn is_scalar(&self, id: NodeId) -> bool {
        let node = id.index().and_then(|at| self.doc.nodes.get(at));
        matches!(node.map(|node| node.kind), Some(Kind::Scalar { .. }))
    }

    /// Adds a finished child's cost to the collection it stands in.
    pub(super) fn charge(&mut self, child: Cost) {
        let Some(frame) = self.open.last_mut() else {
            self.cost = child;
            return;
        };
        frame.cost.nodes = frame.cost.nodes.saturating_add(child.nodes);
        frame.cost.height = frame.cost.height.max(child.height + 1);
        frame.cost.bytes = frame.cost.bytes.saturating_add(child.bytes);
    }

    /// The place of a node of which nothing is written but perhaps its anchor or tag.
    fn unwritten(&self, event: Span) -> Span {
        let at = match (self.open.last(), self.pending.last()) {
            // A value after a key without `:`. The parser puts it at the next token, which may be
            // far away; it belongs right behind the key.
            (Some(frame), Some(key))
                if frame.mapping
                    && !self.expects_key()
                    && event.is_empty()
                    && !self.slice(Span::new(0, event.end)).ends_with(':') =>
            {
                self.doc.span(*key).end
            }
            _ => event.end,
        };
        Span::new(at, at)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.as_range()).unwrap_or_default()
    }
}

fn too_many(at: Span) -> ParseError {
    ParseError::internal(at.start, "too many nodes in one document")
}

pub(super) fn too_long(at: Span) -> ParseError {
    ParseError::new(at.start, "a single document can't be longer than 4 GiB".to_owned())
}
