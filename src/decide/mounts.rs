//! Container space: where each mount stands before and after.

use super::pod::{PodSites, volume_of};
use super::registration::Registration;
use super::{Action, Context, Decision, Reason, host, references};
use crate::finding::Finding;
use crate::knowledge::{ContainerSide, HostSide};
use crate::kubepath::AbsPath;
use crate::model::{Pod, VolumeSource};
use crate::roots::TO;
use crate::sites::{Field, Lie, Site, host_path};

/// A mount of a container: what it shows of the host and where, before and after.
#[derive(Clone, Debug)]
pub(super) struct MountView {
    /// The mount's index in its container.
    pub(super) index: usize,
    /// Where it stands in the container now.
    pub(super) target: AbsPath,
    /// Where it will stand.
    pub(super) new_target: AbsPath,
    /// What it shows of the host now, if anything.
    pub(super) host: Option<AbsPath>,
    /// What it will show.
    pub(super) new_host: Option<AbsPath>,
}

/// Decides about a container's mountPaths and says how its mounts lie before and after.
pub(super) fn decide(
    pod: &Pod,
    number: usize,
    own: &PodSites<'_>,
    registration: &Registration,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
    verdicts: &mut [Option<Decision>],
) -> Vec<MountView> {
    let Some(container) = pod.containers.get(number) else {
        return Vec::new();
    };
    let mut views: Vec<MountView> = (0..container.mounts.len())
        .filter_map(|index| {
            let target = container.mounts.get(index)?.target()?;
            let host = host_path(pod, container, index);
            let new_host = host.as_ref().map(|host| new_host(host, context));
            Some(MountView { index, new_target: target.clone(), target, host, new_host })
        })
        .collect();
    for &(site_index, site) in own {
        let Field::MountPath(index) = site.field else {
            continue;
        };
        if site.container != Some(number) {
            continue;
        }
        let decision =
            decide_one(pod, number, index, site, &views, registration, context, findings);
        if let (Action::Move(root), Some(view)) =
            (&decision.action, views.iter_mut().find(|view| view.index == index))
        {
            view.new_target = root.join(&site.lie.rest);
        }
        if let Some(slot) = verdicts.get_mut(site_index) {
            *slot = Some(decision);
        }
    }
    views
}

/// Where a hostPath lies after the move; the same place when it isn't tied to a root.
pub(super) fn new_host(host: &AbsPath, context: &Context<'_>) -> AbsPath {
    match context.roots.locate(host) {
        Some((root, rest)) => host::moved(&Lie { root, rest: rest.to_vec(), via: None }, context),
        None => host.clone(),
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "one decision, all it depends on; a struct would hide the flow"
)]
fn decide_one(
    pod: &Pod,
    number: usize,
    index: usize,
    site: &Site,
    views: &[MountView],
    registration: &Registration,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    if context.is_settled(site) {
        return Decision::settled();
    }
    let Some(mount) = pod.containers.get(number).and_then(|container| container.mounts.get(index))
    else {
        return Decision::keep(Reason::MountedFromElsewhere);
    };
    let view = views.iter().find(|view| view.index == index);
    if let Some(via) = site.lie.via {
        let new_host = view.and_then(|view| view.new_host.as_ref());
        return references::behind_ancestor(site, via, new_host, views, context, findings);
    }
    let rest = match (volume_of(pod, &mount.volume), view.and_then(|view| view.host.as_ref())) {
        (Some(VolumeSource::EmptyDir), _) => {
            return Decision::of(Action::Move(context.to().clone()), Reason::EmptyDirBelowRoot);
        }
        // A fragment: the volume is in another file, the mountPath tells what it is.
        (None, _) => site.lie.rest.clone(),
        (Some(_), Some(host)) => match context.roots.locate(host) {
            Some((_, rest)) => rest.to_vec(),
            None => return Decision::keep(Reason::MountedFromElsewhere),
        },
        (Some(_), None) => return Decision::keep(Reason::MountedFromElsewhere),
    };
    let row = context.knowledge.role(&rest);
    let why = || row.why.clone().unwrap_or_default();
    if row.host == HostSide::Stays {
        return Decision::keep(Reason::RoleStays(why()));
    }
    let moves = match row.container {
        ContainerSide::Moves => true,
        ContainerSide::Stays => return Decision::keep(Reason::PrivateView(why())),
        ContainerSide::Root => registration.is_driver_pod() || mount.is_bidirectional(),
    };
    if moves {
        Decision::of(Action::Move(context.to().clone()), Reason::MountFollowsHost)
    } else {
        Decision::keep(Reason::AgentView)
    }
}

impl MountView {
    /// Whether the mount will show a host path at that very path in the container.
    pub(super) fn has_parity(&self) -> bool {
        self.new_host.as_ref() == Some(&self.new_target)
    }

    /// What follows the new root in the host path that the mount will show.
    pub(super) fn below_new_root<'v>(&'v self, context: &Context<'_>) -> Option<&'v [String]> {
        let (root, rest) = context.roots.locate(self.new_host.as_ref()?)?;
        (root == TO).then_some(rest)
    }
}

/// The mount of the container through which a path resolves: the longest prefix wins.
pub(super) fn resolve<'v>(views: &'v [MountView], path: &AbsPath) -> Option<&'v MountView> {
    views
        .iter()
        .filter(|view| path.below(&view.target).is_some())
        .max_by_key(|view| view.target.depth())
}
