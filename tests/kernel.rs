//! The kernel agrees: pods are laid out in mount namespaces as a container runtime would, a driver
//! mounts volumes in there, and what reaches the node and an app's pod is held against the verdict.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod common;
#[path = "kernel/node.rs"]
mod node;
#[path = "kernel/pod.rs"]
mod pod;
#[path = "kernel/random.rs"]
mod random;
#[path = "kernel/verdict.rs"]
mod verdict;

use csi_relocate::finding::Rule;
use node::{Seen, lay_out, may_mount};
use pod::{BIDIRECTIONAL, HOST_TO_CONTAINER, Mount, NEW, OLD, Pod};
use verdict::{Verdict, judge};

/// What should come of a case, on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    Works,
    Lost,
    /// The check has nothing to say, by design.
    Untold,
}

use Comes::{Lost, Untold, Works};

/// A case: what it is, the driver's mounts, what becomes of published and of staged volumes.
type Case = (&'static str, Vec<Mount>, Comes, Comes);

fn new(rest: &str) -> String {
    format!("{NEW}{rest}")
}

fn old(rest: &str) -> String {
    format!("{OLD}{rest}")
}

/// A directory at its own path.
fn same(path: &str) -> Mount {
    Mount::of(path, path)
}

/// A directory at its own path, as drivers need it.
fn shared(path: &str) -> Mount {
    same(path).spread(BIDIRECTIONAL)
}

fn shared_at(host: &str, at: &str) -> Mount {
    Mount::of(host, at).spread(BIDIRECTIONAL)
}

/// Every case is held against a kubelet in [`NEW`].
fn table() -> Vec<Case> {
    let (pods, plugins) = (new("/pods"), new("/plugins"));
    let staging = new("/plugins/kubernetes.io/csi");
    let (old_pods, old_plugins) = (old("/pods"), old("/plugins"));
    vec![
        ("clean", vec![shared(&pods), shared(&plugins)], Works, Works),
        ("clean, and no staging", vec![shared(&pods)], Works, Untold),
        ("staging alone beside pods", vec![shared(&pods), shared(&staging)], Works, Works),
        ("only the hostPath moved", vec![shared_at(&pods, &old_pods)], Lost, Untold),
        ("only the mountPath moved", vec![shared_at(&old_pods, &pods)], Lost, Untold),
        ("nothing moved", vec![shared(&old_pods), shared(&old_plugins)], Lost, Lost),
        ("no propagation", vec![same(&pods), same(&plugins)], Lost, Lost),
        (
            "HostToContainer",
            vec![same(&pods).spread(HOST_TO_CONTAINER), shared(&plugins)],
            Lost,
            Works,
        ),
        ("the whole root", vec![shared(NEW)], Works, Works),
        ("the whole root, no propagation", vec![same(NEW)], Lost, Lost),
        ("the whole root, only the hostPath moved", vec![shared_at(NEW, OLD)], Lost, Untold),
        ("the whole root and pods in it", vec![shared(NEW), shared(&pods)], Works, Works),
        ("pods in it without propagation", vec![shared(NEW), same(&pods)], Lost, Works),
        ("pods in it with, the root without", vec![same(NEW), shared(&pods)], Works, Lost),
        (
            "another pods in the whole root",
            vec![shared(NEW), shared_at(&old_pods, &pods)],
            Lost,
            Works,
        ),
        ("an emptyDir over pods", vec![shared(NEW), Mount::empty(&pods)], Lost, Works),
        ("at another path", vec![shared_at(&pods, "/pods")], Lost, Untold),
        ("the root at another path", vec![shared_at(NEW, "/host/kubelet")], Lost, Untold),
        // A container with nothing that is known as a kubelet's isn't taken for the driver.
        ("an ancestor alone", vec![shared("/data"), same("/etc")], Untold, Untold),
        ("pods through an ancestor", vec![shared("/data"), same(&old_pods)], Works, Works),
        ("through an ancestor without", vec![same("/data"), same(&old_pods)], Lost, Lost),
        ("another ancestor", vec![shared_at("/var/lib", "/data"), same(&pods)], Lost, Untold),
        ("staging without propagation", vec![shared(&pods), same(&staging)], Works, Lost),
        ("plugins without propagation", vec![shared(&pods), same(&plugins)], Works, Lost),
        (
            "staging elsewhere",
            vec![shared(&pods), shared_at(&staging, &old("/plugins/kubernetes.io/csi"))],
            Works,
            Lost,
        ),
        ("staging read-only", vec![shared(&pods), same(&staging).read_only()], Works, Lost),
        ("read-only", vec![shared(&pods).read_only()], Lost, Untold),
        // A container that can't write to any of it is no driver, and nothing is said of it.
        ("read-only, no propagation", vec![same(&pods).read_only()], Untold, Untold),
    ]
}

/// What is wrong between a verdict and what the kernel showed, if anything.
fn disagreement(pod: &Pod, verdict: &Verdict, seen: &Seen) -> Option<String> {
    let differs = |told: Option<bool>, shown: bool| {
        told.is_some_and(|told| told != shown && (seen.came_up() || !told))
    };
    (differs(verdict.published, seen.published()) || differs(verdict.staged, seen.staged()))
        .then(|| format!("{}\n{verdict:#?}\n{seen:#?}", pod.manifest()))
}

/// Judges pods and lays them out, several at a time: the kernel takes its time to unmount.
fn both(pods: &[Pod]) -> Vec<(Verdict, Seen)> {
    let share = pods.len().div_ceil(8).max(1);
    std::thread::scope(|scope| {
        let shares = pods.chunks(share).map(|pods| {
            scope.spawn(move || pods.iter().map(|pod| (judge(pod), lay_out(pod))).collect())
        });
        let shares: Vec<_> = shares.collect();
        shares.into_iter().flat_map(|share| -> Vec<_> { share.join().unwrap() }).collect()
    })
}

fn comes(told: Option<bool>) -> Comes {
    told.map_or(Untold, |works| if works { Works } else { Lost })
}

#[test]
fn the_kernel_agrees_on_each_case() {
    if !may_mount("the_kernel_agrees_on_each_case") {
        return;
    }
    let table = table();
    let pods: Vec<Pod> = table
        .iter()
        .map(|(_, mounts, ..)| Pod {
            root: NEW,
            own_disk: false,
            privileged: true,
            mounts: mounts.clone(),
        })
        .collect();
    for (((name, _, published, staged), pod), (verdict, seen)) in
        table.iter().zip(&pods).zip(both(&pods))
    {
        assert!(seen.came_up(), "{name}: {seen:#?}");
        assert_eq!(disagreement(pod, &verdict, &seen), None, "{name}");
        assert_eq!(comes(verdict.published), *published, "{name}: {verdict:#?}");
        assert_eq!(comes(verdict.staged), *staged, "{name}: {verdict:#?}");
    }
}

#[test]
fn a_mount_inside_of_a_bidirectional_one_hides_what_the_node_has() {
    if !may_mount("a_mount_inside_of_a_bidirectional_one_hides_what_the_node_has") {
        return;
    }
    for inner in [Mount::empty(&new("/plugins")), Mount::of("/srv", &new("/plugins"))] {
        let mounts = vec![shared(NEW), inner];
        let pod = Pod { root: NEW, own_disk: false, privileged: true, mounts };
        let (verdict, seen) = (judge(&pod), lay_out(&pod));
        assert!(verdict.says_error(Rule::NestedMount), "{verdict:#?}");
        assert!(seen.published() && seen.hides_earlier_stage(), "{seen:#?}");
    }
}

/// Pods of a seeded generator.
const PODS: u64 = 120;

#[test]
fn the_kernel_agrees_on_random_pods() {
    if !may_mount("the_kernel_agrees_on_random_pods") {
        return;
    }
    let pods: Vec<Pod> = (0..PODS).map(random::pod).collect();
    let (mut works, mut lost, mut down, mut different) = (0, 0, 0, Vec::new());
    for (seed, (pod, (verdict, seen))) in pods.iter().zip(both(&pods)).enumerate() {
        works += usize::from(verdict.published == Some(true));
        lost += usize::from(verdict.published == Some(false));
        down += usize::from(!seen.came_up());
        let what = disagreement(pod, &verdict, &seen);
        different.extend(what.map(|what| format!("seed {seed}: {what}")));
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert!(works >= 20 && lost >= 40, "too few of a kind: {works} work, {lost} don't");
    assert!(down <= 10, "{down} containers didn't come up");
    let table = format!(
        "{:>6}  cases, thought out\n{PODS:>6}  pods, generated\n{works:>6}    work\n{lost:>6}    lose data\n",
        table().len()
    );
    common::snapshots().bind(|| insta::assert_snapshot!("kernel", table));
}
