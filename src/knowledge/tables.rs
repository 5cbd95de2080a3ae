//! Settings known by name and containers known by image.

use super::image::last_component;

/// A value that a program compares with, so that it must stay as it is.
#[derive(Clone, Debug)]
pub struct Sentinel {
    /// The key before the value.
    name: &'static str,
    /// A word that the same configuration has to contain.
    beside: &'static str,
}

impl Sentinel {
    /// Whether it stands at the beginning of a line, of which its value may be cut off.
    #[must_use]
    pub fn begins(&self, line: &str) -> bool {
        let key = line.trim_start().trim_start_matches(['"', '\'']);
        key.strip_prefix(self.name).is_some_and(|tail| tail.starts_with([':', '"', '\'', '=']))
    }
}

/// A kubelet's kubeconfig, by where it is on the node.
#[derive(Clone, Debug)]
pub(super) struct Kubeconfig {
    /// The file.
    name: &'static str,
    /// The certificate that it names, by what follows the default root.
    names: &'static str,
}

/// Settings that say by their name whose filesystem their value belongs to.
#[derive(Clone, Debug)]
pub struct SettingTable {
    registration_flags: &'static [&'static str],
    host_commands: &'static [&'static str],
    starters: &'static [&'static str],
    file_movers: &'static [&'static str],
    host_settings: &'static [&'static str],
    endpoint_settings: &'static [&'static str],
    csi_address_settings: &'static [&'static str],
    registration_dir_settings: &'static [&'static str],
    translating_settings: &'static [&'static str],
    sentinels: &'static [Sentinel],
    kubeconfigs: &'static [Kubeconfig],
    ways_out: &'static [&'static str],
    ways_to_the_node: &'static [&'static str],
}

/// The table of settings.
pub(super) static SETTINGS: SettingTable = built_in!("settings");

/// The table of images.
pub(super) static IMAGES: ImageTable = built_in!("images");

impl SettingTable {
    /// The flags that hand the kubelet the driver's socket, without dashes.
    pub fn registration_flags(&self) -> impl Iterator<Item = &str> {
        self.registration_flags.iter().copied()
    }

    /// Whether a command line runs something that sees the host's filesystem as its own.
    #[must_use]
    pub fn leaves_the_container(&self, text: &str) -> bool {
        text.split(|character: char| !(character.is_alphanumeric() || "_-.".contains(character)))
            .any(|word| self.host_commands.contains(&word))
    }

    /// Whether a word of a command line starts another program: a shell, a script, `tini`.
    #[must_use]
    pub fn starts_another(&self, word: &str) -> bool {
        let name = word.rsplit('/').next().unwrap_or(word);
        name.ends_with(".sh") || self.starters.contains(&name)
    }

    /// Whether a command copies, moves or links what one of its words names to where another says.
    #[must_use]
    pub fn moves_files(&self, command: &str) -> bool {
        self.file_movers.contains(&command)
    }

    /// Whether the value of this flag (without dashes) or variable is a host path by its name.
    #[must_use]
    pub fn is_host_setting(&self, name: &str) -> bool {
        self.host_settings.contains(&name)
    }

    /// The flags (without dashes) and variables that name the socket on which a driver listens.
    #[must_use]
    pub fn endpoints(&self) -> &[&str] {
        self.endpoint_settings
    }

    /// The flags (without dashes) that name the driver's socket to a registrar.
    #[must_use]
    pub fn csi_addresses(&self) -> &[&str] {
        self.csi_address_settings
    }

    /// The flags (without dashes) that name the directory of a registrar's socket.
    #[must_use]
    pub fn registration_dirs(&self) -> &[&str] {
        self.registration_dir_settings
    }

    /// The variables with which a driver translates the paths that the kubelet names.
    #[must_use]
    pub fn translating(&self) -> &[&str] {
        self.translating_settings
    }

    /// What follows the default root in the path that this file of the node names, if it is a kubelet's
    /// kubeconfig.
    #[must_use]
    pub fn named_by(&self, file: &str) -> Option<&'static str> {
        self.kubeconfigs.iter().find(|row| row.name == file).map(|row| row.names)
    }

    /// Whether a container that mounts this host path can mount volumes through the host.
    #[must_use]
    pub fn is_way_out(&self, host_path: &str) -> bool {
        self.ways_out.contains(&host_path)
    }

    /// Whether a program that has this host path can go on in the node's own files.
    #[must_use]
    pub fn is_way_to_the_node(&self, host_path: &str) -> bool {
        self.ways_to_the_node.contains(&host_path)
    }

    /// The sentinels that a configuration may hold.
    #[must_use]
    pub fn sentinels(&self, configuration: &str) -> Vec<&Sentinel> {
        self.sentinels.iter().filter(|row| configuration.contains(row.beside)).collect()
    }
}

/// Containers known by their image's name.
#[derive(Clone, Debug)]
pub struct ImageTable {
    registrars: &'static [ImageRow],
    sidecars: &'static [ImageRow],
    suffixes: &'static [&'static str],
}

/// An image's name, or the end of it.
#[derive(Clone, Debug)]
struct ImageRow {
    name: &'static str,
    /// Nothing may stand before it.
    whole: bool,
}

impl ImageTable {
    /// Whether the image is the sidecar that registers a driver with the kubelet.
    #[must_use]
    pub fn is_registrar(&self, image: &str) -> bool {
        is_one_of(self.registrars, self.suffixes, image)
    }

    /// Whether the image is a sidecar and so never the driver itself.
    #[must_use]
    pub fn is_sidecar(&self, image: &str) -> bool {
        is_one_of(self.sidecars, self.suffixes, image)
    }
}

/// Whether an image is one of the rows: its name is the row's, or ends in it as whole words.
fn is_one_of(rows: &[ImageRow], suffixes: &[&str], image: &str) -> bool {
    let mut name = last_component(image);
    while let Some((head, suffix)) = name.rsplit_once('-') {
        if !suffixes.contains(&suffix) {
            break;
        }
        name = head;
    }
    rows.iter().any(|row| match name.strip_suffix(row.name) {
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
