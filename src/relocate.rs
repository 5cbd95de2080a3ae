//! The way from sources to a verified plan.

mod roots;
mod within;

pub(crate) use roots::detected;
pub(crate) use within::Texts;

use crate::by_hand;
use crate::decide::{Analysis, ByHand, LEVELS, SecondRun, analyse, maps_of_roots, objects_of_run};
use crate::error::{Fault, RelocateError};
use crate::finding::Place;
use crate::knowledge::{Drivers, Knowledge};
use crate::kubepath::{Root, WindowsRoot};
use crate::model::{Object, Sourced};
use crate::parallel;
use crate::plan::{Change, Places, Rewritten, changes};
use crate::roots::{DEFAULT_ROOT, Roots};
use crate::source::{Source, Span};
use crate::stream::{Part, Wanted, read_all, read_more};
use crate::suppress::{Sifted, Subject, Suppressed, sift};
use crate::verify::{Changes, Output};
use crate::yaml::Document;
use memchr::memmem;
use std::collections::BTreeMap;

/// What a rewrite is asked to do.
///
/// ```
/// use csi_relocate::{Options, Root};
///
/// // Written for the default root, or for any that the manifests are seen to use.
/// let options = Options { auto: true, ..Options::new(Root::parse("/data/kubelet")?) };
/// assert_eq!(options.from[0].to_string(), "/var/lib/kubelet");
/// # Ok::<(), csi_relocate::RootError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// The kubelet root that the manifests are to be written for.
    pub to: Root,
    /// The roots they may be written for.
    pub from: Vec<Root>,
    /// Also find the roots in use.
    pub auto: bool,
    /// The root for Windows nodes; without it their paths stay.
    pub windows: Option<WindowsRoot>,
    /// Parse every document, also those that can have no site.
    pub strict: bool,
}

impl Options {
    /// Manifests that are written for the kubelet's default root become manifests for `to`.
    #[must_use]
    pub fn new(to: Root) -> Self {
        let from = Root::parse(DEFAULT_ROOT).into_iter().collect();
        Self { to, from, auto: false, windows: None, strict: false }
    }
}

/// A verified plan for all sources of a run.
#[derive(Debug)]
pub struct Relocation {
    /// The roots of the run, with those that were found.
    pub roots: Roots,
    /// What becomes of each source, in their order.
    pub rewritten: Vec<Rewritten>,
    /// The sites, decisions and findings, without those that are accepted.
    pub analysis: Analysis,
    /// What was found and is accepted, most harmful first.
    pub suppressed: Vec<Suppressed>,
    documents: Vec<Document>,
    /// The source that each document stands in.
    source_of: Vec<usize>,
    places: Places,
    /// What the output was read as. A program that ends with this value needn't give it back piece by
    /// piece, which takes as long as reading it.
    _kept: (Vec<Vec<Document>>, Vec<Vec<Object>>),
}

impl Relocation {
    /// The source that a document stands in, by its index.
    #[must_use]
    pub fn source_of(&self, doc: usize) -> usize {
        self.source_of.get(doc).copied().unwrap_or_default()
    }

    /// Where a finding's place or a site stands in its source.
    #[must_use]
    pub fn span(&self, source: &Source, place: &Place) -> Span {
        self.documents
            .get(place.doc)
            .map(|doc| self.places.span(doc, source.text(), place))
            .unwrap_or_default()
    }

    /// The source that a place stands in, by its index, and its bytes there.
    #[must_use]
    pub fn locate(&self, sources: &[Source], place: &Place) -> Option<(usize, Span)> {
        let index = self.source_of(place.doc);
        Some((index, self.span(sources.get(index)?, place)))
    }

    /// The documents that were parsed; sites and places name them by index.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }
}

/// Plans the relocation of all sources as one, and proves that the plan does what it says.
///
/// # Errors
/// When a source can't be read, the roots can't be used together, or the verification fails,
/// which is the program's fault. Nothing has been written then.
pub fn relocate(
    sources: &[Source],
    options: &Options,
    knowledge: &Knowledge,
) -> Result<Relocation, RelocateError> {
    let roots = roots::of_run(sources, options, knowledge)?;
    let mut relocation = relocate_to(sources, options, roots, knowledge, LEVELS)?;
    roots::say_once(&mut relocation.analysis.findings);
    Ok(relocation)
}

/// As [`relocate`], for roots that are known; so many `levels` of texts within texts are read as
/// manifests.
fn relocate_to(
    sources: &[Source],
    options: &Options,
    roots: Roots,
    knowledge: &Knowledge,
    levels: usize,
) -> Result<Relocation, RelocateError> {
    let streams = read(sources, options, &roots)?;
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let objects = objects_of_run(&docs, knowledge, levels);
    let mut analysis = analyse(&docs, objects, &roots, knowledge);
    let within =
        within::relocate((sources, &docs), &mut analysis, options, (&roots, levels), knowledge)?;
    let mut by_hand = ByHand::new();
    let carry_out = |analysis: &Analysis, by_hand: &ByHand| {
        let planned = changes(&docs, analysis);
        let second_run =
            |docs: &[Sourced<'_>]| SecondRun::over(docs, &roots, knowledge, by_hand, levels);
        carried_out(sources, &streams, &planned, second_run)
    };
    let bytes = sources.iter().map(|source| source.text().len()).sum();
    let (others, proved) = parallel::both(
        bytes,
        || roots::others(&analysis.objects, &roots, options, knowledge),
        || carry_out(&analysis, &by_hand),
    );
    analysis.findings.extend(others);
    let (outputs, second_run) = match proved {
        Ok(proved) => proved,
        Err(fault) => {
            by_hand = by_hand::leave(sources, &streams, &docs, &mut analysis);
            if by_hand.is_empty() {
                return Err(fault.into());
            }
            carry_out(&analysis, &by_hand)?
        }
    };
    if !second_run.changes_nothing {
        return Err(Fault::new("a second run over the output would change it again").into());
    }
    let (rewritten, reread): (Vec<_>, Vec<_>) =
        outputs.into_iter().map(Output::into_rewritten).unzip();
    let (mut suppressed, words) = accept(sources, &streams, &docs, &mut analysis);
    suppressed.extend(within);
    let (word_sources, words): (Vec<usize>, Vec<Document>) = words.into_iter().unzip();
    let source_of = docs.iter().map(|sourced| sourced.source).chain(word_sources).collect();
    let parsed = streams.into_iter().flatten().filter_map(|part| part.docs).flatten();
    let documents = parsed.chain(words).collect();
    let places = Places::default();
    let _kept = (reread.into_iter().flatten().collect(), second_run.objects);
    Ok(Relocation { roots, rewritten, analysis, suppressed, documents, source_of, places, _kept })
}

/// Reads what can have a site, and who may read a ConfigMap that names a root.
fn read(
    sources: &[Source],
    options: &Options,
    roots: &Roots,
) -> Result<Vec<Vec<Part>>, RelocateError> {
    if options.strict {
        return Ok(read_all(sources, &Wanted::All)?);
    }
    // Where the default root is asked for, no default is wrong.
    let words = if roots.is_to_default() { &[][..] } else { Drivers::words() };
    let needles = roots.needles();
    let mut streams = read_all(sources, &Wanted::roots(&needles, words))?;
    let maps = maps_of_roots(with_config_maps(sources, &streams), roots);
    if !maps.is_empty() {
        let maps: Vec<&str> = maps.iter().map(String::as_str).collect();
        read_more(sources, &mut streams, &Wanted::readers(&needles, words, &maps));
    }
    Ok(streams)
}

/// The documents in whose text the word stands.
fn with_config_maps<'s>(
    sources: &'s [Source],
    streams: &'s [Vec<Part>],
) -> impl Iterator<Item = &'s Document> {
    let texts = numbered(streams).filter_map(|Sourced { doc, source }| {
        Some((doc, sources.get(source)?.text().get(doc.span_of_document().as_range())?))
    });
    texts
        .filter(|(_, text)| memmem::find(text.as_bytes(), b"ConfigMap").is_some())
        .map(|(doc, _)| doc)
}

/// The documents that were parsed, each with its source.
pub(crate) fn numbered(streams: &[Vec<Part>]) -> impl Iterator<Item = Sourced<'_>> {
    streams.iter().enumerate().flat_map(|(source, parts)| {
        let docs = parts.iter().filter_map(|part| part.docs.as_ref()).flatten();
        docs.map(move |doc| Sourced { doc, source })
    })
}

/// Every source with its edits applied, read again and proved; and what a second run over the output
/// finds.
fn carried_out(
    sources: &[Source],
    streams: &[Vec<Part>],
    planned: &BTreeMap<usize, Vec<Change>>,
    second_run: impl Fn(&[Sourced<'_>]) -> SecondRun + Sync,
) -> Result<(Vec<Output>, SecondRun), Fault> {
    let mut work = Vec::with_capacity(sources.len());
    let mut first = 0;
    for (source, parts) in sources.iter().zip(streams) {
        let count: usize = parts.iter().filter_map(|part| part.docs.as_ref()).map(Vec::len).sum();
        let own = planned.range(first..first + count);
        let changes: Changes<'_> =
            own.map(|(doc, changes)| (doc - first, changes.as_slice())).collect();
        work.push((source.text(), parts.as_slice(), changes));
        first += count;
    }
    let changed = work.iter().filter(|(_, _, changes)| !changes.is_empty());
    let bytes = changed.map(|(text, ..)| text.len()).sum();
    let outputs: Result<Vec<Output>, Fault> =
        parallel::map(&work, bytes, |(text, parts, changes)| Output::of(text, parts, changes))
            .into_iter()
            .collect();
    let outputs = outputs?;
    let prove = || {
        let work: Vec<_> = outputs.iter().zip(&work).collect();
        let prove =
            |(output, (text, parts, changes)): &(&Output, &(&str, &[Part], Changes<'_>))| {
                output.prove(text, parts, changes)
            };
        parallel::map(&work, bytes, prove).into_iter().collect()
    };
    let second_run = || second_run(&documents(streams, &outputs));
    let (proved, second_run): (Result<(), Fault>, _) = parallel::both(bytes, prove, second_run);
    proved?;
    Ok((outputs, second_run))
}

/// The documents of the output, each with its source.
fn documents<'a>(streams: &'a [Vec<Part>], outputs: &'a [Output]) -> Vec<Sourced<'a>> {
    let sources = streams.iter().zip(outputs).enumerate();
    let docs = sources.flat_map(|(source, (parts, output))| {
        output.documents(parts).map(move |doc| Sourced { doc, source })
    });
    docs.collect()
}

/// Takes out of the findings what somebody accepts; gives those, and the words that accept them, each with
/// its source.
fn accept(
    sources: &[Source],
    streams: &[Vec<Part>],
    docs: &[Sourced<'_>],
    analysis: &mut Analysis,
) -> (Vec<Suppressed>, Vec<(usize, Document)>) {
    let found = std::mem::take(&mut analysis.findings);
    let objects = &analysis.objects;
    // Most of the findings only `check` has: no suppression is unused for certain.
    let subject = Subject { sources, streams, docs, objects, rules: &[] };
    let Sifted { kept, suppressed, words } = sift(&subject, found);
    analysis.findings = kept;
    (suppressed, words)
}

#[cfg(test)]
mod tests;
