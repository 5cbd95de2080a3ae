//! Every spelling of the root in a file, and what became of it.

use csi_relocate::decide::Reason;
use csi_relocate::knowledge::{Knowledge, Role};
use csi_relocate::relocate::Relocation;
use csi_relocate::sites::{Field, Passage, Site};
use csi_relocate::source::{Source, Span};
use csi_relocate::yaml::{Document, Node, NodeId, raw_span};
use regex::Regex;
use std::sync::LazyLock;

/// Any spelling: of Linux and Windows, with doubled or escaped separators, in any case.
static SPELLING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i-u)var[\\/]+lib[\\/]+kubelet").unwrap());

/// The components that may follow a spelling.
static REST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^(?:[\\/]+[^\s"'`:,;|&<>()\[\]{}\\/]*)+"#).unwrap());

/// What became of a spelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// The new root stands there.
    Moved(String),
    /// The program knows the place and leaves it, for this reason.
    Kept(String),
    /// It stands in a comment of the YAML.
    Comment,
    /// It is a part of this other path.
    AnotherPath(String),
    /// None of these.
    Unclassified(&'static str),
}

impl Class {
    /// The class alone.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Moved(_) => "moved",
            Self::Kept(_) => "kept",
            Self::Comment => "comment",
            Self::AnotherPath(_) => "another path",
            Self::Unclassified(_) => "unclassified",
        }
    }
}

/// One spelling of the root.
pub(super) struct Occurrence {
    /// Its bytes, without the slash before it.
    pub(super) span: Span,
    /// What became of it.
    pub(super) class: Class,
    /// What the path is for.
    pub(super) role: Role,
    /// What it stands in.
    pub(super) space: &'static str,
    /// The field it stands in; empty in a comment.
    pub(super) field: String,
}

/// Every spelling in a source, in order.
pub(super) fn occurrences(
    source: &Source,
    relocation: &Relocation,
    knowledge: &Knowledge,
) -> Vec<Occurrence> {
    let text = source.text();
    let scalars = scalars(relocation.documents());
    let sites = sites(text, relocation);
    let found = SPELLING.find_iter(text).map(|found| {
        let span = Span::new(found.start(), found.end());
        let scalar = scalars.iter().find(|scalar| scalar.span.contains(span.start));
        let mut here =
            sites.iter().filter(|site| site.span.start <= span.start && span.end <= site.span.end);
        let field = scalar.map(|scalar| scalar.doc.path(scalar.node)).unwrap_or_default();
        let Some(first) = here.next() else {
            let role = knowledge.role(&rest(text, span)).role;
            let (class, space) = without_site(text, span, scalar);
            return Occurrence { span, class, role, space, field };
        };
        assert!(
            here.all(|other| other.class.name() == first.class.name()),
            "{}: uses of {field} disagree",
            source.name()
        );
        let role = knowledge.role(&first.site.lie.rest).role;
        let (class, space) = (first.class.clone(), space(&first.site.field));
        Occurrence { span, class, role, space, field }
    });
    found.collect()
}

struct Scalar<'d> {
    doc: &'d Document,
    node: NodeId,
    span: Span,
    is_key: bool,
}

/// Every scalar that is written in the documents, keys included.
fn scalars(documents: &[Document]) -> Vec<Scalar<'_>> {
    let mut scalars = Vec::new();
    for doc in documents {
        let mut open: Vec<(NodeId, bool)> =
            doc.root().map(|root| (root, false)).into_iter().collect();
        while let Some((node, is_key)) = open.pop() {
            match doc.node(node) {
                _ if doc.is_alias(node) => {}
                Node::Scalar { .. } => {
                    scalars.push(Scalar { doc, node, span: doc.span(node), is_key });
                }
                Node::Sequence(items) => open.extend(items.iter().map(|&item| (item, false))),
                Node::Mapping(entries) => {
                    open.extend(
                        entries.iter().flat_map(|&(key, value)| [(key, true), (value, false)]),
                    );
                }
            }
        }
    }
    scalars
}

/// A site of the program, with the bytes it stands in.
struct Known<'r> {
    site: &'r Site,
    span: Span,
    class: Class,
}

fn sites<'r>(text: &str, relocation: &'r Relocation) -> Vec<Known<'r>> {
    let known = relocation.analysis.decided().map(|(site, decision)| {
        let doc = &relocation.documents()[site.doc];
        let span = raw_span(doc, text, site.node, site.range.clone())
            .unwrap_or_else(|| doc.span(site.node));
        let reason = variant(&decision.reason);
        let class =
            if decision.action.edits() { Class::Moved(reason) } else { Class::Kept(reason) };
        Known { site, span, class }
    });
    known.collect()
}

/// The name of a reason, without what it says in particular.
fn variant(reason: &Reason) -> String {
    let text = format!("{reason:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

fn space(field: &Field) -> &'static str {
    match field {
        Field::HostPath(_) => "hostPath",
        Field::MountPath(_) => "mountPath",
        Field::Env(_) => "variable",
        Field::Line(_) => "command",
        Field::Object(_) => "host field",
        Field::Elsewhere(passage, _) => match passage {
            Passage::Config | Passage::Manifest => "config",
            Passage::Sentinel => "sentinel",
            Passage::HostField => "known field",
            Passage::Mount => "mount in a patch",
            Passage::PatchedReference => "command in a patch",
            Passage::SchemaDefault => "schema's default",
            Passage::Prose => "prose",
            Passage::Annotation => "annotation",
            Passage::Policy => "policy",
            Passage::KubeletConfig => "kubelet's config",
            Passage::Shadowed => "shadowed key",
            Passage::Remote => "server's path",
            Passage::UnknownField => "unknown field",
            Passage::PartOfChart => "value of a chart",
            Passage::Base => "what a patch is for",
        },
    }
}

/// What a spelling is that the program knows no site for.
fn without_site(text: &str, span: Span, scalar: Option<&Scalar<'_>>) -> (Class, &'static str) {
    let line = text[..span.start].rsplit(['\n', '\r']).next().unwrap_or_default();
    match scalar {
        None if line.contains('#') => (Class::Comment, "comment"),
        None => (Class::Unclassified("in no scalar and in no comment"), "nothing"),
        Some(scalar) => {
            let space = if scalar.is_key { "key" } else { "value" };
            let class = longer_path(text, span)
                .map_or(Class::Unclassified("in a scalar, and no site"), Class::AnotherPath);
            (class, space)
        }
    }
}

/// The path that a spelling is only a part of.
fn longer_path(text: &str, span: Span) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || "._-~+".contains(c);
    let is_separator = |c: char| matches!(c, '/' | '\\');
    let (before, after) = (&text[..span.start], &text[span.end..]);
    let mut next = after.chars();
    let goes_on = match next.next() {
        Some('.') => next.next().is_some_and(is_part),
        Some(c) => is_part(c),
        None => false,
    };
    let lead = &before[before.trim_end_matches(|c| is_part(c) || is_separator(c)).len()..];
    // A whole component stands before it: not an option (`-C/var/…`), nor a line's end as JSON writes it.
    let begins_earlier = lead.starts_with('/') || (lead.starts_with('\\') && lead.len() > 2);
    let begins_earlier = begins_earlier && lead.trim_end_matches(is_separator).ends_with(is_part);
    let tail = &after[..after.len() - after.trim_start_matches(is_part).len()];
    (begins_earlier || goes_on).then(|| format!("{lead}{}{tail}", &text[span.as_range()]))
}

/// The components that follow a spelling.
fn rest(text: &str, span: Span) -> String {
    let rest = REST.find(&text[span.end..]).map_or("", |found| found.as_str());
    rest.split(['/', '\\']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}
