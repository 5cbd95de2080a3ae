//! An explanation of manifests as JSON, in the form that `docs/explain.schema.json` describes.

use super::json::{Location, form};
use super::place::Lines;
use crate::explain::mounts::{Directory, Drawing, Propagation};
use crate::explain::{Entry, Explanation, Fate, Subject};
use crate::finding::Finding;
use crate::knowledge::Role;
use crate::sites::Space;
use crate::source::Source;
use crate::words::{Catalogue, Language, Message};
use serde::Serialize;

/// Goes up when a field changes its meaning or goes away; new fields leave it as it is.
const VERSION: u32 = 1;

pub(super) fn document(content: impl Serialize) -> String {
    form(VERSION, content)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifests<'a> {
    kubelet_root: String,
    objects: Vec<Object<'a>>,
    mounts: Vec<Mount<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    file: &'a str,
    kind: String,
    name: String,
    namespace: String,
    nature: &'static str,
    paths: Vec<Path<'a>>,
    findings: Vec<Found>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Path<'a> {
    #[serde(flatten)]
    location: Location<'a>,
    container: Option<String>,
    field: String,
    space: Option<&'static str>,
    role: String,
    path: &'a str,
    decision: &'static str,
    becomes: Option<&'a str>,
    reason: Text,
    harm: Option<Text>,
}

/// A text, and the id by which programs know it.
#[derive(Serialize)]
struct Text {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct Found {
    rule: &'static str,
    severity: String,
    message: String,
    help: String,
    line: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mount<'a> {
    file: &'a str,
    object: String,
    host_path: &'a str,
    role: Option<String>,
    container: &'a str,
    mount_path: &'a str,
    propagation: &'static str,
    read_only: bool,
    sub_path_expr: &'a str,
}

/// An explanation of manifests for other programs. Its texts are English.
#[must_use]
pub fn explanation(sources: &[Source], explanation: &Explanation, drawings: &[Drawing]) -> String {
    let writer = Writer {
        sources,
        lines: Lines::of(sources),
        explanation,
        words: Catalogue::of(Language::English),
    };
    let file = |source: usize| sources.get(source).map_or("", Source::name);
    let mounts = drawings.iter().flat_map(|drawing| {
        let views = |directory| mounts_of(file(drawing.source), drawing, directory);
        drawing.directories.iter().flat_map(views).collect::<Vec<_>>()
    });
    document(Manifests {
        kubelet_root: explanation.relocation.roots.to().to_string(),
        objects: explanation.subjects.iter().map(|subject| writer.object(subject)).collect(),
        mounts: mounts.collect(),
    })
}

struct Writer<'a> {
    sources: &'a [Source],
    lines: Lines<'a>,
    explanation: &'a Explanation,
    words: Catalogue,
}

impl<'a> Writer<'a> {
    fn object(&self, subject: &'a Subject) -> Object<'a> {
        let name = self.explanation.object(subject).map(|object| object.name.clone());
        let name = name.unwrap_or_default();
        let parts = subject.parts.iter().flat_map(|part| {
            let container = self.explanation.container(subject, part);
            let container = container.map(|container| container.name.to_string());
            part.entries.iter().map(move |entry| (container.clone(), entry))
        });
        let paths = parts.filter_map(|(container, entry)| self.path(subject, container, entry));
        Object {
            file: self.sources.get(subject.source).map_or("", Source::name),
            kind: name.kind.into(),
            name: name.name.into(),
            namespace: name.namespace.into(),
            nature: subject.nature.word(),
            paths: paths.collect(),
            findings: subject.findings.iter().map(|finding| self.finding(finding)).collect(),
        }
    }

    fn path(
        &self,
        subject: &Subject,
        container: Option<String>,
        entry: &'a Entry,
    ) -> Option<Path<'a>> {
        let becomes = match &entry.fate {
            Fate::Moves(new) => Some(new.as_str()),
            Fate::Stays | Fate::There | Fate::Added => None,
        };
        Some(Path {
            location: self.lines.region(subject.source, entry.span)?.into(),
            container,
            field: self.words.say(&entry.field),
            space: entry.space.map(|space| match space {
                Space::Host => "host",
                Space::Container => "container",
            }),
            role: role(entry.role),
            path: &entry.path,
            decision: entry.fate.word(),
            becomes,
            reason: self.text(&entry.reason),
            harm: entry.harm.as_ref().map(|harm| self.text(harm)),
        })
    }

    fn text(&self, message: &Message) -> Text {
        Text { id: message.id().to_owned(), text: self.words.say(message) }
    }

    fn finding(&self, finding: &Finding) -> Found {
        let located = self.explanation.locate(self.sources, finding);
        let region = located.and_then(|(source, span)| self.lines.region(source, span));
        Found {
            rule: finding.rule.id(),
            severity: finding.severity.to_string(),
            message: self.words.say(&finding.message),
            help: self.words.help(&finding.message),
            line: region.map(|region| region.start.line),
        }
    }
}

/// A role by the name that its text has.
fn role(role: Role) -> String {
    role.message().id().trim_start_matches("role-").to_owned()
}

fn mounts_of<'a>(file: &'a str, drawing: &Drawing, directory: &'a Directory) -> Vec<Mount<'a>> {
    let mounts = directory.views.iter().map(|view| Mount {
        file,
        object: drawing.object.to_string(),
        host_path: &directory.host,
        role: directory.role.map(role),
        container: &view.container,
        mount_path: &view.path,
        propagation: match view.propagation {
            Propagation::None => "None",
            Propagation::HostToContainer => "HostToContainer",
            Propagation::Bidirectional => "Bidirectional",
        },
        read_only: view.read_only,
        sub_path_expr: &view.sub_path_expr,
    });
    mounts.collect()
}
