//! How often names are seen, in memory that doesn't grow with the log.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// How many different names are counted. No cluster has as many drivers or roots; a log that seems
/// to is broken, or somebody's joke.
const MAX_COUNTED: usize = 4096;

/// How many names are told, the most frequent ones.
const MAX_TOLD: usize = 100;

/// Names with their counts.
#[derive(Debug)]
pub(super) struct Names<T> {
    /// How often, and how many names came before.
    counted: HashMap<T, (u64, usize)>,
    /// How often a name was seen that isn't counted.
    uncounted: u64,
}

impl<T: Eq + Hash> Names<T> {
    /// No names.
    pub(super) fn new() -> Self {
        Self { counted: HashMap::new(), uncounted: 0 }
    }

    /// Counts a name. There is no limit here: names that come from one piece of a log are no more
    /// than it has bytes, and the limit of [`Self::append`] then doesn't depend on how a log was cut.
    pub(super) fn add<Q>(&mut self, name: &Q)
    where
        T: Borrow<Q>,
        Q: ToOwned<Owned = T> + Eq + Hash + ?Sized,
    {
        match self.counted.get_mut(name) {
            Some((count, _)) => *count += 1,
            None => {
                self.counted.insert(name.to_owned(), (1, self.counted.len()));
            }
        }
    }

    /// Adds the names that were seen after these.
    pub(super) fn append(&mut self, next: Self) {
        self.uncounted += next.uncounted;
        let mut others: Vec<(T, (u64, usize))> = next.counted.into_iter().collect();
        others.sort_unstable_by_key(|(_, (_, order))| *order);
        for (name, (count, _)) in others {
            let known = self.counted.len();
            match self.counted.get_mut(&name) {
                Some((sum, _)) => *sum += count,
                None if known < MAX_COUNTED => {
                    self.counted.insert(name, (count, known));
                }
                None => self.uncounted += count,
            }
        }
    }

    /// The most frequent names, those that are equally frequent in the order in which they came;
    /// and how many there are besides.
    pub(super) fn told(self) -> (Vec<(T, u64)>, u64) {
        let mut names: Vec<(T, (u64, usize))> = self.counted.into_iter().collect();
        names.sort_unstable_by_key(|(_, (count, order))| (u64::MAX - count, *order));
        let more = names.len().saturating_sub(MAX_TOLD) as u64 + self.uncounted;
        names.truncate(MAX_TOLD);
        (names.into_iter().map(|(name, (count, _))| (name, count)).collect(), more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_are_told_wherever_they_stand() {
        let mut all = Names::<String>::new();
        for number in 0..MAX_COUNTED + 5 {
            let mut piece = Names::<String>::new();
            piece.add(format!("n{number}").as_str());
            all.append(piece);
        }
        let mut piece = Names::<String>::new();
        (0..3).for_each(|_| piece.add("n4000"));
        piece.add("n7");
        all.append(piece);
        let (told, more) = all.told();
        let first: Vec<(&str, u64)> = told.iter().take(3).map(|(n, c)| (n.as_str(), *c)).collect();
        assert_eq!(first, [("n4000", 4), ("n7", 2), ("n0", 1)]);
        assert_eq!((told.len(), more), (MAX_TOLD, (MAX_COUNTED + 5 - MAX_TOLD) as u64));
    }
}
