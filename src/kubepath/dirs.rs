//! What a kubelet calls its directories; what lies in them, and what follows the root, is in
//! `src/knowledge/roles.yaml`, where each has a row with its source.

/// The root itself, mostly.
pub(crate) const KUBELET: &str = "kubelet";

/// Where volumes are published, below a root.
///
/// Source: kubernetes/kubernetes:pkg/volume/csi/csi_mounter.go:85-94 at v1.36.3.
pub(crate) const PODS: &str = "pods";

/// What plugins have below a root: drivers their sockets, the kubelet what it stages.
pub(crate) const PLUGINS: &str = "plugins";

/// Where volumes are staged, below a root.
///
/// Source: kubernetes/kubernetes:pkg/volume/csi/csi_attacher.go:620-622 at v1.36.3.
pub(crate) const STAGED: &str = "plugins/kubernetes.io/csi";

/// Where a kubelet looks for the sockets of plugins that register, below a root.
pub(crate) const PLUGINS_REGISTRY: &str = "plugins_registry";

/// Where device plugins register. It doesn't follow the root.
pub(crate) const DEVICE_PLUGINS: &str = "device-plugins";

/// Where a kubelet tells of the devices of pods, below a root.
pub(crate) const POD_RESOURCES: &str = "pod-resources";
