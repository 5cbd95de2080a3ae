//! ConfigMaps of the input, for variables that take their values from them.

use super::env_from::Filled;
use super::{ByName, Data, Object, Sourced};
use std::collections::HashMap;
use std::sync::Arc;

/// The data of the input's ConfigMaps, by namespace and name.
#[derive(Debug, Default)]
pub(crate) struct Configs {
    maps: HashMap<(String, String), Vec<Config>>,
    /// What containers get by `envFrom`, by their source and namespace.
    filled: HashMap<(usize, String), Filled>,
}

/// The data of one ConfigMap, in the order it is written.
#[derive(Debug)]
struct Config {
    source: usize,
    data: Arc<Data>,
}

impl Configs {
    /// Reads the ConfigMaps among the objects of each document.
    #[must_use]
    pub(crate) fn read(docs: &[Sourced<'_>], objects: &[Vec<Object>]) -> Self {
        let mut configs = Self::default();
        for (&Sourced { doc, source }, objects) in docs.iter().zip(objects) {
            for object in objects.iter().filter(|object| object.name.kind == "ConfigMap") {
                let Some(data) = doc.get(object.node, "data") else { continue };
                let pairs = doc.entries(data).iter().filter_map(|&(key, value)| {
                    Some((doc.str(key)?.to_owned(), Arc::from(doc.str(value)?)))
                });
                let name = (object.name.home().to_owned(), object.name.name.to_string());
                let data = Arc::new(ByName::new(pairs.collect()));
                let config = Config { source, data };
                configs.maps.entry(name).or_default().push(config);
            }
        }
        configs
    }

    /// Gives the variables of an object's containers the values that they inherit; `source` is
    /// where the object stands.
    pub(crate) fn fill(&mut self, source: usize, object: &mut Object) {
        if self.maps.is_empty() || object.pods.is_empty() {
            return;
        }
        let namespace = object.name.home().to_owned();
        let maps = &self.maps;
        let config = |name: &str| {
            let maps = maps.get(&(namespace.clone(), name.to_owned()))?;
            own_or_only(maps, source, |config| config.source).map(|config| &config.data)
        };
        let filled = self.filled.entry((source, namespace.clone())).or_default();
        for container in object.pods.iter_mut().flat_map(|pod| &mut pod.containers) {
            container.env_from.fill(filled, config);
            for variable in container.env.iter_mut() {
                let Some(reference) = &variable.config_key else { continue };
                let found = config(&reference.config).and_then(|data| data.get(&reference.key));
                variable.inherited = found.map(|(_, value)| Arc::clone(value));
            }
        }
    }
}

/// Of ConfigMaps with one name the one that a pod in `source` gets: the last one of its own source, as
/// kubectl applies it last; or else the only one of all others. Several variants of a deployment may lie
/// side by side, and nobody knows then which of them is meant. `maps` stand in the order of their sources.
pub(crate) fn own_or_only<T>(
    maps: &[T],
    source: usize,
    source_of: impl Fn(&T) -> usize,
) -> Option<&T> {
    let behind = maps.partition_point(|map| source_of(map) <= source);
    let own = maps.get(..behind).and_then(<[_]>::last).filter(|own| source_of(own) == source);
    own.or_else(|| maps.first().filter(|_| maps.len() == 1))
}
