//! As much of JSON Schema as the schemas here need. What isn't known here makes a test fail, so
//! that nothing is let through unread.

use regex::Regex;
use serde_json::Value;

/// Everything in which a document differs from its schema, each with its place.
pub(crate) fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut check = Check { root: schema, found: Vec::new() };
    check.value(schema, document, "");
    check.found
}

struct Check<'a> {
    root: &'a Value,
    found: Vec<String>,
}

impl<'a> Check<'a> {
    fn value(&mut self, schema: &'a Value, value: &Value, at: &str) {
        for (keyword, rule) in schema.as_object().expect("a schema is an object") {
            if let Some(problem) = self.keyword(schema, keyword, rule, value, at) {
                self.found.push(format!("{at}: {problem}"));
            }
        }
    }

    fn fits(&self, schema: &'a Value, value: &Value) -> bool {
        let mut check = Check { root: self.root, found: Vec::new() };
        check.value(schema, value, "");
        check.found.is_empty()
    }

    fn keyword(
        &mut self,
        schema: &'a Value,
        keyword: &str,
        rule: &'a Value,
        value: &Value,
        at: &str,
    ) -> Option<String> {
        let holds = match keyword {
            "$schema" | "$id" | "id" | "title" | "description" | "default" | "definitions"
            | "$defs" => true,
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').expect("a local reference");
                let target = self.root.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
                self.value(target, value, at);
                true
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|kind| is(kind, value)),
                kind => is(kind, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "anyOf" => rule.as_array().unwrap().iter().any(|one| self.fits(one, value)),
            "oneOf" => {
                rule.as_array().unwrap().iter().filter(|one| self.fits(one, value)).count() == 1
            }
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minLength" => value
                .as_str()
                .is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
            "pattern" => value
                .as_str()
                .is_none_or(|text| Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
            "format" => value.as_str().is_none_or(|text| has_format(rule.as_str().unwrap(), text)),
            "minItems" => {
                value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap())
            }
            "uniqueItems" => value.as_array().is_none_or(|list| {
                rule == &Value::Bool(false)
                    || list.iter().enumerate().all(|(at, item)| !list[..at].contains(item))
            }),
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.value(rule, item, &format!("{at}/{number}"));
                }
                true
            }
            "required" => {
                let Value::Object(map) = value else { return None };
                let names = rule.as_array().unwrap().iter();
                let missing = names.filter(|name| !map.contains_key(name.as_str().unwrap()));
                let missing: Vec<_> = missing.collect();
                return (!missing.is_empty()).then(|| format!("lacks {missing:?}"));
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = rule.get(name) {
                        self.value(schema, inner, &format!("{at}/{name}"));
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema.get("properties");
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if known.and_then(|known| known.get(name)).is_some() {
                        continue;
                    }
                    match rule {
                        Value::Bool(true) => {}
                        Value::Bool(false) => return Some(format!("{name} isn't known")),
                        schema => self.value(schema, inner, &format!("{at}/{name}")),
                    }
                }
                true
            }
            other => panic!("{at}: the keyword {other} isn't known here"),
        };
        (!holds).then(|| format!("{value} against {keyword} {rule}"))
    }
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} isn't known here"),
    }
}

fn has_format(format: &str, text: &str) -> bool {
    let characters = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
    let pattern = match format {
        "uri" => format!("^[A-Za-z][A-Za-z0-9+.-]*:{characters}$"),
        // A colon in the first part would make it a scheme.
        "uri-reference" => {
            format!("^(?:[A-Za-z][A-Za-z0-9+.-]*:{characters}|(?:[^:]*|[^:/?#]*[/?#].*))$")
        }
        other => panic!("the format {other} isn't known here"),
    };
    let whole = Regex::new(&format!("^{characters}$")).unwrap();
    whole.is_match(text) && Regex::new(&pattern).unwrap().is_match(text)
}
