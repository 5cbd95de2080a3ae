//! A node of mount namespaces, with a kubelet, a driver and an app on it.
//!
//! The node's `/` is a tmpfs that is shared, as systemd makes it. A container is a mount namespace
//! with a tmpfs for its root, as runc lays it out:
//!
//! - containerd asks for a root propagation of rshared when a mount is Bidirectional, otherwise
//!   rslave; runc gives it to the whole copy of the node's tree before anything else;
//! - the container's root is mounted on something private, so it isn't seen on the node;
//! - then come the mounts by the depth of their paths: a recursive bind with its own propagation
//!   at once, so that a mount inside of a Bidirectional one reaches the node, and read-only if so;
//! - pivot_root is left out, and the driver's paths are written with the container's root before
//!   them: it detaches the old tree from the namespace and changes no peer group.

use super::common::{Folder, skip};
use super::pod::{Mount, Pod};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::{Command, Output};

/// What was seen of the volumes.
#[derive(Debug)]
pub(crate) struct Seen {
    facts: BTreeSet<String>,
    /// What the commands complained of, for messages.
    #[allow(dead_code, reason = "read through Debug")]
    talk: String,
}

impl Seen {
    fn all(&self, facts: &[&str]) -> bool {
        facts.iter().all(|fact| self.facts.contains(*fact))
    }

    /// Whether a published volume reaches the app, and other pods keep theirs.
    pub(crate) fn published(&self) -> bool {
        self.all(&["published", "in-app", "still-published", "earlier-pod"])
    }

    /// Whether a staged volume is on the node and in a driver that comes after, and the kubelet
    /// still sees what was there before: a mount inside of a Bidirectional one may hide it.
    pub(crate) fn staged(&self) -> bool {
        self.all(&["staged", "staged-again", "earlier-stage"])
    }

    /// Whether the kubelet no longer sees a staged volume that was there before.
    pub(crate) fn hides_earlier_stage(&self) -> bool {
        !self.all(&["earlier-stage"])
    }

    /// Whether the container came up. Where it doesn't, the runtime says so aloud, and the check
    /// speaks of what nobody says.
    pub(crate) fn came_up(&self) -> bool {
        !self.all(&["no-container"])
    }
}

fn unshare(script: &str, arguments: &[&str]) -> std::io::Result<Output> {
    // A driver that dies would leave the node waiting.
    Command::new("timeout")
        .args(["60", "unshare", "--user", "--map-root-user", "--mount", "sh", "-euc", script, "sh"])
        .args(arguments)
        .output()
}

/// Whether name spaces and mounts are allowed here; they have to be in CI.
pub(crate) fn may_mount(test: &str) -> bool {
    let try_out = "mount -t tmpfs none /mnt; mount --make-rshared /mnt; \
                   unshare --mount --propagation unchanged true";
    let may = unshare(try_out, &[]).is_ok_and(|output| output.status.success());
    if !may {
        assert!(std::env::var_os("CI").is_none(), "{test}: no right to mount");
        skip(test, "mounting isn't allowed here");
    }
    may
}

/// The node; its arguments are a folder, the kubelet's root, whether `/data` is another disk, and
/// how a driver's container is laid out.
///
/// `$N` is the node's `/`, `$C` a container's in its own namespace.
const NODE: &str = r#"
export W="$1" R="$2" LAYOUT="$4"
export N="$W/node" C="$W/container" POD="$R/pods/uid" STAGE="$R/plugins/kubernetes.io/csi/drv/hash"
export PV="$POD/volumes/kubernetes.io~csi/pv"
saw() { if test -e "$1"; then echo "$2"; fi; }

mount -t tmpfs none "$W"; mount --make-private "$W"
mkdir "$N" "$C"; mkfifo "$W/up" "$W/down"
mount -t tmpfs none "$N"; mount --make-rshared "$N"
mkdir "$N/data"
if test "$3" = disk; then mount -t tmpfs none "$N/data"; fi
for root in "$N/data/kubelet" "$N/var/lib/kubelet"; do
  mkdir -p "$root/pods" "$root/plugins/kubernetes.io/csi" "$root/plugins/drv" \
    "$root/plugins_registry"
done
mkdir -p "$N/etc" "$N/srv" "$N$POD/volumes/kubernetes.io~empty-dir" "$N$R/pods/earlier"
mkdir "$N$R/plugins/kubernetes.io/csi/earlier"
touch "$N$R/pods/earlier/marker" "$N$R/plugins/kubernetes.io/csi/earlier/marker"

# The driver comes up; then the kubelet asks it for a volume.
unshare --mount --propagation unchanged sh -euc '
  sh -euc "$LAYOUT" || echo no-container
  echo up >"$W/up"; read -r _ <"$W/down"
  # Drivers make their target, whatever is there.
  volume() { mkdir -p "$1" && mount -t tmpfs none "$1" && touch "$1/marker"; }
  volume "$C$STAGE/globalmount" || true
  volume "$C$PV/mount" || true
  echo up >"$W/up"; read -r _ <"$W/down"
' &
read -r _ <"$W/up"
mkdir -p "$N$PV" "$N$STAGE/globalmount"
echo >"$W/down"; read -r _ <"$W/up"
saw "$N$PV/mount/marker" published
saw "$N$STAGE/globalmount/marker" staged
saw "$N$R/pods/earlier/marker" earlier-pod
saw "$N$R/plugins/kubernetes.io/csi/earlier/marker" earlier-stage
unshare --mount --propagation unchanged sh -euc '
  mount --make-rslave "$N"; mount -t tmpfs none "$C"; mkdir "$C/volume"
  mount --rbind "$N$PV/mount" "$C/volume"; mount --make-rprivate "$C/volume"
  if test -e "$C/volume/marker"; then echo in-app; fi
' || true
echo >"$W/down"; wait

# The driver is started anew.
unshare --mount --propagation unchanged sh -euc '
  sh -euc "$LAYOUT"
  if test -e "$C$STAGE/globalmount/marker"; then echo staged-again; fi
' || true
saw "$N$PV/mount/marker" still-published
"#;

/// How the driver's container is laid out.
fn layout(pod: &Pod) -> String {
    let mut mounts = pod.driver();
    // A stable sort, as containerd's.
    mounts.sort_by_key(|mount| mount.at.split('/').count());
    let is = |mount: &Mount, propagation| mount.propagation == Some(propagation);
    let root =
        if mounts.iter().any(|mount| is(mount, "Bidirectional")) { "shared" } else { "slave" };
    let mut script = format!("mount --make-r{root} \"$N\"; mount -t tmpfs none \"$C\"\n");
    let hosts = mounts.iter().enumerate().map(|(index, mount)| {
        // The kubelet makes an emptyDir on the node too.
        mount.host.clone().unwrap_or_else(|| {
            format!("{}/pods/uid/volumes/kubernetes.io~empty-dir/v{index}", pod.root)
        })
    });
    let hosts: Vec<String> = hosts.map(|host| format!("\"$N{host}\"")).collect();
    // What isn't there yet is made before anything is mounted.
    writeln!(script, "mkdir -p {}", hosts.join(" ")).unwrap();
    for (mount, host) in mounts.iter().zip(&hosts) {
        let at = format!("\"$C{}\"", mount.at);
        let propagation = match mount.propagation {
            Some("Bidirectional") => "shared",
            Some("HostToContainer") => "slave",
            _ => "private",
        };
        writeln!(script, "mkdir -p {at}; mount --rbind --make-r{propagation} {host} {at}").unwrap();
        if mount.read_only {
            writeln!(script, "mount -o remount,bind,ro {at}").unwrap();
        }
    }
    script
}

/// Lays a pod out, has the driver mount its volumes, and looks for them.
pub(crate) fn lay_out(pod: &Pod) -> Seen {
    let folder = Folder::new();
    let path = folder.path().display().to_string();
    let disk = if pod.own_disk { "disk" } else { "" };
    let output = unshare(NODE, &[&path, pod.root, disk, &layout(pod)]).unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}\n{talk}", pod.manifest());
    let facts = String::from_utf8(output.stdout).unwrap();
    Seen { facts: facts.lines().map(str::to_owned).collect(), talk }
}
