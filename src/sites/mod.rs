//! Sites: every place where a path tied to a kubelet root stands.
//!
//! A site names a node and bytes of its decoded value; it says in which field it stands and how
//! the path lies to the root, and decides nothing.

mod elsewhere;
mod speech;

pub use speech::host_paths;

use crate::finding::Place;
use crate::knowledge::Knowledge;
use crate::kubepath::{
    AbsPath, Token, WindowsSpelling, components, find_tokens, find_windows_tokens,
    may_have_windows_paths,
};
use crate::model::{Object, Pod, Text, VolumeSource};
use crate::roots::{DEFAULT_ROOT, Roots, TO};
use crate::words::{Message, message};
use crate::yaml::{Document, Marks, NodeId, NodeSet};
use speech::Speech;
use std::ops::Range;

/// Whose filesystem a path belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// The node's.
    Host,
    /// The container's own.
    Container,
}

/// The field a site stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// `volumes[].hostPath.path` of the named volume.
    HostPath(String),
    /// `volumeMounts[].mountPath`, by the mount's index in its container.
    MountPath(usize),
    /// `env[].value` of the named variable.
    Env(String),
    /// An item of a command, by the field it stands in; true for probes and lifecycle hooks.
    Line(&'static str),
    /// A host path outside of a pod.
    Object(&'static str),
    /// Any other scalar of an object, by what it is and its path in the object.
    Elsewhere(Passage, String),
}

impl Field {
    /// The field as a person looks for it.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::HostPath(volume) => message!("field-host-path", volume = volume),
            Self::MountPath(_) => message!("field-mount-path"),
            Self::Env(name) => message!("field-env", variable = name),
            Self::Line(field) | Self::Object(field) => message!("field-other", field = *field),
            Self::Elsewhere(_, field) => message!("field-other", field = field),
        }
    }
}

/// What a scalar outside of the fields of a pod is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Passage {
    /// Data of a ConfigMap.
    Config,
    /// A value in the data of a ConfigMap that a program compares with, as the tables know.
    Sentinel,
    /// A field of a custom resource that the tables know to hold a host path.
    HostField,
    /// A mountPath outside of a pod: in a patch, or in a custom resource that embeds mounts.
    Mount,
    /// An argument or variable in a JSON patch.
    PatchedReference,
    /// A default in the schema of a custom resource.
    SchemaDefault,
    /// A description or a message.
    Prose,
    /// An annotation: often a copy of an object as JSON.
    Annotation,
    /// A policy that matches or generates objects.
    Policy,
    /// An object that configures the kubelet itself.
    KubeletConfig,
    /// The value of a key that is written again later, where the last one counts.
    Shadowed,
    /// A path that is on no node: of a web server, of a file server.
    Remote,
    /// A field that isn't known here.
    UnknownField,
}

/// How a site's path lies to a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lie {
    /// Which root, as an index into [`Roots::all`].
    pub root: usize,
    /// What follows the root, clean: `plugins/x`.
    pub rest: String,
    /// For a path that reaches the root through the mount of an ancestor at another place
    /// (`/host/var/lib/kubelet`): the index of that mount in the container.
    pub via: Option<usize>,
}

/// One place where a path tied to a kubelet root stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The document, as an index into the analysed documents.
    pub doc: usize,
    /// The object in the document.
    pub object: usize,
    /// The pod in the object, for sites in a pod.
    pub pod: Option<usize>,
    /// The container in the pod, for sites in a container.
    pub container: Option<usize>,
    /// The field.
    pub field: Field,
    /// The scalar.
    pub node: NodeId,
    /// The bytes of its decoded value that spell the root, without the first slash.
    pub range: Range<usize>,
    /// The bytes of the whole path.
    pub path_range: Range<usize>,
    /// The whole path as it is spelled, after the first of its leading slashes.
    pub path: String,
    /// How the path lies to a root, in its own space.
    pub lie: Lie,
    /// The path is spelled inside what looks like a regular expression.
    pub in_regex: bool,
    /// How a Windows path is spelled; `None` for all others.
    pub windows: Option<WindowsSpelling>,
    /// It stands in a comment of a script or a configuration.
    pub commented: bool,
}

impl Site {
    /// Where a person looks for the site: the whole path.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { doc: self.doc, node: self.node, range: Some(self.path_range.clone()) }
    }
}

/// Every site of a document, object by object: fields of pods first, then everything else.
#[must_use]
pub fn collect(
    index: usize,
    doc: &Document,
    objects: &[Object],
    roots: &Roots,
    knowledge: &Knowledge,
) -> Vec<Site> {
    let speech = Speech::plain(roots);
    // A scalar is worth a closer look that has the last component of a root, however a container
    // spells that, or a backslash as in Windows paths; most have neither.
    let words: Vec<&str> = roots.all().iter().filter_map(AbsPath::name).chain(["\\"]).collect();
    let marks = Marks::of(doc, &words);
    let mut collector = Collector {
        doc: index,
        object: 0,
        pod: None,
        container: None,
        roots,
        words,
        marks,
        seen: NodeSet::default(),
        sites: Vec::new(),
    };
    for (index, object) in objects.iter().enumerate() {
        (collector.object, collector.pod, collector.container) = (index, None, None);
        for field in &object.host_fields {
            collector.whole(&speech, &field.path, || Field::Object(field.field));
        }
        for (index, pod) in object.pods.iter().enumerate() {
            collector.pod = Some(index);
            collector.collect_pod(pod, &speech, roots);
        }
    }
    (collector.pod, collector.container) = (None, None);
    elsewhere::collect(doc, objects, &speech, knowledge, &mut collector);
    collector.sites
}

struct Collector<'r> {
    doc: usize,
    object: usize,
    pod: Option<usize>,
    container: Option<usize>,
    roots: &'r Roots,
    /// What makes a scalar worth a closer look.
    words: Vec<&'r str>,
    /// What leads to such scalars.
    marks: Marks,
    /// Those of them, and aliases of them, that were looked at as fields of a pod or as host fields.
    seen: NodeSet,
    sites: Vec<Site>,
}

impl Collector<'_> {
    fn collect_pod(&mut self, pod: &Pod, plain: &Speech<'_>, roots: &Roots) {
        self.container = None;
        for volume in &pod.volumes {
            if let VolumeSource::HostPath(path) = &volume.source {
                self.whole(plain, path, || Field::HostPath(volume.name.clone()));
            }
        }
        for (index, container) in pod.containers.iter().enumerate() {
            self.container = Some(index);
            let speech = Speech::of(container, pod, roots);
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
        self.windows_tokens(text, &field);
        if !self.marks.lead_from(text.node) {
            return;
        }
        self.seen.insert(text.at);
        let first = find_tokens(&text.value, &speech.paths).into_iter().next();
        let Some(mut token) = first.filter(|token| token.path_range.start == 0) else {
            return;
        };
        // What ends a path in a script doesn't end it here: the field is the path.
        let tail = text.value.get(token.root_range.end..).unwrap_or("");
        let rest =
            AbsPath::default().join_text(tail).filter(|_| tail.is_empty() || tail.starts_with('/'));
        let Some(rest) = rest else { return };
        token.rest = rest.into_rest();
        token.path_range = 0..text.value.len();
        token.in_regex = false;
        self.push(speech, text, field(), token, &mut Lines::default());
    }

    /// A field in which paths may stand anywhere.
    fn tokens(&mut self, speech: &Speech<'_>, text: &Text, field: impl Fn() -> Field) {
        self.windows_tokens(text, &field);
        if !self.marks.lead_from(text.node) {
            return;
        }
        self.seen.insert(text.at);
        let mut lines = Lines::default();
        for token in find_tokens(&text.value, &speech.paths) {
            self.push(speech, text, field(), token, &mut lines);
        }
    }

    fn push(
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
        let lie = Lie { root, rest: token.rest, via };
        let site = self.site(text, field, token.root_range, lie, lines);
        self.sites.push(Site {
            path_range: token.path_range,
            path,
            in_regex: token.in_regex,
            ..site
        });
    }

    fn windows_tokens(&mut self, text: &Text, field: impl Fn() -> Field) {
        if !may_have_windows_paths(&text.value) {
            return;
        }
        let Some(default) = AbsPath::parse(DEFAULT_ROOT) else { return };
        let mut lines = Lines::default();
        for token in find_windows_tokens(&text.value, &default, self.roots.windows()) {
            let path = text.value.get(token.range.clone()).unwrap_or("");
            let rest = components(&token.rest).flat_map(|part| [&token.spelling.separator, part]);
            let path = std::iter::once(path).chain(rest).collect();
            let root = if token.settled { TO } else { NOT_TO };
            let lie = Lie { root, rest: token.rest, via: None };
            let site = self.site(text, field(), token.range.clone(), lie, &mut lines);
            let windows = Some(token.spelling);
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
        let commented = is_comment(lines.before(&text.value, range.start));
        Site {
            doc: self.doc,
            object: self.object,
            pod: self.pod,
            container: self.container,
            field,
            node: text.node,
            path_range: range.clone(),
            range,
            path: String::new(),
            lie,
            in_regex: false,
            windows: None,
            commented,
        }
    }
}

/// In [`Lie::root`] of a Windows path: another root than the new one, whichever.
const NOT_TO: usize = TO + 1;

/// The lines of a text, read once by whoever asks from its beginning to its end.
#[derive(Default)]
struct Lines {
    /// Up to where the text was read, and where the line there begins.
    read: usize,
    start: usize,
}

impl Lines {
    /// The line up to a byte.
    fn before<'t>(&mut self, text: &'t str, at: usize) -> &'t str {
        if at < self.read {
            *self = Self::default();
        }
        let fresh = text.get(self.read..at).unwrap_or("");
        self.start = fresh.rfind('\n').map_or(self.start, |end| self.read + end + 1);
        self.read = at;
        text.get(self.start..at).unwrap_or("")
    }
}

/// Whether this is the beginning of a line that is a comment of a script or a configuration.
fn is_comment(line: &str) -> bool {
    // Not `//var/lib/…`, which is a path.
    line.trim_start().starts_with('#') || line.trim_start().starts_with("// ")
}

/// A path as a person knows it: one slash before its first component, also out of a URL.
fn spelled(path: &str) -> String {
    ["/", path.trim_start_matches('/')].concat()
}
