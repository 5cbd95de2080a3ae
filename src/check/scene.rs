//! A document while it is judged: what is asked of its mounts, and what was said of it.

use super::view::{ContainerView, PodView, View};
use crate::decide::Context;
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::AbsPath;
use crate::model::Pod;
use crate::roots::TO;
use crate::sites::Site;
use crate::words::{Message, message};
use crate::yaml::NodeId;
use std::collections::HashSet;

/// One document while it is judged.
pub(super) struct Scene<'a> {
    doc: usize,
    pub(super) context: Context<'a>,
    /// The object that is looked at.
    pub(super) object: usize,
    pub(super) findings: Vec<Finding>,
    /// What was said of which node.
    said: HashSet<(Rule, NodeId)>,
    /// Scalars of which a finding tells already.
    explained: HashSet<NodeId>,
    /// Host paths of an object of which a finding tells already.
    explained_paths: HashSet<(usize, AbsPath)>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(doc: usize, context: Context<'a>) -> Self {
        Self {
            doc,
            context,
            object: 0,
            findings: Vec::new(),
            said: HashSet::new(),
            explained: HashSet::new(),
            explained_paths: HashSet::new(),
        }
    }

    /// The kubelet's root.
    pub(super) fn root(&self) -> &AbsPath {
        self.context.roots.to().path()
    }

    pub(super) fn find(&mut self, rule: Rule, severity: Severity, node: NodeId, message: Message) {
        let places = vec![Place { doc: self.doc, node, range: None }];
        self.findings.push(Finding { rule, severity, places, message });
    }

    /// The same, unless this rule spoke of the place already.
    pub(super) fn find_once(
        &mut self,
        rule: Rule,
        severity: Severity,
        node: NodeId,
        message: Message,
    ) {
        // A mount's propagation is told of once, for publishing or for staging.
        let key = if rule == Rule::StagingNotShared { Rule::PropagationMissing } else { rule };
        if self.said.insert((key, node)) {
            self.find(rule, severity, node, message);
        }
    }

    /// A path in a container at which something is to be made, in a mount that can't be written to.
    pub(super) fn find_read_only(
        &mut self,
        rule: Rule,
        container: &ContainerView<'_>,
        path: &AbsPath,
        message: Message,
    ) {
        if let Some(view) = container.resolve(path).filter(|view| view.mount.read_only) {
            self.find_once(rule, Severity::Error, view.mount.node, message);
        }
    }

    /// A mount that is to propagate, of a container that may not.
    pub(super) fn find_unprivileged(&mut self, container: &ContainerView<'_>, view: &View<'_>) {
        let message = message!(
            "propagation-unprivileged",
            container = &container.container.name,
            mount = view.written(),
        );
        let rule = Rule::PropagationUnprivileged;
        self.find_once(rule, Severity::Error, view.mount.node, message);
    }

    pub(super) fn explain_node(&mut self, node: NodeId) {
        self.explained.insert(node);
    }

    pub(super) fn explain_view(&mut self, view: &View<'_>) {
        self.explained.extend(view.mount.path.as_ref().map(|path| path.node));
        self.explained_paths.extend(view.host.clone().map(|host| (self.object, host)));
    }

    /// A path on the node, and the directory it is in.
    pub(super) fn explain_below(&mut self, path: &AbsPath) {
        let paths = [Some(path.clone()), path.ancestor(1)].into_iter().flatten();
        self.explained_paths.extend(paths.map(|path| (self.object, path)));
    }

    pub(super) fn is_explained(&self, site: &Site) -> bool {
        let path = || AbsPath::parse(&format!("/{}", site.path.trim_start_matches('/')));
        self.explained.contains(&site.node)
            || path().is_some_and(|path| self.explained_paths.contains(&(site.object, path)))
    }

    /// Whether a mount shows, or stands at, something below a root that is known.
    pub(super) fn is_tied(&self, view: &View<'_>) -> bool {
        let sides = [Some(&view.target), view.host.as_ref()];
        sides.into_iter().flatten().any(|path| self.context.roots.locate(path).is_some())
    }

    /// Whether a mount shows, or stands at, a directory of a kubelet in one of these roles.
    pub(super) fn has_role(&self, view: &View<'_>, roles: &[Role]) -> bool {
        let sides = [Some(&view.target), view.host.as_ref()];
        sides.into_iter().flatten().any(|path| {
            self.context
                .roots
                .locate(path)
                .is_some_and(|(_, rest)| roles.contains(&self.context.role(rest).role))
        })
    }

    /// Whether a host path is a directory that the kubelet keeps for all drivers, or the root.
    pub(super) fn is_kubelets_own(&self, host: &AbsPath) -> bool {
        use Role::{Plugins, PluginsRegistry, Pods, Root, Staging};
        self.context.roots.locate(host).is_some_and(|(root, rest)| {
            let role = self.context.role(rest).role;
            root == TO && [Root, Pods, Plugins, Staging, PluginsRegistry].contains(&role)
        })
    }

    /// Whether a host path is the directory that a kubelet watches, whichever its root.
    pub(super) fn is_registration_dir(&self, host: &AbsPath) -> bool {
        self.context
            .roots
            .locate(host)
            .is_some_and(|(_, rest)| self.context.role(rest).role == Role::PluginsRegistry)
    }

    /// Where a mount's directory should be: its own path below the kubelet's root.
    pub(super) fn moved(&self, view: &View<'_>) -> AbsPath {
        let sides = [view.host.as_ref(), Some(&view.target)];
        let rest = sides
            .into_iter()
            .flatten()
            .find_map(|path| self.context.roots.locate(path).map(|(_, rest)| rest));
        self.root().join(rest.unwrap_or_default())
    }

    /// The side of a mount that isn't below the kubelet's root: its hostPath or its mountPath.
    pub(super) fn wrong_side(
        &self,
        view: &View<'_>,
        pod: &PodView<'_>,
        wanted: &AbsPath,
    ) -> NodeId {
        let own = view.mount.path.as_ref().map_or(view.mount.node, |path| path.node);
        let is_wrong = view.host.as_ref().is_none_or(|host| wanted.below(host).is_none());
        let volume = hostpath_of(pod.pod, view);
        volume.filter(|_| is_wrong).unwrap_or(own)
    }
}

fn hostpath_of(pod: &Pod, view: &View<'_>) -> Option<NodeId> {
    pod.volume(&view.mount.volume)?.host_path().map(|path| path.node)
}
