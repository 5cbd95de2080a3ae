//! Versions of images, as far as they can be told from tags.

use crate::knowledge::image_tag;
use std::cmp::Ordering;

/// Whether an image may be of a version from `since` on and before `until`. A tag that is no
/// version may be any.
pub(crate) fn may_be_in(image: &str, since: Option<&str>, until: Option<&str>) -> bool {
    let Some(version) = image_tag(image).and_then(numbers) else { return true };
    let order = |bound: &str| {
        let bound = format!("v{}", bound.trim_start_matches('v'));
        numbers(&bound).map(|bound| compare(&version, &bound))
    };
    let is_old = since.and_then(order) == Some(Ordering::Less);
    let is_new = until.and_then(order).is_some_and(Ordering::is_ge);
    !is_old && !is_new
}

/// Whether an image's tag tells its version.
pub(super) fn is_told(image: &str) -> bool {
    image_tag(image).and_then(numbers).is_some()
}

/// The numbers that a version begins with: `v1.20.6-rc1` is 1, 20, 6. Without a dot or a `v` a tag
/// may as well be a commit or a date.
fn numbers(version: &str) -> Option<Vec<u64>> {
    let (text, is_marked) = version.strip_prefix('v').map_or((version, false), |text| (text, true));
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (head, tail) = text.split_at(end);
    let is_whole = tail.is_empty() || tail.starts_with(['-', '_', '+']);
    let parts = head.split('.').take_while(|part| !part.is_empty());
    let numbers: Option<Vec<u64>> = parts.map(|part| part.parse().ok()).collect();
    let is_version = |numbers: &Vec<u64>| match numbers.len() {
        0 => false,
        1 => is_marked && tail.is_empty(),
        _ => true,
    };
    numbers.filter(|numbers| is_whole && is_version(numbers))
}

/// What isn't said is zero: 1.20 is 1.20.0.
fn compare(left: &[u64], right: &[u64]) -> Ordering {
    let part = |numbers: &[u64], at: usize| numbers.get(at).copied().unwrap_or(0);
    let longest = left.len().max(right.len());
    let parts = (0..longest).map(|at| part(left, at).cmp(&part(right, at)));
    parts.fold(Ordering::Equal, Ordering::then)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_lies_in_its_bounds() {
        let rook = |tag: &str| may_be_in(&format!("docker.io/rook/ceph:{tag}"), None, Some("1.20"));
        assert!(rook("v1.19.9") && rook("v1.9.0") && rook("v1.19.0-rc.1"));
        assert!(!rook("v1.20.0") && !rook("v1.20") && !rook("v2"));
        let new = |image: &str| may_be_in(image, Some("1.20"), None);
        assert!(new("registry:5000/a:v1.20.6@sha256:0") && !new("registry:5000/a:v1.19.1"));
    }

    #[test]
    fn what_is_no_version_may_be_any() {
        for image in [
            "a",
            "a:latest",
            "a:main-3f2",
            "a@sha256:00",
            "registry:5000/a",
            "a:v",
            "a:1f2e3d4",
            "a:52",
            "a:20240101",
            "a:release-v3.6",
            "a:1.2a3",
        ] {
            assert!(!is_told(image), "{image}");
            assert!(may_be_in(image, Some("2"), Some("3")), "{image}");
        }
    }
}
