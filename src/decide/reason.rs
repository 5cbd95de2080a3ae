//! Why a site moves or stays.

use crate::knowledge::RoleRow;
use crate::words::{Message, message};

/// Why a site moves or stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It lies below the new root.
    AlreadyThere,
    /// The kubelet's own directory on the host moves with `--root-dir`.
    HostFollowsRoot,
    /// The role's path doesn't follow the root; here is why.
    RoleStays(Message),
    /// It was moved by mistake and goes back to where the kubelet has it.
    GoesBack(Message),
    /// The mount shows a directory that moves, at the same path.
    MountFollowsHost,
    /// The container's own view of a directory; only the host side moves.
    PrivateView(Message),
    /// The bare root in a container that is no CSI driver: it reads compiled-in paths.
    AgentView,
    /// A volume that doesn't come from the root is mounted there.
    MountedFromElsewhere,
    /// A directory of the pod's own, mounted below the root: it moves with what refers to it.
    EmptyDirBelowRoot,
    /// The new host path appears elsewhere behind the same mount of an ancestor.
    BehindAncestor,
    /// The mount of an ancestor doesn't hold the new root.
    AncestorLacksRoot,
    /// The path lies below a mount and moves with it.
    MovesWithMount(String),
    /// The path lies below no mount now, and below this one once it has moved.
    MeetsMount(String),
    /// The path lies below a mount that stays.
    StaysWithMount(String),
    /// The path lies above this mount, which stays, and under none.
    AboveMount(String),
    /// The registrar hands it to the kubelet: a host path.
    RegistrationPath,
    /// The container works in the host's filesystem.
    HostCommand,
    /// The setting's name says that it is a host path.
    HostSetting(String),
    /// It lies under no mount, and the rest of the pod moves.
    PodMoves,
    /// It lies under no mount, and nothing else in the pod moves.
    NothingMoves,
    /// It is spelled inside a regular expression, which the tool doesn't rewrite.
    InRegex,
    /// A command copies, moves or links between this root and the new one.
    Migration,
    /// To the containers that read it the path is different directories.
    ReadersDiffer,
    /// The scalar is shared and its uses don't agree; this one would follow the root, or not.
    SharedUsesDisagree(bool),
    /// Part of a pod without the pod, judged by its role.
    Patched,
    /// A configuration that programs on the node read.
    Configuration,
    /// A comment.
    Comment,
    /// A description for people.
    Prose,
    /// A program compares with it.
    Sentinel,
    /// The key is written again later, and the last one counts.
    Shadowed,
    /// A patch says what it patches: it tests this, or takes it away.
    PatchedBase,
    /// A path of a server, on no node.
    Remote,
    /// A default in a schema.
    SchemaDefault,
    /// An annotation.
    Annotation,
    /// A policy.
    Policy,
    /// It configures the kubelet itself.
    ConfiguresKubelet,
    /// A field that isn't known.
    UnknownField,
    /// It is a value of a chart that alone doesn't move all of the root.
    PartOfChart,
    /// A path of Windows nodes, for which no root was given.
    Windows,
    /// A path of Windows in a pod for Linux nodes.
    NoLinuxPath,
}

impl Reason {
    /// Why a path of this role stays.
    pub(super) fn stays(row: &RoleRow) -> Self {
        Self::RoleStays(row.because())
    }

    /// The reason in words.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::RoleStays(why) | Self::PrivateView(why) => why.clone(),
            Self::AlreadyThere => message!("reason-already-there"),
            Self::HostFollowsRoot => message!("reason-host-follows-root"),
            Self::GoesBack(why) => message!("reason-goes-back", why = why),
            Self::MountFollowsHost => message!("reason-mount-follows-host"),
            Self::AgentView => message!("reason-agent-view"),
            Self::MountedFromElsewhere => message!("reason-mounted-from-elsewhere"),
            Self::EmptyDirBelowRoot => message!("reason-empty-dir-below-root"),
            Self::BehindAncestor => message!("reason-behind-ancestor"),
            Self::AncestorLacksRoot => message!("reason-ancestor-lacks-root"),
            Self::MovesWithMount(mount) => message!("reason-moves-with-mount", mount = mount),
            Self::MeetsMount(mount) => message!("reason-meets-mount", mount = mount),
            Self::AboveMount(mount) => message!("reason-above-mount", mount = mount),
            Self::StaysWithMount(mount) => message!("reason-stays-with-mount", mount = mount),
            Self::RegistrationPath => message!("reason-registration-path"),
            Self::HostCommand => message!("reason-host-command"),
            Self::HostSetting(name) => message!("reason-host-setting", name = name),
            Self::PodMoves => message!("reason-pod-moves"),
            Self::NothingMoves => message!("reason-nothing-moves"),
            Self::InRegex => message!("reason-in-regex"),
            Self::Migration => message!("reason-migration"),
            Self::ReadersDiffer => message!("reason-readers-differ"),
            Self::Patched => message!("reason-patched"),
            Self::Configuration => message!("reason-configuration"),
            Self::Comment => message!("reason-comment"),
            Self::Prose => message!("reason-prose"),
            Self::Sentinel => message!("reason-sentinel"),
            Self::Shadowed => message!("reason-shadowed"),
            Self::PatchedBase => message!("reason-patched-base"),
            Self::Remote => message!("reason-remote"),
            Self::SchemaDefault => message!("reason-schema-default"),
            Self::Annotation => message!("reason-annotation"),
            Self::Policy => message!("reason-policy"),
            Self::ConfiguresKubelet => message!("reason-configures-kubelet"),
            Self::UnknownField => message!("reason-unknown-field"),
            Self::PartOfChart => message!("reason-part-of-chart"),
            Self::Windows => message!("reason-windows"),
            Self::NoLinuxPath => message!("reason-no-linux-path"),
            Self::SharedUsesDisagree(_) => message!("reason-shared-uses-disagree"),
        }
    }
}
