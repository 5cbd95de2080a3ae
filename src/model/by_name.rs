//! Things of a manifest that are looked up by their names.

use std::ops::Deref;

/// Things in their order, found by their names.
#[derive(Clone, Debug)]
pub struct ByName<T> {
    all: Vec<T>,
    /// Their places in the order of their names; none where it is as quick to look at each.
    sorted: Vec<usize>,
}

/// A thing that has a name.
pub trait Named {
    /// The name.
    fn name(&self) -> &str;
}

impl<T> Named for (String, T) {
    fn name(&self) -> &str {
        &self.0
    }
}

impl<T: Named> ByName<T> {
    /// So many are looked at one after another.
    const FEW: usize = 16;

    pub(super) fn new(all: Vec<T>) -> Self {
        let mut sorted = Vec::new();
        if all.len() > Self::FEW {
            sorted.extend(0..all.len());
            sorted.sort_by_key(|&at| all.get(at).map(Named::name));
        }
        Self { all, sorted }
    }

    /// The thing of that name; of several the last counts, as for duplicate keys.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        if self.sorted.is_empty() {
            return self.all.iter().rfind(|thing| thing.name() == name);
        }
        let at = |&at: &usize| self.all.get(at);
        let behind = self.sorted.partition_point(|place| at(place).map(Named::name) <= Some(name));
        let last = self.sorted.get(behind.checked_sub(1)?).and_then(at);
        last.filter(|thing| thing.name() == name)
    }

    /// Each of them, to change anything but its name.
    /// With these besides.
    pub(super) fn extend(&mut self, more: impl Iterator<Item = T>) {
        let mut all = std::mem::take(&mut self.all);
        all.extend(more);
        *self = Self::new(all);
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.all.iter_mut()
    }
}

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self { all: Vec::new(), sorted: Vec::new() }
    }
}

impl<T> Deref for ByName<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.all
    }
}

impl<'a, T> IntoIterator for &'a ByName<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_the_last_counts_however_many_there_are() {
        for count in [3, ByName::<(String, String)>::FEW + 1, 100] {
            let named = (0..count).map(|at| (format!("n{}", at / 2), at.to_string()));
            let by_name = ByName::new(named.collect());
            for name in 0..count / 2 {
                let found = by_name.get(&format!("n{name}")).map(|(_, at)| at.as_str());
                assert_eq!(found, Some((2 * name + 1).to_string().as_str()), "{count}");
            }
            assert_eq!(by_name.get("m"), None);
            assert_eq!(by_name.get("o"), None);
            assert_eq!(by_name.len(), count);
        }
        assert_eq!(ByName::<(String, String)>::default().get(""), None);
    }
}
