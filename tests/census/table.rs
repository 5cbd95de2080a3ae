//! The counts of the census, as tables.

use super::File;
use super::occurrence::{Class, Occurrence};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const CLASSES: [&str; 4] = ["moved", "kept", "comment", "another path"];

/// All tables, one below the other.
pub(super) fn tables(files: &[File]) -> String {
    let all: Vec<&Occurrence> = files.iter().flat_map(|file| &file.occurrences).collect();
    let with_root = files.iter().filter(|file| !file.occurrences.is_empty()).count();
    let inserted: usize = files.iter().map(|file| file.inserted.len()).sum();
    let mut text = String::new();
    writeln!(text, "{:>6}  files", files.len()).unwrap();
    writeln!(text, "{with_root:>6}  files that spell the root").unwrap();
    writeln!(text, "{:>6}  spellings of the root", all.len()).unwrap();
    for class in CLASSES {
        let count = all.iter().filter(|found| found.class.name() == class).count();
        writeln!(text, "{count:>6}    {class}").unwrap();
    }
    let open = all.iter().filter(|found| matches!(found.class, Class::Unclassified(_))).count();
    writeln!(text, "{open:>6}    unclassified").unwrap();
    writeln!(text, "{inserted:>6}  mountPropagation written").unwrap();

    let class =
        matrix(&CLASSES, &all, |found| Some((format!("{:?}", found.role), found.class.name())));
    section(&mut text, "Role by class", &class);
    let spaces = |wanted: &str| -> Vec<&'static str> {
        let spaces: BTreeSet<&str> = all
            .iter()
            .filter(|found| found.class.name() == wanted)
            .map(|found| found.space)
            .collect();
        spaces.into_iter().collect()
    };
    for class in ["moved", "kept"] {
        let of_class =
            |found: &Occurrence, row| (found.class.name() == class).then_some((row, found.space));
        let roles =
            matrix(&spaces(class), &all, |found| of_class(found, format!("{:?}", found.role)));
        section(&mut text, &format!("{}: role by field", capital(class)), &roles);
        let reasons = matrix(&spaces(class), &all, |found| match &found.class {
            Class::Moved(reason) | Class::Kept(reason) => of_class(found, reason.clone()),
            _ => None,
        });
        section(&mut text, &format!("{}: reason by field", capital(class)), &reasons);
    }
    let paths = matrix(&["key", "value"], &all, |found| match &found.class {
        Class::AnotherPath(path) => Some((path.clone(), found.space)),
        _ => None,
    });
    section(&mut text, "Another path, as far as the spelling", &paths);
    text
}

fn section(text: &mut String, title: &str, table: &str) {
    write!(text, "\n{title}\n\n{table}").unwrap();
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// Counts by row and column, rows by name, with sums; a dot stands for none.
fn matrix(
    columns: &[&'static str],
    all: &[&Occurrence],
    cell: impl Fn(&Occurrence) -> Option<(String, &'static str)>,
) -> String {
    let mut rows: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for found in all {
        if let Some((row, column)) = cell(found) {
            *rows.entry(row).or_default().entry(column).or_default() += 1;
        }
    }
    let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
    for (column, count) in rows.values().flatten() {
        *sums.entry(column).or_default() += count;
    }
    let first = rows.keys().map(String::len).max().unwrap_or(0).max("all".len());
    let mut text = format!("{:first$}", "");
    for column in columns.iter().chain([&"all"]) {
        write!(text, "  {column:>5}").unwrap();
    }
    text.push('\n');
    for (row, counts) in rows.iter().chain([(&"all".to_owned(), &sums)]) {
        write!(text, "{row:first$}").unwrap();
        for column in columns {
            let count = counts.get(column).map_or_else(|| ".".to_owned(), ToString::to_string);
            write!(text, "  {count:>width$}", width = column.len().max(5)).unwrap();
        }
        writeln!(text, "  {:>5}", counts.values().sum::<usize>()).unwrap();
    }
    text
}
