//! What stands at paths, found by a path at or below them.

use super::AbsPath;
use std::collections::HashMap;

/// Numbers by the paths at which they stand, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathIndex {
    at: HashMap<Vec<String>, Vec<usize>>,
}

impl PathIndex {
    /// Of paths, by their places among them.
    pub(crate) fn of<'p>(paths: impl Iterator<Item = &'p AbsPath>) -> Self {
        let mut index = Self::default();
        for (number, path) in paths.enumerate() {
            index.at.entry(path.components().to_vec()).or_default().push(number);
        }
        index
    }

    /// What stands at this very path.
    pub(crate) fn at(&self, path: &AbsPath) -> &[usize] {
        self.at.get(path.components()).map_or(&[], Vec::as_slice)
    }

    /// What a path leads to: the longest prefix wins, and of equal ones the last.
    pub(crate) fn resolve(&self, path: &AbsPath) -> Option<usize> {
        path.prefixes().find_map(|prefix| self.at.get(prefix)?.last()).copied()
    }

    /// What stands at the longest path above this one.
    pub(crate) fn next_above(&self, path: &AbsPath) -> &[usize] {
        let found = path.prefixes().skip(1).find_map(|prefix| self.at.get(prefix));
        found.map_or(&[], Vec::as_slice)
    }

    /// What stands at a path or anywhere above it, in order.
    pub(crate) fn at_or_above(&self, path: &AbsPath) -> Vec<usize> {
        let found = path.prefixes().filter_map(|prefix| self.at.get(prefix)).flatten();
        let mut found: Vec<usize> = found.copied().collect();
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> AbsPath {
        AbsPath::parse(text).unwrap()
    }

    #[test]
    fn the_longest_prefix_wins_and_of_equal_ones_the_last() {
        let paths = ["/", "/a", "/a/b", "/a"].map(path);
        let index = PathIndex::of(paths.iter());
        assert_eq!(index.resolve(&path("/a/b/c")), Some(2));
        assert_eq!(index.resolve(&path("/a/x")), Some(3));
        assert_eq!(index.resolve(&path("/x")), Some(0));
        assert_eq!(index.at(&path("/a")), [1, 3]);
        assert_eq!(index.next_above(&path("/a/b")), [1, 3]);
        assert_eq!(index.next_above(&path("/")), [0_usize; 0]);
        assert_eq!(index.at_or_above(&path("/a/b/c")), [0, 1, 2, 3]);
        assert_eq!(PathIndex::default().resolve(&path("/a")), None);
    }
}
