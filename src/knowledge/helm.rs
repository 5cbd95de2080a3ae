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
    /// Its value at a key with dots, if it is for Linux nodes.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.key == key && !value.windows)
    }

    /// Whether the values at keys that are set move all that there is of the root on Linux nodes.
    pub(crate) fn moves_all(&self, is_set: impl Fn(&str) -> bool) -> bool {
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
    /// Reads the table that is built into the program. Only `helm-values` needs it, and documents that install
    /// charts.
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

    /// The rows of a chart. A version that no row has a name for may be any.
    pub(crate) fn of_chart(&self, chart: &str, version: Option<&str>) -> Vec<&ChartRow> {
        fn number(version: &str) -> &str {
            version.strip_prefix('v').unwrap_or(version)
        }
        let rows: Vec<&ChartRow> = self.0.iter().filter(|row| row.chart == chart).collect();
        let is_it = |row: &&ChartRow| {
            row.version.as_deref().map(number).is_some_and(|own| version.map(number) == Some(own))
        };
        let exactly: Vec<&ChartRow> = rows.iter().copied().filter(is_it).collect();
        if exactly.is_empty() { rows } else { exactly }
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

    /// Whether the values at these keys move all of the root, whichever row it is.
    fn moves_all(chart: &str, version: Option<&str>, set: &[&str]) -> bool {
        let rows = ChartTable::shared().unwrap().of_chart(chart, version);
        let mut rows = rows
            .into_iter()
            .filter(|row| set.iter().all(|key| row.value(key).is_some()))
            .peekable();
        assert!(rows.peek().is_some(), "{chart}");
        rows.all(|row| row.moves_all(|key| set.contains(&key)))
    }

    #[test]
    fn a_value_moves_all_of_the_root_or_not() {
        assert!(moves_all("ceph-csi-rbd", None, &["kubeletDir"]));
        let linode = ["kubeletPath", "csiLinodePlugin.podsMountDir"];
        assert!(moves_all("linode-blockstorage-csi-driver", None, &linode));
        assert!(!moves_all("linode-blockstorage-csi-driver", None, &linode[..1]));
        assert!(!moves_all("cvmfs-csi", None, &["kubeletDirectory"]), "it misses a mountPath");
        assert!(
            !moves_all("carina-csi-driver", None, &["node.kubelet"]),
            "device plugins would move"
        );
        assert!(moves_all("azuredisk-csi-driver", None, &["linux.kubelet"]), "misses of Windows");
        assert!(ChartTable::shared().unwrap().of_chart("csi-example", None).is_empty());
    }

    #[test]
    fn of_versions_the_one_that_is_installed_counts() {
        let of = |version| moves_all("blob-csi-driver", version, &["linux.kubelet"]);
        assert!(!of(Some("v1.10.0")) && !of(Some("1.10.0")), "it left a command behind");
        assert!(of(Some("v1.21.4")) && of(Some("1.21.4")));
        assert!(!of(None) && !of(Some("v1.22.0")), "any of them");
    }

    #[test]
    fn values_for_windows_are_no_values_for_linux() {
        let rows = ChartTable::shared().unwrap().of_chart("azuredisk-csi-driver", None);
        assert!(rows.iter().any(|row| row.value("linux.kubelet").is_some()));
        assert!(rows.iter().all(|row| row.value("windows.kubelet").is_none()));
    }
}
