//! Where the program's own sources and tables name texts of the catalogue.

use std::collections::BTreeSet;
use std::path::Path;

/// A text that is said, with the values it's given.
pub(crate) struct Use {
    pub(crate) file: String,
    pub(crate) id: String,
    /// The values in the same `message!`.
    pub(crate) values: BTreeSet<String>,
    /// Values that are added to messages elsewhere in the same file.
    pub(crate) values_of_file: BTreeSet<String>,
}

/// Every `message!("…")` of the sources.
pub(crate) fn of_sources() -> Vec<Use> {
    let mut uses = Vec::new();
    for path in files(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), "rs") {
        let source = std::fs::read_to_string(&path).unwrap();
        let file = path.display().to_string();
        let added: BTreeSet<String> = source
            .split(".with(\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        for rest in source.split("message!(").skip(1) {
            let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
            let (id, rest) = rest.split_once('"').unwrap();
            uses.push(Use {
                file: file.clone(),
                id: id.to_owned(),
                values: arguments(rest),
                values_of_file: added.clone(),
            });
        }
    }
    uses
}

/// The names before `=` up to the parenthesis that closes the macro.
fn arguments(rest: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let mut names = BTreeSet::new();
    let mut word = String::new();
    let mut in_text = false;
    for c in rest.chars() {
        match c {
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => word.clear(),
            '=' if depth == 0 && !word.contains('=') => {
                // `a == b` and `a => b` are no argument.
                names.extend(Some(word.trim().to_owned()).filter(|name| is_name(name)));
                word.push('=');
            }
            c if depth == 0 => word.push(c),
            _ => {}
        }
    }
    names
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// Every text that a table names.
pub(crate) fn of_tables() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/knowledge");
    let mut ids = BTreeSet::new();
    for path in files(&folder, "yaml") {
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            // Rows on lines of their own, or in braces.
            for part in line.trim().trim_matches(['-', ' ', '{', '}']).split(", ") {
                for key in ["why: ", "text: "] {
                    ids.extend(part.trim().strip_prefix(key).map(str::to_owned));
                }
            }
        }
    }
    ids
}

fn files(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
