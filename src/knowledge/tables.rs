//! Settings known by name and containers known by image.

use serde::Deserialize;

/// A name with the place the fact comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) source: String,
}

/// A value that a program compares with, so that it must stay as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentinel {
    /// The key before the value.
    name: String,
    /// A word that the same configuration has to contain.
    beside: String,
    source: String,
}

/// Settings that say by their name whose filesystem their value belongs to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingTable {
    registration_flags: Vec<Named>,
    host_commands: Vec<Named>,
    starters: Vec<Named>,
    host_settings: Vec<Named>,
    endpoint_settings: Vec<Named>,
    csi_address_settings: Vec<Named>,
    registration_dir_settings: Vec<Named>,
    translating_settings: Vec<Named>,
    sentinels: Vec<Sentinel>,
    ways_out: Vec<Named>,
    ways_to_the_node: Vec<Named>,
}

impl SettingTable {
    /// The flags that hand the kubelet the driver's socket, without dashes.
    pub fn registration_flags(&self) -> impl Iterator<Item = &str> {
        self.registration_flags.iter().map(|row| row.name.as_str())
    }

    /// Whether a command line runs something that sees the host's filesystem as its own.
    #[must_use]
    pub fn leaves_the_container(&self, text: &str) -> bool {
        text.split(|character: char| !(character.is_alphanumeric() || "_-.".contains(character)))
            .any(|word| self.host_commands.iter().any(|row| row.name == word))
    }

    /// Whether a word of a command line starts another program: a shell, a script, `tini`.
    #[must_use]
    pub fn starts_another(&self, word: &str) -> bool {
        let name = word.rsplit('/').next().unwrap_or(word);
        name.ends_with(".sh") || self.starters.iter().any(|row| row.name == name)
    }

    /// Whether the value of this flag (without dashes) or variable is a host path by its name.
    #[must_use]
    pub fn is_host_setting(&self, name: &str) -> bool {
        self.host_settings.iter().any(|row| row.name == name)
    }

    /// Whether this flag (without dashes) or variable names the socket that a driver listens on.
    #[must_use]
    pub fn is_endpoint(&self, name: &str) -> bool {
        self.endpoint_settings.iter().any(|row| row.name == name)
    }

    /// Whether this flag (without dashes) names the driver's socket to a registrar.
    #[must_use]
    pub fn is_csi_address(&self, name: &str) -> bool {
        self.csi_address_settings.iter().any(|row| row.name == name)
    }

    /// Whether this flag (without dashes) names the directory of a registrar's socket.
    #[must_use]
    pub fn is_registration_dir(&self, name: &str) -> bool {
        self.registration_dir_settings.iter().any(|row| row.name == name)
    }

    /// Whether a driver with this variable translates the paths that the kubelet names.
    #[must_use]
    pub fn is_translating(&self, name: &str) -> bool {
        self.translating_settings.iter().any(|row| row.name == name)
    }

    /// Whether a container that mounts this host path can mount volumes through the host.
    #[must_use]
    pub fn is_way_out(&self, host_path: &str) -> bool {
        self.ways_out.iter().any(|row| row.name == host_path)
    }

    /// Whether a program that has this host path can go on in the node's own files.
    #[must_use]
    pub fn is_way_to_the_node(&self, host_path: &str) -> bool {
        self.ways_to_the_node.iter().any(|row| row.name == host_path)
    }

    /// The sentinel that begins this line of a configuration, up to its value.
    #[must_use]
    pub fn sentinel(&self, line: &str, configuration: &str) -> Option<&Sentinel> {
        let key = line.trim_start().trim_start_matches(['"', '\'']);
        self.sentinels.iter().find(|row| {
            key.strip_prefix(row.name.as_str())
                .is_some_and(|tail| tail.starts_with([':', '"', '\'', '=']))
                && configuration.contains(&row.beside)
        })
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        let sentinels = self.sentinels.iter().map(|row| row.source.as_str());
        let ways_out = self.ways_out.iter().map(|row| row.source.as_str());
        let rows = [
            &self.registration_flags,
            &self.host_commands,
            &self.starters,
            &self.host_settings,
            &self.endpoint_settings,
            &self.csi_address_settings,
            &self.registration_dir_settings,
            &self.translating_settings,
            &self.ways_to_the_node,
        ];
        let rows = rows.into_iter().flatten();
        rows.map(|row| row.source.as_str()).chain(sentinels).chain(ways_out)
    }
}

/// Containers known by their image's name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageTable {
    registrars: Vec<ImageRow>,
    sidecars: Vec<ImageRow>,
    suffixes: Vec<Named>,
}

/// An image's name, or the end of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageRow {
    name: String,
    /// Nothing may stand before it.
    #[serde(default)]
    whole: bool,
    source: String,
}

impl ImageTable {
    /// Whether the image is the sidecar that registers a driver with the kubelet.
    #[must_use]
    pub fn is_registrar(&self, image: &str) -> bool {
        is_one_of(&self.registrars, &self.suffixes, image)
    }

    /// Whether the image is a sidecar and so never the driver itself.
    #[must_use]
    pub fn is_sidecar(&self, image: &str) -> bool {
        is_one_of(&self.sidecars, &self.suffixes, image)
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &str> {
        let rows = self.registrars.iter().chain(&self.sidecars).map(|row| row.source.as_str());
        rows.chain(self.suffixes.iter().map(|row| row.source.as_str()))
    }
}

/// An image's name with its registry, without tag and digest.
pub(super) fn image_path(image: &str) -> &str {
    let path = image.split('@').next().unwrap_or(image);
    match path.rsplit_once(':') {
        // Not the port of a registry.
        Some((name, tag)) if !tag.contains('/') => name,
        _ => path,
    }
}

/// The last component of an image's name, without a tag.
pub(crate) fn last_component(image: &str) -> &str {
    let path = image_path(image);
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether an image has this name: its last components, without a tag.
pub(crate) fn image_is(image: &str, name: &str) -> bool {
    let path = image_path(image);
    path.strip_suffix(name).is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

/// Whether an image is one of the rows: its name is the row's, or ends in it as whole words.
fn is_one_of(rows: &[ImageRow], suffixes: &[Named], image: &str) -> bool {
    let path = image_path(image);
    let mut name = path.rsplit('/').next().unwrap_or(path);
    while let Some((head, suffix)) = name.rsplit_once('-') {
        if !suffixes.iter().any(|row| row.name == suffix) {
            break;
        }
        name = head;
    }
    rows.iter().any(|row| match name.strip_suffix(row.name.as_str()) {
        Some("") => true,
        Some(head) => !row.whole && head.ends_with('-'),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;

    #[test]
    fn images_are_known_by_their_last_component() {
        let knowledge = Knowledge::builtin().unwrap();
        let images = knowledge.images();
        assert!(images.is_registrar("registry.example/csi-node-driver-registrar:v2.13.0"));
        assert!(images.is_registrar("csi-node-driver-registrar@sha256:0"));
        assert!(images.is_registrar("x/csi-node-driver-registrar-arm64:v2"));
        assert!(images.is_registrar("x/driver-registrar:v0.4"));
        assert!(!images.is_registrar("x/csi-cluster-driver-registrar:v1"));
        assert!(!images.is_sidecar("x/my-livenessprobe-and-driver:v1"));
        assert!(!images.is_registrar("driver-registrar.example/nfsplugin:v4"));
        assert!(images.is_sidecar("x/livenessprobe:v2"));
        assert!(!images.is_sidecar("x/nfsplugin:v4"));
    }

    #[test]
    fn host_commands_are_whole_words() {
        let knowledge = Knowledge::builtin().unwrap();
        let settings = knowledge.settings();
        assert!(settings.leaves_the_container("exec nsenter --mount=/proc/1/ns/mnt -- ls"));
        assert!(settings.leaves_the_container("/usr/sbin/chroot /host mount"));
        assert!(!settings.leaves_the_container("my-chroot-tool"));
    }
}
