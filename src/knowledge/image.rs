//! What an image's reference is made of: `registry:5000/name:tag@digest`.

/// A reference without its digest.
fn without_digest(image: &str) -> &str {
    image.split('@').next().unwrap_or(image)
}

/// An image's name with its registry, without tag and digest.
fn path(image: &str) -> &str {
    let path = without_digest(image);
    match path.rsplit_once(':') {
        // Not the port of a registry.
        Some((name, tag)) if !tag.contains('/') => name,
        _ => path,
    }
}

/// An image's tag. It begins at the first colon behind the registry: one that something fills in later
/// (`a:v1.2-${ARCH:-arm64}`) may have more.
pub(crate) fn image_tag(image: &str) -> Option<&str> {
    let path = without_digest(image);
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once(':').map(|(_, tag)| tag)
}

/// The last component of an image's name, without a tag.
pub(crate) fn last_component(image: &str) -> &str {
    let path = path(image);
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether an image has this name: its last components, without a tag.
pub(crate) fn image_is(image: &str, name: &str) -> bool {
    let head = path(image).strip_suffix(name);
    head.is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_taken_to_pieces() {
        for (image, name, tag) in [
            ("a", "a", None),
            ("x/a:v1", "a", Some("v1")),
            ("registry:5000/x/a", "a", None),
            ("registry:5000/x/a:v1.2@sha256:0", "a", Some("v1.2")),
            ("a@sha256:0", "a", None),
        ] {
            assert_eq!((last_component(image), image_tag(image)), (name, tag), "{image}");
        }
    }

    #[test]
    fn a_name_is_whole_components() {
        assert!(image_is("registry:5000/rook/ceph:v1", "rook/ceph") && image_is("ceph", "ceph"));
        assert!(!image_is("x/brook/ceph", "rook/ceph") && !image_is("ceph", "rook/ceph"));
    }
}
