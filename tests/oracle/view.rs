//! What a container sees of the host: its mounts, and the paths that lead through them.

use serde_json::Value;

/// The mounts of one container of one rendering.
pub(crate) struct View {
    mounts: Vec<Mount>,
    /// The container works in the host's own filesystem, whatever it has mounted.
    leaves: bool,
    /// Variables that feed the path which the registrar hands to the kubelet.
    registered: Vec<String>,
    /// The values of its variables, as paths.
    variables: Vec<String>,
}

struct Mount {
    target: String,
    /// A host path, or the name of a volume that isn't the host's.
    source: String,
    shared: bool,
}

impl View {
    pub(crate) fn of(pod: &Value, container: &Value) -> Self {
        let mounts =
            list(container, "volumeMounts").filter_map(|mount| Mount::of(pod, mount)).collect();
        let lines: Vec<&str> = ["command", "args"]
            .iter()
            .flat_map(|key| list(container, key))
            .filter_map(Value::as_str)
            .collect();
        Self {
            mounts,
            leaves: lines.iter().any(|line| line.contains("nsenter") || line.contains("chroot")),
            registered: lines
                .iter()
                .filter(|line| line.contains("registration-path"))
                .flat_map(|line| variables(line))
                .collect(),
            variables: list(container, "env")
                .filter_map(|variable| variable.get("value")?.as_str().map(clean))
                .collect(),
        }
    }

    /// Whether a variable holds what the kubelet is told, which no mount translates.
    pub(crate) fn registers(&self, variable: &str) -> bool {
        self.registered.iter().any(|name| name == variable)
    }

    /// What a path of the container names: a place on the host or in a volume.
    pub(crate) fn resolve(&self, path: &str) -> Option<String> {
        if self.leaves {
            return None;
        }
        let mount = self.through(path)?;
        let rest = below(path, &mount.target)?;
        Some(format!("{}{rest}", mount.source))
    }

    /// Whether a variable tells the program of this very place.
    pub(crate) fn tells(&self, path: &str) -> bool {
        self.variables.iter().any(|value| value == path)
    }

    /// Whether what is mounted below a path in the container reaches the host.
    pub(crate) fn is_shared(&self, path: &str) -> bool {
        self.through(path).is_some_and(|mount| mount.shared)
    }

    fn through(&self, path: &str) -> Option<&Mount> {
        self.mounts
            .iter()
            .filter(|mount| below(path, &mount.target).is_some())
            .max_by_key(|mount| mount.target.len())
    }
}

impl Mount {
    fn of(pod: &Value, mount: &Value) -> Option<Self> {
        let name = mount.get("name")?.as_str()?;
        let volume = list(pod, "volumes")
            .find(|volume| volume.get("name").and_then(Value::as_str) == Some(name))?;
        let host = volume.get("hostPath").and_then(|host| host.get("path")).and_then(Value::as_str);
        let sub_path = mount.get("subPath").and_then(Value::as_str).unwrap_or("");
        let source = host.map_or_else(|| format!("volume {name}"), str::to_owned);
        Some(Self {
            target: clean(mount.get("mountPath")?.as_str()?),
            source: clean(&format!("{source}/{sub_path}")),
            shared: mount.get("mountPropagation").and_then(Value::as_str) == Some("Bidirectional"),
        })
    }
}

/// A path without doubled and trailing slashes; the host's own root is the empty text.
pub(crate) fn clean(path: &str) -> String {
    let mut cleaned = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !cleaned.ends_with('/') {
            cleaned.push(c);
        }
    }
    cleaned.trim_end_matches('/').to_owned()
}

/// What follows a directory in a path; both cleaned.
fn below<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    path.strip_prefix(directory).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The names in `$(NAME)` and `${NAME}`.
fn variables(line: &str) -> Vec<String> {
    line.split('$')
        .skip(1)
        .filter_map(|tail| tail.strip_prefix(['(', '{'])?.split([')', '}']).next())
        .map(str::to_owned)
        .collect()
}

/// The items of a list, none where there is no list.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}
