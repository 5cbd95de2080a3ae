//! Many paths that are looked for at once.

use super::{AbsPath, components};
use std::collections::BTreeMap;

/// Paths by their components, so that as many of them as you like are looked for in one pass.
#[derive(Clone, Debug)]
pub struct PathSet {
    paths: Vec<AbsPath>,
    nodes: Vec<Node>,
    /// The bytes of the longest first component.
    longest: usize,
}

/// A directory on the way to paths of the set.
#[derive(Clone, Debug, Default)]
struct Node {
    next: BTreeMap<String, usize>,
    /// The paths that lie directly in it, by their number.
    ends: Vec<usize>,
}

impl PathSet {
    /// A set of these paths; each is known by its place among them.
    #[must_use]
    pub fn new(paths: &[AbsPath]) -> Self {
        let mut set = Self { paths: Vec::new(), nodes: vec![Node::default()], longest: 0 };
        for path in paths {
            set.push(path.clone());
        }
        set
    }

    /// The paths, by their number.
    #[must_use]
    pub fn paths(&self) -> &[AbsPath] {
        &self.paths
    }

    /// Whether the path is one of the set.
    #[must_use]
    pub fn contains(&self, path: &AbsPath) -> bool {
        let mut at = 0;
        for name in folder(path) {
            let Some(&next) = self.nodes.get(at).and_then(|node| node.next.get(name)) else {
                return false;
            };
            at = next;
        }
        self.ends(at).any(|(_, known)| known == path)
    }

    /// Adds a path, which gets the next number.
    pub fn push(&mut self, path: AbsPath) {
        let number = self.paths.len();
        self.longest = self.longest.max(path.components().next().map_or(0, str::len));
        let mut at = 0;
        for name in folder(&path) {
            let fresh = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            at = *node.next.entry(name.to_owned()).or_insert(fresh);
            if at == fresh {
                self.nodes.push(Node::default());
            }
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.ends.push(number);
        }
        self.paths.push(path);
    }

    /// Whether a text begins with the first component of a path; it costs little to ask.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        let Some(root) = self.nodes.first() else { return false };
        let seen = text.as_bytes().get(..=self.longest).unwrap_or(text.as_bytes());
        let end = memchr::memchr2(b'/', b'\\', seen);
        end.and_then(|end| text.get(..end)).is_some_and(|name| root.next.contains_key(name))
            || self.ends(0).any(|(_, path)| {
                path.components().next().is_some_and(|first| text.starts_with(first))
            })
    }

    /// The paths of which all components but the last begin a text; `split` divides it into its
    /// first component and what follows the slash behind it.
    pub(super) fn beginning<'t>(
        &self,
        text: &'t str,
        split: impl Fn(&'t str) -> Option<(&'t str, &'t str)>,
    ) -> impl Iterator<Item = (usize, &AbsPath)> {
        let (mut at, mut rest) = (Some(0), text);
        let steps = std::iter::from_fn(move || {
            let here = at?;
            at = split(rest).and_then(|(name, after)| {
                rest = after;
                self.nodes.get(here)?.next.get(name).copied()
            });
            Some(here)
        });
        steps.flat_map(|node| self.ends(node))
    }

    fn ends(&self, node: usize) -> impl Iterator<Item = (usize, &AbsPath)> {
        let ends = self.nodes.get(node).map_or(&[][..], |node| &node.ends);
        ends.iter().filter_map(|&number| Some((number, self.paths.get(number)?)))
    }
}

/// The components of the directory that a path lies in.
fn folder(path: &AbsPath) -> impl Iterator<Item = &str> {
    components(path.text.rsplit_once('/').map_or("", |(folder, _)| folder))
}
