//! The list of libraries in the program, held against what cargo knows of them.

use super::{dist, own, succeed, unpacked};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A library, as its package says.
struct Library {
    /// `name vX.Y.Z`.
    name: String,
    /// Its licence, or where that stands.
    licence: String,
    /// Whether one licence alone isn't enough.
    all: bool,
    /// The texts of licences in its package, by file name.
    texts: BTreeMap<String, String>,
}

/// What this prints about the program's own package.
fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    succeed(
        command
            .args(arguments)
            .args(["--locked", "--offline"])
            .current_dir(env!("CARGO_MANIFEST_DIR")),
    )
}

/// The libraries that are built into the program on some platform.
fn built_in() -> Vec<Library> {
    let options = "tree --edges normal --target all --prefix none --no-dedupe --format {p}";
    let tree = cargo(&options.split(' ').collect::<Vec<_>>());
    let mut names: Vec<String> =
        tree.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !name.starts_with("csi-relocate "));
    assert!(names.len() > 50, "{names:?}");
    let known = cargo(&["metadata", "--format-version", "1"]);
    let known: serde_json::Value = serde_json::from_str(&known).unwrap();
    let packages = known["packages"].as_array().unwrap();
    let named = |package: &serde_json::Value| {
        format!("{} v{}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap())
    };
    let packages: BTreeMap<String, &serde_json::Value> =
        packages.iter().map(|package| (named(package), package)).collect();
    let library = |name: String| {
        let package = packages[&name];
        let licence = package["license"].as_str().map(str::to_owned).unwrap_or_else(|| {
            format!("as in its file {}", package["license_file"].as_str().unwrap())
        });
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
        let texts = texts(manifest.parent().unwrap());
        Library { name, all: licence.contains(" AND "), licence, texts }
    };
    names.into_iter().map(library).collect()
}

/// The texts of licences in a package's folder, by file name.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let licences = named.filter(|(name, _)| {
        let name = name.to_lowercase();
        ["license", "licence", "copying"].iter().any(|start| name.starts_with(start))
    });
    let read = |path: PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    licences.map(|(name, path)| (name, read(path))).collect()
}

/// What is wrong with the list.
fn problems(told: &str, libraries: &[Library]) -> Vec<String> {
    let line = "=".repeat(80);
    // What is between lines: the head of the list, a heading, what belongs to it, a heading, …
    let parts: Vec<&str> = told.split(&format!("\n{line}\n")).collect();
    let mut found = Vec::new();
    if parts.len().is_multiple_of(2) {
        found.push("a heading without a line".to_owned());
    }
    let mut sections: Vec<(&str, &str)> =
        parts[1..].chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    for Library { name, licence, all, texts } in libraries {
        let heading = format!("{name}: {licence}");
        let Some(at) = sections.iter().position(|(title, _)| *title == heading) else {
            found.push(format!("{heading} is missing"));
            continue;
        };
        let (_, said) = sections.remove(at);
        let is_there = |text: &String| said.contains(text.trim_end());
        if *all {
            let missing = texts.iter().filter(|(_, text)| !is_there(text));
            found.extend(missing.map(|(file, _)| format!("{name}: {file} is missing")));
        }
        let is_ours = texts.is_empty()
            && licence.contains("Apache-2.0")
            && said.contains(
                "whose text is in LICENSE, on Debian in\n/usr/share/common-licenses/Apache-2.0.",
            );
        if !is_ours && !texts.values().any(is_there) {
            found.push(format!("{name}: no text"));
        }
    }
    found.extend(sections.iter().map(|(title, _)| format!("{title} is there, and isn't built in")));
    found
}

#[test]
fn the_licence_of_every_library_is_told() {
    let Some(dist) = dist("the_licence_of_every_library_is_told") else { return };
    let (_folder, inside) = unpacked(&dist, own());
    let told = std::fs::read_to_string(inside.join("LIBRARIES.txt")).unwrap();
    let found = problems(&told, &built_in());
    assert!(found.is_empty(), "{}", found.join("\n"));
    // As the list without its head is what is compared.
    assert!(told.starts_with("What is built into csi-relocate") && told.contains("musl"));
}

#[test]
fn a_licence_that_is_told_wrongly_is_found() {
    let library = |name: &str, licence: &str, texts: &[(&str, &str)]| Library {
        name: name.to_owned(),
        licence: licence.to_owned(),
        all: licence.contains(" AND "),
        texts: texts.iter().map(|&(file, text)| (file.to_owned(), text.to_owned())).collect(),
    };
    let both = [("LICENSE-MIT", "Permission\n"), ("LICENSE-UNICODE", "Unicode\n")];
    let libraries = [
        library("a v1.0.0", "MIT OR Apache-2.0", &both),
        library("b v1.0.0", "MIT AND Unicode-3.0", &both),
        library("c v1.0.0", "Apache-2.0", &[]),
    ];
    let line = "=".repeat(80);
    let section = |title: &str, text: &str| format!("\n{line}\n{title}\n{line}\n\n{text}");
    let a = section("a v1.0.0: MIT OR Apache-2.0", "Permission\n");
    let b = section("b v1.0.0: MIT AND Unicode-3.0", "Permission\n\nUnicode\n");
    let apache = "Used under Apache-2.0, whose text is in LICENSE, on Debian in\n\
                  /usr/share/common-licenses/Apache-2.0.\n";
    let c = section("c v1.0.0: Apache-2.0", apache);
    let all = format!("Head.\n{a}{b}{c}");
    assert!(problems(&all, &libraries).is_empty(), "{:?}", problems(&all, &libraries));
    for (text, instead, wanted) in [
        (&a, section("a v1.0.0: MIT OR Apache-2.0", ""), vec!["a v1.0.0: no text"]),
        (&a, String::new(), vec!["a v1.0.0: MIT OR Apache-2.0 is missing"]),
        (
            &a,
            section("a v1.0.0: a v1.0.0", "Permission\n") + &a,
            vec!["a v1.0.0: a v1.0.0 is there, and isn't built in"],
        ),
        (&a, a.repeat(2), vec!["a v1.0.0: MIT OR Apache-2.0 is there, and isn't built in"]),
        (
            &b,
            section("b v1.0.0: MIT AND Unicode-3.0", "Permission\n"),
            vec!["b v1.0.0: LICENSE-UNICODE is missing"],
        ),
        (
            &c,
            section("c v1.0.0: Apache-2.0", "Used under Apache-2.0, whose text is in LICENSE.\n"),
            vec!["c v1.0.0: no text"],
        ),
    ] {
        assert_eq!(problems(&all.replace(text.as_str(), &instead), &libraries), wanted);
    }
}
