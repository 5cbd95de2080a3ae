//! Which kubelet root a path gives away, and which driver a line is about.

use super::matcher::Hit;
use super::table::Side;
use crate::kubepath::{AbsPath, Root};

/// The kubelet root that a path lies below, told by what only such a root has:
/// `pods/<uid>/volumes`, `plugins/kubernetes.io`, `plugins_registry`, a driver's socket, …
///
/// `None` where nothing tells it, and for what can't be one, such as `/var/log` (whose `pods`
/// aren't the kubelet's) or a path in `/proc`.
#[must_use]
pub fn root_of(path: &str) -> Option<Root> {
    let path = AbsPath::parse(path.trim_end_matches(['.', ',']))?;
    let parts: Vec<&str> = path.components().iter().map(String::as_str).collect();
    let begins = |at: &usize| parts.get(*at..).is_some_and(is_below_root);
    // A directory that is called so is the likelier one where two would do.
    let is_named = |at: &usize| at.checked_sub(1).and_then(|at| parts.get(at)) == Some(&"kubelet");
    let places: Vec<usize> = (0..parts.len()).filter(begins).collect();
    let named = places.iter().copied().find(|at| is_named(at));
    let bare = || (parts.last() == Some(&"kubelet")).then_some(parts.len());
    let depth = named.or_else(|| places.first().copied()).or_else(bare)?;
    let root = parts.get(..depth)?;
    let root = Root::parse(&format!("/{}", root.join("/"))).ok()?;
    (!is_silly(&root)).then_some(root)
}

/// Whether these components are what stands directly below a kubelet's root.
fn is_below_root(parts: &[&str]) -> bool {
    match parts {
        ["pods" | "plugins" | "plugins_registry" | "csi-plugins"]
        | ["plugins_registry" | "csi-plugins" | "pod-resources" | "device-plugins", ..]
        | ["plugins", "kubernetes.io", ..] => true,
        ["pods", uid] => is_uid(uid),
        ["pods", _, inside, ..] => {
            matches!(
                *inside,
                "volumes" | "volumeDevices" | "volume-subpaths" | "plugins" | "containers"
            )
        }
        // `plugins/<driver>/csi.sock`, also some levels deeper.
        ["plugins", _, .., last] => last.ends_with(".sock") || *last == "registration",
        _ => false,
    }
}

/// A pod's uid: 36 characters with hyphens, or the 32 of a static pod.
fn is_uid(text: &str) -> bool {
    matches!(text.len(), 32 | 36) && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// No kubelet lives there: views of the kernel, logs, and the node's `/` as a container sees it.
fn is_silly(root: &Root) -> bool {
    let parts: Vec<&str> = root.path().components().iter().map(String::as_str).collect();
    matches!(
        parts.as_slice(),
        ["proc" | "sys" | "dev" | "host" | "hostfs" | "rootfs" | "host-root", ..]
            | ["var", "log", ..]
            | ["var" | "etc" | "usr" | "csi" | "registration"]
            | ["var", "lib"]
    )
}

/// The root that a hit gives away, and whose it is.
pub(super) fn root_and_side(hit: &Hit<'_>) -> Option<(Root, Side)> {
    Some((root_of(hit.path?)?, hit.names?))
}

/// The driver that a line is about, where the line names it.
pub(super) fn driver_of<'l>(hit: &Hit<'l>, line: &'l str) -> Option<&'l str> {
    let registered = || {
        let file = hit.path?.rsplit('/').next()?;
        file.strip_suffix("-reg.sock")
    };
    hit.driver.or_else(registered).or_else(|| driver_of_volume(line))
}

/// `kubernetes.io/csi/<driver>^<volume>`, the kubelet's unique name of a volume, or
/// `kubernetes.io/csi/<driver>/<hash>/globalmount`, where it stages one.
fn driver_of_volume(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("kubernetes.io/csi/")?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c)))?;
    let (driver, after) = rest.split_at_checked(end)?;
    let is_name = after.starts_with('^')
        || (after.starts_with('/') && driver.contains('.') && after.contains("/globalmount"));
    (is_name && !driver.is_empty()).then_some(driver)
}
