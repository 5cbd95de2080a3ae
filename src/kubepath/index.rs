//! What stands at paths, found by a path at or below them.

use super::AbsPath;

/// Numbers by the paths at which they stand, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathIndex {
    /// The texts of the paths with their numbers, in order.
    at: Vec<(String, usize)>,
}

impl PathIndex {
    /// Of paths, by their places among them.
    pub(crate) fn of<'p>(paths: impl Iterator<Item = &'p AbsPath>) -> Self {
        let numbered = paths.enumerate().map(|(number, path)| (path.text.clone(), number));
        let mut at: Vec<_> = numbered.collect();
        at.sort_unstable();
        Self { at }
    }

    /// What stands at this very path.
    pub(crate) fn at(&self, path: &AbsPath) -> impl DoubleEndedIterator<Item = usize> {
        numbers(self.entries(&path.text))
    }

    /// What a path leads to: the longest prefix wins, and of equal ones the last.
    pub(crate) fn resolve(&self, path: &AbsPath) -> Option<usize> {
        path.prefixes().find_map(|prefix| self.entries(prefix).last()).map(|&(_, number)| number)
    }

    /// What stands at the longest path above this one.
    pub(crate) fn next_above(&self, path: &AbsPath) -> impl DoubleEndedIterator<Item = usize> {
        let mut above = path.prefixes().skip(1).map(|prefix| self.entries(prefix));
        numbers(above.find(|found| !found.is_empty()).unwrap_or_default())
    }

    /// What stands at a path or anywhere above it, in order.
    pub(crate) fn at_or_above(&self, path: &AbsPath) -> Vec<usize> {
        let found = path.prefixes().flat_map(|prefix| numbers(self.entries(prefix)));
        let mut found: Vec<usize> = found.collect();
        found.sort_unstable();
        found
    }

    /// The first that stands at a path or anywhere above it.
    pub(crate) fn first_at_or_above(&self, path: &AbsPath) -> Option<usize> {
        let places = path.prefixes().filter_map(|prefix| self.entries(prefix).first());
        places.map(|&(_, number)| number).min()
    }

    /// What stands below a path, in no order.
    pub(crate) fn below(&self, path: &AbsPath) -> impl Iterator<Item = usize> {
        let directory = format!("{}/", path.text);
        let from = self.at.partition_point(|(own, _)| own.as_str() < directory.as_str());
        let found = self.at.get(from..).unwrap_or_default();
        let count = found.partition_point(|(own, _)| own.starts_with(&directory));
        numbers(found.get(..count).unwrap_or_default())
    }

    fn entries(&self, path: &str) -> &[(String, usize)] {
        let from = self.at.partition_point(|(own, _)| own.as_str() < path);
        let found = self.at.get(from..).unwrap_or_default();
        let count = found.partition_point(|(own, _)| own == path);
        found.get(..count).unwrap_or_default()
    }
}

fn numbers(entries: &[(String, usize)]) -> impl DoubleEndedIterator<Item = usize> {
    entries.iter().map(|&(_, number)| number)
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
        let numbers = |found: &mut dyn Iterator<Item = usize>| found.collect::<Vec<_>>();
        assert_eq!(index.resolve(&path("/a/b/c")), Some(2));
        assert_eq!(index.resolve(&path("/a/x")), Some(3));
        assert_eq!(index.resolve(&path("/x")), Some(0));
        assert_eq!(numbers(&mut index.at(&path("/a"))), [1, 3]);
        assert_eq!(numbers(&mut index.next_above(&path("/a/b"))), [1, 3]);
        assert_eq!(numbers(&mut index.next_above(&path("/"))), [0_usize; 0]);
        assert_eq!(index.at_or_above(&path("/a/b/c")), [0, 1, 2, 3]);
        assert_eq!(index.first_at_or_above(&path("/a/b/c")), Some(0));
        let beside = ["/a-b", "/a/b", "/a", "/a/c", "/b/a"].map(path);
        let below = |text| PathIndex::of(beside.iter()).below(&path(text)).collect::<Vec<_>>();
        assert_eq!((below("/a"), below("/b/a"), below("/").len()), (vec![1, 3], vec![], 5));
        assert_eq!(PathIndex::default().first_at_or_above(&path("/a")), None);
        assert_eq!(PathIndex::default().resolve(&path("/a")), None);
    }
}
