//! Tells the program which commit it is built from, where that can be known, and turns its tables
//! from the form people write into one that is read quickly, or needn't be read.

#[path = "build/literal.rs"]
mod literal;
#[path = "build/start.rs"]
mod start;

use serde_json::Value;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The tables.
const TABLES: &str = "src/knowledge";

/// The drivers, one file for each.
const DRIVERS: &str = "src/knowledge/drivers";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    tell_version();
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    start::link(&out)?;
    for (name, table) in read_folder(Path::new(TABLES))? {
        match literal::TABLES.iter().find(|(known, _)| *known == name) {
            Some((_, shape)) => {
                let literal = literal::literal(shape, Some(&table))
                    .map_err(|error| format!("{TABLES}/{name}.yaml: {error}"))?;
                fs::write(out.join(format!("{name}.rs")), literal)?;
            }
            None => fs::write(out.join(format!("{name}.json")), table.to_string())?,
        }
    }
    fs::write(out.join("drivers.rs"), drivers(&read_folder(Path::new(DRIVERS))?)?)?;
    Ok(())
}

fn tell_version() {
    // The log of HEAD grows with every commit, checkout and reset.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    // A crate that is built inside of somebody else's repository isn't of that commit.
    let prefix = git(&["rev-parse", "--show-prefix"]);
    if prefix.as_deref() == Some("")
        && let Some(commit) = git(&["log", "-1", "--format=%h %cs", "--abbrev=9"])
    {
        let version = env!("CARGO_PKG_VERSION");
        println!("cargo:rustc-env=CSI_RELOCATE_VERSION={version} ({commit})");
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The YAML files of a folder, by their names without the ending, in alphabetical order.
fn read_folder(folder: &Path) -> Result<Vec<(String, Value)>, Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|ending| ending == "yaml"))
        {
            let text = fs::read_to_string(&path)?;
            let value = serde_yaml::from_str(&text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            files.push((name, value));
        }
    }
    files.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(files)
}

/// The drivers as a module: their texts, an index of what they are recognised by, and the words
/// that tell that a document may concern one although it names no root.
#[allow(clippy::use_debug, reason = "a Rust literal is spelled as Debug spells it")]
fn drivers(files: &[(String, Value)]) -> Result<String, Box<dyn Error>> {
    let mut index = BTreeSet::new();
    let mut words = BTreeSet::new();
    for (number, (_, driver)) in files.iter().enumerate() {
        for row in list(driver, "containers") {
            let images = texts(row, "images");
            let anywhere = row.get("reach").and_then(Value::as_str) == Some("anywhere");
            words.extend(images.clone().filter(|_| anywhere).map(str::to_owned));
            index.extend(images.map(|image| ("image", last_component(image).to_owned(), number)));
            for (key, what) in [("registers", "registers"), ("labels", "label")] {
                index.extend(texts(row, key).map(|name| (what, name.to_owned(), number)));
            }
        }
        for row in list(driver, "operators") {
            let images = texts(row, "images");
            words.extend(images.clone().map(str::to_owned));
            index.extend(images.map(|image| ("image", last_component(image).to_owned(), number)));
        }
        for row in list(driver, "objects") {
            let group = row.get("group").and_then(Value::as_str).unwrap_or("");
            let kinds = texts(row, "kinds");
            index.extend(kinds.map(|kind| ("kind", format!("{group}/{kind}"), number)));
            if row.get("action").and_then(Value::as_str) == Some("nothing") {
                continue;
            }
            // Where the group says nothing, the object's own keys do.
            let beside =
                texts(row, "beside").map(|field| field.rsplit('.').next().unwrap_or(field));
            words.extend(beside.map(str::to_owned));
            // As in apiVersion; roles and definitions name the group alone.
            words.extend(Some(format!("{group}/v")).filter(|_| !group.is_empty()));
        }
    }
    let mut module = String::new();
    writeln!(module, "pub(super) static DRIVERS: &[(&str, &str)] = &[")?;
    for (name, driver) in files {
        writeln!(module, "    ({name:?}, {:?}),", driver.to_string())?;
    }
    writeln!(module, "];\npub(super) static INDEX: &[(&str, &str, usize)] = &[")?;
    for (what, name, number) in index {
        writeln!(module, "    ({what:?}, {name:?}, {number}),")?;
    }
    writeln!(
        module,
        "];\npub(super) static WORDS: &[&str] = &{words:?};",
        words = words.iter().collect::<Vec<_>>()
    )?;
    Ok(module)
}

fn last_component(image: &str) -> &str {
    image.rsplit('/').next().unwrap_or(image)
}

fn list<'a>(mapping: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    mapping.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn texts<'a>(mapping: &'a Value, key: &str) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
    mapping.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
