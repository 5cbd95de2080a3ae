//! What a path below a kubelet root is for, and what follows from that.

use crate::kubepath::{AbsPath, components};
use crate::words::{Message, message};
use serde::Deserialize;

/// What a path below a kubelet root is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Role {
    /// The root directory itself.
    Root,
    /// Pod directories: where volumes are published.
    Pods,
    /// The directory that holds drivers' sockets and the staging directories.
    Plugins,
    /// The kubelet's own directory for staged volumes.
    Staging,
    /// A driver's directory with its socket.
    PluginSocketDir,
    /// A driver's socket, as the kubelet dials it.
    PluginSocket,
    /// The directory in which the kubelet looks for registration sockets.
    PluginsRegistry,
    /// A registration socket, or a directory for it.
    RegistrationSocket,
    /// The socket that tells which pod has which device.
    PodResources,
    /// The socket of the pods API.
    PodsApi,
    /// Where device plugins register: a constant of the kubelet.
    DevicePlugins,
    /// Seccomp profiles of the node.
    Seccomp,
    /// Container checkpoints.
    Checkpoints,
    /// A file in which the kubelet keeps its state.
    StateFile,
    /// The kubelet's certificates.
    Pki,
    /// A file that kubeadm writes for the kubelet.
    KubeadmFile,
    /// A kubeconfig of the kubelet.
    Kubeconfig,
    /// The directory of FlexVolume drivers.
    FlexVolume,
    /// A directory beside the kubelet's own that CSI drivers use by convention.
    DriverDir,
    /// A directory the kubelet doesn't know.
    Unknown,
}

impl Role {
    /// What a path in this role is for, in words.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Root => message!("role-root"),
            Self::Pods => message!("role-pods"),
            Self::Plugins => message!("role-plugins"),
            Self::Staging => message!("role-staging"),
            Self::PluginSocketDir => message!("role-plugin-socket-dir"),
            Self::PluginSocket => message!("role-plugin-socket"),
            Self::PluginsRegistry => message!("role-plugins-registry"),
            Self::RegistrationSocket => message!("role-registration-socket"),
            Self::PodResources => message!("role-pod-resources"),
            Self::PodsApi => message!("role-pods-api"),
            Self::DevicePlugins => message!("role-device-plugins"),
            Self::Seccomp => message!("role-seccomp"),
            Self::Checkpoints => message!("role-checkpoints"),
            Self::StateFile => message!("role-state-file"),
            Self::Pki => message!("role-pki"),
            Self::KubeadmFile => message!("role-kubeadm-file"),
            Self::Kubeconfig => message!("role-kubeconfig"),
            Self::FlexVolume => message!("role-flexvolume"),
            Self::DriverDir => message!("role-driver-dir"),
            Self::Unknown => message!("role-unknown"),
        }
    }
}

/// What becomes of a role's path in host space when the root moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostSide {
    /// It follows `--root-dir`.
    Moves,
    /// It doesn't.
    Stays,
}

/// What becomes of a mountPath below the root over a role's directory when the root moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerSide {
    /// It moves with the host side.
    Moves,
    /// It stays: the program in the container has the path compiled in.
    Stays,
    /// It moves in a CSI node plugin or where the mount is Bidirectional, and stays elsewhere.
    Root,
}

/// One row of the table of roles.
#[derive(Clone, Debug)]
pub struct RoleRow {
    /// The pattern, relative to the root.
    pub path: &'static str,
    /// The row holds only where one of these is among the roots of a run; none means everywhere.
    pub roots: &'static [&'static str],
    /// What the path is for.
    pub role: Role,
    /// Host space.
    pub host: HostSide,
    /// Container space.
    pub container: ContainerSide,
    /// The kubelet hands out absolute paths below it, so mountPath must equal hostPath.
    pub parity: bool,
    /// Why it stays, for rows of which one side does: a text of the catalogue.
    pub why: Option<&'static str>,
}

/// The table.
pub(super) static ROLES: &[RoleRow] = built_in!("roles");

/// Stands in when the table has no catch-all; [`super::Knowledge::builtin`] refuses such a table.
pub(super) static FALLBACK: RoleRow = RoleRow {
    path: "",
    roots: &[],
    role: Role::Unknown,
    host: HostSide::Moves,
    container: ContainerSide::Moves,
    parity: false,
    why: None,
};

impl RoleRow {
    /// Why it stays, for rows of which one side does.
    #[must_use]
    pub fn why(&self) -> Option<Message> {
        self.why.map(Message::new)
    }

    /// The same where a side is known to stay; the table is refused when such a row says nothing.
    #[must_use]
    pub fn because(&self) -> Message {
        Message::new(self.why.unwrap_or_default())
    }

    /// Whether the row holds in a run that is about these roots.
    #[must_use]
    pub fn holds_among(&self, roots: &[AbsPath]) -> bool {
        self.roots.is_empty() || roots.iter().any(|root| self.roots.contains(&root.as_str()))
    }

    /// Whether what the pattern names can lie in a directory, or be it; both follow a root.
    #[must_use]
    pub fn may_lie_in(&self, directory: &str) -> bool {
        let mut pattern = components(self.path);
        for name in components(directory) {
            match pattern.next() {
                Some("**") => return true,
                Some(own) if own == name || own.starts_with('*') => {}
                _ => return false,
            }
        }
        true
    }

    /// Whether the row's pattern matches what follows a root.
    #[must_use]
    pub fn matches(&self, rest: &str) -> bool {
        matches(self.path, rest)
    }
}

/// Whether a pattern, or what is left of it, matches a path, or what is left of that.
fn matches(pattern: &str, path: &str) -> bool {
    let letters = pattern.bytes().zip(path.bytes());
    let same = letters.take_while(|(sign, letter)| sign == letter && *sign != b'*').count();
    let (Some(pattern), Some(path)) = (pattern.get(same..), path.get(same..)) else { return false };
    if let Some(wildcard) = pattern.strip_prefix('*') {
        return match wildcard.strip_prefix('*') {
            // Any number of components.
            Some(more) => {
                let more = more.trim_start_matches('/');
                let mut tails =
                    std::iter::successors(Some(path), |path| Some(split_first(path)?.1));
                more.is_empty() || tails.any(|tail| matches(more, tail))
            }
            // The beginning of one.
            None => split_first(path).is_some_and(|(name, tail)| {
                let (suffix, more) = split_first(wildcard).unwrap_or_default();
                name.ends_with(suffix) && matches(more, tail)
            }),
        };
    }
    match pattern.strip_prefix('/') {
        Some(more) => path.is_empty() && matches(more, path),
        None => pattern.is_empty() && path.is_empty(),
    }
}

/// The first component of a path and what follows it; an empty one has none.
fn split_first(path: &str) -> Option<(&str, &str)> {
    (!path.is_empty()).then(|| path.split_once('/').unwrap_or((path, "")))
}
