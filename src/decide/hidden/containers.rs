//! Hidden settings of containers: variables and flags that are written where they belong, and paths
//! that nothing can change.

use super::present::{Present, Said};
use super::recognise::{Known, Recognised};
use super::version::{is_told, may_be_in};
use super::words::Words;
use super::{Outcome, Rooted, spots};
use crate::decide::insertion::{Added, Insertion, Setting, Spot, Value};
use crate::decide::views::{MountView, Views};
use crate::decide::{Analysis, Context, KnownSetting};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::driver::{ContainerRow, Hidden, Remedy, Whose};
use crate::knowledge::{HostSide, Role};
use crate::kubepath::{AbsPath, find_paths};
use crate::model::{Container, Pod};
use crate::roots::TO;
use crate::sites::Space;
use crate::words::{Message, message};
use crate::yaml::{Document, NodeId};

/// A pod that has been decided about.
pub(in crate::decide) struct PodScene<'a> {
    pub(in crate::decide) doc: &'a Document,
    /// The document, the object and the pod.
    pub(in crate::decide) at: (usize, usize, usize),
    pub(in crate::decide) pod: &'a Pod,
    /// The mounts of each container, before and after.
    pub(in crate::decide) views: &'a [Views],
    /// Which drivers its containers are.
    pub(in crate::decide) known: &'a Known<'a>,
}

/// What is hidden in the containers of a pod.
pub(in crate::decide) fn decide(
    scene: &PodScene<'_>,
    context: &Context<'_>,
    analysis: &mut Analysis,
) {
    let matters = !context.roots.is_to_default();
    for (number, container) in scene.pod.containers.iter().enumerate() {
        let Some((words, rows)) = scene.known.container(number) else { continue };
        for Recognised { driver, row } in rows {
            let subject = Subject { scene, number, container, driver: &driver.title, row, context };
            for hidden in &row.hidden {
                let is_in =
                    may_be_in(&container.image, hidden.since.as_deref(), hidden.until.as_deref());
                // On the way back, what was written for another root is still its.
                if !is_in || (!matters && hidden.appended.is_empty()) {
                    continue;
                }
                subject.decide(hidden, words).enter(analysis);
            }
            let is_later = subject.says_what_came_later(words);
            for built_in in row.hard_coded.iter().filter(|_| matters) {
                let (since, until) = (built_in.since.as_deref(), built_in.until.as_deref());
                let is_gone = is_later && until.is_some();
                if is_gone || !may_be_in(&container.image, since, until) {
                    continue;
                }
                let severity = built_in.harm.severity();
                let node = scene.doc.get(container.node, "image").unwrap_or(container.node);
                let message = message!(
                    "built-in-root",
                    driver = &driver.title,
                    path = &built_in.path,
                    because = &built_in.because,
                    source = &built_in.source,
                );
                analysis.findings.push(subject.finding(Rule::BuiltInRoot, severity, node, message));
            }
        }
    }
}

/// A container that was recognised.
struct Subject<'a> {
    scene: &'a PodScene<'a>,
    number: usize,
    container: &'a Container,
    /// The driver's title.
    driver: &'a str,
    row: &'a ContainerRow,
    context: &'a Context<'a>,
}

impl Subject<'_> {
    fn decide(&self, hidden: &Hidden, words: &Words) -> Outcome {
        let whole = format!("{}{}", hidden.default, hidden.appended);
        let Some(rooted) = Rooted::of(&whole, &hidden.appended) else { return Outcome::Nothing };
        let role = self.context.role(&rooted.rest());
        if hidden.action == Remedy::Nothing
            || role.host == HostSide::Stays
            || (hidden.space == Whose::Container && !self.moves_in_container(&whole))
        {
            return Outcome::Nothing;
        }
        match Present::of(hidden, self.container, words, self.scene.doc) {
            Present::Said(said) if !said.is_left(hidden, &rooted, self.context) => {
                self.said(hidden, &said)
            }
            Present::Absent | Present::Empty(_) if self.context.roots.is_to_default() => {
                Outcome::Nothing
            }
            present => self.write(hidden, &rooted, present, role.role),
        }
    }

    /// A setting that is there: its path is decided about as every other one.
    fn said(&self, hidden: &Hidden, said: &Said) -> Outcome {
        let Some((node, _, value)) = &said.line else { return Outcome::Nothing };
        if hidden.space == Whose::Container && self.shows_root_at(value) {
            return Outcome::Nothing;
        }
        let is_needed = hidden.action == Remedy::Insert;
        let severity = hidden.harm.severity_where(is_needed);
        Outcome::Said(KnownSetting { doc: self.scene.at.0, node: *node, severity })
    }

    /// A setting that has to be written; a person is told of it where that can't be done, or may be wrong.
    fn write(&self, hidden: &Hidden, rooted: &Rooted<'_>, present: Present, role: Role) -> Outcome {
        let setting = match &hidden.flag {
            Some(flag) => Setting::Flag(format!("{}{flag}", "-".repeat(hidden.dashes))),
            None => Setting::Env(hidden.name().to_owned()),
        };
        let Some(value) = rooted.value(self.context.to()) else {
            return Outcome::Tell(self.inexpressible(&setting, hidden));
        };
        // A program refuses a flag that it doesn't know yet, or no longer.
        let has_bounds = hidden.since.is_some() || hidden.until.is_some();
        let may_refuse = hidden.flag.is_some() && has_bounds && !is_told(&self.container.image);
        let is_missing = !matches!(present, Present::Said(_));
        if hidden.action != Remedy::Insert || (may_refuse && is_missing) {
            return Outcome::Tell(self.unset(&setting, hidden, &value, false));
        }
        let line = format!("{}={value}", setting.name());
        let Some((spot, written)) = self.spot(hidden, &setting, present, (&value, &line)) else {
            return Outcome::Tell(self.unset(&setting, hidden, &value, true));
        };
        let (doc, object, pod) = self.scene.at;
        Outcome::Write(Box::new(Insertion {
            doc,
            object,
            container: Some((pod, self.number)),
            written_like: self.written_like(&spot, &setting),
            spot,
            value: written,
            within: None,
            what: Added::Setting {
                setting,
                driver: self.driver.to_owned(),
                space: match hidden.space {
                    Whose::Host => Space::Host,
                    Whose::Container => Space::Container,
                },
                role,
                line,
                severity: hidden.harm.severity(),
                because: Some(hidden.because.clone()),
            },
        }))
    }

    /// Where a setting with this value belongs, and what is written there; `line` is both as an argument.
    fn spot(
        &self,
        hidden: &Hidden,
        setting: &Setting,
        present: Present,
        (value, line): (&str, &str),
    ) -> Option<(Spot, Value)> {
        let doc = self.scene.doc;
        match (setting, present) {
            (_, Present::Said(said)) => said.spot(doc, value),
            (_, Present::Empty(item)) => spots::of_value(doc, item, value),
            (Setting::Flag(_), Present::Absent) => spots::of_flag(
                doc,
                self.container,
                (hidden.positional, &self.row.flags),
                line,
                self.context.knowledge.settings(),
            ),
            (Setting::Env(name) | Setting::Field(name), Present::Absent) => {
                spots::of_variable(doc, self.container, name, value)
            }
        }
    }

    /// Whether the image's tag tells no version, and a flag does that earlier ones refuse.
    fn says_what_came_later(&self, words: &Words) -> bool {
        let mut flags = self.row.hidden.iter().filter(|hidden| hidden.flag.is_some());
        !is_told(&self.container.image)
            && flags.any(|hidden| {
                let says = || Present::of(hidden, self.container, words, self.scene.doc);
                hidden.since.is_some() && matches!(says(), Present::Said(_))
            })
    }

    /// Whether a path of the container's own lies below a mount that moves.
    fn moves_in_container(&self, default: &str) -> bool {
        let Some((_, path)) = find_paths(default).into_iter().next() else { return false };
        let views = self.scene.views.get(self.number);
        let longest = |path: &AbsPath| views?.resolve_after(path);
        let is_there = |view: &MountView| {
            self.context.roots.locate(&view.new_target).is_some_and(|(root, _)| root == TO)
        };
        let Some(rest) = AbsPath::parse(crate::roots::DEFAULT_ROOT)
            .and_then(|root| path.below(&root).map(str::to_owned))
        else {
            return false;
        };
        let moved = self.context.to().join(&rest);
        let stays = longest(&path).is_some_and(|view| view.new_target.depth() > 0);
        longest(&moved).is_some_and(is_there) && !stays
    }

    /// Whether a mount of the container has the kubelet's own directory at a path of its own.
    fn shows_root_at(&self, value: &str) -> bool {
        let path = find_paths(value).into_iter().next();
        let shown = path.and_then(|(_, path)| self.scene.views.get(self.number)?.host_of(&path));
        shown.is_some_and(|host| host.below(self.context.to()).is_some())
    }

    /// A value in the neighbourhood that shows how such values are quoted.
    fn written_like(&self, spot: &Spot, setting: &Setting) -> Option<NodeId> {
        match (setting, spot) {
            (Setting::Flag(_), Spot::Item { after, .. }) => Some(*after),
            (Setting::Env(_), _) => {
                let values = self.container.env.iter().rev();
                values.filter_map(|variable| variable.value.as_ref()).map(|text| text.node).next()
            }
            _ => None,
        }
    }

    fn finding(&self, rule: Rule, severity: Severity, node: NodeId, message: Message) -> Finding {
        let places = vec![Place { doc: self.scene.at.0, node, range: None }];
        Finding { rule, severity, places, message }
    }

    /// A setting that has to be written by hand, or that a person has to decide about.
    fn unset(&self, setting: &Setting, hidden: &Hidden, value: &str, is_needed: bool) -> Finding {
        let severity = hidden.harm.severity_where(is_needed);
        let message = message!(
            "hidden-default",
            driver = self.driver,
            container = &self.container.name,
            setting = setting.name(),
            default = &hidden.default,
            value = value,
            because = &hidden.because,
            remedy = if is_needed { "needed" } else { "maybe" },
        );
        self.finding(Rule::HiddenDefault, severity, self.container.node, message)
    }

    fn inexpressible(&self, setting: &Setting, hidden: &Hidden) -> Finding {
        let message = message!(
            "hidden-default-inexpressible",
            driver = self.driver,
            setting = setting.name(),
            appended = &hidden.appended,
            root = self.context.to(),
        );
        self.finding(Rule::HiddenDefault, Severity::Error, self.container.node, message)
    }
}
