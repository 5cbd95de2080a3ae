//! Tables that every run needs, as Rust: nothing of them is read when the program starts.

use Shape::{Flag, List, MaybeText, Name, One, Row, Text};
use serde_json::Value;

/// What a value is in Rust. That a shape fits its type is seen by the compiler.
pub(crate) enum Shape {
    Text,
    MaybeText,
    /// Not set unless said.
    Flag,
    /// A row that is a name.
    Name,
    /// A value of this enumeration.
    One(&'static str),
    /// Empty unless said.
    List(&'static Shape),
    /// A structure with its fields.
    Row(&'static str, &'static [(&'static str, Shape)]),
}

const TEXTS: Shape = List(&Text);
const NAMES: Shape = List(&Name);
const IMAGES: Shape = List(&Row("ImageRow", &[("name", Text), ("whole", Flag)]));

const FIELDS: Shape = List(&Row("Field", &[("kinds", TEXTS), ("group", Text), ("field", Text)]));

/// The tables by the names of their files.
pub(crate) const TABLES: [(&str, Shape); 4] = [
    (
        "images",
        Row("ImageTable", &[("registrars", IMAGES), ("sidecars", IMAGES), ("suffixes", NAMES)]),
    ),
    (
        "kinds",
        Row(
            "KindTable",
            &[
                (
                    "natures",
                    List(&Row(
                        "Nature",
                        &[
                            ("kinds", TEXTS),
                            ("group", Text),
                            ("nature", One("KindNature")),
                            ("sections", TEXTS),
                        ],
                    )),
                ),
                ("kubelet_fields", FIELDS),
                ("host_fields", FIELDS),
                (
                    "releases",
                    List(&Row(
                        "Release",
                        &[
                            ("kinds", TEXTS),
                            ("group", Text),
                            ("at", Text),
                            ("chart", Text),
                            ("version", Text),
                            ("values", TEXTS),
                            ("texts", TEXTS),
                            ("sets", TEXTS),
                            ("parameters", TEXTS),
                        ],
                    )),
                ),
                ("prose", NAMES),
                ("remote", NAMES),
                ("immutable", List(&Row("Immutable", &[("kind", Text), ("text", Text)]))),
                ("without_namespace", List(&Row("Kinds", &[("kinds", TEXTS), ("group", Text)]))),
            ],
        ),
    ),
    (
        "roles",
        List(&Row(
            "RoleRow",
            &[
                ("path", Text),
                ("roots", TEXTS),
                ("role", One("Role")),
                ("host", One("HostSide")),
                ("container", One("ContainerSide")),
                ("parity", Flag),
                ("why", MaybeText),
            ],
        )),
    ),
    (
        "settings",
        Row(
            "SettingTable",
            &[
                ("registration_flags", NAMES),
                ("host_commands", NAMES),
                ("starters", NAMES),
                ("file_movers", NAMES),
                ("host_settings", NAMES),
                ("endpoint_settings", NAMES),
                ("csi_address_settings", NAMES),
                ("registration_dir_settings", NAMES),
                ("translating_settings", NAMES),
                ("sentinels", List(&Row("Sentinel", &[("name", Text), ("beside", Text)]))),
                ("kubeconfigs", List(&Row("Kubeconfig", &[("name", Text), ("names", Text)]))),
                ("ways_out", NAMES),
                ("ways_to_the_node", NAMES),
            ],
        ),
    ),
];

/// A value as a Rust expression; `None` is one that isn't said.
#[allow(clippy::use_debug, reason = "a Rust literal is spelled as Debug spells it")]
pub(crate) fn literal(shape: &Shape, value: Option<&Value>) -> Result<String, String> {
    let wrong = |what: &str| Err(format!("{what} is wanted, not {value:?}"));
    match (shape, value) {
        (MaybeText, None) => Ok("None".to_owned()),
        (Flag, None) => Ok("false".to_owned()),
        (List(_), None) => Ok("&[]".to_owned()),
        (Text, Some(Value::String(text))) => Ok(format!("{text:?}")),
        (MaybeText, Some(Value::String(text))) => Ok(format!("Some({text:?})")),
        (Flag, Some(Value::Bool(flag))) => Ok(flag.to_string()),
        (One(enumeration), Some(Value::String(word))) => {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            Ok(format!("{enumeration}::{}{rest}", first.to_uppercase()))
        }
        (Name, Some(row @ Value::Object(_))) => {
            fields(row, &["name"])?;
            literal(&Text, row.get("name"))
        }
        (List(shape), Some(Value::Array(rows))) => {
            let rows = rows.iter().map(|row| {
                let source = row.get("source").and_then(Value::as_str).unwrap_or("");
                if row.is_object() && source.trim().is_empty() {
                    return Err(format!("a row has no source: {row}"));
                }
                literal(shape, Some(row))
            });
            Ok(format!("&[{}]", rows.collect::<Result<Vec<_>, _>>()?.join(", ")))
        }
        (Row(name, shapes), Some(row @ Value::Object(_))) => {
            fields(row, &shapes.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
            let fields = shapes.iter().map(|(name, shape)| {
                let value = literal(shape, row.get(name));
                value
                    .map(|value| format!("{name}: {value}"))
                    .map_err(|error| format!("{name}: {error}"))
            });
            Ok(format!("{name} {{ {} }}", fields.collect::<Result<Vec<_>, _>>()?.join(", ")))
        }
        (Text, _) => wrong("a text"),
        (MaybeText, _) => wrong("a text or nothing"),
        (Flag, _) => wrong("true or false"),
        (One(enumeration), _) => wrong(enumeration),
        (List(_), _) => wrong("a list"),
        (Name, _) => wrong("a row with a name"),
        (Row(name, _), _) => wrong(name),
    }
}

/// Refuses fields that aren't known; every row may have a source.
fn fields(row: &Value, known: &[&str]) -> Result<(), String> {
    let mut names = row.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    match names.find(|name| *name != "source" && !known.contains(name)) {
        Some(name) => Err(format!("`{name}` isn't known: {row}")),
        None => Ok(()),
    }
}
