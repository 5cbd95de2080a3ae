//! Environment variables of a container, written in it or given by ConfigMaps.

use super::{Container, Named, Text};
use smol_str::SmolStr;
use std::sync::Arc;

/// An environment variable that is written in a container.
#[derive(Clone, Debug)]
pub struct EnvVar {
    /// Its name.
    pub name: SmolStr,
    /// Its literal value; `None` when it comes from elsewhere.
    pub value: Option<Text>,
    /// The key of the ConfigMap that its value comes from.
    pub config_key: Option<Box<ConfigKey>>,
    /// The value that this key has in the same input.
    pub inherited: Option<Arc<str>>,
}

/// A key of a ConfigMap in the pod's namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfigKey {
    /// The ConfigMap's name.
    pub config: String,
    /// The key in its data.
    pub key: String,
}

/// What is known of a container's variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable<'a> {
    /// Its literal value in the container; `None` when it comes from elsewhere.
    pub text: Option<&'a Text>,
    /// Its value, written in the container or in a ConfigMap of the same input.
    pub value: Option<&'a str>,
}

impl Named for EnvVar {
    fn name(&self) -> &str {
        &self.name
    }
}

impl EnvVar {
    /// The value, written here or inherited from a ConfigMap of the same input.
    #[must_use]
    pub fn known_value(&self) -> Option<&str> {
        self.value.as_ref().map(|text| text.value.as_str()).or(self.inherited.as_deref())
    }
}

impl Container {
    /// What is known of a variable. The last definition counts, as for the container runtime, and
    /// what is written in `env` more than what `envFrom` brings.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Variable<'_>> {
        match self.env.get(name) {
            Some(written) => {
                Some(Variable { text: written.value.as_ref(), value: written.known_value() })
            }
            None => {
                self.env_from.get(name).map(|value| Variable { text: None, value: Some(value) })
            }
        }
    }
}
