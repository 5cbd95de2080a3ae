//! What a container looks for behind a mount of the root, and isn't there.

use super::scene::Scene;
use super::view::{ContainerView, Leads, View};
use crate::decide::Context;
use crate::decide::shown::{Below, named_below, root_shown};
use crate::finding::{Rule, Severity};
use crate::knowledge::{HostSide, Role};
use crate::kubepath::AbsPath;
use crate::roots::{DEFAULT_ROOT, TO};
use crate::sites::{Field, Site};
use crate::words::{Message, message};
use crate::yaml::NodeId;

/// What a container looks for behind a mount of the root, and isn't there; says whether there is
/// such a thing.
pub(super) fn judge<'s>(
    container: &ContainerView<'_>,
    own: impl Iterator<Item = &'s Site>,
    scene: &mut Scene<'_>,
) -> bool {
    let is_inside = !container.works_on_host(scene.context.knowledge);
    if scene.context.roots.is_to_default() || !is_inside {
        return false;
    }
    let before = scene.findings.len();
    let own = own.filter(|site| !site.in_pattern).filter_map(|site| {
        let path = asked_for(site, scene.context)?;
        Some(Asked {
            node: site.node,
            spelled: site.path.to_string(),
            path,
            is_settled: site.is_settled(),
        })
    });
    let asked: Vec<Asked> = own.chain(elsewhere(container, scene)).collect();
    for asked in asked {
        if let Some((severity, message)) = missed(&asked, container, scene) {
            let message =
                message.with("path", &asked.spelled).with("container", &container.container.name);
            scene.find_once(Rule::StaysBelowMovedMount, severity, asked.node, message);
        }
    }
    scene.findings.len() > before
}

/// A path that something asks a container for.
struct Asked {
    node: NodeId,
    spelled: String,
    /// In container space.
    path: AbsPath,
    /// Whether it's written below the new root.
    is_settled: bool,
}

/// What a container asks for through a mount of the root, or of what may hold things that stay, at a place
/// where nothing tells of roots: no path below it is a site.
fn elsewhere(container: &ContainerView<'_>, scene: &Scene<'_>) -> Vec<Asked> {
    let shows_root =
        |view: &&View<'_>| root_shown(view.host.as_ref(), &view.target, &scene.context) == Some(TO);
    let targets: Vec<AbsPath> =
        container.views.iter().filter(shows_root).map(|view| view.target.clone()).collect();
    if targets.is_empty() {
        return Vec::new();
    }
    let named = named_below(container.container, &targets).into_iter();
    let asked = named.map(|Below { node, path, .. }| Asked {
        node,
        spelled: path.to_string(),
        path,
        is_settled: false,
    });
    asked.collect()
}

/// What is said of a path of a container that leads to what doesn't follow the root, and to none of it,
/// since the root was moved over it or away from it. Device plugins are nowhere else; somebody may have put
/// a file there.
fn missed(
    Asked { path, is_settled, .. }: &Asked,
    container: &ContainerView<'_>,
    scene: &Scene<'_>,
) -> Option<(Severity, Message)> {
    let roots = scene.context.roots;
    let leads = container.leads(path);
    let (host, (_, rest)) = match &leads {
        Leads::ToHost(host) => (Ok(host), roots.locate(host).filter(|(root, _)| *root == TO)?),
        Leads::UnderNoMount => (Err(&whole_root(container, scene)?.target), roots.locate(path)?),
        Leads::ToOwnVolume | Leads::Unknown => return None,
    };
    let row = scene.context.role(rest);
    let is_nowhere_else = row.role == Role::DevicePlugins;
    // Of a path that is written below the new root `carried` tells.
    let matters = is_nowhere_else || (row.host == HostSide::Stays && !is_settled);
    let why = row.why().filter(|_| matters)?;
    let severity = if is_nowhere_else { Severity::Error } else { Severity::Warning };
    let message = match host {
        Ok(host) if is_nowhere_else => message!("stays-below-moved-mount-absent", host = host),
        Ok(host) => message!("stays-below-moved-mount-not-put", host = host),
        Err(mount) => message!("stays-below-moved-mount-away", mount = mount),
    };
    let first = rest.split('/').next().unwrap_or_default();
    let home = AbsPath::parse(DEFAULT_ROOT)?.join(first);
    Some((severity, message.with("why", why).with("home", &home)))
}

/// The path that an argument or a variable asks the container for.
pub(super) fn asked_for(site: &Site, context: Context<'_>) -> Option<AbsPath> {
    if !matches!(site.field, Field::Env(_) | Field::Line(_)) {
        return None;
    }
    match site.lie.via {
        Some(_) => AbsPath::parse(&site.path),
        None => Some(context.roots.all().get(site.lie.root)?.join(&site.lie.rest)),
    }
}

/// The mount by which a container has the whole root.
pub(super) fn whole_root<'v>(
    container: &'v ContainerView<'_>,
    scene: &Scene<'_>,
) -> Option<&'v View<'v>> {
    container.views.iter().find(|view| view.host.as_ref() == Some(scene.root()))
}
