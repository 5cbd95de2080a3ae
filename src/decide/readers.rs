//! Who reads a ConfigMap. What it says is host space, unless all that read it have the path at a mount of
//! their own that stays: then it's theirs. And it may speak of the root as its readers see it, behind the
//! mount of an ancestor.

use super::references::through_mount;
use super::{Analysis, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Sourced, config_maps};
use crate::roots::{Roots, TO};
use crate::sites::{Field, Passage, Site};
use crate::words::message;
use crate::yaml::{Document, NodeId};
use index::{OfKey, Reader, Readers};
use std::collections::{BTreeSet, HashMap, HashSet};

mod behind;
mod index;
mod reading;

pub(super) use reading::Reading;

/// The names of ConfigMaps that name a root in any way. Who reads them may name none.
pub(crate) fn maps_of_roots<'d>(
    docs: impl Iterator<Item = &'d Document>,
    roots: &Roots,
) -> BTreeSet<String> {
    let words = roots.needles();
    let mut names = BTreeSet::new();
    for doc in docs {
        for map in config_maps(doc) {
            let data = doc.get(map, "data").map_or(&[][..], |data| doc.entries(data));
            let mut texts = data.iter().filter_map(|&(_, value)| doc.str(value));
            if texts.any(|text| words.iter().any(|word| text.contains(word))) {
                let name = doc.get(map, "metadata").and_then(|it| doc.str(doc.get(it, "name")?));
                names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
            }
        }
    }
    names
}

/// Judges what ConfigMaps say by who reads them.
pub(super) fn heed(docs: &[Sourced<'_>], analysis: &mut Analysis, context: &Context<'_>) {
    let readings = std::mem::take(&mut analysis.readings);
    if readings.iter().all(|reading| reading.views.is_none()) {
        return;
    }
    let objects = std::mem::take(&mut analysis.objects);
    let readers = Readers::of(&readings, docs, &objects);
    judge_each(docs, &readers, analysis, context);
    behind::decide(docs, &objects, &readers, analysis, context);
    analysis.objects = objects;
}

/// Judges the sites of ConfigMaps, one by one.
fn judge_each(
    docs: &[Sourced<'_>],
    readers: &Readers<'_>,
    analysis: &mut Analysis,
    context: &Context<'_>,
) {
    let mut asked: HashMap<(usize, usize, &str), OfKey<'_>> = HashMap::new();
    let mut leaving: HashMap<(usize, NodeId), bool> = HashMap::new();
    let mut taken_back = HashSet::new();
    let Analysis { sites, decisions, findings, .. } = analysis;
    for (site, decision) in sites.iter().zip(decisions) {
        let Some(map) = readers.of.get(&(site.doc, site.object)) else { continue };
        let Some((key, path)) = path_of_key(site, context) else { continue };
        // Whatever reads it, a script may go on in the node's own files.
        let leaves = leaving.entry((site.doc, site.node)).or_insert_with(|| {
            let text = docs.get(site.doc).and_then(|sourced| sourced.doc.str(site.node));
            text.is_some_and(|text| context.knowledge.settings().leaves_the_container(text))
        });
        if *leaves {
            continue;
        }
        let of_key =
            asked.entry((site.doc, site.object, key)).or_insert_with(|| map.of_key(key, context));
        if matches!(decision.reason, Reason::RoleStays(_)) {
            findings.extend(left_behind(site, of_key, context));
        } else if decision.action.edits() {
            match own(site, &path, of_key, context) {
                Own::Nobodys => {}
                Own::Everybodys(kept) => {
                    *decision = kept;
                    taken_back.insert((site.doc, site.node, site.path_range.start));
                }
                Own::Some(finding) => findings.push(finding),
            }
        }
    }
    // That it moves was said of it before.
    findings.retain(|found| {
        found.rule != Rule::UnknownChild
            || !found.places.iter().all(|place| {
                let start = place.range.as_ref().map(|range| range.start);
                start.is_some_and(|start| taken_back.contains(&(place.doc, place.node, start)))
            })
    });
}

/// The key and the path of a site in a ConfigMap that names an old root.
fn path_of_key<'s>(site: &'s Site, context: &Context<'_>) -> Option<(&'s str, AbsPath)> {
    let Field::Elsewhere(Passage::Config, field) = &site.field else { return None };
    if site.lie.root == TO || site.windows.is_some() {
        return None;
    }
    let path = context.roots.all().get(site.lie.root)?.join(&site.lie.rest);
    Some((field.strip_prefix("data.")?, path))
}

/// Whose a path is.
enum Own {
    /// Its readers have it at no mount of their own.
    Nobodys,
    /// All have, and so it stays.
    Everybodys(Decision),
    /// Some have.
    Some(Finding),
}

fn own(site: &Site, path: &AbsPath, of_key: &OfKey<'_>, context: &Context<'_>) -> Own {
    let seen = of_key.seen.iter().map(|reader| (reader, reader.reading.own(path, context)));
    let (with, without): (Vec<_>, Vec<_>) = seen.partition(|(_, own)| own.is_some());
    let Some(&(&Reader { name, .. }, Some(mount))) = with.first() else { return Own::Nobodys };
    if without.is_empty() && !of_key.has_others {
        return Own::Everybodys(Decision::keep(Reason::StaysWithMount(mount.to_string())));
    }
    Own::Some(Finding {
        rule: Rule::PathUnderNoMount,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!(
            "path-under-no-mount-read",
            path = &site.path,
            container = name,
            mount = mount,
        ),
    })
}

/// What is said of a path that doesn't follow the root, and that a reader has behind a mount that does.
fn left_behind(site: &Site, of_key: &OfKey<'_>, context: &Context<'_>) -> Option<Finding> {
    let mut readers = of_key.seen.iter().filter(|reader| !reader.reading.leaves);
    readers.find_map(|reader| {
        let views = reader.reading.views.as_ref()?;
        let mut found = Vec::new();
        through_mount(site, (reader.name, views), context, &mut found);
        found.into_iter().find(|found| found.rule == Rule::StaysBelowMovedMount)
    })
}
