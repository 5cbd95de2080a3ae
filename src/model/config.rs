//! ConfigMaps of the input, for variables that take their values from them.

use super::{ByName, ConfigKey, EnvVar, Object, Sourced};
use std::collections::HashMap;

/// The data of the input's ConfigMaps, by namespace and name.
#[derive(Debug, Default)]
pub(crate) struct Configs {
    maps: HashMap<(String, String), Vec<Config>>,
}

/// The data of one ConfigMap, in the order it is written.
#[derive(Debug)]
struct Config {
    source: usize,
    data: Data,
}

/// Values by their keys.
type Data = ByName<(String, String)>;

impl Configs {
    /// Reads the ConfigMaps among the objects of each document.
    #[must_use]
    pub(crate) fn read(docs: &[Sourced<'_>], objects: &[Vec<Object>]) -> Self {
        let mut configs = Self::default();
        for (&Sourced { doc, source }, objects) in docs.iter().zip(objects) {
            for object in objects.iter().filter(|object| object.name.kind == "ConfigMap") {
                let Some(data) = doc.get(object.node, "data") else { continue };
                let text = |node| doc.str(node).map(str::to_owned);
                let pairs = doc
                    .entries(data)
                    .iter()
                    .filter_map(|&(key, value)| Some((text(key)?, text(value)?)));
                let name = (object.name.namespace.clone(), object.name.name.clone());
                let config = Config { source, data: ByName::new(pairs.collect()) };
                configs.maps.entry(name).or_default().push(config);
            }
        }
        configs
    }

    /// The data of the ConfigMap that a pod in `source` gets: the last one of its own source, as
    /// kubectl applies it last; or else the only one of all others. Several variants of a
    /// deployment may lie side by side, and nobody knows then which of them is meant.
    fn data(&self, source: usize, namespace: &str, name: &str) -> Option<&Data> {
        let maps = self.maps.get(&(namespace.to_owned(), name.to_owned()));
        let maps = maps.map_or(&[][..], Vec::as_slice);
        let own = maps.iter().rfind(|config| config.source == source);
        let only = maps.first().filter(|_| maps.len() == 1);
        own.or(only).map(|config| &config.data)
    }

    /// Gives the variables of an object's containers the values that they inherit; `source` is
    /// where the object stands.
    pub(crate) fn fill(&self, source: usize, object: &mut Object) {
        if self.maps.is_empty() {
            return;
        }
        let namespace = object.name.namespace.clone();
        let config = |name: &str| self.data(source, &namespace, name);
        for container in object.pods.iter_mut().flat_map(|pod| &mut pod.containers) {
            let is_filled = |variable: &EnvVar| variable.config_key.is_some();
            if container.env_from.is_empty() && !container.env.iter().any(is_filled) {
                continue;
            }
            let mut given = Vec::new();
            for (prefix, name) in &container.env_from {
                for (key, value) in config(name).into_iter().flatten() {
                    given.push(EnvVar {
                        name: format!("{prefix}{key}"),
                        value: None,
                        config_key: Some(Box::new(ConfigKey {
                            config: name.clone(),
                            key: key.clone(),
                        })),
                        inherited: Some(value.as_str().into()),
                    });
                }
            }
            let mut written = std::mem::take(&mut container.env).into_vec();
            for variable in &mut written {
                let Some(reference) = &variable.config_key else { continue };
                let found = config(&reference.config).and_then(|data| data.get(&reference.key));
                variable.inherited = found.map(|(_, value)| value.as_str().into());
            }
            // What is written in `env` counts more than what `envFrom` brings.
            given.append(&mut written);
            container.env = ByName::new(given);
        }
    }
}
