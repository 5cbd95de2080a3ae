//! Many paths that are looked for at once.

use super::{AbsPath, components};
use std::collections::{BTreeMap, HashMap};

/// Paths by their components, so that as many of them as you like are looked for in one pass.
#[derive(Clone, Debug)]
pub struct PathSet {
    paths: Vec<AbsPath>,
    /// The first number of each path, by its text.
    numbers: HashMap<String, usize>,
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
    /// The same by their last components.
    names: HashMap<String, Vec<usize>>,
    /// The bytes of the longest of these.
    longest: usize,
}

/// So many paths are looked at one after another.
const FEW: usize = 8;

impl PathSet {
    /// A set of these paths; each is known by its place among them.
    #[must_use]
    pub fn new(paths: &[AbsPath]) -> Self {
        let nodes = vec![Node::default()];
        let mut set = Self { paths: Vec::new(), numbers: HashMap::new(), nodes, longest: 0 };
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
        self.numbers.contains_key(&path.text)
    }

    /// The number of the deepest path of the set at or above this one, and what follows it.
    #[must_use]
    pub fn deepest_above<'p>(&self, path: &'p AbsPath) -> Option<(usize, &'p str)> {
        if self.paths.len() <= FEW {
            let numbered = self.paths.iter().enumerate();
            let above = numbered.filter_map(|(number, own)| Some((number, path.below(own)?)));
            return above.min_by_key(|(_, rest)| rest.len());
        }
        let mut node = self.nodes.first();
        let ending = |node: &Node, name: &str| node.names.get(name)?.first().copied();
        let mut deepest = node.and_then(|node| ending(node, ""));
        for name in path.components() {
            let Some(here) = node else { break };
            deepest = ending(here, name).or(deepest);
            node = here.next.get(name).and_then(|&next| self.nodes.get(next));
        }
        Some((deepest?, path.below(self.paths.get(deepest?)?)?))
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
            let name = path.name().unwrap_or_default();
            node.ends.push(number);
            node.names.entry(name.to_owned()).or_default().push(number);
            node.longest = node.longest.max(name.len());
        }
        self.numbers.entry(path.text.clone()).or_insert(number);
        self.paths.push(path);
    }

    /// Whether a text begins with the first component of a path; it costs little to ask.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        let Some(root) = self.nodes.first() else { return false };
        let seen = text.as_bytes().get(..=self.longest).unwrap_or(text.as_bytes());
        let end = memchr::memchr2(b'/', b'\\', seen);
        end.and_then(|end| text.get(..end)).is_some_and(|name| root.next.contains_key(name))
            || self.ends(0, text).any(|(_, path)| {
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
            let here = (at?, rest);
            at = split(rest).and_then(|(name, after)| {
                rest = after;
                self.nodes.get(here.0)?.next.get(name).copied()
            });
            Some(here)
        });
        steps.flat_map(|(node, rest)| self.ends(node, rest))
    }

    /// The paths that lie directly in a directory; where they are many, those alone of which the last
    /// component begins a text.
    fn ends(&self, node: usize, text: &str) -> impl Iterator<Item = (usize, &AbsPath)> {
        let node = self.nodes.get(node);
        let many = node.filter(|node| node.ends.len() > FEW);
        let few = node.filter(|node| node.ends.len() <= FEW).map_or(&[][..], |node| &node.ends);
        let begun = many.into_iter().flat_map(move |node| {
            let names = (0..=node.longest.min(text.len())).filter_map(|end| text.get(..end));
            names.filter_map(|name| node.names.get(name)).flatten()
        });
        begun.chain(few).filter_map(|&number| Some((number, self.paths.get(number)?)))
    }
}

/// The components of the directory that a path lies in.
fn folder(path: &AbsPath) -> impl Iterator<Item = &str> {
    components(path.text.rsplit_once('/').map_or("", |(folder, _)| folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_paths_are_found_as_few_are() {
        fn split(text: &str) -> Option<(&str, &str)> {
            text.split_once('/')
        }
        let path = |text: &str| AbsPath::parse(text).unwrap();
        for count in [1, FEW, FEW + 1, 100] {
            let mut paths = vec![path("/srv/k0/deep/er")];
            paths.extend((0..count).map(|at| path(&format!("/srv/k{at}"))));
            let last = count - 1;
            let text = format!("srv/k{last}/pods");
            let set = PathSet::new(&paths);
            assert!(set.contains(&path(&format!("/srv/k{last}"))) && !set.contains(&path("/srv")));
            let below = path(&format!("/srv/k{last}/pods"));
            assert_eq!(set.deepest_above(&below), Some((count, "pods")));
            assert_eq!(set.deepest_above(&path("/srv/k0/deep/er")), Some((0, "")));
            assert_eq!(set.deepest_above(&path("/srv/l")), None);
            assert_eq!(set.deepest_above(&path("/")), None);
            let deep = path(&format!("/srv/k{last}/{}", "a/".repeat(10_000)));
            assert_eq!(set.deepest_above(&deep).map(|(number, _)| number), Some(count));
            let mut with_all = set.clone();
            with_all.push(path("/"));
            assert_eq!(with_all.deepest_above(&path("/srv/l")), Some((paths.len(), "srv/l")));
            assert_eq!(with_all.deepest_above(&below), Some((count, "pods")));
            let begun = set.beginning(&text, split).filter(|(_, path)| {
                text.strip_prefix(path.text.trim_start_matches('/'))
                    .is_some_and(|rest| rest.starts_with('/'))
            });
            assert_eq!(begun.map(|(number, _)| number).collect::<Vec<_>>(), [count]);
        }
    }
}
