//! Which driver a line is about.

use super::matcher::Hit;

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
