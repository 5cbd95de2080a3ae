//! `--from auto`: which other kubelet roots a manifest is written for.

use super::registration::Registration;
use crate::finding::Place;
use crate::knowledge::{HostSide, Knowledge};
use crate::kubepath::dirs::{KUBELET, PLUGINS, PLUGINS_REGISTRY};
use crate::kubepath::{AbsPath, PathIndex, Root, find_paths};
use crate::model::{Container, Object, Pod, Text, VolumeSource};
use crate::roots::DEFAULT_ROOT;
use crate::sites::host_paths;
use crate::yaml::NodeId;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A kubelet root that a manifest speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectedRoot {
    /// The root.
    pub root: Root,
    /// Of each object that speaks of it, the first path that tells of it.
    pub places: Vec<Place>,
}

/// The roots that the objects of each document speak of besides the `known` ones, in alphabetical order.
///
/// Evidence is `plugins_registry`, a registered socket below `plugins/<driver>`, two children
/// that only a kubelet root has, or one such child of a directory that is called `kubelet`,
/// mounted Bidirectional. `pods` alone is none (`/var/log/pods`), and what lies below a known
/// root is another directory of that root.
#[must_use]
pub fn detect_roots(
    objects: &[Vec<Object>],
    known: &[AbsPath],
    knowledge: &Knowledge,
) -> Vec<DetectedRoot> {
    let mut evidence = Evidence { knowledge, known, object: (0, 0), candidates: BTreeMap::new() };
    for (index, objects) in objects.iter().enumerate() {
        for (number, object) in objects.iter().enumerate() {
            evidence.object = (index, number);
            evidence.read_object(object);
        }
    }
    let mut found = Vec::new();
    for (path, candidate) in evidence.candidates {
        if candidate.convinces(&path)
            && let Some(root) = Root::found(path)
        {
            found.push(DetectedRoot { root, places: candidate.places });
        }
    }
    found
}

/// What speaks for a directory being a kubelet root.
struct Candidate {
    /// The kubelet's directories seen below it.
    children: BTreeSet<String>,
    /// One of them is evidence enough.
    certain: bool,
    /// One of them is mounted Bidirectional: volumes are published there.
    shared: bool,
    /// Where each object has it first.
    places: Vec<Place>,
    /// The last of these objects.
    object: (usize, usize),
}

impl Candidate {
    fn convinces(&self, root: &AbsPath) -> bool {
        let is_called_kubelet = root.name() == Some(KUBELET);
        self.certain || self.children.len() >= 2 || (self.shared && is_called_kubelet)
    }
}

struct Evidence<'a> {
    knowledge: &'a Knowledge,
    known: &'a [AbsPath],
    /// The object that is being read: its document, and its place in it.
    object: (usize, usize),
    candidates: BTreeMap<AbsPath, Candidate>,
}

impl Evidence<'_> {
    fn read_object(&mut self, object: &Object) {
        for field in &object.host_fields {
            self.host_path(&field.path);
        }
        for pod in &object.pods {
            self.read_pod(pod);
        }
    }

    fn read_pod(&mut self, pod: &Pod) {
        let mounts = pod.containers.iter().flat_map(|container| &container.mounts);
        let shared = mounts.filter(|mount| mount.is_bidirectional());
        let shared: HashSet<&str> = shared.map(|mount| mount.volume.as_str()).collect();
        for volume in &pod.volumes {
            if let VolumeSource::HostPath(path) = &volume.source
                && let Some(candidate) = self.host_path(path)
            {
                candidate.shared |= shared.contains(volume.name.as_str());
            }
        }
        let registration = Registration::of(pod, self.knowledge);
        for (node, path) in registration.paths() {
            self.socket(path, node);
        }
        for container in &pod.containers {
            let mounts = Mounts::default();
            for line in &container.command_line {
                let Some((name, value)) = line.setting() else { continue };
                if !self.knowledge.settings().endpoints().contains(&name) {
                    continue;
                }
                for (_, path) in find_paths(value) {
                    if mounts.show_of_the_host(&path, pod, container) {
                        self.socket(&path, line.text.node);
                    }
                }
            }
        }
    }

    /// `<root>/<child>`: the last component that is a kubelet's own directory decides.
    fn host_path(&mut self, text: &Text) -> Option<&mut Candidate> {
        let path = AbsPath::parse(&text.value).filter(|path| !self.is_below_known(path))?;
        // What never follows the root is below the default one for good.
        let rest = path.as_str().strip_prefix(DEFAULT_ROOT).and_then(|it| it.strip_prefix('/'));
        if rest.is_some_and(|rest| self.knowledge.role(rest).host == HostSide::Stays) {
            return None;
        }
        let mut components = path.components().rev().enumerate();
        let (behind, name) = components.find(|(_, name)| self.knowledge.is_root_child(name))?;
        let candidate = self.candidate(&path, behind + 1, text.node)?;
        candidate.certain |= name == PLUGINS_REGISTRY;
        candidate.children.insert(name.to_owned());
        Some(candidate)
    }

    /// `<root>/plugins/<driver>/<socket>`.
    fn socket(&mut self, path: &AbsPath, node: NodeId) {
        if self.is_below_known(path) {
            return;
        }
        let is_child = |name| matches!(name, PLUGINS | PLUGINS_REGISTRY);
        let behind = path.components().rev().position(is_child);
        let Some(behind) = behind.filter(|behind| *behind > 0) else { return };
        if let Some(candidate) = self.candidate(path, behind + 1, node) {
            candidate.certain = true;
        }
    }

    /// Whether a path tells of no other root, whatever it is called: most paths of most manifests.
    fn is_below_known(&self, path: &AbsPath) -> bool {
        self.known.iter().any(|known| path.below(known).is_some())
    }

    /// The directory that holds the last `count` components, if it can be another root.
    fn candidate(&mut self, path: &AbsPath, count: usize, node: NodeId) -> Option<&mut Candidate> {
        let root = path.ancestor(count)?;
        let is_known = |known: &AbsPath| root.below(known).is_some() || root.is_ancestor_of(known);
        if root.depth() == 0 || self.known.iter().any(is_known) {
            return None;
        }
        let object = self.object;
        let candidate = self.candidates.entry(root).or_insert_with(|| Candidate {
            children: BTreeSet::new(),
            certain: false,
            shared: false,
            places: Vec::new(),
            object,
        });
        if candidate.places.is_empty() || candidate.object != object {
            candidate.object = object;
            candidate.places.push(Place { doc: object.0, node, range: None });
        }
        Some(candidate)
    }
}

/// Where the mounts of a container stand; told when somebody asks, as few containers need it.
#[derive(Default)]
struct Mounts {
    /// The places with the mounts' numbers, and what leads to them.
    targets: OnceCell<(Vec<(usize, AbsPath)>, PathIndex)>,
}

impl Mounts {
    /// Whether a path of the container names the same on the host, as far as its mounts tell.
    fn show_of_the_host(&self, path: &AbsPath, pod: &Pod, container: &Container) -> bool {
        let (targets, index) = self.targets.get_or_init(|| {
            let mounts = container.mounts.iter().enumerate();
            let targets = mounts.filter_map(|(number, mount)| Some((number, mount.target()?)));
            let targets: Vec<_> = targets.collect();
            let index = PathIndex::of(targets.iter().map(|(_, target)| target));
            (targets, index)
        });
        index.resolve(path).and_then(|at| targets.get(at)).is_none_or(|(number, target)| {
            host_paths(pod, container, *number).is_some_and(|(_, shown)| shown == *target)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::rewritten_objects;
    use crate::source::Span;
    use crate::yaml::parse;
    use std::fmt::Write as _;

    /// The roots that a pod speaks of: by its volumes, which may be shared, and by an argument.
    fn roots(volumes: &[(&str, bool)], argument: &str) -> Vec<String> {
        let mut text = format!(
            "{{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: a, args: ['{argument}'], volumeMounts: ["
        );
        for (number, (path, shared)) in volumes.iter().enumerate() {
            let propagation = if *shared { "Bidirectional" } else { "None" };
            let _ = write!(
                text,
                "{{name: v{number}, mountPath: '{path}', mountPropagation: {propagation}}}, "
            );
        }
        text.push_str("]}], volumes: [");
        for (number, (path, _)) in volumes.iter().enumerate() {
            let _ = write!(text, "{{name: v{number}, hostPath: {{path: '{path}'}}}}, ");
        }
        text.push_str("]}}");
        let knowledge = Knowledge::builtin().unwrap();
        let docs = parse(&text, Span::new(0, text.len())).unwrap();
        let objects: Vec<_> = docs.iter().map(|doc| rewritten_objects(doc, &knowledge)).collect();
        let known = [AbsPath::parse("/var/lib/kubelet").unwrap()];
        let found = detect_roots(&objects, &known, &knowledge);
        found.into_iter().map(|found| found.root.to_string()).collect()
    }

    #[test]
    fn directories_that_only_a_kubelet_has_tell_of_a_root() {
        assert_eq!(roots(&[("/srv/k8s/plugins_registry", false)], ""), ["/srv/k8s"]);
        let both = [("/srv/k8s/plugins_registry", false), ("/srv/k8s/pods", false)];
        assert_eq!(roots(&both, ""), ["/srv/k8s"]);
        let two = [("/srv/k8s/pods", false), ("/srv/k8s/plugins", false)];
        assert_eq!(roots(&two, ""), ["/srv/k8s"]);
        assert_eq!(roots(&[("/srv/kubelet/pods", true)], ""), ["/srv/kubelet"]);
    }

    #[test]
    fn one_that_others_have_as_well_tells_of_none() {
        assert_eq!(roots(&[("/srv/k8s/pods", true)], ""), [""; 0]);
        assert_eq!(roots(&[("/srv/kubelet/pods", false)], ""), [""; 0]);
    }

    #[test]
    fn what_lies_around_a_known_root_is_none() {
        for path in [
            "/var/lib/kubelet/plugins_registry",
            "/var/lib/kubelet/other/plugins_registry",
            "/var/plugins_registry",
            "/plugins_registry",
        ] {
            assert_eq!(roots(&[(path, false)], ""), [""; 0], "{path}");
        }
    }

    #[test]
    fn an_endpoint_below_plugins_tells_of_a_root() {
        for path in ["plugins/a.example/csi.sock", "plugins_registry/a.sock", "plugins/csi.sock"] {
            assert_eq!(roots(&[], &format!("--endpoint=unix:///srv/k8s/{path}")), ["/srv/k8s"]);
        }
        for argument in [
            "--endpoint=unix:///srv/k8s/plugins",
            "--endpoint=unix:///srv/k8s/sockets/a.example/csi.sock",
            "--address=/srv/k8s/plugins/a.example/csi.sock",
        ] {
            assert_eq!(roots(&[], argument), [""; 0], "{argument}");
        }
    }
}
