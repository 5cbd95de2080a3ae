//! By what name kustomize finds an object, and whether it finds only that one.

use crate::knowledge::KindTable;
use crate::model::ObjectRef;
use std::collections::HashMap;

/// Where an object stands: the index of its source, and the byte where it begins.
pub(super) type Place = (usize, usize);

/// What a patch selects. All fields are texts, not patterns yet; an empty one selects anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
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

impl Target {
    /// The target that an object's own name makes.
    fn of(name: &ObjectRef, kinds: &KindTable) -> Self {
        // One that is written in an object of a kind without namespaces, as charts do, must not be
        // in the target: it would select nothing, without a word.
        let scoped = !kinds.has_no_namespace(name);
        Self {
            group: name.group().to_owned(),
            version: name.version().to_owned(),
            kind: name.kind.to_string(),
            name: name.name.to_string(),
            namespace: if scoped { name.namespace.to_string() } else { String::new() },
        }
    }

    /// The targets with kind and name that select the object whose own name makes this one.
    fn selecting(mut self) -> impl Iterator<Item = Self> {
        if self.namespace.is_empty() {
            self.namespace = ObjectRef::DEFAULT_NAMESPACE.to_owned();
        }
        (0..8).map(move |mask| {
            // What is empty selects anything.
            let part = |bit: u8, text: &str| if mask & bit == 0 { text } else { "" }.to_owned();
            Self {
                group: part(1, &self.group),
                version: part(2, &self.version),
                kind: self.kind.clone(),
                name: self.name.clone(),
                namespace: part(4, &self.namespace),
            }
        })
    }
}

/// An object of the run.
pub(super) struct Known {
    pub(super) place: Place,
    pub(super) name: ObjectRef,
}

/// All objects of a run by what selects them.
pub(super) struct Names<'k> {
    kinds: &'k KindTable,
    selected: HashMap<Target, Selected>,
}

/// What a target selects.
struct Selected {
    first: Place,
    /// Whether it selects something at another place, too.
    several: bool,
}

impl<'k> Names<'k> {
    pub(super) fn of(all: impl Iterator<Item = Known>, kinds: &'k KindTable) -> Self {
        let mut selected: HashMap<Target, Selected> = HashMap::new();
        for Known { place, name } in all {
            for target in Target::of(&name, kinds).selecting() {
                let new = Selected { first: place, several: false };
                let known = selected.entry(target).or_insert(new);
                known.several |= known.first != place;
            }
        }
        Self { kinds, selected }
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
            target.namespace = ObjectRef::DEFAULT_NAMESPACE.to_owned();
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
        self.selected.get(target).is_some_and(|known| known.several || known.first != own)
    }
}
