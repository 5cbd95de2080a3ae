//! Pods that work where their kubelet has its state, in the many ways to write them.

use super::node::{Node, Style};
use super::pod::{Chance, Comes, Container, Mount, Pod, below};

const BIDIRECTIONAL: &str = "Bidirectional";

/// The driver's own mounts of the kubelet's directories.
const LAYOUTS: [&[&str]; 5] = [
    &["/pods"],
    &["/pods", "/plugins"],
    &["/pods", "/plugins/kubernetes.io/csi"],
    &[""],
    &["", "/pods"],
];

/// How the sockets' URLs are spelled, before a path that begins with a slash.
const SCHEMES: [&str; 3] = ["unix://", "", "unix:"];

pub(crate) fn style(chance: &mut Chance) -> Style {
    let json = chance.one_in(5);
    Style {
        json,
        escaped: json && chance.one_in(3),
        indented: chance.one_in(2),
        comments: chance.one_in(3),
        carriage_returns: chance.one_in(6),
        final_break: !chance.one_in(4),
        turns: (0..5).map(|_| u8::try_from(chance.of(15)).unwrap()).collect(),
    }
}

/// The pods of a stream: mostly a driver's, one or two drivers in it, and what goes with it.
pub(crate) fn pods(chance: &mut Chance) -> Vec<Pod> {
    let mut pods = vec![driver_pod(chance)];
    if chance.one_in(4) {
        pods.push(controller());
    }
    if chance.one_in(4) {
        pods.push(agent(chance));
    }
    pods
}

pub(crate) fn nodes(pods: &[Pod]) -> Vec<Node> {
    pods.iter().map(Pod::node).collect()
}

fn volume_of(rest: &str) -> String {
    let name = rest.trim_start_matches('/').replace(['/', '_', '.'], "-");
    if name.is_empty() { "kubelet-dir".to_owned() } else { format!("{name}-dir") }
}

fn driver_pod(chance: &mut Chance) -> Pod {
    let mut pod = Pod {
        kind: chance.pick(&["DaemonSet", "Pod", "StatefulSet"]),
        name: "example-node".to_owned(),
        ..Pod::default()
    };
    let names: &[&str] =
        if chance.one_in(6) { &["example.csi", "files.example.csi"] } else { &["example.csi"] };
    for name in names {
        add_driver(&mut pod, name, chance);
    }
    if chance.one_in(4) {
        let volume = pod.host("plugins-dir", &below("/plugins"), None);
        pod.init.push(Container {
            name: "prepare".to_owned(),
            image: "example/tools:v1".to_owned(),
            command: vec!["sh".to_owned(), "-c".to_owned()],
            args: vec![format!("mkdir -p {} && echo done", below("/plugins/example.csi"))],
            mounts: vec![Mount::of(&volume, &below("/plugins"))],
            ..Container::default()
        });
    }
    for number in 0..chance.of(4) {
        add_neighbour(&mut pod, number, chance);
    }
    pod
}

/// A driver and its registrar, which agree on a socket.
fn add_driver(pod: &mut Pod, name: &str, chance: &mut Chance) {
    let short = name.replace('.', "-");
    let layout = chance.pick(&LAYOUTS);
    let mut driver = Container {
        name: format!("{short}-driver"),
        image: "registry.example.com/driver:v1.2.3".to_owned(),
        privileged: true,
        ..Container::default()
    };
    for rest in layout {
        let slash = if chance.one_in(8) { "/" } else { "" };
        let kind = chance.pick(&[None, Some("DirectoryOrCreate"), Some("Directory")]);
        let path = format!("{}{slash}", below(rest));
        let volume = pod.host(&volume_of(rest), &path, kind);
        driver.mounts.push(Mount::of(&volume, &below(rest)).spread(BIDIRECTIONAL));
    }
    let plugin = format!("/plugins/{name}");
    let mut registrar = Container {
        name: format!("{short}-registrar"),
        image: chance
            .pick(&["registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.13.0", "mirror/r:1"])
            .to_owned(),
        ..Container::default()
    };
    // The socket's directory in the registrar's container, and in the driver's.
    let through_layout = layout.iter().any(|rest| plugin.starts_with(rest));
    let (mount, registrars, drivers) = match chance.of(4) {
        1 => {
            let volume = pod.host(&format!("{short}-socket"), &below(&plugin), None);
            (Mount::of(&volume, &below(&plugin)), below(&plugin), below(&plugin))
        }
        2 => {
            let volume = pod.host("plugins-dir", &below("/plugins"), None);
            (Mount::of(&volume, "/csi").sub(name), "/csi".to_owned(), "/csi".to_owned())
        }
        choice => {
            let kind = chance.pick(&[Some("DirectoryOrCreate"), None]);
            let volume = pod.host(&format!("{short}-socket"), &below(&plugin), kind);
            let drivers =
                if choice == 3 && through_layout { below(&plugin) } else { "/csi".into() };
            (Mount::of(&volume, "/csi"), "/csi".to_owned(), drivers)
        }
    };
    registrar.mounts.push(mount.clone());
    if mount.at == drivers {
        driver.mounts.push(mount.clone());
    }
    endpoint(&mut driver, &format!("{drivers}/csi.sock"), chance);
    let address = format!("{registrars}/csi.sock");
    if chance.one_in(4) {
        registrar.env.push(("ADDRESS".to_owned(), address.clone()));
        registrar.args.push("--csi-address=$(ADDRESS)".to_owned());
    } else {
        registrar.args.push(format!("--csi-address={address}"));
    }
    registration_path(&mut registrar, name, chance);
    if registrars == "/csi" && chance.one_in(8) {
        // Files of its own, where it has nothing of the node's: the path that it only hands on
        // isn't in its container.
        let volume = pod.volume("settings", Comes::ConfigMap);
        let at = format!("/var/lib/kubelet{plugin}");
        registrar.mounts.push(Mount::of(&volume, &at).read_only());
    }
    registration_directory(pod, &mut registrar, chance);
    if chance.one_in(4) {
        driver.args.push(format!("--kubelet-dir={}", below("")));
    }
    if chance.one_in(3) {
        pod.containers.push(Container {
            name: format!("{short}-liveness"),
            image: "registry.k8s.io/sig-storage/livenessprobe:v2.15.0".to_owned(),
            args: vec![format!("--csi-address={address}")],
            mounts: vec![mount],
            ..Container::default()
        });
    }
    let at = if chance.one_in(2) { 0 } else { pod.containers.len() };
    pod.containers.insert(at, driver);
    pod.containers.push(registrar);
}

fn endpoint(driver: &mut Container, socket: &str, chance: &mut Chance) {
    let url = format!("{}{socket}", chance.pick(&SCHEMES));
    match chance.of(4) {
        0 => driver.args.push(format!("--endpoint={url}")),
        1 => driver.args.extend(["--endpoint".to_owned(), url]),
        2 => {
            driver.args.push("--endpoint=$(CSI_ENDPOINT)".to_owned());
            driver.env.push(("CSI_ENDPOINT".to_owned(), url));
        }
        _ => driver.env.push(("CSI_ENDPOINT".to_owned(), url)),
    }
}

fn registration_path(registrar: &mut Container, name: &str, chance: &mut Chance) {
    const FLAG: &str = "--kubelet-registration-path";
    let path = below(&format!("/plugins/{name}/csi.sock"));
    let mut set = |name: &str, value: &str| registrar.env.push((name.to_owned(), value.to_owned()));
    match chance.of(5) {
        0 => registrar.args.push(format!("{FLAG}={path}")),
        1 => registrar.args.extend([FLAG.to_owned(), path]),
        2 => {
            set("DRIVER_REG_SOCK_PATH", &path);
            registrar.args.push(format!("{FLAG}=$(DRIVER_REG_SOCK_PATH)"));
        }
        3 => {
            set("ROOT", &below(""));
            set("DRIVER", name);
            registrar.args.push(format!("{FLAG}=$(ROOT)/plugins/$(DRIVER)/csi.sock"));
        }
        _ => {
            set("ROOT", &below(""));
            set("DIR", &format!("$(ROOT)/plugins/{name}"));
            set("SOCKET", "$(DIR)/csi.sock");
            registrar.args.push(format!("{FLAG}=$(SOCKET)"));
        }
    }
}

fn registration_directory(pod: &mut Pod, registrar: &mut Container, chance: &mut Chance) {
    const REGISTRY: &str = "plugins_registry";
    let kind = chance.pick(&[Some("Directory"), Some("DirectoryOrCreate"), None]);
    let (volume, at) = match chance.of(4) {
        3 => {
            let volume = pod.host(&volume_of(""), &below(""), None);
            registrar.mounts.push(Mount::of(&volume, "/registration").sub(REGISTRY));
            return;
        }
        choice => {
            let path = below("/plugins_registry");
            let volume = pod.host("registration-dir", &path, kind);
            (volume, ["/registration".to_owned(), "/reg".to_owned(), path][choice].clone())
        }
    };
    if at != "/registration" {
        registrar.args.push(format!("--plugin-registration-path={at}"));
    }
    registrar.mounts.push(Mount::of(&volume, &at));
}

/// Another container of the pod, that has to do with the kubelet's directories or seems so.
fn add_neighbour(pod: &mut Pod, number: usize, chance: &mut Chance) {
    let mut other = Container {
        name: format!("other-{number}"),
        image: "example/other:v3".to_owned(),
        ..Container::default()
    };
    match chance.of(8) {
        0 => {
            let volume = pod.host("pods-dir", &below("/pods"), None);
            let mut mount = Mount::of(&volume, &below("/pods")).read_only();
            mount.propagation = chance.pick(&[None, Some("HostToContainer"), Some("None")]);
            other.mounts.push(mount);
            other.args.push(format!("--pods={}", below("/pods")));
        }
        1 => {
            let volume = pod.host("pod-resources", &below("/pod-resources"), None);
            other.mounts.push(Mount::of(&volume, "/var/lib/kubelet/pod-resources").read_only());
            other.args.push("--socket=/var/lib/kubelet/pod-resources/kubelet.sock".to_owned());
        }
        2 => {
            let at = "/var/lib/kubelet/device-plugins";
            let volume = pod.host("device-plugins", at, None);
            other.mounts.push(Mount::of(&volume, at));
        }
        3 => {
            let volume = pod.host("host-dir", "/", None);
            other.mounts.push(Mount::of(&volume, "/host").read_only());
            other.args.push(format!("--root=/host{}", below("/pods")));
        }
        4 => {
            let volume = pod.volume("cache", Comes::Empty);
            other.mounts.push(Mount::of(&volume, &below("/example-cache")));
            other.args.push(format!("--cache={}", below("/example-cache/files")));
        }
        5 => {
            let volume = pod.volume("settings", Comes::ConfigMap);
            other.mounts.push(Mount::of(&volume, "/etc/settings").read_only());
            other.args.push("--like=/host-var/lib/kubelet/x".to_owned());
            other.env.push(("LIKE".to_owned(), "/var/lib/kubelet-podresources/y".to_owned()));
        }
        6 => {
            other.command =
                ["nsenter", "--mount=/proc/1/ns/mnt", "--", "ls"].map(Into::into).into();
            other.args.push(below("/pods"));
            other.privileged = true;
        }
        _ => {
            let volume = pod.host("pki", "/var/lib/kubelet/pki", None);
            other.mounts.push(Mount::of(&volume, "/var/lib/kubelet/pki").read_only());
        }
    }
    pod.containers.push(other);
}

fn controller() -> Pod {
    let mut pod = Pod { kind: "Deployment", name: "controller".to_owned(), ..Pod::default() };
    let volume = pod.volume("socket-dir", Comes::Empty);
    let container = |name: &str, image: &str, argument: &str| Container {
        name: name.to_owned(),
        image: image.to_owned(),
        args: vec![argument.to_owned()],
        mounts: vec![Mount::of(&volume, "/csi")],
        ..Container::default()
    };
    let containers = vec![
        container("provisioner", "mirror/csi-provisioner:v5", "--csi-address=/csi/csi.sock"),
        container(
            "driver",
            "registry.example.com/driver:v1.2.3",
            "--endpoint=unix:///csi/csi.sock",
        ),
    ];
    pod.containers = containers;
    pod
}

/// A pod that is no driver and reads what the kubelet has.
fn agent(chance: &mut Chance) -> Pod {
    let mut pod = Pod { kind: "DaemonSet", name: "agent".to_owned(), ..Pod::default() };
    let volume = pod.host("kubelet-dir", &below(""), None);
    // What is compiled into it are the kubelet's usual paths.
    let mut container = Container {
        name: "agent".to_owned(),
        image: "example/agent:v1".to_owned(),
        args: vec!["--kubelet=/var/lib/kubelet".to_owned()],
        mounts: vec![Mount::of(&volume, "/var/lib/kubelet").read_only()],
        ..Container::default()
    };
    if chance.one_in(2) {
        let volume = pod.host("pods-dir", &below("/pods"), None);
        container.mounts = vec![Mount::of(&volume, &below("/pods")).read_only()];
        container.args = vec![format!("--pods={}", below("/pods"))];
        pod.volumes.remove(0);
    }
    pod.containers.push(container);
    pod
}
