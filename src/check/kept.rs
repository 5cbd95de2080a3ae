//! What doesn't follow the root, and what is reached through the wrong mount.

use super::view::{ContainerView, Leads, PodView};
use super::{Scene, is_there};
use crate::decide::{Action, Analysis, Context, Reason};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::{HostSide, Role};
use crate::kubepath::AbsPath;
use crate::roots::{DEFAULT_ROOT, TO};
use crate::sites::{Field, Site};
use std::collections::HashSet;

/// Judges the mounts of a pod, whatever it is for; `own` are its sites.
pub(super) fn judge(pod: &PodView<'_>, own: &[&Site], scene: &mut Scene<'_>) {
    for (number, container) in pod.containers.iter().enumerate() {
        same_place_twice(container, scene);
        through_sub_path(container, scene);
        let own = own.iter().copied().filter(|site| site.container == Some(number));
        if !behind_root(container, own, scene) && !pod.registration.is_driver_pod() {
            whole_root(container, scene);
        }
    }
}

/// What a container looks for behind a mount of the root, and isn't there; says whether there is
/// such a thing.
fn behind_root<'s>(
    container: &ContainerView<'_>,
    own: impl Iterator<Item = &'s Site>,
    scene: &mut Scene<'_>,
) -> bool {
    let before = scene.findings.len();
    for site in own {
        let is_reference = matches!(site.field, Field::Env(_) | Field::Line(_));
        let root = scene.context.roots.all().get(site.lie.root);
        let path = match site.lie.via {
            Some(_) => AbsPath::parse(&site.path),
            None => root.map(|root| root.join(&site.lie.rest)),
        };
        let Some(path) = path.filter(|_| is_reference && !site.in_regex) else { continue };
        let Leads::ToHost(host) = container.leads(&path) else { continue };
        let Some((TO, rest)) = scene.context.roots.locate(&host) else { continue };
        let row = scene.context.knowledge.role(rest);
        if row.role != Role::DevicePlugins || scene.root().to_string() == DEFAULT_ROOT {
            continue;
        }
        let why = row.why.clone().unwrap_or_default();
        let message = format!("{} is {host} on the node, which isn't there: {why}", site.path);
        let help = format!(
            "give container `{}` a volume of its own for {DEFAULT_ROOT}/device-plugins",
            container.container.name
        );
        scene.find_once(Rule::StaysBelowMovedMount, Severity::Error, site.node, message, help);
    }
    scene.findings.len() > before
}

/// Two mounts at one place, which the API server refuses.
fn same_place_twice(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    // As the API server compares them: letter by letter.
    let mut seen: HashSet<&str> = HashSet::new();
    let twice = container.views.iter().find(|view| !seen.insert(view.written()));
    let Some(twice) = twice.filter(|view| scene.context.roots.locate(&view.target).is_some())
    else {
        return;
    };
    scene.find(
        Rule::DuplicateMountPath,
        Severity::Error,
        twice.mount.node,
        format!(
            "container `{}` mounts something at {} twice: the API server refuses the pod",
            container.container.name, twice.target
        ),
        "remove one of the two mounts, and its volume if nothing else uses it".to_owned(),
    );
}

/// A mount of something below the root by way of a subPath.
fn through_sub_path(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    for view in &container.views {
        let has_sub_path = view.mount.sub_path.as_ref().is_some_and(|path| !path.is_empty());
        let host = view.host.as_ref().filter(|_| has_sub_path);
        let Some(rest) = host.and_then(|host| scene.context.roots.locate(host)) else { continue };
        let row = scene.context.knowledge.role(rest.1);
        let (severity, why) = match &row.why {
            Some(why) if row.host == HostSide::Stays && rest.0 == TO => {
                if scene.root().to_string() == DEFAULT_ROOT {
                    continue;
                }
                (Severity::Error, format!("but {why}"))
            }
            _ => (Severity::Info, "and only the volume's hostPath follows the root".to_owned()),
        };
        scene.find(
            Rule::SubPath,
            severity,
            view.mount.node,
            format!(
                "container `{}` reaches {} through a subPath of its volume, {why}",
                container.container.name,
                host.map_or_else(String::new, ToString::to_string)
            ),
            "give the directory a volume of its own and mount that, without subPath".to_owned(),
        );
    }
}

/// The whole root in an agent that may also look for device plugins there.
fn whole_root(container: &ContainerView<'_>, scene: &mut Scene<'_>) {
    if scene.root().to_string() == DEFAULT_ROOT {
        return;
    }
    let Some(view) = container.views.iter().find(|view| view.host.as_ref() == Some(scene.root()))
    else {
        return;
    };
    scene.find(
        Rule::WholeRootMount,
        Severity::Info,
        view.mount.node,
        format!(
            "container `{}` has the whole of {}: what stays below {DEFAULT_ROOT} isn't there \
             (device-plugins, and the files that kubeadm writes: config.yaml, pki, kubeconfigs)",
            container.container.name,
            scene.root()
        ),
        format!("if it looks for one of them, mount {DEFAULT_ROOT}, or that part of it, too"),
    );
}

/// What the rules for rewriting found, as far as it's true of the manifests as they are.
pub(super) fn carried(analysis: &Analysis, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = context.roots.to();
    for (site, decision) in analysis.decided() {
        let row = context.knowledge.role(&site.lie.rest);
        let place = || vec![site.place()];
        let (rule, severity, message, help) = match (&decision.action, &decision.reason) {
            (Action::Move(_), Reason::GoesBack(why)) => (
                Rule::KeptUnderNewRoot,
                Severity::Error,
                format!("{} isn't there: {why}", site.path),
                format!("write it below {DEFAULT_ROOT} again"),
            ),
            (Action::Keep, Reason::Annotation) => (
                Rule::CopyInAnnotation,
                Severity::Info,
                format!("{} stands in an annotation, below another root than {root}", site.path),
                "if it's a copy of an object (last-applied-configuration), applying the object \
                 again renews it; otherwise mend what writes it"
                    .to_owned(),
            ),
            (Action::Keep, Reason::UnknownField) => (
                Rule::UnknownField,
                Severity::Warning,
                format!(
                    "{} stands in a field that isn't known here, below another root",
                    site.path
                ),
                format!("if it is a path on the node, it has to lie below {root}"),
            ),
            (Action::Keep, Reason::InRegex) if !is_there(site) => (
                Rule::RootInRegex,
                Severity::Warning,
                format!("{} stands inside a pattern, which won't match below {root}", site.path),
                format!("if the pattern is meant for the kubelet's files, write {root} there"),
            ),
            _ if is_there(site)
                && row.host == HostSide::Stays
                && row.role != Role::DevicePlugins
                && site.lie.via.is_none()
                && root.to_string() != DEFAULT_ROOT =>
            {
                let why = row.why.clone().unwrap_or_default();
                (
                    Rule::KeptUnderNewRoot,
                    Severity::Warning,
                    format!("{} lies below the kubelet's root, but {why}", site.path),
                    format!("if nothing puts it there, write it below {DEFAULT_ROOT} again"),
                )
            }
            _ => continue,
        };
        findings.push(Finding { rule, severity, places: place(), message, help });
    }
    // Of what was found on the way to another root, `stays-below-moved-mount` isn't true yet.
    let mut windows: HashSet<(usize, usize)> = HashSet::new();
    for site in analysis.sites.iter().filter(|site| site.windows.is_some()) {
        if windows.insert((site.doc, site.object)) {
            findings.push(Finding {
                rule: Rule::WindowsPath,
                severity: Severity::Info,
                places: vec![site.place()],
                message: "paths of Windows nodes aren't judged".to_owned(),
                help: "compare them with the root of the kubelet on your Windows nodes".to_owned(),
            });
        }
    }
    let carried = [Rule::UndefinedVariable, Rule::PathUnderNoMount];
    let key =
        |place: &Place| (place.doc, place.node, place.range.as_ref().map(|range| range.start));
    let mixed = findings.iter().filter(|known| known.rule == Rule::MixedRoots);
    let named: HashSet<_> = mixed.flat_map(|known| &known.places).map(key).collect();
    let is_said = |found: &Finding| found.places.iter().all(|place| named.contains(&key(place)));
    let same = analysis.findings.iter().filter(|found| carried.contains(&found.rule));
    let same: Vec<Finding> = same.filter(|found| !is_said(found)).cloned().collect();
    findings.extend(same.into_iter().map(|finding| match finding.rule {
        Rule::PathUnderNoMount => Finding {
            message: finding.message.split(';').next().unwrap_or("").to_owned(),
            severity: Severity::Info,
            ..finding
        },
        _ => finding,
    }));
}
