//! The reference model: what a kubelet, a registrar, a driver and the API server would come to.
//!
//! It reads a manifest by itself and knows nothing of the program. What it holds to be so is what a
//! kubelet in another root was seen to do, and what the kubelet's, the registrar's and the container
//! runtime's sources say.

use super::read::{Container, Mount, Place, PodSpec, clean, rest};

/// Where a kubelet has its state if nobody says so.
const DEFAULT: &str = "/var/lib/kubelet";

/// The longest path of a socket, without its last byte.
const LONGEST: usize = 107;

/// What goes wrong on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Broken {
    /// Two mounts at one place below a root: the API server refuses the pod.
    TwoMounts,
    /// Two mounts at another place: the API server refuses the pod, whatever the root is.
    TwoElsewhere,
    /// Bidirectional without `privileged`: the API server refuses the pod.
    Unprivileged,
    /// The kubelet doesn't watch where the registrar's socket is.
    NotWatched,
    /// What registers the driver is no program that is known, and hasn't what a registrar needs.
    UnknownProgram,
    /// Nothing listens where the kubelet dials.
    NotDialled,
    /// The driver's socket is called otherwise than the one that the kubelet dials.
    OtherName,
    /// One of several registrars doesn't lead the kubelet to a driver's socket.
    OneNotDialled,
    /// A socket's path is longer than the kernel takes.
    TooLong,
    /// The directory of pods isn't at the kubelet's own path in the driver's container.
    PodsNotThere,
    /// The driver has nothing of a kubelet's that it could publish volumes in.
    NoPods,
    /// What the driver mounts for pods stays in its container.
    PodsNotShared,
    /// The driver can't make directories in the pods' directory.
    PodsReadOnly,
    /// What the driver stages, is elsewhere on the node, or is gone when it starts again.
    StagingNotThere,
    /// What the driver stages stays in its container.
    StagingNotShared,
    /// The driver can't make directories in the staging directory.
    StagingReadOnly,
    /// The kubelet's device plugins are elsewhere.
    DevicePlugins,
    /// A directory of a kubelet that isn't there, by its type.
    Missing,
    /// A container has a kubelet's directory that this kubelet doesn't use.
    Blind,
    /// A setting names a directory of a kubelet that isn't there.
    Dangling,
    /// One of these three, of a root that nothing but such a path tells of.
    OfThirdRoot,
}

/// All that goes wrong with a manifest where the kubelet's state is in `root`; `roots` are those that
/// some kubelet might have.
pub(crate) fn judge(pods: &[PodSpec], root: &str, roots: &[&str]) -> Vec<Broken> {
    let mut broken: Vec<Broken> = Vec::new();
    for pod in pods {
        let drivers: Vec<&Container> = pod.containers.iter().filter(|it| it.is_driver()).collect();
        for container in pod.containers.iter().chain(&pod.init) {
            broken.extend(refused(container, roots));
            broken.extend(directories(container, root, roots));
        }
        let several = pod.containers.iter().filter(|it| it.is_registrar()).count() > 1;
        for registrar in pod.containers.iter().filter(|it| it.is_registrar()) {
            broken.extend(registration(registrar, &drivers, root, several));
        }
        let registered = pod.containers.iter().any(Container::is_registrar);
        // What else may be a root, nobody can tell from the driver's mounts alone.
        let known = [root, DEFAULT];
        for driver in drivers.iter().filter(|_| registered) {
            broken.extend(publishing(driver, root, &known));
            broken.extend(staging(driver, root, &known));
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

fn refused(container: &Container, roots: &[&str]) -> Vec<Broken> {
    let mounts = &container.mounts;
    let twice = |at: &str| mounts.iter().filter(|mount| mount.at == at).count() > 1;
    let mut broken = Vec::new();
    for mount in mounts.iter().filter(|mount| twice(&mount.at)) {
        let is_below = roots.iter().any(|root| rest(&mount.at, root).is_some());
        broken.push(if is_below { Broken::TwoMounts } else { Broken::TwoElsewhere });
    }
    if !container.privileged && mounts.iter().any(Mount::is_shared) {
        broken.push(Broken::Unprivileged);
    }
    broken
}

fn registration(
    registrar: &Container,
    drivers: &[&Container],
    root: &str,
    several: bool,
) -> Vec<Broken> {
    let mut broken = Vec::new();
    let directory = registrar.flag("plugin-registration-path");
    let directory = directory.unwrap_or_else(|| "/registration".to_owned());
    let registry = format!("{root}/plugins_registry");
    let is_known = registrar.image.contains("node-driver-registrar");
    match registrar.see(&directory).0 {
        Place::Host(path) if path == registry => {}
        Place::Host(_) => broken.push(Broken::NotWatched),
        _ if is_known => broken.push(Broken::NotWatched),
        _ => broken.push(Broken::UnknownProgram),
    }
    let Some(path) = registrar.flag("kubelet-registration-path") else { return broken };
    let dialled = Place::Host(clean(&path));
    let listens: Vec<String> = drivers.iter().filter_map(|it| it.address()).collect();
    let is_heard = drivers.iter().any(|driver| driver.endpoint() == Some(dialled.clone()));
    let file = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let is_named_so = listens.iter().any(|address| file(address) == file(&path));
    // The registrar asks the driver itself for its name, before it hands on the path.
    let address = registrar.flag("csi-address").unwrap_or_else(|| "/run/csi/socket".to_owned());
    let reached = registrar.see(&address).0;
    if reached == Place::Own && !is_known {
        broken.push(Broken::UnknownProgram);
    } else if reached != dialled {
        broken.push(Broken::NotDialled);
    } else if !listens.is_empty() && !is_heard {
        broken.push(match (several, is_named_so) {
            (true, _) => Broken::OneNotDialled,
            (_, false) => Broken::OtherName,
            _ => Broken::NotDialled,
        });
    }
    let name = path.rsplit('/').nth(1).unwrap_or_default();
    let socket = format!("{registry}/{name}-reg.sock");
    if path.len() > LONGEST || socket.len() > LONGEST {
        broken.push(Broken::TooLong);
    }
    broken
}

/// A volume is mounted at a path below the root's `pods`, which the kubelet says.
fn publishing(driver: &Container, root: &str, roots: &[&str]) -> Option<Broken> {
    let of_pods = |path: &str| {
        roots.iter().any(|root| path == *root || rest(path, &format!("{root}/pods")).is_some())
    };
    let target = format!("{root}/pods/uid/volumes/kubernetes.io~csi/claim/mount");
    let (place, through) = driver.see(&target);
    match through {
        Some(mount) if place == Place::Host(target) => {
            if mount.read_only {
                Some(Broken::PodsReadOnly)
            } else {
                (!mount.is_shared()).then_some(Broken::PodsNotShared)
            }
        }
        _ if driver.mounts.iter().any(|mount| mount.is_of(of_pods)) => Some(Broken::PodsNotThere),
        _ => Some(Broken::NoPods),
    }
}

/// A volume is staged below the root's `plugins`, if the driver does such a thing: it does if any
/// directory that is made for it is mounted, or a whole root at its own path.
fn staging(driver: &Container, root: &str, roots: &[&str]) -> Option<Broken> {
    let of_plugins = |path: &str| {
        roots.iter().any(|root| {
            let plugins = format!("{root}/plugins");
            path == plugins || rest(path, &format!("{plugins}/kubernetes.io")).is_some()
        })
    };
    let is_root = |mount: &Mount| {
        let at = clean(&mount.at);
        roots.contains(&at.as_str()) && mount.place == Place::Host(at)
    };
    if !driver.mounts.iter().any(|mount| mount.is_of(of_plugins) || is_root(mount)) {
        return None;
    }
    let target = format!("{root}/plugins/kubernetes.io/csi/example/hash/globalmount");
    let (place, through) = driver.see(&target);
    match through {
        Some(mount) if place == Place::Host(target) => {
            if mount.read_only {
                Some(Broken::StagingReadOnly)
            } else {
                (!mount.is_shared()).then_some(Broken::StagingNotShared)
            }
        }
        _ => Some(Broken::StagingNotThere),
    }
}

/// The kubelet's directories that a container has, and those that its settings name.
fn directories(container: &Container, root: &str, roots: &[&str]) -> Vec<Broken> {
    let mut broken = Vec::new();
    // The longest root is the one that a path is below: one may lie in another.
    let below = |path: &str| {
        let roots = roots.iter().filter_map(|root| Some((*root, rest(path, root)?.to_owned())));
        roots.max_by_key(|(root, _)| root.len())
    };
    let is_known = |of: &str| of == root || of == DEFAULT;
    for mount in &container.mounts {
        let Place::Host(path) = &mount.place else { continue };
        let Some((of, rest)) = below(path) else { continue };
        match rest.split('/').nth(1).unwrap_or_default() {
            "device-plugins" | "pki" if of == DEFAULT => {}
            _ if !is_known(of) => broken.push(Broken::OfThirdRoot),
            "device-plugins" => broken.push(Broken::DevicePlugins),
            _ if of != root && mount.kind.as_deref() == Some("Directory") => {
                broken.push(Broken::Missing);
            }
            _ if of != root => broken.push(Broken::Blind),
            _ => {}
        }
    }
    for word in container.settings() {
        let of = below(&clean(&word)).map(|(of, _)| of).filter(|of| *of != root);
        if let Some(of) = of
            && container.see(&word).1.is_none()
        {
            broken.push(if is_known(of) { Broken::Dangling } else { Broken::OfThirdRoot });
        }
    }
    broken
}
