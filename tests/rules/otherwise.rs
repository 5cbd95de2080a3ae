//! The clean manifest written otherwise: what is found then, and that nothing else is.

use super::{Against, Knowledge, Source, TO, against, root, testdata, verdict};
use csi_relocate::check::{Verdict, check};

pub(super) const REGISTRAR_IMAGE: &str =
    "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0";
const PROVISIONER_IMAGE: &str = "registry.k8s.io/sig-storage/csi-provisioner:v5.3.0";
pub(super) const DRIVER_IMAGE: &str = "example.org/files/driver:v1.4.0";
pub(super) const ENDPOINT: &str = "            - --endpoint=unix:///csi/csi.sock\n";
const PRIVILEGED: &str = "          securityContext:\n            privileged: true\n";
pub(super) const CONTAINERS: &str = "      containers:\n";
pub(super) const VOLUMES: &str = "      volumes:\n";
pub(super) const SHARED: &str = "mountPropagation: Bidirectional";
const READ_ONLY: &str = "readOnly: true";

/// A mount, with more of its lines.
pub(super) fn mount(volume: &str, path: &str, more: &[&str]) -> String {
    let more: String = more.iter().map(|line| format!("              {line}\n")).collect();
    format!("            - name: {volume}\n              mountPath: {path}\n{more}")
}

/// The driver's mount of a directory that it shares with the kubelet.
pub(super) fn shared(name: &str) -> String {
    mount(&format!("{name}-dir"), &format!("{TO}/{name}"), &[SHARED])
}

/// A volume of the node's.
pub(super) fn volume(name: &str, path: &str) -> String {
    format!("        - name: {name}\n          hostPath:\n            path: {path}\n")
}

/// The volume of a directory that the driver shares with the kubelet, as the clean manifest has it.
pub(super) fn clean_volume(name: &str) -> String {
    let volume = volume(&format!("{name}-dir"), &format!("{TO}/{name}"));
    format!("{volume}            type: Directory\n")
}

/// A container with lines between its image and its mounts.
pub(super) fn container(name: &str, image: &str, more: &str, mounts: &str) -> String {
    format!(
        "        - name: {name}\n          image: {image}\n{more}          volumeMounts:\n{mounts}"
    )
}

/// The clean manifest with each change made where its first text stands first.
fn changed(changes: &[(&str, &str)]) -> Source {
    let mut text = testdata("rules/clean.yaml");
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    Source::new("clean.yaml", text)
}

/// The findings with the lines they are about.
fn lines(source: &Source, verdict: &Verdict) -> Vec<String> {
    let sources = std::slice::from_ref(source);
    let findings = verdict.findings.iter().map(|finding| {
        let (_, span) = verdict.locate(sources, &finding.places[0]).unwrap();
        let line = source.line_text(source.line_col(span.start).line).trim();
        format!("{} {}: {line}", finding.severity, finding.rule.id())
    });
    findings.collect()
}

#[track_caller]
pub(super) fn finds(changes: &[(&str, &str)], expected: &[&str]) {
    let source = changed(changes);
    assert_eq!(lines(&source, &verdict(&source, &against(TO))), expected);
}

#[test]
fn one_mount_of_the_whole_root_is_told_of_once() {
    finds(
        &[
            (&(shared("pods") + &shared("plugins")), &mount("root", TO, &[])),
            (&(clean_volume("pods") + &clean_volume("plugins")), &volume("root", TO)),
        ],
        &["error propagation-missing: - name: root"],
    );
}

/// A container with another directory that it shares, and a mount inside of it.
fn helper() -> String {
    let mounts = mount("srv", "/srv", &[SHARED]) + &mount("cache", "/srv/cache", &[]);
    container("helper", "example.org/files/helper:v1", "", &mounts)
}

#[test]
fn a_driver_may_mount_what_the_root_lies_in() {
    let volumes = volume("root", "/data") + &volume("srv", "/srv") + &volume("cache", "/cache");
    for (more, expected) in
        [(&[SHARED][..], &[][..]), (&[], &["error propagation-missing: - name: root"])]
    {
        // Whether or not it says where it listens.
        for endpoint in [ENDPOINT, ""] {
            finds(
                &[
                    (&(shared("pods") + &shared("plugins")), &mount("root", "/data", more)),
                    (&(clean_volume("pods") + &clean_volume("plugins")), &volumes),
                    (CONTAINERS, &(CONTAINERS.to_owned() + &helper())),
                    (ENDPOINT, endpoint),
                ],
                expected,
            );
        }
    }
}

#[test]
fn what_another_root_lies_in_makes_a_driver_where_it_is_shared() {
    for (more, expected) in
        [(&[SHARED][..], &["error mixed-roots: path: /var/lib"][..]), (&[], &[])]
    {
        finds(
            &[
                (&(shared("pods") + &shared("plugins")), &mount("lib", "/var/lib", more)),
                (&(clean_volume("pods") + &clean_volume("plugins")), &volume("lib", "/var/lib")),
                (ENDPOINT, ""),
            ],
            expected,
        );
    }
}

#[test]
fn what_only_looks_at_the_pods_is_no_driver() {
    let pods = "/data/kubelet/pods";
    let plain = mount("pods-dir", pods, &[]);
    let others = container("provisioner", PROVISIONER_IMAGE, "", &plain)
        + &container("logs", "example.org/logs:v1", "", &mount("pods-dir", pods, &[READ_ONLY]));
    let init = container("prepare", DRIVER_IMAGE, "", &plain);
    finds(
        &[
            (&shared("pods"), &plain),
            (CONTAINERS, &format!("      initContainers:\n{init}{CONTAINERS}{others}")),
        ],
        &["error propagation-missing: - name: pods-dir"],
    );
}

#[test]
fn of_two_that_may_be_the_driver_the_one_that_does_it_right_is() {
    let pods = "/data/kubelet/pods";
    let plain = mount("pods-dir", pods, &[]);
    let second = |more: &str, mounts: &str| {
        let second = container("second", "example.org/files/mounter:v1", more, mounts);
        CONTAINERS.to_owned() + &second
    };
    let both = mount("pods-dir", pods, &[SHARED, READ_ONLY]);
    finds(&[(CONTAINERS, &second("", &plain))], &[]);
    finds(&[(CONTAINERS, &second(PRIVILEGED, &both))], &[]);
    // None does it right where one is privileged and the other shares its mount.
    finds(
        &[(&shared("pods"), &plain), (CONTAINERS, &second("", &shared("pods")))],
        &[
            "error propagation-missing: - name: pods-dir",
            "error propagation-unprivileged: - name: pods-dir",
        ],
    );
    finds(
        &[(PRIVILEGED, ""), (&shared("plugins"), ""), (CONTAINERS, &second("", &plain))],
        &[
            "error propagation-missing: - name: pods-dir",
            "error propagation-unprivileged: - name: pods-dir",
        ],
    );
}

#[test]
fn a_shared_directory_called_as_the_kubelets_is_meant_for_it() {
    for (target, host, more, expected) in [
        (
            "/srv/k8s/pods",
            "/srv/k8s/pods",
            &[SHARED][..],
            &["error mixed-roots: path: /srv/k8s/pods"][..],
        ),
        ("/srv/k8s/cache", "/srv/k8s/cache", &[SHARED], &[]),
        ("/srv/k8s/pods", "/srv/k8s/pods", &[], &[]),
        ("/host/pods", "/srv/k8s/pods", &[SHARED], &[]),
    ] {
        finds(
            &[
                (&(shared("pods") + &shared("plugins")), &mount("pods-dir", target, more)),
                (&(clean_volume("pods") + &clean_volume("plugins")), &volume("pods-dir", host)),
            ],
            expected,
        );
    }
}

#[test]
fn each_directory_for_staging_is_asked_for() {
    let staging = |name: &str, root: &str| {
        let path = format!("{root}/plugins/kubernetes.io/csi/{name}");
        (mount(name, &path, &[SHARED]), volume(name, &path))
    };
    let ((mount_a, volume_a), (mount_b, volume_b)) =
        (staging("a", TO), staging("b", "/var/lib/kubelet"));
    finds(
        &[
            (&shared("plugins"), &(mount_a + &mount_b)),
            (&clean_volume("plugins"), &(volume_a + &volume_b)),
        ],
        &["error staging-not-shared: path: /var/lib/kubelet/plugins/kubernetes.io/csi/b"],
    );
}

#[test]
fn nothing_is_published_in_a_read_only_mount() {
    let read_only = mount("pods-dir", "/data/kubelet/pods", &[SHARED, READ_ONLY]);
    finds(&[(&shared("pods"), &read_only)], &["error parity-broken: - name: pods-dir"]);
}

#[test]
fn the_nodes_filesystem_is_a_way_out_where_it_is_shared() {
    let plain = mount("pods-dir", "/data/kubelet/pods", &[]);
    for (more, severity) in [(&[][..], "error"), (&[SHARED], "warning")] {
        finds(
            &[
                (&shared("pods"), &(plain.clone() + &mount("host", "/host", more))),
                (&clean_volume("pods"), &(clean_volume("pods") + &volume("host", "/"))),
            ],
            &[&format!("{severity} propagation-missing: - name: pods-dir")],
        );
    }
}

#[test]
fn device_plugins_may_be_reached_where_they_are() {
    let plugins = mount("kubelet", "/plugins", &["subPath: device-plugins"]);
    finds(
        &[
            (&shared("pods"), &(shared("pods") + &plugins)),
            (VOLUMES, &(VOLUMES.to_owned() + &volume("kubelet", "/var/lib/kubelet"))),
        ],
        &["warning mixed-roots: path: /var/lib/kubelet", "info sub-path: - name: kubelet"],
    );
}

/// A container that says it listens on the driver's socket.
fn listener(name: &str, image: &str) -> String {
    let arguments = format!("          args:\n{ENDPOINT}");
    container(name, image, &arguments, &mount("own", "/csi", &[]))
}

const OWN: &str = "      volumes:\n        - name: own\n          emptyDir: {}\n";

#[test]
fn the_socket_of_a_container_that_is_no_driver_may_lead_anywhere() {
    let init = listener("prepare", DRIVER_IMAGE);
    let sidecar = listener("provisioner", PROVISIONER_IMAGE);
    finds(
        &[
            (ENDPOINT, ""),
            (VOLUMES, OWN),
            (CONTAINERS, &format!("      initContainers:\n{init}{CONTAINERS}{sidecar}")),
        ],
        &[],
    );
    // One driver listens where the registrar says; what another does is its own affair.
    let second = listener("second", "example.org/files/proxy:v1");
    finds(&[(VOLUMES, OWN), (CONTAINERS, &(CONTAINERS.to_owned() + &second))], &[]);
}

#[test]
fn the_drivers_socket_has_to_lead_to_the_registered_one() {
    let driver = mount("socket-dir", "/csi", &[]) + &shared("pods");
    let other = mount("other-dir", "/csi", &[]) + &shared("pods");
    let volumes = VOLUMES.to_owned() + &volume("other-dir", "/data/kubelet/plugins/other");
    let registered =
        "- --kubelet-registration-path=/data/kubelet/plugins/files.csi.example.org/csi.sock";
    finds(
        &[(&driver, &other), (VOLUMES, &volumes)],
        &[&format!("error registration-path: {registered}")],
    );
    // As the node has it, it leads to the container's own filesystem.
    let address = "--csi-address=/data/kubelet/plugins/files.csi.example.org/csi.sock";
    finds(
        &[("--csi-address=/csi/csi.sock", address)],
        &[&format!("error registration-path: {registered}")],
    );
}

#[test]
fn a_registrar_needs_the_directory_that_it_registers_in() {
    let flag = "            - --kubelet-registration-path";
    let own = format!("            - --plugin-registration-path={TO}/plugins_registry\n{flag}");
    let unmounted = &["error registration-dir: - name: registrar"][..];
    finds(&[(flag, &own)], unmounted);
    let directory = mount("registration-dir", "/registration", &[]);
    finds(&[(&directory, "")], unmounted);
    // What a program of its own does nobody knows.
    finds(&[(&directory, ""), (REGISTRAR_IMAGE, DRIVER_IMAGE)], &[]);
    // A part of a manifest, or a container on Windows.
    let mounts =
        format!("          volumeMounts:\n{}{directory}", mount("socket-dir", "/csi", &[]));
    finds(&[(&mounts, "")], &[]);
}

#[test]
fn who_makes_the_registered_socket_is_a_driver_whatever_it_may_write() {
    let read_only = mount("pods-dir", "/data/kubelet/pods", &[READ_ONLY]);
    let logs = container("logs", "example.org/logs:v1", "", &read_only);
    let containers = CONTAINERS.to_owned() + &logs;
    let shared = shared("pods");
    let changes =
        |endpoint| [(&*shared, &*read_only), (CONTAINERS, &containers), (ENDPOINT, endpoint)];
    finds(&changes(ENDPOINT), &["error parity-broken: - name: pods-dir"]);
    finds(&changes(""), &[]);
}

#[test]
fn a_shared_mount_needs_a_privileged_container_in_any_pod() {
    let mounts = shared("pods");
    let helper = |more: &str| container("helper", "example.org/files/helper:v1", more, &mounts);
    let of_controller = "        - name: provisioner\n";
    for (more, expected) in
        [(PRIVILEGED, &[][..]), ("", &["error propagation-unprivileged: - name: pods-dir"])]
    {
        let emptied = "        - name: socket-dir\n          emptyDir: {}\n";
        finds(
            &[
                (of_controller, &(helper(more) + of_controller)),
                (emptied, &(emptied.to_owned() + &clean_volume("pods"))),
            ],
            expected,
        );
    }
}

#[test]
fn a_program_that_was_told_opens_its_socket_where_it_was_moved_to() {
    let agent = |directory: &str, arguments: &str| {
        let path = format!("{TO}/{directory}");
        let container =
            container("agent", "example.org/agent:v1", arguments, &mount("own", &path, &[]));
        let volumes = VOLUMES.to_owned() + &volume("own", &path);
        (CONTAINERS.to_owned() + &container, volumes)
    };
    let told = format!("          args:\n            - --socket={TO}/pod-resources/kubelet.sock\n");
    for (directory, arguments, expected) in [
        ("pod-resources", "", &["warning compiled-in-path: - name: own"][..]),
        ("pod-resources", &told, &[]),
        (
            "device-plugins",
            "",
            &[
                "error kept-under-new-root: path: /data/kubelet/device-plugins",
                "error kept-under-new-root: mountPath: /data/kubelet/device-plugins",
            ],
        ),
    ] {
        let (containers, volumes) = agent(directory, arguments);
        finds(&[(CONTAINERS, &containers), (VOLUMES, &volumes)], expected);
    }
}

#[test]
fn what_a_mount_shows_is_not_missed_and_what_is_written_below_the_new_root_is_told_of_once() {
    let told = |path: &str| format!("          args:\n            - --file={path}\n");
    let socket = "/var/lib/kubelet/pod-resources/kubelet.sock";
    let file = format!("{TO}/config.yaml");
    for (path, directory, target, expected) in [
        (socket, format!("{TO}/pod-resources"), "/var/lib/kubelet/pod-resources", &[][..]),
        (
            &file,
            TO.to_owned(),
            TO,
            &["warning kept-under-new-root: - --file=/data/kubelet/config.yaml"],
        ),
    ] {
        let mounts = mount("own", target, &[READ_ONLY]);
        let agent = container("agent", "example.org/agent:v1", &told(path), &mounts);
        finds(
            &[
                (CONTAINERS, &(CONTAINERS.to_owned() + &agent)),
                (VOLUMES, &(VOLUMES.to_owned() + &volume("own", &directory))),
            ],
            expected,
        );
    }
}

/// A volume that nobody mounts is looked for where its type says that it has to be there.
#[test]
fn what_is_absent_harms_where_it_is_mounted_or_looked_for() {
    let path = format!("{TO}/device-plugins");
    let plain = volume("devices", &path);
    let checked = format!("{plain}            type: Directory\n");
    let mounted = mount("devices", "/devices", &[]);
    for (volume, more, severity) in
        [(&plain, "", "warning"), (&checked, "", "error"), (&plain, &*mounted, "error")]
    {
        finds(
            &[
                (&shared("pods"), &(shared("pods") + more)),
                (VOLUMES, &(VOLUMES.to_owned() + volume)),
            ],
            &[&format!("{severity} kept-under-new-root: path: {path}")],
        );
    }
}

/// What is found without a root, with one more that the manifest may have been written for.
fn disagreement(source: &Source) -> Vec<String> {
    let knowledge = Knowledge::builtin().unwrap();
    let sources = std::slice::from_ref(source);
    let verdict = check(sources, &Against::AnyRoot, &[root(TO)], &knowledge).unwrap();
    verdict.findings.iter().map(|finding| super::common::english(&finding.message)).collect()
}

#[test]
fn what_stays_anyway_disagrees_with_no_root() {
    let path = "/var/lib/kubelet/device-plugins";
    let source = changed(&[
        (&shared("pods"), &(shared("pods") + &mount("devices", path, &[]))),
        (VOLUMES, &(VOLUMES.to_owned() + &volume("devices", path))),
    ]);
    assert_eq!(disagreement(&source), [""; 0], "device plugins");
    let arguments = format!("          args:\n{ENDPOINT}            - --node-id=$(NODE_NAME)\n");
    let script = "          command:\n            - sh\n            - -c\n            - |\n              \
                  # was /var/lib/kubelet/plugins\n              \
                  exec driver --endpoint=unix:///csi/csi.sock\n";
    let source = changed(&[(&arguments, script)]);
    assert_eq!(disagreement(&source), [""; 0], "a comment");
    let name = "  name: files-node\n  namespace: storage\n";
    let annotation = format!("{name}  annotations:\n    example.org/was: {TO}/plugins\n");
    let text = testdata("rules/clean.yaml").replace(TO, "/var/lib/kubelet");
    let source = Source::new("clean.yaml", text.replace(name, &annotation));
    assert_eq!(disagreement(&source), [""; 0], "an annotation");
    // And where the rest was moved.
    let annotation = annotation.replace(TO, "/var/lib/kubelet");
    assert_eq!(disagreement(&changed(&[(name, &annotation)])), [""; 0], "an old annotation");
    let pattern = format!("{ENDPOINT}            - '--skip=^/var/lib/kubelet/pods/.+/mount$'\n");
    assert_eq!(disagreement(&changed(&[(ENDPOINT, &pattern)])), [""; 0], "a pattern");
}

/// The clean manifest with changes, and in front of it an agent with a mount of the kubelet's `pods`.
fn behind_an_agent(mount: &str, told: &str, changes: &[(&str, &str)]) -> Source {
    let agent = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: agent}}\nspec:\n  containers:\n    \
         - name: agent\n      image: example.org/agent:v1\n      args: ['{told}']\n      \
         volumeMounts: [{{name: pods, mountPath: {mount}}}]\n  \
         volumes: [{{name: pods, hostPath: {{path: {TO}/pods}}}}]\n---\n"
    );
    Source::new("agent.yaml", agent + changed(changes).text())
}

/// What the kubelet is told of stands where the kubelet has it; what only a container sees need not.
#[test]
fn a_container_s_own_view_disagrees_with_no_root_unless_the_kubelet_shares_it() {
    let default = |name: &str| format!("/var/lib/kubelet/{name}");
    let (pods, plugins) = (default("pods"), default("plugins"));
    let own = |name: &str| mount(&format!("{name}-dir"), &default(name), &[]);
    let more = |mount: &str| shared("plugins") + mount;
    let resources = volume("pod-resources-dir", &format!("{TO}/pod-resources"));
    let volumes = VOLUMES.to_owned() + &resources;
    let two_way = format!("{pods}, {SHARED}");
    for (mount, told, changes, agrees) in [
        (&pods, &pods, &[][..], true),
        (&two_way, &pods, &[], false),
        (&pods, &plugins, &[], false),
        // The driver's.
        (&pods, &pods, &[(&*shared("plugins"), &*own("plugins"))], false),
        (
            &pods,
            &pods,
            &[(&*shared("plugins"), &*more(&own("pod-resources"))), (VOLUMES, &*volumes)],
            true,
        ),
    ] {
        let source = behind_an_agent(mount, told, changes);
        assert_eq!(disagreement(&source).is_empty(), agrees, "{}", source.text());
    }
}

#[test]
fn of_as_many_paths_those_below_the_default_are_in_the_minority() {
    let default = |name: &str| format!("/var/lib/kubelet/{name}");
    let source = changed(&[
        (&shared("pods"), &mount("pods-dir", &default("pods"), &[SHARED])),
        (&clean_volume("pods"), &volume("pods-dir", &default("pods"))),
        (&shared("plugins"), &mount("plugins-dir", "/plugins", &[])),
        (&clean_volume("plugins"), &volume("plugins-dir", &default("plugins"))),
    ]);
    let found = disagreement(&source);
    assert!(
        found[0].contains("below /var/lib/kubelet, most others below /data/kubelet"),
        "{found:?}"
    );
}
