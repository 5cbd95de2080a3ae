//! Paths: the laws of their arithmetic, and where a root is found in a text.

use csi_relocate::kubepath::{
    AbsPath, MAX_ROOT_BYTES, PathSet, Root, RootError, WindowsRoot, WindowsRootError, components,
    depth, find_paths, find_tokens, find_windows_tokens,
};

/// Where tokens are moved to.
const TO: &str = "data/kubelet";

/// Checks the bytes: the first line is a root, the second a path, and all of it a text in which
/// both are looked for.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    root(first);
    windows_root(first);
    let base = AbsPath::parse(first);
    path(first, second);
    path(second, first);
    let mut roots = vec![AbsPath::parse("/var/lib/kubelet").unwrap()];
    roots.extend(base.filter(|path| path.depth() > 0));
    roots.extend(Root::parse(second).ok().map(|root| root.path().clone()));
    tokens(&text, &roots);
    paths(&text);
    windows(&text, WindowsRoot::parse(first).ok());
}

fn root(text: &str) {
    match Root::parse(text) {
        Ok(root) => {
            assert_eq!(root.to_string(), text);
            assert!(text.len() < MAX_ROOT_BYTES);
            let name = root.path().name().unwrap();
            assert!(!name.is_empty() && text.ends_with(name));
            assert_eq!(AbsPath::parse(text).as_ref(), Some(root.path()));
        }
        Err(RootError::NotClean(Some(clean))) => {
            let again = Root::parse(&clean);
            assert!(!matches!(again, Err(RootError::NotClean(_))), "{clean:?} isn't clean");
        }
        Err(_) => {}
    }
}

fn windows_root(text: &str) {
    match WindowsRoot::parse(text) {
        Ok(root) => {
            assert!(root.to_string().eq_ignore_ascii_case(text));
            assert_eq!(WindowsRoot::parse(&root.to_string()), Ok(root));
        }
        Err(WindowsRootError::NotClean(Some(clean)) | WindowsRootError::Slashes(clean)) => {
            let again = WindowsRoot::parse(&clean);
            let is_unclean =
                matches!(again, Err(WindowsRootError::NotClean(_) | WindowsRootError::Slashes(_)));
            assert!(!is_unclean, "{clean:?} isn't clean");
        }
        Err(_) => {}
    }
}

fn path(text: &str, other: &str) {
    let Some(path) = AbsPath::parse(text) else { return };
    assert_eq!(AbsPath::parse(&path.to_string()).as_ref(), Some(&path));
    assert_eq!(path.below(&path), Some(""));
    assert!(!path.is_ancestor_of(&path));
    for up in 0..=path.depth() {
        let ancestor = path.ancestor(up).expect("not above /");
        let rest = path.below(&ancestor).expect("an ancestor");
        assert_eq!(depth(rest), up);
        assert_eq!(ancestor.join(rest), path);
        assert_eq!(ancestor.is_ancestor_of(&path), up > 0);
    }
    assert_eq!(path.ancestor(path.depth() + 1), None);
    let Some(joined) = path.join_text(other) else {
        assert!(other.split('/').any(|part| part == ".."));
        return;
    };
    if let Some(rest) = joined.below(&path) {
        assert_eq!(path.join(rest), joined);
    } else {
        assert!(other.split('/').any(|part| part == ".."));
    }
    assert_eq!(AbsPath::parse(&format!("{path}/{other}")), Some(joined));
}

fn tokens(text: &str, roots: &[AbsPath]) {
    let mut end = 0;
    let tokens = find_tokens(text, &PathSet::new(roots));
    for token in &tokens {
        let (root, path) = (token.root_range.clone(), token.path_range.clone());
        assert!(end <= root.start, "{token:?} overlaps what ends at {end}");
        end = root.end;
        assert!(path.start <= root.start && root.end <= path.end, "{token:?}");
        assert!(text.get(path).is_some(), "{token:?}");
        let spelled = text.get(root).expect("a range of characters").replace('\\', "");
        let spelled: Vec<&str> = spelled.split('/').filter(|part| !part.is_empty()).collect();
        // A root may have a backslash in a component of its own.
        let names = roots[token.root].components().map(|part| part.replace('\\', ""));
        let names = names.filter(|part| !part.is_empty());
        assert_eq!(spelled, names.collect::<Vec<_>>(), "{token:?}");
        assert!(components(&token.rest).all(|part| part != ".." && part != "."));
        assert_eq!(components(&token.rest).collect::<Vec<_>>().join("/"), token.rest);
    }
    let to = AbsPath::parse(&format!("/{TO}")).expect("a path");
    for token in tokens.iter().filter(|token| !token.in_pattern) {
        let root = token.root_range.clone();
        let moved = format!("{}{TO}{}", &text[..root.start], &text[root.end..]);
        let found = find_tokens(&moved, &PathSet::new(std::slice::from_ref(&to)));
        let again = found.iter().find(|found| found.root_range.start == root.start);
        let again = again.unwrap_or_else(|| panic!("{token:?} is lost in {moved:?}"));
        // A path ends where another begins, and the others are of other roots before and after.
        let (short, long) = if again.rest.len() < token.rest.len() {
            (&again.rest, &token.rest)
        } else {
            (&token.rest, &again.rest)
        };
        let is_alone = tokens.len() == 1 && found.len() == 1;
        assert!(long.starts_with(short), "{token:?} {again:?} in {moved:?}");
        assert!(!is_alone || long == short, "{token:?} {again:?} in {moved:?}");
    }
}

fn paths(text: &str) {
    let mut end = 0;
    for (range, path) in find_paths(text) {
        assert!(end <= range.start, "{range:?} overlaps what ends at {end}");
        end = range.end;
        let spelled = text.get(range).expect("a range of characters");
        assert_eq!(AbsPath::parse(spelled), Some(path));
    }
}

fn windows(text: &str, to: Option<WindowsRoot>) {
    let default = AbsPath::parse("/var/lib/kubelet").expect("a path");
    let other = WindowsRoot::parse(r"D:\k8s\kubelet").expect("a root");
    let to = to.unwrap_or(other);
    let mut end = 0;
    for token in find_windows_tokens(text, &default, Some(&to)) {
        assert!(end <= token.range.start, "{token:?} overlaps what ends at {end}");
        end = token.range.end;
        let spelled = text.get(token.range.clone()).expect("a range of characters");
        let clean: Vec<&str> = spelled.split(['\\', '/', ':']).filter(|s| !s.is_empty()).collect();
        let clean = clean.join("/").to_ascii_lowercase();
        let root = to.to_string().to_ascii_lowercase().replace(":\\", "/").replace('\\', "/");
        let (drive, components) = root.split_once('/').expect("a drive");
        if token.settled {
            assert!(clean == root || clean == components, "{token:?} {drive}");
        } else {
            assert!(clean == "c/var/lib/kubelet" || clean == "var/lib/kubelet", "{token:?}");
        }
        assert!(!to.respelled(&token.spelling).is_empty());
    }
}
