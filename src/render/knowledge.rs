//! What is known of drivers and distributions. Its labels are English.

use super::Page;
use super::style::{BOLD, DIM};
use super::wrap::wrap;
use crate::knowledge::driver::{Evidence, Relocatable};
use crate::knowledge::sheet::{Item, charts_of, sections};
use crate::knowledge::{ChartRow, Distribution, Driver, Known, Listed};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// All drivers with a file, one a line, and how many there are without one.
pub(crate) fn table(all: &[Known<'_>], page: Page<'_>) -> String {
    let (files, listed): (Vec<Known<'_>>, Vec<_>) =
        all.iter().partition(|known| matches!(known, Known::Driver(..)));
    let mut out = lines_of(&files, page);
    let _ = writeln!(
        out,
        "\n{} drivers, and {} of which nothing is known: docs/drivers.md\n\
         csi-relocate knowledge NAME shows a driver: what it takes, and why",
        files.len(),
        listed.len()
    );
    out
}

/// The drivers that a word may mean, one a line.
pub(crate) fn hits(found: &[Known<'_>], page: Page<'_>) -> String {
    let mut out = lines_of(found, page);
    out.push_str("\ncsi-relocate knowledge NAME shows one of them: what it takes, and why\n");
    out
}

fn lines_of(all: &[Known<'_>], page: Page<'_>) -> String {
    let rows = all.iter().map(|known| match *known {
        Known::Driver(name, driver) => {
            let answer = driver.verdict.relocatable.word();
            [name.to_owned(), answer.to_owned(), driver.csi_drivers.join(", ")]
        }
        Known::Listed(row) => {
            let answer = Relocatable::Unknown.word().to_owned();
            [row.title.clone(), answer, row.csi_drivers.join(", ")]
        }
    });
    columns(["DRIVER", "RELOCATABLE", "CSI DRIVERS"], rows.collect(), page)
}

/// All that is known of a driver.
pub(crate) fn driver(name: &str, driver: &Driver, charts: &[ChartRow], page: Page<'_>) -> String {
    let mut out = format!("{BOLD}{}{BOLD:#} ({name})\n", driver.title);
    for home in &driver.homes {
        let _ = writeln!(out, "{home}");
    }
    if !driver.csi_drivers.is_empty() {
        let names = format!("CSI driver {}", driver.csi_drivers.join(", "));
        let _ = writeln!(out, "{}", wrap(&names, page.width, "", "  "));
    }
    let verdict = &driver.verdict;
    let answer = format!("Can it be relocated? {}.", verdict.relocatable.sentence());
    let _ = writeln!(out, "\n{BOLD}{answer}{BOLD:#}");
    let _ = writeln!(out, "{}", wrap(&verdict.because, page.width, "", ""));
    for evidence in &verdict.evidence {
        let _ = writeln!(out, "{}", shown_by(evidence, page));
    }
    let charts = charts_of(driver, charts);
    for section in sections(driver, &charts, page.words.language()) {
        let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", section.title);
        for item in &section.items {
            self::item(item, page, &mut out);
        }
    }
    out
}

fn shown_by(evidence: &Evidence, page: Page<'_>) -> String {
    wrap(&evidence.words(), page.width, "  shown by ", "    ").replace('`', "")
}

/// What is missing for a driver that is only listed.
pub(crate) fn listed(row: &Listed, page: Page<'_>) -> String {
    let mut out = format!("{BOLD}{}{BOLD:#}\n{}\n", row.title, row.home);
    if !row.csi_drivers.is_empty() {
        let _ = writeln!(out, "CSI driver {}", row.csi_drivers.join(", "));
    }
    let answer = Relocatable::Unknown.sentence();
    let _ = writeln!(out, "\n{BOLD}Can it be relocated? {answer}.{BOLD:#}");
    let _ = writeln!(out, "{}", wrap(&row.missing, page.width, "missing: ", "  "));
    out
}

/// An item: what it is, its facts behind their labels, its source.
fn item(item: &Item<'_>, page: Page<'_>, out: &mut String) {
    let _ = writeln!(out, "{}", wrap(&item.head.replace('`', ""), page.width, "  ", "    "));
    let source = ("source", item.source.to_owned());
    let facts: Vec<_> = item.facts.iter().chain([&source]).collect();
    let column = facts.iter().map(|(label, _)| label.width()).max().unwrap_or_default();
    for (label, fact) in facts {
        let first = format!("    {DIM}{label:column$}{DIM:#}  ");
        let other = " ".repeat(4 + column + 2);
        // Styles have no width.
        let lines = wrap(fact, page.width, &other, &other).replace('`', "");
        let rest = lines.get(other.len()..).unwrap_or(&lines);
        let _ = writeln!(out, "{first}{rest}");
    }
}

/// Distributions, one a line.
pub(crate) fn distributions(rows: &[Distribution], page: Page<'_>) -> String {
    let lines = rows.iter().map(|row| {
        let others = row.others.iter().map(|other| format!(", or {}", other.root));
        let root = row.root.as_deref().unwrap_or("whatever was set").to_owned();
        let names = row.names().collect::<Vec<_>>().join(", ");
        [names, format!("{root}{}", others.collect::<String>())]
    });
    let mut out = columns(["DISTRIBUTION", "KUBELET ROOT"], lines.collect(), page);
    let _ = writeln!(
        out,
        "\ncsi-relocate knowledge --distribution NAME says how it is set; where there is one root,\n\
         the name can stand for it: --kubelet-root NAME"
    );
    out
}

/// All that is known of a distribution.
pub(crate) fn distribution(row: &Distribution, page: Page<'_>) -> String {
    let names = row.names().collect::<Vec<_>>().join(", ");
    let mut out = format!("{BOLD}{}{BOLD:#} ({names})\n\n", row.title);
    let root = row.root.as_deref().unwrap_or("none that all its nodes have");
    let mut facts = vec![("kubelet root", root.to_owned())];
    let others = row.others.iter();
    facts.extend(others.map(|other| ("another", format!("{} ({})", other.root, other.when))));
    let set = Some(&row.set).filter(|set| !set.is_empty());
    facts.extend(set.map(|set| ("set by", set.clone())));
    let note = Some(&row.note).filter(|note| !note.is_empty());
    facts.extend(note.map(|note| ("note", note.clone())));
    facts.extend(row.only_root().map(|_| ("to type", format!("--kubelet-root {}", row.name))));
    facts.extend(row.sources.iter().map(|source| ("source", source.clone())));
    for (label, fact) in facts {
        let first = format!("{label:<14}");
        let _ = writeln!(out, "{}", wrap(&fact, page.width, &first, &" ".repeat(14)));
    }
    out
}

/// A table whose columns are as wide as they have to be; the last one ends where the page does.
fn columns<const N: usize>(titles: [&str; N], rows: Vec<[String; N]>, page: Page<'_>) -> String {
    let widths = titles.iter().enumerate().map(|(column, title)| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width());
        cells.max().unwrap_or_default().max(title.width())
    });
    let widths: Vec<usize> = widths.collect();
    let mut out = String::new();
    let head = line(&titles.map(str::to_owned), &widths, page.width);
    let _ = writeln!(out, "{BOLD}{head}{BOLD:#}");
    for row in rows {
        let _ = writeln!(out, "{}", line(&row, &widths, page.width));
    }
    out
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize], page: usize) -> String {
    let mut out = String::new();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if column + 1 < N {
            let gap = width.saturating_sub(cell.width()) + 2;
            let _ = write!(out, "{cell}{}", " ".repeat(gap));
        } else {
            out.push_str(&shortened(cell, page.saturating_sub(out.width())));
        }
    }
    out.trim_end().to_owned()
}

/// A list in no more columns than there are: whole names, and how many more there are.
fn shortened(cell: &str, room: usize) -> String {
    if cell.width() <= room {
        return cell.to_owned();
    }
    let names: Vec<&str> = cell.split(", ").collect();
    let shown = |count: usize| {
        let names: Vec<&str> = names.iter().take(count).copied().collect();
        names.join(", ")
    };
    let fits = |count: &usize| shown(*count).width() + ", +99".len() <= room;
    // One name is shown in any case.
    let count = (1..names.len()).rev().find(fits).unwrap_or(1);
    match names.len() - count {
        0 => cell.to_owned(),
        more => format!("{}, +{more}", shown(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_shortened_to_whole_names() {
        assert_eq!(shortened("one, two, three", 20), "one, two, three");
        assert_eq!(shortened("one, two, three", 13), "one, two, +1");
        assert_eq!(shortened("one, two, three", 4), "one, +2");
        assert_eq!(shortened("a-long-name", 4), "a-long-name");
    }
}
