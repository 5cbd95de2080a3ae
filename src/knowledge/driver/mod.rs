//! Drivers, agents and operators by what their manifests don't say: one file for each in
//! `src/knowledge/drivers`.
//!
//! A driver's file is read when something in the input may be that driver. What can be found by
//! its name alone is in an index that the build makes.

mod schema;

pub use schema::{
    ContainerRow, Driver, Evidence, HardCoded, Harm, Hidden, ObjectRow, OperatorRow, Positional,
    Reach, Relocatable, Remedy, SettingKind, SettingRow, Verdict, Whose,
};

use super::KnowledgeError;
use super::image::last_component;
use crate::finding::Severity;
use std::sync::OnceLock;

/// What the build makes of the drivers' files: `DRIVERS`, `INDEX` and `WORDS`.
mod built {
    include!(concat!(env!("OUT_DIR"), "/drivers.rs"));
}

/// All drivers, each read when it's first asked for.
#[derive(Debug)]
pub struct Drivers {
    // Boxed, as of all drivers few are read.
    read: Vec<OnceLock<Option<Box<Driver>>>>,
}

/// A driver, by its place among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DriverId(usize);

impl Default for Drivers {
    fn default() -> Self {
        Self { read: built::DRIVERS.iter().map(|_| OnceLock::new()).collect() }
    }
}

impl Drivers {
    /// The drivers that a container with this image may be, or whose operator it may be.
    pub fn by_image<'s>(
        &'s self,
        image: &str,
    ) -> impl Iterator<Item = (DriverId, &'s Driver)> + use<'s> {
        self.found("image", last_component(image))
    }

    /// The drivers that register this name with the kubelet.
    pub fn by_registered_name<'s>(
        &'s self,
        name: &str,
    ) -> impl Iterator<Item = (DriverId, &'s Driver)> + use<'s> {
        self.found("registers", name)
    }

    /// The drivers whose pods have this label, `key=value`.
    pub fn by_label<'s>(
        &'s self,
        label: &str,
    ) -> impl Iterator<Item = (DriverId, &'s Driver)> + use<'s> {
        self.found("label", label)
    }

    /// The drivers that know of objects of this kind.
    pub fn by_kind<'s>(
        &'s self,
        group: &str,
        kind: &str,
    ) -> impl Iterator<Item = (DriverId, &'s Driver)> + use<'s> {
        self.found("kind", &format!("{group}/{kind}"))
    }

    /// A driver.
    #[must_use]
    pub fn get(&self, id: DriverId) -> Option<&Driver> {
        let read = || serde_json::from_str(built::DRIVERS.get(id.0)?.1).ok();
        self.read.get(id.0)?.get_or_init(read).as_deref()
    }

    /// The name of a driver's file, which is what it's called on the command line.
    #[must_use]
    pub fn name(&self, id: DriverId) -> &'static str {
        built::DRIVERS.get(id.0).map_or("", |(name, _)| name)
    }

    /// Every driver.
    ///
    /// # Errors
    /// When a file doesn't have the form that the types ask for, or contradicts itself.
    pub fn all(&self) -> Result<Vec<(DriverId, &Driver)>, KnowledgeError> {
        let mut all = Vec::with_capacity(built::DRIVERS.len());
        for (index, (name, text)) in built::DRIVERS.iter().enumerate() {
            let broken = |message| KnowledgeError { table: name, message };
            let driver: Driver =
                serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
            driver.validate().map_err(broken)?;
            let slot = self.read.get(index).map(|slot| slot.get_or_init(|| Some(Box::new(driver))));
            all.extend(slot.and_then(Option::as_deref).map(|driver| (DriverId(index), driver)));
        }
        Ok(all)
    }

    /// Words of which a document has one, if something may have to be said about it although it
    /// names no root.
    #[must_use]
    pub fn words() -> &'static [&'static str] {
        built::WORDS
    }

    /// The drivers that the index names under a key; it is sorted.
    fn found<'s>(
        &'s self,
        what: &str,
        name: &str,
    ) -> impl Iterator<Item = (DriverId, &'s Driver)> + use<'s> {
        let key = (what, name);
        let at = built::INDEX.partition_point(|&(what, name, _)| (what, name) < key);
        let rows = built::INDEX.get(at..).unwrap_or_default();
        // The iterator outlives the key.
        let count = rows.iter().take_while(|&&(what, name, _)| (what, name) == key).count();
        let rows = rows.get(..count).unwrap_or_default();
        rows.iter().filter_map(|&(.., index)| {
            let id = DriverId(index);
            Some((id, self.get(id)?))
        })
    }
}

impl Driver {
    /// Whether the file says what it has to; the form is the types' business.
    fn validate(&self) -> Result<(), String> {
        for row in &self.containers {
            let what = &row.what;
            if row.images.is_empty() && row.registers.is_empty() && row.labels.is_empty() {
                return Err(format!("nothing tells what `{what}` is recognised by"));
            }
            if row.reach == Reach::Anywhere && row.images.is_empty() {
                return Err(format!("`{what}` is looked for anywhere, but without an image"));
            }
            for hidden in &row.hidden {
                if hidden.flag.is_some() == hidden.env.is_some() {
                    return Err(format!("a setting of `{what}` is neither a flag nor a variable"));
                }
            }
        }
        for row in &self.objects {
            if row.group.is_empty() && row.beside.is_empty() {
                return Err(format!("any {:?} could be the one with {}", row.kinds, row.field));
            }
            if row.action != Remedy::Nothing && row.because.is_none() {
                return Err(format!("{} doesn't say what it is good for", row.field));
            }
        }
        for row in &self.operators {
            for field in &row.set_in {
                let is_object = self.objects.iter().any(|object| object.field == *field);
                let mut hidden = self.containers.iter().flat_map(|row| &row.hidden);
                if !is_object && !hidden.any(|hidden| hidden.name() == field) {
                    return Err(format!("no row tells where `{field}` is set"));
                }
            }
        }
        if self.verdict.relocatable != Relocatable::Unknown && self.verdict.evidence.is_empty() {
            return Err("the verdict has no evidence".to_owned());
        }
        match self.sources().find(|source| source.trim().is_empty()) {
            Some(_) => Err("a row has no source".to_owned()),
            None => Ok(()),
        }
    }

    /// Where each fact of the file comes from.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        let containers = self.containers.iter();
        let hidden = containers.clone().flat_map(|row| &row.hidden).map(|row| &row.source);
        let hard = containers.flat_map(|row| &row.hard_coded).map(|row| &row.source);
        let rest = hidden
            .chain(hard)
            .chain(self.objects.iter().map(|row| &row.source))
            .chain(self.operators.iter().map(|row| &row.source))
            .chain(self.settings.iter().map(|row| &row.source));
        rest.map(String::as_str)
    }
}

impl Hidden {
    /// The flag without dashes, or the variable.
    #[must_use]
    pub fn name(&self) -> &str {
        self.flag.as_deref().or(self.env.as_deref()).unwrap_or("")
    }
}

impl Harm {
    /// How loud a finding about it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
        }
    }

    /// The same where a person may have to decide whether it matters.
    #[must_use]
    pub fn severity_where(self, is_needed: bool) -> Severity {
        if is_needed { self.severity() } else { Severity::Warning }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_can_be_read_and_is_found_by_its_name() {
        let drivers = Drivers::default();
        let all = drivers.all().unwrap();
        assert!(!all.is_empty());
        for (id, driver) in all {
            assert!(!drivers.name(id).is_empty());
            for row in &driver.containers {
                for image in &row.images {
                    let found: Vec<DriverId> = drivers
                        .by_image(&format!("registry.example:5000/{image}:v1"))
                        .map(|(id, _)| id)
                        .collect();
                    assert!(found.contains(&id), "{image}");
                }
            }
        }
    }

    #[test]
    fn what_nobody_knows_is_no_driver() {
        let drivers = Drivers::default();
        assert_eq!(drivers.by_image("nginx:1.27").count(), 0);
        assert_eq!(drivers.by_image("").count(), 0);
        assert_eq!(drivers.by_kind("apps", "DaemonSet").count(), 0);
    }
}
