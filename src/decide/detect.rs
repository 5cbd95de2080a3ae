//! `--from auto`: which other kubelet roots a manifest is written for.

use super::registration::Registration;
use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, Root, find_paths};
use crate::model::{Object, Pod, VolumeSource, objects};
use crate::yaml::Document;
use std::collections::{BTreeMap, BTreeSet};

/// The roots that the documents speak of besides the `known` ones, in alphabetical order.
///
/// Evidence is `plugins_registry`, a registered socket below `plugins/<driver>`, two children
/// that only a kubelet root has, or one such child of a directory that is called `kubelet`.
/// `pods` alone is none (`/var/log/pods`), and what lies below a known root is another
/// directory of that root.
#[must_use]
pub fn detect_roots(docs: &[&Document], known: &[AbsPath], knowledge: &Knowledge) -> Vec<Root> {
    let mut evidence = Evidence {
        knowledge,
        known,
        children: BTreeMap::new(),
        certain: BTreeSet::new(),
    };
    for doc in docs {
        for object in objects(doc) {
            evidence.read_object(&object);
        }
    }
    let Evidence {
        children,
        mut certain,
        ..
    } = evidence;
    for (root, names) in children {
        let is_called_kubelet = root
            .components()
            .last()
            .is_some_and(|name| name == "kubelet");
        if names.len() >= 2 || is_called_kubelet {
            certain.insert(root);
        }
    }
    certain.into_iter().filter_map(Root::found).collect()
}

struct Evidence<'a> {
    knowledge: &'a Knowledge,
    known: &'a [AbsPath],
    /// Candidates with the kubelet's directories seen below them.
    children: BTreeMap<AbsPath, BTreeSet<String>>,
    /// Candidates that need no more evidence.
    certain: BTreeSet<AbsPath>,
}

impl Evidence<'_> {
    fn read_object(&mut self, object: &Object) {
        for field in &object.host_fields {
            self.host_path(&field.path.value);
        }
        for pod in &object.pods {
            self.read_pod(pod);
        }
    }

    fn read_pod(&mut self, pod: &Pod) {
        for volume in &pod.volumes {
            if let VolumeSource::HostPath(path) = &volume.source {
                self.host_path(&path.value);
            }
        }
        let registration = Registration::of(pod, self.knowledge);
        for path in registration.paths() {
            self.socket(path);
        }
        for container in &pod.containers {
            for line in &container.command_line {
                if line.text.value.contains("endpoint") {
                    for (_, path) in find_paths(&line.text.value) {
                        self.socket(&path);
                    }
                }
            }
        }
    }

    /// `<root>/<child>`: the last component that is a kubelet's own directory decides.
    fn host_path(&mut self, text: &str) {
        let Some(path) = AbsPath::parse(text) else {
            return;
        };
        for (index, name) in path.components().iter().enumerate().rev() {
            if !self.knowledge.is_root_child(name) {
                continue;
            }
            let Some(root) = path
                .ancestor(path.depth() - index)
                .filter(|root| self.is_new(root))
            else {
                continue;
            };
            if name == "plugins_registry" {
                self.certain.insert(root.clone());
            }
            self.children.entry(root).or_default().insert(name.clone());
            return;
        }
    }

    /// `<root>/plugins/<driver>/<socket>`, or the same below `csi-plugins`.
    fn socket(&mut self, path: &AbsPath) {
        let components = path.components();
        let Some(at) = components
            .iter()
            .rposition(|name| name == "plugins" || name == "plugins_registry")
        else {
            return;
        };
        if components.len() < at + 2 {
            return;
        }
        if let Some(root) = path
            .ancestor(components.len() - at)
            .filter(|root| self.is_new(root))
        {
            self.certain.insert(root);
        }
    }

    fn is_new(&self, root: &AbsPath) -> bool {
        root.depth() > 0
            && !self
                .known
                .iter()
                .any(|known| root.below(known).is_some() || root.is_ancestor_of(known))
    }
}
