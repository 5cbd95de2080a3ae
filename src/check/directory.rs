//! A directory of the kubelet in a driver's container: at the kubelet's own path, and shared with the host.

use super::scene::Scene;
use super::view::{ContainerView, PodView, View};
use crate::decide::candidates::is_way_out;
use crate::finding::{Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::AbsPath;
use crate::words::{Message, message};

/// A driver's container, with what is asked of it for each of the kubelet's directories.
pub(super) struct Driver<'v, 'a> {
    pub(super) container: &'v ContainerView<'a>,
    pod: &'v PodView<'a>,
    pub(super) way_out: Option<WayOut>,
    /// Whether the node's whole filesystem is mounted, two-way.
    shares_all: bool,
}

impl<'v, 'a> Driver<'v, 'a> {
    pub(super) fn of(
        container: &'v ContainerView<'a>,
        pod: &'v PodView<'a>,
        scene: &Scene<'_>,
    ) -> Self {
        let is_all = |view: &View<'_>| {
            let host = view.host.as_ref();
            view.mount.is_bidirectional() && host.is_some_and(|host| host.depth() == 0)
        };
        let shares_all = container.views.iter().any(is_all);
        Self { container, pod, way_out: way_out(container, scene), shares_all }
    }
}

/// What a directory of the kubelet is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Volumes are mounted there for each pod.
    Publish,
    /// Volumes are mounted there once for the node.
    Stage,
}

impl Purpose {
    pub(super) fn roles(self) -> &'static [Role] {
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
pub(super) struct Related<'v, 'a> {
    pub(super) views: Vec<&'v View<'a>>,
    /// They name another directory on both sides, below the same root.
    pub(super) is_misspelt: bool,
}

/// Judges one directory of the kubelet in a driver's container.
pub(super) fn directory(
    driver: &Driver<'_, '_>,
    wanted: &AbsPath,
    related: Related<'_, '_>,
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
    if related.views.is_empty() {
        // A driver that mounts nothing of the kind may not need it: nobody can tell.
        return;
    }
    let Some((rule, view, message)) = amiss(cover, &related, wanted, purpose) else { return };
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
    for view in related.views.into_iter().chain(cover) {
        scene.explain_view(view);
    }
}

/// The mount that is to be mended, and what is said of it. `cover` stands where the kubelet's path is.
fn amiss<'v, 'a>(
    cover: Option<&'v View<'a>>,
    related: &Related<'v, 'a>,
    wanted: &AbsPath,
    purpose: Purpose,
) -> Option<(Rule, &'v View<'a>, Message)> {
    // The mount stands where the kubelet's path is, but shows something else; or the kubelet's
    // directory is mounted, but at another path; or neither.
    let shows =
        |view: &&View<'_>| view.host.as_ref().is_some_and(|host| wanted.below(host).is_some());
    if let Some(view) = cover.or_else(|| related.views.iter().copied().find(shows)) {
        let host = view.host.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
        let message = message!("parity-broken", host = host);
        return Some((purpose.rule(Rule::ParityBroken), view, message));
    }
    // It's the same root where only the directory is another one.
    let rule = if related.is_misspelt { Rule::ParityBroken } else { Rule::MixedRoots };
    let view = related.views.first().copied()?;
    Some((purpose.rule(rule), view, message!("mixed-roots-mount")))
}

/// Whether what is mounted below a view reaches the host.
pub(super) fn propagates(
    driver: &Driver<'_, '_>,
    view: &View<'_>,
    purpose: Purpose,
    scene: &mut Scene<'_>,
) {
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
pub(super) enum WayOut {
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
