//! Will the pods get their volumes? The driver has to see the kubelet's directories at the
//! kubelet's own paths, and what it mounts there has to reach the host.

use super::drivers::{drivers, is_kubelet_like, shares_another_root};
use super::listeners::Listeners;
use super::scene::Scene;
use super::view::{ContainerView, PodView, View};
use crate::decide::candidates::{PUBLISHED, STAGED};
use crate::finding::{Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::{AbsPath, PathIndex};
use crate::words::message;
use std::collections::HashMap;

/// Judges the driver's container of a pod that registers one.
pub(super) fn judge(pod: &PodView<'_>, listeners: &Listeners<'_>, scene: &mut Scene<'_>) {
    for container in drivers(pod, listeners, scene) {
        let driver = Driver::of(container, pod, scene);
        publishing(&driver, scene);
        if stages(container, scene) {
            staging(&driver, scene);
        }
        nested(container, scene);
    }
}

/// A driver's container, with what is asked of it for each of the kubelet's directories.
struct Driver<'v, 'a> {
    container: &'v ContainerView<'a>,
    pod: &'v PodView<'a>,
    way_out: Option<WayOut>,
    /// Whether the node's whole filesystem is mounted, two-way.
    shares_all: bool,
}

impl<'v, 'a> Driver<'v, 'a> {
    fn of(container: &'v ContainerView<'a>, pod: &'v PodView<'a>, scene: &Scene<'_>) -> Self {
        let is_all = |view: &View<'_>| {
            let host = view.host.as_ref();
            view.mount.is_bidirectional() && host.is_some_and(|host| host.depth() == 0)
        };
        let shares_all = container.views.iter().any(is_all);
        Self { container, pod, way_out: way_out(container, scene), shares_all }
    }
}

/// Judges where volumes are mounted for pods.
fn publishing(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let views = &driver.container.views;
    let roles = Purpose::Publish.roles();
    let mut related: Vec<&View<'_>> =
        views.iter().filter(|view| scene.has_role(view, roles)).collect();
    if related.is_empty() {
        let is_like = |view: &&View<'_>| is_kubelet_like(view) || shares_another_root(view, scene);
        related = views.iter().filter(is_like).collect();
    }
    let pods = scene.root().join(PUBLISHED);
    directory(driver, &pods, related, Purpose::Publish, scene);
}

/// Judges where volumes are staged.
fn staging(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let views = driver.container.views.iter();
    let own: Vec<&View<'_>> = views.filter(|view| may_be_for_staging(view, scene)).collect();
    let moved: Vec<AbsPath> = own.iter().map(|view| scene.moved(view)).collect();
    let index = PathIndex::of(moved.iter());
    for wanted in staging_directories(moved, scene) {
        let above = index.at_or_above(&wanted).into_iter();
        let related = above.filter_map(|at| own.get(at).copied()).collect();
        directory(driver, &wanted, related, Purpose::Stage, scene);
    }
}

/// Whether a driver's mounts tell that it may stage volumes. One that has nothing of the kubelet's
/// `pods` has `plugins` for its socket, unless what it mounts there is to reach the host.
fn stages(container: &ContainerView<'_>, scene: &Scene<'_>) -> bool {
    container.views.iter().any(|view| {
        let is_shared =
            view.mount.is_bidirectional() && scene.has_role(view, Purpose::Stage.roles());
        is_shared || scene.has_role(view, &[Role::Root, Role::Pods, Role::Staging])
    }) || container.views.iter().any(is_kubelet_like)
}

/// The kubelet's directories for staging that a container needs: all of them, or, where it mounts
/// only deeper ones (`plugins/kubernetes.io/csi/<driver>`), those. `wanted` is where its mounts should
/// stand.
fn staging_directories(mut wanted: Vec<AbsPath>, scene: &Scene<'_>) -> Vec<AbsPath> {
    let all = scene.root().join(STAGED);
    if wanted.is_empty() || wanted.iter().any(|path| all.below(path).is_some()) {
        return vec![all];
    }
    wanted.sort();
    wanted.dedup();
    wanted
}

/// Whether a mount may be there for staging. One of `plugins` at a place of its own that isn't shared is
/// there for the socket.
fn may_be_for_staging(view: &View<'_>, scene: &Scene<'_>) -> bool {
    let is_private =
        !view.mount.is_bidirectional() && scene.context.roots.locate(&view.target).is_none();
    scene.has_role(view, Purpose::Stage.roles())
        && (!is_private || scene.has_role(view, &[Role::Staging]))
}

/// What a directory of the kubelet is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Volumes are mounted there for each pod.
    Publish,
    /// Volumes are mounted there once for the node.
    Stage,
}

impl Purpose {
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Publish => &[Role::Root, Role::Pods],
            Self::Stage => &[Role::Plugins, Role::Staging],
        }
    }

    fn rule(self, otherwise: Rule) -> Rule {
        if self == Self::Stage { Rule::StagingNotShared } else { otherwise }
    }

    /// The word that chooses among texts.
    fn word(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Stage => "stage",
        }
    }
}

/// Judges one directory of the kubelet in a driver's container; `related` are the mounts that are meant
/// to bring it there.
fn directory(
    driver: &Driver<'_, '_>,
    wanted: &AbsPath,
    related: Vec<&View<'_>>,
    purpose: Purpose,
    scene: &mut Scene<'_>,
) {
    let Driver { container, pod, .. } = *driver;
    let cover = container.resolve(wanted);
    let shown = cover.and_then(|view| Some(view.host.as_ref()?.join(wanted.below(&view.target)?)));
    if let Some(view) = cover.filter(|_| shown.as_ref() == Some(wanted)) {
        propagates(driver, view, purpose, scene);
        return;
    }
    if related.is_empty() {
        // A driver that mounts nothing of the kind may not need it: nobody can tell.
        return;
    }
    // The mount stands where the kubelet's path is, but shows something else; or the kubelet's
    // directory is mounted, but at another path; or neither.
    let half = cover.or_else(|| {
        related
            .iter()
            .copied()
            .find(|view| view.host.as_ref().is_some_and(|host| wanted.below(host).is_some()))
    });
    let (rule, view, message) = match half {
        Some(view) => {
            let host = view.host.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
            (purpose.rule(Rule::ParityBroken), view, message!("parity-broken", host = host))
        }
        None => {
            let Some(&view) = related.first() else { return };
            (purpose.rule(Rule::MixedRoots), view, message!("mixed-roots-mount"))
        }
    };
    let moved = scene.moved(view);
    let moved = if wanted.below(&moved).is_some() { moved } else { wanted.clone() };
    let message = message
        .with("wanted", wanted)
        .with("container", &container.container.name)
        .with("mount", &view.target)
        .with("purpose", purpose.word())
        .with("directory", &moved)
        .with("sub_path", view.mount.sub_path.is_some());
    let place = scene.wrong_side(view, pod, wanted);
    scene.find(rule, Severity::Error, place, message);
    for view in related.into_iter().chain(cover) {
        scene.explain_view(view);
    }
}

/// Whether what is mounted below a view reaches the host.
fn propagates(driver: &Driver<'_, '_>, view: &View<'_>, purpose: Purpose, scene: &mut Scene<'_>) {
    let Driver { container, way_out, .. } = *driver;
    let name = &container.container.name;
    let written = view.written();
    if way_out == Some(WayOut::Only) || reaches_through_another(driver, view) {
        return;
    }
    if view.mount.read_only {
        // The kubelet makes the directory in which a volume is staged, and many drivers need no
        // more; the one in which it's published they have to make.
        let severity =
            if purpose == Purpose::Publish { Severity::Error } else { Severity::Warning };
        scene.find_once(
            purpose.rule(Rule::ParityBroken),
            severity,
            view.mount.node,
            message!(
                "parity-broken-read-only",
                container = name,
                mount = written,
                purpose = purpose.word(),
            ),
        );
        return;
    }
    if view.mount.is_bidirectional() {
        if !container.container.privileged {
            scene.find_unprivileged(container, view);
        }
        return;
    }
    let declared = view.mount.propagation.as_ref().map(|text| text.value.as_str());
    // Many drivers mount the plugins directory for their socket alone.
    let is_sure = purpose == Purpose::Publish && way_out.is_none();
    let unless = match purpose {
        _ if way_out.is_some() => "host",
        Purpose::Publish => "nothing",
        Purpose::Stage => "stage",
    };
    scene.find_once(
        purpose.rule(Rule::PropagationMissing),
        if is_sure { Severity::Error } else { Severity::Warning },
        view.mount.node,
        message!(
            "propagation-missing",
            mount = written,
            container = name,
            declared = declared.filter(|value| !value.is_empty()).unwrap_or("none"),
            purpose = purpose.word(),
            unless = unless,
            privileged = container.container.privileged,
        ),
    );
}

/// How a driver can have the host mount for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WayOut {
    /// It can, and may also mount itself.
    Also,
    /// It isn't privileged, so that it can't mount anything itself.
    Only,
}

/// Whether a container reaches the host's own mounts: through its systemd, or through its whole
/// filesystem, where what is mounted there propagates.
fn way_out(container: &ContainerView<'_>, scene: &Scene<'_>) -> Option<WayOut> {
    let settings = scene.context.knowledge.settings();
    let is_way_out = |view: &View<'_>| {
        let Some(host) = &view.host else { return false };
        settings.is_way_out(&host.to_string())
            && (host.depth() > 0 || view.mount.is_bidirectional())
    };
    let is_there = container.views.iter().any(is_way_out);
    let how = if container.container.privileged { WayOut::Also } else { WayOut::Only };
    is_there.then_some(how)
}

/// Whether somebody wrote one-way propagation on purpose, because the node's whole filesystem is
/// there a second time, two-way: a driver that changes its root into that one mounts there.
fn reaches_through_another(driver: &Driver<'_, '_>, view: &View<'_>) -> bool {
    let declared = view.mount.propagation.as_ref().map(|text| text.value.as_str());
    declared == Some("HostToContainer") && driver.shares_all
}

/// Mounts inside of a mount that propagates: they come up on the node as well, over whatever the
/// outer mount has there.
fn nested(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
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
