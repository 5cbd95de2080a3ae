//! What is known of a driver, arranged for a reader: sections, items, facts. Code, paths and names
//! stand in backticks. Labels are English; what breaks is told in the reader's language.

use super::driver::{
    ContainerRow, Driver, Evidence, HardCoded, Harm, Hidden, ObjectRow, OperatorRow, Relocatable,
    Remedy, SettingKind, SettingRow, Whose,
};
use super::{ChartRow, Does};
use crate::words::Language;

/// Facts of one sort.
#[derive(Clone, Debug)]
pub struct Section<'d> {
    /// What sort.
    pub title: &'static str,
    /// Each of them.
    pub items: Vec<Item<'d>>,
}

/// The label of what a setting is for, or what breaks without it.
pub const PURPOSE: &str = "what it's for";

/// The label of what tells a container from others.
pub const RECOGNITION: &str = "recognised by";

/// One setting, path, field, operator or chart.
#[derive(Clone, Debug)]
pub struct Item<'d> {
    /// What it is.
    pub head: String,
    /// What there is to know about it, with labels.
    pub facts: Vec<(&'static str, String)>,
    /// Where somebody else can look it up.
    pub source: &'d str,
}

/// Everything that is known of a driver but its verdict.
#[must_use]
pub fn sections<'d>(
    driver: &'d Driver,
    charts: &[&'d ChartRow],
    language: Language,
) -> Vec<Section<'d>> {
    let in_containers = driver.containers.iter();
    let hidden = in_containers.clone().flat_map(|row| row.hidden.iter().map(move |it| (row, it)));
    let hard = in_containers.flat_map(|row| row.hard_coded.iter().map(move |it| (row, it)));
    let all = [
        ("Hidden settings", hidden.map(|(row, it)| of_hidden(row, it, language)).collect()),
        ("Built-in paths", hard.map(|(row, it)| of_hard_coded(row, it, language)).collect()),
        ("Fields of objects", driver.objects.iter().map(|it| of_object(it, language)).collect()),
        ("Operators", driver.operators.iter().map(of_operator).collect()),
        ("Helm values", charts.iter().map(|row| of_chart(row)).collect()),
        ("Other settings", driver.settings.iter().map(of_setting).collect()),
    ];
    let all = all.into_iter().map(|(title, items): (_, Vec<Item<'d>>)| Section { title, items });
    all.filter(|section| !section.items.is_empty()).collect()
}

/// The charts of a driver, by the names in its file; of several with a name, those that come from
/// one of its homes, if any do.
#[must_use]
pub fn charts_of<'t>(driver: &Driver, table: &'t [ChartRow]) -> Vec<&'t ChartRow> {
    let of_name = |name: &String| {
        let named: Vec<_> = table.iter().filter(|row| row.chart == *name).collect();
        let is_home = |row: &&&ChartRow| driver.homes.contains(&row.repository);
        let own: Vec<_> = named.iter().filter(is_home).copied().collect();
        if own.is_empty() { named } else { own }
    };
    driver.charts.iter().flat_map(of_name).collect()
}

impl Relocatable {
    /// Every answer, the best first.
    pub const ALL: [Self; 4] = [Self::Rewriting, Self::Setting, Self::No, Self::Unknown];

    /// The answer in a table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rewriting => "yes",
            Self::Setting => "with a setting",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// The answer in words.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Rewriting => "yes, by rewriting its manifests",
            Self::Setting => "yes, with a setting that its manifests need not name",
            Self::No => "no, a path is built in",
            Self::Unknown => "nobody has found out yet",
        }
    }
}

impl Evidence {
    /// What shows a verdict, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Chart(chart) => {
                format!("the chart `{chart}`, rendered with its author's setting and without")
            }
            Self::Manifest(project) => format!("the manifests of `{project}`"),
            Self::Source(source) => source.clone(),
        }
    }
}

impl Hidden {
    /// The setting as it is written in a manifest.
    #[must_use]
    pub fn written(&self) -> String {
        let dashes = if self.flag.is_some() { "-".repeat(self.dashes) } else { String::new() };
        format!("{dashes}{}", self.name())
    }
}

fn of_hidden<'d>(container: &ContainerRow, row: &'d Hidden, language: Language) -> Item<'d> {
    let mut facts = vec![("default", code(&row.default))];
    if !row.appended.is_empty() {
        facts.push(("added to it", code(&row.appended)));
    }
    if !row.aliases.is_empty() {
        facts.push(("also called", codes(&row.aliases)));
    }
    let whose = match row.space {
        Whose::Host => "the node, or the kubelet",
        Whose::Container => "the container",
    };
    facts.push(("whose path", whose.to_owned()));
    let done = match (row.action, row.space) {
        (Remedy::Insert, Whose::Host) => "written when it's missing, below the new root",
        (Remedy::Insert, Whose::Container) => {
            "written when it's missing and its default lies below a mount that moves"
        }
        (Remedy::Warn, _) => "reported when it's missing, not written",
        (Remedy::Nothing, _) => "moved where it's written",
    };
    facts.push(("what is done", done.to_owned()));
    if row.harm == Harm::Warning {
        facts.push(("harm", "only a part of it doesn't work without it".to_owned()));
    }
    facts.push((RECOGNITION, recognition(container)));
    facts.extend(versions(row.since.as_deref(), row.until.as_deref()));
    facts.push((PURPOSE, row.because.say(language).to_owned()));
    let head = format!("{} of {}", code(&row.written()), container.what);
    Item { head, facts, source: &row.source }
}

fn of_hard_coded<'d>(container: &ContainerRow, row: &'d HardCoded, language: Language) -> Item<'d> {
    let harm = match row.harm {
        Harm::Error => "the driver can't work at another root",
        Harm::Warning => "a part of it can't work at another root",
    };
    let mut facts = vec![
        (PURPOSE, row.because.say(language).to_owned()),
        ("harm", harm.to_owned()),
        (RECOGNITION, recognition(container)),
    ];
    facts.extend(versions(row.since.as_deref(), row.until.as_deref()));
    let head = format!("{} in {}", code(&row.path), container.what);
    Item { head, facts, source: &row.source }
}

fn of_object(row: &ObjectRow, language: Language) -> Item<'_> {
    let default = match row.default.as_str() {
        "" => "none; the controller finds out by itself".to_owned(),
        default => code(default),
    };
    let mut facts = vec![("default", default)];
    let done = match row.action {
        Remedy::Insert => "written when it's missing, empty or null",
        Remedy::Warn => "reported when it's missing, not written",
        Remedy::Nothing => "moved where it's written",
    };
    facts.push(("what is done", done.to_owned()));
    if !row.beside.is_empty() {
        facts.push((RECOGNITION, format!("one of {}", codes(&row.beside))));
    }
    if !row.never.is_empty() {
        facts.push(("left alone", codes(&row.never)));
    }
    facts.extend(row.read_by.iter().map(|image| ("read by", code(image))));
    facts.extend(versions(row.since.as_deref(), row.until.as_deref()));
    let because = row.because.iter();
    facts.extend(because.map(|told| (PURPOSE, told.say(language).to_owned())));
    let group = if row.group.is_empty() { String::new() } else { format!(" ({})", row.group) };
    let head = format!("{} of {}{group}", code(&row.field), row.kinds.join(", "));
    Item { head, facts, source: &row.source }
}

fn of_operator(row: &OperatorRow) -> Item<'_> {
    let set = match row.set_in.as_slice() {
        [] => "nowhere: there is no setting".to_owned(),
        fields => codes(fields),
    };
    let mut facts = vec![("writes", row.writes.clone()), ("root set in", set)];
    if !row.flags.is_empty() {
        facts.push((RECOGNITION, codes(&row.flags)));
    }
    facts.extend(versions(row.since.as_deref(), row.until.as_deref()));
    Item { head: codes(&row.images), facts, source: &row.source }
}

fn of_chart(row: &ChartRow) -> Item<'_> {
    let mut facts = Vec::new();
    for value in &row.values {
        let what = match (value.does, value.windows) {
            (Does::Nothing, _) => "changes nothing",
            (Does::Harm, _) => "moves what has to stay; leave it",
            (Does::Move, true) => "moves the root of Windows nodes",
            (Does::Move, false) if value.below.is_empty() => "moves the root",
            (Does::Move, false) => "moves a directory below the root",
        };
        facts.push(("value", format!("{} {what}", code(&value.key))));
    }
    let strayed = row.misses.len() + row.drags.len();
    let complete = match strayed {
        0 => "nothing is known to be left behind".to_owned(),
        1 => "one field goes wrong; `csi-relocate helm-values` names it".to_owned(),
        many => format!("{many} fields go wrong; `csi-relocate helm-values` names them"),
    };
    facts.push(("these values", complete));
    let version = row.version.iter().map(|version| format!(" {version}")).collect::<String>();
    Item { head: format!("chart {}{version}", code(&row.chart)), facts, source: &row.source }
}

fn of_setting(row: &SettingRow) -> Item<'_> {
    let kind = match row.kind {
        SettingKind::HelmValue => "value of a chart",
        SettingKind::Flag => "flag",
        SettingKind::Env => "variable",
        SettingKind::Field => "field of a custom resource",
        SettingKind::ConfigKey => "key of a ConfigMap",
        SettingKind::Tool => "of a tool",
        SettingKind::BuiltIn => "built in",
    };
    let mut facts = Vec::new();
    if !row.default.is_empty() {
        facts.push(("default", code(&row.default)));
    }
    if !row.note.is_empty() {
        facts.push(("note", row.note.clone()));
    }
    // Some have no name, and are told in words.
    let name = if row.name.contains(' ') { row.name.clone() } else { code(&row.name) };
    Item { head: format!("{name} ({kind})"), facts, source: &row.source }
}

fn recognition(row: &ContainerRow) -> String {
    let mut by: Vec<String> = Vec::new();
    for (what, names) in
        [("image", &row.images), ("driver", &row.registers), ("label", &row.labels)]
    {
        if !names.is_empty() {
            by.push(format!("{what} {}", codes(names)));
        }
    }
    let mut text = by.join(" or ");
    for (how, flags) in [("with", &row.flags), ("without", &row.without_flags)] {
        if !flags.is_empty() {
            text = format!("{text}, {how} {}", codes(flags));
        }
    }
    text
}

fn versions(since: Option<&str>, until: Option<&str>) -> Option<(&'static str, String)> {
    let said = match (since, until) {
        (Some(since), Some(until)) => format!("from {since} to before {until}"),
        (Some(since), None) => format!("from {since} on"),
        (None, Some(until)) => format!("before {until}"),
        (None, None) => return None,
    };
    Some(("versions", said))
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}
