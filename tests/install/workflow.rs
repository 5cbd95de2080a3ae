//! The workflow that makes a draft of a release. It can't be run here; what it must not become is.

use serde_yaml::Value;
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn workflow() -> Value {
    serde_yaml::from_str(&read(".github/workflows/release.yml")).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn steps(job: &Value) -> impl Iterator<Item = &Value> {
    job["steps"].as_sequence().unwrap().iter()
}

/// Everything that a job runs.
fn runs(job: &Value) -> String {
    steps(job).map(|step| text(step, "run")).collect()
}

/// The programs that aren't built on Linux.
fn elsewhere(workflow: &Value) -> &Vec<Value> {
    workflow["jobs"]["elsewhere"]["strategy"]["matrix"]["include"].as_sequence().unwrap()
}

#[test]
fn the_release_is_built_by_the_version_of_rust_that_is_asked_for() {
    let workflow = workflow();
    let version = text(&workflow["env"], "RUST_VERSION");
    assert!(version.starts_with(&format!("{}.", env!("CARGO_PKG_RUST_VERSION"))), "{version}");
    for job in ["elsewhere", "build"] {
        assert!(
            runs(&workflow["jobs"][job]).contains("rustup toolchain install \"$RUST_VERSION\"")
        );
    }
}

#[test]
fn what_is_built_elsewhere_is_packed() {
    let workflow = workflow();
    let script = read("dist/build");
    let run = runs(&workflow["jobs"]["build"]);
    assert_eq!(elsewhere(&workflow).len(), 3);
    for row in elsewhere(&workflow) {
        let (platform, program) = (text(row, "platform"), text(row, "program"));
        assert!(run.contains(&format!("--with {platform}=\"$PROGRAMS/{platform}/{program}\"")));
        assert!(script.contains(platform), "{platform}");
    }
}

/// Else Windows wants VCRUNTIME140.dll, which it doesn't bring.
#[test]
fn the_program_for_windows_brings_its_c_library() {
    let workflow = workflow();
    for row in elsewhere(&workflow) {
        let is_static = text(row, "flags") == "-C target-feature=+crt-static";
        assert_eq!(is_static, text(row, "platform").starts_with("windows-"), "{row:?}");
    }
    let mut builds = steps(&workflow["jobs"]["elsewhere"])
        .filter(|step| text(step, "run").contains("cargo \"+$RUST_VERSION\" build"));
    assert_eq!(text(&builds.next().unwrap()["env"], "RUSTFLAGS"), "${{ matrix.flags }}");
}

/// Who may write to the repository runs nothing that others wrote, but for the actions named here.
#[test]
fn what_compiles_may_not_write() {
    let workflow = workflow();
    assert!(workflow["permissions"].as_mapping().unwrap().is_empty());
    let jobs = workflow["jobs"].as_mapping().unwrap();
    for (name, job) in jobs {
        let name = name.as_str().unwrap();
        let permissions = job["permissions"].as_mapping().unwrap();
        assert_eq!(permissions.len(), 1, "{name}");
        let wanted = if name == "publish" { "write" } else { "read" };
        assert_eq!(text(&job["permissions"], "contents"), wanted, "{name}");
    }
    let publish = &jobs["publish"];
    let used: Vec<&str> = steps(publish).map(|step| text(step, "uses")).collect();
    assert!(
        used.iter().all(|it| it.is_empty() || it.starts_with("actions/download-artifact@")),
        "{used:?}"
    );
    let run = runs(publish);
    for word in ["cargo", "rustup", "dist/", "git "] {
        assert!(!run.contains(word), "{word}");
    }
    let place = |words: &str| run.find(words).unwrap_or_else(|| panic!("{words}: {run}"));
    assert!(place("sha256sum --check --strict SHA256SUMS") < place("gh release create"));
    assert!(place("[[ $TAG != *-* ]] || more=(--prerelease)") < place("\"${more[@]}\""));
}

#[test]
fn actions_are_named_by_their_commits() {
    let workflow = workflow();
    let mut seen = 0;
    for (_, job) in workflow["jobs"].as_mapping().unwrap() {
        for used in steps(job).map(|step| text(step, "uses")).filter(|used| !used.is_empty()) {
            let (_, commit) = used.split_once('@').unwrap();
            let is_commit =
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_commit, "{used}");
            seen += 1;
        }
    }
    assert!(seen > 4, "{seen}");
}
