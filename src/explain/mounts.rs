//! What containers see of the node: host path, container path, propagation.

use crate::decide::rewritten_objects;
use crate::error::RelocateError;
use crate::knowledge::{Knowledge, Role};
use crate::kubepath::{AbsPath, Root};
use crate::model::{Container, Mount, ObjectRef, Pod};
use crate::relocate::numbered;
use crate::sites::host_paths;
use crate::source::Source;
use crate::stream::{Wanted, read_all};
use std::collections::BTreeMap;

/// A pod, and what its containers see of the node.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The source it stands in.
    pub source: usize,
    /// The object that the pod is in.
    pub object: ObjectRef,
    /// The node's directories, each with the mounts that show it.
    pub directories: Vec<Directory>,
}

/// A directory, file or socket of the node.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Its path on the node.
    pub host: String,
    /// What it is for, below the kubelet's root.
    pub role: Option<Role>,
    /// Who sees it, in the order of the pod's containers.
    pub views: Vec<View>,
}

/// A mount of a container.
#[derive(Clone, Debug)]
pub struct View {
    /// The container.
    pub container: String,
    /// Where it sees the directory.
    pub path: String,
    /// Whether mounts appear on the other side.
    pub propagation: Propagation,
    /// Nothing can be written there.
    pub read_only: bool,
    /// Only a part of the directory is seen, which is put together when the pod starts; empty for
    /// all of it.
    pub sub_path_expr: String,
}

/// Whether what is mounted on one side of a mount later appears on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Propagation {
    /// Neither way.
    None,
    /// From the node to the container.
    HostToContainer,
    /// Both ways.
    Bidirectional,
}

/// Every pod of the sources that mounts something of the node.
///
/// # Errors
/// When a source can't be read.
pub fn drawings(
    sources: &[Source],
    root: &Root,
    knowledge: &Knowledge,
) -> Result<Vec<Drawing>, RelocateError> {
    let streams = read_all(sources, &Wanted::needles(&["hostPath"]))?;
    let mut drawings = Vec::new();
    for sourced in numbered(&streams) {
        for object in rewritten_objects(sourced.doc, knowledge) {
            for pod in &object.pods {
                let directories = directories(pod, root.path(), knowledge);
                if !directories.is_empty() {
                    let object = object.name.clone();
                    drawings.push(Drawing { source: sourced.source, object, directories });
                }
            }
        }
    }
    Ok(drawings)
}

fn directories(pod: &Pod, root: &AbsPath, knowledge: &Knowledge) -> Vec<Directory> {
    let mut by_host: BTreeMap<String, Directory> = BTreeMap::new();
    for container in &pod.containers {
        for (index, mount) in container.mounts.iter().enumerate() {
            let Some((host, role)) = shown(pod, container, index, root, knowledge) else {
                continue;
            };
            let directory = by_host.entry(host.clone());
            let directory =
                directory.or_insert_with(|| Directory { host, role, views: Vec::new() });
            directory.views.push(view(container, mount));
        }
    }
    // The kubelet's own come first.
    let mut directories: Vec<Directory> = by_host.into_values().collect();
    directories.sort_by_key(|directory| directory.role.is_none());
    directories
}

/// What a mount shows of the node, with its subPath, and what that is for.
fn shown(
    pod: &Pod,
    container: &Container,
    mount: usize,
    root: &AbsPath,
    knowledge: &Knowledge,
) -> Option<(String, Option<Role>)> {
    if let Some((_, shown)) = host_paths(pod, container, mount) {
        let role = shown.below(root).map(|rest| knowledge.role(rest).role);
        return Some((shown.to_string(), role));
    }
    // A path of a Windows node, or one with variables in it, is drawn as it is written.
    let volume = pod.volume(&container.mounts.get(mount)?.volume)?;
    Some((volume.host_path()?.value.to_string(), None))
}

fn view(container: &Container, mount: &Mount) -> View {
    let propagation = mount.propagation.as_ref().map(|text| text.value.as_str());
    View {
        container: container.name.to_string(),
        path: mount.path.as_ref().map_or_else(String::new, |path| path.value.to_string()),
        propagation: match propagation {
            Some("Bidirectional") => Propagation::Bidirectional,
            Some("HostToContainer") => Propagation::HostToContainer,
            _ => Propagation::None,
        },
        read_only: mount.read_only,
        sub_path_expr: mount.sub_path_expr.as_deref().unwrap_or_default().to_owned(),
    }
}
