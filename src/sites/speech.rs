//! How a container can spell the kubelet's roots, and what its mounts show of the host.

use crate::kubepath::{AbsPath, PathSet};
use crate::model::{Container, Pod, VolumeSource};
use crate::roots::Roots;

/// How a container can spell the roots: as they are, and behind the mounts of their ancestors.
pub(super) struct Speech {
    pub(super) paths: PathSet,
    /// What each of the paths means: which root, and through which mount.
    pub(super) meaning: Vec<(usize, Option<usize>)>,
}

impl Speech {
    /// The roots as they are.
    pub(super) fn plain(roots: &Roots) -> Self {
        let paths = PathSet::new(roots.all());
        let meaning = (0..roots.all().len()).map(|root| (root, None)).collect();
        Self { paths, meaning }
    }

    /// As a container spells them.
    pub(super) fn of(container: &Container, pod: &Pod, roots: &Roots) -> Self {
        let mut speech = Self::plain(roots);
        for (index, mount) in container.mounts.iter().enumerate() {
            let Some(target) = mount.target() else {
                continue;
            };
            let Some((_, host)) = host_paths(pod, container, index) else {
                continue;
            };
            for (root, path) in roots.all().iter().enumerate() {
                let Some(rest) = path.below(&host).filter(|rest| !rest.is_empty()) else {
                    continue;
                };
                let alias = target.join(rest);
                if !speech.paths.contains(&alias) {
                    speech.paths.push(alias);
                    speech.meaning.push((root, Some(index)));
                }
            }
        }
        speech
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
