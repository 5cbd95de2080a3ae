//! Are all sites on one root?

use super::scene::Scene;
use super::view::{Leads, PodView};
use crate::decide::registration::Registration;
use crate::decide::{Action, Analysis, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::{ContainerSide, HostSide};
use crate::kubepath::{AbsPath, PathIndex};
use crate::model::{Mount, Object};
use crate::roots::TO;
use crate::sites::{Field, Site};
use crate::words::message;
use crate::yaml::NodeId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is still below another root and nothing else was said about: one finding for each object
/// and root.
pub(super) fn mixed(
    open: &[&Site],
    objects: &[Object],
    settings: &HashMap<(usize, NodeId), Severity>,
    scene: &mut Scene<'_>,
) {
    let mut by_object: BTreeMap<(usize, usize), Vec<&Site>> = BTreeMap::new();
    for &site in open {
        by_object.entry((site.object, site.lie.root)).or_default().push(site);
    }
    for ((object, other), sites) in by_object {
        let name = objects.get(object).map_or_else(String::new, |object| object.name.to_string());
        let other = scene.context.roots.all().get(other).cloned().unwrap_or_default();
        let root = scene.root().clone();
        // Of most arguments and variables nobody knows what they are for.
        let known = sites.iter().filter_map(|site| settings.get(&(site.doc, site.node)));
        scene.findings.push(Finding {
            rule: Rule::MixedRoots,
            severity: known.copied().max().unwrap_or(Severity::Warning),
            places: sites.iter().map(|site| site.place()).collect(),
            message: message!(
                "mixed-roots",
                count = sites.len(),
                other = &other,
                object = name,
                root = &root,
            ),
        });
    }
}

/// What a container finds at another path than the kubelet has it at: it is told of a place at which a
/// mount shows it, and nobody else is told. `own` are the sites of the pod. A mount alone doesn't count: who
/// isn't told a path here may be given the node's, as providers of secrets are.
pub(super) fn in_reach<'s>(
    pod: &PodView<'_>,
    own: &[(&'s Site, &Decision)],
    scene: &Scene<'_>,
) -> Vec<&'s Site> {
    let mut hosts = pod.containers.iter().flat_map(|container| &container.views);
    // Who registers with the kubelet, with a registrar or without, names paths of the node to it.
    if pod.registration.is_driver_pod()
        || hosts.any(|view| view.host.as_ref().is_some_and(|it| scene.is_registration_dir(it)))
    {
        return Vec::new();
    }
    let by_mount = |wanted: fn(&Reason) -> bool| {
        let sites = own.iter().filter(move |(_, decision)| wanted(&decision.reason));
        sites.filter_map(|(site, _)| Some((*site, shown_by(pod, site, scene)?)))
    };
    let told: Vec<_> = by_mount(|reason| matches!(reason, Reason::MovesWithMount(_))).collect();
    let places: HashSet<_> = told.iter().map(|(site, mount)| (site.container, *mount)).collect();
    let mounts = by_mount(|reason| *reason == Reason::MountFollowsHost)
        .filter(|(site, mount)| places.contains(&(site.container, *mount)));
    told.iter().copied().chain(mounts).map(|(site, _)| site).collect()
}

/// The mount of a container's own that shows, at a site's path, what the kubelet has at the same place
/// below its root.
fn shown_by(pod: &PodView<'_>, site: &Site, scene: &Scene<'_>) -> Option<NodeId> {
    let container = pod.containers.get(site.container?)?;
    let path = scene.context.roots.all().get(site.lie.root)?.join(&site.lie.rest);
    let wanted = scene.root().join(&site.lie.rest);
    let mount = container.resolve(&path)?.mount;
    // What is mounted below a mount that is shared is the host's as well, at the host's path.
    let is_shown = !mount.is_bidirectional() && container.leads(&path) == Leads::ToHost(wanted);
    is_shown.then_some(mount.node)
}

/// The pods of drivers, by document, object and number. What an agent sees of the kubelet may stand at
/// another path in its container than on the node.
fn drivers(analysis: &Analysis, context: &Context<'_>) -> HashSet<(usize, usize, Option<usize>)> {
    let mut drivers = HashSet::new();
    for (doc, objects) in analysis.objects.iter().enumerate() {
        for (number, object) in objects.iter().enumerate() {
            for (pod_number, pod) in object.pods.iter().enumerate() {
                if Registration::of(pod, context.knowledge).is_driver_pod() {
                    drivers.insert((doc, number, Some(pod_number)));
                }
            }
        }
    }
    drivers
}

/// Whether a path is a container's own: a mountPath, or one below it. What is shared with the host stands
/// at the host's path.
fn is_seen_through_a_mount(
    site: &Site,
    analysis: &Analysis,
    context: &Context<'_>,
    known: &mut HashMap<InContainer, PathIndex>,
) -> bool {
    let (Some(pod), Some(number)) = (site.pod, site.container) else { return false };
    let Some(root) = context.roots.all().get(site.lie.root) else { return false };
    let index = known.entry((site.doc, site.object, pod, number)).or_insert_with(|| {
        let object = analysis.objects.get(site.doc).and_then(|objects| objects.get(site.object));
        let pod = object.and_then(|object| object.pods.get(pod));
        let container = pod.and_then(|pod| pod.containers.get(number));
        let mounts = container.map_or(&[][..], |container| &container.mounts);
        let own = mounts.iter().filter(|mount| !mount.is_bidirectional());
        let targets: Vec<AbsPath> = own.filter_map(Mount::target).collect();
        PathIndex::of(targets.iter())
    });
    index.resolve(&root.join(&site.lie.rest)).is_some()
}

/// A container: its document, object and pod, and its number there.
type InContainer = (usize, usize, usize, usize);

/// Without the root's value: whether the sites of all objects agree on one.
pub(super) fn agree(analysis: &Analysis, context: &Context<'_>) -> Vec<Finding> {
    let drivers = drivers(analysis, context);
    let mut mounts: HashMap<InContainer, PathIndex> = HashMap::new();
    let mut follows = |site: &Site| {
        let row = context.role(&site.lie.rest);
        // What a rewrite leaves is below the default root for good.
        let is_left = match site.field {
            Field::Elsewhere(passage, _) => !passage.is_rewritten(),
            _ => false,
        };
        let is_left = is_left || site.in_pattern || site.commented || site.windows.is_some();
        let is_own_view = row.container == ContainerSide::Stays
            || !drivers.contains(&(site.doc, site.object, site.pod));
        let is_own_view =
            is_own_view && is_seen_through_a_mount(site, analysis, context, &mut mounts);
        !is_left && !is_own_view && row.host == HostSide::Moves
    };
    let mut by_root: BTreeMap<usize, Vec<&Site>> = BTreeMap::new();
    for (site, decision) in analysis.decided() {
        let counts = decision.is_amiss() || decision.action == Action::Settled;
        if counts && follows(site) {
            by_root.entry(site.lie.root).or_default().push(site);
        }
    }
    let mut groups: Vec<(usize, Vec<&Site>)> = by_root.into_iter().collect();
    // The root that most sites name is taken for the right one; on a tie, the one that isn't the
    // default was chosen by somebody.
    groups.sort_by_key(|(root, sites)| (sites.len(), *root != TO));
    let root = |index: usize| context.roots.all().get(index).map(AbsPath::to_string);
    let most = groups.pop().and_then(|(index, _)| root(index)).unwrap_or_default();
    let finding = |(index, sites): (usize, Vec<&Site>)| Finding {
        rule: Rule::MixedRoots,
        severity: Severity::Error,
        places: sites.iter().map(|site| site.place()).collect(),
        message: message!(
            "mixed-roots-disagree",
            count = sites.len(),
            other = root(index).unwrap_or_default(),
            most = &most,
        ),
    };
    groups.into_iter().map(finding).collect()
}
