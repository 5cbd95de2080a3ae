//! Programs that no table knows and that register themselves with the kubelet, as DRA drivers do: many have
//! both of the kubelet's directories built in, and a manifest doesn't tell.

use super::recognise::is_for_windows;
use crate::decide::candidates::may_be_driver;
use crate::decide::registration::Registration;
use crate::decide::{Analysis, Context};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::AbsPath;
use crate::model::{Container, Object, Pod, Sourced};
use crate::roots::DEFAULT_ROOT;
use crate::sites::{Field, Site, host_paths};
use crate::words::message;
use crate::yaml::Document;
use std::collections::HashSet;

/// A finding for each container that may have the directory built in in which it registers.
pub(in crate::decide) fn decide(
    docs: &[Sourced<'_>],
    analysis: &Analysis,
    context: &Context<'_>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if context.roots.is_to_default() {
        return findings;
    }
    // Few runs have such a container.
    let mut told: Option<Told<'_>> = None;
    for (index, (sourced, objects)) in docs.iter().zip(&analysis.objects).enumerate() {
        for (number, object) in objects.iter().enumerate() {
            for (pod_number, pod) in object.pods.iter().enumerate() {
                let mut containers = registering(sourced.doc, pod, context).peekable();
                if containers.peek().is_none() {
                    continue;
                }
                let told = told.get_or_insert_with(|| Told::of(analysis, context));
                if !told.knows((index, number, pod_number), object, pod, context) {
                    let found = containers.map(|(container, path)| {
                        finding(index, sourced.doc, container, &path, context)
                    });
                    findings.extend(found);
                }
            }
        }
    }
    findings
}

/// The containers of a pod without a registrar that no table knows and that can write where the kubelet
/// looks for sockets, each with the place where it has that directory.
fn registering<'a>(
    doc: &Document,
    pod: &'a Pod,
    context: &Context<'_>,
) -> impl Iterator<Item = (&'a Container, AbsPath)> {
    let is_dir = |path: &AbsPath| {
        let located = context.roots.locate(path);
        located.is_some_and(|(_, it)| context.role(it).role == Role::PluginsRegistry)
    };
    let dir_of = |container: &Container| {
        let mut mounts = container.mounts.iter().enumerate();
        mounts.find_map(|(index, mount)| {
            let target = mount.target().filter(|target| !mount.read_only && is_dir(target))?;
            let (_, shown) = host_paths(pod, container, index)?;
            is_dir(&shown).then_some(target)
        })
    };
    let is_unknown = |container: &Container| {
        !container.image.is_empty()
            && may_be_driver(container, context)
            && context.knowledge.drivers().by_image(&container.image).next().is_none()
    };
    let found = pod.containers.iter().filter_map(|container| Some((container, dir_of(container)?)));
    let mut found: Vec<_> = found.filter(|(container, _)| is_unknown(container)).collect();
    if !found.is_empty()
        && (Registration::of(pod, context.knowledge).is_driver_pod() || is_for_windows(doc, pod))
    {
        found.clear();
    }
    found.into_iter()
}

/// What in the run tells programs where the kubelet looks for sockets: by that directory, or by a root alone.
/// A socket below `plugins`, or the kubelet's own, doesn't.
struct Told<'a> {
    /// Pods in which something else than a volume or a mount does.
    pods: HashSet<(usize, usize, usize)>,
    /// ConfigMaps that do, by namespace and name.
    configs: HashSet<(&'a str, &'a str)>,
}

impl<'a> Told<'a> {
    fn of(analysis: &'a Analysis, context: &Context<'_>) -> Self {
        let mut told = Self { pods: HashSet::new(), configs: HashSet::new() };
        let tells = |site: &&Site| {
            let rest = &site.lie.rest;
            let is_dir = || context.role(rest).role == Role::PluginsRegistry;
            !site.commented && (rest.is_empty() || is_dir())
        };
        for site in analysis.sites.iter().filter(tells) {
            match (site.pod, &site.field) {
                (_, Field::HostPath(_) | Field::MountPath(_)) => {}
                (Some(pod), _) => {
                    told.pods.insert((site.doc, site.object, pod));
                }
                (None, _) => {
                    let objects = analysis.objects.get(site.doc);
                    let object = objects.and_then(|objects| objects.get(site.object));
                    let config = object.filter(|object| object.name.kind == "ConfigMap");
                    told.configs.extend(
                        config.map(|it| (it.name.namespace.as_str(), it.name.name.as_str())),
                    );
                }
            }
        }
        told
    }

    /// Whether a program in a pod is told, or may be: by a directory above the roots, or by variables that
    /// come from elsewhere.
    fn knows(
        &self,
        at: (usize, usize, usize),
        object: &Object,
        pod: &Pod,
        context: &Context<'_>,
    ) -> bool {
        let namespace = object.name.namespace.as_str();
        let from_elsewhere = pod.containers.iter().any(|container| {
            let mut variables = container.env.iter();
            !container.env_from.is_empty() || variables.any(|it| it.config_key.is_some())
        });
        let mut read = pod.containers.iter().flat_map(|container| container.configs(pod));
        let mut texts = pod.containers.iter().flat_map(Container::texts);
        from_elsewhere
            || texts.any(|text| is_above_roots(&text.value, context))
            || self.pods.contains(&at)
            || read.any(|(name, _)| self.configs.contains(&(namespace, name)))
    }
}

/// Whether an argument or a variable is a directory in which a root lies.
fn is_above_roots(text: &str, context: &Context<'_>) -> bool {
    let value = text.rsplit_once('=').map_or(text, |(_, value)| value);
    AbsPath::parse(value).is_some_and(|path| {
        let mut roots = context.roots.all().iter();
        path.name().is_some() && roots.any(|root| path.is_ancestor_of(root))
    })
}

fn finding(
    index: usize,
    doc: &Document,
    container: &Container,
    path: &AbsPath,
    context: &Context<'_>,
) -> Finding {
    let node = doc.get(container.node, "image").unwrap_or(container.node);
    Finding {
        rule: Rule::BuiltInRoot,
        severity: Severity::Warning,
        places: vec![Place { doc: index, node, range: None }],
        message: message!(
            "built-in-root-unknown",
            container = &container.name,
            mount = path,
            default = DEFAULT_ROOT,
            root = context.to(),
        ),
    }
}
