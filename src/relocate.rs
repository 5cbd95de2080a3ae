//! The way from a source to a verified plan.

use crate::decide::{Analysis, DetectedRoot, analyse, detect_roots, rewritten_objects};
use crate::error::{Fault, RelocateError};
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, Root, WindowsRoot};
use crate::model::Object;
use crate::plan::{Change, Edit, changes, concretize, place_span};
use crate::roots::{DEFAULT_ROOT, Roots};
use crate::source::{Source, Span};
use crate::stream::{Wanted, read};
use crate::verify::proved_output;
use crate::yaml::Document;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Words of which a document needs one to tell of a root whose name isn't known.
const HOST_PATH_FIELDS: [&str; 4] = ["hostPath", "registration-path", "pathPrefix", "endpoint"];

/// What to do with a source.
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

/// A verified plan for one source.
#[derive(Debug)]
pub struct Relocation {
    /// The roots of the run, with those that were found.
    pub roots: Roots,
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// The source with the edits applied.
    pub output: String,
    /// The sites, decisions and findings.
    pub analysis: Analysis,
    documents: Vec<Document>,
}

impl Relocation {
    /// Where a finding's place or a site stands in the source.
    #[must_use]
    pub fn span(&self, source: &Source, place: &Place) -> Span {
        self.documents
            .get(place.doc)
            .map_or_else(|| Span { start: 0, end: 0 }, |doc| place_span(doc, source.text(), place))
    }

    /// The documents that were parsed; sites and places name them by index.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }
}

/// Plans the relocation of one source, and proves that the plan does what it says.
///
/// # Errors
/// When the source can't be read, the roots can't be used together, or the verification fails,
/// which is the program's fault. Nothing has been written then.
pub fn relocate(
    source: &Source,
    options: &Options,
    knowledge: &Knowledge,
) -> Result<Relocation, RelocateError> {
    let text = source.text();
    let roots = roots_of(text, options, knowledge)?;
    let wanted = if options.strict { Wanted::All } else { Wanted::needles(&roots.needles()) };
    let parts = read(text, &wanted)?;

    let docs: Vec<&Document> =
        parts.iter().filter_map(|part| part.docs.as_ref()).flatten().collect();
    let mut analysis = analyse(&docs, &roots, knowledge);
    let others = other_roots(&analysis.objects, &roots, options, knowledge);
    analysis.findings.extend(others);
    // What is most harmful comes first; a rule's place in the list of rules is its harm.
    analysis.findings.sort_by_key(|finding| (Reverse(finding.severity), finding.rule));
    let planned = changes(&docs, &analysis);
    let edits = edits_of(&docs, text, &planned)?;
    let second_run = |docs: &[&Document]| analyse(docs, &roots, knowledge).changes_nothing();
    let output = proved_output(text, &parts, &edits, &planned, second_run)?;
    let documents = parts.into_iter().filter_map(|part| part.docs).flatten().collect();
    Ok(Relocation { roots, edits, output, analysis, documents })
}

fn roots_of(text: &str, options: &Options, knowledge: &Knowledge) -> Result<Roots, RelocateError> {
    let mut from = options.from.clone();
    if options.auto {
        from.extend(Root::parse(DEFAULT_ROOT).ok());
        let parts = read(text, &Wanted::needles(&HOST_PATH_FIELDS))?;
        let docs = parts.iter().filter_map(|part| part.docs.as_ref()).flatten();
        let objects: Vec<_> = docs.map(|doc| rewritten_objects(doc, knowledge)).collect();
        let known: Vec<AbsPath> =
            from.iter().chain([&options.to]).map(|root| root.path().clone()).collect();
        from.extend(detect_roots(&objects, &known, knowledge).into_iter().map(|found| found.root));
    }
    Ok(Roots::new(options.to.clone(), from)?.with_windows(options.windows.clone()))
}

/// Roots that the documents also speak of and that this run leaves alone.
fn other_roots(
    objects: &[Vec<Object>],
    roots: &Roots,
    options: &Options,
    knowledge: &Knowledge,
) -> Vec<Finding> {
    if options.auto {
        return Vec::new();
    }
    let default = AbsPath::parse(DEFAULT_ROOT);
    let known: Vec<AbsPath> = roots.all().iter().cloned().chain(default).collect();
    detect_roots(objects, &known, knowledge)
        .into_iter()
        .map(|DetectedRoot { root, place }| Finding {
            rule: Rule::OtherRoot,
            severity: Severity::Warning,
            places: vec![place],
            message: format!(
                "paths below {root} look like another kubelet root; they were left as they are"
            ),
            help: format!("to move them too, add --from {root} (or --from auto)"),
        })
        .collect()
}

fn edits_of(
    docs: &[&Document],
    text: &str,
    planned: &BTreeMap<usize, Vec<Change>>,
) -> Result<Vec<Edit>, Fault> {
    let mut edits = Vec::new();
    for (&index, changes) in planned {
        let Some(doc) = docs.get(index) else { continue };
        edits.append(&mut concretize(doc, text, changes)?);
    }
    edits.sort();
    Ok(edits)
}
