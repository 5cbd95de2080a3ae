//! What a container sees: its mounts, resolved to the host.

use super::handed::handed;
use crate::decide::candidates::enters_the_node;
use crate::decide::registration::{Feed, Registration};
use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, PathIndex};
use crate::model::{Container, Mount, Pod};
use crate::sites::host_paths;

/// A mount, and what it shows.
pub(super) struct View<'a> {
    pub(super) mount: &'a Mount,
    /// Where it stands in the container.
    pub(super) target: AbsPath,
    /// What it shows of the host; `None` for everything that isn't a hostPath, and where that hangs on a
    /// variable whose value isn't in the input.
    pub(super) host: Option<AbsPath>,
    /// Whether its volume is one of the pod's own; in a fragment nobody can tell.
    pub(super) is_own: bool,
}

/// A container with its mounts.
pub(super) struct ContainerView<'a> {
    pub(super) container: &'a Container,
    pub(super) views: Vec<View<'a>>,
    /// What it registers with the kubelet, if anything.
    pub(super) feed: Option<&'a Feed>,
    /// The views by where they stand.
    places: PathIndex,
}

/// A pod with all its containers.
pub(super) struct PodView<'a> {
    pub(super) pod: &'a Pod,
    pub(super) containers: Vec<ContainerView<'a>>,
    pub(super) registration: &'a Registration,
}

/// Where a container's path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// To this path on the host.
    ToHost(AbsPath),
    /// To something of the pod's own.
    ToOwnVolume,
    /// To a volume that isn't known here.
    Unknown,
    /// Nowhere but into the container's own filesystem.
    UnderNoMount,
}

impl<'a> PodView<'a> {
    pub(super) fn of(pod: &'a Pod, registration: &'a Registration) -> Self {
        let containers = pod
            .containers
            .iter()
            .enumerate()
            .map(|(number, container)| {
                let views = views(pod, container);
                let places = PathIndex::of(views.iter().map(|view| &view.target));
                ContainerView { container, views, feed: registration.of_container(number), places }
            })
            .collect();
        Self { pod, containers, registration }
    }
}

fn views<'a>(pod: &'a Pod, container: &'a Container) -> Vec<View<'a>> {
    let mounts = container.mounts.iter().enumerate();
    mounts
        .filter_map(|(index, mount)| {
            let shown = host_paths(pod, container, index).map(|(_, shown)| shown);
            let host = shown.and_then(|shown| match &mount.sub_path_expr {
                Some(part) => shown.join_text(&handed(container, part)?),
                None => Some(shown),
            });
            let volume = pod.volume(&mount.volume);
            let is_own = volume.is_some_and(|volume| volume.host_path().is_none());
            Some(View { mount, target: mount.target()?, host, is_own })
        })
        .collect()
}

impl<'a> ContainerView<'a> {
    /// The mount through which a path of the container resolves: the longest prefix wins.
    pub(super) fn resolve(&self, path: &AbsPath) -> Option<&View<'a>> {
        self.views.get(self.places.resolve(path)?)
    }

    /// The mounts inside of which a path lies, by their place among the views: what stands above
    /// them doesn't have the path.
    pub(super) fn above(&self, path: &AbsPath) -> impl Iterator<Item = usize> {
        self.places.next_above(path)
    }

    /// Whether all its mounts could be read. A container on Windows has other paths, or, as a host
    /// process, no mounts at all.
    pub(super) fn is_known(&self) -> bool {
        !self.views.is_empty() && self.views.len() == self.container.mounts.len()
    }

    /// Whether the container's program registers drivers with the kubelet.
    pub(super) fn is_registrar(&self, knowledge: &Knowledge) -> bool {
        knowledge.images().is_registrar(&self.container.image)
    }

    /// Whether the container's program works in the node's own files: one that leaves its container,
    /// or a host process on Windows.
    pub(super) fn works_on_host(&self, knowledge: &Knowledge) -> bool {
        let mut lines = self.container.command_line.iter();
        enters_the_node(self.container, knowledge.settings())
            || lines.any(|line| line.text.value.ends_with(".exe"))
    }

    /// Where a path of the container leads.
    pub(super) fn leads(&self, path: &AbsPath) -> Leads {
        let Some(view) = self.resolve(path) else { return Leads::UnderNoMount };
        let rest = path.below(&view.target).unwrap_or_default();
        match &view.host {
            Some(host) => Leads::ToHost(host.join(rest)),
            None if view.is_own => Leads::ToOwnVolume,
            None => Leads::Unknown,
        }
    }
}

impl View<'_> {
    /// Whether nobody can tell from the input what the mount shows.
    pub(super) fn is_unknown(&self) -> bool {
        self.host.is_none() && !self.is_own
    }

    /// The mount's path as it is written, for messages.
    pub(super) fn written(&self) -> &str {
        self.mount.path.as_ref().map_or("", |path| path.value.as_str())
    }
}
