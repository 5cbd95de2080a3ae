//! Who reads which key of which ConfigMap.

use super::reading::Reading;
use crate::decide::Context;
use crate::decide::views::MountView;
use crate::model::{Object, Sourced, Use, own_or_only};
use std::collections::{BTreeMap, HashMap, HashSet};

/// More kinds of readers than these aren't asked one by one.
const MANY: usize = 64;

/// Containers by the ConfigMaps that they read.
pub(super) struct Readers<'r> {
    /// By the document and the object.
    pub(super) of: BTreeMap<(usize, usize), OfMap<'r>>,
}

/// The containers that read one ConfigMap, in the order of the run.
#[derive(Default)]
pub(super) struct OfMap<'r> {
    /// Those that read any key, and how.
    all: Vec<(Reader<'r>, Use<'r>)>,
    /// The others by the key that they read.
    by_key: HashMap<&'r str, Vec<(Reader<'r>, Use<'r>)>>,
}

/// A container that reads something.
#[derive(Clone, Copy)]
pub(super) struct Reader<'r> {
    pub(super) reading: &'r Reading,
    /// The container's name.
    pub(super) name: &'r str,
    /// Containers of one kind have the same mounts, and see the same; most pods of a run are copies.
    pub(super) kind: usize,
}

/// Those that read one key: the first of each kind.
#[derive(Default)]
pub(super) struct OfKey<'r> {
    /// Those that find paths at their own mounts.
    pub(super) seen: Vec<Reader<'r>>,
    /// Whether there are others: paths of the node to them, or more kinds than are asked.
    pub(super) has_others: bool,
}

impl<'r> OfMap<'r> {
    /// Who reads a key.
    pub(super) fn of_key(&self, key: &str, context: &Context<'_>) -> OfKey<'r> {
        let mut found = OfKey::default();
        let mut kinds = HashSet::new();
        for (reader, used) in self.all.iter().chain(self.by_key.get(key).into_iter().flatten()) {
            if found.has_others && found.seen.len() == MANY {
                break;
            }
            let is_host = match used {
                Use::Files | Use::File(_) => false,
                Use::Variable { name, .. } => reader.reading.names_host(name, context),
                Use::Variables(prefix) => {
                    reader.reading.names_host(&format!("{prefix}{key}"), context)
                }
            };
            if is_host || found.seen.len() == MANY && !kinds.contains(&reader.kind) {
                found.has_others = true;
            } else if kinds.insert(reader.kind) {
                found.seen.push(*reader);
            }
        }
        found
    }

    /// Whether any of them calls a root by another name.
    pub(super) fn has_ancestors(&self, context: &Context<'_>) -> bool {
        let mut readers = self.all.iter().chain(self.by_key.values().flatten());
        readers.any(|(reader, _)| reader.reading.ancestors(context).next().is_some())
    }
}

impl<'r> Readers<'r> {
    pub(super) fn of(
        readings: &'r [Reading],
        docs: &[Sourced<'_>],
        objects: &'r [Vec<Object>],
    ) -> Self {
        let source_of = |doc: usize| docs.get(doc).map_or(0, |sourced| sourced.source);
        let mut maps: HashMap<(&str, &str), Vec<(usize, usize)>> = HashMap::new();
        for (doc, objects) in objects.iter().enumerate() {
            for (number, object) in objects.iter().enumerate() {
                if object.name.kind == "ConfigMap" {
                    let name = (object.name.home(), object.name.name.as_str());
                    maps.entry(name).or_default().push((doc, number));
                }
            }
        }
        let mut kinds: HashMap<(Option<&[MountView]>, bool), usize> = HashMap::new();
        let mut known = HashSet::new();
        let mut of: BTreeMap<_, OfMap<'r>> = BTreeMap::new();
        for reading in readings {
            let Some((object, pod, container)) = reading.container(objects) else { continue };
            let next = kinds.len();
            let kind = (reading.views.as_deref(), reading.leaves);
            let kind = *kinds.entry(kind).or_insert(next);
            let reader = Reader { reading, name: &container.name, kind };
            let source = source_of(reading.at.0);
            for (config, used) in container.configs(pod) {
                let map = maps.get(&(object.name.home(), config));
                let map =
                    map.and_then(|maps| own_or_only(maps, source, |&(doc, _)| source_of(doc)));
                let Some(&map) = map else { continue };
                // Another of its kind says nothing new, unless it registers what it reads.
                if !known.insert((map, used, kind)) && !reading.registers() {
                    continue;
                }
                let map = of.entry(map).or_default();
                match used {
                    Use::Files | Use::Variables(_) => map.all.push((reader, used)),
                    Use::File(key) | Use::Variable { key, .. } => {
                        map.by_key.entry(key).or_default().push((reader, used));
                    }
                }
            }
        }
        Self { of }
    }
}
