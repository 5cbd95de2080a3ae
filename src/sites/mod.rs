//! Sites: every place where a path tied to a kubelet root stands.
//!
//! A site names a node and bytes of its decoded value; it says in which field it stands and how
//! the path lies to the root, and decides nothing.

mod base;
mod collect;
mod collector;
mod elsewhere;
mod last;
mod releases;
mod speech;

pub use collect::collect;
pub(crate) use collector::{Lines, collect_read};
pub use speech::host_paths;

use crate::finding::Place;
use crate::kubepath::WindowsSpelling;
use crate::roots::TO;
use crate::words::{Message, message};
use crate::yaml::NodeId;
use smol_str::SmolStr;
pub(crate) use speech::Speech;
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
    HostPath(SmolStr),
    /// `volumeMounts[].mountPath`, by the mount's index in its container.
    MountPath(usize),
    /// `env[].value` of the named variable.
    Env(SmolStr),
    /// An item of a command, by the field it stands in: `args`, `livenessProbe`, `preStop`.
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
    /// A manifest within a text, such as one that a ConfigMap carries.
    Manifest,
    /// A field that holds a host path: `hostPath.path`, a `pathPrefix`, or one of a custom resource that
    /// the tables know.
    HostField,
    /// A mountPath outside of a pod: in a patch, or in a custom resource that embeds mounts.
    Mount,
    /// An argument, a variable or a whole container in a JSON patch.
    PatchedReference,
    /// A part of a patch that says what is patched, and puts nothing into it.
    Base,
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
    /// A value of a chart that is the root, or below it, and doesn't move all that there is of it.
    PartOfChart,
    /// A path that is on no node: of a web server, of a file server.
    Remote,
    /// A field that isn't known here.
    UnknownField,
}

impl Passage {
    /// Whether a rewrite moves what stands in such a passage; any other stays as it is, with a finding
    /// or without.
    #[must_use]
    pub fn is_rewritten(self) -> bool {
        matches!(
            self,
            Self::Config | Self::Manifest | Self::HostField | Self::Mount | Self::PatchedReference
        )
    }
}

/// How a site's path lies to a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lie {
    /// Which root, as an index into [`Roots::all`](crate::roots::Roots::all); of a Windows path, the
    /// one asked for, or any number that isn't its.
    pub root: usize,
    /// What follows the root, clean: `plugins/x`.
    pub rest: SmolStr,
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
    pub path: SmolStr,
    /// How the path lies to a root, in its own space.
    pub lie: Lie,
    /// The path is spelled inside what looks like a regular expression.
    pub in_pattern: bool,
    /// How a Windows path is spelled; `None` for all others.
    pub windows: Option<Box<WindowsSpelling>>,
    /// It stands in a comment of a script or a configuration.
    pub commented: bool,
}

impl Site {
    /// Whether it lies below the new root.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.lie.root == TO
    }

    /// Where a person looks for the site: the whole path.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { doc: self.doc, node: self.node, range: Some(self.path_range.clone()) }
    }
}
