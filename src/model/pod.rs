//! A pod specification: the fields that say which host path a container sees where.

use super::{ByName, ConfigKey, EnvFrom, EnvVar, Named, Text, is_true};
use crate::kubepath::AbsPath;
use crate::yaml::{Document, NodeId};

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
    pub name: String,
    /// Where its content comes from.
    pub source: VolumeSource,
    /// `hostPath.type`, or empty.
    pub host_type: String,
}

/// Where a volume's content comes from, as far as it matters here.
#[derive(Clone, Debug)]
pub enum VolumeSource {
    /// A directory, file or socket of the node.
    HostPath(Text),
    /// A directory of the pod's own.
    EmptyDir,
    /// The data of these ConfigMaps, by their names.
    Configs(Box<[String]>),
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
    pub name: String,
    /// Its image.
    pub image: String,
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
    pub volume: String,
    /// `mountPath`, in container space.
    pub path: Option<Text>,
    /// `subPath`, relative to the volume.
    pub sub_path: Option<Box<str>>,
    /// `subPathExpr`, a subPath with variables in it.
    pub sub_path_expr: Option<Box<str>>,
    /// `readOnly`.
    pub read_only: bool,
    /// `mountPropagation`, when it's there; a null too, because it takes the key's place.
    pub propagation: Option<Text>,
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
    pub(super) fn read(doc: &Document, node: NodeId) -> Self {
        let lists = CONTAINER_LISTS.map(|(key, kind)| (items(doc, node, key), kind));
        let mut containers = Vec::with_capacity(lists.iter().map(|(items, _)| items.len()).sum());
        for (items, kind) in lists {
            containers
                .extend(items.iter().map(|&item| Container::read(doc, doc.resolve(item), kind)));
        }
        let volumes = list(doc, node, "volumes").map(|item| Volume::read(doc, item));
        Self { node, volumes: ByName::new(volumes.collect()), containers }
    }

    /// The volume of that name; the last one counts, as for duplicate keys.
    #[must_use]
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.get(name)
    }
}

impl Volume {
    fn read(doc: &Document, node: NodeId) -> Self {
        let source = if let Some(host_path) = doc.get(node, "hostPath") {
            Text::field(doc, host_path, "path").map_or(VolumeSource::Other, VolumeSource::HostPath)
        } else if doc.get(node, "emptyDir").is_some() || has_no_source(doc, node) {
            // A volume without any source is an emptyDir, as the API server completes it.
            VolumeSource::EmptyDir
        } else {
            let configs = configs(doc, node);
            if configs.is_empty() { VolumeSource::Other } else { VolumeSource::Configs(configs) }
        };
        let host_path = doc.get(node, "hostPath");
        let host_type = host_path.map(|host_path| string(doc, host_path, "type"));
        Self { name: string(doc, node, "name"), source, host_type: host_type.unwrap_or_default() }
    }

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
            VolumeSource::EmptyDir | VolumeSource::Configs(_) | VolumeSource::Other => None,
        }
    }
}

impl Container {
    fn read(doc: &Document, node: NodeId, kind: ContainerKind) -> Self {
        let lists = ["command", "args"].map(|field| (items(doc, node, field), field));
        let mut command_line = Vec::with_capacity(lists.iter().map(|(items, _)| items.len()).sum());
        for (items, field) in lists {
            lines(doc, items, field, &mut command_line);
        }
        let mut hooks = Vec::new();
        if let Some(text) = Text::field(doc, node, "workingDir") {
            hooks.push(Line { field: "workingDir", text, flag: None });
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            let exec = doc.get(node, probe).and_then(|probe| doc.get(probe, "exec"));
            lines(doc, exec.map_or(&[], |exec| items(doc, exec, "command")), probe, &mut hooks);
        }
        for hook in ["postStart", "preStop"] {
            let handler = doc.get(node, "lifecycle").and_then(|lifecycle| doc.get(lifecycle, hook));
            let exec = handler.and_then(|handler| doc.get(handler, "exec"));
            lines(doc, exec.map_or(&[], |exec| items(doc, exec, "command")), hook, &mut hooks);
        }
        // An init container that is restarted runs beside the others: a sidecar, or the driver.
        let runs_on = string(doc, node, "restartPolicy") == "Always";
        let kind =
            if runs_on && kind == ContainerKind::Init { ContainerKind::Regular } else { kind };
        Self {
            node,
            name: string(doc, node, "name"),
            image: string(doc, node, "image"),
            kind,
            privileged: doc
                .get(node, "securityContext")
                .is_some_and(|context| is_true(doc, context, "privileged")),
            mounts: list(doc, node, "volumeMounts").map(|item| Mount::read(doc, item)).collect(),
            env: ByName::new(list(doc, node, "env").map(|item| EnvVar::read(doc, item)).collect()),
            env_from: EnvFrom::new(
                list(doc, node, "envFrom")
                    .filter_map(|item| {
                        let reference = doc.get(item, "configMapRef")?;
                        Some((string(doc, item, "prefix"), string(doc, reference, "name")))
                    })
                    .collect(),
            ),
            command_line,
            hooks,
        }
    }

    /// Commands, arguments, probes and hooks, item by item.
    pub fn all_lines(&self) -> impl Iterator<Item = &Line> {
        self.command_line.iter().chain(&self.hooks)
    }

    /// The ConfigMaps that it reads, each with the one key that it reads of it, or `None` for all: as files
    /// or as variables.
    pub(crate) fn configs<'a>(
        &'a self,
        pod: &'a Pod,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let volumes = self.mounts.iter().filter_map(|mount| pod.volume(&mount.volume));
        let files = volumes.flat_map(|volume| match &volume.source {
            VolumeSource::Configs(names) => names.as_ref(),
            VolumeSource::HostPath(_) | VolumeSource::EmptyDir | VolumeSource::Other => &[],
        });
        let all = files.map(String::as_str).chain(self.env_from.names());
        let keys = self.env.iter().filter_map(|variable| variable.config_key.as_deref());
        let keys = keys.map(|from| (from.config.as_str(), Some(from.key.as_str())));
        all.map(|name| (name, None)).chain(keys)
    }

    /// The texts of all these, and the values that are written for its variables.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        let values = self.env.iter().filter_map(|variable| variable.value.as_ref());
        self.all_lines().map(|line| &line.text).chain(values)
    }
}

impl Mount {
    fn read(doc: &Document, node: NodeId) -> Self {
        Self {
            node,
            volume: string(doc, node, "name"),
            path: Text::field(doc, node, "mountPath"),
            sub_path: Text::field(doc, node, "subPath").map(|text| text.value.into()),
            sub_path_expr: Text::field(doc, node, "subPathExpr").map(|text| text.value.into()),
            read_only: is_true(doc, node, "readOnly"),
            propagation: doc.get(node, "mountPropagation").and_then(|value| Text::read(doc, value)),
        }
    }
}

impl EnvVar {
    fn read(doc: &Document, node: NodeId) -> Self {
        let reference = doc
            .get(node, "valueFrom")
            .and_then(|source| doc.get(source, "configMapKeyRef"))
            .map(|reference| ConfigKey {
                config: string(doc, reference, "name"),
                key: string(doc, reference, "key"),
            });
        Self {
            name: string(doc, node, "name"),
            value: Text::field(doc, node, "value"),
            config_key: reference.map(Box::new),
            inherited: None,
        }
    }
}

/// Whether a volume says nothing but its name.
fn has_no_source(doc: &Document, volume: NodeId) -> bool {
    doc.entries(volume).iter().all(|&(key, _)| doc.str(key) == Some("name"))
}

/// The ConfigMaps that a volume holds, by itself or among what it projects.
fn configs(doc: &Document, volume: NodeId) -> Box<[String]> {
    let itself = doc.get(volume, "configMap").map(|config| string(doc, config, "name"));
    let projected = doc.get(volume, "projected").into_iter();
    let sources = projected.flat_map(|projected| list(doc, projected, "sources"));
    let named =
        sources.filter_map(|source| Some(string(doc, doc.get(source, "configMap")?, "name")));
    itself.into_iter().chain(named).collect()
}

/// The mappings of a list, with aliases followed.
fn list<'a>(doc: &'a Document, mapping: NodeId, key: &str) -> impl Iterator<Item = NodeId> + 'a {
    items(doc, mapping, key).iter().map(|&item| doc.resolve(item))
}

fn items<'a>(doc: &'a Document, mapping: NodeId, key: &str) -> &'a [NodeId] {
    doc.get(mapping, key).map_or(&[][..], |list| doc.items(list))
}

/// Adds the items of a command that stands in a field.
fn lines(doc: &Document, items: &[NodeId], field: &'static str, lines: &mut Vec<Line>) {
    let mut flag = None;
    for &item in items {
        if let Some(text) = Text::read(doc, item) {
            let is_flag = text.value.starts_with('-') && !text.value.contains('=');
            let next = is_flag.then(|| text.value.as_str().into());
            lines.push(Line { field, text, flag: std::mem::replace(&mut flag, next) });
        }
    }
}

fn string(doc: &Document, mapping: NodeId, key: &str) -> String {
    doc.get(mapping, key).and_then(|node| doc.str(node)).unwrap_or("").to_owned()
}
