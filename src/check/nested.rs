//! Mounts inside of what a driver shares with the node.

use super::scene::Scene;
use super::view::ContainerView;
use crate::finding::{Rule, Severity};
use crate::words::message;
use std::collections::HashMap;

/// Mounts inside of a mount that propagates: they come up on the node as well, over whatever the
/// outer mount has there.
pub(super) fn judge(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    let is_shared = |number: &usize| {
        let view = container.views.get(*number);
        view.is_some_and(|view| view.mount.is_bidirectional() && view.host.is_some())
    };
    // Many mounts may stand at one place, and as many inside: of each place one is asked.
    let mut places: HashMap<usize, Option<usize>> = HashMap::new();
    let views = container.views.iter().enumerate();
    let mut pairs: Vec<(usize, usize)> = views
        .filter_map(|(inner, view)| {
            let mut above = container.above(&view.target).peekable();
            let place = *above.peek()?;
            let outer = *places.entry(place).or_insert_with(|| above.find(is_shared));
            Some((outer?, inner))
        })
        .collect();
    pairs.sort_unstable();
    for (outer, inner) in pairs {
        let (Some(outer), Some(inner)) = (container.views.get(outer), container.views.get(inner))
        else {
            continue;
        };
        let rest = inner.target.below(&outer.target);
        let Some((rest, host)) = rest.zip(outer.host.as_ref()) else { continue };
        let covered = host.join(rest);
        let is_same = inner.host.as_ref() == Some(&covered);
        let covers_kubelets = scene.is_kubelets_own(&covered) && !is_same;
        let severity = if covers_kubelets { Severity::Error } else { Severity::Warning };
        scene.find_once(
            Rule::NestedMount,
            severity,
            inner.mount.node,
            message!(
                "nested-mount",
                container = &container.container.name,
                inner = inner.written(),
                outer = outer.written(),
                covered = &covered,
                covers_kubelets = covers_kubelets,
            ),
        );
    }
}
