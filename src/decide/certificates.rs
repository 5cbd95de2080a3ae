//! A kubelet's kubeconfig in a container. It names a certificate, which the container has to see as well.

use super::Context;
use super::scope::Scope;
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
        let is_it = |host: Option<AbsPath>| host.as_ref() == Some(&named.path);
        let lost = is_it(views.host_of(&named.path))
            && !scope.leaves()
            && !is_it(views.host_after(&named.path));
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
