//! The nodes of a document: what they are, and in how few bytes they are stored.

use rustc_hash::FxBuildHasher;
use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::ops::Range;

/// A node of a [`Document`](super::Document); means nothing in another document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The node at a position of the document's arena; `None` where there can't be so many.
    pub(super) fn of(index: usize) -> Option<Self> {
        u32::try_from(index).ok()?.checked_add(1).and_then(NonZeroU32::new).map(Self)
    }

    /// Position in the document's arena.
    pub(super) fn index(self) -> Option<usize> {
        usize::try_from(self.0.get() - 1).ok()
    }
}

/// Nodes of a document. They are counted, not chosen by who wrote it: a quick hash will do.
pub type NodeSet = HashSet<NodeId, FxBuildHasher>;

/// What is known of nodes of a document.
pub type NodeMap<T> = HashMap<NodeId, T, FxBuildHasher>;

/// A range in half the bytes of a [`Span`](crate::source::Span): most of the memory of a run are nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Short {
    start: u32,
    end: u32,
}

impl Short {
    /// `None` from 4 GiB on.
    pub(super) fn of(range: Range<usize>) -> Option<Self> {
        Some(Self { start: range.start.try_into().ok()?, end: range.end.try_into().ok()? })
    }

    pub(super) fn as_range(self) -> Range<usize> {
        let wide = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        wide(self.start)..wide(self.end)
    }

    pub(super) fn has_length(self, length: usize) -> bool {
        self.as_range().len() == length
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// A scalar.
    Scalar {
        /// The decoded text. Its type (string, number, null …) isn't resolved.
        value: &'a str,
        /// How it is written.
        style: Style,
    },
    /// A sequence and its items.
    Sequence(&'a [NodeId]),
    /// A mapping and its keys and values, duplicates included, in the order of the source.
    Mapping(&'a [(NodeId, NodeId)]),
}

/// A node as it is stored. Children and values live in the document's shared vectors, so that a
/// node costs no allocation of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NodeData {
    /// Of a scalar its value, as a range in `Document::values`; of a collection its children, in
    /// `Document::items` or `Document::pairs`; of an alias the node it stands for, from that node's
    /// index on.
    pub(super) content: Short,
    /// From the document's beginning on.
    pub(super) span: Short,
    pub(super) parent: Option<NodeId>,
    pub(super) kind: Kind,
    pub(super) in_flow: bool,
}

impl NodeData {
    /// What an alias stands for.
    pub(super) fn target(&self) -> Option<NodeId> {
        (self.kind == Kind::Alias).then(|| NodeId::of(self.content.as_range().start))?
    }
}

/// The stored counterpart of [`Node`], with aliases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar {
        style: Style,
        multiline: bool,
    },
    Sequence {
        flow: bool,
    },
    Mapping {
        flow: bool,
        /// Whether a key is a plain `<<`, which merges other mappings.
        merges: bool,
    },
    Alias,
}
