//! Will the pods get their volumes? The driver has to see the kubelet's directories at the
//! kubelet's own paths, and what it mounts there has to reach the host.

use super::drivers::{drivers, is_kubelet_like, shares_another_root, translates};
use super::listeners::Listeners;
use super::misspelt::{is_near_published, is_near_staged, is_unknown_child};
use super::nested;
use super::scene::Scene;
use super::unmounted;
use super::view::{ContainerView, PodView, View};
use crate::decide::candidates::is_way_out;
use crate::finding::{Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::dirs::{PODS, STAGED};
use crate::kubepath::{AbsPath, PathIndex};
use crate::words::message;

/// Judges the driver's container of a pod that registers one.
pub(super) fn judge(pod: &PodView<'_>, listeners: &Listeners<'_>, scene: &mut Scene<'_>) {
    for container in drivers(pod, listeners, scene) {
        let driver = Driver::of(container, pod, scene);
        if translates(container, scene) {
            translated(&driver, scene);
            continue;
        }
        publishing(&driver, scene);
        if stages(container, scene) {
            staging(&driver, scene);
        }
        nested::judge(container, scene);
    }
    unmounted::judge(pod, scene);
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

/// Judges a driver that is told the kubelet's root, and has what lies there at a path of its own.
fn translated(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let pods = scene.root().join(PODS);
    let shows =
        |view: &&View<'_>| view.host.as_ref().is_some_and(|host| pods.below(host).is_some());
    let shown = || driver.container.views.iter().filter(shows);
    match shown().find(|view| view.mount.hands_back()).or_else(|| shown().next()) {
        Some(view) => propagates(driver, view, Purpose::Publish, scene),
        None => publishing(driver, scene),
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
    let mut is_misspelt = false;
    if related.is_empty() {
        let is_meant = |view: &&View<'_>| {
            // Who reaches the host may need none of the kubelet's directories.
            is_near_published(view, scene)
                || (driver.way_out.is_none() && is_unknown_child(view, scene))
        };
        related = views.iter().filter(is_meant).collect();
        is_misspelt = !related.is_empty();
    }
    let pods = scene.root().join(PODS);
    directory(driver, &pods, Related { views: related, is_misspelt }, Purpose::Publish, scene);
}

/// Judges where volumes are staged.
fn staging(driver: &Driver<'_, '_>, scene: &mut Scene<'_>) {
    let views = driver.container.views.iter();
    let own: Vec<&View<'_>> = views.filter(|view| may_be_for_staging(view, scene)).collect();
    let moved: Vec<AbsPath> = own.iter().map(|view| scene.moved(view)).collect();
    let index = PathIndex::of(moved.iter());
    for wanted in staging_directories(moved, scene) {
        let above = index.at_or_above(&wanted).into_iter();
        let mut related: Vec<&View<'_>> = above.filter_map(|at| own.get(at).copied()).collect();
        let mut is_misspelt = false;
        if related.is_empty() {
            let views = driver.container.views.iter();
            related = views.filter(|view| is_near_staged(view, scene)).collect();
            is_misspelt = !related.is_empty();
        }
        if related.is_empty() {
            // Something else stands where the kubelet's directory is.
            let cover = driver.container.resolve(&wanted);
            related = cover
                .filter(|view| scene.root().is_ancestor_of(&view.target))
                .into_iter()
                .collect();
        }
        directory(driver, &wanted, Related { views: related, is_misspelt }, Purpose::Stage, scene);
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
    // `plugins/<driver>` at its own path is there for the socket.
    wanted.retain(|path| path.below(&all).is_some() || all.below(path).is_some());
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

/// The mounts that are meant to bring a directory of the kubelet into a container.
struct Related<'v, 'a> {
    views: Vec<&'v View<'a>>,
    /// They name another directory on both sides, below the same root.
    is_misspelt: bool,
}

/// Judges one directory of the kubelet in a driver's container.
fn directory(
    driver: &Driver<'_, '_>,
    wanted: &AbsPath,
    Related { views: related, is_misspelt }: Related<'_, '_>,
    purpose: Purpose,
    scene: &mut Scene<'_>,
) {
    let Driver { container, pod, .. } = *driver;
    let cover = container.resolve(wanted);
    if cover.is_some_and(View::is_unknown) {
        return;
    }
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
            // It's the same root: only the directory is another one.
            let rule = if is_misspelt { Rule::ParityBroken } else { Rule::MixedRoots };
            (purpose.rule(rule), view, message!("mixed-roots-mount"))
        }
    };
    let moved = scene.moved(view);
    let is_target_meant = view.target.below(scene.root()).is_some();
    let sides = [Some(&moved), Some(&view.target).filter(|_| is_target_meant)];
    let above = sides.into_iter().flatten().find(|side| wanted.below(side).is_some());
    let meant = above.unwrap_or(wanted).clone();
    let message = message
        .with("wanted", wanted)
        .with("container", &container.container.name)
        .with("mount", &view.target)
        .with("purpose", purpose.word())
        .with("directory", &meant)
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
    let is_way_out = |view: &View<'_>| {
        view.host.as_ref().is_some_and(|host| is_way_out(host, view.mount, &scene.context))
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
