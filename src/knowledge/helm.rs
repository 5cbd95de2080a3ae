//! Charts whose authors have a value for the kubelet's root, and what the value misses.

use super::{KnowledgeError, read};
use serde::{Deserialize, Serialize};

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

    /// Every row.
    #[must_use]
    pub fn rows(&self) -> &[ChartRow] {
        &self.0
    }
}
