//! What a person should know: rules, severities, findings.

use crate::words::Message;
use crate::yaml::NodeId;
use serde::Deserialize;
use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;

/// How much harm follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Works today and is fragile.
    Warning,
    /// The driver stops or data is lost.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What kind of finding it is, most harmful first; the id is stable.
///
/// `docs/rules.md` tells of each what is there, what breaks and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The driver's mount doesn't propagate to the host, and the tool may not mend it.
    PropagationMissing,
    /// A mount is Bidirectional in a container that isn't privileged.
    PropagationUnprivileged,
    /// The kubelet's directory isn't at the kubelet's own path in the driver's container.
    ParityBroken,
    /// The registrar's socket doesn't stand where the kubelet looks.
    RegistrationDir,
    /// The registered path doesn't lead to the driver's socket.
    RegistrationPath,
    /// The directory for staged volumes isn't shared with the host.
    StagingNotShared,
    /// Paths lie below different kubelet roots.
    MixedRoots,
    /// A driver's setting isn't in the manifest, and its default has the default root in it.
    HiddenDefault,
    /// A program has the default root built in.
    BuiltInRoot,
    /// An operator writes workloads of its own, and nothing tells it the root.
    OperatorSetting,
    /// A socket's path is longer than the kernel takes.
    SocketPathTooLong,
    /// A probe names another registration path than the registrar.
    ProbePath,
    /// A path reaches the root through the mount of an ancestor that doesn't hold the new root.
    AncestorMount,
    /// Two mounts of a container stand at one place after the move.
    DuplicateMountPath,
    /// The registration path is put together so that its root can't be moved.
    SplitRoot,
    /// Something that never moves is reached through a mount that moved.
    StaysBelowMovedMount,
    /// A scalar is shared by an anchor, and its uses don't agree.
    SharedScalar,
    /// Several containers could be the driver; none was given propagation.
    PropagationAmbiguous,
    /// A path below the new root names something that doesn't follow the root.
    KeptUnderNewRoot,
    /// A mount of what programs open at the default path was moved along.
    CompiledInPath,
    /// A mount stands inside of one that propagates to the host.
    NestedMount,
    /// The manifest also names a kubelet root that this run leaves alone.
    OtherRoot,
    /// A path below the root in a field that isn't known here.
    UnknownField,
    /// A policy names the root.
    PolicyNamesRoot,
    /// A path in a container lies under none of its mounts.
    PathUnderNoMount,
    /// A directory below the root is reached through a subPath.
    SubPath,
    /// An agent has the whole root and may look for what doesn't follow it.
    WholeRootMount,
    /// The root is spelled inside a regular expression.
    RootInRegex,
    /// A command copies, moves or links between an old root and the new one.
    CommandBetweenRoots,
    /// The registrar's path comes from a variable that isn't defined in the container.
    UndefinedVariable,
    /// Paths of Windows nodes, without a root for them.
    WindowsPath,
    /// A field that can't be changed on a live object names the root.
    ImmutableField,
    /// The root is the default of a field in a schema.
    SchemaDefault,
    /// A copy of an object in an annotation names the root.
    CopyInAnnotation,
    /// An object that configures the kubelet names the root.
    ConfiguresKubelet,
    /// A directory below the root that the kubelet doesn't know.
    UnknownChild,
    /// A finding is suppressed that isn't there.
    UnusedSuppression,
}

impl Rule {
    /// Every rule, most harmful first.
    pub const ALL: [Self; 37] = [
        Self::PropagationMissing,
        Self::PropagationUnprivileged,
        Self::ParityBroken,
        Self::RegistrationDir,
        Self::RegistrationPath,
        Self::StagingNotShared,
        Self::MixedRoots,
        Self::HiddenDefault,
        Self::BuiltInRoot,
        Self::OperatorSetting,
        Self::SocketPathTooLong,
        Self::ProbePath,
        Self::AncestorMount,
        Self::DuplicateMountPath,
        Self::SplitRoot,
        Self::StaysBelowMovedMount,
        Self::SharedScalar,
        Self::PropagationAmbiguous,
        Self::KeptUnderNewRoot,
        Self::CompiledInPath,
        Self::NestedMount,
        Self::OtherRoot,
        Self::UnknownField,
        Self::PolicyNamesRoot,
        Self::PathUnderNoMount,
        Self::SubPath,
        Self::WholeRootMount,
        Self::RootInRegex,
        Self::CommandBetweenRoots,
        Self::UndefinedVariable,
        Self::WindowsPath,
        Self::ImmutableField,
        Self::SchemaDefault,
        Self::CopyInAnnotation,
        Self::ConfiguresKubelet,
        Self::UnknownChild,
        Self::UnusedSuppression,
    ];

    /// The rule with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }

    /// What the rule is about, in a few words.
    #[doc(hidden)]
    #[must_use]
    pub fn title(self) -> Message {
        Message::new(format!("rule-{}", self.id()))
    }

    /// The rule's id, as it is printed and as it will be suppressed by.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::PropagationMissing => "propagation-missing",
            Self::PropagationUnprivileged => "propagation-unprivileged",
            Self::ParityBroken => "parity-broken",
            Self::RegistrationDir => "registration-dir",
            Self::RegistrationPath => "registration-path",
            Self::StagingNotShared => "staging-not-shared",
            Self::MixedRoots => "mixed-roots",
            Self::HiddenDefault => "hidden-default",
            Self::BuiltInRoot => "built-in-root",
            Self::OperatorSetting => "operator-setting",
            Self::SocketPathTooLong => "socket-path-too-long",
            Self::ProbePath => "probe-path",
            Self::PropagationAmbiguous => "propagation-ambiguous",
            Self::AncestorMount => "ancestor-mount",
            Self::StaysBelowMovedMount => "stays-below-moved-mount",
            Self::KeptUnderNewRoot => "kept-under-new-root",
            Self::CompiledInPath => "compiled-in-path",
            Self::NestedMount => "nested-mount",
            Self::PathUnderNoMount => "path-under-no-mount",
            Self::SubPath => "sub-path",
            Self::WholeRootMount => "whole-root-mount",
            Self::RootInRegex => "root-in-regex",
            Self::CommandBetweenRoots => "command-between-roots",
            Self::DuplicateMountPath => "duplicate-mount-path",
            Self::SplitRoot => "split-root",
            Self::SharedScalar => "shared-scalar",
            Self::OtherRoot => "other-root",
            Self::UnknownChild => "unknown-child",
            Self::UnusedSuppression => "unused-suppression",
            Self::UnknownField => "unknown-field",
            Self::PolicyNamesRoot => "policy-names-root",
            Self::WindowsPath => "windows-path",
            Self::ImmutableField => "immutable-field",
            Self::SchemaDefault => "schema-default",
            Self::CopyInAnnotation => "copy-in-annotation",
            Self::ConfiguresKubelet => "configures-kubelet",
            Self::UndefinedVariable => "undefined-variable",
        }
    }
}

/// A place in a document, by meaning: a node, and bytes of its decoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The document, as an index into the analysed documents.
    pub doc: usize,
    /// The node.
    pub node: NodeId,
    /// Bytes of the scalar's decoded value; `None` means the whole node.
    pub range: Option<Range<usize>>,
}

/// Something a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is.
    pub rule: Rule,
    /// How much harm follows here.
    pub severity: Severity,
    /// Where, the main place first.
    pub places: Vec<Place>,
    /// What is there, and as its attribute `help` what to do about it.
    pub message: Message,
}

impl Finding {
    /// Its place in a list: what is most harmful comes first, and a rule's place in the list of rules is its
    /// harm.
    #[must_use]
    pub fn rank(&self) -> (Reverse<Severity>, Rule) {
        (Reverse(self.severity), self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_listed_once() {
        let mut ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert!(Rule::ALL.is_sorted());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
        assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
}
