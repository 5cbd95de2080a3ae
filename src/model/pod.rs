//! A pod specification: the fields that say which host path a container sees where.

use super::{ByName, EnvFrom, EnvVar, Named, Text};
use crate::kubepath::AbsPath;
use crate::yaml::NodeId;
use smol_str::SmolStr;

mod configs;
mod read;

use configs::ConfigSource;
pub(crate) use configs::Use;

/// A pod specification.
#[derive(Clone, Debug)]
pub struct Pod {
    /// The mapping that holds `containers`.
    pub node: NodeId,
    /// Its volumes.
    pub volumes: ByName<Volume>,
    /// Its containers: those that run first, then those that run on, then ephemeral ones.
    pub containers: Vec<Container>,
}

/// A volume of a pod.
#[derive(Clone, Debug)]
pub struct Volume {
    /// Its name.
    pub name: SmolStr,
    /// Where its content comes from.
    pub source: VolumeSource,
    /// `hostPath.type`, or empty.
    pub host_type: SmolStr,
}

/// Where a volume's content comes from, as far as it matters here.
#[derive(Clone, Debug)]
pub enum VolumeSource {
    /// A directory, file or socket of the node.
    HostPath(Text),
    /// A directory of the pod's own.
    EmptyDir,
    /// The data of these ConfigMaps.
    Configs(Box<[ConfigSource]>),
    /// A part of the node whose path isn't written here: a patch changes the rest of it.
    Elsewhere,
    /// Anything else: a claim, a Secret.
    Other,
}

/// How a container takes part in the pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    /// One of `containers`.
    Regular,
    /// One of `initContainers`.
    Init,
    /// One of `ephemeralContainers`.
    Ephemeral,
}

/// A container.
#[derive(Clone, Debug)]
pub struct Container {
    /// The mapping it is written in.
    pub node: NodeId,
    /// Its name.
    pub name: SmolStr,
    /// Its image.
    pub image: SmolStr,
    /// How it takes part in the pod.
    pub kind: ContainerKind,
    /// `securityContext.privileged`.
    pub privileged: bool,
    /// Its mounts.
    pub mounts: Vec<Mount>,
    /// The environment variables that are written in it.
    pub env: ByName<EnvVar>,
    /// The ConfigMaps whose every key is a variable.
    pub env_from: EnvFrom,
    /// `command` and `args`, item by item.
    pub command_line: Vec<Line>,
    /// Commands of probes and lifecycle hooks, item by item, and the working directory.
    pub hooks: Vec<Line>,
}

/// One item of a command.
#[derive(Clone, Debug)]
pub struct Line {
    /// The field it stands in: `command`, `args`, `livenessProbe`, …
    pub field: &'static str,
    /// The item.
    pub text: Text,
    /// The flag before it in the same list, with its dashes, where this may be the flag's value.
    pub flag: Option<Box<str>>,
}

/// A mount of a container.
#[derive(Clone, Debug)]
pub struct Mount {
    /// The mapping it is written in.
    pub node: NodeId,
    /// The name of the volume.
    pub volume: SmolStr,
    /// `mountPath`, in container space.
    pub path: Option<Text>,
    /// `subPath`, relative to the volume.
    pub sub_path: Option<Box<str>>,
    /// `subPathExpr`, a subPath with variables in it.
    pub sub_path_expr: Option<Box<str>>,
    /// `readOnly`.
    pub read_only: bool,
    /// `mountPropagation`, when it's there; a null too, because it takes the key's place. Most
    /// mounts have none, and there are many mounts.
    pub propagation: Option<Box<Text>>,
}

impl Named for Volume {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Line {
    /// The setting (without dashes) that gets a value here, and the value: `--name=value`, or what
    /// follows `--name`.
    #[must_use]
    pub fn setting(&self) -> Option<(&str, &str)> {
        let text = self.text.value.as_str();
        let own = text.split_once('=').filter(|_| text.starts_with('-'));
        let (flag, value) = own.or_else(|| Some((self.flag.as_deref()?, text)))?;
        Some((flag.trim_start_matches('-'), value))
    }
}

impl Mount {
    /// Where the mount stands in the container, cleaned.
    #[must_use]
    pub fn target(&self) -> Option<AbsPath> {
        AbsPath::parse(&self.path.as_ref()?.value)
    }

    /// Whether what the container mounts in it is mounted on the host, too.
    #[must_use]
    pub fn hands_back(&self) -> bool {
        self.is_bidirectional() && !self.read_only
    }

    /// Whether the mount is declared Bidirectional.
    #[must_use]
    pub fn is_bidirectional(&self) -> bool {
        self.propagation.as_ref().is_some_and(|text| text.value == "Bidirectional")
    }
}

/// The lists of a pod in which containers stand, in the order in which they are started.
pub(super) const CONTAINER_LISTS: [(&str, ContainerKind); 3] = [
    ("initContainers", ContainerKind::Init),
    ("containers", ContainerKind::Regular),
    ("ephemeralContainers", ContainerKind::Ephemeral),
];

/// Whether containers stand under this key of a pod.
pub(crate) fn is_container_list(key: &str) -> bool {
    CONTAINER_LISTS.iter().any(|(list, _)| *list == key)
}

impl Pod {
    /// The volume of that name; the last one counts, as for duplicate keys.
    #[must_use]
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.get(name)
    }
}

impl Volume {
    /// Whether the kubelet looks, before it starts the pod, if what the hostPath names is there.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        let checked = ["Directory", "File", "Socket", "CharDevice", "BlockDevice"];
        checked.contains(&self.host_type.as_str())
    }

    /// The hostPath's text, for a volume that has one.
    #[must_use]
    pub fn host_path(&self) -> Option<&Text> {
        match &self.source {
            VolumeSource::HostPath(text) => Some(text),
            VolumeSource::EmptyDir
            | VolumeSource::Configs(_)
            | VolumeSource::Elsewhere
            | VolumeSource::Other => None,
        }
    }
}

impl Container {
    /// Commands, arguments, probes and hooks, item by item.
    pub fn all_lines(&self) -> impl Iterator<Item = &Line> {
        self.command_line.iter().chain(&self.hooks)
    }

    /// The texts of all these, and the values that are written for its variables.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        let values = self.env.iter().filter_map(|variable| variable.value.as_ref());
        self.all_lines().map(|line| &line.text).chain(values)
    }
}
