//! Two renderings of the same chart, field by field.

use crate::common::TO;
use crate::view::{View, clean};
use serde::Deserialize as _;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A field in which two renderings differ in meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) document: String,
    pub(crate) field: String,
    /// What the program made of the chart's default rendering; `None` where it has no such field.
    pub(crate) ours: Option<String>,
    /// What the chart's author renders.
    pub(crate) theirs: Option<String>,
}

/// The documents of a stream, each with a name that tells them apart.
///
/// Some charts write a key twice. As with the API server's clients the last one counts, which is
/// how a JSON value is read; a YAML value would be refused.
pub(crate) fn documents(text: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let value = match Value::deserialize(document) {
            Ok(Value::Null) => continue,
            Ok(value) => value,
            // The deserializer yields the same error for ever.
            Err(error) => panic!("a rendering that can't be read: {error}"),
        };
        let meta = |key: &str| text_of(value.get("metadata").and_then(|meta| meta.get(key)));
        let name = format!(
            "{}/{}/{}/{}",
            text_of(value.get("apiVersion")),
            text_of(value.get("kind")),
            meta("namespace"),
            meta("name")
        );
        let number = (1..)
            .find(|number| !found.contains_key(&numbered(&name, *number)))
            .expect("a free number");
        found.insert(numbered(&name, number), value);
    }
    found
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}#{number}") }
}

fn text_of(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or("").to_owned()
}

/// Every difference in meaning between what the program made and what the author renders.
pub(crate) fn compare(ours: &str, theirs: &str) -> Vec<Difference> {
    let (ours, theirs) = (documents(ours), documents(theirs));
    let mut names: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    names.sort();
    names.dedup();
    let mut differences = Vec::new();
    for name in names {
        let mut walk = Walk { document: name, differences: &mut differences };
        walk.values("", ours.get(name), theirs.get(name), None);
    }
    differences
}

/// How both renderings of a container see the host.
struct Views {
    ours: View,
    theirs: View,
}

impl Views {
    fn lead_to_same_file(&self, ours: &str, theirs: &str) -> bool {
        let file = self.ours.resolve(ours);
        file.is_some() && file == self.theirs.resolve(theirs)
    }

    /// Whether the same directory may be mounted at another place than the author's: where the
    /// program is told of the place, or where the place stays as it is and is private.
    fn may_mount_at(&self, ours: &str, theirs: &str) -> bool {
        let told = self.ours.tells(ours) && self.theirs.tells(theirs);
        told || !(ours.starts_with(TO) || self.ours.is_shared(ours))
    }
}

struct Walk<'w> {
    document: &'w str,
    differences: &'w mut Vec<Difference>,
}

impl Walk<'_> {
    fn values(
        &mut self,
        field: &str,
        ours: Option<&Value>,
        theirs: Option<&Value>,
        views: Option<&Views>,
    ) {
        match (ours, theirs) {
            (Some(Value::Object(_)), Some(Value::Object(_))) => {
                self.mappings(field, ours, theirs, views);
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) => {
                self.lists(field, (a, b), |_, _| None, views);
            }
            (Some(Value::String(a)), Some(Value::String(b))) => {
                if !same_text(field, a, b, views) {
                    self.differ(field, ours, theirs);
                }
            }
            _ if ours == theirs => {}
            _ => self.differ(field, ours, theirs),
        }
    }

    fn mappings(
        &mut self,
        field: &str,
        ours: Option<&Value>,
        theirs: Option<&Value>,
        views: Option<&Views>,
    ) {
        let keys = [ours, theirs].into_iter().flatten().filter_map(Value::as_object);
        let keys: BTreeSet<&String> = keys.flat_map(serde_json::Map::keys).collect();
        for key in keys {
            let inner = format!("{field}.{key}");
            let pair =
                (ours.and_then(|value| value.get(key)), theirs.and_then(|value| value.get(key)));
            let (Some(Value::Array(a)), Some(Value::Array(b)), true) =
                (pair.0, pair.1, is_containers(key))
            else {
                // A variable's name tells whether its value is the kubelet's business.
                let told = views.filter(|views| {
                    let name = ours.and_then(|value| value.get("name")).and_then(Value::as_str);
                    !name.is_some_and(|name| views.ours.registers(name))
                });
                self.values(&inner, pair.0, pair.1, told);
                continue;
            };
            let of_container = |a: &Value, b: &Value| {
                Some(Views { ours: View::of(ours?, a), theirs: View::of(theirs?, b) })
            };
            self.lists(&inner, (a, b), of_container, None);
        }
    }

    /// Items that have names are matched by name, others by place.
    fn lists(
        &mut self,
        field: &str,
        (ours, theirs): (&[Value], &[Value]),
        views_of: impl Fn(&Value, &Value) -> Option<Views>,
        outer: Option<&Views>,
    ) {
        let (ours, theirs) = (labelled(ours), labelled(theirs));
        for (label, a) in &ours {
            let b = theirs.iter().find(|(other, _)| other == label);
            let inner = b.and_then(|(_, b)| views_of(a, b));
            let views = inner.as_ref().or(outer);
            self.values(&format!("{field}[{label}]"), Some(a), b.map(|(_, b)| *b), views);
        }
        for (label, b) in &theirs {
            if !ours.iter().any(|(other, _)| other == label) {
                self.values(&format!("{field}[{label}]"), None, Some(b), outer);
            }
        }
        let order = |mine: &[(String, &Value)], others: &[(String, &Value)]| -> Vec<String> {
            mine.iter()
                .map(|(label, _)| label.clone())
                .filter(|label| others.iter().any(|(other, _)| other == label))
                .collect()
        };
        let (a, b) = (order(&ours, &theirs), order(&theirs, &ours));
        if a != b {
            self.differences.push(Difference {
                document: self.document.to_owned(),
                field: format!("{field} (order)"),
                ours: Some(a.join(" ")),
                theirs: Some(b.join(" ")),
            });
        }
    }

    fn differ(&mut self, field: &str, ours: Option<&Value>, theirs: Option<&Value>) {
        self.differences.push(Difference {
            document: self.document.to_owned(),
            field: field.to_owned(),
            ours: ours.map(shown),
            theirs: theirs.map(shown),
        });
    }
}

fn is_containers(key: &str) -> bool {
    ["containers", "initContainers", "ephemeralContainers"].contains(&key)
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn labelled(items: &[Value]) -> Vec<(String, &Value)> {
    let mut labelled: Vec<(String, &Value)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let label = match item.get("name").and_then(Value::as_str) {
            Some(name) => (1..)
                .map(|number| numbered(&format!("name={name}"), number))
                .find(|label| !labelled.iter().any(|(other, _)| other == label))
                .expect("a free number"),
            None => index.to_string(),
        };
        labelled.push((label, item));
    }
    labelled
}

/// Whether two texts mean the same: the same words, and paths that name the same file.
fn same_text(field: &str, ours: &str, theirs: &str, views: Option<&Views>) -> bool {
    if ours == theirs {
        return true;
    }
    let (a, b) = (pieces(ours), pieces(theirs));
    // The kubelet opens this path, not the container.
    let views = views.filter(|_| !ours.contains("registration-path"));
    a.len() == b.len()
        && a.iter().zip(&b).all(|pair| match pair {
            (Piece::Words(a), Piece::Words(b)) => a == b,
            (Piece::Path(a), Piece::Path(b)) => {
                let (a, b) = (clean(a), clean(b));
                a == b
                    || views.is_some_and(|views| {
                        views.lead_to_same_file(&a, &b)
                            && (!field.ends_with(".mountPath") || views.may_mount_at(&a, &b))
                    })
            }
            _ => false,
        })
}

#[derive(Debug)]
enum Piece<'t> {
    Path(&'t str),
    Words(&'t str),
}

/// A text as absolute paths and what stands between them.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let in_path = |c: char| c.is_alphanumeric() || "/._-*@+$(){}%~".contains(c);
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let follows_path = before.replace(c).is_some_and(in_path);
        if at < done || c != '/' || follows_path {
            continue;
        }
        let length = text[at..].find(|c| !in_path(c));
        let end = length.map_or(text.len(), |length| at + length);
        pieces.push(Piece::Words(&text[done..at]));
        pieces.push(Piece::Path(&text[at..end]));
        done = end;
    }
    pieces.push(Piece::Words(&text[done..]));
    pieces
}

/// A node plugin that registers a socket and mounts a directory of the host.
fn plugin(registered: &str, host: &str, mount: &str) -> String {
    format!(
        "kind: DaemonSet\nmetadata: {{name: node}}\nspec:\n  containers:\n  - name: driver\n    \
         args: [--kubelet-registration-path={registered}]\n    volumeMounts:\n    \
         - {{name: dir, {mount}}}\n  volumes:\n  - {{name: dir, hostPath: {{path: {host}}}}}\n"
    )
}

#[test]
fn a_private_place_may_differ_and_nothing_else() {
    let (from, to) = ("/var/lib/kubelet", "/data/kubelet");
    let socket = "/data/kubelet/plugins/example/csi.sock";
    let theirs = plugin(socket, to, "mountPath: /data/kubelet");
    let differ = |ours: &str| -> Vec<String> {
        compare(ours, &theirs).into_iter().map(|difference| difference.field).collect()
    };
    let mount = ".spec.containers[name=driver].volumeMounts[name=dir].mountPath";

    assert!(differ(&plugin(socket, "/data//kubelet/", "mountPath: /data/kubelet/")).is_empty());
    assert!(differ(&plugin(socket, to, "mountPath: /var/lib/kubelet")).is_empty());
    assert_eq!(
        differ(&plugin(socket, from, "mountPath: /data/kubelet")),
        [".spec.volumes[name=dir].hostPath.path"]
    );
    assert_eq!(
        differ(&plugin(
            "/var/lib/kubelet/plugins/example/csi.sock",
            to,
            "mountPath: /data/kubelet"
        )),
        [".spec.containers[name=driver].args[0]"]
    );
    // What is mounted reaches the host where the kubelet doesn't look for it.
    let shared = "mountPath: /var/lib/kubelet, mountPropagation: Bidirectional";
    assert!(differ(&plugin(socket, to, shared)).contains(&mount.to_owned()));
    // The author keeps a place that the program has compiled in.
    let kept = plugin(socket, to, "mountPath: /var/lib/kubelet");
    assert_eq!(compare(&theirs, &kept).len(), 1);
}
