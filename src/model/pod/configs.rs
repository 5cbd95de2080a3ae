//! What a container reads of ConfigMaps.

use super::{Container, Mount, Pod, VolumeSource};
use std::collections::HashSet;

/// A ConfigMap that a volume holds, by itself or among what it projects.
#[derive(Clone, Debug)]
pub struct ConfigSource {
    /// Its name.
    pub name: String,
    /// The keys that are files of the volume, each with its path there; `None` for all of them, each at its
    /// own name.
    pub items: Option<Box<[(String, String)]>>,
}

/// What a container reads of a ConfigMap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Use<'a> {
    /// Every key, as a file each.
    Files,
    /// One key, as a file.
    File(&'a str),
    /// One key, as a variable of this name.
    Variable { key: &'a str, name: &'a str },
    /// Every key, as a variable whose name begins so.
    Variables(&'a str),
}

impl ConfigSource {
    /// The keys that a mount shows.
    fn shown<'a>(&'a self, mount: &'a Mount) -> impl Iterator<Item = Use<'a>> {
        let sub_path = mount.sub_path.as_deref().unwrap_or("").trim_matches('/');
        let is_shown = move |path: &str| {
            let rest = path.trim_matches('/').strip_prefix(sub_path);
            sub_path.is_empty() || rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        let all = self.items.is_none().then_some(match sub_path {
            "" => Use::Files,
            key => Use::File(key),
        });
        let items = self.items.iter().flatten().filter(move |(_, path)| is_shown(path));
        all.into_iter().chain(items.map(|(key, _)| Use::File(key)))
    }
}

impl Container {
    /// The ConfigMaps that it reads, each with what it reads of it.
    pub(crate) fn configs<'a>(&'a self, pod: &'a Pod) -> impl Iterator<Item = (&'a str, Use<'a>)> {
        let mut seen = HashSet::new();
        // Of many mounts of one volume one is enough.
        let is_new = move |mount: &&'a Mount| {
            let part = mount.sub_path.as_deref().or(mount.sub_path_expr.as_deref());
            seen.insert((mount.volume.as_str(), part.unwrap_or("")))
        };
        let files = self.mounts.iter().filter(is_new).flat_map(|mount| {
            let sources = match pod.volume(&mount.volume).map(|volume| &volume.source) {
                Some(VolumeSource::Configs(sources)) => sources.as_ref(),
                _ => &[],
            };
            let shown = sources.iter().map(move |source| (source, source.shown(mount)));
            shown.flat_map(|(source, uses)| uses.map(|it| (source.name.as_str(), it)))
        });
        let env = self.env.iter();
        let variables = env.filter_map(|variable| {
            let from = variable.config_key.as_deref()?;
            let (key, name) = (from.key.as_str(), variable.name.as_str());
            Some((from.config.as_str(), Use::Variable { key, name }))
        });
        let all = self.env_from.written().map(|(prefix, name)| (name, Use::Variables(prefix)));
        files.chain(variables).chain(all)
    }
}
