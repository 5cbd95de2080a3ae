//! What is known: of symptoms, of drivers, of distributions.

use super::{Error, tables};
use crate::knowledge::driver::Relocatable;
use crate::knowledge::{Known, search};
use crate::kubepath::Root;
use crate::words::{Catalogue, Language};

/// What a log line or a complaint is a symptom of. Found by [`explain_symptom`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Symptom {
    /// Its id, which stays the same from version to version.
    pub id: String,
    /// What it is, in a few words of English.
    pub title: String,
    /// What is behind it.
    pub cause: String,
    /// How to tell the possible causes apart.
    pub tell_apart: String,
    /// What to do.
    pub fix: String,
    /// Whether a path of a manifest can be at fault, so that rewriting may help.
    pub path_problem: bool,
    /// The ids of the rules of [`check`](crate::check()) that go with it.
    pub rules: Vec<String>,
    /// The roots that the lines' paths lie below, the kubelet's and the manifest's alike.
    pub roots: Vec<Root>,
    /// Whether it was told by a person's words, which may mean something else.
    pub is_guess: bool,
}

/// What some lines of a log show, or a sentence in English or Chinese; the most harmful first.
///
/// # Errors
/// [`Error::Fault`], which would be a mistake of this crate.
///
/// ```
/// let found = csi_relocate::explain_symptom(
///     "hostPath type check failed: /var/lib/kubelet/plugins_registry is not a directory",
/// )?;
/// assert_eq!(found[0].id, "registry-not-a-directory");
/// assert!(found[0].path_problem);
/// # Ok::<(), csi_relocate::Error>(())
/// ```
pub fn explain_symptom(text: &str) -> Result<Vec<Symptom>, Error> {
    let words = Catalogue::of(Language::English);
    let groups = tables::symptoms()?.explain(text);
    let told = groups.iter().map(|group| {
        let symptom = group.symptom;
        let part =
            |part: &str| words.paragraphs(&format!("symptom-{}.{part}", symptom.id)).join("\n\n");
        Symptom {
            id: symptom.id.clone(),
            title: words.say(&symptom.title()),
            cause: part("cause"),
            tell_apart: part("tell-apart"),
            fix: part("fix"),
            path_problem: symptom.path_problem,
            rules: symptom.rules.clone(),
            roots: group.roots.iter().map(|seen| seen.root.clone()).collect(),
            is_guess: group.is_guess(),
        }
    });
    Ok(told.collect())
}

/// What is known of a driver, an agent or an operator. Found by [`find_driver`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Driver {
    /// What people call it.
    pub title: String,
    /// The names that it registers with the kubelet.
    pub csi_drivers: Vec<String>,
    /// Where it comes from: `owner/repository` on GitHub, or a URL.
    pub homes: Vec<String>,
    /// Whether it can be relocated.
    pub relocatable: Relocatable,
    /// Why, in one sentence; of what isn't known, what is missing for an answer.
    pub because: String,
}

/// The drivers that a word may mean: a name, a registered name, a repository, a chart, or a part of
/// one.
///
/// # Errors
/// [`Error::Fault`], which would be a mistake of this crate.
///
/// ```
/// let found = csi_relocate::find_driver("nfs.csi.k8s.io")?;
/// assert_eq!(found[0].title, "NFS CSI driver");
/// # Ok::<(), csi_relocate::Error>(())
/// ```
pub fn find_driver(word: &str) -> Result<Vec<Driver>, Error> {
    let fault = |error: crate::knowledge::KnowledgeError| Error::Fault(error.to_string());
    let drivers = tables::knowledge()?.drivers();
    let all = Known::all(drivers, tables::listed()?).map_err(fault)?;
    let told = search(word, &all).into_iter().map(|known| match known {
        Known::Driver(_, driver) => Driver {
            title: driver.title.clone(),
            csi_drivers: driver.csi_drivers.clone(),
            homes: driver.homes.clone(),
            relocatable: driver.verdict.relocatable,
            because: driver.verdict.because.clone(),
        },
        Known::Listed(row) => Driver {
            title: row.title.clone(),
            csi_drivers: row.csi_drivers.clone(),
            homes: vec![row.home.clone()],
            relocatable: Relocatable::Unknown,
            because: row.missing.clone(),
        },
    });
    Ok(told.collect())
}

/// Where a distribution of Kubernetes has the kubelet's root, such as `k0s` or `microk8s`; `None`
/// for one that isn't known, or whose nodes differ.
///
/// ```
/// let root = csi_relocate::distribution_root("k0s").unwrap();
/// assert_eq!(root.to_string(), "/var/lib/k0s/kubelet");
/// assert_eq!(csi_relocate::distribution_root("no such thing"), None);
/// ```
#[must_use]
pub fn distribution_root(name: &str) -> Option<Root> {
    tables::distributions().ok()?.named(name)?.only_root()
}
