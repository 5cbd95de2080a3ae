//! Pods as they are written.

use super::{
    CONTAINER_LISTS, ConfigSource, Container, ContainerKind, Line, Mount, Pod, Volume, VolumeSource,
};
use crate::model::{ByName, ConfigKey, EnvFrom, EnvVar, Text, describes_base, is_true};
use crate::yaml::{Document, NodeId};
use smol_str::SmolStr;

impl Pod {
    pub(in crate::model) fn read(doc: &Document, node: NodeId) -> Self {
        let lists = CONTAINER_LISTS.map(|(key, kind)| (items(doc, node, key), kind));
        let mut containers = Vec::with_capacity(lists.iter().map(|(items, _)| items.len()).sum());
        for (items, kind) in lists {
            containers.extend(mappings(doc, items).map(|item| Container::read(doc, item, kind)));
        }
        let volumes = list(doc, node, "volumes").map(|item| Volume::read(doc, item));
        Self { node, volumes: ByName::new(volumes.collect()), containers }
    }
}

impl Pod {
    /// Takes in the volumes of these names, which are claimed for it: they are none of the node's.
    pub(in crate::model) fn claim(&mut self, names: &[&str]) {
        let volume = |&name: &&str| Volume {
            name: name.into(),
            source: VolumeSource::Other,
            host_type: SmolStr::default(),
        };
        self.volumes.extend(names.iter().map(volume));
    }
}

impl Volume {
    fn read(doc: &Document, node: NodeId) -> Self {
        let host_path = part(doc, node, "hostPath");
        let source = if let Some(host_path) = host_path {
            match Text::field(doc, host_path, "path") {
                Some(path) => VolumeSource::HostPath(path),
                None if is_part(doc, node, host_path) => VolumeSource::Elsewhere,
                None => VolumeSource::Other,
            }
        } else if part(doc, node, "emptyDir").is_some() || has_no_source(doc, node) {
            // A volume without any source is an emptyDir, as the API server completes it.
            VolumeSource::EmptyDir
        } else {
            let configs = configs(doc, node);
            if configs.is_empty() { VolumeSource::Other } else { VolumeSource::Configs(configs) }
        };
        let host_type = host_path.map(|host_path| string(doc, host_path, "type"));
        Self { name: string(doc, node, "name"), source, host_type: host_type.unwrap_or_default() }
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
            let exec = part(doc, node, probe).and_then(|probe| part(doc, probe, "exec"));
            lines(doc, exec.map_or(&[], |exec| items(doc, exec, "command")), probe, &mut hooks);
        }
        for hook in ["postStart", "preStop"] {
            let handler =
                part(doc, node, "lifecycle").and_then(|lifecycle| part(doc, lifecycle, hook));
            let exec = handler.and_then(|handler| part(doc, handler, "exec"));
            lines(doc, exec.map_or(&[], |exec| items(doc, exec, "command")), hook, &mut hooks);
        }
        // An init container that is restarted runs beside the others: a sidecar, or the driver.
        let policy: SmolStr = string(doc, node, "restartPolicy");
        let runs_on = policy == "Always";
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
            env_from: env_from(doc, node),
            command_line,
            hooks,
        }
    }
}

fn env_from(doc: &Document, container: NodeId) -> EnvFrom {
    let all = || list(doc, container, "envFrom");
    let maps = all().filter_map(|item| {
        let reference = doc.get(item, "configMapRef")?;
        Some((string(doc, item, "prefix"), string(doc, reference, "name")))
    });
    let has_others = all().any(|item| doc.get(item, "configMapRef").is_none());
    EnvFrom::new(maps.collect(), has_others)
}

impl Mount {
    fn read(doc: &Document, node: NodeId) -> Self {
        Self {
            node,
            volume: string(doc, node, "name"),
            path: Text::field(doc, node, "mountPath"),
            sub_path: Text::field(doc, node, "subPath").map(|text| text.value.as_str().into()),
            sub_path_expr: Text::field(doc, node, "subPathExpr")
                .map(|text| text.value.as_str().into()),
            read_only: is_true(doc, node, "readOnly"),
            propagation: doc
                .get(node, "mountPropagation")
                .and_then(|value| Text::read(doc, value).map(Box::new)),
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

/// Whether a volume has a part of a hostPath, as in a patch, and nothing else; a null takes something away.
fn is_part(doc: &Document, volume: NodeId, host_path: NodeId) -> bool {
    let has_other = |mapping: NodeId, known: &[&str]| {
        let mut keys = doc.entries(mapping).iter().map(|&(key, _)| doc.str(key));
        keys.any(|key| key.is_none_or(|key| !known.contains(&key)))
    };
    !doc.entries(host_path).is_empty()
        && !has_other(host_path, &["type"])
        && !has_other(volume, &["name", "hostPath"])
}

/// Whether a volume says nothing but its name.
fn has_no_source(doc: &Document, volume: NodeId) -> bool {
    doc.entries(volume).iter().all(|&(key, _)| doc.str(key) == Some("name"))
}

/// The ConfigMaps that a volume holds, by itself or among what it projects.
fn configs(doc: &Document, volume: NodeId) -> Box<[ConfigSource]> {
    let itself = doc.get(volume, "configMap");
    let projected = doc.get(volume, "projected").into_iter();
    let sources = projected.flat_map(|projected| list(doc, projected, "sources"));
    let among = sources.filter_map(|source| doc.get(source, "configMap"));
    itself.into_iter().chain(among).map(|config| ConfigSource::read(doc, config)).collect()
}

impl ConfigSource {
    fn read(doc: &Document, node: NodeId) -> Self {
        let items = list(doc, node, "items")
            .map(|item| (string(doc, item, "key"), string(doc, item, "path")));
        let items: Box<[_]> = items.collect();
        // No items are as good as none written.
        Self { name: string(doc, node, "name"), items: (!items.is_empty()).then_some(items) }
    }
}

/// The mappings of a list, with aliases followed.
fn list<'a>(doc: &'a Document, mapping: NodeId, key: &str) -> impl Iterator<Item = NodeId> + 'a {
    mappings(doc, items(doc, mapping, key))
}

/// Those of a list's mappings that are there, and not only described to be taken away.
fn mappings<'a>(doc: &'a Document, items: &'a [NodeId]) -> impl Iterator<Item = NodeId> + 'a {
    let items = items.iter().map(|&item| doc.resolve(item));
    items.filter(|&item| !describes_base(doc, item))
}

/// A mapping at a key, where it isn't only described to be taken away.
fn part(doc: &Document, mapping: NodeId, key: &str) -> Option<NodeId> {
    doc.get(mapping, key).filter(|&part| !describes_base(doc, part))
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

fn string<T: for<'a> From<&'a str>>(doc: &Document, mapping: NodeId, key: &str) -> T {
    doc.get(mapping, key).and_then(|node| doc.str(node)).unwrap_or("").into()
}
