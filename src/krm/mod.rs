//! The program as a KRM function, and as kustomize's older kind of plugin.
//!
//! A function gets a list of objects, its configuration among them, and answers with the same
//! list: edited in place, as every manifest is, with what it has to say as `results` at its end.
//! Nothing here reads or writes: text comes in, and text, results and a verdict go out.
//!
//! Sources: kubernetes-sigs/kustomize at v5.7.1, cmd/config/docs/api-conventions/functions-spec.md
//! (the format), kyaml/fn/framework (what a function answers) and
//! kyaml/fn/runtime/runtimeutil/runtimeutil.go (what becomes of the answer).

mod append;
mod config;
mod reader;
mod result;

pub use config::{Config, Given, Problem, Way};
pub use result::{Field, File, FunctionResult, ResourceRef, results};

use crate::cli::{FailOn, From, NamedRoot};
use crate::error::{RelocateError, Unreadable};
use crate::finding::Severity;
use crate::knowledge::Knowledge;
use crate::kubepath::Root;
use crate::model::{ObjectRef, RESOURCE_LIST, ResourceList};
use crate::relocate::{Options, Relocation, relocate};
use crate::roots::DEFAULT_ROOT;
use crate::source::Source;
use crate::stream::parse_part;
use crate::words::Catalogue;
use crate::yaml::{Document, NodeId, chunks};

/// What a function answers.
#[derive(Debug)]
pub struct Answer {
    /// The list as it goes back.
    pub output: String,
    /// What was found, as it stands in the list.
    pub results: Vec<FunctionResult>,
    /// Whether the orchestrator has to stop.
    pub fails: bool,
    /// What was done; nothing where the configuration can't be used.
    pub relocation: Option<Relocation>,
    /// The names of distributions that stood for its roots.
    pub named: Vec<NamedRoot>,
}

/// Whether a text is a list of objects for a function, and nothing else.
///
/// # Errors
/// When it may be one and can't be read.
pub fn recognise(text: &str) -> Result<Option<Document>, Unreadable> {
    if !text.contains(RESOURCE_LIST) {
        return Ok(None);
    }
    let mut found = None;
    for span in chunks(text) {
        for doc in parse_part(text, span)? {
            if doc.root().is_none() {
                continue;
            }
            // Between other documents it is one of them.
            if found.is_some() || ResourceList::read(&doc).is_none() {
                return Ok(None);
            }
            found = Some(doc);
        }
    }
    Ok(found)
}

/// Does a function's work on a list that was [recognised](recognise).
///
/// # Errors
/// When the program is at fault. What is wrong with the configuration or the list is a result.
pub fn answer(
    source: &Source,
    doc: &Document,
    given: &Given,
    knowledge: &Knowledge,
    words: &Catalogue,
) -> Result<Answer, RelocateError> {
    let list = ResourceList::read(doc);
    let config = list.as_ref().and_then(|list| list.function_config);
    let read = config.map(|node| Config::read(doc, node, Way::Function));
    let refused = |problems: Vec<Problem>, named: Option<NodeId>| {
        let named = named.map(|node| (doc, node));
        let results: Vec<_> = problems
            .into_iter()
            .map(|problem| FunctionResult::of_problem(problem, named))
            .collect();
        let output = append::with_results(source.text(), &results)?;
        Ok(Answer { output, results, fails: true, relocation: None, named: Vec::new() })
    };
    if let Some(node) = list.and_then(|list| list.no_items) {
        return refused(vec![Problem::without_items(doc.str(node))], None);
    }
    let config_kind = config.map(|node| ObjectRef::read(doc, node).kind);
    let settled = match given.settle(read, config_kind.as_deref()) {
        Ok(settled) => settled,
        Err(problems) => return refused(problems, config),
    };
    let relocation = match relocate(std::slice::from_ref(source), &settled.options, knowledge) {
        Err(RelocateError::Roots(error)) => {
            return refused(vec![Problem::of_roots(&error)], config);
        }
        other => other?,
    };
    let results = results(&relocation, words);
    let moved = relocation.rewritten.first().map_or(source.text(), |file| file.text(source));
    let output = append::with_results(moved, &results)?;
    let fails = settled.fails(&relocation);
    let named = settled.named;
    Ok(Answer { output, results, fails, relocation: Some(relocation), named })
}

/// What a run is to do, from its configuration and its command line.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What is rewritten, and how.
    pub options: Options,
    /// The least harmful finding for which it fails.
    pub fail_on: Severity,
    /// The names of distributions that stand for its roots.
    pub named: Vec<NamedRoot>,
}

impl Settled {
    fn new(to: Root, config: &Config, strict: bool) -> Self {
        let mut from: Vec<Root> = config.from.iter().filter_map(From::root).cloned().collect();
        if from.is_empty() {
            from.extend(Root::parse(DEFAULT_ROOT).ok());
        }
        let auto = config.from.contains(&From::Auto);
        let windows = config.windows.clone();
        // As `Results.ExitCode` of the reference implementation has it.
        let fail_on = config.fail_on.map_or(Severity::Error, FailOn::severity);
        // A name that something else has won over stands for nothing.
        let is_used = |it: &&NamedRoot| it.root == to || from.contains(&it.root);
        let named = config.named.iter().filter(is_used).cloned().collect();
        Self { options: Options { to, from, auto, windows, strict }, fail_on, named }
    }

    /// Whether there is a finding that makes the run fail.
    #[must_use]
    pub fn fails(&self, relocation: &Relocation) -> bool {
        relocation.analysis.findings.iter().any(|finding| finding.severity >= self.fail_on)
    }
}
