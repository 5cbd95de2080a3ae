//! ConfigMaps that speak of a root as their readers see it, behind the mount of an ancestor:
//! `/host/var/lib/kubelet`.

use super::index::{OfKey, Reader, Readers};
use crate::decide::migration::{self, Migrations};
use crate::decide::references::{behind_mount, in_pattern};
use crate::decide::views::Views;
use crate::decide::{Analysis, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Object, Sourced, Text, last_entries};
use crate::sites::{Site, Speech, collect_read};
use crate::words::message;
use crate::yaml::{Document, NodeId};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Adds the sites that spell a root so, with what becomes of them.
pub(super) fn decide(
    docs: &[Sourced<'_>],
    objects: &[Vec<Object>],
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
    // The same containers read many a key.
    let mut called: HashMap<Vec<usize>, Rc<Called>> = HashMap::new();
    for (&at, map) in readers.of.iter().filter(|(_, map)| map.has_ancestors(context)) {
        let sourced = docs.get(at.0).zip(objects.get(at.0));
        let Some((&Sourced { doc, .. }, objects)) = sourced else { continue };
        let Some(object) = objects.get(at.1) else { continue };
        for (key, text) in texts(doc, object) {
            if !words.iter().any(|word| text.value.contains(word)) {
                continue;
            }
            let of_key = map.of_key(key, context);
            let kinds = of_key.seen.iter().map(|reader| reader.kind).collect();
            let called =
                called.entry(kinds).or_insert_with(|| Rc::new(Called::of(&of_key, context)));
            if called.whose.is_empty() {
                continue;
            }
            let value = Value { doc, objects, at, called: Rc::clone(called), of_key };
            let own = plain.get(&(at.0, text.node)).map_or(&[][..], Vec::as_slice);
            value.decide(&format!("data.{key}"), &text, own, analysis, context);
        }
    }
    if analysis.sites.len() > count {
        analysis.sort_sites();
    }
}

/// What some containers call the roots.
struct Called {
    /// The roots behind their mounts.
    speech: Speech<'static>,
    /// By the number of a path there: for each kind of container that calls a root so the root and the
    /// mount.
    whose: Vec<BTreeMap<usize, (usize, usize)>>,
}

impl Called {
    fn of(of_key: &OfKey<'_>, context: &Context<'_>) -> Self {
        let mut known: BTreeMap<AbsPath, BTreeMap<usize, (usize, usize)>> = BTreeMap::new();
        for reader in &of_key.seen {
            for (path, root, mount) in reader.reading.behind(context) {
                // Of mounts at one place the last one counts.
                known.entry(path).or_default().insert(reader.kind, (root, mount));
            }
        }
        let root = |whose: &BTreeMap<usize, (usize, usize)>| whose.values().next().map(|it| it.0);
        let named = known.iter().filter_map(|(path, whose)| Some((path.clone(), root(whose)?)));
        Self { speech: Speech::behind(named.collect()), whose: known.into_values().collect() }
    }
}

/// A value of a ConfigMap.
struct Value<'v> {
    doc: &'v Document,
    /// The document's objects.
    objects: &'v [Object],
    /// The document and the object.
    at: (usize, usize),
    called: Rc<Called>,
    of_key: OfKey<'v>,
}

impl Value<'_> {
    /// Decides about its sites; `plain` are those that name a root as it is.
    fn decide(
        &self,
        field: &str,
        text: &Text,
        plain: &[usize],
        analysis: &mut Analysis,
        context: &Context<'_>,
    ) {
        let found = collect_read(self.at, text, field, &self.called.speech, context.roots);
        if found.is_empty() {
            return;
        }
        let beside = plain.iter().filter_map(|&number| analysis.sites.get(number));
        let all: Vec<Site> = found.iter().chain(beside).cloned().collect();
        let migrations = Migrations::of(self.doc, self.objects, &all, context);
        for &number in plain {
            let decided = analysis.sites.get(number).zip(analysis.decisions.get_mut(number));
            let Some((site, decision)) = decided else { continue };
            if decision.action.edits() && migrations.hold(site) {
                analysis.findings.extend(migration::finding(site, context));
                *decision = migration::decision(site);
            }
        }
        for mut site in found {
            let decision = if migrations.hold(&site) {
                analysis.findings.extend(migration::finding(&site, context));
                migration::decision(&site)
            } else {
                self.agreed(&mut site, context, &mut analysis.findings)
            };
            analysis.sites.push(site);
            analysis.decisions.push(decision);
        }
    }

    /// What all readers come to. Who has nothing at the path can't be meant.
    fn agreed(
        &self,
        site: &mut Site,
        context: &Context<'_>,
        findings: &mut Vec<Finding>,
    ) -> Decision {
        let whose = site.lie.via.and_then(|path| self.called.whose.get(path));
        let spoken = AbsPath::parse(&site.path);
        let mut first: Option<(&Reader<'_>, Decision, Vec<Finding>)> = None;
        for reader in &self.of_key.seen {
            let Some(views) = &reader.reading.views else { continue };
            let mount = whose.and_then(|whose| whose.get(&reader.kind));
            let mut said = Vec::new();
            let decision = match mount.filter(|(root, _)| *root == site.lie.root) {
                Some(&(_, mount)) => {
                    site.lie.via = Some(mount);
                    let seen = (reader.name, views);
                    Some(of_one(site, seen, mount, context, &mut said))
                }
                None if spoken.as_ref().is_none_or(|path| views.resolve(path).is_none()) => {
                    continue;
                }
                None => None,
            };
            match (&first, decision) {
                (None, Some(decision)) => first = Some((reader, decision, said)),
                (Some((_, known, _)), Some(decision)) if known.action == decision.action => {}
                (other, _) => {
                    let other = other.as_ref().map_or(reader, |(other, ..)| other);
                    findings.push(differ(site, other, reader));
                    return Decision::keep(Reason::ReadersDiffer);
                }
            }
        }
        let Some((_, decision, mut said)) = first else {
            return Decision::keep(Reason::NothingMoves);
        };
        findings.append(&mut said);
        decision
    }
}

/// What becomes of a path that one container has behind a mount.
fn of_one(
    site: &Site,
    seen: (&str, &Views),
    mount: usize,
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
    behind_mount(site, mount, seen, context, findings)
}

/// Two readers to whom a path means different directories.
fn differ(site: &Site, one: &Reader<'_>, other: &Reader<'_>) -> Finding {
    Finding {
        rule: Rule::PathUnderNoMount,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!(
            "path-under-no-mount-differs",
            path = &site.path,
            one = one.name,
            other = other.name,
        ),
    }
}

/// The values of a ConfigMap's data, each with its key.
fn texts<'d>(doc: &'d Document, map: &Object) -> Vec<(&'d str, Text)> {
    let data = doc.get(map.node, "data").map_or_else(Vec::new, |data| last_entries(doc, data));
    // What the pods in a manifest see is theirs.
    let is_manifest = |at| map.manifests.binary_search_by_key(&at, |it| it.node).is_ok();
    let texts = data.into_iter().filter(|(_, at)| !is_manifest(*at)).filter_map(|(key, at)| {
        Some((key, Text { node: doc.resolve(at), at, value: doc.str(at)?.into() }))
    });
    texts.collect()
}
