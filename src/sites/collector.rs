//! The way through a document on which its sites are found.

use super::{Field, Lie, Passage, Site, Speech};
use crate::kubepath::{
    AbsPath, Token, components, find_tokens, find_windows_tokens, may_have_windows_paths,
};
use crate::model::{Object, Pod, Text, VolumeSource};
use crate::roots::{DEFAULT_ROOT, Roots, TO};
use crate::yaml::{Marks, NodeSet};
use smol_str::SmolStr;
use std::ops::Range;

/// The sites in a value of a ConfigMap that names roots as its readers see them, [`behind`](Speech::behind)
/// their mounts; a site's `via` is the number of its path. `at` is the document and the object.
#[must_use]
pub(crate) fn collect_read(
    at: (usize, usize),
    text: &Text,
    field: &str,
    behind: &Speech<'_>,
    roots: &Roots,
) -> Vec<Site> {
    let marks = Marks::none();
    let mut collector = Collector { object: at.1, ..Collector::new(at.0, roots, &marks) };
    let mut lines = Lines::default();
    for token in find_tokens(&text.value, &behind.paths) {
        let field = Field::Elsewhere(Passage::Config, field.to_owned());
        collector.push(behind, text, field, token, &mut lines);
    }
    collector.sites
}

/// What finds sites, and what it has found so far.
pub(super) struct Collector<'r> {
    doc: usize,
    pub(super) object: usize,
    pod: Option<usize>,
    container: Option<usize>,
    pub(super) roots: &'r Roots,
    /// What leads to scalars that are worth a closer look.
    pub(super) marks: &'r Marks,
    /// Those of them, and aliases of them, that were looked at as fields of a pod or as host fields.
    pub(super) seen: NodeSet,
    pub(super) sites: Vec<Site>,
}

impl<'r> Collector<'r> {
    pub(super) fn new(doc: usize, roots: &'r Roots, marks: &'r Marks) -> Self {
        let (seen, sites) = (NodeSet::default(), Vec::new());
        Self { doc, object: 0, pod: None, container: None, roots, marks, seen, sites }
    }

    /// What the fields of an object that are known hold, by the object's number.
    pub(super) fn collect_object(&mut self, index: usize, object: &Object, speech: &Speech<'_>) {
        (self.object, self.pod, self.container) = (index, None, None);
        for field in &object.host_fields {
            self.whole(speech, &field.path, || Field::Object(field.field));
        }
        for (index, pod) in object.pods.iter().enumerate() {
            self.pod = Some(index);
            self.collect_pod(pod, speech);
        }
    }

    fn collect_pod(&mut self, pod: &Pod, plain: &Speech<'_>) {
        self.container = None;
        for volume in &pod.volumes {
            if let VolumeSource::HostPath(path) = &volume.source {
                self.whole(plain, path, || Field::HostPath(volume.name.clone()));
            }
        }
        for (index, container) in pod.containers.iter().enumerate() {
            self.container = Some(index);
            let speech = Speech::of(container, pod, self.roots);
            for (index, mount) in container.mounts.iter().enumerate() {
                if let Some(path) = &mount.path {
                    self.whole(&speech, path, || Field::MountPath(index));
                }
            }
            for variable in container.env.iter() {
                if let Some(value) = &variable.value {
                    self.tokens(&speech, value, || Field::Env(variable.name.clone()));
                }
            }
            for line in container.all_lines() {
                self.tokens(&speech, &line.text, || Field::Line(line.field));
            }
        }
    }

    /// A field that holds one path and nothing else.
    fn whole(&mut self, speech: &Speech<'_>, text: &Text, field: impl Fn() -> Field) {
        self.windows_tokens(text, |_| field());
        if !self.marks.lead_from(text.node) {
            return;
        }
        self.seen.insert(text.at);
        let first = find_tokens(&text.value, &speech.paths).into_iter().next();
        let Some(mut token) = first else { return };
        if token.path_range.start > 0 {
            // Something fills it in before it's a path: `${ROOT:-/var/lib/kubelet}/pods`.
            token.in_pattern = true;
            self.push(speech, text, field(), token, &mut Lines::default());
            return;
        }
        // What ends a path in a script doesn't end it here: the field is the path.
        let tail = text.value.get(token.root_range.end..).unwrap_or("");
        let rest =
            AbsPath::default().join_text(tail).filter(|_| tail.is_empty() || tail.starts_with('/'));
        let Some(rest) = rest else { return };
        token.rest = rest.into_rest();
        token.path_range = 0..text.value.len();
        token.in_pattern = false;
        self.push(speech, text, field(), token, &mut Lines::default());
    }

    /// A field in which paths may stand anywhere.
    pub(super) fn tokens(&mut self, speech: &Speech<'_>, text: &Text, field: impl Fn() -> Field) {
        self.windows_tokens(text, |_| field());
        if !self.marks.lead_from(text.node) {
            return;
        }
        self.seen.insert(text.at);
        let mut lines = Lines::default();
        for token in find_tokens(&text.value, &speech.paths) {
            self.push(speech, text, field(), token, &mut lines);
        }
    }

    pub(super) fn push(
        &mut self,
        speech: &Speech<'_>,
        text: &Text,
        field: Field,
        token: Token,
        lines: &mut Lines,
    ) {
        let Some((root, via)) = speech.meaning(token.root) else {
            return;
        };
        let path = spelled(text.value.get(token.path_range.clone()).unwrap_or(""));
        let lie = Lie { root, rest: token.rest.into(), via };
        let site = self.site(text, field, token.root_range, lie, lines);
        self.sites.push(Site {
            path_range: token.path_range,
            path,
            in_pattern: token.in_pattern,
            ..site
        });
    }

    /// `field` is asked for each path, by where it begins.
    pub(super) fn windows_tokens(&mut self, text: &Text, field: impl Fn(usize) -> Field) {
        if !may_have_windows_paths(&text.value) {
            return;
        }
        let Some(default) = AbsPath::parse(DEFAULT_ROOT) else { return };
        let mut lines = Lines::default();
        for token in find_windows_tokens(&text.value, &default, self.roots.windows()) {
            let path = text.value.get(token.range.clone()).unwrap_or("");
            let rest = components(&token.rest).flat_map(|part| [&token.spelling.separator, part]);
            let path: SmolStr = std::iter::once(path).chain(rest).collect();
            let root = if token.settled { TO } else { NOT_TO };
            let lie = Lie { root, rest: token.rest.into(), via: None };
            let site =
                self.site(text, field(token.range.start), token.range.clone(), lie, &mut lines);
            let windows = Some(Box::new(token.spelling));
            self.sites.push(Site { path_range: token.range, path, windows, ..site });
        }
    }

    fn site(
        &self,
        text: &Text,
        field: Field,
        range: Range<usize>,
        lie: Lie,
        lines: &mut Lines,
    ) -> Site {
        let commented = lines.is_comment(&text.value, range.start);
        Site {
            doc: self.doc,
            object: self.object,
            pod: self.pod,
            container: self.container,
            field,
            node: text.node,
            path_range: range.clone(),
            range,
            path: SmolStr::default(),
            lie,
            in_pattern: false,
            windows: None,
            commented,
        }
    }
}

/// In [`Lie::root`] of a Windows path: another root than the new one, whichever.
const NOT_TO: usize = TO + 1;

/// The lines of a text, read once by whoever asks from its beginning to its end.
#[derive(Default)]
pub(crate) struct Lines {
    /// Up to where the text was read, and where the first word of the line there begins.
    read: usize,
    word: usize,
    /// Whether that word was seen; if not, the line is blank so far.
    is_in_word: bool,
}

impl Lines {
    /// The line up to a byte, from its first word on.
    pub(super) fn before<'t>(&mut self, text: &'t str, at: usize) -> &'t str {
        if at < self.read {
            *self = Self::default();
        }
        let fresh = text.get(self.read..at).unwrap_or("");
        if let Some(end) = fresh.rfind('\n') {
            (self.word, self.is_in_word) = (self.read + end + 1, false);
        }
        if !self.is_in_word {
            let line = text.get(self.word..at).unwrap_or("").trim_start();
            (self.word, self.is_in_word) = (at - line.len(), !line.is_empty());
        }
        self.read = at;
        text.get(self.word..at).unwrap_or("")
    }

    /// Whether a byte stands in a comment of a script or a configuration.
    pub(crate) fn is_comment(&mut self, text: &str, at: usize) -> bool {
        let line = self.before(text, at);
        // Not `//var/lib/…`, which is a path.
        line.starts_with('#') || line.starts_with("// ")
    }
}

/// A path as a person knows it: one slash before its first component, also out of a URL.
fn spelled(path: &str) -> SmolStr {
    let inside = path.trim_start_matches('/');
    // Most begin with one slash.
    match path.len() - inside.len() {
        1 => path.into(),
        _ => ["/", inside].concat().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_same_whoever_asks_before() {
        let text = "a b\n# c d\ne";
        let mut lines = Lines::default();
        for at in [2, 6, 9, 10, 11, 8, 1] {
            assert_eq!(lines.before(text, at), Lines::default().before(text, at), "up to {at}");
        }
        assert_eq!([9, 10].map(|at| lines.before(text, at)), ["# c d", ""]);
    }
}
