//! Inputs made from `testdata`: the same ones each time.

use serde::Deserialize as _;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The inputs, as files below the build's folder.
pub(crate) struct Inputs {
    /// One manifest of a driver.
    pub(crate) small: PathBuf,
    pub(crate) stream: PathBuf,
    pub(crate) documents: usize,
    pub(crate) list_yaml: PathBuf,
    pub(crate) list_json: PathBuf,
    pub(crate) folder: PathBuf,
    /// The files below `folder`.
    pub(crate) files: Vec<PathBuf>,
    texts: Vec<String>,
}

impl Inputs {
    /// Writes them: a stream of so many documents, lists of so many bytes, so many files.
    pub(crate) fn make(documents: usize, list_bytes: usize, files: usize) -> Self {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare");
        std::fs::create_dir_all(&out).expect("a folder for the inputs");
        let mut dice = Dice(20_260_101);
        let parts = Parts::read(&data);

        let mut stream = String::new();
        for _ in 0..documents {
            let _ = writeln!(stream, "---\n{}", parts.pick(&mut dice).trim_end());
        }
        let (mut yaml, mut json) = ("apiVersion: v1\nkind: List\nitems:\n".to_owned(), Vec::new());
        while yaml.len() < list_bytes {
            let part = parts.pick(&mut dice);
            add_item(&mut yaml, part);
            json.push(value(part));
        }
        let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": json});
        let json = serde_json::to_string_pretty(&list).expect("JSON");

        let folder = out.join("files");
        let texts: Vec<String> = (0..files).map(|_| parts.pick(&mut dice).to_owned()).collect();
        let files = (0..files).map(|number| folder.join(format!("{number:05}.yaml"))).collect();
        let write = |name: &str, text: &str| {
            let path = out.join(name);
            std::fs::write(&path, text).expect("an input");
            path
        };
        let inputs = Self {
            small: data.join("csi-example-node.yaml"),
            stream: write("stream.yaml", &stream),
            documents,
            list_yaml: write("list.yaml", &yaml),
            list_json: write("list.json", &json),
            folder,
            files,
            texts,
        };
        inputs.write_files();
        inputs
    }

    /// Writes the small files as they were.
    pub(crate) fn write_files(&self) {
        std::fs::create_dir_all(&self.folder).expect("a folder for files");
        for (path, text) in self.files.iter().zip(&self.texts) {
            std::fs::write(path, text).expect("a file");
        }
    }
}

/// Documents to choose from.
struct Parts {
    naming: Vec<String>,
    other: Vec<String>,
}

impl Parts {
    fn read(data: &Path) -> Self {
        let read = |name: &str| std::fs::read_to_string(data.join(name)).expect("testdata");
        let clean = read("rules/clean.yaml").replace("/data/kubelet", "/var/lib/kubelet");
        let own = [read("csi-example-node.yaml"), clean];
        let mut names: Vec<PathBuf> = std::fs::read_dir(data.join("neighbours"))
            .expect("testdata")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
            .collect();
        names.sort();
        let neighbours = names.iter().map(|path| std::fs::read_to_string(path).expect("testdata"));
        let split = |text: &String| {
            text.split("\n---\n").map(|part| part.trim_start_matches("---\n").to_owned()).collect()
        };
        let all: Vec<String> = own
            .iter()
            .cloned()
            .chain(neighbours)
            .flat_map(|text| -> Vec<String> { split(&text) })
            .collect();
        // Documents that can be indented as items of a list, and read by any parser.
        let plain = all.into_iter().filter(|part| {
            let mut item = String::new();
            add_item(&mut item, part);
            let list = serde_yaml::from_str::<Vec<serde_json::Value>>(&item);
            let own = value_of(part);
            own.is_some() && list.ok().and_then(|mut list| list.pop()) == own
        });
        let (naming, other) = plain.partition(|part| part.contains("/var/lib/kubelet"));
        Self { naming, other }
    }

    /// One of five names the root.
    fn pick(&self, dice: &mut Dice) -> &str {
        let from = if dice.roll(5) == 0 { &self.naming } else { &self.other };
        from.get(dice.roll(from.len())).map_or("", String::as_str)
    }
}

fn value_of(part: &str) -> Option<serde_json::Value> {
    let value = serde_yaml::Value::deserialize(serde_yaml::Deserializer::from_str(part)).ok()?;
    serde_json::to_value(value).ok().filter(serde_json::Value::is_object)
}

fn value(part: &str) -> serde_json::Value {
    value_of(part).unwrap_or_default()
}

/// Adds a document as an item of a block list.
fn add_item(list: &mut String, part: &str) {
    let mut lead = "- ";
    for line in part.lines() {
        let is_text = !line.trim().is_empty() && !line.starts_with('#');
        if !is_text && lead == "- " {
            continue;
        }
        if line.is_empty() {
            list.push('\n');
        } else {
            let _ = writeln!(list, "{lead}{line}");
            lead = "  ";
        }
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let sides = u64::try_from(sides.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 33) % sides).unwrap_or(0)
    }
}
