//! The variables that a container gets from whole ConfigMaps.

use super::ByName;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The data of a ConfigMap by their keys; whoever uses them shares them.
pub(crate) type Data = ByName<(String, Arc<str>)>;

/// The ConfigMaps whose every key is a variable of a container, by `envFrom`.
#[derive(Clone, Debug, Default)]
pub struct EnvFrom {
    /// What stands before each key in the variable's name, and the ConfigMap's name.
    written: Vec<(String, String)>,
    /// Whether there is something else, such as a Secret.
    has_others: bool,
    /// What of it is in the same input; many containers may share it.
    given: Arc<Given>,
}

/// The data of several ConfigMaps, by what stands before the keys.
#[derive(Debug, Default)]
pub(super) struct Given {
    by_prefix: BTreeMap<String, OfPrefix>,
    /// The bytes of the longest of these.
    longest: usize,
}

/// Lists of prefixes and names, each with what they give in one place.
pub(super) type Filled = HashMap<Vec<(String, String)>, Arc<Given>>;

/// ConfigMaps whose keys get the same prefix.
#[derive(Debug, Default)]
struct OfPrefix {
    /// Those that are asked one by one, each with its place in `envFrom`; the last one first.
    each: Vec<(usize, Arc<Data>)>,
    /// The keys of all others: the place in `envFrom`, and the value.
    together: HashMap<String, (usize, Arc<str>)>,
}

impl EnvFrom {
    /// Of prefixes and names of ConfigMaps, as they are written, and whether there is something else.
    pub(super) fn new(written: Vec<(String, String)>, has_others: bool) -> Self {
        Self { written, has_others, ..Self::default() }
    }

    /// Whether a container may get variables so that aren't in the input.
    pub(crate) fn is_open(&self) -> bool {
        self.has_others || !self.written.is_empty()
    }

    /// Whether a container gets no ConfigMap so.
    pub(crate) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// What stands before each key in the variable's name, and the ConfigMap's name, in order.
    pub(super) fn written(&self) -> impl Iterator<Item = (&str, &str)> {
        self.written.iter().map(|(prefix, config)| (prefix.as_str(), config.as_str()))
    }

    /// Takes in the data of the ConfigMaps that are in the same input; `filled` is what others have
    /// taken in that get the same ones.
    pub(super) fn fill<'c>(
        &mut self,
        filled: &mut Filled,
        data: impl Fn(&str) -> Option<&'c Arc<Data>>,
    ) {
        if self.is_empty() {
            return;
        }
        if let Some(given) = filled.get(&self.written) {
            self.given = Arc::clone(given);
        } else {
            self.given = Arc::new(Given::by(&self.written, data));
            filled.insert(self.written.clone(), Arc::clone(&self.given));
        }
    }

    /// The value of a variable; of several ConfigMaps that have it the last one counts.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let Given { by_prefix, longest } = &*self.given;
        let ends = 0..=(*longest).min(name.len());
        let halves = ends.filter_map(|end| name.split_at_checked(end));
        let found = halves.filter_map(|(prefix, key)| by_prefix.get(prefix)?.get(key));
        found.max_by_key(|(number, _)| *number).map(|(_, value)| value)
    }
}

impl Given {
    /// What ConfigMaps give, by prefixes and names.
    fn by<'c>(written: &[(String, String)], data: impl Fn(&str) -> Option<&'c Arc<Data>>) -> Self {
        let mut seen = HashSet::new();
        let mut by_prefix: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (number, (prefix, config)) in written.iter().enumerate().rev() {
            // Of equal ones the last counts.
            if seen.insert((prefix, config))
                && let Some(data) = data(config)
            {
                by_prefix.entry(prefix.clone()).or_default().push((number, Arc::clone(data)));
            }
        }
        let longest = by_prefix.keys().map(String::len).max().unwrap_or_default();
        let given = by_prefix.into_iter().map(|(prefix, all)| (prefix, OfPrefix::of(all)));
        Self { by_prefix: given.collect(), longest }
    }
}

impl OfPrefix {
    /// So many are asked one after another.
    const FEW: usize = 16;

    /// Of ConfigMaps with their places, the last one first.
    fn of(all: Vec<(usize, Arc<Data>)>) -> Self {
        if all.len() <= Self::FEW {
            return Self { each: all, ..Self::default() };
        }
        // Containers with lists of their own may get the same large ConfigMap: none of them goes through
        // its keys. There can't be many large ones.
        let count = all.len();
        let (each, small): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(_, data)| data.len() > count);
        let mut together = HashMap::new();
        for (number, data) in small {
            for (key, value) in data.iter().rev() {
                together.entry(key.clone()).or_insert_with(|| (number, Arc::clone(value)));
            }
        }
        Self { each, together }
    }

    /// The value of a key, with the place in `envFrom` of the ConfigMap that has it.
    fn get(&self, key: &str) -> Option<(usize, &str)> {
        let together = self.together.get(key).map(|(number, value)| (*number, &**value));
        let mut each = self.each.iter().filter_map(|(number, data)| {
            let (_, value) = data.get(key)?;
            Some((*number, &**value))
        });
        each.next().into_iter().chain(together).max_by_key(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(pairs: &[(&str, &str)]) -> Arc<Data> {
        let pairs = pairs.iter().map(|&(key, value)| (key.to_owned(), Arc::from(value)));
        Arc::new(ByName::new(pairs.collect()))
    }

    #[test]
    fn of_several_config_maps_the_last_counts_however_many_there_are() {
        let many_keys: Vec<_> = (0..100).map(|at| format!("L{at}")).collect();
        let mut large: Vec<_> = many_keys.iter().map(|key| (key.as_str(), "large")).collect();
        large.push(("A", "large"));
        let (large, first, second) =
            (data(&large), data(&[("A", "1"), ("B", "1")]), data(&[("A", "0"), ("A", "2")]));
        for count in [1, OfPrefix::FEW, 3 * OfPrefix::FEW] {
            let mut written = vec![(String::new(), "other".to_owned()); count];
            for number in 0..count {
                written.push((String::new(), format!("none{number}")));
            }
            written.extend(["large", "first", "second"].map(|name| (String::new(), name.into())));
            written.push(("P_".to_owned(), "first".to_owned()));
            let mut from = EnvFrom::new(written, false);
            from.fill(&mut Filled::new(), |name| match name {
                "large" => Some(&large),
                "first" => Some(&first),
                "second" => Some(&second),
                name => name.starts_with("none").then_some(&first),
            });
            assert_eq!(from.get("A"), Some("2"), "{count}");
            assert_eq!(from.get("B"), Some("1"), "{count}");
            assert_eq!(from.get("L7"), Some("large"), "{count}");
            assert_eq!(from.get("P_A"), Some("1"), "{count}");
            assert_eq!(from.get("P_"), None, "{count}");
            assert_eq!(from.get("C"), None, "{count}");
        }
    }
}
