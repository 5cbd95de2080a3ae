//! Pods with several containers that could be the driver, or with several drivers.

use super::{TO, against, verdict};
use csi_relocate::source::Source;

/// The kubelet's `pods`, as a driver needs them.
const SHARED: &str = "{name: pods, mountPath: /data/kubelet/pods, mountPropagation: Bidirectional}";
const PLAIN: &str = "{name: pods, mountPath: /data/kubelet/pods}";
const READ_ONLY: &str = "{name: pods, mountPath: /data/kubelet/pods, readOnly: true}";

/// Where each socket's directory is mounted by who makes the socket.
const SOCKET_A: &str = "{name: socket-a, mountPath: /csi}";
const SOCKET_B: &str = "{name: socket-b, mountPath: /csi}";
const OWN: &str = "{name: own, mountPath: /csi}";
const RUN: &str = "{name: run, mountPath: /csi}";
/// The node's whole filesystem.
const NODE: &str = "{name: node, mountPath: /node}";

const VOLUMES: &str = "      volumes:
        - {name: registration, hostPath: {path: /data/kubelet/plugins_registry}}
        - {name: pods, hostPath: {path: /data/kubelet/pods}}
        - {name: socket-a, hostPath: {path: /data/kubelet/plugins/a}}
        - {name: socket-b, hostPath: {path: /data/kubelet/plugins/b}}
        - {name: run, hostPath: {path: /run/drivers}}
        - {name: node, hostPath: {path: /}}
        - {name: own, emptyDir: {}}
";

/// Who registers a socket of this name.
fn registrar(driver: &str, socket: &str) -> String {
    format!(
        "name: registrar-{driver}, image: 'registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0', \
         args: [--csi-address=/csi/{socket}, --kubelet-registration-path={TO}/plugins/{driver}/{socket}], \
         volumeMounts: [{{name: socket-{driver}, mountPath: /csi}}, {{name: registration, mountPath: /registration}}]"
    )
}

/// A container that listens on a socket of this name, or on none.
fn container(name: &str, socket: &str, mounts: &[&str]) -> String {
    let endpoint = match socket {
        "" => String::new(),
        _ => format!("args: ['--endpoint=unix:///csi/{socket}'], "),
    };
    let mounts = mounts.join(", ");
    format!("name: {name}, image: 'example.org/{name}:v1', {endpoint}volumeMounts: [{mounts}]")
}

/// The same, privileged.
fn privileged(name: &str, socket: &str, mounts: &[&str]) -> String {
    format!("{}, securityContext: {{privileged: true}}", container(name, socket, mounts))
}

/// The rules that are broken, with the container or volume that breaks each.
#[track_caller]
fn finds(containers: &[&str], expected: &[&str]) {
    let containers: String =
        containers.iter().map(|container| format!("        - {{{container}}}\n")).collect();
    let text = format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: node}}\nspec:\n  template:\n    \
         spec:\n      containers:\n{containers}{VOLUMES}"
    );
    let source = Source::new("node.yaml", text);
    let verdict = verdict(&source, &against(TO));
    let found = verdict.findings.iter().map(|finding| {
        let place = &finding.places[0];
        let (_, span) = verdict.locate(std::slice::from_ref(&source), place).unwrap();
        let line = source.line_text(source.line_col(span.start).line);
        let name = line.split("name: ").nth(1).unwrap().split(',').next().unwrap();
        format!("{} of {name}", finding.rule.id())
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn who_may_not_mount_only_looks_where_others_make_each_socket() {
    let a = privileged("a", "a.sock", &[SOCKET_A, PLAIN]);
    let registrar = registrar("a", "a.sock");
    let missing = "propagation-missing of a";
    for (other, expected) in [
        (container("other", "", &[PLAIN]), &[missing][..]),
        (privileged("other", "", &[PLAIN]), &[missing, "propagation-missing of other"]),
        (container("other", "", &[SOCKET_A, PLAIN]), &[missing, "propagation-missing of other"]),
    ] {
        finds(&[&registrar, &a, &other], expected);
    }
    // Nobody who may mount listens on the second one.
    let b = container("b", "b.sock", &[SOCKET_B, PLAIN]);
    let other = container("other", "", &[PLAIN]);
    finds(
        &[&registrar, &self::registrar("b", "b.sock"), &a, &b, &other],
        &[missing, "propagation-missing of b", "propagation-missing of other"],
    );
}

#[test]
fn who_answers_at_one_of_several_sockets_is_a_driver() {
    let registrars = [registrar("a", "a.sock"), registrar("b", "b.sock")];
    let a = privileged("a", "a.sock", &[SOCKET_A, SHARED]);
    let b = privileged("b", "b.sock", &[SOCKET_B, READ_ONLY]);
    let third = container("third", "third.sock", &[RUN]);
    let broken = "parity-broken of b";
    finds(&[&registrars[0], &registrars[1], &a, &b], &[broken]);
    finds(&[&registrars[0], &registrars[1], &a, &b, &third], &[broken]);
    // As many listen as there are sockets, and one more.
    let b = privileged("b", "other.sock", &[OWN, READ_ONLY]);
    finds(&[&registrars[0], &registrars[1], &a, &b], &[broken]);
    finds(&[&registrars[0], &registrars[1], &a, &b, &third], &[]);
}

#[test]
fn of_one_socket_who_does_it_right_is_the_driver_and_who_answers_alone_and_may_mount() {
    let registrar = registrar("a", "a.sock");
    let right = |socket| privileged("right", socket, &[SOCKET_A, SHARED]);
    for (right, other, expected) in [
        (right(""), privileged("other", "a.sock", &[SOCKET_A, READ_ONLY]), &[][..]),
        (
            right(""),
            privileged("other", "a.sock", &[SOCKET_A, PLAIN]),
            &["propagation-missing of other"],
        ),
        (right(""), container("other", "a.sock", &[SOCKET_A, PLAIN]), &[]),
        (right("a.sock"), privileged("other", "a.sock", &[SOCKET_A, PLAIN]), &[]),
        (right(""), privileged("other", "other.sock", &[RUN, PLAIN]), &[]),
    ] {
        finds(&[&registrar, &right, &other], expected);
    }
}

#[test]
fn one_program_may_be_several_drivers_with_sockets_that_it_names_itself() {
    let driver = privileged("driver", "csi.sock", &[OWN, SHARED]);
    let registrars = [registrar("a", "csi.sock"), registrar("b", "csi.sock")];
    finds(&[&registrars[0], &registrars[1], &driver], &[]);
    finds(&[&registrars[0], &driver], &["registration-path of registrar-a"]);
}

#[test]
fn each_of_several_sockets_is_missed_where_a_driver_listens_elsewhere() {
    let registrars = [registrar("a", "csi.sock"), registrar("b", "csi.sock")];
    let a = privileged("a", "csi.sock", &[SOCKET_A, SHARED]);
    let b = privileged("b", "csi.sock", &[RUN, SHARED]);
    finds(&[&registrars[0], &registrars[1], &a, &b], &["registration-path of registrar-b"]);
}

/// A registrar of the driver's own, which nobody knows by its image.
fn own_registrar(address: &str) -> String {
    format!(
        "name: registrar, image: 'example.org/registrar:v1', \
         args: [--csi-address={address}, --kubelet-registration-path={TO}/plugins/a/a.sock], \
         volumeMounts: [{SOCKET_A}, {PLAIN}]"
    )
}

#[test]
fn who_registers_is_no_driver_where_another_may_be() {
    let registrar = own_registrar("/csi/a.sock");
    let driver = |mount| privileged("driver", "", &[SOCKET_A, mount]);
    finds(&[&registrar, &driver(SHARED)], &[]);
    finds(&[&registrar, &driver(PLAIN)], &["propagation-missing of driver"]);
}

#[test]
fn a_socket_under_no_mount_is_hidden_unless_its_program_works_on_the_node() {
    let registered = format!("{TO}/plugins/a/a.sock");
    let hidden = &["registration-path of registrar-a"][..];
    for (endpoint, mounts, expected) in [
        ("/other/a.sock", &[SHARED][..], hidden),
        ("/other/a.sock", &[SHARED, NODE], hidden),
        ("/other/b.sock", &[SHARED], &[]),
        (&registered, &[SHARED], hidden),
        (&registered, &[SHARED, NODE], &[]),
    ] {
        let driver = privileged("driver", "a.sock", mounts).replace("/csi/a.sock", endpoint);
        finds(&[&registrar("a", "a.sock"), &driver], expected);
    }
    let driver = privileged("driver", "a.sock", &[SOCKET_A, SHARED]);
    for (address, expected) in
        [("/other/a.sock", &["registration-path of registrar"][..]), (&registered, &[])]
    {
        finds(&[&own_registrar(address), &driver], expected);
    }
}
