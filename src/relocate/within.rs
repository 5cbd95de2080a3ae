//! Manifests within texts: relocated as any other, as a run of their own, and told of in the terms of the
//! document whose scalar the text is.

mod edits;

use super::{Options, Relocation, relocate_to};
use crate::decide::{Analysis, Decision, Insertion, Replaced, Within};
use crate::error::{Fault, RelocateError};
use crate::finding::{Finding, Place};
use crate::knowledge::Knowledge;
use crate::model::{Manifest, Object, Sourced};
use crate::plan::Edit;
use crate::roots::Roots;
use crate::sites::{Field, Passage, Site};
use crate::source::{Source, Span};
use crate::suppress::Suppressed;
use crate::yaml::NodeId;

/// Where a text stands that is a manifest of its own.
struct Carrier {
    /// The document.
    doc: usize,
    /// The object in the document.
    object: usize,
    /// The scalar.
    node: NodeId,
    /// The field it stands in.
    field: String,
}

/// The texts of a run that are manifests of their own.
#[derive(Default)]
pub(crate) struct Texts {
    carriers: Vec<Carrier>,
    /// Each as a source, whose bytes are those of the scalar's value.
    pub(crate) sources: Vec<Source>,
}

impl Texts {
    /// Those of some documents.
    pub(crate) fn of(docs: &[Sourced<'_>], objects: &[Vec<Object>]) -> Self {
        let mut found = Self::default();
        for (doc, (sourced, objects)) in docs.iter().zip(objects).enumerate() {
            for (object, carrier) in objects.iter().enumerate() {
                for Manifest { node, field } in &carrier.manifests {
                    let (node, field) = (*node, field.clone());
                    found.carriers.push(Carrier { doc, object, node, field });
                    let text = sourced.doc.str(node).unwrap_or_default();
                    found.sources.push(Source::new("", text));
                }
            }
        }
        found
    }

    /// Bytes of one of them, and its carrier, in terms of the document that carries it.
    fn place(&self, index: usize, span: Span) -> Option<(&Carrier, Place)> {
        let (carrier, source) = (self.carriers.get(index)?, self.sources.get(index)?);
        // What says nothing has no bytes, and is shown by what stands before it.
        let before = source.text().get(..span.start)?.chars().next_back().map_or(0, char::len_utf8);
        let start = if span.is_empty() { span.start - before } else { span.start };
        let range = Some(start..span.end);
        Some((carrier, Place { doc: carrier.doc, node: carrier.node, range }))
    }

    /// What was found in them, in terms of the documents that carry them; `locate` knows in which of them
    /// a place is, and where.
    pub(crate) fn finding(
        &self,
        finding: &Finding,
        locate: impl Fn(&Place) -> Option<(usize, Span)>,
    ) -> Finding {
        let places = finding.places.iter().filter_map(|place| {
            let (index, span) = locate(place)?;
            Some(self.place(index, span)?.1)
        });
        Finding { places: places.collect(), ..finding.clone() }
    }

    /// The same of what somebody accepts.
    pub(crate) fn suppressed(
        &self,
        suppressed: &[Suppressed],
        locate: impl Fn(&Place) -> Option<(usize, Span)>,
    ) -> Vec<Suppressed> {
        let lifted = suppressed.iter().map(|Suppressed { finding, reason }| Suppressed {
            finding: self.finding(finding, &locate),
            reason: reason.clone(),
        });
        lifted.collect()
    }
}

/// Relocates the manifests within the texts of a run, and takes what is decided about them into its
/// analysis. Gives what somebody accepts in them.
pub(super) fn relocate(
    (outer, docs): (&[Source], &[Sourced<'_>]),
    analysis: &mut Analysis,
    options: &Options,
    (roots, levels): (&Roots, usize),
    knowledge: &Knowledge,
) -> Result<Vec<Suppressed>, RelocateError> {
    let texts = Texts::of(docs, &analysis.objects);
    let sources = &texts.sources;
    if sources.is_empty() {
        return Ok(Vec::new());
    }
    let inner = relocate_to(sources, options, roots.clone(), knowledge, levels.saturating_sub(1));
    let mut inner = inner.map_err(|error| match error {
        RelocateError::Fault(fault) => fault,
        other => Fault::new(format!("a manifest within a text: {other}")),
    })?;
    let mut within = Within::default();
    for (index, carrier) in texts.carriers.iter().enumerate() {
        let Some(&Sourced { doc, source }) = docs.get(carrier.doc) else { continue };
        let Some(text) = outer.get(source) else { continue };
        let at = edits::Carried { doc, text: text.text(), node: carrier.node };
        let edits = at.edits(sources, index, &mut inner)?.into_iter();
        within.replaced.extend(edits.map(|Edit { span, text }| Replaced {
            doc: carrier.doc,
            node: carrier.node,
            range: span.as_range(),
            text,
        }));
    }
    let locate = |place: &Place| inner.locate(sources, place);
    let lift = Lift { texts: &texts, inner: &inner };
    let decided = inner.analysis.decided();
    within.decided = decided.filter_map(|(site, decision)| lift.site(site, decision)).collect();
    let insertions = inner.analysis.insertions.iter();
    within.insertions = insertions.filter_map(|insertion| lift.insertion(insertion)).collect();
    let findings = inner.analysis.findings.iter();
    within.findings = findings.map(|finding| texts.finding(finding, locate)).collect();
    analysis.take_in_texts(within);
    Ok(texts.suppressed(&inner.suppressed, locate))
}

/// From documents within texts to those that carry the texts.
struct Lift<'a> {
    texts: &'a Texts,
    inner: &'a Relocation,
}

impl Lift<'_> {
    fn place(&self, place: &Place) -> Option<(&Carrier, Place)> {
        let (index, span) = self.inner.locate(&self.texts.sources, place)?;
        self.texts.place(index, span)
    }

    /// The field of a place, as a person looks for it from the carrier on.
    fn field(&self, carrier: &Carrier, place: &Place) -> Option<String> {
        let path = self.inner.documents().get(place.doc)?.path(place.node);
        Some(format!("{}: {path}", carrier.field))
    }

    fn site(&self, site: &Site, decision: &Decision) -> Option<(Site, Decision)> {
        let root = Place { range: Some(site.range.clone()), ..site.place() };
        let (carrier, Place { doc, node, range: path_range }) = self.place(&site.place())?;
        let field = match &site.field {
            Field::Elsewhere(Passage::Manifest, field) => format!("{}: {field}", carrier.field),
            _ => self.field(carrier, &site.place())?,
        };
        let mut lifted = Site {
            doc,
            object: carrier.object,
            pod: None,
            container: None,
            field: Field::Elsewhere(Passage::Manifest, field),
            node,
            range: self.place(&root)?.1.range?,
            path_range: path_range?,
            ..site.clone()
        };
        // The mount is one of a container that only the text knows.
        lifted.lie.via = None;
        Some((lifted, decision.clone()))
    }

    fn insertion(&self, insertion: &Insertion) -> Option<Insertion> {
        let (carrier, place) = self.place(&insertion.place())?;
        let field = match &insertion.within {
            Some((_, field)) => format!("{}: {field}", carrier.field),
            None => self.field(carrier, &insertion.place())?,
        };
        Some(Insertion {
            doc: carrier.doc,
            object: carrier.object,
            container: None,
            within: Some((place, field)),
            ..insertion.clone()
        })
    }
}
