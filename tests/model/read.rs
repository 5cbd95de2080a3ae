//! Pods as the model reads them from a manifest: what each container sees at a path.

use serde::Deserialize as _;
use serde_yaml::Value;
use std::collections::HashMap;

/// What a path of a container is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A path of the node.
    Host(String),
    /// A path of a volume that is the pod's own.
    Pod(String),
    /// The container's own files.
    Own,
}

#[derive(Clone, Debug)]
pub(crate) struct Mount {
    /// As it's written.
    pub(crate) at: String,
    pub(crate) place: Place,
    /// The type of its hostPath.
    pub(crate) kind: Option<String>,
    pub(crate) read_only: bool,
    propagation: Option<String>,
}

impl Mount {
    /// Whether the node sees what is mounted in it.
    pub(crate) fn is_shared(&self) -> bool {
        self.propagation.as_deref() == Some("Bidirectional")
    }

    /// Whether it shows such a directory or stands at such a path.
    pub(crate) fn is_of(&self, such: impl Fn(&str) -> bool) -> bool {
        such(&clean(&self.at)) || matches!(&self.place, Place::Host(path) if such(path))
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub(crate) image: String,
    pub(crate) privileged: bool,
    pub(crate) mounts: Vec<Mount>,
    /// The words of its command line, with values of variables.
    words: Vec<String>,
    env: HashMap<String, String>,
}

#[derive(Clone, Debug)]
pub(crate) struct PodSpec {
    pub(crate) containers: Vec<Container>,
    pub(crate) init: Vec<Container>,
}

/// A path without doubled slashes and without one at its end.
pub(crate) fn clean(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty()).map(|part| format!("/{part}")).collect()
}

/// What follows a directory in a path below it, or of the directory itself.
pub(crate) fn rest<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    path.strip_prefix(directory).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// All pods of a text.
pub(crate) fn pods(text: &str) -> Vec<PodSpec> {
    let mut found = Vec::new();
    for doc in serde_yaml::Deserializer::from_str(text) {
        find(&Value::deserialize(doc).expect("a manifest that can be read"), &mut found);
    }
    found
}

fn find(value: &Value, found: &mut Vec<PodSpec>) {
    if !items(value, "containers").is_empty() {
        found.push(pod(value));
        return;
    }
    match value {
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| find(value, found)),
        Value::Sequence(items) => items.iter().for_each(|item| find(item, found)),
        _ => {}
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_sequence).map_or(&[], Vec::as_slice)
}

fn pod(spec: &Value) -> PodSpec {
    let volumes: HashMap<String, &Value> = items(spec, "volumes")
        .iter()
        .filter_map(|volume| Some((text(volume, "name")?, volume)))
        .collect();
    let read = |key| items(spec, key).iter().map(|it| container(it, &volumes)).collect();
    PodSpec { containers: read("containers"), init: read("initContainers") }
}

fn container(value: &Value, volumes: &HashMap<String, &Value>) -> Container {
    let mut env: HashMap<String, String> = HashMap::new();
    for variable in items(value, "env") {
        if let (Some(name), Some(text)) = (text(variable, "name"), text(variable, "value")) {
            // A variable knows those before it.
            let text = expand(&text, &env);
            env.insert(name, text);
        }
    }
    let words = items(value, "command").iter().chain(items(value, "args"));
    let words = words.filter_map(Value::as_str).map(|word| expand(word, &env)).collect();
    let privileged = value.get("securityContext").and_then(|it| it.get("privileged"));
    Container {
        image: text(value, "image").unwrap_or_default(),
        privileged: privileged.and_then(Value::as_bool).unwrap_or_default(),
        mounts: items(value, "volumeMounts").iter().map(|it| mount(it, volumes)).collect(),
        words,
        env,
    }
}

fn mount(value: &Value, volumes: &HashMap<String, &Value>) -> Mount {
    let name = text(value, "name").unwrap_or_default();
    let host = volumes.get(&name).and_then(|volume| volume.get("hostPath"));
    let below = text(value, "subPath").unwrap_or_default();
    let place = match host.and_then(|host| text(host, "path")) {
        Some(path) => Place::Host(clean(&format!("{path}/{below}"))),
        None => Place::Pod(format!("{name}{}", clean(&below))),
    };
    Mount {
        at: text(value, "mountPath").unwrap_or_default(),
        place,
        kind: host.and_then(|host| text(host, "type")),
        read_only: value.get("readOnly").and_then(Value::as_bool).unwrap_or_default(),
        propagation: text(value, "mountPropagation"),
    }
}

/// A text with the values of variables that are known: `$(NAME)`, and `$$` for a dollar.
fn expand(text: &str, env: &HashMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|it| it.split_once(')'))
        {
            match env.get(name) {
                Some(value) => out.push_str(value),
                None => out.push_str(&format!("$({name})")),
            }
            rest = after;
        } else {
            out.push('$');
        }
    }
    out + rest
}

impl Container {
    /// What the container has at a path, and the mount that it is in.
    pub(crate) fn see(&self, path: &str) -> (Place, Option<&Mount>) {
        let path = clean(path);
        let at = |mount: &Mount| clean(&mount.at);
        // The deepest mount; at one place the later one covers the other.
        let through = self.mounts.iter().filter(|mount| rest(&path, &at(mount)).is_some());
        let Some(mount) = through.max_by_key(|mount| at(mount).len()) else {
            return (Place::Own, None);
        };
        let rest = rest(&path, &at(mount)).unwrap_or_default().to_owned();
        let place = match &mount.place {
            Place::Host(host) => Place::Host(clean(&format!("{host}{rest}"))),
            Place::Pod(volume) => Place::Pod(format!("{volume}{rest}")),
            Place::Own => Place::Own,
        };
        (place, Some(mount))
    }

    /// The value of a flag, in one word or in two.
    pub(crate) fn flag(&self, name: &str) -> Option<String> {
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
                continue;
            };
            match flag.split_once('=') {
                Some((flag, value)) if flag == name => return Some(value.to_owned()),
                None if flag == name => return words.next().cloned(),
                _ => {}
            }
        }
        None
    }

    /// The registrar hands a path on to the kubelet.
    pub(crate) fn is_registrar(&self) -> bool {
        self.flag("kubelet-registration-path").is_some()
    }

    /// The driver listens on a socket.
    pub(crate) fn is_driver(&self) -> bool {
        !self.image.contains("livenessprobe") && self.address().is_some()
    }

    /// Where it listens, as it's told.
    pub(crate) fn address(&self) -> Option<String> {
        self.flag("endpoint").or_else(|| self.env.get("CSI_ENDPOINT").cloned())
    }

    /// Where its socket is.
    pub(crate) fn endpoint(&self) -> Option<Place> {
        let address = self.address()?;
        let path = address.strip_prefix("unix:").unwrap_or(&address);
        Some(self.see(path).0)
    }

    /// The mount in which its socket is.
    pub(crate) fn directory_of_socket(&self) -> Option<&Mount> {
        let address = self.address()?;
        self.see(address.strip_prefix("unix:").unwrap_or(&address)).1
    }

    /// What its arguments and variables say, as far as these are paths.
    pub(crate) fn settings(&self) -> Vec<String> {
        let values = self.words.iter().map(|word| word.split_once('=').map_or(&**word, |it| it.1));
        let values = values.chain(self.env.values().map(String::as_str));
        values.filter(|value| value.starts_with('/')).map(str::to_owned).collect()
    }
}
