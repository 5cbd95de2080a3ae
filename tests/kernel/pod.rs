//! A driver's pod, and the manifest that says so.

use std::fmt::Write as _;

/// The default root.
pub(crate) const OLD: &str = "/var/lib/kubelet";
/// Another root.
pub(crate) const NEW: &str = "/data/kubelet";

pub(crate) const BIDIRECTIONAL: Option<&str> = Some("Bidirectional");
pub(crate) const HOST_TO_CONTAINER: Option<&str> = Some("HostToContainer");

/// A mount of the driver's container, with a volume of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    /// The hostPath; an emptyDir has none.
    pub(crate) host: Option<String>,
    /// The mountPath.
    pub(crate) at: String,
    pub(crate) propagation: Option<&'static str>,
    pub(crate) read_only: bool,
}

impl Mount {
    pub(crate) fn of(host: &str, at: &str) -> Self {
        Self { host: Some(host.to_owned()), ..Self::empty(at) }
    }

    pub(crate) fn empty(at: &str) -> Self {
        Self { host: None, at: at.to_owned(), propagation: None, read_only: false }
    }

    pub(crate) fn spread(self, propagation: Option<&'static str>) -> Self {
        Self { propagation, ..self }
    }

    pub(crate) fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }
}

/// A pod with a registrar that is right, and a driver.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    /// Where the kubelet lives.
    pub(crate) root: &'static str,
    /// Whether `/data` is a file system of its own on the node.
    pub(crate) own_disk: bool,
    /// Whether the driver is privileged.
    pub(crate) privileged: bool,
    /// The driver's mounts, beside that of its socket.
    pub(crate) mounts: Vec<Mount>,
}

impl Pod {
    /// All mounts of the driver, that of its socket too.
    pub(crate) fn driver(&self) -> Vec<Mount> {
        let mut mounts = self.mounts.clone();
        mounts.push(Mount::of(&format!("{}/plugins/drv", self.root), "/csi"));
        mounts
    }

    /// Whether a mount inside of a Bidirectional one comes up on the node over a directory, or
    /// above or below it, and shows something else than what was there.
    pub(crate) fn covers_on_node(&self, directory: &str) -> bool {
        let outer = self.mounts.iter().filter(|mount| mount.propagation == BIDIRECTIONAL);
        outer.filter_map(|outer| Some((outer, outer.host.as_ref()?))).any(|(outer, host)| {
            self.mounts.iter().filter(|inner| inner.at != outer.at).any(|inner| {
                let Some(below) = rest(&inner.at, &outer.at) else { return false };
                let place = format!("{host}{below}");
                let is_near =
                    rest(directory, &place).is_some() || rest(&place, directory).is_some();
                is_near && inner.host.as_ref() != Some(&place)
            })
        })
    }

    pub(crate) fn manifest(&self) -> String {
        let root = self.root;
        let (mut mounts, mut volumes) = (String::new(), String::new());
        for (index, mount) in self.driver().iter().enumerate() {
            write!(mounts, "    - {{name: v{index}, mountPath: {}", mount.at).unwrap();
            if let Some(propagation) = mount.propagation {
                write!(mounts, ", mountPropagation: {propagation}").unwrap();
            }
            if mount.read_only {
                mounts.push_str(", readOnly: true");
            }
            mounts.push_str("}\n");
            let source = mount.host.as_ref().map_or_else(
                || "emptyDir: {}".to_owned(),
                |host| format!("hostPath: {{path: {host}}}"),
            );
            writeln!(volumes, "  - {{name: v{index}, {source}}}").unwrap();
        }
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: node}}\nspec:\n  containers:\n  \
             - name: registrar\n    \
             image: registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0\n    \
             args:\n    - --csi-address=/csi/csi.sock\n    \
             - --kubelet-registration-path={root}/plugins/drv/csi.sock\n    \
             volumeMounts:\n    - {{name: socket, mountPath: /csi}}\n    \
             - {{name: registration, mountPath: /registration}}\n  \
             - name: driver\n    image: example/driver:v1\n    \
             securityContext: {{privileged: {}}}\n    volumeMounts:\n{mounts}  volumes:\n  \
             - {{name: socket, hostPath: {{path: {root}/plugins/drv}}}}\n  \
             - {{name: registration, hostPath: {{path: {root}/plugins_registry}}}}\n{volumes}",
            self.privileged
        )
    }
}

/// What of a path lies below a directory, with its slash.
pub(crate) fn rest<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    path.strip_prefix(directory).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}
