//! What is known about kubelets, drivers and sidecars: data with provenance, and the types that
//! read it.
//!
//! The tables are YAML files beside this one; every row carries its `source`, which the build
//! sees to. Code interprets rows and holds no facts of its own.

/// A table as the build leaves it: JSON, which is read in a tenth of the time.
macro_rules! built {
    ($table:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $table, ".json"))
    };
}

/// A table that the build leaves as a Rust expression: every run needs it.
macro_rules! built_in {
    ($table:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $table, ".rs"))
    };
}

mod distributions;
pub mod document;
pub mod driver;
mod harms;
mod helm;
mod image;
mod kinds;
mod listed;
pub mod pages;
mod roles;
mod search;
pub mod sheet;
mod tables;

pub use distributions::{Distribution, Distributions, OtherRoot};
pub use driver::{Driver, DriverId, Drivers};
pub use harms::{Asked, HarmTable, Holds, Standing};
pub use helm::{ChartRow, ChartTable, Does, Miss, Value};
pub(crate) use image::{image_is, image_tag, last_component};
pub use kinds::{KindNature, KindTable, Release};
pub use listed::{Listed, NotDriver};
pub use pages::{Page, Pages};
pub use roles::{ContainerSide, HostSide, Role, RoleRow};
pub use search::{Known, search};
pub use tables::{ImageTable, Sentinel, SettingTable};

use crate::error::{Fault, RelocateError};
use crate::kubepath::AbsPath;
use serde::de::DeserializeOwned;

/// All tables that a rewrite needs, validated.
#[derive(Debug)]
pub struct Knowledge {
    roles: &'static [RoleRow],
    settings: &'static SettingTable,
    images: &'static ImageTable,
    kinds: &'static KindTable,
    drivers: Drivers,
}

/// A table of the program is broken; this is the program's fault, never the user's.
#[derive(Debug)]
pub struct KnowledgeError {
    /// The table's file name.
    pub table: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl std::fmt::Display for KnowledgeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the built-in table {} is broken: {}", self.table, self.message)
    }
}

impl std::error::Error for KnowledgeError {}

impl From<KnowledgeError> for RelocateError {
    fn from(error: KnowledgeError) -> Self {
        Self::Fault(Fault::new(error.to_string()))
    }
}

impl Knowledge {
    /// The tables that are built into the program.
    ///
    /// # Errors
    /// When a table contradicts itself.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        let knowledge = Self {
            roles: roles::ROLES,
            settings: &tables::SETTINGS,
            images: &tables::IMAGES,
            kinds: &kinds::KINDS,
            drivers: Drivers::default(),
        };
        knowledge.validate()?;
        Ok(knowledge)
    }

    /// The row for what follows a root, whichever that is.
    #[must_use]
    pub fn role(&self, rest: &str) -> &'static RoleRow {
        self.role_among(&[], rest)
    }

    /// The row for what follows a root, in a run that is about these roots.
    #[must_use]
    pub fn role_among(&self, roots: &[AbsPath], rest: &str) -> &'static RoleRow {
        let mut rows = self.roles.iter().filter(|row| row.matches(rest));
        rows.find(|row| row.holds_among(roots)).unwrap_or(&roles::FALLBACK)
    }

    /// Whether something that stays on the host when a root moves can lie in a directory, given by what
    /// follows the root.
    #[must_use]
    pub fn may_hold_what_stays(&self, rest: &str) -> bool {
        self.roles.iter().any(|row| row.host == HostSide::Stays && row.may_lie_in(rest))
    }

    /// Whether `name` is a directory that only a kubelet root has.
    ///
    /// Directories that stay behind when a root moves are none, and neither is the catch-all.
    #[must_use]
    pub fn is_root_child(&self, name: &str) -> bool {
        let row = self.role(name);
        row.host == HostSide::Moves && !matches!(row.role, Role::Unknown | Role::DriverDir)
    }

    /// The table of settings known by name.
    #[must_use]
    pub fn settings(&self) -> &SettingTable {
        self.settings
    }

    /// The table of containers known by image.
    #[must_use]
    pub fn images(&self) -> &ImageTable {
        self.images
    }

    /// The table of objects and fields outside of pods.
    #[must_use]
    pub fn kinds(&self) -> &KindTable {
        self.kinds
    }

    /// Drivers by what their manifests don't say.
    #[must_use]
    pub fn drivers(&self) -> &Drivers {
        &self.drivers
    }

    fn validate(&self) -> Result<(), KnowledgeError> {
        let says_why = |row: &RoleRow| {
            let stays = row.host == HostSide::Stays || row.container == ContainerSide::Stays;
            stays == row.why.is_some()
        };
        if let Some(row) = self.roles.iter().find(|row| !says_why(row)) {
            let message = format!("`{}` has to say why it stays, if it does", row.path);
            return Err(KnowledgeError { table: "roles.yaml", message });
        }
        if self.roles.last().is_none_or(|row| row.role != Role::Unknown) {
            let message = "the last row must be the catch-all `**`".to_owned();
            return Err(KnowledgeError { table: "roles.yaml", message });
        }
        Ok(())
    }
}

/// The table of symptoms, for the module that reads it.
pub(crate) const SYMPTOMS: &str = built!("symptoms");

pub(crate) fn read<T: DeserializeOwned>(
    table: &'static str,
    text: &str,
) -> Result<T, KnowledgeError> {
    serde_json::from_str(text).map_err(|error| KnowledgeError { table, message: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubepath::{Root, RootError};

    fn role(path: &str) -> Role {
        Knowledge::builtin().unwrap().role(path).role
    }

    #[test]
    fn what_is_refused_as_a_root_is_a_directory_that_the_table_has() {
        for name in ["plugins_registry", "device-plugins", "pod-resources", "pods", "plugins"] {
            let inside = RootError::Inside("/srv/kubelet".to_owned());
            assert_eq!(Root::parse(&format!("/srv/kubelet/{name}")), Err(inside));
            assert_ne!(role(name), Role::Unknown, "{name}");
        }
    }

    #[test]
    fn certificates_follow_a_distribution_s_root_alone() {
        let knowledge = Knowledge::builtin().unwrap();
        let distributions = Distributions::builtin().unwrap();
        let side = |roots: &[&str]| {
            let roots: Vec<AbsPath> =
                roots.iter().map(|root| AbsPath::parse(root).unwrap()).collect();
            let row = knowledge.role_among(&roots, "pki/kubelet.crt");
            assert_eq!(row.role, Role::Pki);
            row.host
        };
        assert_eq!(side(&["/data/kubelet", "/var/lib/kubelet"]), HostSide::Stays);
        assert_eq!(side(&["/var/lib/k0s/kubelet", "/var/lib/kubelet"]), HostSide::Moves);
        assert_eq!(side(&["/var/lib/kubelet", "/var/lib/k0s/kubelet"]), HostSide::Moves);
        for root in knowledge.roles.iter().flat_map(|row| row.roots) {
            let rows = distributions.rows();
            assert!(rows.iter().any(|row| row.root.as_deref() == Some(*root)), "{root}");
        }
    }

    #[test]
    fn roles_follow_the_table() {
        for (path, expected) in [
            ("", Role::Root),
            ("pods", Role::Pods),
            ("pods/uid/volumes", Role::Pods),
            ("plugins", Role::Plugins),
            ("plugins/kubernetes.io", Role::Staging),
            ("plugins/kubernetes.io/csi/pv", Role::Staging),
            ("plugins/nfs", Role::PluginSocketDir),
            ("plugins/nfs/csi.sock", Role::PluginSocket),
            ("plugins/a/b/c.sock", Role::PluginSocket),
            ("plugins/volume/exec", Role::FlexVolume),
            ("plugins_registry", Role::PluginsRegistry),
            ("plugins_registry/x-reg.sock", Role::RegistrationSocket),
            ("device-plugins/kubelet.sock", Role::DevicePlugins),
            ("pki/kubelet.crt", Role::Pki),
            ("config.yaml", Role::KubeadmFile),
            ("config.yaml.d", Role::Unknown),
            ("csi-plugins/x", Role::DriverDir),
            ("harvester-plugins", Role::Unknown),
        ] {
            assert_eq!(role(path), expected, "{path}");
        }
    }

    #[test]
    fn what_holds_something_that_stays_is_known() {
        let knowledge = Knowledge::builtin().unwrap();
        for holds in ["", "plugins", "plugins/volume", "pki", "pki/old/older", "device-plugins"] {
            assert!(knowledge.may_hold_what_stays(holds), "{holds}");
        }
        for holds_not in ["pods", "plugins/nfs", "plugins/volume/x", "plugins_registry", "config"] {
            assert!(!knowledge.may_hold_what_stays(holds_not), "{holds_not}");
        }
    }

    #[test]
    fn what_stays_has_to_say_why() {
        let mut knowledge = Knowledge::builtin().unwrap();
        let mute = |row: &RoleRow| RoleRow { why: None, ..row.clone() };
        knowledge.roles = knowledge.roles.iter().map(mute).collect::<Vec<_>>().leak();
        assert!(knowledge.validate().unwrap_err().message.contains("why it stays"));
    }
}
