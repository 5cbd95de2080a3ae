//! A function's configuration: an object of this program's own kind, or a ConfigMap.
//!
//! Whatever isn't known is refused: a field that is passed over in silence would leave a manifest
//! where it was, and nobody would know.

use super::Settled;
use super::reader::{read, section};
use crate::cli::{FailOn, From, NamedRoot};
use crate::kubepath::{Root, WindowsRoot};
use crate::roots::RootsError;
use crate::yaml::{Document, NodeId};

/// By which way a configuration comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In a list, as `functionConfig`.
    Function,
    /// As a file for kustomize's older kind of plugin.
    Plugin,
}

/// What is to be done; each part may be missing.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The kubelet's root.
    pub root: Option<Root>,
    /// The roots that the manifests may be written for.
    pub from: Vec<From>,
    /// The root on Windows nodes.
    pub windows: Option<WindowsRoot>,
    /// The least harmful finding that makes the function fail.
    pub fail_on: Option<FailOn>,
    /// The names of distributions that were given for roots.
    pub named: Vec<NamedRoot>,
}

/// Something in a configuration that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as in `spec.kubeletRoot`; empty for the configuration itself.
    pub field: String,
    /// What stands there, where that is one word.
    pub current: Option<String>,
    /// What could stand there.
    pub proposed: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// What a run knows without a configuration.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// What was typed; it wins over a configuration.
    pub typed: Config,
    /// The root of the environment; it counts where there is no configuration.
    pub ambient: Option<Root>,
    /// Parse every document.
    pub strict: bool,
}

impl Given {
    /// What is to be done, with a configuration if there is one, of that kind.
    ///
    /// # Errors
    /// What can't be used in the configuration, or that there is no root.
    pub fn settle(
        &self,
        config: Option<Result<Config, Vec<Problem>>>,
        kind: Option<&str>,
    ) -> Result<Settled, Vec<Problem>> {
        let ambient = self.ambient.clone().filter(|_| config.is_none());
        let config = config.transpose()?.unwrap_or_default();
        let typed = self.typed.clone();
        let Some(root) = typed.root.or(config.root).or(ambient) else {
            return Err(vec![Problem::without_root(kind)]);
        };
        let merged = Config {
            root: None,
            from: if typed.from.is_empty() { config.from } else { typed.from },
            windows: typed.windows.or(config.windows),
            fail_on: typed.fail_on.or(config.fail_on),
            named: typed.named.into_iter().chain(config.named).collect(),
        };
        Ok(Settled::new(root, &merged, self.strict))
    }
}

impl Problem {
    pub(super) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), current: None, proposed: None, message: message.into() }
    }

    pub(super) fn with(self, current: Option<&str>, proposed: Option<String>) -> Self {
        Self { current: current.map(str::to_owned), proposed, ..self }
    }

    fn without_root(kind: Option<&str>) -> Self {
        const ASKED: &str = "which directory is the kubelet's --root-dir on your nodes?";
        match kind {
            None => {
                Self::new("", format!("there is no functionConfig that says kubeletRoot: {ASKED}"))
            }
            Some(kind) => {
                let field = format!("{}.kubeletRoot", section(kind));
                Self::new(&field, format!("{field} is missing: {ASKED}"))
            }
        }
    }

    /// A list without a list in it.
    pub(super) fn without_items(current: Option<&str>) -> Self {
        Self::new("items", "items of the ResourceList has to be a list of objects")
            .with(current, None)
    }

    /// Roots that can't be used together.
    #[must_use]
    pub fn of_roots(error: &RootsError) -> Self {
        Self::new("", error.to_string())
    }
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// All that can't be used in it.
    pub fn read(doc: &Document, node: NodeId, way: Way) -> Result<Self, Vec<Problem>> {
        read(doc, node, way)
    }
}
