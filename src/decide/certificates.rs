//! A kubelet's kubeconfig in a container. It names a certificate, which the container has to see as well.

use super::Context;
use super::scope::Scope;
use super::views::{MountView, Views};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::AbsPath;
use crate::roots::DEFAULT_ROOT;
use crate::words::{Message, message};

/// Kubeconfigs whose certificates a container sees now, through a mount that moves, and won't see any more.
pub(super) fn left_behind(doc: usize, scope: &Scope<'_>, context: &Context<'_>) -> Vec<Finding> {
    let (container, views) = (scope.container, scope.views);
    let found = views.iter().filter_map(|view| {
        let named = Named::by(view.host.as_ref()?, context)?;
        let lost = named.is_seen(before(views, &named.path), |view| &view.host)
            && !scope.leaves()
            && !named.is_seen(after(views, &named.path), |view| &view.new_host);
        let mount = container.mounts.get(view.index).filter(|_| lost)?;
        Some(Finding {
            rule: Rule::StaysBelowMovedMount,
            severity: Severity::Warning,
            places: vec![Place { doc, node: mount.node, range: None }],
            message: named.message(&container.name),
        })
    });
    found.collect()
}

/// The mount through which a path leads, and what of the path lies below it.
type Through<'v> = Option<(&'v MountView, String)>;

fn before<'v>(views: &'v Views, path: &AbsPath) -> Through<'v> {
    let view = views.resolve(path)?;
    Some((view, path.below(&view.target)?.to_owned()))
}

fn after<'v>(views: &'v Views, path: &AbsPath) -> Through<'v> {
    let view = views.resolve_after(path)?;
    Some((view, path.below(&view.new_target)?.to_owned()))
}

/// A certificate that a kubelet's kubeconfig names, where it doesn't follow the root.
pub(crate) struct Named {
    kubeconfig: AbsPath,
    /// Where it is on the node.
    pub(crate) path: AbsPath,
    why: Message,
}

impl Named {
    /// What a file of the node names.
    pub(crate) fn by(file: &AbsPath, context: &Context<'_>) -> Option<Self> {
        let rest = context.knowledge.settings().named_by(&file.to_string())?;
        let row = context.role(rest);
        let why = row.why().filter(|_| row.host == HostSide::Stays)?;
        let path = AbsPath::parse(DEFAULT_ROOT)?.join(rest);
        Some(Self { kubeconfig: file.clone(), path, why })
    }

    fn is_seen(&self, through: Through<'_>, host: impl Fn(&MountView) -> &Option<AbsPath>) -> bool {
        through.is_some_and(|(view, rest)| {
            host(view).as_ref().is_some_and(|host| host.join(&rest) == self.path)
        })
    }

    /// That a container has the kubeconfig and not the certificate.
    pub(crate) fn message(&self, container: &str) -> Message {
        let home = self.path.ancestor(1).unwrap_or_default();
        message!(
            "stays-below-moved-mount-kubeconfig",
            container = container,
            kubeconfig = &self.kubeconfig,
            path = &self.path,
            why = &self.why,
            home = &home,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::kubepath::Root;
    use crate::roots::Roots;

    /// The certificate that a file of the node names, when the kubelet's root is moved there.
    fn named(file: &str, root: &str) -> Option<String> {
        let [to, from] = [root, DEFAULT_ROOT].map(|root| Root::parse(root).unwrap());
        let (roots, knowledge) = (Roots::new(to, [from]).unwrap(), Knowledge::builtin().unwrap());
        let context = Context { roots: &roots, knowledge: &knowledge };
        Some(Named::by(&AbsPath::parse(file).unwrap(), &context)?.path.to_string())
    }

    #[test]
    fn a_certificate_that_follows_the_root_is_left_behind_by_none() {
        let (conf, pem) =
            ("/etc/kubernetes/kubelet.conf", "/var/lib/kubelet/pki/kubelet-client-current.pem");
        assert_eq!(named(conf, "/data/kubelet").as_deref(), Some(pem));
        assert_eq!(named(conf, "/var/lib/k0s/kubelet"), None);
        assert_eq!(named("/etc/kubernetes/admin.conf", "/data/kubelet"), None);
    }
}
