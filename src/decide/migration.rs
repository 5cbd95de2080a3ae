//! Commands that copy, move or link between an old root and the new one, or take a whole root away.
//! Rewritten, they would work on one directory twice, or on the live one: `rsync -a OLD/ NEW/; rm -rf OLD`
//! would remove what it was to keep, and so would `mv OLD OLD.bak`.

mod script;

use super::registration::registered_values;
use super::{Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Container, Mount, Object, Pod};
use crate::sites::{Field, Passage, Site};
use crate::words::message;
use crate::yaml::{Document, NodeId};
use script::{Variables, is_of_script, takes_from, words};
use std::collections::{HashMap, HashSet};

/// Sites that are left as they are, since a command needs the old root beside the new one.
#[derive(Default)]
pub(super) struct Migrations {
    places: HashSet<Place>,
}

/// Where a command's paths stand.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// In a script.
    Script(NodeId),
    /// In the items of a container's command: object, pod and container.
    CommandLine(usize, usize, usize),
    /// In the volumes of a pod: object and pod. All of it is for the move.
    Pod(usize, usize),
}

impl Place {
    fn command_line(site: &Site) -> Option<Self> {
        matches!(site.field, Field::Line("command" | "args")).then_some(Self::CommandLine(
            site.object,
            site.pod?,
            site.container?,
        ))
    }

    fn pod(site: &Site) -> Option<Self> {
        Some(Self::Pod(site.object, site.pod?))
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
        // Mostly all are on one side, what is to be moved or what was, and nothing is a whole root.
        let is_one_sided =
            sites.iter().all(Site::is_settled) || !sites.iter().any(Site::is_settled);
        let may_be_emptied =
            |site: &Site| is_whole_root(site) || is_whole(site) && may_be_mounted(site);
        if is_one_sided && !sites.iter().any(may_be_emptied) {
            return found;
        }
        let variables = Variables::of(objects, sites);
        let mut by_place: HashMap<Place, Vec<&Site>> = HashMap::new();
        for site in sites.iter().filter(|site| site.windows.is_none() && !site.commented) {
            let places = match site.field {
                Field::HostPath(_) => [Place::pod(site), None],
                Field::MountPath(_) => continue,
                _ => [Some(Place::Script(site.node)), Place::command_line(site)],
            };
            for place in places.into_iter().flatten() {
                by_place.entry(place).or_default().push(site);
            }
        }
        for (place, sites) in by_place {
            let pod = |object: usize, pod: usize| objects.get(object)?.pods.get(pod);
            let works_between = match place {
                Place::Script(node) => {
                    let text = doc.str(node).unwrap_or_default();
                    is_of_script(text, &sites, variables.of_script(node), context)
                }
                Place::CommandLine(object, number, container) => {
                    let container =
                        pod(object, number).and_then(|pod| pod.containers.get(container));
                    container.is_some_and(|container| is_mover_itself(container, context))
                        && are_between_roots(&sites)
                }
                Place::Pod(object, number) => {
                    have_pair(&sites)
                        && pod(object, number)
                            .is_some_and(|pod| mounts_a_pair_to_move_files(pod, &sites, context))
                }
            };
            if works_between {
                found.places.insert(place);
            }
        }
        found.hold_what_they_mount(objects, sites, &variables, context);
        found
    }

    /// What whoever takes a root away sees of it must not become the live one: neither a mount that stays
    /// while its volume moves, nor one at another place. The mounts of a driver move with their volumes.
    fn hold_what_they_mount(
        &mut self,
        objects: &[Object],
        sites: &[Site],
        variables: &Variables<'_>,
        context: &Context<'_>,
    ) {
        let mut volumes: HashMap<(usize, usize), HashMap<&str, &Site>> = HashMap::new();
        for site in sites.iter().filter(|site| !site.is_settled() && site.windows.is_none()) {
            if let (Field::HostPath(volume), Some(pod)) = (&site.field, site.pod) {
                volumes.entry((site.object, pod)).or_default().insert(volume.as_str(), site);
            }
        }
        for ((object, number), volumes) in volumes {
            let pod = objects.get(object).and_then(|object| object.pods.get(number));
            let Some(pod) = pod else { continue };
            let shown = |mount: &Mount| volumes.get(mount.volume.as_str()).copied();
            let mut takers = pod.containers.iter().enumerate().filter(|(at, own)| {
                let mut lines = own.command_line.iter();
                own.mounts.iter().any(|mount| shown(mount).is_some())
                    && (self.places.contains(&Place::CommandLine(object, number, *at))
                        || lines.any(|line| self.places.contains(&Place::Script(line.text.node)))
                        || takes(own, &[], variables, context))
            });
            let by_another_place = |own: &Container| {
                let whole = own.mounts.iter().filter(|mount| shown(mount).is_some_and(is_whole));
                let targets = whole.filter_map(Mount::target);
                let targets: Vec<AbsPath> =
                    targets.filter(|target| context.roots.locate(target).is_none()).collect();
                !targets.is_empty() && takes(own, &targets, variables, context)
            };
            if takers.next().is_some() && !is_driver(pod, context)
                || pod.containers.iter().any(by_another_place)
            {
                self.places.insert(Place::Pod(object, number));
            }
        }
    }

    /// Whether a site stays for a command's sake; of a script also one below the new root, which might go
    /// back and no longer be the other one of a pair.
    pub(super) fn hold(&self, site: &Site) -> bool {
        let pod = Place::pod(site).filter(|_| !site.is_settled());
        let places = [Some(Place::Script(site.node)), Place::command_line(site), pod];
        site.windows.is_none()
            && places.into_iter().flatten().any(|place| self.places.contains(&place))
    }
}

/// What becomes of a site that is held.
pub(super) fn decision(site: &Site) -> Decision {
    if site.is_settled() { Decision::settled() } else { Decision::keep(Reason::Migration) }
}

/// What is said of a site that is held.
pub(super) fn finding(site: &Site, context: &Context<'_>) -> Option<Finding> {
    (!site.is_settled()).then(|| Finding {
        rule: Rule::CommandBetweenRoots,
        severity: Severity::Warning,
        places: vec![site.place()],
        message: message!("command-between-roots", path = &site.path, root = context.to()),
    })
}

/// Whether some of the sites lie below an old root and below the new one at the same place, whichever
/// mounts they are seen through: what a link on the node leads to is spelled without any.
fn have_pair(sites: &[&Site]) -> bool {
    let (new, old): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|site| site.is_settled());
    let new: HashSet<_> = new.iter().map(|site| site.lie.rest.as_str()).collect();
    old.iter().any(|site| new.contains(site.lie.rest.as_str()))
}

/// Whether a path of a command is an old root as a whole. What takes that away, or puts something in its
/// place, may name the new one in any way: by its parent, by a variable.
fn is_whole_root(site: &Site) -> bool {
    let is_named = matches!(site.field, Field::Line(_) | Field::Elsewhere(Passage::Config, _));
    is_named && is_whole(site)
}

fn is_whole(site: &Site) -> bool {
    !site.in_pattern && !site.is_settled() && matches!(site.lie.rest.as_str(), "" | "*")
}

/// Whether a site is a volume, which a command may know by another path, or a variable.
fn may_be_mounted(site: &Site) -> bool {
    matches!(site.field, Field::HostPath(_) | Field::Env(_))
}

/// Whether a container's command takes files out of one of these directories, or away, or out of what a
/// variable holds.
fn takes(
    container: &Container,
    directories: &[AbsPath],
    variables: &Variables<'_>,
    context: &Context<'_>,
) -> bool {
    container.command_line.iter().any(|line| {
        let names = variables.of_script(line.text.node);
        (!names.is_empty() || !directories.is_empty())
            && takes_from(&line.text.value, directories, names, context)
    })
}

/// Whether a pod registers a driver.
fn is_driver(pod: &Pod, context: &Context<'_>) -> bool {
    pod.containers.iter().any(|container| {
        let mut lines = container.command_line.iter();
        context.knowledge.images().is_registrar(&container.image)
            || lines.any(|line| !registered_values(line, context.knowledge).is_empty())
    })
}

/// Whether the paths of a command that moves files have such a pair, or one of them lies in the directory
/// that another names, as files are copied, or is a whole root.
fn are_between_roots(sites: &[&Site]) -> bool {
    let (new, old): (Vec<&Site>, Vec<&Site>) = sites.iter().partition(|site| site.is_settled());
    let is_into = |own: &[&Site], others: &[&Site]| {
        let others: HashSet<_> = others.iter().map(|site| site.lie.rest.as_str()).collect();
        own.iter().any(|site| others.contains(above(&site.lie.rest)))
    };
    sites.iter().any(|site| is_whole_root(site))
        || have_pair(sites)
        || is_into(&old, &new)
        || is_into(&new, &old)
}

/// The directory of a path.
fn above(path: &str) -> &str {
    path.rsplit_once('/').unwrap_or_default().0
}

fn is_mover(word: &str, context: &Context<'_>) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    context.knowledge.settings().moves_files(name)
}

/// Whether a container's command is one that moves files, not a script.
fn is_mover_itself(container: &Container, context: &Context<'_>) -> bool {
    let mut items = container.command_line.iter().map(|line| line.text.value.as_str());
    items.any(|item| is_mover(item, context))
}

/// Whether a container's command is one that moves files, or a script with one.
fn moves_files(container: &Container, context: &Context<'_>) -> bool {
    let mut lines = container.command_line.iter().map(|line| line.text.value.as_str());
    lines.any(|line| words(line).any(|word| is_mover(word, context)))
}

/// Whether a container mounts two of a pod's volumes that are such a pair, and moves files, or has both
/// where no kubelet has them: at `/old` and `/new`.
fn mounts_a_pair_to_move_files(pod: &Pod, sites: &[&Site], context: &Context<'_>) -> bool {
    let by_volume: HashMap<&str, &Site> = sites
        .iter()
        .filter_map(|site| match &site.field {
            Field::HostPath(volume) => Some((volume.as_str(), *site)),
            _ => None,
        })
        .collect();
    pod.containers.iter().any(|container| {
        let own = |is_meant: &dyn Fn(&Mount) -> bool| -> Vec<&Site> {
            let mounts = container.mounts.iter().filter(|mount| is_meant(mount));
            mounts.filter_map(|mount| by_volume.get(mount.volume.as_str()).copied()).collect()
        };
        let is_elsewhere = |mount: &Mount| {
            mount.target().is_some_and(|target| context.roots.locate(&target).is_none())
        };
        have_pair(&own(&is_elsewhere))
            || moves_files(container, context) && have_pair(&own(&|_| true))
    })
}
