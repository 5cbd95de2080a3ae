//! Pods with a mistake or two in them.

use super::consistent;
use super::pod::{Chance, Comes, Container, Mount, Pod, Volume, below};
use super::text;

/// Pods that may not work anywhere.
pub(crate) fn pods(chance: &mut Chance) -> Vec<Pod> {
    let mut pods = consistent::pods(chance);
    for _ in 0..chance.of(3) {
        spoil(&mut pods[0], chance);
    }
    pods
}

/// Puts roots into a manifest: mostly one, and another in some of the places.
pub(crate) fn fill(open: &str, old: &str, new: &str, other: &str, chance: &mut Chance) -> String {
    let main = chance.pick(&[new, old]);
    let roots: Vec<&str> = (0..text::places(open))
        .map(|_| match chance.of(16) {
            15 if main == new => old,
            15 => new,
            14 => other,
            _ => main,
        })
        .collect();
    // Many have no mistake of this kind at all.
    let whole = chance.one_in(2);
    text::fill(open, false, |place| if whole { main } else { roots[place] })
}

fn driver(pod: &mut Pod) -> &mut Container {
    pod.containers.iter_mut().find(|it| it.name.ends_with("-driver")).unwrap()
}

fn registrar(pod: &mut Pod) -> &mut Container {
    pod.containers.iter_mut().find(|it| it.name.ends_with("-registrar")).unwrap()
}

/// One of a container's mounts; one whose mounts are all gone has none.
fn some(container: &mut Container, which: usize) -> Option<&mut Mount> {
    let count = container.mounts.len().max(1);
    container.mounts.get_mut(which % count)
}

fn remove(container: &mut Container, which: usize) {
    if !container.mounts.is_empty() {
        container.mounts.remove(which % container.mounts.len());
    }
}

fn spoil(pod: &mut Pod, chance: &mut Chance) {
    let which = chance.of(4);
    match chance.of(14) {
        0 => {
            let propagation = chance.pick(&[None, Some("None"), Some("HostToContainer")]);
            if let Some(mount) = some(driver(pod), which) {
                mount.propagation = propagation;
            }
        }
        1 => driver(pod).privileged = false,
        2 => {
            if let Some(mount) = some(driver(pod), which) {
                mount.read_only = true;
            }
        }
        3 => remove(driver(pod), which),
        4 => remove(registrar(pod), which),
        5 => registrar(pod).args.iter_mut().for_each(|word| *word = word.replace(".sock", ".s")),
        6 => {
            let rest = chance.pick(&["/pods", "/plugins", "/plugins/kubernetes.io/csi"]);
            let volume = pod.volume("nothing", Comes::Empty);
            driver(pod).mounts.push(Mount::of(&volume, &below(rest)));
        }
        7 => {
            if let Some(twin) = some(driver(pod), which).cloned() {
                driver(pod).mounts.push(twin);
            }
        }
        8 => {
            let volume = pod.host("device-plugins", &below("/device-plugins"), None);
            driver(pod).mounts.push(Mount::of(&volume, "/var/lib/kubelet/device-plugins"));
        }
        9 => {
            let at = chance.pick(&["/host-kubelet", "/csi-data"]);
            if let Some(mount) = some(driver(pod), which) {
                mount.at = at.to_owned();
            }
        }
        10 => {
            if let Some(mount) = some(registrar(pod), which) {
                mount.at = "/elsewhere".to_owned();
            }
        }
        11 => {
            let name = "a-driver-with-a-name-so-long-that-its-socket-has-no-place-in-a-path-for-it";
            for volume in &mut pod.volumes {
                if let Comes::Host { path, .. } = &mut volume.comes {
                    *path = path.replace("/plugins/example.csi", &format!("/plugins/{name}"));
                }
            }
            let long = |word: &mut String| *word = word.replace("example.csi", name);
            for container in &mut pod.containers {
                container.args.iter_mut().for_each(long);
                container.env.iter_mut().for_each(|(_, value)| long(value));
                for mount in &mut container.mounts {
                    long(&mut mount.at);
                    mount.sub_path.iter_mut().for_each(long);
                }
            }
        }
        12 => {
            // Another directory of the node at the place of the pods.
            let volume = pod.host("srv", "/srv/pods", None);
            driver(pod).mounts.push(Mount::of(&volume, &below("/pods")).spread("Bidirectional"));
        }
        _ => {
            let name = driver(pod).mounts.last().map(|mount| mount.volume.clone());
            let named = |volume: &Volume| Some(&volume.name) == name.as_ref();
            for volume in pod.volumes.iter_mut().filter(|volume| named(volume)) {
                volume.comes = Comes::Empty;
            }
        }
    }
}

/// Takes propagation away from one driver's mounts of the kubelet's directories, all or some; how
/// many it were.
pub(crate) fn drop_propagation(pods: &mut [Pod], chance: &mut Chance) -> usize {
    let none = chance.pick(&[None, Some("None")]);
    let all = chance.one_in(2);
    let mut count = 0;
    for mount in &mut driver(&mut pods[0]).mounts {
        if mount.propagation.is_some() && (all || count == 0) {
            mount.propagation = none;
            count += 1;
        }
    }
    count
}
