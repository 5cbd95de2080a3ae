//! Container space: where each mount stands before and after.

use super::registration::Registration;
use super::views::{MountView, Views, by_index};
use super::{Action, Context, Decision, PodSites, Reason, ancestors, hidden, host};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::{ContainerSide, HostSide};
use crate::kubepath::AbsPath;
use crate::model::{Container, Mount, Pod, VolumeSource};
use crate::roots::TO;
use crate::sites::{Field, Site, host_paths};
use crate::words::message;
use std::cell::OnceCell;

/// A pod whose mounts are decided, with what many of them ask.
pub(super) struct Mounts<'a> {
    doc: usize,
    pod: &'a Pod,
    registration: &'a Registration,
    context: &'a Context<'a>,
    /// Whether one of the pod's volumes is a directory of the node's kubelet.
    has_kubelets_directory: OnceCell<bool>,
}

impl<'a> Mounts<'a> {
    pub(super) fn of(
        (doc, pod): (usize, &'a Pod),
        registration: &'a Registration,
        context: &'a Context<'a>,
    ) -> Self {
        Self { doc, pod, registration, context, has_kubelets_directory: OnceCell::new() }
    }

    /// Decides about a container's mountPaths, which are among `own`, and says how its mounts lie before
    /// and after.
    pub(super) fn decide(
        &self,
        number: usize,
        own: &PodSites<'_>,
        findings: &mut Vec<Finding>,
        verdicts: &mut [Option<Decision>],
    ) -> Views {
        let Self { doc, pod, context, .. } = *self;
        let Some(container) = pod.containers.get(number) else {
            return Views::default();
        };
        let asked = InContainer { container, works_at_root: OnceCell::new() };
        let mut views: Vec<MountView> = (0..container.mounts.len())
            .filter_map(|index| {
                let target = container.mounts.get(index)?.target()?;
                let (host, new_host) = host_paths(pod, container, index)
                    .and_then(|(volume, shown)| {
                        // Only the hostPath moves; a subPath stays what it is.
                        let new_host = new_host(&volume, context).join(shown.below(&volume)?);
                        Some((shown, new_host))
                    })
                    .unzip();
                Some(MountView { index, new_target: target.clone(), target, host, new_host })
            })
            .collect();
        for &(site_index, site) in own {
            let Field::MountPath(index) = site.field else {
                continue;
            };
            let decision = self.decide_one(&asked, index, site, &views, findings);
            if let Action::Move(root) = &decision.action
                && let Ok(at) = views.binary_search_by_key(&index, |view| view.index)
                && let Some(view) = views.get_mut(at)
            {
                view.new_target = root.join(&site.lie.rest);
            }
            if let Some(slot) = verdicts.get_mut(site_index) {
                *slot = Some(decision);
            }
        }
        let views = Views::new(views);
        for view in views.iter() {
            let Some(mount) = container.mounts.get(view.index) else { continue };
            findings.extend(stays_but_shown_elsewhere(doc, mount, view, context));
            findings.extend(shown_by_sub_path(doc, mount, view, context));
        }
        findings.extend(same_place_twice(doc, container, &views));
        views
    }

    fn decide_one(
        &self,
        asked: &InContainer<'_>,
        index: usize,
        site: &Site,
        views: &[MountView],
        findings: &mut Vec<Finding>,
    ) -> Decision {
        let Self { pod, registration, context, .. } = *self;
        let view = by_index(views, index);
        if let Some(decision) = goes_back_with_host(site, view, context) {
            return decision;
        }
        if site.is_settled() {
            return Decision::settled();
        }
        let Some(mount) = asked.container.mounts.get(index) else {
            return Decision::keep(Reason::MountedFromElsewhere);
        };
        if let Some(via) = site.lie.via {
            let host = view.and_then(|view| view.host.as_ref());
            let new_host = match host.map(|host| context.roots.locate(host)) {
                Some(None) => return Decision::keep(Reason::MountedFromElsewhere),
                // What is mounted there is what the path names.
                Some(Some((_, rest))) if rest == site.lie.rest => {
                    view.and_then(|view| view.new_host.as_ref())
                }
                Some(Some(_)) | None => None,
            };
            return ancestors::behind_ancestor(site, via, new_host, views, context, findings);
        }
        let volume = pod.volume(&mount.volume).map(|volume| &volume.source);
        let rest = match (volume, view.and_then(|view| view.host.as_ref())) {
            // A kubelet of the pod's own has its root there.
            (Some(VolumeSource::EmptyDir), _)
                if site.lie.rest.is_empty() && !self.has_kubelets_directory() =>
            {
                return Decision::keep(Reason::MountedFromElsewhere);
            }
            (Some(VolumeSource::EmptyDir), _) => {
                let row = context.role(&site.lie.rest);
                return match row.why() {
                    // Nothing of the kubelet's is there, but the program opens the path it knows.
                    Some(why) => Decision::keep(Reason::RoleStays(why)),
                    None => {
                        Decision::of(Action::Move(context.to().clone()), Reason::EmptyDirBelowRoot)
                    }
                };
            }
            // A fragment: the volume is in another file, the mountPath tells what it is.
            (None | Some(VolumeSource::Elsewhere), _) => site.lie.rest.as_str(),
            (Some(_), Some(host)) => match context.roots.locate(host) {
                Some((root, rest)) if root != TO && is_left_behind(view, rest, context) => {
                    return Decision::keep(Reason::AncestorLacksRoot);
                }
                Some((_, rest)) => rest,
                None => return Decision::keep(Reason::MountedFromElsewhere),
            },
            (Some(_), None) => return Decision::keep(Reason::MountedFromElsewhere),
        };
        let row = context.role(rest);
        if row.host == HostSide::Stays {
            return Decision::keep(Reason::stays(row));
        }
        let moves = match row.container {
            ContainerSide::Moves => true,
            ContainerSide::Stays => return Decision::keep(Reason::PrivateView(row.because())),
            ContainerSide::Root => {
                registration.is_driver_pod()
                    || mount.is_bidirectional()
                    || asked.works_at_root(context)
            }
        };
        if moves {
            Decision::of(Action::Move(context.to().clone()), Reason::MountFollowsHost)
        } else {
            Decision::keep(Reason::AgentView)
        }
    }

    fn has_kubelets_directory(&self) -> bool {
        *self.has_kubelets_directory.get_or_init(|| {
            let volumes = self.pod.volumes.iter();
            let mut hosts = volumes.filter_map(|volume| AbsPath::parse(&volume.host_path()?.value));
            hosts.any(|host| self.context.roots.locate(&host).is_some())
        })
    }
}

/// A container whose mounts are decided, with what many of them ask.
struct InContainer<'a> {
    container: &'a Container,
    /// Whether the tables know that its program works at the root's own path.
    works_at_root: OnceCell<bool>,
}

impl InContainer<'_> {
    fn works_at_root(&self, context: &Context<'_>) -> bool {
        *self.works_at_root.get_or_init(|| hidden::works_at_root(self.container, context.knowledge))
    }
}

/// A mount of something that never moves, through a subPath of a volume that does.
fn stays_but_shown_elsewhere(
    doc: usize,
    mount: &Mount,
    view: &MountView,
    context: &Context<'_>,
) -> Option<Finding> {
    let (host, shown) = (view.host.as_ref()?, view.new_host.as_ref()?);
    let (_, rest) = context.roots.locate(host).filter(|(root, _)| *root != TO)?;
    if *shown == new_host(host, context) {
        return None;
    }
    let row = context.role(rest);
    let why = row.why().filter(|_| row.host == HostSide::Stays)?;
    Some(Finding {
        rule: Rule::StaysBelowMovedMount,
        severity: Severity::Error,
        places: vec![Place { doc, node: mount.node, range: None }],
        message: message!("stays-below-moved-mount-shown", shown = shown, host = host, why = why,),
    })
}

/// Two mounts of a container that stand at one place after the move, which the API server refuses.
fn same_place_twice(doc: usize, container: &Container, views: &Views) -> Option<Finding> {
    let twice = views.moved_upon_another()?;
    let mount = container.mounts.get(twice.index)?;
    Some(Finding {
        rule: Rule::DuplicateMountPath,
        severity: Severity::Error,
        places: vec![Place { doc, node: mount.node, range: None }],
        message: message!(
            "duplicate-mount-path-moved",
            container = &container.name,
            mount = &twice.new_target,
        ),
    })
}

/// Where a hostPath lies after the move; the same place when it isn't tied to a root.
pub(super) fn new_host(host: &AbsPath, context: &Context<'_>) -> AbsPath {
    match context.roots.locate(host) {
        Some((root, rest)) => host::moved(root, rest, context),
        None => host.clone(),
    }
}

/// Whether a mount shows something that moves through a subPath of an ancestor, which doesn't.
fn is_left_behind(view: Option<&MountView>, rest: &str, context: &Context<'_>) -> bool {
    context.role(rest).host == HostSide::Moves
        && view.is_some_and(|view| view.host.is_some() && view.host == view.new_host)
}

/// A mountPath that was moved with device plugins, which go back on the host.
fn goes_back_with_host(
    site: &Site,
    view: Option<&MountView>,
    context: &Context<'_>,
) -> Option<Decision> {
    let row = context.role(&site.lie.rest);
    let home = host::home_of_device_plugins(row, site.lie.root, context)?;
    if *view?.new_host.as_ref()? != home.join(&site.lie.rest) {
        return None;
    }
    Some(Decision::of(Action::Move(home), Reason::GoesBack(row.why()?)))
}

/// A mount of something that moves, through a subPath of a volume that doesn't.
fn shown_by_sub_path(
    doc: usize,
    mount: &Mount,
    view: &MountView,
    context: &Context<'_>,
) -> Option<Finding> {
    let host = view.host.as_ref()?;
    let (_, rest) = context.roots.locate(host).filter(|(root, _)| *root != TO)?;
    is_left_behind(Some(view), rest, context).then(|| Finding {
        rule: Rule::AncestorMount,
        severity: Severity::Error,
        places: vec![Place { doc, node: mount.node, range: None }],
        message: message!("ancestor-mount-sub-path", host = host, root = context.to()),
    })
}
