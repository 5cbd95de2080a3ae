//! Decisions: what becomes of each site, and why.
//!
//! Everything is judged on the input as it is; no decision sees a half-edited state. The rules
//! are described in `docs/design.md`.

mod detect;
mod elsewhere;
mod hidden;
mod host;
mod insertion;
mod mounts;
mod pod;
mod propagation;
mod references;
pub(crate) mod registration;
mod shared;
mod variables;
mod views;
mod windows;

pub use detect::{DetectedRoot, detect_roots};
pub use insertion::{Added, Insertion, Setting, Spot, Value};

use hidden::Controllers;

use crate::finding::{Finding, Rule};
use crate::knowledge::{Knowledge, RoleRow};
use crate::kubepath::AbsPath;
use crate::model::{Configs, Object, Sourced, objects};
use crate::parallel;
use crate::roots::{Roots, TO};
use crate::sites::{Field, Site, collect};
use crate::words::{Message, message};
use crate::yaml::Document;
use propagation::Uses;
use std::collections::{HashMap, HashSet};

/// What becomes of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The site's root is replaced by this path.
    Move(AbsPath),
    /// The site's Windows root is replaced by this text.
    Respell(String),
    /// The site stays, although it isn't below the new root.
    Keep,
    /// The site is below the new root already.
    Settled,
}

impl Action {
    /// Whether the action changes the site.
    #[must_use]
    pub fn edits(&self) -> bool {
        matches!(self, Self::Move(_) | Self::Respell(_))
    }
}

/// A site's action and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of it.
    pub action: Action,
    /// Why.
    pub reason: Reason,
}

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
    /// The scalar is shared and its uses don't agree.
    SharedUsesDisagree,
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
    /// A path of Windows nodes, for which no root was given.
    Windows,
}

impl Reason {
    /// Why a path of this role stays.
    fn stays(row: &RoleRow) -> Self {
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
            Self::StaysWithMount(mount) => message!("reason-stays-with-mount", mount = mount),
            Self::RegistrationPath => message!("reason-registration-path"),
            Self::HostCommand => message!("reason-host-command"),
            Self::HostSetting(name) => message!("reason-host-setting", name = name),
            Self::PodMoves => message!("reason-pod-moves"),
            Self::NothingMoves => message!("reason-nothing-moves"),
            Self::InRegex => message!("reason-in-regex"),
            Self::Patched => message!("reason-patched"),
            Self::Configuration => message!("reason-configuration"),
            Self::Comment => message!("reason-comment"),
            Self::Prose => message!("reason-prose"),
            Self::Sentinel => message!("reason-sentinel"),
            Self::Shadowed => message!("reason-shadowed"),
            Self::Remote => message!("reason-remote"),
            Self::SchemaDefault => message!("reason-schema-default"),
            Self::Annotation => message!("reason-annotation"),
            Self::Policy => message!("reason-policy"),
            Self::ConfiguresKubelet => message!("reason-configures-kubelet"),
            Self::UnknownField => message!("reason-unknown-field"),
            Self::Windows => message!("reason-windows"),
            Self::SharedUsesDisagree => message!("reason-shared-uses-disagree"),
        }
    }
}

impl Decision {
    fn of(action: Action, reason: Reason) -> Self {
        Self { action, reason }
    }

    fn keep(reason: Reason) -> Self {
        Self::of(Action::Keep, reason)
    }

    fn settled() -> Self {
        Self::of(Action::Settled, Reason::AlreadyThere)
    }
}

/// All that was found in a run and decided about it.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The objects of each document.
    pub objects: Vec<Vec<Object>>,
    /// Every site.
    pub sites: Vec<Site>,
    /// What becomes of it; as long as `sites`.
    pub decisions: Vec<Decision>,
    /// What is written where nothing was.
    pub insertions: Vec<Insertion>,
    /// What a person should know.
    pub findings: Vec<Finding>,
}

impl Analysis {
    /// Each site with its decision.
    pub fn decided(&self) -> impl Iterator<Item = (&Site, &Decision)> {
        self.sites.iter().zip(&self.decisions)
    }

    /// Whether nothing is to be changed.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.insertions.is_empty() && !self.decisions.iter().any(|decision| decision.action.edits())
    }
}

/// Finds every site of the documents and decides about it.
#[must_use]
pub fn analyse(docs: &[Sourced<'_>], roots: &Roots, knowledge: &Knowledge) -> Analysis {
    let bytes = docs.iter().map(|sourced| sourced.doc.span_of_document().len()).sum();
    let mut objects: Vec<Vec<Object>> =
        parallel::map(docs, bytes, |sourced| rewritten_objects(sourced.doc, knowledge));
    let configs = Configs::read(docs, &objects);
    for (sourced, objects) in docs.iter().zip(&mut objects) {
        objects.iter_mut().for_each(|object| configs.fill(sourced.source, object));
    }
    let context = Context { roots, knowledge };
    let numbered: Vec<_> = docs.iter().zip(&objects).enumerate().collect();
    let controllers = Controllers::of(&objects);
    let found = parallel::map(&numbered, bytes, |&(index, (sourced, objects))| {
        let sites = collect(index, sourced.doc, objects, roots, knowledge);
        let mut found = decide_document(sourced.doc, index, objects, sites, &context);
        let Analysis { insertions, findings, .. } = &mut found;
        insertions.extend(hidden::decide_objects(
            sourced.doc,
            index,
            objects,
            &controllers,
            &context,
            findings,
        ));
        found
    });
    let mut analysis = Analysis::default();
    for mut found in found {
        analysis.sites.append(&mut found.sites);
        analysis.decisions.append(&mut found.decisions);
        analysis.insertions.append(&mut found.insertions);
        analysis.findings.append(&mut found.findings);
    }
    analysis.objects = objects;
    let findings = hidden::decide_operators(docs, &analysis, &context);
    analysis.findings.extend(findings);
    analysis
}

/// The objects of a document; those that aren't rewritten have no pods and no host fields.
#[must_use]
pub fn rewritten_objects(doc: &Document, knowledge: &Knowledge) -> Vec<Object> {
    let mut objects = objects(doc);
    for object in &mut objects {
        if !knowledge.kinds().is_rewritten(&object.name) {
            object.pods.clear();
            object.host_fields.clear();
        }
    }
    objects
}

/// What every rule may ask.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) roots: &'a Roots,
    pub(crate) knowledge: &'a Knowledge,
}

impl Context<'_> {
    fn to(&self) -> &AbsPath {
        self.roots.to().path()
    }

    /// Whether a site lies below the new root.
    fn is_settled(&self, site: &Site) -> bool {
        site.lie.root == TO
    }
}

/// Whether nothing is decided yet about a site.
fn is_open(verdicts: &[Option<Decision>], place: usize) -> bool {
    verdicts.get(place).is_some_and(Option::is_none)
}

fn decide_document(
    doc: &Document,
    index: usize,
    objects: &[Object],
    sites: Vec<Site>,
    context: &Context<'_>,
) -> Analysis {
    let mut verdicts: Vec<Option<Decision>> = vec![None; sites.len()];
    let mut analysis = Analysis::default();
    for (slot, site) in verdicts.iter_mut().zip(&sites) {
        let findings = &mut analysis.findings;
        if site.commented && !context.is_settled(site) {
            *slot = Some(Decision::keep(Reason::Comment));
        } else if let Some(spelling) = &site.windows {
            *slot = Some(windows::decide(site, spelling, context, findings));
        } else if let Field::Elsewhere(passage, field) = &site.field {
            *slot = Some(elsewhere::decide(site, *passage, field, context, findings));
        } else if site.pod.is_none() {
            *slot = Some(host::decide(site, &site.lie, context, findings));
        }
    }
    let mut by_pod: HashMap<(usize, usize), Vec<(usize, &Site)>> = HashMap::new();
    for (place, site) in sites.iter().enumerate().filter(|(place, _)| is_open(&verdicts, *place)) {
        if let Some(pod) = site.pod {
            by_pod.entry((site.object, pod)).or_default().push((place, site));
        }
    }
    let uses = Uses::of(doc, objects);
    for (number, object) in objects.iter().enumerate() {
        for pod_number in 0..object.pods.len() {
            let own = by_pod.get(&(number, pod_number)).map_or(&[][..], Vec::as_slice);
            pod::decide(
                doc,
                (index, number, pod_number),
                (objects, &uses),
                own,
                &mut verdicts,
                context,
                &mut analysis,
            );
        }
    }
    analysis.decisions = verdicts
        .into_iter()
        .map(|verdict| verdict.unwrap_or_else(|| Decision::keep(Reason::NothingMoves)))
        .collect();
    analysis.sites = sites;
    say_once(&mut analysis.findings);
    shared::reconcile(&mut analysis);
    analysis
}

/// Once for a document is enough: of a directory that several fields name, of a program that runs
/// in several containers, of paths that have one reason to stay.
fn say_once(findings: &mut Vec<Finding>) {
    let mut said: HashSet<Message> = HashSet::new();
    findings.retain(|finding| match finding.rule {
        Rule::UnknownChild | Rule::BuiltInRoot | Rule::WindowsPath => {
            said.insert(finding.message.clone())
        }
        _ => true,
    });
}
