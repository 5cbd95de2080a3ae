//! The verdict: will these manifests work on nodes whose kubelet lives in this root?
//!
//! Nothing is matched by its text. Each pod's mounts are resolved as a container runtime would,
//! and then asked what the kubelet, the registrar and the driver will ask. Where a manifest doesn't
//! tell, such as an endpoint that is compiled in, there is no answer and no finding.

mod as_written;
mod behind;
mod carried;
mod directory;
mod drivers;
mod handed;
mod kept;
mod listeners;
mod live;
mod misspelt;
mod nested;
mod publishing;
mod registration;
mod registration_dir;
mod roots;
mod scene;
mod unmounted;
mod view;
mod within;

use crate::decide::registration::Registration;
use crate::decide::{Analysis, Context, Decision, LEVELS, Reason, analyse, objects_of_run};
use crate::error::RelocateError;
use crate::finding::{Finding, Place, Rule};
use crate::knowledge::Knowledge;
use crate::kubepath::{AbsPath, Root};
use crate::model::{Object, ObjectRef, Sourced};
use crate::plan::Places;
use crate::relocate::{detected, numbered};
use crate::roots::{DEFAULT_ROOT, Roots};
use crate::sites::Site;
use crate::source::{Source, Span};
use crate::stream::{Part, Wanted, read_all};
use crate::suppress::{self, Sifted, Suppressed, sift};
use crate::yaml::{Document, NodeId};
use listeners::Listeners;
use scene::Scene;
use std::collections::{HashMap, HashSet};
use view::PodView;

/// What the manifests are held against.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Against {
    /// Nodes whose kubelet lives here.
    Root(Root),
    /// Any one root: all sites have to agree.
    AnyRoot,
}

/// What a check came to.
#[derive(Debug)]
pub struct Verdict {
    /// What was found, most harmful first.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, most harmful first.
    pub suppressed: Vec<Suppressed>,
    /// How many Kubernetes objects were seen.
    pub objects: usize,
    /// How many paths were seen that are tied to a root. Without any, that nothing was found says
    /// little.
    pub sites: usize,
    /// The roots that the manifests were searched for.
    pub roots: Vec<AbsPath>,
    /// What the objects are called, by document and node.
    names: HashMap<(usize, NodeId), ObjectRef>,
    documents: Vec<Document>,
    source_of: Vec<usize>,
    places: Places,
}

impl Verdict {
    /// The source that a place stands in, by its index, and its bytes there.
    #[must_use]
    pub fn locate(&self, sources: &[Source], place: &Place) -> Option<(usize, Span)> {
        let index = *self.source_of.get(place.doc)?;
        let doc = self.documents.get(place.doc)?;
        let source = sources.get(index)?;
        Some((index, self.places.span(doc, source.text(), place)))
    }

    /// The object that a place stands in.
    #[must_use]
    pub fn object(&self, place: &Place) -> Option<String> {
        let doc = self.documents.get(place.doc)?;
        let name = doc.holders(place.node).find_map(|node| self.names.get(&(place.doc, node)));
        name.map(ObjectRef::to_string)
    }
}

/// Holds all sources, as one, against a kubelet root.
///
/// # Errors
/// When a source can't be read or the roots can't be told apart.
pub fn check(
    sources: &[Source],
    against: &Against,
    from: &[Root],
    knowledge: &Knowledge,
) -> Result<Verdict, RelocateError> {
    let default = Root::parse(DEFAULT_ROOT).ok();
    let root = match against {
        Against::Root(root) => Some(root.clone()),
        Against::AnyRoot => default.clone(),
    };
    let Some(root) = root else {
        return Err(crate::error::Fault::new("the default root can't be read").into());
    };
    let mut others: Vec<Root> = from.iter().cloned().chain(default).collect();
    let names: Vec<&str> =
        others.iter().chain([&root]).filter_map(|root| root.path().name()).collect();
    let streams = read_all(sources, &Wanted::readable(&names))?;
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let objects = objects_of_run(&docs, knowledge, LEVELS);
    let known: Vec<AbsPath> =
        others.iter().chain([&root]).map(|root| root.path().clone()).collect();
    others.extend(detected(&docs, &objects, &known, knowledge, LEVELS)?);
    // What lies below the root asked about is no other root.
    others.retain(|other| !root.path().is_ancestor_of(other.path()));
    let roots = Roots::new(root, others)?;
    let context = Context { roots: &roots, knowledge };
    held(Read { sources, streams, objects }, against, &context, LEVELS)
}

/// What was read of a run.
struct Read<'a> {
    sources: &'a [Source],
    streams: Vec<Vec<Part>>,
    /// The objects of each document.
    objects: Vec<Vec<Object>>,
}

/// Holds what was read against roots that are known; so many `levels` of texts within texts are read as
/// manifests.
fn held(
    read: Read<'_>,
    against: &Against,
    context: &Context<'_>,
    levels: usize,
) -> Result<Verdict, RelocateError> {
    let Read { sources, streams, objects } = read;
    let Context { roots, knowledge } = *context;
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let analysis = analyse(&docs, objects, roots, knowledge);
    let (mut findings, rules) = match against {
        Against::AnyRoot => (roots::agree(&analysis, context), &[Rule::MixedRoots][..]),
        Against::Root(_) => (judge(&analysis, context), &Rule::ALL[..]),
    };
    let within = within::judge(&docs, &analysis.objects, against, context, levels)?;
    findings.extend(within.findings);
    let objects = &analysis.objects;
    let subject = suppress::Subject { sources, streams: &streams, docs: &docs, objects, rules };
    let Sifted { kept: findings, mut suppressed, words } = sift(&subject, findings);
    suppressed.extend(within.suppressed);
    let named = analysis.objects.iter().flatten().filter(|object| !object.name.kind.is_empty());
    let objects = named.count() + within.objects;
    let sites = analysis.sites.len() + within.sites;
    let roots = roots.all().to_vec();
    let mut source_of: Vec<usize> = docs.iter().map(|sourced| sourced.source).collect();
    let parts = streams.into_iter().flatten();
    let mut documents: Vec<Document> = parts.filter_map(|part| part.docs).flatten().collect();
    for (source, word) in words {
        source_of.push(source);
        documents.push(word);
    }
    let numbered = analysis.objects.into_iter().enumerate();
    let names = numbered.flat_map(|(doc, objects)| {
        objects.into_iter().map(move |object| ((doc, object.node), object.name))
    });
    let names = names.collect();
    let places = Places::default();
    Ok(Verdict { findings, suppressed, objects, sites, roots, names, documents, source_of, places })
}

fn judge(analysis: &Analysis, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let settings = analysis.known_settings.iter();
    let settings = settings.map(|known| ((known.doc, known.node), known.severity)).collect();
    let mut decided = analysis.decided().peekable();
    for (index, objects) in analysis.objects.iter().enumerate() {
        let mut scene = Scene::new(index, *context);
        let mut here = Vec::new();
        while let Some(next) = decided.next_if(|(site, _)| site.doc <= index) {
            here.push(next);
        }
        let mut by_pod: HashMap<(usize, usize), Vec<(&Site, &Decision)>> = HashMap::new();
        for &(site, decision) in &here {
            if let Some(pod) = site.pod {
                by_pod.entry((site.object, pod)).or_default().push((site, decision));
            }
        }
        let mut in_reach: HashSet<*const Site> = HashSet::new();
        for (number, object) in objects.iter().enumerate() {
            scene.object = number;
            for (pod_number, pod) in object.pods.iter().enumerate() {
                let registration = Registration::of(pod, context.knowledge);
                let view = PodView::of(pod, &registration);
                let listeners = Listeners::of(&view, &scene);
                registration::judge(&view, &listeners, &mut scene);
                publishing::judge(&view, &listeners, &mut scene);
                let own = by_pod.get(&(number, pod_number)).map_or(&[][..], Vec::as_slice);
                kept::judge(&view, own, &mut scene);
                in_reach.extend(
                    roots::in_reach(&view, own, &scene).into_iter().map(std::ptr::from_ref),
                );
            }
        }
        let open = here.iter().filter(|(site, decision)| {
            // That what goes back isn't there, `carried` says.
            decision.is_amiss()
                && !matches!(decision.reason, Reason::GoesBack(_))
                && !scene.is_explained(site)
                && !in_reach.contains(&std::ptr::from_ref(*site))
        });
        let open: Vec<&Site> = open.map(|(site, _)| *site).collect();
        roots::mixed(&open, objects, &settings, &mut scene);
        live::judge(objects, here.iter().map(|(site, _)| *site), &mut scene);
        findings.append(&mut scene.findings);
    }
    carried::carry(analysis, context, &mut findings);
    findings.extend(hidden(analysis));
    findings
}

/// What the manifests don't say: the findings that a rewrite has too, and what it would write.
fn hidden(analysis: &Analysis) -> impl Iterator<Item = Finding> {
    let known = analysis.findings.iter().filter(|finding| {
        matches!(finding.rule, Rule::HiddenDefault | Rule::BuiltInRoot | Rule::OperatorSetting)
    });
    known.cloned().chain(analysis.insertions.iter().filter_map(|insertion| insertion.missing(true)))
}
