//! Mounts that are meant for a directory of the kubelet and name another one below the same root, on
//! both sides: a letter that is missing.

use super::scene::Scene;
use super::view::View;
use crate::knowledge::Role;
use crate::kubepath::AbsPath;
use crate::kubepath::dirs::{PODS, STAGED};
use crate::near::nearest;
use crate::roots::TO;

/// Whether a mount shares, at its own path, a directory that is called nearly as the one in which
/// volumes are published.
pub(super) fn is_near_published(view: &View<'_>, scene: &Scene<'_>) -> bool {
    is_shared_unknown(view, scene) && is_near(view, &scene.root().join(PODS))
}

/// Whether a mount shares, at its own path, a directory right below the kubelet's root that no kubelet
/// has: what is mounted there for pods nobody asks for.
pub(super) fn is_unknown_child(view: &View<'_>, scene: &Scene<'_>) -> bool {
    is_shared_unknown(view, scene) && view.target.ancestor(1).as_ref() == Some(scene.root())
}

/// Whether a mount shares, at its own path, a directory that is called nearly as the one in which
/// volumes are staged, or as one in which that lies.
pub(super) fn is_near_staged(view: &View<'_>, scene: &Scene<'_>) -> bool {
    let all = scene.root().join(STAGED);
    let below_root = all.depth() - scene.root().depth();
    is_shared_unknown(view, scene)
        && (0..below_root)
            .filter_map(|count| all.ancestor(count))
            .any(|wanted| is_near(view, &wanted))
}

/// Whether a mount shares a directory at its own path, below the kubelet's root or beside it, that
/// nothing is known of.
fn is_shared_unknown(view: &View<'_>, scene: &Scene<'_>) -> bool {
    let is_unknown = match scene.context.roots.locate(&view.target) {
        Some((root, rest)) => root == TO && scene.context.role(rest).role == Role::Unknown,
        None => true,
    };
    is_unknown && view.mount.is_bidirectional() && view.host.as_ref() == Some(&view.target)
}

fn is_near(view: &View<'_>, wanted: &AbsPath) -> bool {
    !nearest(view.target.as_str(), [wanted.as_str()]).is_empty()
}
