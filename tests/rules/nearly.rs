//! The clean manifest with what is nearly right: a name that is misspelt, a mount that was forgotten,
//! a path that isn't filled in.

use super::otherwise::{
    CONTAINERS, DRIVER_IMAGE, ENDPOINT, REGISTRAR_IMAGE, SHARED, VOLUMES, clean_volume, container,
    finds, mount, shared, volume,
};

const REGISTERED: &str =
    "--kubelet-registration-path=/data/kubelet/plugins/files.csi.example.org/csi.sock";

#[test]
fn what_is_shared_below_the_root_and_is_none_of_the_kubelets_was_meant_for_its_pods() {
    for (path, more, expected) in [
        ("/data/kubelet/pod", &[SHARED][..], "error parity-broken: path: /data/kubelet/pod"),
        ("/data/kubelet/Pods", &[SHARED], "error parity-broken: path: /data/kubelet/Pods"),
        ("/data/kubelet-pods", &[SHARED], "error parity-broken: path: /data/kubelet-pods"),
        ("/data/kubelet/volumes", &[SHARED], "error parity-broken: path: /data/kubelet/volumes"),
        // What isn't shared, or lies elsewhere, is the driver's own affair.
        ("/data/kubelet/pod", &[], ""),
        ("/data/kubelet/files/volumes", &[SHARED], ""),
        ("/data/volumes", &[SHARED], ""),
    ] {
        // Whether or not it says where it listens.
        for endpoint in [ENDPOINT, ""] {
            let expected: Vec<&str> = [expected].into_iter().filter(|it| !it.is_empty()).collect();
            finds(
                &[
                    (&(shared("pods") + &shared("plugins")), &mount("own", path, more)),
                    (&(clean_volume("pods") + &clean_volume("plugins")), &volume("own", path)),
                    (ENDPOINT, endpoint),
                ],
                &expected,
            );
        }
    }
}

#[test]
fn beside_the_kubelets_pods_a_driver_may_share_what_it_likes() {
    let path = "/data/kubelet/volumes";
    finds(
        &[
            (&shared("plugins"), &(shared("plugins") + &mount("own", path, &[SHARED]))),
            (VOLUMES, &(VOLUMES.to_owned() + &volume("own", path))),
        ],
        &[],
    );
    // Through the host it mounts for pods without any of the kubelet's directories.
    let own = mount("own", path, &[SHARED]) + &mount("host", "/host", &[SHARED]);
    let volumes = volume("own", path) + &volume("host", "/");
    finds(
        &[
            (&(shared("pods") + &shared("plugins")), &own),
            (&(clean_volume("pods") + &clean_volume("plugins")), &volumes),
        ],
        &[],
    );
}

#[test]
fn a_directory_for_staging_is_misspelt_only_where_no_other_is_shared() {
    let wrong = "/data/kubelet/plugin";
    let mounts = mount("own", wrong, &[SHARED]);
    let volumes = VOLUMES.to_owned() + &volume("own", wrong);
    let expected = &["error staging-not-shared: path: /data/kubelet/plugin"][..];
    finds(&[(&shared("plugins"), &mounts), (VOLUMES, &volumes)], expected);
    let both = shared("plugins") + &mounts;
    finds(&[(&shared("plugins"), &both), (VOLUMES, &volumes)], &[]);
}

#[test]
fn a_volume_of_the_pods_that_no_driver_mounts_was_forgotten() {
    let pods = shared("pods");
    let forgotten = &["warning parity-broken: path: /data/kubelet/pods"][..];
    finds(&[(&pods, "")], forgotten);
    // What registers the driver doesn't mount volumes.
    let registrars = mount("registration-dir", "/registration", &[]);
    let more = mount("pods-dir", "/data/kubelet/pods", &[]);
    finds(&[(&pods, ""), (&registrars, &(registrars.clone() + &more))], forgotten);
    // Someone else does, or the whole root is there, or it's a part of a pod.
    let mounter = container("mounter", "example.org/files/mounter:v1", "", &more);
    let init = format!("      initContainers:\n{mounter}{CONTAINERS}");
    finds(&[(&pods, ""), (CONTAINERS, &init)], &[]);
    let root = mount("root", "/host/kubelet", &[]);
    let volumes = VOLUMES.to_owned() + &volume("root", "/data");
    finds(&[(&pods, &root), (VOLUMES, &volumes)], &[]);
    let image = format!("          image: {DRIVER_IMAGE}\n");
    finds(&[(&pods, ""), (&image, "")], &[]);
}

#[test]
fn a_driver_that_listens_beside_the_registered_socket_may_make_that_one_too() {
    let other = ENDPOINT.replace("csi.sock", "files.sock");
    let registered = format!("warning registration-path: - {REGISTERED}");
    // The first endpoint is the driver's.
    finds(&[(ENDPOINT, &other)], &[&registered]);
    let named = other.clone() + "            - --second=/csi/csi.sock\n";
    finds(&[(ENDPOINT, &named)], &[]);
    let image = format!("          image: {DRIVER_IMAGE}\n");
    let given = "          envFrom:\n            - configMapRef:\n                name: files\n";
    finds(&[(ENDPOINT, &other), (&image, &(image.clone() + given))], &[]);
    // Another container may make it.
    let proxy =
        container("proxy", "example.org/files/proxy:v1", "", &mount("socket-dir", "/csi", &[]));
    finds(&[(ENDPOINT, &other), (CONTAINERS, &(CONTAINERS.to_owned() + &proxy))], &[]);
    // Elsewhere it is another socket.
    let elsewhere = ENDPOINT.replace("csi.sock", "files/files.sock");
    finds(&[(ENDPOINT, &elsewhere)], &[]);
}

#[test]
fn kubernetes_fills_in_only_its_own_spelling() {
    let arguments = format!(
        "          args:\n            - --csi-address=/csi/csi.sock\n            - {REGISTERED}"
    );
    let changed = |command: &str, value: &str| {
        let registered = format!("--kubelet-registration-path={value}");
        format!("{command}{}", arguments.replace(REGISTERED, &registered))
    };
    for (command, value, found) in [
        ("", "$SOCKET", "registration-path"),
        ("", "${SOCKET}", "registration-path"),
        ("", "$(SOCKET)", "undefined-variable"),
        ("", "data/kubelet/plugins/files.csi.example.org/csi.sock", "registration-path"),
        // Nobody knows what becomes of it.
        ("", "KUBELET/plugins/files.csi.example.org/csi.sock", ""),
        ("          command: [sh, -c]\n", "$SOCKET", ""),
    ] {
        let line = format!("warning {found}: - --kubelet-registration-path={value}");
        let expected = [line.as_str()].into_iter().filter(|_| !found.is_empty());
        let args = changed(command, value);
        finds(&[(&arguments, &args)], &expected.collect::<Vec<_>>());
    }
    // A program of its own may fill it in itself.
    let args = changed("", "$SOCKET");
    finds(&[(&arguments, &args), (REGISTRAR_IMAGE, DRIVER_IMAGE)], &[]);
    // Something else has to fill in the image before.
    let image = (DRIVER_IMAGE, "${REGISTRY}/driver:v1");
    finds(&[(&arguments, &args), image], &[]);
}

#[test]
fn a_directory_in_which_the_registrar_registers_is_told_of_once() {
    let directory = mount("registration-dir", "/registration", &[]);
    let drivers = directory.clone() + &shared("pods");
    let (pods, wanted) = (shared("pods"), clean_volume("plugins_registry"));
    let wanted = wanted.replace("plugins_registry-dir", "registration-dir");
    let other = volume("registration-dir", "/var/lib/kubelet/plugins_registry");
    let found = "error registration-dir: path: /var/lib/kubelet/plugins_registry";
    finds(&[(&wanted, &other), (&pods, &drivers)], &[found]);
    // Where nobody is known to register there, it's told of whoever has the directory.
    let image = (REGISTRAR_IMAGE, "example.org/files/agent:v1");
    let registered = format!("            - {REGISTERED}\n");
    let elsewhere = directory.replace("registration-dir", "socket-dir");
    let changes = [(&*wanted, &*other), (&pods, &drivers), (&directory, &elsewhere)];
    let registrars = "error registration-dir: path: /data/kubelet/plugins/files.csi.example.org";
    finds(&changes, &[registrars, found]);
    finds(&[(&wanted, &other), image, (&registered, "")], &[found]);
}
