//! One path: where it stands, what it is for, what becomes of it and what would break.

use super::{Holder, Nature, PodFacts};
use crate::decide::{Action, Added, Decision, Insertion, Reason};
use crate::knowledge::{Asked, HarmTable, Holds, HostSide, Knowledge, Role, Standing};
use crate::kubepath::components;
use crate::model::{Mount, Object, Pod, Volume};
use crate::relocate::Relocation;
use crate::sites::{Field, Passage, Site, Space, host_paths};
use crate::source::{Source, Span};
use crate::words::{Message, message};
use crate::yaml::NodeId;

/// What becomes of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fate {
    /// It becomes this one.
    Moves(String),
    /// It stays, although it isn't below the new root.
    Stays,
    /// It is where it belongs.
    There,
    /// It wasn't there and is written.
    Added,
}

impl Fate {
    /// The word for it in reports and texts.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Moves(_) => "moves",
            Self::Stays => "stays",
            Self::There => "there",
            Self::Added => "added",
        }
    }
}

/// Where a path belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// Below the kubelet's root.
    BelowRoot,
    /// Below the root of the kubelet on Windows nodes.
    BelowWindowsRoot,
    /// Where it has always been, or nobody knows.
    Elsewhere,
}

/// A path, or a line that is added.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it stands in.
    pub(super) holder: Holder,
    /// Its bytes in the source.
    pub span: Span,
    /// The path as it is spelled now, or the line that is added.
    pub path: String,
    /// What becomes of it.
    pub fate: Fate,
    /// Where it belongs.
    pub belongs: Belongs,
    /// The field it stands in.
    pub field: Message,
    /// Whose filesystem it speaks of; `None` for text that nothing opens.
    pub space: Option<Space>,
    /// What it is for.
    pub role: Role,
    /// Why that becomes of it.
    pub reason: Message,
    /// What would break otherwise; `None` where nothing is known to.
    pub harm: Option<Message>,
    /// It is a mount through which mounts reach the node, or becomes one.
    pub is_shared: bool,
    /// Nothing acts on it: a comment, a description, a server's path.
    pub is_inert: bool,
}

/// What is asked about a path.
pub(super) struct Scene<'a> {
    pub(super) relocation: &'a Relocation,
    pub(super) source: &'a Source,
    pub(super) object: Option<&'a Object>,
    /// What is known of the pod that the path stands in.
    pub(super) facts: Option<&'a PodFacts>,
    pub(super) knowledge: &'a Knowledge,
    pub(super) harms: &'a HarmTable,
}

impl Scene<'_> {
    pub(super) fn of_site(&self, site: &Site, decision: &Decision) -> Entry {
        let row = self.knowledge.role_among(self.relocation.roots.all(), &site.lie.rest);
        let role_stays = row.host == HostSide::Stays;
        let stays = matches!(decision.action, Action::Keep) || role_stays;
        let at = self.standing(site, &decision.reason);
        let (by, typed) = (self.holds(site), self.is_typed(site));
        let asked = at.map(|at| Asked { role: row.role, at, by, typed, stays });
        let harm = asked.filter(|_| is_sure(decision, stays));
        Entry {
            holder: match (site.pod, site.container) {
                (Some(pod), Some(container)) => Holder::Container(pod, container),
                (Some(pod), None) => Holder::Volumes(pod),
                (None, _) => Holder::Outside,
            },
            span: self.relocation.span(self.source, &site.place()),
            path: site.path.to_string(),
            fate: fate(site, decision, role_stays),
            belongs: match (stays, &site.windows) {
                (true, _) => Belongs::Elsewhere,
                (false, None) => Belongs::BelowRoot,
                (false, Some(_)) => Belongs::BelowWindowsRoot,
            },
            field: site.field.message(),
            space: space(at, site),
            role: row.role,
            reason: match decision.action {
                Action::Settled if role_stays => row.because(),
                _ => decision.reason.message(),
            },
            harm: harm.and_then(|asked| self.harms.harm(asked)),
            is_shared: self
                .mount(site)
                .zip(self.facts)
                .is_some_and(|(mount, facts)| facts.is_shared(mount)),
            is_inert: matches!(
                decision.reason,
                Reason::Comment | Reason::Prose | Reason::Shadowed | Reason::Remote
            ),
        }
    }

    pub(super) fn of_insertion(&self, insertion: &Insertion) -> Entry {
        let holder = insertion.container.map(|(pod, number)| Holder::Container(pod, number));
        let (role, harm) = match &insertion.what {
            Added::Propagation(mount) => {
                (self.role_of_mount(insertion, *mount), Some(message!("harm-propagation")))
            }
            Added::Setting { role, because, .. } => {
                let because = because.as_ref();
                let harm = because.map(|because| message!("harm-setting", because = because));
                (Some(*role), harm)
            }
        };
        Entry {
            holder: holder.unwrap_or(Holder::Outside),
            span: self.relocation.span(self.source, &insertion.place()),
            path: insertion.line().to_owned(),
            fate: Fate::Added,
            belongs: Belongs::Elsewhere,
            field: insertion.field(),
            space: Some(insertion.space()),
            role: role.unwrap_or(Role::Pods),
            reason: insertion.reason(),
            harm,
            is_shared: false,
            is_inert: false,
        }
    }

    /// What the mount that gets propagation shows.
    fn role_of_mount(&self, insertion: &Insertion, mount: NodeId) -> Option<Role> {
        let (pod, number) = insertion.container?;
        let pod = self.object?.pods.get(pod)?;
        let container = pod.containers.get(number)?;
        let index = container.mounts.iter().position(|own| own.node == mount)?;
        let (_, shown) = host_paths(pod, container, index)?;
        let (_, rest) = self.relocation.roots.locate(&shown)?;
        Some(self.knowledge.role_among(self.relocation.roots.all(), rest).role)
    }

    /// Where a path stands, as far as what breaks depends on it.
    fn standing(&self, site: &Site, reason: &Reason) -> Option<Standing> {
        Some(match &site.field {
            Field::HostPath(_) => Standing::HostPath,
            Field::MountPath(_) | Field::Elsewhere(Passage::Mount, _) => Standing::MountPath,
            Field::Line(field) if self.registers(site) && field.ends_with("Probe") => {
                Standing::Probe
            }
            Field::Env(_) | Field::Line(_) if self.registers(site) => Standing::RegistrationPath,
            Field::Env(_) | Field::Line(_) => match reason {
                Reason::HostSetting(_) | Reason::HostCommand => Standing::HostSetting,
                _ => Standing::Reference,
            },
            Field::Elsewhere(Passage::PatchedReference, _) => Standing::Reference,
            Field::Elsewhere(Passage::Manifest, field) if field.ends_with("].mountPath") => {
                Standing::MountPath
            }
            Field::Object(field) if field.starts_with("allowed") => Standing::AllowedPath,
            Field::Object(_) => Standing::VolumeSource,
            // In a patch, without the pod around it.
            Field::Elsewhere(Passage::HostField | Passage::Manifest, field)
                if field.ends_with("hostPath.path") =>
            {
                Standing::HostPath
            }
            Field::Elsewhere(Passage::Config | Passage::HostField | Passage::Sentinel, _) => {
                Standing::Configuration
            }
            Field::Elsewhere(..) => return None,
        })
    }

    /// Whether a path is handed to the kubelet, wherever it lies.
    fn registers(&self, site: &Site) -> bool {
        let feed = self.facts.zip(site.container);
        let feed = feed.and_then(|(facts, container)| facts.registration.of_container(container));
        feed.is_some_and(|feed| feed.has(site))
    }

    /// Who has a path: the container it stands in, or the containers that have its volume.
    fn holds(&self, site: &Site) -> Holds {
        let Some(facts) = self.facts else { return Holds::Other };
        let is_mounter = match (&site.field, site.container) {
            (Field::HostPath(volume), _) => facts.mounted.contains(volume.as_str()),
            (Field::MountPath(_), Some(number)) => {
                let mount = self.mount(site);
                mount.is_some_and(|mount| facts.mounts_volumes(number, mount))
            }
            _ => false,
        };
        match facts.nature {
            _ if is_mounter => Holds::Mounter,
            Nature::Node => Holds::Driver,
            Nature::Controller | Nature::Other => Holds::Other,
        }
    }

    /// Whether the kubelet looks, before it starts the pod, if the directory is there.
    fn is_typed(&self, site: &Site) -> bool {
        let Field::HostPath(name) = &site.field else { return false };
        let volume = self.pod(site).and_then(|pod| pod.volume(name));
        volume.is_some_and(Volume::is_checked)
    }

    fn pod(&self, site: &Site) -> Option<&Pod> {
        self.object?.pods.get(site.pod?)
    }

    fn mount(&self, site: &Site) -> Option<&Mount> {
        let Field::MountPath(index) = site.field else { return None };
        self.pod(site)?.containers.get(site.container?)?.mounts.get(index)
    }
}

/// Whether it is known what would break. Where a decision isn't sure, a finding says so.
fn is_sure(decision: &Decision, stays: bool) -> bool {
    let is_known = matches!(
        decision.reason,
        Reason::RoleStays(_) | Reason::PrivateView(_) | Reason::AgentView | Reason::GoesBack(_)
    );
    let is_guess = matches!(decision.reason, Reason::PodMoves);
    (!stays || is_known) && !is_guess
}

fn fate(site: &Site, decision: &Decision, role_stays: bool) -> Fate {
    // What follows the root stays as it is spelled.
    let tail = site.path_range.end.saturating_sub(site.range.end);
    let tail = site.path.get(site.path.len().saturating_sub(tail)..).unwrap_or_default();
    match &decision.action {
        Action::Move(root) => Fate::Moves(format!("{root}{tail}")),
        // A Windows path's bytes are its root's; what follows is spelled as the root is.
        Action::Respell(root) => Fate::Moves(format!("{root}{}", windows_tail(site))),
        Action::Keep => Fate::Stays,
        // Below the new root, where it has no business; a finding says so.
        Action::Settled if role_stays => Fate::Stays,
        Action::Settled => Fate::There,
    }
}

fn windows_tail(site: &Site) -> String {
    let Some(spelling) = &site.windows else { return String::new() };
    components(&site.lie.rest).map(|part| format!("{}{part}", spelling.separator)).collect()
}

fn space(at: Option<Standing>, site: &Site) -> Option<Space> {
    match at? {
        _ if site.commented => None,
        Standing::MountPath | Standing::Reference => Some(Space::Container),
        Standing::HostPath
        | Standing::RegistrationPath
        | Standing::Probe
        | Standing::HostSetting
        | Standing::AllowedPath
        | Standing::VolumeSource
        | Standing::Configuration => Some(Space::Host),
    }
}
