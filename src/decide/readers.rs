//! Who reads a ConfigMap. What it says is host space, unless all that read it have the path at a mount of
//! their own that stays: then it's theirs. And it may speak of the root as its readers see it, behind the
//! mount of an ancestor.

use super::scope::Scope;
use super::views::{MountView, Views};
use super::{Analysis, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Object, Pod, Sourced, own_or_only};
use crate::sites::{Field, Passage, Site};
use crate::words::message;
use std::collections::{BTreeMap, HashMap};

mod behind;

pub(crate) use behind::read_behind_mounts;

/// More readers than these aren't asked one by one: what so many read is no one's own.
const MANY: usize = 256;

/// The ConfigMaps that a container reads, and how it sees their paths.
#[derive(Debug)]
pub(super) struct Reading {
    /// The document and the object of its pod.
    at: (usize, usize),
    container: String,
    /// The ConfigMaps by their names, each with the one key that is read, or `None` for all.
    configs: Vec<(String, Option<String>)>,
    /// Its mounts, where a root's path leads through one of them.
    views: Option<Views>,
    /// It works in the host's filesystem.
    leaves: bool,
}

impl Reading {
    /// What a container reads, if it reads any.
    pub(super) fn of(
        at: (usize, usize),
        pod: &Pod,
        scope: &Scope<'_>,
        context: &Context<'_>,
    ) -> Option<Self> {
        let owned = |(name, key): (&str, Option<&str>)| (name.to_owned(), key.map(str::to_owned));
        let configs: Vec<_> = scope.container.configs(pod).map(owned).collect();
        if configs.is_empty() {
            return None;
        }
        let matters = |view: &MountView| is_own(view, context) || shows_ancestor(view, context);
        let views = scope.views.iter().any(matters).then(|| scope.views.clone());
        let container = scope.container.name.clone();
        Some(Self { at, container, configs, views, leaves: scope.leaves() })
    }

    /// The container's mount by which it has a path at a place that stays.
    fn own(&self, path: &AbsPath, context: &Context<'_>) -> Option<&AbsPath> {
        let view = self.views.as_ref().filter(|_| !self.leaves)?.resolve(path)?;
        is_own(view, context).then_some(&view.target)
    }

    /// What the roots are called behind the container's mounts, each with its root and the mount.
    fn behind(&self, context: &Context<'_>) -> Vec<(AbsPath, usize, usize)> {
        let mut found = Vec::new();
        let views = self.views.iter().flat_map(|views| views.iter());
        for view in views.filter(|view| shows_ancestor(view, context)) {
            for (root, path) in context.roots.all().iter().enumerate() {
                let rest = view.host.as_ref().and_then(|host| path.below(host));
                found.extend(rest.map(|rest| (view.target.join(rest), root, view.index)));
            }
        }
        found
    }
}

/// Whether a mount stays where the kubelet's directories were.
fn is_own(view: &MountView, context: &Context<'_>) -> bool {
    view.target == view.new_target && context.roots.locate(&view.target).is_some()
}

/// Whether a mount shows a directory that an old root lies in, at another place than it has on the host.
fn shows_ancestor(view: &MountView, context: &Context<'_>) -> bool {
    view.host.as_ref().is_some_and(|host| {
        *host != view.target
            && context.roots.locate(host).is_none()
            && context.roots.other_in(host).is_some()
    })
}

/// Judges what ConfigMaps say by who reads them.
pub(super) fn heed(docs: &[Sourced<'_>], analysis: &mut Analysis, context: &Context<'_>) {
    let readings = std::mem::take(&mut analysis.readings);
    if readings.iter().all(|reading| reading.views.is_none()) {
        return;
    }
    let readers = Readers::of(&readings, docs, &analysis.objects);
    keep_own(docs, &readers, analysis, context);
    behind::decide(docs, &readers, analysis, context);
}

/// Keeps paths that all who read them have at mounts of their own, and tells of those that only some have
/// so.
fn keep_own(
    docs: &[Sourced<'_>],
    readers: &Readers<'_>,
    analysis: &mut Analysis,
    context: &Context<'_>,
) {
    for (site, decision) in analysis.sites.iter().zip(&mut analysis.decisions) {
        let Some((field, path)) = moved_path(site, decision, docs, context) else { continue };
        let Some(map) = readers.of.get(&(site.doc, site.object)) else { continue };
        let all: Vec<&Reading> = map.of_field(field).take(MANY + 1).collect();
        if all.len() > MANY {
            continue;
        }
        let seen = all.into_iter().map(|reading| (reading, reading.own(&path, context)));
        let (with, without): (Vec<_>, Vec<_>) = seen.partition(|(_, own)| own.is_some());
        let Some(&(reading, Some(mount))) = with.first() else { continue };
        if without.is_empty() {
            *decision = Decision::keep(Reason::StaysWithMount(mount.to_string()));
            continue;
        }
        analysis.findings.push(Finding {
            rule: Rule::PathUnderNoMount,
            severity: Severity::Warning,
            places: vec![site.place()],
            message: message!(
                "path-under-no-mount-read",
                path = &site.path,
                container = &reading.container,
                mount = mount,
            ),
        });
    }
}

/// The field and the path of a site in a ConfigMap that is to move as a path of the host.
fn moved_path<'s>(
    site: &'s Site,
    decision: &Decision,
    docs: &[Sourced<'_>],
    context: &Context<'_>,
) -> Option<(&'s str, AbsPath)> {
    let Field::Elsewhere(Passage::Config, field) = &site.field else { return None };
    if !decision.action.edits() || site.windows.is_some() {
        return None;
    }
    // Whatever reads it, a script may go on in the node's own files.
    let settings = context.knowledge.settings();
    let text = docs.get(site.doc)?.doc.str(site.node)?;
    if settings.leaves_the_container(text) {
        return None;
    }
    Some((field, context.roots.all().get(site.lie.root)?.join(&site.lie.rest)))
}

/// Containers by the ConfigMaps that they read.
struct Readers<'r> {
    /// By the document and the object.
    of: BTreeMap<(usize, usize), OfMap<'r>>,
}

/// The containers that read one ConfigMap.
#[derive(Default)]
struct OfMap<'r> {
    /// Those that read all of it.
    all: Vec<&'r Reading>,
    /// The others by the field that they read.
    by_field: HashMap<String, Vec<&'r Reading>>,
}

impl<'r> OfMap<'r> {
    /// Who reads a field.
    fn of_field(&self, field: &str) -> impl Iterator<Item = &'r Reading> {
        self.all.iter().chain(self.by_field.get(field).into_iter().flatten()).copied()
    }

    /// Who reads any of it, in no order.
    fn readings(&self) -> impl Iterator<Item = &'r Reading> {
        self.all.iter().chain(self.by_field.values().flatten()).copied()
    }
}

impl<'r> Readers<'r> {
    fn of(readings: &'r [Reading], docs: &[Sourced<'_>], objects: &[Vec<Object>]) -> Self {
        let source_of = |doc: usize| docs.get(doc).map_or(0, |sourced| sourced.source);
        let mut maps: HashMap<(&str, &str), Vec<(usize, usize)>> = HashMap::new();
        for (doc, objects) in objects.iter().enumerate() {
            for (number, object) in objects.iter().enumerate() {
                if object.name.kind == "ConfigMap" {
                    let name = (object.name.namespace.as_str(), object.name.name.as_str());
                    maps.entry(name).or_default().push((doc, number));
                }
            }
        }
        let mut of: BTreeMap<_, OfMap<'r>> = BTreeMap::new();
        for reading in readings {
            let (doc, number) = reading.at;
            let Some(object) = objects.get(doc).and_then(|it| it.get(number)) else { continue };
            for (config, key) in &reading.configs {
                let maps = maps.get(&(object.name.namespace.as_str(), config.as_str()));
                let map = maps
                    .and_then(|maps| own_or_only(maps, source_of(doc), |&(doc, _)| source_of(doc)));
                let Some(map) = map.map(|map| of.entry(*map).or_default()) else { continue };
                match key {
                    None => map.all.push(reading),
                    Some(key) => {
                        map.by_field.entry(format!("data.{key}")).or_default().push(reading);
                    }
                }
            }
        }
        Self { of }
    }
}
