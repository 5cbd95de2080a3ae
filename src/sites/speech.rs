//! How a container can spell the kubelet's roots, and what its mounts show of the host.

use crate::kubepath::{AbsPath, PathSet};
use crate::model::{Container, Pod, VolumeSource};
use crate::roots::Roots;
use std::borrow::Cow;

/// How a container can spell the roots: as they are, and behind the mounts of their ancestors.
pub(crate) struct Speech<'r> {
    /// The roots, and what they are called behind mounts; few containers have such names.
    pub(super) paths: Cow<'r, PathSet>,
    /// How many of them are the roots.
    roots: usize,
    /// What each of the others means: which root, and through which mount.
    behind: Vec<(usize, usize)>,
}

impl<'r> Speech<'r> {
    /// The roots as they are.
    pub(super) fn plain(roots: &'r Roots) -> Self {
        let paths = Cow::Borrowed(roots.paths());
        Self { paths, roots: roots.all().len(), behind: Vec::new() }
    }

    /// Only what the roots are called behind mounts: each path with its root; its number stands for the mount.
    pub(crate) fn behind(named: Vec<(AbsPath, usize)>) -> Self {
        let (mut paths, mut behind) = (PathSet::new(&[]), Vec::with_capacity(named.len()));
        for (number, (path, root)) in named.into_iter().enumerate() {
            paths.push(path);
            behind.push((root, number));
        }
        Self { paths: Cow::Owned(paths), roots: 0, behind }
    }

    /// As a container spells them.
    pub(super) fn of(container: &Container, pod: &Pod, roots: &'r Roots) -> Self {
        let mut speech = Self::plain(roots);
        for (index, mount) in container.mounts.iter().enumerate() {
            let Some((_, host)) = host_paths(pod, container, index) else {
                continue;
            };
            for (root, path) in roots.all().iter().enumerate() {
                let Some(rest) = path.below(&host).filter(|rest| !rest.is_empty()) else {
                    continue;
                };
                let Some(target) = mount.target() else { continue };
                let alias = target.join(rest);
                if !speech.paths.contains(&alias) {
                    speech.paths.to_mut().push(alias);
                    speech.behind.push((root, index));
                }
            }
        }
        speech
    }

    /// What one of the paths means: which root, and through which mount.
    pub(super) fn meaning(&self, path: usize) -> Option<(usize, Option<usize>)> {
        match path.checked_sub(self.roots) {
            None => Some((path, None)),
            Some(alias) => self.behind.get(alias).map(|&(root, mount)| (root, Some(mount))),
        }
    }
}

/// The hostPath of the volume that a container mounts, and what the mount shows of the host: the
/// hostPath with the mount's subPath.
#[must_use]
pub fn host_paths(pod: &Pod, container: &Container, mount: usize) -> Option<(AbsPath, AbsPath)> {
    let mount = container.mounts.get(mount)?;
    let VolumeSource::HostPath(path) = &pod.volume(&mount.volume)?.source else {
        return None;
    };
    let path = AbsPath::parse(&path.value)?;
    let shown = path.join_text(mount.sub_path.as_deref().unwrap_or(""))?;
    Some((path, shown))
}
