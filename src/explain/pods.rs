//! What is known of pods, found once for all their paths.

use super::{Nature, ObjectKey};
use crate::decide::Added;
use crate::decide::registration::Registration;
use crate::knowledge::Knowledge;
use crate::model::{Container, ContainerKind, Mount, Pod};
use crate::relocate::Relocation;
use crate::yaml::NodeId;
use std::collections::{HashMap, HashSet};

/// What is known of a pod.
#[derive(Debug)]
pub(super) struct PodFacts {
    pub(super) nature: Nature,
    pub(super) registration: Registration,
    /// Containers that mount no volumes for pods: registrars, sidecars, what runs first.
    helpers: Vec<bool>,
    /// Mounts that get propagation.
    added: HashSet<NodeId>,
    /// Volumes into which a container mounts volumes for pods.
    pub(super) mounted: HashSet<String>,
}

/// What is known of the pods of each object.
pub(super) fn pods(
    relocation: &Relocation,
    knowledge: &Knowledge,
) -> HashMap<ObjectKey, Vec<PodFacts>> {
    let mut added: HashMap<ObjectKey, HashSet<NodeId>> = HashMap::new();
    for insertion in &relocation.analysis.insertions {
        let Added::Propagation(mount) = insertion.what else { continue };
        added.entry((insertion.doc, insertion.object)).or_default().insert(mount);
    }
    let mut pods = HashMap::new();
    for (doc, objects) in relocation.analysis.objects.iter().enumerate() {
        for (number, object) in objects.iter().enumerate() {
            let added = added.remove(&(doc, number)).unwrap_or_default();
            let facts = |pod| PodFacts::of(pod, added.clone(), knowledge);
            pods.insert((doc, number), object.pods.iter().map(facts).collect());
        }
    }
    pods
}

impl PodFacts {
    fn of(pod: &Pod, added: HashSet<NodeId>, knowledge: &Knowledge) -> Self {
        let registration = Registration::of(pod, knowledge);
        let is_sidecar = |container: &Container| knowledge.images().is_sidecar(&container.image);
        let nature = if registration.is_driver_pod() {
            Nature::Node
        } else if pod.containers.iter().any(is_sidecar) {
            Nature::Controller
        } else {
            Nature::Other
        };
        let is_helper = |(number, container): (usize, &Container)| {
            registration.of_container(number).is_some()
                || container.kind != ContainerKind::Regular
                || is_sidecar(container)
        };
        let helpers = pod.containers.iter().enumerate().map(is_helper).collect();
        let mut facts = Self { nature, registration, helpers, added, mounted: HashSet::new() };
        for (number, container) in pod.containers.iter().enumerate() {
            let own = container.mounts.iter().filter(|mount| facts.mounts_volumes(number, mount));
            let own: Vec<String> = own.map(|mount| mount.volume.to_string()).collect();
            facts.mounted.extend(own);
        }
        facts
    }

    /// Whether a container mounts volumes into what a mount shows: it shares the mount, or it is
    /// the container of a node plugin that is left when helpers are taken away.
    pub(super) fn mounts_volumes(&self, container: usize, mount: &Mount) -> bool {
        let is_helper = self.helpers.get(container).copied().unwrap_or(true);
        self.is_shared(mount) || (self.nature == Nature::Node && !is_helper)
    }

    /// Whether a mount is Bidirectional, or becomes so.
    pub(super) fn is_shared(&self, mount: &Mount) -> bool {
        mount.is_bidirectional() || self.added.contains(&mount.node)
    }
}

/// What an object is, by the pod in it that says most.
pub(super) fn nature(pods: &[PodFacts]) -> Nature {
    let has = |nature: &Nature| pods.iter().any(|pod| pod.nature == *nature);
    [Nature::Node, Nature::Controller].into_iter().find(has).unwrap_or(Nature::Other)
}
