//! What breaks when a path is on the wrong side of a move.

use super::{KnowledgeError, Role, read};
use crate::words::Message;
use serde::Deserialize;

/// Where a path stands, and whose filesystem it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// `hostPath` of a volume.
    HostPath,
    /// `mountPath`.
    MountPath,
    /// What a registrar hands to the kubelet.
    RegistrationPath,
    /// The same, where a probe looks for it.
    Probe,
    /// Another argument or variable that speaks of the host.
    HostSetting,
    /// An argument or variable that speaks of the container.
    Reference,
    /// A host path that a policy allows.
    AllowedPath,
    /// The source of a PersistentVolume.
    VolumeSource,
    /// A configuration, or a field of a custom resource.
    Configuration,
}

/// Who has a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Anybody.
    Other,
    /// A container of a CSI node plugin.
    Driver,
    /// The container that mounts volumes where pods get them.
    Mounter,
}

/// One row of the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Harm {
    #[serde(default)]
    roles: Vec<Role>,
    at: Option<Standing>,
    by: Option<Holds>,
    #[serde(default)]
    typed: bool,
    #[serde(default)]
    stays: bool,
    text: String,
    source: String,
}

/// A path of which somebody asks what would break.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// What it is for.
    pub role: Role,
    /// Where it stands.
    pub at: Standing,
    /// Who has it.
    pub by: Holds,
    /// The kubelet looks first whether the directory is there.
    pub typed: bool,
    /// It doesn't follow the root.
    pub stays: bool,
}

/// What breaks, by what a path is for and where it stands.
#[derive(Clone, Debug, Deserialize)]
pub struct HarmTable(Vec<Harm>);

/// The table's file name.
const TABLE: &str = "harms.yaml";

impl HarmTable {
    /// Reads the table that is built into the program; only explaining needs it.
    ///
    /// # Errors
    /// When the table doesn't have the form its types ask for, or a row has no source.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        let table: Self = read(TABLE, built!("harms"))?;
        if table.0.iter().any(|row| row.source.trim().is_empty()) {
            return Err(KnowledgeError { table: TABLE, message: "a row has no source".to_owned() });
        }
        Ok(table)
    }

    /// What breaks if the path is left behind or, where it stays, moved as well.
    #[must_use]
    pub fn harm(&self, asked: Asked) -> Option<Message> {
        let row = self.0.iter().find(|row| {
            row.stays == asked.stays
                && (row.roles.is_empty() || row.roles.contains(&asked.role))
                && row.at.is_none_or(|at| at == asked.at)
                // A mounter is a driver, too.
                && row.by.is_none_or(|by| by <= asked.by)
                && (asked.typed || !row.typed)
        })?;
        Some(Message::new(row.text.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_matches_says_it() {
        let harms = HarmTable::builtin().unwrap();
        let harm = |role, at, by, stays| {
            let asked = Asked { role, at, by, typed: false, stays };
            harms.harm(asked).map(|message| message.id().to_owned())
        };
        let says = |text: &str| Some(text.to_owned());
        assert_eq!(
            harm(Role::Pods, Standing::MountPath, Holds::Mounter, false),
            says("harm-pods-mount-path")
        );
        assert_eq!(
            harm(Role::Pods, Standing::MountPath, Holds::Driver, false),
            says("harm-mount-path")
        );
        assert_eq!(
            harm(Role::DevicePlugins, Standing::HostPath, Holds::Driver, true),
            says("harm-moved-device-plugins")
        );
        assert_eq!(harm(Role::Pods, Standing::HostPath, Holds::Mounter, true), None);
    }
}
