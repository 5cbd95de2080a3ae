//! Names of sources as other programs find files by them.

use std::fmt::Write as _;

/// The name of a source that was read from standard input.
const STDIN: &str = "<stdin>";

/// What relative addresses stand below.
pub(super) const BASE: &str = "%SRCROOT%";

/// The address of a source, and what it stands below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) uri: String,
    pub(super) base: Option<&'static str>,
}

/// The path with `/` and without `./` in front of it.
pub(super) fn path(name: &str) -> String {
    path_on(name, cfg!(windows))
}

/// The source's address as a URI reference.
pub(super) fn address(name: &str) -> Address {
    address_on(name, cfg!(windows))
}

fn path_on(name: &str, windows: bool) -> String {
    if name == STDIN {
        return "stdin".to_owned();
    }
    let slashes = if windows { name.replace('\\', "/") } else { name.to_owned() };
    let mut rest = slashes.strip_prefix("//?/").filter(|_| windows).unwrap_or(&slashes);
    while let Some(below) = rest.strip_prefix("./") {
        rest = below.trim_start_matches('/');
    }
    rest.to_owned()
}

fn address_on(name: &str, windows: bool) -> Address {
    let path = path_on(name, windows);
    let absolute = |uri| Address { uri, base: None };
    if name == STDIN {
        return absolute(path);
    }
    if windows {
        if let Some(share) = path.strip_prefix("//") {
            return absolute(format!("file://{}", encoded(share)));
        }
        if let Some((drive, rest)) = path.split_once(':').filter(|(drive, _)| drive.len() == 1) {
            let rest = rest.trim_start_matches('/');
            return absolute(format!("file:///{}:/{}", encoded(drive), encoded(rest)));
        }
    }
    if path.starts_with('/') {
        return absolute(format!("file:///{}", encoded(path.trim_start_matches('/'))));
    }
    Address { uri: encoded(&path), base: Some(BASE) }
}

/// The path with everything but letters, digits, `-._~` and `/` as `%XX`. That a colon is encoded
/// keeps `a:b.yaml` from being read as a scheme.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, windows: bool) -> String {
        let Address { uri, base } = address_on(name, windows);
        base.map_or_else(|| uri.clone(), |base| format!("{base} {uri}"))
    }

    #[test]
    fn relative_names_stand_below_the_base() {
        assert_eq!(shown("deploy/a.yaml", false), "%SRCROOT% deploy/a.yaml");
        assert_eq!(shown("././/a b#?%.yaml", false), "%SRCROOT% a%20b%23%3F%25.yaml");
        assert_eq!(shown("a:b.yaml", false), "%SRCROOT% a%3Ab.yaml");
        assert_eq!(shown("größe\n.yaml", false), "%SRCROOT% gr%C3%B6%C3%9Fe%0A.yaml");
        assert_eq!(shown(r"a\b.yaml", false), "%SRCROOT% a%5Cb.yaml");
        assert_eq!(shown(r".\a\b.yaml", true), "%SRCROOT% a/b.yaml");
        assert_eq!(shown("../a.yaml", false), "%SRCROOT% ../a.yaml");
    }

    #[test]
    fn other_names_stand_for_themselves() {
        assert_eq!(shown("<stdin>", false), "stdin");
        assert_eq!(shown("/a b.yaml", false), "file:///a%20b.yaml");
        assert_eq!(shown("//a/b.yaml", false), "file:///a/b.yaml");
        assert_eq!(shown(r"C:\a b.yaml", true), "file:///C:/a%20b.yaml");
        assert_eq!(shown(r"\\?\C:\a.yaml", true), "file:///C:/a.yaml");
        assert_eq!(shown(r"\\host\share\a.yaml", true), "file://host/share/a.yaml");
    }
}
