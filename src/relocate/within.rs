//! Manifests within texts: relocated as any other, as a run of their own, and told of in the terms of the
//! document whose scalar the text is.

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

/// How many texts within each other are read as manifests; further in, they are data. Each costs as much
/// as the text around it.
pub(crate) const LEVELS: usize = 3;

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
        // Of several lines the first one is shown; what is around them isn't a part of the text.
        let shown = source.text().get(start..span.end)?;
        let range = Some(start..start + shown.find('\n').unwrap_or(shown.len()));
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
    docs: &[Sourced<'_>],
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
    let inner = inner.map_err(|error| match error {
        RelocateError::Fault(fault) => fault,
        other => Fault::new(format!("a manifest within a text: {other}")),
    })?;
    let locate = |place: &Place| inner.locate(sources, place);
    let lift = Lift { texts: &texts, inner: &inner };
    let mut within = Within::default();
    for ((carrier, source), rewritten) in texts.carriers.iter().zip(sources).zip(&inner.rewritten) {
        let (doc, node) = (carrier.doc, carrier.node);
        let edits = in_value(source.text(), &rewritten.edits)?.into_iter();
        let replaced =
            edits.map(|Edit { span, text }| Replaced { doc, node, range: span.as_range(), text });
        within.replaced.extend(replaced);
    }
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

    fn site(&self, site: &Site, decision: &Decision) -> Option<(Site, Decision)> {
        let root = Place { range: Some(site.range.clone()), ..site.place() };
        let (carrier, Place { doc, node, range: path_range }) = self.place(&site.place())?;
        let field = match &site.field {
            Field::Elsewhere(Passage::Manifest, field) => field.clone(),
            _ => self.inner.documents().get(site.doc)?.path(site.node),
        };
        let field = format!("{}: {field}", carrier.field);
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
        Some(Insertion {
            doc: carrier.doc,
            object: carrier.object,
            container: None,
            within: Some(place),
            ..insertion.clone()
        })
    }
}

/// Edits of a value as replacements of bytes that are there: what is written between two characters takes one
/// of them along, the one before it if that doesn't end a line.
fn in_value(text: &str, edits: &[Edit]) -> Result<Vec<Edit>, Fault> {
    let mut replaced: Vec<Edit> = Vec::with_capacity(edits.len());
    // What is written at the beginning of a line that the next edit may begin with.
    let mut waiting: Option<Edit> = None;
    for edit in edits {
        let mut edit = edit.clone();
        if let Some(waiting) = waiting.take() {
            if waiting.span.start == edit.span.start {
                edit.text.insert_str(0, &waiting.text);
            } else {
                replaced.push(before_next(text, waiting)?);
            }
        }
        let is_between = edit.span.is_empty();
        match replaced.last_mut().filter(|last| is_between && last.span.end == edit.span.start) {
            Some(last) => last.text.push_str(&edit.text),
            None if !is_between => replaced.push(edit),
            None => {
                let before = text.get(..edit.span.start).and_then(|text| text.chars().next_back());
                match before.filter(|c| !matches!(c, '\n' | '\r')) {
                    Some(c) => {
                        edit.span.start -= c.len_utf8();
                        edit.text.insert(0, c);
                        replaced.push(edit);
                    }
                    None => waiting = Some(edit),
                }
            }
        }
    }
    replaced.extend(waiting.map(|edit| before_next(text, edit)).transpose()?);
    Ok(replaced)
}

/// Something that is written before a character, together with that.
fn before_next(text: &str, mut edit: Edit) -> Result<Edit, Fault> {
    let next = text.get(edit.span.end..).and_then(|text| text.chars().next());
    let Some(next) = next.filter(|c| !matches!(c, '\n' | '\r')) else {
        return Err(Fault::new("nothing can be written at the end of a text"));
    };
    edit.span.end += next.len_utf8();
    edit.text.push(next);
    Ok(edit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    fn replaced(text: &str, edits: &[Edit]) -> Vec<Edit> {
        let replaced = in_value(text, edits).unwrap();
        assert!(replaced.iter().all(|edit| !edit.span.is_empty()));
        let apply = crate::plan::apply;
        assert_eq!(apply(text, &replaced).unwrap(), apply(text, edits).unwrap());
        replaced
    }

    #[test]
    fn what_is_written_between_two_characters_takes_one_along() {
        assert_eq!(replaced("a\nb\n", &[edit(1, 1, "\nx")]), [edit(0, 1, "a\nx")]);
        assert_eq!(replaced("a\nb\n", &[edit(2, 2, "x\n")]), [edit(2, 3, "x\nb")]);
        assert_eq!(replaced("ab", &[edit(0, 1, "c"), edit(1, 1, "d")]), [edit(0, 1, "cd")]);
        assert_eq!(replaced("a\nb", &[edit(2, 2, "d"), edit(2, 3, "c")]), [edit(2, 3, "dc")]);
        assert_eq!(replaced("äb", &[edit(2, 2, "d"), edit(2, 3, "c")]).len(), 2);
        assert_eq!(replaced("a\nbc", &[edit(2, 2, "d"), edit(3, 4, "e")]).len(), 2);
    }

    #[test]
    fn an_end_without_a_character_is_a_fault() {
        assert!(in_value("a\n", &[edit(2, 2, "x")]).is_err());
        assert!(in_value("", &[edit(0, 0, "x")]).is_err());
    }
}
