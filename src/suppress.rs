//! Findings that a person has looked at and accepts, with the reason for it.
//!
//! In a comment, for the line that it ends or the line directly below it:
//!
//! ```yaml
//! # csi-relocate: ignore[mixed-roots] the agent reads both roots
//! path: /var/lib/kubelet/plugins
//! path: /data/kubelet/plugins # csi-relocate: ignore[rule-id, other-id] the reason
//! ```
//!
//! The line is the one on which the finding's main place, its key or its value begins. More
//! comments may stand between; an empty line may not. In a script, which can't hold a comment, it
//! is the line of the script's `|` or the one above its key.
//!
//! Where comments get lost, in an annotation of the object or of its pod template, for the whole
//! object; entries end at a `;` or at the end of a line:
//!
//! ```yaml
//! metadata:
//!   annotations:
//!     csi-relocate/ignore: "mixed-roots: the agent reads both roots; other-id: the reason"
//! ```
//!
//! Each id counts for itself. One without a reason, or that no rule has, suppresses nothing, and
//! a finding says so, as it does of one that had nothing to suppress.

mod comment;
mod index;
mod words;

use crate::finding::{Finding, Place, Rule, Severity};
use crate::model::{Object, Sourced};
use crate::plan::Places;
use crate::source::{Source, Span};
use crate::stream::Part;
use crate::words::message;
use crate::yaml::{Document, Node, NodeId, Style, parse};
use index::Index;
use memchr::memmem;
use std::collections::HashSet;
use std::ops::Range;
use words::Claim;

/// What every suppression contains.
const WORD: &str = "csi-relocate";

/// The annotation. Its prefix is a valid one and nobody's domain.
const ANNOTATION: &str = "csi-relocate/ignore";

/// A finding that somebody accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// Why it is accepted.
    pub reason: String,
}

/// What findings were looked for in.
pub(crate) struct Subject<'a> {
    pub(crate) sources: &'a [Source],
    /// What each source consists of.
    pub(crate) streams: &'a [Vec<Part>],
    /// The documents that were read, in the order of the sources.
    pub(crate) docs: &'a [Sourced<'a>],
    /// The objects of each document.
    pub(crate) objects: &'a [Vec<Object>],
    /// The rules of which all findings are there; a suppression of another one isn't called unused.
    pub(crate) rules: &'a [Rule],
}

/// Findings, divided, each part with what is most harmful first.
#[derive(Default)]
pub(crate) struct Sifted {
    /// What nobody accepts, and what is wrong with suppressions.
    pub(crate) kept: Vec<Finding>,
    pub(crate) suppressed: Vec<Suppressed>,
    /// Words of comments, each with its source, to be added after the documents: a place needs a node,
    /// and a comment has none.
    pub(crate) words: Vec<(usize, Document)>,
}

/// Divides findings into those that a suppression covers and all others.
pub(crate) fn sift(subject: &Subject<'_>, findings: Vec<Finding>) -> Sifted {
    let mut sifted = divided(subject, findings);
    sifted.kept.sort_by_key(Finding::rank);
    sifted.suppressed.sort_by_key(|suppressed| suppressed.finding.rank());
    sifted
}

fn divided(subject: &Subject<'_>, findings: Vec<Finding>) -> Sifted {
    let claims = subject.claims();
    if claims.is_empty() {
        return Sifted { kept: findings, ..Sifted::default() };
    }
    let mut sifted = Sifted::default();
    let mut index = Index::of(&claims);
    let (places, owners) = (Places::default(), subject.owners());
    for finding in findings {
        let first = finding.places.first();
        let spot = first.and_then(|place| subject.spot(place, &places, &owners));
        let covering = spot.and_then(|spot| index.covering(&spot, finding.rule));
        let said = covering.and_then(|number| claims.get(number)?.claim.said.as_ref().ok());
        match said.map(|(_, reason)| reason.clone()) {
            Some(reason) => sifted.suppressed.push(Suppressed { finding, reason }),
            None => sifted.kept.push(finding),
        }
    }
    let used = index.used();
    for (_, placed) in claims.iter().enumerate().filter(|(number, _)| !used.contains(number)) {
        subject.complain(placed, &mut sifted);
    }
    sifted
}

/// A claim, and where it holds.
struct Placed {
    claim: Claim,
    at: At,
    scope: Scope,
}

/// Where a claim stands.
enum At {
    /// In a comment: the source, the claim's own text and the comment's first word.
    Comment(usize, Span, Span),
    Node(Place),
}

/// What a claim holds for.
enum Scope {
    /// A line of a source; `None` where nothing follows a comment.
    Line(usize, Option<Span>),
    /// An object of a document.
    Object(usize, NodeId),
}

/// Where a finding is.
struct Spot {
    source: usize,
    /// Offsets in the lines that count as its own.
    offsets: Vec<usize>,
    doc: usize,
    object: Option<NodeId>,
}

impl Subject<'_> {
    fn claims(&self) -> Vec<Placed> {
        let mut claims = Vec::new();
        let finder = memmem::Finder::new(WORD);
        for (number, source) in self.sources.iter().enumerate() {
            if finder.find(source.text().as_bytes()).is_none() {
                continue;
            }
            let first = self.docs.partition_point(|doc| doc.source < number);
            let count = self.docs.iter().skip(first).take_while(|doc| doc.source == number).count();
            let docs = self.docs.get(first..first + count).unwrap_or_default();
            let comments = comment::comments(source.text(), docs).into_iter();
            // What looks like a comment may be a script's line, where nothing was read.
            for comment in comments.filter(|comment| self.is_read(number, comment.word.start)) {
                let base = comment.word.end;
                claims.extend(words::comment(comment.rest).into_iter().map(|claim| Placed {
                    at: At::Comment(
                        number,
                        Span::new(base + claim.range.start, base + claim.range.end),
                        comment.word,
                    ),
                    scope: Scope::Line(number, comment.line),
                    claim,
                }));
            }
            for doc in first..first + count {
                self.annotations(doc, &mut claims);
            }
        }
        claims
    }

    /// Whether the part of a source in which an offset lies was read.
    fn is_read(&self, source: usize, offset: usize) -> bool {
        let parts = self.streams.get(source).map_or(&[][..], Vec::as_slice);
        let next = parts.partition_point(|part| part.span.start <= offset);
        let part = next.checked_sub(1).and_then(|before| parts.get(before));
        part.is_none_or(|part| part.docs.is_some())
    }

    /// The annotations of a document's objects and of their pod templates.
    fn annotations(&self, index: usize, claims: &mut Vec<Placed>) {
        let Some(doc) = self.docs.get(index).map(|sourced| sourced.doc) else { return };
        for object in self.objects.get(index).into_iter().flatten() {
            let templates = object.pods.iter().filter_map(|pod| doc.parent(pod.node));
            let mut seen = HashSet::new();
            for holder in [object.node].into_iter().chain(templates) {
                let metadata = doc.get(holder, "metadata");
                let list = metadata.and_then(|metadata| doc.get(metadata, "annotations"));
                let Some(node) = list.and_then(|list| doc.get(list, ANNOTATION)) else { continue };
                if !seen.insert(node) {
                    continue;
                }
                claims.extend(words::annotation(doc.str(node)).into_iter().map(|claim| Placed {
                    at: At::Node(Place { doc: index, node, range: part(&claim) }),
                    scope: Scope::Object(index, object.node),
                    claim,
                }));
            }
        }
    }

    /// The mappings that objects are written in, each with its document.
    fn owners(&self) -> HashSet<(usize, NodeId)> {
        let numbered = self.objects.iter().enumerate();
        numbered.flat_map(|(doc, own)| own.iter().map(move |object| (doc, object.node))).collect()
    }

    fn spot(
        &self,
        place: &Place,
        places: &Places,
        owners: &HashSet<(usize, NodeId)>,
    ) -> Option<Spot> {
        let Sourced { doc, source } = *self.docs.get(place.doc)?;
        let text = self.sources.get(source)?.text();
        let node = doc.span(place.node);
        let mut offsets = vec![places.span(doc, text, place).start, node.start];
        offsets.extend(doc.key(place.node).map(|key| doc.span(key).start));
        // A comment behind a scalar of several lines; past a block scalar is another line.
        if let Node::Scalar {
            style: Style::Plain | Style::SingleQuoted | Style::DoubleQuoted,
            ..
        } = doc.node(place.node)
        {
            offsets.push(node.end);
        }
        let object = doc.holders(place.node).find(|node| owners.contains(&(place.doc, *node)));
        Some(Spot { source, offsets, doc: place.doc, object })
    }

    /// Adds what is wrong with a claim that nothing came of.
    fn complain(&self, placed: &Placed, sifted: &mut Sifted) {
        let (severity, message) = match &placed.claim.said {
            Err(problem) => (Severity::Warning, problem.clone()),
            Ok((rule, _)) if !self.rules.contains(rule) => return,
            Ok((rule, _)) => {
                let scope = match placed.scope {
                    Scope::Object(..) => "object",
                    Scope::Line(..) => "line",
                };
                (Severity::Info, message!("unused-suppression", rule = rule.id(), scope = scope))
            }
        };
        let place = match &placed.at {
            At::Node(place) => Some(place.clone()),
            At::Comment(source, own, word) => {
                let text = self.sources.get(*source).map_or("", Source::text);
                let read = word_at(text, *own).or_else(|| word_at(text, *word));
                read.map(|(doc, node)| {
                    sifted.words.push((*source, doc));
                    let doc = self.docs.len() + sifted.words.len() - 1;
                    Place { doc, node, range: None }
                })
            }
        };
        let places = place.into_iter().collect();
        let rule = Rule::UnusedSuppression;
        sifted.kept.push(Finding { rule, severity, places, message });
    }
}

/// The part of an annotation that a claim is; `None` for all of it.
fn part(claim: &Claim) -> Option<Range<usize>> {
    Some(claim.range.clone()).filter(|range| !range.is_empty())
}

/// A part of a text as a document of its own, if it is one word.
fn word_at(text: &str, span: Span) -> Option<(Document, NodeId)> {
    let doc = parse(text, span).ok()?.into_iter().next()?;
    let node = doc.root().filter(|node| doc.span(*node) == span && doc.str(*node).is_some())?;
    Some((doc, node))
}
