//! What to type after a symptom: which roots the lines tell, put together.

use super::{Group, Side};
use crate::invocation::Invocation;
use crate::kubepath::Root;
use crate::roots::DEFAULT_ROOT;

/// Up to so many roots of kubelets get a command each; more are left to the reader.
const MOST_ROOTS: usize = 3;

/// What stands for a root that nobody knows, in a command.
const UNKNOWN: &str = "DIR";

/// What stands for the manifests that are at fault.
const MANIFEST: &str = "driver.yaml";

/// What the lines tell about roots.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Advice {
    /// Where the kubelet lives, as who asks says.
    pub given: Option<Root>,
    /// Where kubelets live, as their own paths say. Several when the lines are from nodes that
    /// differ.
    pub kubelets: Vec<Root>,
    /// Roots that manifests are written for, and no kubelet of these lives there.
    pub manifests: Vec<Root>,
    /// Roots that could be either: the line doesn't tell, and nothing else does.
    pub either: Vec<Root>,
    /// A manifest is at fault, so that rewriting it helps.
    pub can_help: bool,
}

/// What groups tell; `given` is the kubelet's root, where somebody knows it.
#[must_use]
pub fn advice(groups: &[Group<'_>], given: Option<&Root>) -> Advice {
    let seen = |side: Side| {
        // A kubelet names its own root whatever is wrong; another root matters where a path is.
        let tells = |group: &&Group<'_>| side == Side::Kubelets || group.symptom.path_problem;
        let mut found: Vec<Root> = Vec::new();
        let roots = groups.iter().filter(tells).flat_map(|group| &group.roots);
        for seen in roots.filter(|seen| seen.side == side) {
            if !found.contains(&seen.root) {
                found.push(seen.root.clone());
            }
        }
        found
    };
    let kubelets = seen(Side::Kubelets);
    let mut manifests = seen(Side::Manifest);
    let mut either = seen(Side::Either);
    let known: Vec<&Root> = kubelets.iter().chain(given).collect();
    if !known.is_empty() {
        // Now the lines do tell: what isn't a kubelet's is the manifest's.
        for root in either.drain(..).filter(|root| !known.contains(&root)) {
            if !manifests.contains(&root) {
                manifests.push(root);
            }
        }
    }
    manifests.retain(|root| !kubelets.contains(root));
    either.retain(|root| !manifests.contains(root));
    let can_help = groups.iter().any(|group| group.symptom.path_problem);
    Advice { given: given.cloned(), kubelets, manifests, either, can_help }
}

impl Advice {
    /// Whether the lines say that the kubelet lives elsewhere than who asks thinks.
    #[must_use]
    pub fn is_contradicted(&self) -> bool {
        self.given.as_ref().is_some_and(|given| {
            let is_elsewhere = !self.kubelets.is_empty() && !self.kubelets.contains(given);
            is_elsewhere || self.manifests.contains(given)
        })
    }

    /// Whether nothing is known about roots.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let lists = [&self.kubelets, &self.manifests, &self.either];
        self.given.is_none() && lists.iter().all(|list| list.is_empty())
    }

    /// What to type, the harmless command first; nothing where no manifest is at fault.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        if !self.can_help {
            return Vec::new();
        }
        let roots = self.roots();
        let check = |root: &String| format!("csi-relocate check --kubelet-root {root} {MANIFEST}");
        let rewrite = |root: &String| {
            let invocation = Invocation {
                kubelet_root: root.clone(),
                from: self.from(root),
                inputs: vec![MANIFEST.to_owned()],
                ..Invocation::default()
            };
            invocation.to_string()
        };
        roots.iter().flat_map(|root| [check(root), rewrite(root)]).collect()
    }

    /// The roots that manifests should be written for.
    fn roots(&self) -> Vec<String> {
        let known: Vec<&Root> = match &self.given {
            Some(given) if !self.is_contradicted() => vec![given],
            Some(_) => Vec::new(),
            None => self.kubelets.iter().collect(),
        };
        match known.len() {
            1..=MOST_ROOTS => known.into_iter().map(Root::to_string).collect(),
            _ => vec![UNKNOWN.to_owned()],
        }
    }

    /// What `--from` has to say; without it a manifest is moved away from the default.
    fn from(&self, to: &str) -> Vec<String> {
        let others = self.manifests.iter().chain(&self.either).map(Root::to_string);
        let mut from: Vec<String> = others.filter(|root| root != to).collect();
        if from.is_empty() && to == DEFAULT_ROOT {
            // The manifest is below another root, which the lines don't name.
            return vec!["auto".to_owned()];
        }
        if from == [DEFAULT_ROOT] {
            return Vec::new();
        }
        if !from.is_empty() && to != DEFAULT_ROOT && !from.iter().any(|root| root == DEFAULT_ROOT) {
            from.push(DEFAULT_ROOT.to_owned());
        }
        from
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symptoms::Symptoms;

    fn of(lines: &str, given: Option<&str>) -> [String; 3] {
        let symptoms = Symptoms::builtin().unwrap();
        let given = given.map(|root| Root::parse(root).unwrap());
        let Advice { kubelets, manifests, either, .. } =
            advice(&symptoms.explain(lines), given.as_ref());
        [kubelets, manifests, either]
            .map(|roots| roots.iter().map(Root::to_string).collect::<Vec<_>>().join(" "))
    }

    const MANIFEST: &str = "hostPath type check failed: /var/lib/kubelet/pods is not a directory";
    const KUBELETS: &str = "special device /data/kubelet/plugins/kubernetes.io/csi/x.example.org/0/globalmount does not exist";
    const EITHER: &str = "RegisterPlugin error -- plugin registration failed with err: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /opt/kubelet/plugins/x/csi.sock: connect: no such file or directory\"";

    #[test]
    fn one_line_tells_what_it_can() {
        assert_eq!(of(MANIFEST, None), ["", "/var/lib/kubelet", ""]);
        assert_eq!(of(KUBELETS, None), ["/data/kubelet", "", ""]);
        assert_eq!(of(EITHER, None), ["", "", "/opt/kubelet"]);
    }

    #[test]
    fn lines_tell_more_together() {
        let both = format!("{MANIFEST}\n{KUBELETS}\n{EITHER}\n");
        assert_eq!(of(&both, None), ["/data/kubelet", "/var/lib/kubelet /opt/kubelet", ""]);
    }

    #[test]
    fn what_is_given_counts_and_what_the_lines_say_is_kept() {
        assert_eq!(of(EITHER, Some("/data/kubelet")), ["", "/opt/kubelet", ""]);
        assert_eq!(of(EITHER, Some("/opt/kubelet")), ["", "", ""]);
        assert_eq!(of(KUBELETS, Some("/old/root")), ["/data/kubelet", "", ""]);
    }

    fn commands(lines: &str, given: Option<&str>) -> Vec<String> {
        let symptoms = Symptoms::builtin().unwrap();
        let given = given.map(|root| Root::parse(root).unwrap());
        advice(&symptoms.explain(lines), given.as_ref()).commands()
    }

    #[test]
    fn a_root_that_the_lines_contradict_is_not_typed() {
        for (line, given) in [(KUBELETS, "/old/root"), (MANIFEST, "/var/lib/kubelet")] {
            let symptoms = Symptoms::builtin().unwrap();
            let given = Root::parse(given).unwrap();
            let advice = advice(&symptoms.explain(line), Some(&given));
            assert!(advice.is_contradicted(), "{line}");
            assert!(advice.commands().iter().all(|command| command.contains(" DIR ")));
        }
    }

    #[test]
    fn commands_do_something() {
        let rewrite = |lines: &str, given| commands(lines, given).pop().unwrap();
        assert_eq!(
            rewrite(KUBELETS, None),
            "csi-relocate --kubelet-root /data/kubelet --in-place driver.yaml"
        );
        let default = KUBELETS.replace("/data/", "/var/lib/");
        assert_eq!(
            rewrite(&default, None),
            "csi-relocate --kubelet-root /var/lib/kubelet --from auto --in-place driver.yaml"
        );
        assert_eq!(
            rewrite(&format!("{EITHER}\n{KUBELETS}"), None),
            "csi-relocate --kubelet-root /data/kubelet --from /opt/kubelet --from /var/lib/kubelet \
             --in-place driver.yaml"
        );
        let two = format!("{KUBELETS}\n{}", KUBELETS.replace("/data/", "/opt/"));
        assert_eq!(commands(&two, None).len(), 4);
        assert!(commands("mount.nfs: No route to host", None).is_empty());
    }
}
