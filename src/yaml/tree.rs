//! The tree of a document: an arena of nodes, one per node of the source.

use super::node::{Kind, Node, NodeData, NodeId, NodeSet, Short, Style};
use crate::source::Span;
use std::fmt::Write as _;
use std::ops::Range;

/// One document of a stream.
///
/// Methods that take a node follow an alias to what it stands for, unless they say otherwise.
/// Walks that follow aliases end, and soon: a document in which an alias contains itself, or in
/// which aliases multiply beyond what `kubectl` takes, or nest too deep, isn't parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub(super) nodes: Vec<NodeData>,
    pub(super) items: Vec<NodeId>,
    pub(super) pairs: Vec<(NodeId, NodeId)>,
    pub(super) values: String,
    pub(super) root: Option<NodeId>,
    pub(super) span: Span,
    /// What aliases stand for.
    pub(super) aliased: NodeSet,
}

impl Document {
    /// The root; `None` when the document is empty.
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// What the node is. For an id of another document: some other node, or an empty scalar.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let Some(NodeData { kind, content, .. }) = self.resolved(id) else {
            return Node::Scalar { value: "", style: Style::Plain };
        };
        let range = content.as_range();
        match *kind {
            Kind::Scalar { style, .. } => {
                Node::Scalar { value: self.values.get(range).unwrap_or_default(), style }
            }
            Kind::Sequence { .. } => Node::Sequence(self.items.get(range).unwrap_or_default()),
            Kind::Mapping { .. } => Node::Mapping(self.pairs.get(range).unwrap_or_default()),
            Kind::Alias => Node::Scalar { value: "", style: Style::Plain },
        }
    }

    /// The node an alias stands for, any other node itself.
    pub fn resolve(&self, id: NodeId) -> NodeId {
        self.data(id).and_then(NodeData::target).unwrap_or(id)
    }

    /// Whether the node is written `*name`.
    pub fn is_alias(&self, id: NodeId) -> bool {
        self.resolve(id) != id
    }

    /// Whether any node is written `*name`.
    pub fn has_aliases(&self) -> bool {
        !self.aliased.is_empty()
    }

    /// Whether some other node stands for this one by its anchor.
    pub fn is_aliased(&self, id: NodeId) -> bool {
        self.aliased.contains(&id)
    }

    /// The resolved value of `key` in a mapping.
    ///
    /// Of duplicate keys the last wins, as in `kubectl`, and so does what a mapping merges (`<<`)
    /// over what stands before it; of several mappings that are merged as a list the first that
    /// has the key wins.
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        Some(self.resolve(self.get_unresolved(mapping, key)?))
    }

    /// As [`Document::get`], but an alias isn't followed.
    #[must_use]
    pub fn get_unresolved(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        if !matches!(self.kind(mapping), Some(Kind::Mapping { merges: true, .. })) {
            return self.entry(mapping, key).map(|(_, value)| value);
        }
        self.entries(mapping).iter().rev().find_map(|&(own, value)| {
            if self.is_merge(own) {
                return self.merged(value, key);
            }
            self.says(own, key).then_some(value)
        })
    }

    /// Whether a key merges its value into the mapping; a quoted `"<<"` is an ordinary key.
    pub(crate) fn is_merge(&self, key: NodeId) -> bool {
        matches!(self.node(key), Node::Scalar { value: "<<", style: Style::Plain })
    }

    /// What the value of a merge key brings in under a key.
    fn merged(&self, merged: NodeId, key: &str) -> Option<NodeId> {
        match self.node(merged) {
            Node::Mapping(_) => self.get_unresolved(merged, key),
            Node::Sequence(items) => items.iter().find_map(|item| self.get_unresolved(*item, key)),
            Node::Scalar { .. } => None,
        }
    }

    /// The last entry of a mapping itself with that key, nothing merged and not resolved.
    pub fn entry(&self, mapping: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        self.entries(mapping).iter().rev().find(|(id, _)| self.says(*id, key)).copied()
    }

    /// Whether a node is a scalar with this text. It is asked of key after key, of which most differ
    /// in their lengths.
    fn says(&self, id: NodeId, text: &str) -> bool {
        let Some(NodeData { kind, content, .. }) = self.resolved(id) else {
            return text.is_empty();
        };
        match kind {
            Kind::Scalar { .. } => {
                content.has_length(text.len())
                    && self.values.as_bytes().get(content.as_range()) == Some(text.as_bytes())
            }
            Kind::Sequence { .. } | Kind::Mapping { .. } => false,
            Kind::Alias => text.is_empty(),
        }
    }

    /// The decoded text of a scalar.
    pub fn str(&self, id: NodeId) -> Option<&str> {
        match self.node(id) {
            Node::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The items of a sequence; none when it isn't one.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match self.node(id) {
            Node::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The keys and values of a mapping; none when it isn't one.
    pub fn entries(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match self.node(id) {
            Node::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// Whether the node itself is a collection written `[…]` or `{…}`; an alias isn't.
    pub fn is_flow(&self, id: NodeId) -> bool {
        matches!(
            self.data(id).map(|node| node.kind),
            Some(Kind::Sequence { flow: true } | Kind::Mapping { flow: true, .. })
        )
    }

    /// Whether the node itself lies inside a `[…]` or `{…}`, at any depth.
    pub fn in_flow(&self, id: NodeId) -> bool {
        self.data(id).is_some_and(|node| node.in_flow)
    }

    /// The bytes of the node itself, without anchor, tag, blanks or comment around it.
    ///
    /// A quoted scalar includes its quotes. A block scalar reaches from its `|` or `>` past the
    /// line break of its last line, blank lines included. A block collection ends where its last
    /// child ends. An alias is the `*name`. A node that isn't written, such as the value in
    /// `key:`, is empty, at the place where it would stand.
    pub fn span(&self, id: NodeId) -> Span {
        let Some(node) = self.data(id) else { return Span::default() };
        let Range { start, end } = node.span.as_range();
        Span::new(self.span.start + start, self.span.start + end)
    }

    /// Says where a node lies; `None` where the document is too long.
    pub(super) fn short(&self, span: Span) -> Option<Short> {
        Short::of(span.start.checked_sub(self.span.start)?..span.end.checked_sub(self.span.start)?)
    }

    /// The collection in which the node is written; for a key or a value that is the mapping.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.data(id)?.parent
    }

    /// The node, and the collections in which it is written, the innermost first.
    pub fn holders(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(id), |node| self.parent(*node))
    }

    /// Whether the node, or something it stands in, is also used elsewhere by an alias: what is
    /// written there is written in both places.
    #[must_use]
    pub fn is_shared(&self, id: NodeId) -> bool {
        self.has_aliases() && self.holders(id).any(|node| self.is_aliased(node))
    }

    /// The key of the entry in which the node is written, as a key or as a value.
    pub fn key(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.parent(id)?;
        self.entries(parent).get(self.position(parent, id)).map(|&(key, _)| key)
    }

    /// Where a child stands among the items or entries of its collection, whose nodes are in the order
    /// in which they are written.
    fn position(&self, parent: NodeId, child: NodeId) -> usize {
        match self.node(parent) {
            Node::Sequence(items) => items.partition_point(|item| *item < child),
            Node::Mapping(entries) => entries.partition_point(|(_, value)| *value < child),
            Node::Scalar { .. } => 0,
        }
    }

    /// Where the node stands, for people: `spec.volumes[1].hostPath.path`. A key that isn't a
    /// plain word is written `["a/b"]`; the root's path is empty; a key has its value's path.
    pub fn path(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            steps.push((parent, self.position(parent, at)));
            at = parent;
        }
        let mut path = String::new();
        for (parent, position) in steps.into_iter().rev() {
            let key = self.entries(parent).get(position).and_then(|(key, _)| self.str(*key));
            // Writing to a string doesn't fail.
            let _ = match key {
                None => write!(path, "[{position}]"),
                Some(key) if !is_word(key) => write!(path, "[\"{}\"]", key.escape_debug()),
                Some(key) if path.is_empty() => write!(path, "{key}"),
                Some(key) => write!(path, ".{key}"),
            };
        }
        path
    }

    /// How many nodes it has.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The scalars among nodes at some positions, with where their values lie in `values`, in order.
    pub(super) fn scalars(&self, at: Range<usize>) -> impl Iterator<Item = (NodeId, Range<usize>)> {
        self.at(at).filter_map(|(id, node)| match node.kind {
            Kind::Scalar { .. } => Some((id, node.content.as_range())),
            _ => None,
        })
    }

    /// The aliases among nodes at some positions, with what they stand for, in order.
    pub(super) fn aliases(&self, at: Range<usize>) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.at(at).filter_map(|(id, node)| Some((id, node.target()?)))
    }

    fn at(&self, at: Range<usize>) -> impl Iterator<Item = (NodeId, &NodeData)> {
        let nodes = self.nodes.get(at.clone()).unwrap_or_default();
        at.zip(nodes).filter_map(|(at, node)| Some((NodeId::of(at)?, node)))
    }

    /// From the document's `---`, directive or content to where the next one or the chunk ends.
    pub fn span_of_document(&self) -> Span {
        self.span
    }

    /// Whether a scalar is written on several lines; `true` when in doubt.
    pub(super) fn is_multiline(&self, id: NodeId) -> bool {
        matches!(self.kind(id), Some(Kind::Scalar { multiline: true, .. }))
    }

    fn data(&self, id: NodeId) -> Option<&NodeData> {
        self.nodes.get(id.index()?)
    }

    fn kind(&self, id: NodeId) -> Option<Kind> {
        self.resolved(id).map(|node| node.kind)
    }

    /// What an alias stands for, any other node itself; one lookup for most.
    fn resolved(&self, id: NodeId) -> Option<&NodeData> {
        let node = self.data(id)?;
        node.target().map_or(Some(node), |target| self.data(target))
    }
}

/// Whether a key can stand in a path as it is.
fn is_word(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}
