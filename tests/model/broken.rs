//! Pods with a mistake or two in them.

use super::consistent;
use super::pod::{Chance, Comes, Container, Mount, Pod, below};
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

fn spoil(pod: &mut Pod, chance: &mut Chance) {
    let which = chance.of(4);
    match chance.of(14) {
        0 => {
            let mounts = &mut driver(pod).mounts;
            let at = which % mounts.len();
            mounts[at].propagation = chance.pick(&[None, Some("None"), Some("HostToContainer")]);
        }
        1 => driver(pod).privileged = false,
        2 => {
            let mounts = &mut driver(pod).mounts;
            let at = which % mounts.len();
            mounts[at].read_only = true;
        }
        3 => {
            let mounts = &mut driver(pod).mounts;
            mounts.remove(which % mounts.len());
        }
        4 => {
            let mounts = &mut registrar(pod).mounts;
            mounts.remove(which % mounts.len());
        }
        5 => registrar(pod).args.iter_mut().for_each(|word| *word = word.replace(".sock", ".s")),
        6 => {
            let rest = chance.pick(&["/pods", "/plugins", "/plugins/kubernetes.io/csi"]);
            let volume = pod.volume("nothing", Comes::Empty);
            driver(pod).mounts.push(Mount::of(&volume, &below(rest)));
        }
        7 => {
            let mounts = &mut driver(pod).mounts;
            let twin = mounts[which % mounts.len()].clone();
            mounts.push(twin);
        }
        8 => {
            let volume = pod.host("device-plugins", &below("/device-plugins"), None);
            driver(pod).mounts.push(Mount::of(&volume, "/var/lib/kubelet/device-plugins"));
        }
        9 => {
            let mounts = &mut driver(pod).mounts;
            let at = which % mounts.len();
            mounts[at].at = chance.pick(&["/host-kubelet", "/csi-data"]).to_owned();
        }
        10 => {
            let mounts = &mut registrar(pod).mounts;
            let at = which % mounts.len();
            mounts[at].at = "/elsewhere".to_owned();
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
            let empty = pod.containers.iter().find(|it| it.name.ends_with("-driver")).unwrap();
            let name = empty.mounts.last().unwrap().volume.clone();
            for volume in pod.volumes.iter_mut().filter(|volume| volume.name == name) {
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
