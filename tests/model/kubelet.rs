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
    /// Two mounts at one place, one of something of a kubelet's: the API server refuses the pod.
    TwoMounts,
    /// Bidirectional without `privileged`: the API server refuses the pod.
    Unprivileged,
    /// The same of other mounts: the API server refuses the pod, whatever the root is.
    RefusedElsewhere,
    /// The kubelet doesn't watch where the registrar's socket is.
    NotWatched,
    /// What registers the driver is no program that is known, and hasn't what a registrar needs.
    UnknownProgram,
    /// Nothing listens where the kubelet dials.
    NotDialled,
    /// The same where registrar or driver has no mount at all.
    Bare,
    /// The driver's socket is called otherwise than the one that the kubelet dials.
    OtherName,
    /// A socket is to be made in a directory that is mounted read-only.
    NotMade,
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
    /// What is mounted into the driver's container comes up on the node, over a kubelet's directory.
    Covers,
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
            broken.extend(refused(container, root));
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
            broken.extend(covers(driver, root));
        }
    }
    broken.sort();
    broken.dedup();
    broken
}

/// What the API server refuses. Whether a third root is one, nobody can tell from such a mount.
fn refused(container: &Container, root: &str) -> Vec<Broken> {
    let mounts = &container.mounts;
    let is_below = |mount: &Mount| {
        mount.is_of(|path| [root, DEFAULT].iter().any(|it| rest(path, it).is_some()))
    };
    let mut broken = Vec::new();
    for (number, mount) in mounts.iter().enumerate() {
        if mounts[..number].iter().any(|other| other.at == mount.at) {
            broken.push(if is_below(mount) { Broken::TwoMounts } else { Broken::RefusedElsewhere });
        }
    }
    for mount in mounts.iter().filter(|mount| mount.is_shared() && !container.privileged) {
        let is_below = is_below(mount);
        broken.push(if is_below { Broken::Unprivileged } else { Broken::RefusedElsewhere });
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
    let is_bare = registrar.mounts.is_empty();
    let (place, through) = registrar.see(&directory);
    match place {
        Place::Host(path) if path == registry => {
            if is_known && through.is_some_and(|mount| mount.read_only) {
                broken.push(Broken::NotMade);
            }
        }
        Place::Host(_) => broken.push(Broken::NotWatched),
        _ if is_bare => broken.push(Broken::Bare),
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
    if is_bare {
        broken.push(Broken::Bare);
    } else if reached == Place::Own && !is_known {
        broken.push(Broken::UnknownProgram);
    } else if reached != dialled {
        broken.push(Broken::NotDialled);
    } else if !listens.is_empty() && !is_heard {
        let is_bare = drivers.iter().any(|driver| driver.mounts.is_empty());
        broken.push(match (several, is_named_so) {
            (true, _) => Broken::OneNotDialled,
            (_, false) => Broken::OtherName,
            _ if is_bare => Broken::Bare,
            _ => Broken::NotDialled,
        });
    }
    let heard: Vec<&&Container> =
        drivers.iter().filter(|driver| driver.endpoint() == Some(dialled.clone())).collect();
    if let [driver] = heard.as_slice()
        && driver.directory_of_socket().is_some_and(|mount| mount.read_only)
    {
        broken.push(Broken::NotMade);
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

/// A mount inside of one that the node sees is seen by the node too. It lies over what is there, which
/// does no harm where it's the same.
fn covers(driver: &Container, root: &str) -> Option<Broken> {
    const OWN: [&str; 5] =
        ["", "/pods", "/plugins", "/plugins/kubernetes.io/csi", "/plugins_registry"];
    let is_own = |path: &str| OWN.iter().any(|own| path == format!("{root}{own}"));
    driver.mounts.iter().find_map(|inner| {
        let directory = clean(&inner.at);
        let directory = directory.rsplit_once('/')?.0;
        let (Place::Host(covered), Some(outer)) = driver.see(directory) else { return None };
        let name = inner.at.rsplit('/').find(|part| !part.is_empty())?;
        let covered = format!("{covered}/{name}");
        let is_same = inner.place == Place::Host(covered.clone());
        (outer.is_shared() && is_own(&covered) && !is_same).then_some(Broken::Covers)
    })
}

/// A volume is staged below the root's `plugins`, if the driver does such a thing: it does if any
/// directory that is made for it is mounted, or a whole root at its own path. `plugins` alone is one in
/// which drivers have their socket, unless they have the pods too, or want it to be shared.
fn staging(driver: &Container, root: &str, roots: &[&str]) -> Option<Broken> {
    let below = |path: &str, child: &str| {
        roots.iter().any(|it| rest(path, &format!("{it}{child}")).is_some())
    };
    let of_plugins = |path: &str| roots.iter().any(|root| path == format!("{root}/plugins"));
    let of_staging = |path: &str| below(path, "/plugins/kubernetes.io");
    let of_pods = |path: &str| roots.contains(&path) || below(path, "/pods");
    let has_pods = driver.mounts.iter().any(|mount| mount.is_of(of_pods));
    let is_staging = |mount: &Mount| {
        mount.is_of(of_staging) || (mount.is_of(of_plugins) && (has_pods || mount.is_shared()))
    };
    let is_root = |mount: &Mount| {
        let at = clean(&mount.at);
        roots.contains(&at.as_str()) && mount.place == Place::Host(at)
    };
    if !driver.mounts.iter().any(|mount| is_staging(mount) || is_root(mount)) {
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
