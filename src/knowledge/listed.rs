//! What has no file of its own: drivers of which too little is known, and projects that are none.

use super::{KnowledgeError, read};
use serde::{Deserialize, Serialize};

/// A driver that is listed somewhere and of which too little is known.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Listed {
    /// What people call it.
    pub title: String,
    /// Where it comes from: `owner/repository` on GitHub, or a URL.
    pub home: String,
    /// The names that it registers with the kubelet.
    #[serde(default)]
    pub csi_drivers: Vec<String>,
    /// What an answer would take.
    pub missing: String,
}

/// A project whose manifests the tests read and that is neither driver, agent nor operator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotDriver {
    /// The folder of its manifests.
    pub project: String,
    /// What it is.
    pub what: String,
}

impl Listed {
    /// Reads the table that is built into the program.
    ///
    /// # Errors
    /// When the table doesn't have the form its type asks for, or a row doesn't say what is
    /// missing.
    pub fn builtin() -> Result<Vec<Self>, KnowledgeError> {
        const TABLE: &str = "listed.yaml";
        let rows: Vec<Self> = read(TABLE, built!("listed"))?;
        match rows.iter().find(|row| row.missing.trim().is_empty() || row.home.trim().is_empty()) {
            Some(row) => {
                let message = format!("{} doesn't say what is missing, or from where", row.title);
                Err(KnowledgeError { table: TABLE, message })
            }
            None => Ok(rows),
        }
    }
}

impl NotDriver {
    /// Reads the table that is built into the program.
    ///
    /// # Errors
    /// When the table doesn't have the form its type asks for, or a row doesn't say what it is.
    pub fn builtin() -> Result<Vec<Self>, KnowledgeError> {
        const TABLE: &str = "not_drivers.yaml";
        let rows: Vec<Self> = read(TABLE, built!("not_drivers"))?;
        match rows.iter().find(|row| row.what.trim().is_empty()) {
            Some(row) => {
                let message = format!("{} doesn't say what it is", row.project);
                Err(KnowledgeError { table: TABLE, message })
            }
            None => Ok(rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_can_be_read() {
        assert!(!Listed::builtin().unwrap().is_empty());
        assert!(!NotDriver::builtin().unwrap().is_empty());
    }
}
