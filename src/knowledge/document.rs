//! `docs/drivers.md` and `docs/distributions.md`, made from the tables.

use super::driver::{Driver, Evidence, Relocatable};
use super::sheet::{Item, PURPOSE, RECOGNITION, Section, charts_of, sections};
use super::{ChartRow, Distribution, Listed, NotDriver};
use crate::words::Language;
use std::fmt::Write as _;

/// What the document on drivers is made from.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'t> {
    /// Drivers with a file, by its name.
    pub drivers: &'t [(&'static str, &'t Driver)],
    /// The table of charts.
    pub charts: &'t [ChartRow],
    /// Drivers that are only listed.
    pub listed: &'t [Listed],
    /// Projects that are no drivers.
    pub not_drivers: &'t [NotDriver],
}

/// All drivers as one document.
#[must_use]
pub fn drivers(tables: &Tables<'_>) -> String {
    let mut out = String::from(
        "# Drivers\n\n\
         <!-- Made from src/knowledge/drivers, listed.yaml and not_drivers.yaml:\n     UPDATE_DOCS=1 cargo test --test drivers -->\n\n\
         Which drivers, agents and operators work with a kubelet whose root isn't `/var/lib/kubelet`, and\n\
         what it takes besides rewriting their manifests. Nothing here is a guess: each answer names what\n\
         shows it, each setting the line it was read from. `csi-relocate knowledge NAME` says the same on\n\
         the command line; [adding-a-driver.md](adding-a-driver.md) is for a driver that is missing or\n\
         wrong.\n\n\
         | Can it be relocated? | Drivers |\n|---|---|\n",
    );
    for answer in Relocatable::ALL {
        let is_so = |(_, driver): &&(&str, &Driver)| driver.verdict.relocatable == answer;
        let count = tables.drivers.iter().filter(is_so).count();
        let listed = if answer == Relocatable::Unknown { tables.listed.len() } else { 0 };
        let _ = writeln!(out, "| {} | {} |", answer.sentence(), count + listed);
    }
    out.push_str(
        "\n| Driver | Names | Relocatable | Because | Shown by |\n|---|---|---|---|---|\n",
    );
    let with_facts = tables.drivers.iter().map(|(name, driver)| {
        (*name, *driver, sections(driver, &charts_of(driver, tables.charts), Language::English))
    });
    let with_facts: Vec<_> = with_facts.collect();
    for (name, driver, sections) in &with_facts {
        row(name, driver, sections, &mut out);
    }
    out.push_str(
        "\n## Settings and sources\n\nHow containers are recognised isn't told here; \
         `csi-relocate knowledge NAME` does.\n",
    );
    for (name, driver, sections) in with_facts.iter().filter(|(.., facts)| !facts.is_empty()) {
        section(name, driver, sections, &mut out);
    }
    out.push_str(
        "\n## Listed only\n\nNobody has found out yet whether these can be relocated.\n\n\
         | Driver | Names | What is missing |\n|---|---|---|\n",
    );
    for row in tables.listed {
        let title = format!("[{}]({})", row.title, address(&row.home));
        let _ =
            writeln!(out, "| {title} | {} | {} |", codes(&row.csi_drivers), prose(&row.missing));
    }
    out.push_str(
        "\n## Not drivers\n\nProjects among the manifests that the tests read, and that are neither \
         driver, agent nor operator.\n\n| Project | What it is |\n|---|---|\n",
    );
    for row in tables.not_drivers {
        let _ = writeln!(out, "| {} | {} |", prose(&row.project), prose(&row.what));
    }
    out
}

fn row(name: &str, driver: &Driver, sections: &[Section<'_>], out: &mut String) {
    let title = &driver.title;
    let home = driver.homes.first().map(|home| address(home));
    let title = match home {
        _ if !sections.is_empty() => format!("[{title}](#{name})"),
        Some(home) => format!("[{title}]({home})"),
        None => title.clone(),
    };
    let evidence = driver.verdict.evidence.iter().map(shown_by).collect::<Vec<_>>();
    let _ = writeln!(
        out,
        "| {title} | {} | {} | {} | {} |",
        codes(&driver.csi_drivers),
        driver.verdict.relocatable.word(),
        prose(&driver.verdict.because),
        evidence.join("<br>")
    );
}

fn section(name: &str, driver: &Driver, sections: &[Section<'_>], out: &mut String) {
    let homes = driver.homes.iter().map(|home| format!("[{home}]({})", address(home)));
    let homes: String = homes.map(|home| format!(" · {home}")).collect();
    let _ = writeln!(out, "\n### {name}\n\n**{}**{homes}", driver.title);
    for section in sections {
        let _ = writeln!(out, "\n{}:\n", section.title);
        for item in &section.items {
            let _ = writeln!(out, "- {}", line(item));
        }
    }
}

/// An item on one line: what it is for, then what else there is to know.
fn line(item: &Item<'_>) -> String {
    let purpose = item.facts.iter().filter(|(label, _)| *label == PURPOSE);
    let mut sentences: Vec<String> = purpose.map(|(_, fact)| prose(fact)).collect();
    let others = item.facts.iter().filter(|(label, _)| ![PURPOSE, RECOGNITION].contains(label));
    sentences.extend(others.map(|(label, fact)| format!("{label}: {}", prose(fact))));
    let told: String = sentences.iter().map(|text| format!("{}. ", capital(text))).collect();
    format!("**{}**: {told}{}", prose(&item.head), link(item.source))
}

/// A sentence: it begins with a capital, and its full stop is taken away.
fn capital(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

fn shown_by(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Chart(chart) => format!("chart `{chart}`"),
        Evidence::Manifest(project) => format!("manifests of `{project}`"),
        Evidence::Source(source) => link(source),
    }
}

/// All distributions as one document.
#[must_use]
pub fn distributions(rows: &[Distribution]) -> String {
    let mut out = String::from(
        "# Kubelet roots of distributions\n\n\
         <!-- Made from src/knowledge/distributions.yaml:\n     UPDATE_DOCS=1 cargo test --test drivers -->\n\n\
         Where distributions and cloud services have the kubelet's root, unless somebody has moved it.\n\
         A name in the last column but one can stand for the root: `--kubelet-root k0s`. What counts is\n\
         the `--root-dir` of the kubelet that runs on your nodes.\n\n\
         | Distribution | Root | How it is set | Note | Names for `--kubelet-root` | Sources |\n\
         |---|---|---|---|---|---|\n",
    );
    for row in rows {
        let root = row
            .root
            .as_ref()
            .map_or_else(|| "whatever was set".to_owned(), |root| format!("`{root}`"));
        let others = row.others.iter();
        let others = others.map(|other| format!("<br>{}: `{}`", prose(&other.when), other.root));
        let names = match row.only_root() {
            Some(_) => row.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            None => String::new(),
        };
        let sources = row.sources.iter().map(|source| link(source)).collect::<Vec<_>>();
        let _ = writeln!(
            out,
            "| {} | {root}{} | {} | {} | {names} | {} |",
            row.title,
            others.collect::<String>(),
            prose(&row.set),
            prose(&row.note),
            sources.join("<br>")
        );
    }
    out
}

fn codes(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Text in which nothing but code in backticks means anything to Markdown.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        1 => part.replace('|', "\\|"),
        _ => escaped(part),
    });
    parts.collect::<Vec<_>>().join("`")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = letters.next() {
        // Within a word it means nothing.
        let is_inner =
            before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '<' | '>' | '*' | '|' | '[' | ']' | '\\') || c == '_' && !is_inner {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Where a home is: a repository of GitHub, or a URL.
fn address(home: &str) -> String {
    if home.contains("://") { home.to_owned() } else { format!("https://github.com/{home}") }
}

/// A source as a link, where it can be one. It shows the file and the line; the rest is in the
/// address.
fn link(source: &str) -> String {
    let Some(target) = link_target(source) else { return prose(source) };
    let place = source.split(" at ").next().unwrap_or(source);
    let shown = match place.split_once(':') {
        Some((_, path)) if !place.contains("://") => path,
        _ => place,
    };
    format!("[{}]({target})", prose(shown))
}

/// `owner/repository:path:line at commit`, `owner/repository#number`, or a URL.
fn link_target(source: &str) -> Option<String> {
    if source.starts_with("https://") {
        return Some(source.to_owned());
    }
    let is_repository = |text: &str| text.split('/').count() == 2 && !text.contains([' ', ':']);
    if let Some((repository, number)) = source.split_once('#') {
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        return (is_repository(repository) && is_number)
            .then(|| format!("https://github.com/{repository}/issues/{number}"));
    }
    let (repository, rest) = source.split_once(':').filter(|(it, _)| is_repository(it))?;
    let (place, commit) = rest.split_once(" at ").unwrap_or((rest, "HEAD"));
    let commit = commit.split(',').next().filter(|commit| !commit.contains(' '))?;
    let (path, line) = match place.rsplit_once(':') {
        Some((path, line)) => (path, format!("#L{}", line.replace('-', "-L"))),
        None => (place, String::new()),
    };
    let is_path = !path.is_empty() && !path.contains([' ', ':']);
    is_path.then(|| format!("https://github.com/{repository}/blob/{commit}/{path}{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_links() {
        for (source, target) in [
            ("a/b:c/d.go:56 at 52fc", Some("https://github.com/a/b/blob/52fc/c/d.go#L56")),
            ("a/b:c/d.go:5-7 at v1", Some("https://github.com/a/b/blob/v1/c/d.go#L5-L7")),
            ("a/b:c at 52fc, version 1", Some("https://github.com/a/b/blob/52fc/c")),
            ("a/b:c.go:1", Some("https://github.com/a/b/blob/HEAD/c.go#L1")),
            ("a/b#12", Some("https://github.com/a/b/issues/12")),
            ("https://x.example/y", Some("https://x.example/y")),
            ("a book", None),
        ] {
            assert_eq!(link_target(source).as_deref(), target, "{source}");
        }
    }

    #[test]
    fn text_is_no_markup() {
        assert_eq!(prose("<root>/a_b `x_y|z`"), r"\<root\>/a_b `x_y\|z`");
    }
}
