//! Pods by chance, the same for the same seed.

use super::pod::{BIDIRECTIONAL, HOST_TO_CONTAINER, Mount, NEW, OLD, Pod};

/// `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }

    fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A directory below one of the two roots, that of the kubelet more often, or something else.
fn directory(chance: &mut Chance, kubelet: &str, rest: &str) -> String {
    if chance.percent(6) {
        return chance.of(&["/data", "/var/lib", "/srv", "/etc"]).to_owned();
    }
    let root = if chance.percent(75) { kubelet } else { chance.of(&[NEW, OLD]) };
    format!("{root}{rest}")
}

fn mount(chance: &mut Chance, kubelet: &str, rest: &str, privileged: bool) -> Mount {
    let host = directory(chance, kubelet, rest);
    let at = if chance.percent(70) { host.clone() } else { directory(chance, kubelet, rest) };
    let mut mount = if chance.percent(4) { Mount::empty(&at) } else { Mount::of(&host, &at) };
    mount.propagation = match chance.below(10) {
        // The API server refuses it in a container that isn't privileged.
        0..7 if privileged => BIDIRECTIONAL,
        7 => HOST_TO_CONTAINER,
        8 => Some("None"),
        _ => None,
    };
    mount.read_only = chance.percent(6);
    mount
}

pub(crate) fn pod(seed: u64) -> Pod {
    let mut chance = Chance(seed);
    let root = chance.of(&[NEW, OLD]);
    let privileged = chance.percent(90);
    let mut mounts: Vec<Mount> = Vec::new();
    for _ in 0..=chance.below(4) {
        let rest = chance.of(&["/pods", "/pods", "", "/plugins", "/plugins/kubernetes.io/csi"]);
        let mount = mount(&mut chance, root, rest, privileged);
        // The API server refuses two mounts at one place.
        if mounts.iter().all(|other| other.at != mount.at) {
            mounts.push(mount);
        }
    }
    Pod { root, own_disk: chance.percent(30), privileged, mounts }
}
