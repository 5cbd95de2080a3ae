//! Links and ids of an HTML text, and where a link leads.

use html5gum::{Token, Tokenizer};

/// What the tags of a text have.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    pub(crate) links: Vec<String>,
    pub(crate) ids: Vec<String>,
}

pub(crate) fn tags(text: &str) -> Tags {
    let mut tags = Tags::default();
    for token in Tokenizer::new(text) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        for (name, value) in tag.attributes {
            let value = String::from_utf8_lossy(&value).into_owned();
            match name.as_slice() {
                b"id" => tags.ids.push(value),
                b"name" if tag.name.as_slice() == b"a" => tags.ids.push(value),
                b"href" | b"src" => tags.links.push(value),
                b"srcset" => {
                    let names = value.split(',').filter_map(|one| one.split_whitespace().next());
                    tags.links.extend(names.map(str::to_owned));
                }
                _ => {}
            }
        }
    }
    tags
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A path from the top, and a place there.
    Inside { path: String, anchor: Option<String> },
    /// Above the top, or somewhere that hangs on where the top is.
    Outside,
}

/// Where a link of a page leads; none, if that is another site.
pub(crate) fn target(page: &str, link: &str) -> Option<Target> {
    let scheme = link.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    if !scheme.is_empty() && scheme.chars().all(is_scheme) {
        return None;
    }
    if link.starts_with('/') {
        return Some(Target::Outside);
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(decoded(anchor))),
        None => (link, None),
    };
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let path = decoded(path);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return Some(Target::Outside),
            ".." => {}
            part => parts.push(part),
        }
    }
    let path = if path.is_empty() { page.to_owned() } else { parts.join("/") };
    Some(Target::Inside { path, anchor })
}

/// `%20` and the like are read.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
