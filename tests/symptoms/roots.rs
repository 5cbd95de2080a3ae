//! Which root a line gives away, and what is no root.

use super::{ids, lines, only, symptoms};
use csi_relocate::symptoms::{Side, advice};

const UID: &str = "0f1e2d3c-4b5a-4697-8877-665544332211";

#[test]
fn the_root_is_told_and_whose_it_is() {
    let symptoms = symptoms();
    for (id, root, side) in [
        ("registry-not-a-directory", "/var/lib/kubelet", Side::Manifest),
        ("kubelet-dir-not-a-directory", "/var/lib/kubelet", Side::Manifest),
        ("registered-socket-missing", "/var/lib/kubelet", Side::Either),
        ("registered-socket-refused", "/var/lib/kubelet", Side::Either),
        ("registration-not-confirmed", "/var/lib/kubelet", Side::Either),
        ("staging-path-missing", "/data/k8s/kubelet", Side::Kubelets),
        ("globalmount-not-created", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("staged-volume-missing", "/data/kubelet", Side::Kubelets),
        ("mount-point-missing", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("target-dir-not-created", "/data/kubelet", Side::Kubelets),
        ("target-dir-read-only", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("block-device-not-on-node", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("device-plugin-not-reached", "/var/lib/kubelet", Side::Either),
        ("provider-cannot-write", "/var/differentpath/var/lib/kubelet", Side::Kubelets),
        ("target-not-on-node", "/var/snap/microk8s/common/var/lib/kubelet", Side::Kubelets),
        ("mount-dir-not-empty", "/data/kubelet", Side::Kubelets),
        ("mount-not-shared", "/var/lib/kubelet", Side::Either),
        ("sidecar-cannot-connect", "/var/lib/kubelet", Side::Either),
        ("stale-registration-socket", "/var/lib/kubelet", Side::Kubelets),
        ("pod-dir-is-mount-point", "/var/lib/kubelet", Side::Kubelets),
    ] {
        let line = lines(id).remove(0);
        let roots = only(&symptoms, &line).roots;
        let found: Vec<_> = roots.iter().map(|seen| (seen.root.to_string(), seen.side)).collect();
        assert_eq!(found, [(root.to_owned(), side)], "{id}");
    }
}

/// A program that compares two roots says which is whose, whatever they are called.
#[test]
fn a_line_may_tell_both_roots() {
    let symptoms = symptoms();
    for (line, kubelets, manifest) in [
        (0, "/data01/k8s/kubelet", "/data01/kubelet"),
        (1, "/var/snap/microk8s/common/var/lib/kubelet", "/var/lib/kubelet"),
        (2, "/mnt/k8s", "/var/lib/kubelet"),
    ] {
        let line = lines("root-refused").remove(line);
        let groups = symptoms.explain(&line);
        let mut advice = advice(&groups, None);
        assert_eq!(advice.kubelets.pop().unwrap().to_string(), kubelets);
        assert_eq!(advice.manifests.pop().unwrap().to_string(), manifest);
        assert!(advice.kubelets.is_empty() && advice.manifests.is_empty());
    }
    // The same directory with a slash behind it is the same root.
    let same = lines("root-refused").remove(2).replace("/mnt/k8s", "/var/lib/kubelet");
    let found = advice(&symptoms.explain(&same), None);
    assert_eq!((found.kubelets.len(), found.manifests.len()), (1, 0));
}

/// Where only the first missing directory is told, it has to be one that a root may lie in.
#[test]
fn a_read_only_directory_is_above_a_root() {
    let symptoms = symptoms();
    for (directory, is_told) in [
        ("/data", true),
        ("/var/lib/kubelet", true),
        ("/var/lib/kubelet/plugins", true),
        ("/a/b/c/d/kubelet/pods", true),
        ("/a/b/c/d/e", false),
        ("/usr", false),
        ("/etc/kubernetes", false),
        ("/run/kubelet", false),
        ("/usrlocal", true),
    ] {
        let line =
            format!("rpc error: code = Internal desc = mkdir {directory}: read-only file system");
        assert_eq!(!symptoms.explain(&line).is_empty(), is_told, "{directory}");
    }
}

const ROOTS: [&str; 11] = [
    "/var/lib/kubelet",
    "/data/kubelet",
    "/data/kubelet2",
    "/mnt/kubelet-data",
    "/var/data/kubelet",
    "/var/vcap/data/kubelet",
    "/var/lib/k0s/kubelet",
    "/opt/rke/var/lib/kubelet",
    "/var/snap/microk8s/common/var/lib/kubelet",
    "/srv/pods/plugins/kubelet",
    "/mnt/k8s",
];

#[test]
fn roots_are_inferred_from_what_only_they_have() {
    let symptoms = symptoms();
    for root in ROOTS {
        for below in [
            &*format!("pods/{UID}/volumes/kubernetes.io~csi/pvc-1/mount"),
            &*format!("pods/{UID}/volumeDevices/kubernetes.io~csi/pvc-1"),
            &*format!("pods/{UID}"),
            "pods/xxx/volumes/kubernetes.io~csi/pvc-1/mount",
            "plugins/kubernetes.io/csi/nfs.csi.k8s.io/0a1b/globalmount",
            "plugins_registry",
            "plugins_registry/nfs.csi.k8s.io-reg.sock",
            "plugins/csi-nfsplugin/csi.sock",
            "plugins/smb.csi.k8s.io/registration",
            "csi-plugins/disk/csi.sock",
        ] {
            let found = symptoms.root_of(&format!("{root}/{below}")).map(|root| root.to_string());
            assert_eq!(found.as_deref(), Some(root), "{below}");
        }
        // Other programs have such directories, too.
        for below in ["pods", "plugins", "plugins/a/b/c.sock", "plugins/smb"] {
            let found = symptoms.root_of(&format!("{root}/{below}")).map(|root| root.to_string());
            let expected = root.rsplit('/').next().unwrap().contains("kubelet").then_some(root);
            assert_eq!(found.as_deref(), expected, "{root}/{below}");
        }
    }
    for nothing in [
        "/csi/csi.sock",
        "/plugins_registry/x-reg.sock",
        "/var/log/pods/kube-system_app_uid/app/0.log",
        "/var/lib/kubelet/config.yaml",
        "/var/lib/kubelet/device-plugins/kubelet.sock",
        "/proc/1/root/var/lib/kubelet/pods",
        "/host/var/lib/kubelet/pods",
        "/run/containerd/plugins/io.x/csi.sock",
        "/etc/plugins/readme",
        "/usr/bin/kubelet",
        "/srv/ci/pods/build",
        "relative/kubelet/pods",
        "/data/kubelet;rm/pods",
        "/a/../../plugins_registry",
        "",
    ] {
        assert_eq!(symptoms.root_of(nothing), None, "{nothing}");
    }
    assert_eq!(symptoms.root_of("/data/kubelet").unwrap().to_string(), "/data/kubelet");
}

/// A line that speaks of drivers makes a kubelet's of a directory that is just called `plugins`.
#[test]
fn the_rest_of_the_line_counts() {
    let symptoms = symptoms();
    let dial = "dial unix /mnt/k8s/plugins/nfs/nfs.sock: connect: no such file or directory";
    let check = "hostPath type check failed: /mnt/k8s/pods is not a directory";
    for line in [
        format!("plugin registration failed with err: {dial}"),
        format!("[pod/csi-nfs-node-abcde/nfs] {dial}"),
        format!("MountVolume.SetUp failed for volume \"pods-mount-dir\" : {check}"),
        format!("MountVolume.SetUp failed for volume \"pods\" pod \"smb-csi-x\" : {check}"),
    ] {
        let group = only(&symptoms, &line);
        assert_eq!(group.roots.first().unwrap().root.to_string(), "/mnt/k8s", "{line}");
    }
    let other = format!("MountVolume.SetUp failed for volume \"pods\" : {check}");
    for line in [dial, check, &other] {
        assert_eq!(ids(&symptoms.explain(line)), [""; 0], "{line}");
    }
    // No evidence makes a root of what can't be one.
    let line = "[pod/csi-nfs-node-abcde/nfs] dial unix /run/docker/plugins/x/csi.sock: connect: \
                no such file or directory";
    assert_eq!(ids(&symptoms.explain(line)), [""; 0]);
}
