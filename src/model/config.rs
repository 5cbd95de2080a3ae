//! ConfigMaps of the input, for variables that take their values from them.

use super::{ConfigKey, EnvVar, Object};
use crate::yaml::Document;
use std::collections::HashMap;

/// The data of the input's ConfigMaps, by namespace and name, in the order it is written.
#[derive(Debug, Default)]
pub struct Configs {
    data: HashMap<(String, String), Vec<(String, String)>>,
}

impl Configs {
    /// Reads the ConfigMaps among the objects of each document.
    #[must_use]
    pub fn read(docs: &[&Document], objects: &[Vec<Object>]) -> Self {
        let mut configs = Self::default();
        for (doc, objects) in docs.iter().zip(objects) {
            for object in objects.iter().filter(|object| object.name.kind == "ConfigMap") {
                let Some(data) = doc.get(object.node, "data") else { continue };
                let text = |node| doc.str(node).map(str::to_owned);
                let pairs = doc
                    .entries(data)
                    .iter()
                    .filter_map(|&(key, value)| Some((text(key)?, text(value)?)));
                let name = (object.name.namespace.clone(), object.name.name.clone());
                configs.data.insert(name, pairs.collect());
            }
        }
        configs
    }

    /// Gives the variables of an object's containers the values that they inherit.
    pub fn fill(&self, object: &mut Object) {
        if self.data.is_empty() {
            return;
        }
        let namespace = object.name.namespace.clone();
        let config = |name: &str| self.data.get(&(namespace.clone(), name.to_owned()));
        for container in object.pods.iter_mut().flat_map(|pod| &mut pod.containers) {
            let mut given = Vec::new();
            for (prefix, name) in &container.env_from {
                for (key, value) in config(name).into_iter().flatten() {
                    given.push(EnvVar {
                        name: format!("{prefix}{key}"),
                        value: None,
                        config_key: Some(ConfigKey { config: name.clone(), key: key.clone() }),
                        inherited: Some(value.clone()),
                    });
                }
            }
            for variable in &mut container.env {
                let Some(reference) = &variable.config_key else { continue };
                let mut pairs = config(&reference.config).into_iter().flatten();
                let found = pairs.rfind(|(key, _)| *key == reference.key);
                variable.inherited = found.map(|(_, value)| value.clone());
            }
            // What is written in `env` counts more than what `envFrom` brings.
            given.append(&mut container.env);
            container.env = given;
        }
    }
}
