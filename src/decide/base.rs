//! What a patch takes away or tests is as the patched manifest has it: where that is in the same run, it
//! moves along.

use super::{Action, Analysis, Context, Reason};
use crate::model::Object;
use crate::sites::Site;
use std::collections::{HashMap, HashSet};

/// A path of an object: the object's kind and name, and what follows the root.
type PathOf<'a> = (&'a str, &'a str, &'a str);

/// Moves what patches say of manifests that move in this run, or have moved before.
pub(super) fn follow(analysis: &mut Analysis, context: &Context<'_>) {
    let Analysis { objects, sites, decisions, .. } = analysis;
    if !decisions.iter().any(|decision| decision.reason == Reason::PatchedBase) {
        return;
    }
    let object = |site: &Site| objects.get(site.doc)?.get(site.object);
    let mut named: HashMap<(&str, &str), Vec<(usize, usize)>> = HashMap::new();
    for (doc, objects) in objects.iter().enumerate() {
        for (number, object) in objects.iter().enumerate().filter(|(_, it)| is_whole(it)) {
            let name = (object.name.kind.as_str(), object.name.name.as_str());
            named.entry(name).or_default().push((doc, number));
        }
    }
    // Of several with one name nobody knows which is patched.
    let only = named.into_values().filter(|all| all.len() == 1).flatten();
    let only: HashSet<(usize, usize)> = only.collect();
    let mut moved: HashMap<PathOf<'_>, Action> = HashMap::new();
    for (site, decision) in sites.iter().zip(&*decisions) {
        let action = match &decision.action {
            Action::Settled => Action::Move(context.to().clone()),
            Action::Move(_) => decision.action.clone(),
            Action::Keep | Action::Respell(_) => continue,
        };
        let only = object(site).filter(|_| only.contains(&(site.doc, site.object)));
        moved.extend(only.and_then(|object| path_of(site, object)).zip(Some(action)));
    }
    for (site, decision) in sites.iter().zip(decisions) {
        if decision.reason == Reason::PatchedBase
            && let Some(path) = object(site).and_then(|object| path_of(site, object))
            && let Some(action) = moved.get(&path)
        {
            decision.action = action.clone();
        }
    }
}

/// Whether an object is a manifest, and no part of one: its containers have their images.
fn is_whole(object: &Object) -> bool {
    let mut containers = object.pods.iter().flat_map(|pod| &pod.containers).peekable();
    containers.peek().is_some() && containers.all(|container| !container.image.is_empty())
}

fn path_of<'a>(site: &'a Site, object: &'a Object) -> Option<PathOf<'a>> {
    let name = &object.name;
    let is_named = !name.kind.is_empty() && !name.name.is_empty() && site.windows.is_none();
    is_named.then_some((&name.kind, &name.name, &site.lie.rest))
}
