//! How a container that reads ConfigMaps sees the paths in them.

use crate::decide::Context;
use crate::decide::scope::Scope;
use crate::decide::views::{MountView, Views};
use crate::kubepath::AbsPath;
use crate::model::{Container, Object, Pod};
use std::collections::BTreeSet;

/// A container that reads ConfigMaps.
#[derive(Debug)]
pub(in crate::decide) struct Reading {
    /// The document, the object, the pod and the container.
    pub(super) at: (usize, usize, usize, usize),
    /// Its mounts, where one of them has to do with a root.
    pub(super) views: Option<Views>,
    /// It works in the host's filesystem.
    pub(super) leaves: bool,
    /// The variables that make up the path that it registers.
    registered: BTreeSet<String>,
}

impl Reading {
    /// How a container sees what it reads, if it reads any.
    pub(in crate::decide) fn of(
        at: (usize, usize, usize, usize),
        pod: &Pod,
        scope: &Scope<'_>,
        context: &Context<'_>,
    ) -> Option<Self> {
        scope.container.configs(pod).next()?;
        let matters = |view: &MountView| {
            is_own(view, context) || shows_ancestor(view, context) || view.host != view.new_host
        };
        // Not with its indices: few are asked again.
        let views = scope.views.iter().any(matters).then(|| Views::new(scope.views.to_vec()));
        let registered = scope.registration.map(|feed| feed.variables.clone()).unwrap_or_default();
        Some(Self { at, views, leaves: scope.leaves(), registered })
    }

    /// The container among the objects of the run, with its pod and its object.
    pub(super) fn container<'o>(
        &self,
        objects: &'o [Vec<Object>],
    ) -> Option<(&'o Object, &'o Pod, &'o Container)> {
        let (doc, object, pod, container) = self.at;
        let object = objects.get(doc)?.get(object)?;
        let pod = object.pods.get(pod)?;
        Some((object, pod, pod.containers.get(container)?))
    }

    /// Whether it registers a path that is made of variables.
    pub(super) fn registers(&self) -> bool {
        !self.registered.is_empty()
    }

    /// Whether a variable of its own names a path of the node, whatever is mounted.
    pub(super) fn names_host(&self, variable: &str, context: &Context<'_>) -> bool {
        self.registered.contains(variable) || context.knowledge.settings().is_host_setting(variable)
    }

    /// The container's mount by which it has a path at a place that stays.
    pub(super) fn own(&self, path: &AbsPath, context: &Context<'_>) -> Option<&AbsPath> {
        let view = self.views.as_ref().filter(|_| !self.leaves)?.resolve(path)?;
        is_own(view, context).then_some(&view.target)
    }

    /// What the roots are called behind the container's mounts, each with its root and the mount.
    pub(super) fn behind(&self, context: &Context<'_>) -> Vec<(AbsPath, usize, usize)> {
        let mut found = Vec::new();
        for view in self.ancestors(context) {
            for (root, path) in context.roots.all().iter().enumerate() {
                let rest = view.host.as_ref().and_then(|host| path.below(host));
                found.extend(rest.map(|rest| (view.target.join(rest), root, view.index)));
            }
        }
        found
    }

    /// The mounts behind which a root is called by another name.
    pub(super) fn ancestors(&self, context: &Context<'_>) -> impl Iterator<Item = &MountView> {
        let views = self.views.iter().flat_map(|views| views.iter());
        views.filter(|view| shows_ancestor(view, context))
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
