//! The verdict: will these manifests work on nodes whose kubelet lives in this root?
//!
//! Nothing is matched by its text. Each pod's mounts are resolved as a container runtime would,
//! and then asked what the kubelet, the registrar and the driver will ask. Where a manifest doesn't
//! tell, such as an endpoint that is compiled in, there is no answer and no finding.

mod kept;
mod listeners;
mod live;
mod publishing;
mod registration;
mod roots;
mod suppress;
mod view;

pub use suppress::Suppressed;

use crate::decide::registration::Registration;
use crate::decide::{Action, Analysis, Context, Reason, analyse, detect_roots, objects_of_run};
use crate::error::RelocateError;
use crate::finding::{Finding, Place, Rule, Severity};
use crate::knowledge::{Knowledge, Role};
use crate::kubepath::{AbsPath, Root};
use crate::model::{ObjectRef, Pod, Sourced};
use crate::plan::Places;
use crate::relocate::numbered;
use crate::roots::{DEFAULT_ROOT, Roots, TO};
use crate::sites::Site;
use crate::source::{Source, Span};
use crate::stream::{Wanted, read_all};
use crate::words::{Message, message};
use crate::yaml::{Document, NodeId};
use listeners::Listeners;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use suppress::{Checked, Sifted, sift};
use view::{ContainerView, PodView, View};

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
        let mut at = Some(place.node);
        while let Some(node) = at {
            if let Some(name) = self.names.get(&(place.doc, node)) {
                return Some(name.to_string());
            }
            at = doc.parent(node);
        }
        None
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
    let named = match against {
        Against::Root(root) => root.path().name().unwrap_or_default().to_owned(),
        Against::AnyRoot => String::new(),
    };
    let words: Vec<&str> =
        ["kubelet", named.as_str()].into_iter().filter(|word| !word.is_empty()).collect();
    let streams = read_all(sources, &Wanted::readable(&words))?;
    let docs: Vec<Sourced<'_>> = numbered(&streams).collect();
    let default = Root::parse(DEFAULT_ROOT).ok();
    let root = match against {
        Against::Root(root) => Some(root.clone()),
        Against::AnyRoot => default.clone(),
    };
    let Some(root) = root else {
        return Err(crate::error::Fault::new("the default root can't be read").into());
    };
    let mut others: Vec<Root> = from.iter().cloned().chain(default).collect();
    let objects = objects_of_run(&docs, knowledge);
    let known: Vec<AbsPath> =
        others.iter().chain([&root]).map(|root| root.path().clone()).collect();
    others.extend(detect_roots(&objects, &known, knowledge).into_iter().map(|found| found.root));
    // What lies below the root asked about is no other root.
    others.retain(|other| !root.path().is_ancestor_of(other.path()));
    let roots = Roots::new(root, others)?;
    let analysis = analyse(&docs, objects, &roots, knowledge);
    let context = Context { roots: &roots, knowledge };

    let (findings, rules) = match against {
        Against::AnyRoot => (roots::agree(&analysis, &context), &[Rule::MixedRoots][..]),
        Against::Root(_) => (judge(&analysis, &context), &Rule::ALL[..]),
    };
    let checked = Checked { sources, docs: &docs, objects: &analysis.objects, rules };
    let Sifted { kept: mut findings, mut suppressed, words } = sift(&checked, findings);
    let order = |finding: &Finding| (Reverse(finding.severity), finding.rule);
    findings.sort_by_key(order);
    suppressed.sort_by_key(|suppressed| order(&suppressed.finding));
    let named = analysis.objects.iter().flatten().filter(|object| !object.name.kind.is_empty());
    let objects = named.count();
    let sites = analysis.sites.len();
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
    let mut decided = analysis.decided().peekable();
    for (index, objects) in analysis.objects.iter().enumerate() {
        let mut scene = Scene::new(index, *context);
        let mut here = Vec::new();
        while let Some(next) = decided.next_if(|(site, _)| site.doc <= index) {
            here.push(next);
        }
        let mut by_pod: HashMap<(usize, usize), Vec<&Site>> = HashMap::new();
        for (site, _) in &here {
            if let Some(pod) = site.pod {
                by_pod.entry((site.object, pod)).or_default().push(site);
            }
        }
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
            }
        }
        let open = here.iter().filter(|(site, decision)| {
            // That what goes back isn't there, `kept::carried` says.
            matches!(decision.action, Action::Move(_))
                && !matches!(decision.reason, Reason::GoesBack(_))
                && !scene.is_explained(site)
        });
        let open: Vec<&Site> = open.map(|(site, _)| *site).collect();
        roots::mixed(&open, objects, &mut scene);
        live::judge(objects, here.iter().map(|(site, _)| *site), &mut scene);
        findings.append(&mut scene.findings);
    }
    kept::carried(analysis, context, &mut findings);
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

/// One document while it is judged.
struct Scene<'a> {
    doc: usize,
    context: Context<'a>,
    /// The object that is looked at.
    object: usize,
    findings: Vec<Finding>,
    /// What was said of which node.
    said: HashSet<(Rule, NodeId)>,
    /// Scalars of which a finding tells already.
    explained: HashSet<NodeId>,
    /// Host paths of an object of which a finding tells already.
    explained_paths: HashSet<(usize, AbsPath)>,
}

impl<'a> Scene<'a> {
    fn new(doc: usize, context: Context<'a>) -> Self {
        Self {
            doc,
            context,
            object: 0,
            findings: Vec::new(),
            said: HashSet::new(),
            explained: HashSet::new(),
            explained_paths: HashSet::new(),
        }
    }

    /// The kubelet's root.
    fn root(&self) -> &AbsPath {
        self.context.roots.to().path()
    }

    fn find(&mut self, rule: Rule, severity: Severity, node: NodeId, message: Message) {
        let places = vec![Place { doc: self.doc, node, range: None }];
        self.findings.push(Finding { rule, severity, places, message });
    }

    /// The same, unless this rule spoke of the place already.
    fn find_once(&mut self, rule: Rule, severity: Severity, node: NodeId, message: Message) {
        // A mount's propagation is told of once, for publishing or for staging.
        let key = if rule == Rule::StagingNotShared { Rule::PropagationMissing } else { rule };
        if self.said.insert((key, node)) {
            self.find(rule, severity, node, message);
        }
    }

    /// A mount that is to propagate, of a container that may not.
    fn find_unprivileged(&mut self, container: &ContainerView<'_>, view: &View<'_>) {
        let message = message!(
            "propagation-unprivileged",
            container = &container.container.name,
            mount = view.written(),
        );
        let rule = Rule::PropagationUnprivileged;
        self.find_once(rule, Severity::Error, view.mount.node, message);
    }

    fn explain_node(&mut self, node: NodeId) {
        self.explained.insert(node);
    }

    fn explain_view(&mut self, view: &View<'_>) {
        self.explained.extend(view.mount.path.as_ref().map(|path| path.node));
        self.explained_paths.extend(view.host.clone().map(|host| (self.object, host)));
    }

    /// A path on the node, and the directory it is in.
    fn explain_below(&mut self, path: &AbsPath) {
        let paths = [Some(path.clone()), path.ancestor(1)].into_iter().flatten();
        self.explained_paths.extend(paths.map(|path| (self.object, path)));
    }

    fn is_explained(&self, site: &Site) -> bool {
        let path = || AbsPath::parse(&format!("/{}", site.path.trim_start_matches('/')));
        self.explained.contains(&site.node)
            || path().is_some_and(|path| self.explained_paths.contains(&(site.object, path)))
    }

    /// Whether a mount shows, or stands at, something below a root that is known.
    fn is_tied(&self, view: &View<'_>) -> bool {
        let sides = [Some(&view.target), view.host.as_ref()];
        sides.into_iter().flatten().any(|path| self.context.roots.locate(path).is_some())
    }

    /// Whether a mount shows, or stands at, a directory of a kubelet in one of these roles.
    fn has_role(&self, view: &View<'_>, roles: &[Role]) -> bool {
        let sides = [Some(&view.target), view.host.as_ref()];
        sides.into_iter().flatten().any(|path| {
            self.context
                .roots
                .locate(path)
                .is_some_and(|(_, rest)| roles.contains(&self.context.knowledge.role(rest).role))
        })
    }

    /// Whether a host path is a directory that the kubelet keeps for all drivers, or the root.
    fn is_kubelets_own(&self, host: &AbsPath) -> bool {
        use Role::{Plugins, PluginsRegistry, Pods, Root, Staging};
        self.context.roots.locate(host).is_some_and(|(root, rest)| {
            let role = self.context.knowledge.role(rest).role;
            root == TO && [Root, Pods, Plugins, Staging, PluginsRegistry].contains(&role)
        })
    }

    /// Whether a host path is the directory that a kubelet watches, whichever its root.
    fn is_registration_dir(&self, host: &AbsPath) -> bool {
        self.context.roots.locate(host).is_some_and(|(_, rest)| {
            self.context.knowledge.role(rest).role == Role::PluginsRegistry
        })
    }

    /// Where a mount's directory should be: its own path below the kubelet's root.
    fn moved(&self, view: &View<'_>) -> AbsPath {
        let sides = [view.host.as_ref(), Some(&view.target)];
        let rest = sides
            .into_iter()
            .flatten()
            .find_map(|path| self.context.roots.locate(path).map(|(_, rest)| rest));
        self.root().join(rest.unwrap_or_default())
    }

    /// The side of a mount that isn't below the kubelet's root: its hostPath or its mountPath.
    fn wrong_side(&self, view: &View<'_>, pod: &PodView<'_>, wanted: &AbsPath) -> NodeId {
        let own = view.mount.path.as_ref().map_or(view.mount.node, |path| path.node);
        let is_wrong = view.host.as_ref().is_none_or(|host| wanted.below(host).is_none());
        let volume = hostpath_of(pod.pod, view);
        volume.filter(|_| is_wrong).unwrap_or(own)
    }
}

fn hostpath_of(pod: &Pod, view: &View<'_>) -> Option<NodeId> {
    pod.volume(&view.mount.volume)?.host_path().map(|path| path.node)
}

/// Whether a site lies below the root asked about.
fn is_there(site: &Site) -> bool {
    site.lie.root == TO
}
