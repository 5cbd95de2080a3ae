//! What a driver's file says; `docs/driver.schema.json` is the same for editors.
//!
//! A path in these files is written for the kubelet's default root.

use crate::words::Told;
use serde::{Deserialize, Serialize};

/// One driver, agent or operator, or a family of them with one program.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Driver {
    /// What people call it.
    pub title: String,
    /// Where it comes from: `owner/repository` on GitHub, or a URL.
    pub homes: Vec<String>,
    /// The names that it registers with the kubelet.
    #[serde(default)]
    pub csi_drivers: Vec<String>,
    /// Its charts, by their names in the table of charts.
    #[serde(default)]
    pub charts: Vec<String>,
    /// Whether it can be relocated.
    pub verdict: Verdict,
    /// Its containers, as far as something about them isn't in the manifest.
    #[serde(default)]
    pub containers: Vec<ContainerRow>,
    /// Objects with fields that hold the root, for a controller that reads them.
    #[serde(default)]
    pub objects: Vec<ObjectRow>,
    /// Operators that write the driver's workloads, and write them anew when they are edited.
    #[serde(default)]
    pub operators: Vec<OperatorRow>,
    /// Settings that are no business of the rewriting, for people to look up.
    #[serde(default)]
    pub settings: Vec<SettingRow>,
}

/// Whether a driver can be relocated, and what shows it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Verdict {
    /// The answer.
    pub relocatable: Relocatable,
    /// One sentence: which setting, why not, or what is missing for an answer.
    pub because: String,
    /// What shows it; an unknown may have none.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
}

/// Whether a driver can be relocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relocatable {
    /// Its manifests say all there is to say; rewriting them is enough.
    Rewriting,
    /// A setting has to be added or changed that its manifests need not name.
    Setting,
    /// Its program, or what writes its manifests, has the root built in.
    No,
    /// Not known.
    Unknown,
}

/// What shows a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// A chart, rendered with its author's own setting and without it.
    Chart(String),
    /// Published manifests of this project.
    Manifest(String),
    /// A line of its program: `owner/repository:path:line at commit`.
    Source(String),
}

/// A container of a driver's pods. It is recognised when one of `images`, `registers` and `labels`
/// holds, and all of `flags`, and none of `without_flags`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct ContainerRow {
    /// What the container is, for people.
    pub what: String,
    /// The image's name: the last components, without a tag.
    #[serde(default)]
    pub images: Vec<String>,
    /// The pod registers a driver of this name, and the container is no sidecar.
    #[serde(default)]
    pub registers: Vec<String>,
    /// The pod has this label, `key=value`, and the container is no sidecar.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Flags of its command line, without dashes: `name`, or `name=value`; a word without `=` is
    /// also found as a whole argument, such as a subcommand.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Flags that it doesn't have.
    #[serde(default)]
    pub without_flags: Vec<String>,
    /// In which pods.
    #[serde(default)]
    pub reach: Reach,
    /// Settings with a default that need not be in the manifest.
    #[serde(default)]
    pub hidden: Vec<Hidden>,
    /// Paths that nothing can change.
    #[serde(default)]
    pub hard_coded: Vec<HardCoded>,
}

/// In which pods a container is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// In pods that name a kubelet root.
    #[default]
    Node,
    /// In every pod.
    Anywhere,
}

/// Whose filesystem a setting's path belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// The node's, or the kubelet's: it follows the root wherever the container mounts it.
    Host,
    /// The container's own: it moves with the mount below which it lies.
    Container,
}

/// What to do about something hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Remedy {
    /// Write it.
    #[default]
    Insert,
    /// Only tell.
    Warn,
    /// Nothing: where it is written, it is a path of the host, and that is all.
    Nothing,
}

/// What an argument that is no flag does to the flags behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Positional {
    /// Nothing.
    #[default]
    Passes,
    /// They aren't read, as with Go's `flag` package.
    EndsFlags,
}

/// A setting whose default need not be in the manifest.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Hidden {
    /// The flag, without dashes.
    #[serde(default)]
    pub flag: Option<String>,
    /// The environment variable.
    #[serde(default)]
    pub env: Option<String>,
    /// Other names of the same setting: flags without dashes, or variables.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is when nothing is said; a path below the default root, maybe with a scheme before
    /// it or a slash behind it.
    pub default: String,
    /// What the program adds to the value to get a path below the root.
    #[serde(default)]
    pub appended: String,
    /// Whose path it is.
    pub space: Whose,
    /// What to do.
    #[serde(default)]
    pub action: Remedy,
    /// How many dashes stand before the flag; two unless said.
    #[serde(default = "two")]
    pub dashes: usize,
    /// What an argument that is no flag does.
    #[serde(default)]
    pub positional: Positional,
    /// The first version that has it.
    #[serde(default)]
    pub since: Option<String>,
    /// The first version that no longer has it.
    #[serde(default)]
    pub until: Option<String>,
    /// How bad it is when it's missing.
    #[serde(default)]
    pub harm: Harm,
    /// What breaks without it; a sentence that begins with a small letter and has no full stop.
    pub because: Told,
    /// Where the fact comes from.
    pub source: String,
}

fn two() -> usize {
    2
}

/// A path that a program has built in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct HardCoded {
    /// The path.
    pub path: String,
    /// How bad it is.
    pub harm: Harm,
    /// The first version that has it.
    #[serde(default)]
    pub since: Option<String>,
    /// The first version that no longer has it.
    #[serde(default)]
    pub until: Option<String>,
    /// What it does there; a sentence that begins with a small letter and has no full stop.
    pub because: Told,
    /// Where the fact comes from.
    pub source: String,
}

/// How bad something is that no edit can mend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Harm {
    /// The driver can't work.
    #[default]
    Error,
    /// A part of it can't work.
    Warning,
}

/// An object with a field that holds the root, or something below it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct ObjectRow {
    /// Its kinds.
    pub kinds: Vec<String>,
    /// The part of apiVersion before the slash; empty for the core group.
    pub group: String,
    /// For kinds that hold anything (`ConfigMap`): fields of which it has to have one.
    #[serde(default)]
    pub beside: Vec<String>,
    /// The field: keys with dots between them; `key[X]` is the item with `name: X` of a list, whose
    /// `value` it is.
    pub field: String,
    /// A field that has to be there before something is written below it; the first key of
    /// `field` unless said.
    #[serde(default)]
    pub below: Option<String>,
    /// What it is when nothing is said; empty where the controller finds out by itself.
    #[serde(default)]
    pub default: String,
    /// Values that are no paths and are never touched.
    #[serde(default)]
    pub never: Vec<String>,
    /// What to do.
    #[serde(default)]
    pub action: Remedy,
    /// The image of the controller that reads it, whose tag tells the version.
    #[serde(default)]
    pub read_by: Option<String>,
    /// The first version that reads it.
    #[serde(default)]
    pub since: Option<String>,
    /// The first version that no longer does.
    #[serde(default)]
    pub until: Option<String>,
    /// How bad it is when it's missing.
    #[serde(default)]
    pub harm: Harm,
    /// What breaks without it; a sentence that begins with a small letter and has no full stop.
    #[serde(default)]
    pub because: Option<Told>,
    /// Where the fact comes from.
    pub source: String,
}

/// An operator that writes workloads.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct OperatorRow {
    /// Its image: the last components, without a tag.
    pub images: Vec<String>,
    /// Flags or words of its command line, as for containers.
    #[serde(default)]
    pub flags: Vec<String>,
    /// What it writes.
    pub writes: String,
    /// Where the root is set: fields of this file's objects, or variables of its own container
    /// that this file knows; none means that there is no setting.
    #[serde(default)]
    pub set_in: Vec<String>,
    /// The first version for which this holds.
    #[serde(default)]
    pub since: Option<String>,
    /// The first version for which it no longer does.
    #[serde(default)]
    pub until: Option<String>,
    /// Where the fact comes from.
    pub source: String,
}

/// A setting to look up: of a chart, a command line tool, or one that manifests always name.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct SettingRow {
    /// Where it is set.
    pub kind: SettingKind,
    /// Its name.
    pub name: String,
    /// What it is when nothing is said.
    #[serde(default)]
    pub default: String,
    /// What there is to know about it.
    #[serde(default)]
    pub note: String,
    /// Where the fact comes from.
    pub source: String,
}

/// Where a setting is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// A value of a chart.
    HelmValue,
    /// A flag of a program in a pod.
    Flag,
    /// A variable of a container.
    Env,
    /// A field of a custom resource.
    Field,
    /// A key of a ConfigMap.
    ConfigKey,
    /// A flag or a variable of a command line tool or a program on the host.
    Tool,
    /// Built into the program: to know, and harmless or to be left as it is.
    BuiltIn,
}
