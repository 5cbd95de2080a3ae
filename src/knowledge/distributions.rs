//! Where distributions of Kubernetes have the kubelet's root.

use super::{KnowledgeError, read};
use crate::kubepath::Root;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The table's file name.
const TABLE: &str = "distributions.yaml";

/// A distribution, or a cloud service.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// Its name on the command line.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Other names on the command line.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The root of an ordinary node, if there is one.
    pub root: Option<String>,
    /// Roots that some of its nodes have.
    #[serde(default)]
    pub others: Vec<OtherRoot>,
    /// How the root is set; empty where nothing is known to set it.
    #[serde(default)]
    pub set: String,
    /// What else there is to know.
    #[serde(default)]
    pub note: String,
    /// Where somebody else can look the facts up.
    pub sources: Vec<String>,
}

/// A root that some nodes have.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OtherRoot {
    /// The root, or how it is put together.
    pub root: String,
    /// Which nodes have it.
    pub when: String,
}

/// All distributions that are known.
#[derive(Clone, Debug, Deserialize)]
pub struct Distributions(Vec<Distribution>);

impl Distributions {
    /// Reads the table that is built into the program.
    ///
    /// # Errors
    /// When the table doesn't have the form its types ask for, a row has no source, or two rows
    /// have the same name.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        let table: Self = read(TABLE, built!("distributions"))?;
        let mut names = BTreeSet::new();
        for row in &table.0 {
            let broken = |what: &str| {
                let message = format!("{} {what}", row.name);
                Err(KnowledgeError { table: TABLE, message })
            };
            if row.sources.is_empty() || row.sources.iter().any(|source| source.trim().is_empty()) {
                return broken("has no source");
            }
            if row.root.as_deref().is_some_and(|root| Root::parse(root).is_err()) {
                return broken("has a root that can't be one");
            }
            if row.names().any(|name| name.contains('/') || !names.insert(name)) {
                return broken("has a name that is another one's, or a path");
            }
        }
        Ok(table)
    }

    /// Every row.
    #[must_use]
    pub fn rows(&self) -> &[Distribution] {
        &self.0
    }

    /// The distribution of this name, in capitals or not.
    #[must_use]
    pub fn named(&self, word: &str) -> Option<&Distribution> {
        self.0.iter().find(|row| row.names().any(|name| name.eq_ignore_ascii_case(word)))
    }

    /// Every name and alias.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(Distribution::names)
    }
}

impl Distribution {
    /// Its name and its aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    /// The root of all its nodes, when they have the same.
    #[must_use]
    pub fn only_root(&self) -> Option<Root> {
        let root = self.root.as_deref().filter(|_| self.others.is_empty())?;
        Root::parse(root).ok()
    }

    /// Its roots in words: the ordinary one, and which nodes have another.
    #[must_use]
    pub fn roots(&self) -> String {
        let ordinary = self.root.as_deref().unwrap_or("no ordinary root");
        let others = self.others.iter().map(|other| format!("; {}: {}", other.when, other.root));
        format!("{ordinary}{}", others.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_the_one_root() {
        let table = Distributions::builtin().unwrap();
        let root = |word: &str| table.named(word)?.only_root().map(|root| root.to_string());
        for (word, expected) in [
            ("k0s", Some("/var/lib/k0s/kubelet")),
            ("K0s", Some("/var/lib/k0s/kubelet")),
            ("microk8s", Some("/var/snap/microk8s/common/var/lib/kubelet")),
            ("iks", Some("/var/data/kubelet")),
            ("pks", Some("/var/vcap/data/kubelet")),
            // Rootless nodes have another one.
            ("k3s", None),
            // Whoever installs it says which.
            ("mke4k", None),
            ("no-such-distribution", None),
        ] {
            assert_eq!(root(word).as_deref(), expected, "{word}");
        }
    }
}
