//! Which driver a container is.

use super::version::may_be_in;
use super::words::Words;
use crate::decide::registration::Registration;
use crate::knowledge::driver::{
    ContainerRow, Driver, DriverId, Hidden, OperatorRow, Reach, Remedy, Whose,
};
use crate::knowledge::{Knowledge, image_is};
use crate::model::{Container, Pod};
use crate::roots::DEFAULT_ROOT;
use crate::yaml::Document;
use std::collections::BTreeSet;

/// What tells of a pod as a whole which driver's it is.
struct PodTraits<'k> {
    /// The names that it registers with the kubelet.
    registers: BTreeSet<String>,
    /// Its labels, as `key=value`.
    labels: BTreeSet<String>,
    /// The drivers that are known by one of these.
    drivers: Vec<(DriverId, &'k Driver)>,
    /// It has paths of a kubelet root.
    names_root: bool,
}

impl<'k> PodTraits<'k> {
    fn of(
        doc: &Document,
        pod: &Pod,
        registration: &Registration,
        names_root: bool,
        knowledge: &'k Knowledge,
    ) -> Self {
        // A socket's directory is called like its driver.
        let registers = registration
            .paths()
            .filter_map(|(_, path)| path.components().rev().nth(1).map(str::to_owned));
        // The labels stand beside the pod's specification.
        let around = doc.parent(pod.node);
        let labels = around
            .and_then(|object| doc.get(doc.get(object, "metadata")?, "labels"))
            .map_or(&[][..], |labels| doc.entries(labels));
        let labels = labels
            .iter()
            .filter_map(|&(key, value)| Some(format!("{}={}", doc.str(key)?, doc.str(value)?)));
        let (registers, labels): (BTreeSet<String>, BTreeSet<String>) =
            (registers.collect(), labels.collect());
        let known = knowledge.drivers();
        let registered = registers.iter().flat_map(|name| known.by_registered_name(name));
        let labelled = labels.iter().flat_map(|label| known.by_label(label));
        let drivers = registered.chain(labelled).collect();
        Self { registers, labels, drivers, names_root }
    }
}

/// Whether a pod says that it runs on Windows nodes.
pub(super) fn is_for_windows(doc: &Document, pod: &Pod) -> bool {
    is_for(doc, pod, "windows")
}

/// Whether a pod says that it runs on Linux nodes.
pub(in crate::decide) fn is_for_linux(doc: &Document, pod: &Pod) -> bool {
    is_for(doc, pod, "linux")
}

fn is_for(doc: &Document, pod: &Pod, system: &str) -> bool {
    let says = |mapping: &str, key: &str| {
        let value = doc.get(pod.node, mapping).and_then(|mapping| doc.get(mapping, key));
        value.and_then(|value| doc.str(value)) == Some(system)
    };
    says("nodeSelector", "kubernetes.io/os")
        || says("nodeSelector", "beta.kubernetes.io/os")
        || says("os", "name")
}

/// A container's row in the file of the driver that it is.
pub(super) struct Recognised<'k> {
    pub(super) driver: &'k Driver,
    pub(super) row: &'k ContainerRow,
}

/// A container's command line and every row that knows it; `None` for most, of which no driver's file
/// tells.
fn recognise<'k>(
    container: &Container,
    traits: &PodTraits<'k>,
    knowledge: &'k Knowledge,
) -> Option<(Words, Vec<Recognised<'k>>)> {
    let by_image = knowledge.drivers().by_image(&container.image);
    let mut candidates: Vec<(DriverId, &Driver)> =
        by_image.chain(traits.drivers.iter().copied()).collect();
    if candidates.is_empty() {
        return None;
    }
    candidates.sort_by_key(|(id, _)| *id);
    candidates.dedup_by_key(|(id, _)| *id);
    let words = Words::of(container);
    let is_sidecar = knowledge.images().is_sidecar(&container.image);
    let mut found = Vec::new();
    for (_, driver) in candidates {
        for row in &driver.containers {
            let by_image = row.images.iter().any(|image| image_is(&container.image, image));
            let has = |wanted: &[String], own: &BTreeSet<String>| {
                wanted.iter().any(|it| own.contains(it))
            };
            let by_pod = has(&row.registers, &traits.registers) || has(&row.labels, &traits.labels);
            if (by_image || (by_pod && !is_sidecar))
                && (row.reach == Reach::Anywhere || traits.names_root)
                && words.fit(row)
            {
                found.push(Recognised { driver, row });
            }
        }
    }
    Some((words, found))
}

/// Whether a container is known by its image and flags to take the kubelet's root itself from a
/// setting: it works at the kubelet's own paths then.
pub(in crate::decide) fn works_at_root(container: &Container, knowledge: &Knowledge) -> bool {
    has_setting(container, knowledge, |row, hidden| {
        let is_root = hidden.default.trim_end_matches('/') == DEFAULT_ROOT;
        let is_hosts = hidden.space == Whose::Host && hidden.action == Remedy::Insert;
        row.reach == Reach::Node && is_root && is_hosts
    })
}

/// Whether a container is known by its image and flags to register a driver with the kubelet, also
/// where it doesn't say under which path.
pub(in crate::decide) fn registers(container: &Container, knowledge: &Knowledge) -> bool {
    has_setting(container, knowledge, |_, hidden| {
        knowledge.settings().registration_flags().any(|flag| flag == hidden.name())
    })
}

/// Whether a row that knows a container by its image and flags has such a setting.
fn has_setting(
    container: &Container,
    knowledge: &Knowledge,
    is_wanted: impl Fn(&ContainerRow, &Hidden) -> bool,
) -> bool {
    let drivers = knowledge.drivers().by_image(&container.image);
    let mut rows = drivers.flat_map(|(_, driver)| &driver.containers).filter(|row| {
        row.images.iter().any(|image| image_is(&container.image, image))
            && row.hidden.iter().any(|hidden| is_wanted(row, hidden))
    });
    rows.any(|row| Words::of(container).fit(row))
}

/// What is known of the containers of a pod.
pub(in crate::decide) struct Known<'k> {
    /// By container: its command line, and the rows that know it.
    containers: Vec<Option<(Words, Vec<Recognised<'k>>)>>,
}

impl<'k> Known<'k> {
    /// `names_root` says that the pod has paths of a kubelet root.
    pub(in crate::decide) fn of(
        doc: &Document,
        pod: &Pod,
        registration: &Registration,
        names_root: bool,
        knowledge: &'k Knowledge,
    ) -> Self {
        // What is known is known of programs on Linux.
        if is_for_windows(doc, pod) {
            return Self { containers: Vec::new() };
        }
        let traits = PodTraits::of(doc, pod, registration, names_root, knowledge);
        let containers = pod.containers.iter();
        let containers = containers.map(|container| recognise(container, &traits, knowledge));
        Self { containers: containers.collect() }
    }

    /// What is known of a container.
    pub(super) fn container(&self, number: usize) -> Option<(&Words, &[Recognised<'k>])> {
        self.containers.get(number)?.as_ref().map(|(words, rows)| (words, rows.as_slice()))
    }

    /// Whether a driver is known to take a path of the node from this flag (without dashes) or
    /// variable of a container.
    pub(in crate::decide) fn is_host_setting(&self, number: usize, name: &str) -> bool {
        let rows = self.container(number).map_or(&[][..], |(_, rows)| rows);
        rows.iter().flat_map(|known| &known.row.hidden).any(|hidden| {
            hidden.space == Whose::Host
                && hidden.action != Remedy::Warn
                && (hidden.name() == name || hidden.aliases.iter().any(|alias| alias == name))
        })
    }
}

/// Every operator's row that knows this container.
pub(super) fn operators<'k>(
    container: &Container,
    knowledge: &'k Knowledge,
) -> Vec<(&'k Driver, &'k OperatorRow)> {
    let mut candidates: Vec<(DriverId, &Driver)> =
        knowledge.drivers().by_image(&container.image).collect();
    candidates.dedup_by_key(|(id, _)| *id);
    candidates.retain(|(_, driver)| !driver.operators.is_empty());
    if candidates.is_empty() {
        return Vec::new();
    }
    let words = Words::of(container);
    let rows = candidates
        .into_iter()
        .flat_map(|(_, driver)| driver.operators.iter().map(move |row| (driver, row)));
    rows.filter(|(_, row)| {
        row.images.iter().any(|image| image_is(&container.image, image))
            && row.flags.iter().all(|flag| words.have(flag))
            && may_be_in(&container.image, row.since.as_deref(), row.until.as_deref())
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Object, objects};
    use crate::source::Span;
    use crate::yaml::parse;

    /// A pod whose container runs an image with these arguments.
    fn pod(image: &str, arguments: &str) -> (Document, Vec<Object>) {
        let text = format!(
            "{{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: a, image: {image}, args: [{arguments}]}}]}}}}"
        );
        let doc = parse(&text, Span::new(0, text.len())).unwrap().remove(0);
        let objects = objects(&doc);
        (doc, objects)
    }

    #[test]
    fn only_a_node_plugin_that_is_told_the_root_works_there() {
        let knowledge = Knowledge::builtin().unwrap();
        for (image, arguments, expected) in [
            ("acs/csi-plugin:v1.30.0", "--run-node-service=true", true),
            ("acs/csi-plugin:v1.30.0", "--run-controller-service=true", false),
            // It is told a directory below the root.
            ("quay.io/cephcsi/cephcsi:v3.13.0", "--type=rbd, --nodeserver=true", false),
            // It writes the node plugin's manifest.
            ("longhornio/longhorn-manager:v1.7.0", "deploy-driver", false),
            // What it makes of its setting nobody should change.
            ("quay.io/kubevirt/virt-handler:v1.3.0", "", false),
            ("example.org/driver:v1", "--run-node-service=true", false),
        ] {
            let (_, objects) = pod(image, arguments);
            let container = &objects[0].pods[0].containers[0];
            assert_eq!(works_at_root(container, &knowledge), expected, "{image} {arguments}");
        }
    }

    #[test]
    fn a_setting_of_a_known_driver_is_the_nodes_if_its_row_says_so() {
        let knowledge = Knowledge::builtin().unwrap();
        let is_host = |image: &str, arguments: &str, name: &str| {
            let (doc, objects) = pod(image, arguments);
            let pod = &objects[0].pods[0];
            let registration = Registration::of(pod, &knowledge);
            Known::of(&doc, pod, &registration, true, &knowledge).is_host_setting(0, name)
        };
        let (ceph, flags) = ("cephcsi:v3.13.0", "--type=rbd, --nodeserver=true");
        assert!(is_host(ceph, flags, "pluginpath") && !is_host(ceph, flags, "v"));
        let (s3, flag) = ("aws-mountpoint-s3-csi-driver:v2.1.0", "--endpoint=unix:///csi/csi.sock");
        assert!(is_host(s3, flag, "HOST_KUBELET_PATH") && is_host(s3, flag, "KUBELET_PATH"));
        assert!(!is_host(s3, flag, "CONTAINER_KUBELET_PATH"), "its own path");
        assert!(!is_host("virt-handler:v1.3.0", "", "kubelet-root"), "nobody should change it");
    }
}
