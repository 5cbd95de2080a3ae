//! ConfigMaps that speak of a root as their readers see it, behind the mount of an ancestor:
//! `/host/var/lib/kubelet`.

use super::{OfMap, Readers, Reading};
use crate::decide::migration::{self, Migrations};
use crate::decide::references::{behind_mount, in_pattern};
use crate::decide::{Analysis, Context, Decision, Reason};
use crate::finding::Finding;
use crate::kubepath::AbsPath;
use crate::model::{Object, Sourced, Text, objects};
use crate::roots::Roots;
use crate::sites::{Site, Speech, collect_read};
use crate::yaml::{Document, NodeId};
use memchr::memmem;
use std::collections::{BTreeMap, HashMap};

/// The names of ConfigMaps that speak of a root as containers see it behind a mount: `/host/var/lib/kubelet`.
/// Who reads them may name no root. Each document stands with its text.
pub(crate) fn read_behind_mounts<'d>(
    docs: impl Iterator<Item = (&'d Document, &'d str)>,
    roots: &Roots,
) -> Vec<String> {
    let others = roots.all().iter().filter(|root| *root != roots.to().path());
    let others: Vec<(String, String)> =
        others.filter_map(|root| Some((root.to_string(), format!("/{}", root.name()?)))).collect();
    let is_part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    // The last component of a root behind anything but the rest of it.
    let is_elsewhere = |text: &str, end: usize, root: &str| {
        let (path, after) = text.split_at_checked(end).unwrap_or_default();
        let is_root = path.strip_suffix(root).is_some_and(|before| !before.ends_with(is_part));
        !is_root && !after.starts_with(is_part)
    };
    let speaks = |text: &str| {
        others.iter().any(|(root, name)| {
            let mut named = memmem::find_iter(text.as_bytes(), name);
            named.any(|at| is_elsewhere(text, at + name.len(), root))
        })
    };
    let maps = docs.filter(|(_, text)| speaks(text)).flat_map(|(doc, _)| objects(doc));
    let maps = maps.filter(|object| object.name.kind == "ConfigMap");
    maps.map(|map| map.name.name).filter(|name| !name.is_empty()).collect()
}

/// Adds the sites that spell a root so, with what becomes of them.
pub(super) fn decide(
    docs: &[Sourced<'_>],
    readers: &Readers<'_>,
    analysis: &mut Analysis,
    context: &Context<'_>,
) {
    let mut plain: HashMap<(usize, NodeId), Vec<usize>> = HashMap::new();
    for (number, site) in analysis.sites.iter().enumerate() {
        if readers.of.contains_key(&(site.doc, site.object)) {
            plain.entry((site.doc, site.node)).or_default().push(number);
        }
    }
    let (words, count) = (context.roots.needles(), analysis.sites.len());
    for (&at, all) in &readers.of {
        let Some(doc) = docs.get(at.0).map(|sourced| sourced.doc) else { continue };
        let map = Map::of(at, all, context);
        if map.whose.is_empty() {
            continue;
        }
        for (field, text) in texts(doc, at, analysis) {
            if words.iter().any(|word| text.value.contains(word)) {
                let own = plain.get(&(at.0, text.node)).map_or(&[][..], Vec::as_slice);
                map.decide(doc, (&field, &text), own, analysis, context);
            }
        }
    }
    if analysis.sites.len() > count {
        analysis.sort_sites();
    }
}

/// A ConfigMap, with what its readers call the roots.
struct Map<'r> {
    /// Its document and object.
    at: (usize, usize),
    /// The roots behind the readers' mounts.
    behind: Speech<'static>,
    /// By the number of a path there: the mount, and whose it is.
    whose: Vec<(usize, &'r Reading)>,
}

impl<'r> Map<'r> {
    fn of(at: (usize, usize), readers: &OfMap<'r>, context: &Context<'_>) -> Self {
        let mut known: BTreeMap<AbsPath, (usize, usize, &Reading)> = BTreeMap::new();
        for reading in readers.readings() {
            for (path, root, mount) in reading.behind(context) {
                // Of those who call a root alike the first one written stands for all.
                let first = known.entry(path).or_insert((root, mount, reading));
                if reading.at < first.2.at {
                    *first = (root, mount, reading);
                }
            }
        }
        let paths = known.iter().map(|(path, &(root, ..))| (path.clone(), root)).collect();
        let whose = known.into_values().map(|(_, mount, reading)| (mount, reading)).collect();
        Self { at, behind: Speech::behind(paths), whose }
    }

    /// Decides about one value; `plain` are the sites in it that name a root as it is.
    fn decide(
        &self,
        doc: &Document,
        (field, text): (&str, &Text),
        plain: &[usize],
        analysis: &mut Analysis,
        context: &Context<'_>,
    ) {
        let found = collect_read(self.at, text, field, &self.behind, context.roots);
        if found.is_empty() {
            return;
        }
        let beside = plain.iter().filter_map(|&number| analysis.sites.get(number));
        let all: Vec<Site> = found.iter().chain(beside).cloned().collect();
        let objects = analysis.objects.get(self.at.0).map_or(&[][..], Vec::as_slice);
        let migrations = Migrations::of(doc, objects, &all, context);
        for &number in plain {
            let decided = analysis.sites.get(number).zip(analysis.decisions.get_mut(number));
            let Some((site, decision)) = decided else { continue };
            if decision.action.edits() && migrations.keep(site) {
                analysis.findings.push(migration::finding(site, context));
                *decision = Decision::keep(Reason::Migration);
            }
        }
        for mut site in found {
            let whose = site.lie.via.and_then(|path| self.whose.get(path));
            let Some(&(mount, reading)) = whose else { continue };
            site.lie.via = Some(mount);
            let decision = if migrations.keep(&site) {
                analysis.findings.push(migration::finding(&site, context));
                Decision::keep(Reason::Migration)
            } else {
                decide_one(&site, mount, reading, context, &mut analysis.findings)
            };
            analysis.sites.push(site);
            analysis.decisions.push(decision);
        }
    }
}

fn decide_one(
    site: &Site,
    mount: usize,
    reading: &Reading,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    if site.is_settled() {
        return Decision::settled();
    }
    if site.commented {
        return Decision::keep(Reason::Comment);
    }
    if site.in_pattern {
        findings.push(in_pattern(site, context));
        return Decision::keep(Reason::InRegex);
    }
    match &reading.views {
        Some(views) => behind_mount(site, mount, (&reading.container, views), context, findings),
        None => Decision::keep(Reason::NothingMoves),
    }
}

/// The values of a ConfigMap's data, each with its field.
fn texts(doc: &Document, at: (usize, usize), analysis: &Analysis) -> Vec<(String, Text)> {
    let map = analysis.objects.get(at.0).and_then(|objects| objects.get(at.1));
    let data = map.and_then(|map: &Object| doc.get(map.node, "data"));
    let entries = data.map_or(&[][..], |data| doc.entries(data)).iter();
    let texts = entries.filter_map(|&(key, at)| {
        let text = Text { node: doc.resolve(at), at, value: doc.str(at)?.to_owned() };
        Some((format!("data.{}", doc.str(key)?), text))
    });
    texts.collect()
}
