//! Finding drivers by what people call them.

use super::{Driver, Drivers, KnowledgeError, Listed};

/// A driver about which something is known, or at least what is missing.
#[derive(Clone, Copy, Debug)]
pub enum Known<'k> {
    /// It has a file, of this name.
    Driver(&'static str, &'k Driver),
    /// It is only listed.
    Listed(&'k Listed),
}

impl<'k> Known<'k> {
    /// All drivers: those with a file by their names, then those that are listed.
    ///
    /// # Errors
    /// When a driver's file is broken.
    pub fn all(drivers: &'k Drivers, listed: &'k [Listed]) -> Result<Vec<Self>, KnowledgeError> {
        let files = drivers.all()?.into_iter();
        let named = |(id, driver)| Self::Driver(drivers.name(id), driver);
        Ok(files.map(named).chain(listed.iter().map(Self::Listed)).collect())
    }

    /// The names by which it is exactly meant.
    pub fn names(self) -> impl Iterator<Item = &'k str> {
        let (name, csi_drivers) = match self {
            Self::Driver(name, driver) => (Some(name), &driver.csi_drivers),
            Self::Listed(row) => (None, &row.csi_drivers),
        };
        name.into_iter().chain(csi_drivers.iter().map(String::as_str))
    }

    /// What people call it.
    #[must_use]
    pub fn title(self) -> &'k str {
        match self {
            Self::Driver(_, driver) => &driver.title,
            Self::Listed(row) => &row.title,
        }
    }

    /// Whether a part of a name of it, or of its home, is this word in small letters.
    fn contains(self, word: &str) -> bool {
        let (homes, charts) = match self {
            Self::Driver(_, driver) => (driver.homes.as_slice(), driver.charts.as_slice()),
            Self::Listed(row) => (std::slice::from_ref(&row.home), [].as_slice()),
        };
        let more = homes.iter().chain(charts).map(String::as_str);
        let mut all = self.names().chain([self.title()]).chain(more);
        all.any(|text| text.to_lowercase().contains(word))
    }
}

/// Those that a word may mean: the one with this very name, or all of which it is a part.
#[must_use]
pub fn search<'k>(word: &str, all: &[Known<'k>]) -> Vec<Known<'k>> {
    let word = word.trim().to_lowercase();
    let is_meant = |known: &&Known<'k>| known.names().any(|name| name.to_lowercase() == word);
    let meant: Vec<Known<'k>> = all.iter().filter(is_meant).copied().collect();
    if meant.is_empty() {
        return all.iter().filter(|known| known.contains(&word)).copied().collect();
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_is_found_by_each_of_its_names() {
        let (drivers, listed) = (Drivers::default(), Listed::builtin().unwrap());
        let all = Known::all(&drivers, &listed).unwrap();
        let found = |word: &str| -> Vec<&str> {
            search(word, &all).into_iter().map(Known::title).collect()
        };
        for word in ["ceph-csi", "Ceph CSI", "rbd.csi.ceph.com", "ceph/ceph-csi", "ceph-csi-rbd"] {
            assert!(found(word).contains(&"Ceph CSI"), "{word}");
        }
        assert_eq!(found("RBD.csi.ceph.com"), ["Ceph CSI"]);
        let missing = listed.iter().find(|row| !row.csi_drivers.is_empty()).unwrap();
        assert!(found(&missing.csi_drivers[0]).contains(&missing.title.as_str()));
        assert!(found("no such driver").is_empty());
    }
}
