//! Propagation: what the driver mounts below the root has to reach the host.
//!
//! Without `mountPropagation: Bidirectional` every pod is Ready, every claim is Bound, and the
//! data is written to the node's own disk.

use super::mounts::{MountView, resolve};
use super::registration::{Registration, expand};
use super::{Context, Propagation};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::Role;
use crate::kubepath::find_paths;
use crate::model::{Container, ContainerKind, Mount, Pod};
use crate::yaml::{Document, NodeId};

/// Finds the driver's container and says where it lacks propagation. `at` is document and object.
pub(super) fn decide(
    doc: &Document,
    pod: &Pod,
    views: &[Vec<MountView>],
    registration: &Registration,
    context: &Context<'_>,
    at: (usize, usize),
    findings: &mut Vec<Finding>,
) -> Vec<Propagation> {
    if !registration.is_driver_pod() {
        return Vec::new();
    }
    let candidates: Vec<Candidate<'_>> = pod
        .containers
        .iter()
        .zip(views)
        .filter_map(|(container, views)| Candidate::of(container, views, context))
        .collect();
    let driver = match candidates.as_slice() {
        [] => return Vec::new(),
        [only] => only,
        several => {
            let mut reaching =
                several.iter().filter(|candidate| candidate.reaches_socket(registration));
            match (reaching.next(), reaching.next()) {
                (Some(driver), None) => driver,
                _ => {
                    findings.extend(ambiguous(several, at.0));
                    return Vec::new();
                }
            }
        }
    };
    let lacking: Vec<&Mount> =
        driver.mounts.iter().copied().filter(|mount| !mount.is_bidirectional()).collect();
    let mut insertions = Vec::new();
    for mount in lacking {
        let declared = mount.propagation.as_ref().map(|text| text.value.as_str());
        let mendable = driver.container.privileged && matches!(declared, None | Some("None"));
        if mendable {
            insertions.push(Propagation {
                doc: at.0,
                object: at.1,
                mount: mount.node,
                replaces: mount.propagation.as_ref().map(|text| text.node),
                written_like: enum_value_nearby(doc, pod, driver.container),
            });
        } else if driver.judged(mount) {
            findings.push(missing(driver, mount, declared, at.0));
        }
    }
    insertions
}

/// A container that could be the driver: regular, no sidecar, with a writable parity mount of
/// the root or of the pods directory.
struct Candidate<'a> {
    container: &'a Container,
    views: &'a [MountView],
    /// Its parity mounts whose content the host has to see.
    mounts: Vec<&'a Mount>,
    /// The mounts among them that make it a candidate.
    publishing: Vec<NodeId>,
    /// Mounts through helpers on the host: it sees the host's whole filesystem.
    sees_host: bool,
}

impl<'a> Candidate<'a> {
    fn of(container: &'a Container, views: &'a [MountView], context: &Context<'_>) -> Option<Self> {
        if container.kind != ContainerKind::Regular
            || context.knowledge.images().is_sidecar(&container.image)
        {
            return None;
        }
        let mut mounts = Vec::new();
        let mut publishing = Vec::new();
        for view in views {
            let Some(mount) = container.mounts.get(view.index) else {
                continue;
            };
            let Some(rest) =
                view.below_new_root(context).filter(|_| view.has_parity() && !mount.read_only)
            else {
                continue;
            };
            match context.knowledge.role(rest).role {
                Role::Root => publishing.push(mount.node),
                Role::Pods if rest.len() == 1 => publishing.push(mount.node),
                Role::Plugins => {}
                Role::Staging if rest.len() <= 3 => {}
                _ => continue,
            }
            mounts.push(mount);
        }
        let sees_host = views.iter().filter_map(|view| view.host.as_ref()).any(|host| {
            host.depth() == 0
                || host.to_string().starts_with("/run/systemd")
                || host.to_string().starts_with("/var/run/dbus")
        });
        (!publishing.is_empty()).then_some(Self { container, views, mounts, publishing, sees_host })
    }

    /// Whether an argument or a variable of the container names the socket that is registered.
    fn reaches_socket(&self, registration: &Registration) -> bool {
        let values = self.container.env.iter().filter_map(|variable| variable.value.as_ref());
        let texts = values.chain(self.container.command_line.iter().map(|line| &line.text));
        texts.flat_map(|text| find_paths(&expand(self.container, &text.value))).any(|(_, path)| {
            let Some(view) = resolve(self.views, &path) else {
                return false;
            };
            let on_host =
                path.below(&view.target).and_then(|rest| Some(view.host.as_ref()?.join(rest)));
            // Half-moved input: the registrar's path may lie below another root than the volume.
            registration.paths().any(|(_, registered)| {
                on_host.as_ref().is_some_and(|path| {
                    registered == path || same_tail(registered.components(), path.components())
                })
            })
        })
    }

    /// Whether a lack of propagation in this mount loses what the driver publishes.
    fn judged(&self, mount: &Mount) -> bool {
        self.publishing.contains(&mount.node)
    }
}

/// Whether two sockets below different roots are the same driver's: `plugins/<driver>/<socket>`.
fn same_tail(left: &[String], right: &[String]) -> bool {
    left.len() >= 3 && right.len() >= 3 && left.iter().rev().take(3).eq(right.iter().rev().take(3))
}

/// A scalar whose quotes show how this container's author writes such values: another
/// mount's propagation, else the container's own pull policy, else nothing.
fn enum_value_nearby(doc: &Document, pod: &Pod, container: &Container) -> Option<NodeId> {
    let own = container.mounts.iter();
    let all = pod.containers.iter().flat_map(|container| &container.mounts);
    own.chain(all).find_map(|mount| mount.propagation.as_ref().map(|text| text.node)).or_else(
        || {
            ["imagePullPolicy", "terminationMessagePolicy"]
                .iter()
                .find_map(|key| doc.get(container.node, key))
        },
    )
}

fn missing(driver: &Candidate<'_>, mount: &Mount, declared: Option<&str>, doc: usize) -> Finding {
    let path = mount.path.as_ref().map_or("", |path| path.value.as_str());
    let name = &driver.container.name;
    let (message, help) = match declared {
        Some(value) if value != "None" => (
            format!(
                "the driver's mount of {path} has mountPropagation `{value}`: what container `{name}` mounts there stays \
                 inside it and pods write to the node's own disk"
            ),
            "write mountPropagation: Bidirectional here, if the driver mounts volumes itself".to_owned(),
        ),
        _ => (
            format!(
                "the driver's mount of {path} doesn't propagate to the host, and container `{name}` isn't \
                 privileged: pods would write to the node's own disk"
            ),
            "set securityContext.privileged: true and mountPropagation: Bidirectional; the API server \
             refuses the one without the other"
                .to_owned(),
        ),
    };
    let severity = if driver.sees_host { Severity::Warning } else { Severity::Error };
    Finding {
        rule: Rule::PropagationMissing,
        severity,
        places: vec![Place { doc, node: mount.node, range: None }],
        message,
        help,
    }
}

fn ambiguous(candidates: &[Candidate<'_>], doc: usize) -> Option<Finding> {
    let lacking: Vec<&Candidate<'_>> = candidates
        .iter()
        .filter(|candidate| {
            candidate
                .mounts
                .iter()
                .any(|mount| candidate.judged(mount) && !mount.is_bidirectional())
        })
        .collect();
    let first = lacking.first()?;
    let names: Vec<String> =
        lacking.iter().map(|candidate| format!("`{}`", candidate.container.name)).collect();
    Some(Finding {
        rule: Rule::PropagationAmbiguous,
        severity: Severity::Warning,
        places: first.publishing.iter().take(1).map(|&node| Place { doc, node, range: None }).collect(),
        message: format!(
            "several containers could be the driver; {} mount the root without Bidirectional propagation",
            names.join(", ")
        ),
        help: "write mountPropagation: Bidirectional on the mount of the container that mounts volumes".to_owned(),
    })
}
