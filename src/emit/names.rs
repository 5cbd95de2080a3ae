//! By what name kustomize finds an object, and whether it finds only that one.

use crate::model::ObjectRef;
use std::collections::HashMap;

/// Where an object stands: the index of its source, and the byte where it begins.
pub(super) type Place = (usize, usize);

/// What a patch selects. All fields are texts, not patterns yet; an empty one selects anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The part of apiVersion before the slash.
    pub group: String,
    /// The part behind it.
    pub version: String,
    /// The kind.
    pub kind: String,
    /// The name in the manifest; kustomize finds it also where it gives the object another one.
    pub name: String,
    /// The namespace in the manifest.
    pub namespace: String,
}

/// Kinds that kustomize knows to have no namespace. One that is written in such an object all the
/// same, as charts do, must not be in the target: it would select nothing, without a word.
/// From `precomputedIsNamespaceScoped` in kyaml/openapi/openapi.go, kyaml v0.20.1.
const WITHOUT_NAMESPACE: [(&str, &str); 22] = [
    ("", "ComponentStatus"),
    ("", "Namespace"),
    ("", "Node"),
    ("", "NodeProxyOptions"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("certificates.k8s.io", "CertificateSigningRequest"),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
    ("networking.k8s.io", "IngressClass"),
    ("node.k8s.io", "RuntimeClass"),
    ("policy", "PodSecurityPolicy"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "CSINode"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
];

/// The namespace of an object that names none, as kustomize has it.
const DEFAULT_NAMESPACE: &str = "default";

impl Target {
    /// The target that an object's own name makes.
    fn of(name: &ObjectRef) -> Self {
        let (group, version) = match name.api_version.split_once('/') {
            Some((group, version)) => (group, version),
            None => ("", name.api_version.as_str()),
        };
        let scoped = !WITHOUT_NAMESPACE.contains(&(group, name.kind.as_str()));
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: name.kind.clone(),
            name: name.name.clone(),
            namespace: if scoped { name.namespace.clone() } else { String::new() },
        }
    }

    /// Whether a patch with this target would be applied to the object of the other's name.
    fn selects(&self, other: &Self) -> bool {
        let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        let found = if other.namespace.is_empty() { DEFAULT_NAMESPACE } else { &other.namespace };
        fits(&self.group, &other.group)
            && fits(&self.version, &other.version)
            && fits(&self.kind, &other.kind)
            && fits(&self.name, &other.name)
            && fits(&self.namespace, found)
    }
}

/// An object of the run.
pub(super) struct Known {
    pub(super) place: Place,
    pub(super) name: ObjectRef,
}

/// All objects of a run by kind and name.
pub(super) struct Names {
    known: HashMap<(String, String), Vec<(Place, Target)>>,
}

impl Names {
    pub(super) fn of(all: impl Iterator<Item = Known>) -> Self {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for Known { place, name } in all {
            let target = Target::of(&name);
            known.entry((name.kind, name.name)).or_default().push((place, target));
        }
        Self { known }
    }

    /// A target that selects the object at this place and no other.
    ///
    /// # Errors
    /// When there is none: what is wrong, in plain words.
    pub(super) fn target(&self, name: &ObjectRef, place: Place) -> Result<Target, String> {
        if name.kind.is_empty() || name.name.is_empty() {
            let missing = if name.kind.is_empty() { "kind" } else { "metadata.name" };
            return Err(format!(
                "a patch can't change this: the object it stands in has no {missing}, by which \
                 kustomize would find it"
            ));
        }
        let mut target = Target::of(name);
        if !self.selects_others(&target, place) {
            return Ok(target);
        }
        // The other one may have a namespace, where this one has none.
        if target.namespace.is_empty() {
            target.namespace = DEFAULT_NAMESPACE.to_owned();
            if !self.selects_others(&target, place) {
                return Ok(target);
            }
        }
        Err(format!(
            "a patch can't tell this object from another: {name} is there twice, and kustomize \
             refuses both in one build"
        ))
    }

    fn selects_others(&self, target: &Target, own: Place) -> bool {
        let known = self.known.get(&(target.kind.clone(), target.name.clone()));
        known.into_iter().flatten().any(|(place, other)| *place != own && target.selects(other))
    }
}
