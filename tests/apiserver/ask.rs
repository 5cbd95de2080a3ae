//! What the server says to objects, without keeping them.

use crate::client::{Client, Request, Response};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of fields that the server doesn't know, and of keys that are there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fields {
    /// As `kubectl` asks unless told otherwise.
    Strict,
    Ignore,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted,
    Refused {
        /// What for, without the names and numbers of one object.
        class: String,
        /// The API server's own words.
        message: String,
    },
}

/// The class of kinds that the server doesn't know.
pub(crate) const NOT_SERVED: &str = "kind not served";

impl Answer {
    fn of(Response { status, body }: &Response) -> Self {
        let value: Value = serde_json::from_str(body).unwrap_or_default();
        match status {
            200..300 => {
                assert!(value["kind"].is_string(), "an object comes back: {body}");
                Self::Accepted
            }
            400..500 => Self::Refused { class: class(&value), message: text(&value["message"]) },
            // Neither yes nor no.
            _ => panic!("HTTP {status}: {body}"),
        }
    }

    /// What the server said against an object.
    pub(crate) fn refusal(&self) -> &str {
        match self {
            Self::Accepted => panic!("accepted"),
            Self::Refused { message, .. } => message,
        }
    }

    /// Whether unknown or repeated fields are all that was said.
    pub(crate) fn is_about_fields(&self) -> bool {
        matches!(self, Self::Refused { message, .. } if message.contains("strict decoding error"))
    }
}

/// The reason of a refusal, with the fields or the error that it names.
fn class(status: &Value) -> String {
    let reason = text(&status["reason"]);
    let causes: BTreeSet<String> = status["details"]["causes"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|cause| {
            let field: String = text(&cause["field"])
                .chars()
                .filter(|character| !character.is_ascii_digit())
                .collect();
            format!("{field} {}", text(&cause["reason"]))
        })
        .collect();
    let about = if !causes.is_empty() {
        causes.into_iter().collect::<Vec<_>>().join(", ")
    } else if reason == "BadRequest" {
        // `… cannot be handled as a Secret: illegal base64 data at input byte 7`
        let message = text(&status["message"]);
        let error = message.split_once("cannot be handled as a ").map_or("", |(_, error)| error);
        error.trim_end_matches(|character: char| character.is_ascii_digit()).to_owned()
    } else {
        text(&status["details"]["kind"])
    };
    format!("{reason}: {}", about.trim())
}

/// Where objects of a kind are created.
struct Resource {
    /// Such as `/apis/apps/v1`.
    prefix: String,
    plural: String,
    namespaced: bool,
}

/// The kinds that a server knows, and the namespaces it has been given.
pub(crate) struct Asker<'a> {
    client: &'a Client,
    /// By apiVersion and kind.
    resources: BTreeMap<(String, String), Resource>,
}

impl<'a> Asker<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        let groups = client.ask(&[Request::get("/apis")]);
        let groups: Value = serde_json::from_str(&groups[0].body).expect("the groups");
        let versions = groups["groups"].as_array().expect("groups").iter();
        let versions = versions.flat_map(|group| group["versions"].as_array().expect("versions"));
        let mut prefixes = vec!["/api/v1".to_owned()];
        prefixes.extend(versions.map(|it| format!("/apis/{}", text(&it["groupVersion"]))));
        let requests: Vec<Request> = prefixes.iter().map(|prefix| Request::get(prefix)).collect();
        let mut resources = BTreeMap::new();
        for (prefix, list) in prefixes.iter().zip(client.ask(&requests)) {
            let list: Value = serde_json::from_str(&list.body).expect("a list of resources");
            for resource in list["resources"].as_array().expect("resources") {
                let plural = text(&resource["name"]);
                let creates =
                    resource["verbs"].as_array().expect("verbs").contains(&json!("create"));
                if creates && !plural.contains('/') {
                    resources.insert(
                        (text(&list["groupVersion"]), text(&resource["kind"])),
                        Resource {
                            prefix: prefix.clone(),
                            plural,
                            namespaced: resource["namespaced"] == true,
                        },
                    );
                }
            }
        }
        Self { client, resources }
    }

    /// Whether the server would create these objects; it doesn't.
    pub(crate) fn would_create(&self, objects: &[(&Value, Fields)]) -> Vec<Answer> {
        let plain: Vec<&Value> = objects.iter().map(|(object, _)| *object).collect();
        self.create_namespaces(&plain);
        let requests: Vec<Option<Request>> = objects
            .iter()
            .map(|(object, fields)| {
                let query = format!("?dryRun=All&fieldValidation={fields:?}");
                Some(Request::post(self.collection(object)? + &query, named(object)))
            })
            .collect();
        let mut responses =
            self.client.ask(&requests.iter().flatten().collect::<Vec<_>>()).into_iter();
        requests
            .iter()
            .map(|request| match request {
                Some(_) => Answer::of(&responses.next().expect("an answer")),
                None => Answer::Refused { class: NOT_SERVED.to_owned(), message: String::new() },
            })
            .collect()
    }

    /// Creates objects, really.
    pub(crate) fn create(&self, objects: &[&Value]) -> Vec<Answer> {
        self.create_namespaces(objects);
        let requests: Vec<Request> = objects
            .iter()
            .map(|object| Request::post(self.collection(object).expect("served"), named(object)))
            .collect();
        self.client.ask(&requests).iter().map(Answer::of).collect()
    }

    /// Whether the server would take an object over one that is there, as `kubectl apply` has it.
    pub(crate) fn would_apply(&self, object: &Value) -> Answer {
        let request = Request {
            method: "PATCH",
            path: format!(
                "{}/{}?dryRun=All&fieldManager=tests&force=true",
                self.collection(object).expect("served"),
                text(&object["metadata"]["name"])
            ),
            content_type: "application/apply-patch+yaml",
            body: Some(object.clone()),
        };
        Answer::of(&self.client.ask(&[request])[0])
    }

    /// What the server says that it is.
    pub(crate) fn version(&self) -> String {
        let said = self.client.ask(&[Request::get("/version")]);
        let said: Value = serde_json::from_str(&said[0].body).expect("a version");
        text(&said["gitVersion"])
    }

    fn resource(&self, object: &Value) -> Option<&Resource> {
        self.resources.get(&(text(&object["apiVersion"]), text(&object["kind"])))
    }

    fn collection(&self, object: &Value) -> Option<String> {
        let Resource { prefix, plural, namespaced } = self.resource(object)?;
        let namespace = namespace(object);
        Some(if *namespaced {
            format!("{prefix}/namespaces/{namespace}/{plural}")
        } else {
            format!("{prefix}/{plural}")
        })
    }

    /// Those that are there already are refused, and so are names that can't be any.
    fn create_namespaces(&self, objects: &[&Value]) {
        let names: BTreeSet<&str> = objects.iter().map(|object| namespace(object)).collect();
        let requests: Vec<Request> = names
            .iter()
            .map(|name| {
                let object = json!({
                    "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
                });
                Request::post("/api/v1/namespaces".to_owned(), object)
            })
            .collect();
        self.client.ask(&requests);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The namespace to ask in. Some manifests have a placeholder where a name is to be put in.
fn namespace(object: &Value) -> &str {
    let can_be = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    object["metadata"]["namespace"]
        .as_str()
        .filter(|name| !name.is_empty() && name.bytes().all(can_be))
        .unwrap_or("default")
}

/// The object with a name if it has none, and in the namespace that is asked in.
fn named(object: &Value) -> Value {
    let mut named = object.clone();
    if let Some(metadata) = named["metadata"].as_object_mut() {
        if metadata.contains_key("namespace") {
            metadata.insert("namespace".to_owned(), json!(namespace(object)));
        }
        let is_text = |name: &str| metadata.get(name).and_then(Value::as_str).is_some();
        if !is_text("name") && !is_text("generateName") {
            metadata.insert("name".to_owned(), json!("nameless"));
        }
    }
    named
}
