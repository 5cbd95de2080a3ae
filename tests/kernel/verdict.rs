//! What the check says of a pod, and where it says nothing by design.

use super::common::{english, root, source};
use super::pod::{Mount, Pod, rest};
use csi_relocate::check::{Against, check};
use csi_relocate::finding::{Rule, Severity};
use csi_relocate::knowledge::Knowledge;

/// Whether volumes work, as the check sees it; `None` where it can't tell.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) published: Option<bool>,
    pub(crate) staged: Option<bool>,
    /// Everything that was found, by its rule.
    findings: Vec<String>,
}

impl Verdict {
    /// Whether a rule says that there is harm.
    pub(crate) fn says_error(&self, rule: Rule) -> bool {
        self.findings.iter().any(|found| found.starts_with(&format!("error {}", rule.id())))
    }
}

pub(crate) fn judge(pod: &Pod) -> Verdict {
    let knowledge = Knowledge::builtin().unwrap();
    let against = Against::Root(root(pod.root));
    let verdict = check(&[source(&pod.manifest())], &against, &[], &knowledge).unwrap();
    let found = &verdict.findings;
    let has = |rules: &[Rule], least: Severity| {
        found.iter().any(|found| rules.contains(&found.rule) && found.severity >= least)
    };
    let publishing = [Rule::ParityBroken, Rule::MixedRoots, Rule::PropagationMissing];
    let (pods, staging) = (pods(pod.root), staging(pod.root));
    let (of_pods, of_staging) = (through(pod, &pods), through(pod, &staging));
    let published = !has(&publishing, Severity::Error);
    // What is said of a mount's pods isn't said of its staging again. Many a driver doesn't stage,
    // so that it may be a warning.
    let mut rules = vec![Rule::StagingNotShared];
    if of_pods == of_staging {
        rules.push(Rule::PropagationMissing);
    }
    let staged = !has(&rules, Severity::Warning);

    let roots: Vec<String> = verdict.roots.iter().map(ToString::to_string).collect();
    let may_publish = is_driver(pod, &roots);
    // Of a read-only mount that is shared it's only said that some drivers need more than the kernel
    // does: here a volume is mounted on a directory that is there.
    let shared = |mount: &Mount| mount.propagation == Some("Bidirectional");
    let is_unsure = of_staging.is_some_and(|mount| mount.read_only && shared(mount));
    let may_stage = may_publish && may_stage(pod, &roots) && (staged || !is_unsure);
    // A mount inside of a Bidirectional one, which may hide what the kubelet has there, isn't held
    // against a mount that is right otherwise: it's told of as `nested-mount`.
    let told = |may: bool, works: bool, directory: &str| {
        (may && !(works && pod.covers_on_node(directory))).then_some(works)
    };
    Verdict {
        published: told(may_publish, published, &pods),
        staged: told(may_stage, staged, &staging),
        findings: found
            .iter()
            .map(|found| {
                format!("{} {}: {}", found.severity, found.rule.id(), english(&found.message))
            })
            .collect(),
    }
}

fn pods(root: &str) -> String {
    format!("{root}/pods")
}

fn staging(root: &str) -> String {
    format!("{root}/plugins/kubernetes.io/csi")
}

/// The mount that a path of the container leads through.
fn through<'a>(pod: &'a Pod, path: &str) -> Option<&'a Mount> {
    let covering = pod.mounts.iter().filter(|mount| rest(path, &mount.at).is_some());
    covering.max_by_key(|mount| mount.at.len())
}

fn sides(mount: &Mount) -> impl Iterator<Item = &str> {
    mount.host.as_deref().into_iter().chain([mount.at.as_str()])
}

/// A container is taken for the driver when it can write to a root or `pods` of a kubelet; a root
/// has to be known as one.
fn is_driver(pod: &Pod, roots: &[String]) -> bool {
    let of_kubelet =
        |path: &str| roots.iter().any(|root| path == root || rest(path, &pods(root)).is_some());
    let may_write = |mount: &Mount| !mount.read_only || mount.propagation == Some("Bidirectional");
    pod.mounts.iter().any(|mount| may_write(mount) && sides(mount).any(of_kubelet))
}

/// A driver that mounts none of the plugins' directories may not stage at all, unless another
/// mount shows the right one.
fn may_stage(pod: &Pod, roots: &[String]) -> bool {
    let of_plugins = |path: &str| {
        roots.iter().any(|root| {
            let plugins = format!("{root}/plugins");
            path == plugins || rest(path, &format!("{plugins}/kubernetes.io")).is_some()
        })
    };
    let is_shown = through(pod, &staging(pod.root))
        .is_some_and(|mount| mount.host.as_ref().is_some_and(|host| *host == mount.at));
    is_shown || pod.mounts.iter().any(|mount| sides(mount).any(of_plugins))
}
