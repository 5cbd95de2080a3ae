//! Charts whose authors have a value for the kubelet's root, and what the value misses.

use super::{KnowledgeError, read};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What a value does to the rendered manifests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Does {
    /// It moves the root, or a directory below it.
    #[default]
    Move,
    /// It is there and changes nothing.
    Nothing,
    /// It moves what the kubelet has at a constant place.
    Harm,
}

/// A value of a chart.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Value {
    /// Its key, with dots.
    pub key: String,
    /// What follows the root in the value.
    #[serde(default)]
    pub below: String,
    /// The chart counts on a slash at the end.
    #[serde(default)]
    pub slash: bool,
    /// It is for Windows nodes.
    #[serde(default)]
    pub windows: bool,
    /// What it does.
    #[serde(default)]
    pub does: Does,
}

impl Value {
    /// What it is set to for a root.
    #[must_use]
    pub fn for_root(&self, root: &str) -> String {
        let below = if self.below.is_empty() { "" } else { "/" };
        let slash = if self.slash { "/" } else { "" };
        format!("{root}{below}{}{slash}", self.below)
    }
}

/// A field that the values of a chart leave behind, or drag along.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Miss {
    /// Kind and name of the object, the name without that of the release.
    pub object: String,
    /// The field, from the pod's specification on.
    pub field: String,
    /// It matters on Windows nodes.
    #[serde(default)]
    pub windows: bool,
}

/// What is known of a chart.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct ChartRow {
    /// Its name in `Chart.yaml`.
    pub chart: String,
    /// Owner and name of the repository.
    pub repository: String,
    /// The version, where another one has other values.
    pub version: Option<String>,
    /// Its values.
    pub values: Vec<Value>,
    /// What they miss.
    #[serde(default)]
    pub misses: Vec<Miss>,
    /// What they move that has to stay.
    #[serde(default)]
    pub drags: Vec<Miss>,
    /// Where it was rendered from.
    pub source: String,
}

impl ChartRow {
    /// Whether the values at keys that are set move all that there is of the root on Linux nodes.
    fn moves_all(&self, is_set: impl Fn(&str) -> bool) -> bool {
        let mut own = self.values.iter().filter(|value| !value.windows);
        let leaves = |miss: &Miss| !miss.windows;
        !self.misses.iter().any(leaves)
            && !self.drags.iter().any(leaves)
            && own.all(|value| match value.does {
                Does::Move => is_set(&value.key),
                Does::Nothing => true,
                Does::Harm => false,
            })
    }
}

/// All charts that are known.
#[derive(Clone, Debug, Deserialize)]
pub struct ChartTable(Vec<ChartRow>);

/// The table's file name.
const TABLE: &str = "helm.yaml";

impl ChartTable {
    /// Reads the table that is built into the program; only `helm-values` needs it.
    ///
    /// # Errors
    /// When the table doesn't have the form its types ask for, or a row has no source.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        let table: Self = read(TABLE, built!("helm"))?;
        let is_empty = |row: &ChartRow| row.source.trim().is_empty() || row.values.is_empty();
        if let Some(row) = table.0.iter().find(|row| is_empty(row)) {
            let message = format!("{} has no source or no values", row.chart);
            return Err(KnowledgeError { table: TABLE, message });
        }
        Ok(table)
    }

    /// The table, read once for the whole program; none where it's broken, which tests see.
    pub(crate) fn shared() -> Option<&'static Self> {
        static TABLE: LazyLock<Option<ChartTable>> = LazyLock::new(|| ChartTable::builtin().ok());
        TABLE.as_ref()
    }

    /// Whether a value of a chart, at a key with dots, is the kubelet's root or a directory below it; and
    /// whether the values at such keys that are `set` move all that there is of it. A version that no row
    /// has a name for may be any.
    pub(crate) fn root_at(
        &self,
        chart: &str,
        version: Option<&str>,
        key: &str,
        is_set: impl Fn(&str) -> bool,
    ) -> Option<bool> {
        let rows: Vec<&ChartRow> = self.0.iter().filter(|row| row.chart == chart).collect();
        let exact = |row: &&ChartRow| version.is_some() && row.version.as_deref() == version;
        let exactly: Vec<&ChartRow> = rows.iter().copied().filter(exact).collect();
        let rows = if exactly.is_empty() { rows } else { exactly };
        let mut rows = rows
            .into_iter()
            .filter(|row| row.values.iter().any(|value| value.key == key))
            .peekable();
        rows.peek()?;
        Some(rows.all(|row| row.moves_all(&is_set)))
    }

    /// Every row.
    #[must_use]
    pub fn rows(&self) -> &[ChartRow] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_root_and_moves_all_of_it_or_not() {
        let table = ChartTable::shared().unwrap();
        let at = |chart: &str, key: &str, set: &[&str]| {
            table.root_at(chart, None, key, |key| set.contains(&key))
        };
        assert_eq!(at("ceph-csi-rbd", "kubeletDir", &["kubeletDir"]), Some(true));
        assert_eq!(at("ceph-csi-rbd", "kubeletDirectory", &["kubeletDirectory"]), None);
        assert_eq!(at("csi-example", "kubeletDir", &["kubeletDir"]), None);
        let linode = ["kubeletPath", "csiLinodePlugin.podsMountDir"];
        assert_eq!(at("linode-blockstorage-csi-driver", linode[0], &linode), Some(true));
        assert_eq!(at("linode-blockstorage-csi-driver", linode[0], &linode[..1]), Some(false));
        let misses = "it leaves a mountPath behind";
        assert_eq!(
            at("cvmfs-csi", "kubeletDirectory", &["kubeletDirectory"]),
            Some(false),
            "{misses}"
        );
        let drags = "device plugins would move along";
        assert_eq!(
            at("carina-csi-driver", "node.kubelet", &["node.kubelet"]),
            Some(false),
            "{drags}"
        );
        let windows = "what it misses is for Windows";
        assert_eq!(
            at("azuredisk-csi-driver", "linux.kubelet", &["linux.kubelet"]),
            Some(true),
            "{windows}"
        );
    }

    #[test]
    fn of_versions_the_one_that_is_installed_counts() {
        let at = |version: Option<&str>| {
            let table = ChartTable::shared().unwrap();
            table.root_at("blob-csi-driver", version, "linux.kubelet", |_| true)
        };
        let row = |version| {
            ChartTable::shared().unwrap().rows().iter().any(|row: &ChartRow| {
                row.chart == "blob-csi-driver" && row.version.as_deref() == Some(version)
            })
        };
        assert!(row("v1.10.0") && row("v1.21.4"));
        assert_eq!(at(Some("v1.10.0")), Some(false), "it left a command behind");
        assert_eq!(at(Some("v1.21.4")), Some(true));
        assert_eq!(at(None), Some(false), "any of them");
    }
}
