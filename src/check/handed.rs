//! What the process in a container is handed of a text that names variables, where no shell runs.
//!
//! Each variable is filled in with what is known when it's read: in `env` only what stands further up, or
//! comes from `envFrom`. `$$` stands for one `$`, and what nobody defines stays as it's written.
//!
//! Sources: kubernetes/kubernetes:pkg/kubelet/kubelet_pods.go, makeEnvironment;
//! third_party/forked/golang/expansion/expand.go; the description of EnvVar.value in the API reference.

use crate::model::Container;
use std::collections::HashMap;

/// The longest text that is made of values; more is no path.
const LONGEST: usize = 4096;

/// The text as the process gets it; `None` where that hangs on a value that isn't in the input.
pub(super) fn handed(container: &Container, text: &str) -> Option<String> {
    let mut known = Known { container, own: HashMap::new() };
    if text.contains('$') {
        for variable in &container.env {
            let value = match &variable.value {
                Some(text) => known.filled_in(&text.value),
                // What comes from elsewhere is taken as it is.
                None => variable.inherited.as_deref().map(str::to_owned),
            };
            known.own.insert(&variable.name, value);
        }
    }
    known.filled_in(text)
}

/// What is known of a container's variables so far.
struct Known<'a> {
    container: &'a Container,
    own: HashMap<&'a str, Option<String>>,
}

impl Known<'_> {
    fn filled_in(&self, text: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                filled.push('$');
                rest = after;
                continue;
            }
            let named = after.strip_prefix('(').and_then(|after| after.split_once(')'));
            let Some((name, after)) = named else {
                filled.push('$');
                rest = after;
                continue;
            };
            rest = after;
            let from = &self.container.env_from;
            match (self.own.get(name), from.get(name)) {
                (Some(own), _) => filled.push_str(own.as_deref()?),
                (None, Some(given)) => filled.push_str(given),
                (None, None) if from.is_open() => return None,
                (None, None) => filled.extend(["$(", name, ")"]),
            }
            if filled.len() > LONGEST {
                return None;
            }
        }
        filled.push_str(rest);
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects;
    use crate::source::Span;
    use crate::yaml::parse;

    fn handed_with(env: &str, text: &str) -> Option<String> {
        let pod = format!("{{kind: Pod, spec: {{containers: [{{name: a, {env}}}]}}}}");
        let docs = parse(&pod, Span::new(0, pod.len())).unwrap();
        handed(&objects(&docs[0])[0].pods[0].containers[0], text)
    }

    #[test]
    fn variables_are_filled_in_as_kubernetes_does() {
        let env =
            "env: [{name: D, value: $(R)/d}, {name: R, value: /r}, {name: S, value: $(R)/s$D},
            {name: R, value: /q}, {name: N, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]";
        for (text, expected) in [
            ("/as/is", Some("/as/is")),
            ("$(R)/x", Some("/q/x")),
            ("$(S)", Some("/r/s$D")),
            // Defined further down; and by nobody.
            ("$(D)$(X)", Some("$(R)/d$(X)")),
            ("$$(R) $$$(R) ${R} $R $ $( $(R", Some("$(R) $/q ${R} $R $ $( $(R")),
            ("/x/$(N)", None),
        ] {
            assert_eq!(handed_with(env, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_may_come_from_elsewhere_is_not_known() {
        for kind in ["configMapRef", "secretRef"] {
            let env = format!("envFrom: [{{{kind}: {{name: elsewhere}}}}]");
            assert_eq!(handed_with(&env, "$(R)/x"), None);
            assert_eq!(handed_with(&env, "/x/$R").as_deref(), Some("/x/$R"));
        }
    }

    #[test]
    fn values_do_not_grow_for_ever() {
        let mut env = String::from("env: [{name: A0, value: aaaaaaaaaaaaaaaa}");
        for number in 1..40 {
            let before = number - 1;
            env += &format!(", {{name: A{number}, value: $(A{before})$(A{before})}}");
        }
        env.push(']');
        assert_eq!(handed_with(&env, "$(A8)").map(|it| it.len()), Some(4096));
        assert_eq!(handed_with(&env, "$(A39)"), None);
    }
}
