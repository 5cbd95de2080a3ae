//! Commands that copy, move or link between an old root and the new one. Rewritten, they would work on one
//! directory twice: `rsync -a OLD/ NEW/; rm -rf OLD` would remove what it was to keep.

use super::Context;
use crate::finding::{Finding, Rule, Severity};
use crate::model::{Container, Object};
use crate::roots::TO;
use crate::sites::{Field, Site};
use crate::words::message;
use crate::yaml::{Document, NodeId};
use std::collections::{HashMap, HashSet};

/// Sites that are left as they are, since a command needs the old root beside the new one.
#[derive(Default)]
pub(super) struct Migrations {
    places: HashSet<Place>,
}

/// Where a command stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// A script.
    Scalar(NodeId),
    /// The items of a container's command: object, pod and container.
    CommandLine(usize, usize, usize),
}

impl Place {
    fn command_line(site: &Site) -> Option<Self> {
        matches!(site.field, Field::Line("command" | "args")).then_some(Self::CommandLine(
            site.object,
            site.pod?,
            site.container?,
        ))
    }
}

impl Migrations {
    /// Finds them among the sites of a document.
    pub(super) fn of(
        doc: &Document,
        objects: &[Object],
        sites: &[Site],
        context: &Context<'_>,
    ) -> Self {
        let mut found = Self::default();
        if !sites.iter().any(|site| site.lie.root == TO) {
            return found;
        }
        let mut by_place: HashMap<Place, Vec<&Site>> = HashMap::new();
        for site in sites.iter().filter(|site| site.windows.is_none()) {
            by_place.entry(Place::Scalar(site.node)).or_default().push(site);
            if let Some(place) = Place::command_line(site) {
                by_place.entry(place).or_default().push(site);
            }
        }
        for (place, sites) in by_place {
            let works_between = match place {
                Place::Scalar(node) => {
                    let text = doc.str(node).unwrap_or_default();
                    pairs(&sites).any(|(old, new)| is_one_command(text, old, new, context))
                }
                Place::CommandLine(object, pod, container) => {
                    let pod = objects.get(object).and_then(|object| object.pods.get(pod));
                    let container = pod.and_then(|pod| pod.containers.get(container));
                    pairs(&sites).next().is_some()
                        && container.is_some_and(|container| starts(container, context))
                }
            };
            if works_between {
                found.places.insert(place);
            }
        }
        found
    }

    /// Whether a site stays for a command's sake.
    pub(super) fn keep(&self, site: &Site) -> bool {
        let places = [Some(Place::Scalar(site.node)), Place::command_line(site)];
        site.lie.root != TO
            && places.into_iter().flatten().any(|place| self.places.contains(&place))
    }
}

/// What is said of a site that is kept.
pub(super) fn finding(site: &Site, context: &Context<'_>) -> Finding {
    Finding {
        rule: Rule::CommandBetweenRoots,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!("command-between-roots", path = &site.path, root = context.to()),
    }
}

/// Each site below an old root with the one below the new root that would have the same path.
fn pairs<'s>(sites: &[&'s Site]) -> impl Iterator<Item = (&'s Site, &'s Site)> {
    let rest = |site: &&'s Site| (site.lie.rest.as_str(), site.lie.via);
    let (new, old): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|site| site.lie.root == TO);
    let new: HashMap<_, _> = new.into_iter().map(|site| (rest(&site), site)).collect();
    old.into_iter().filter_map(move |site| Some((site, *new.get(&rest(&site))?)))
}

/// Whether two paths of a script are words of one command, and that command moves files.
fn is_one_command(text: &str, old: &Site, new: &Site, context: &Context<'_>) -> bool {
    let (first, last) = (old.range.start.min(new.range.start), old.range.end.max(new.range.end));
    let ends = [';', '|', '&', '\n'];
    let Some(between) = text.get(first..last) else { return false };
    let before = text.get(..first).unwrap_or_default();
    let command = before.get(before.rfind(ends).map_or(0, |at| at + 1)..).unwrap_or_default();
    !between.replace("\\\n", " ").contains(ends)
        && command.split_whitespace().any(|word| moves_files(word, context))
}

/// Whether a container's command is one that moves files.
fn starts(container: &Container, context: &Context<'_>) -> bool {
    let mut words = container.command_line.iter().map(|line| line.text.value.as_str());
    words.any(|word| moves_files(word, context))
}

fn moves_files(word: &str, context: &Context<'_>) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    context.knowledge.settings().moves_files(name)
}
