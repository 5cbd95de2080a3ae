//! Pods as they are generated: paths below the kubelet's root begin with [`R`].

use super::node::{Node, R};

/// What is generated at random.
#[derive(Clone, Debug)]
pub(crate) struct Chance {
    bytes: Vec<u8>,
    at: usize,
}

impl Chance {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }

    /// One of `count` choices; the first is the simplest, and what shrinking comes to.
    pub(crate) fn of(&mut self, count: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(byte) % count
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.of(count) == count - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.of(choices.len())].clone()
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Comes {
    Host { path: String, kind: Option<&'static str> },
    Empty,
    ConfigMap,
}

#[derive(Clone, Debug)]
pub(crate) struct Volume {
    pub(crate) name: String,
    pub(crate) comes: Comes,
}

#[derive(Clone, Debug)]
pub(crate) struct Mount {
    pub(crate) volume: String,
    pub(crate) at: String,
    pub(crate) sub_path: Option<String>,
    pub(crate) read_only: bool,
    pub(crate) propagation: Option<&'static str>,
}

impl Mount {
    pub(crate) fn of(volume: &str, at: &str) -> Self {
        Self {
            volume: volume.to_owned(),
            at: at.to_owned(),
            sub_path: None,
            read_only: false,
            propagation: None,
        }
    }

    pub(crate) fn sub(mut self, path: &str) -> Self {
        self.sub_path = Some(path.to_owned());
        self
    }

    pub(crate) fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub(crate) fn spread(mut self, propagation: &'static str) -> Self {
        self.propagation = Some(propagation);
        self
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) command: Vec<String>,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) privileged: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Pod {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) volumes: Vec<Volume>,
    pub(crate) init: Vec<Container>,
    pub(crate) containers: Vec<Container>,
}

impl Pod {
    /// A volume of a directory on the node, once.
    pub(crate) fn host(&mut self, name: &str, path: &str, kind: Option<&'static str>) -> String {
        self.volume(name, Comes::Host { path: path.to_owned(), kind })
    }

    pub(crate) fn volume(&mut self, name: &str, comes: Comes) -> String {
        if self.volumes.iter().all(|volume| volume.name != name) {
            self.volumes.push(Volume { name: name.to_owned(), comes });
        }
        name.to_owned()
    }

    pub(crate) fn node(&self) -> Node {
        let mut spec = Node::Map(Vec::new());
        if !self.init.is_empty() {
            spec = spec.with("initContainers", list(&self.init, Container::node));
        }
        spec = spec
            .with("containers", list(&self.containers, Container::node))
            .with("volumes", list(&self.volumes, Volume::node));
        let version = if self.kind == "Pod" { "v1" } else { "apps/v1" };
        let labels = || Node::map([("app", Node::text(&self.name))]);
        let spec = if self.kind == "Pod" {
            spec
        } else {
            Node::map([
                ("selector", Node::map([("matchLabels", labels())])),
                (
                    "template",
                    Node::map([("metadata", Node::map([("labels", labels())])), ("spec", spec)]),
                ),
            ])
        };
        Node::map([
            ("apiVersion", Node::text(version)),
            ("kind", Node::text(self.kind)),
            ("metadata", Node::map([("name", Node::text(&self.name))])),
            ("spec", spec),
        ])
    }
}

fn list<T>(items: &[T], node: impl Fn(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}

impl Volume {
    fn node(&self) -> Node {
        let node = Node::map([("name", Node::text(&self.name))]);
        match &self.comes {
            Comes::Host { path, kind } => {
                let mut host = Node::map([("path", Node::text(path))]);
                if let Some(kind) = kind {
                    host = host.with("type", Node::text(*kind));
                }
                node.with("hostPath", host)
            }
            Comes::Empty => node.with("emptyDir", Node::Map(Vec::new())),
            Comes::ConfigMap => {
                node.with("configMap", Node::map([("name", Node::text("settings"))]))
            }
        }
    }
}

impl Container {
    fn node(&self) -> Node {
        let mut node =
            Node::map([("name", Node::text(&self.name)), ("image", Node::text(&self.image))]);
        for (key, words) in [("command", &self.command), ("args", &self.args)] {
            if !words.is_empty() {
                node = node.with(key, Node::texts(words));
            }
        }
        if !self.env.is_empty() {
            let variable = |(name, value): &(String, String)| {
                Node::map([("name", Node::text(name)), ("value", Node::text(value))])
            };
            node = node.with("env", list(&self.env, variable));
        }
        if self.privileged {
            node = node.with("securityContext", Node::map([("privileged", Node::Bool(true))]));
        }
        if !self.mounts.is_empty() {
            node = node.with("volumeMounts", list(&self.mounts, Mount::node));
        }
        node
    }
}

impl Mount {
    fn node(&self) -> Node {
        let mut node =
            Node::map([("name", Node::text(&self.volume)), ("mountPath", Node::text(&self.at))]);
        if let Some(path) = &self.sub_path {
            node = node.with("subPath", Node::text(path));
        }
        if self.read_only {
            node = node.with("readOnly", Node::Bool(true));
        }
        if let Some(propagation) = self.propagation {
            node = node.with("mountPropagation", Node::text(propagation));
        }
        node
    }
}

/// A directory below the kubelet's root.
pub(crate) fn below(rest: &str) -> String {
    format!("{R}{rest}")
}
