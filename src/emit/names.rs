//! By what name kustomize finds an object, and whether it finds only that one.

use crate::knowledge::KindTable;
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

/// The namespace of an object that names none, as kustomize has it.
const DEFAULT_NAMESPACE: &str = "default";

impl Target {
    /// The target that an object's own name makes.
    fn of(name: &ObjectRef, kinds: &KindTable) -> Self {
        // One that is written in an object of a kind without namespaces, as charts do, must not be
        // in the target: it would select nothing, without a word.
        let scoped = !kinds.has_no_namespace(name);
        Self {
            group: name.group().to_owned(),
            version: name.version().to_owned(),
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
pub(super) struct Names<'k> {
    kinds: &'k KindTable,
    known: HashMap<(String, String), Vec<(Place, Target)>>,
}

impl<'k> Names<'k> {
    pub(super) fn of(all: impl Iterator<Item = Known>, kinds: &'k KindTable) -> Self {
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        for Known { place, name } in all {
            let target = Target::of(&name, kinds);
            known.entry((name.kind, name.name)).or_default().push((place, target));
        }
        Self { kinds, known }
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
        let mut target = Target::of(name, self.kinds);
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
