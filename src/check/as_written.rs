//! Is what a registrar is told a path as it's written? The kubelet gets it letter by letter.

use super::handed::handed;
use super::scene::Scene;
use super::view::ContainerView;
use crate::decide::expand::{expand, kubernetes_variables, shell_variable};
use crate::finding::{Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Container, Line, Pod, Volume};
use crate::words::{Message, message};
use crate::yaml::NodeId;
use std::cell::OnceCell;

/// A pod that may be one to be filled in before it's applied; whether it is, is told when it's first asked.
pub(super) struct Template<'a> {
    pod: &'a Pod,
    is_one: OnceCell<bool>,
}

impl<'a> Template<'a> {
    pub(super) fn of(pod: &'a Pod) -> Self {
        Self { pod, is_one: OnceCell::new() }
    }

    fn is_one(&self) -> bool {
        *self.is_one.get_or_init(|| is_template(self.pod))
    }
}

/// Whether what a registrar is told is a path as it's written: nobody but a shell fills in `$NAME`,
/// Kubernetes fills in `$(NAME)` only with what it knows by then, and what begins without a slash depends
/// on the directory in which the kubelet was started. Returns `false` where it's no path at all, of which
/// nothing more can be said.
pub(super) fn as_written(
    container: &ContainerView<'_>,
    template: &Template<'_>,
    scene: &mut Scene<'_>,
) -> bool {
    let Some((node, value)) = told(container, scene) else { return true };
    let name = &container.container.name;
    let is_one_item = value.is_none();
    let Some(value) = value.filter(|value| !value.starts_with(['"', '\''])) else {
        let message =
            message!("registration-path-letters", container = name, is_one_item = is_one_item);
        scene.find(Rule::RegistrationPath, Severity::Error, node, message);
        return false;
    };
    if let Some((severity, message)) = left_as_it_is(container.container, &value, template) {
        scene.find(Rule::RegistrationPath, severity, node, message);
        return false;
    }
    if let Some(message) = relative(container.container, &value, scene) {
        scene.find(Rule::RegistrationPath, Severity::Warning, node, message);
    }
    true
}

/// What a registrar that no shell starts is told to register, and where; no path where the flag and its
/// value are one text, which no program takes apart.
fn told(container: &ContainerView<'_>, scene: &Scene<'_>) -> Option<(NodeId, Option<String>)> {
    let settings = scene.context.knowledge.settings();
    let lines = &container.container.command_line;
    let starts = |line: &Line| {
        let mut words = line.text.value.split_whitespace();
        words.any(|word| settings.starts_another(word))
    };
    if !container.is_registrar(scene.context.knowledge) || lines.iter().any(starts) {
        return None;
    }
    // Of a flag that is given twice the last one counts.
    lines.iter().rev().find_map(|line| {
        let is_ours = |name: &str| settings.registration_flags().any(|flag| flag == name);
        let text = line.text.value.as_str();
        let own = line.setting().filter(|(name, _)| is_ours(name));
        let first = text.split_once(char::is_whitespace).filter(|_| text.starts_with('-'));
        let is_one_item = first.is_some_and(|(flag, _)| is_ours(flag.trim_start_matches('-')));
        let value = own.map(|(_, value)| value.to_owned());
        (value.is_some() || is_one_item).then_some((line.text.node, value))
    })
}

/// A variable that nobody fills in.
fn left_as_it_is(
    container: &Container,
    value: &str,
    template: &Template<'_>,
) -> Option<(Severity, Message)> {
    let name = &container.name;
    let handed = handed(container, value);
    if let Some((written, variable)) = shell_variable(handed.as_deref().unwrap_or(value)) {
        let message = message!(
            "registration-path-variable",
            container = name,
            written = written,
            variable = variable,
        );
        return (!template.is_one()).then_some((Severity::Warning, message));
    }
    // Of one that nobody defines `undefined-variable` speaks.
    let mut left = handed.as_deref().into_iter().flat_map(kubernetes_variables);
    let (written, variable) = left.find(|(_, name)| container.variable(name).is_some())?;
    let message = message!(
        "registration-path-left",
        container = name,
        written = written,
        variable = variable,
    );
    Some((Severity::Error, message))
}

/// A path below the root without the slash that it begins with.
fn relative(container: &Container, value: &str, scene: &Scene<'_>) -> Option<Message> {
    let value = expand(container, value);
    if value.starts_with('/') {
        return None;
    }
    let path = AbsPath::parse(&format!("/{value}"))?;
    let (_, rest) = scene.context.roots.locate(&path)?;
    let message = message!(
        "registration-path-relative",
        container = &container.name,
        value = value,
        path = &path,
    );
    (!rest.is_empty()).then_some(message)
}

/// Whether a pod names variables where nobody but what writes manifests fills them in.
fn is_template(pod: &Pod) -> bool {
    let images = pod.containers.iter().map(|container| container.image.as_str());
    let mounts = pod.containers.iter().flat_map(|container| &container.mounts);
    let mounts = mounts.filter_map(|mount| mount.path.as_ref());
    let paths = pod.volumes.iter().filter_map(Volume::host_path).chain(mounts);
    let mut texts = paths.map(|path| path.value.as_str()).chain(images);
    texts.any(|text| shell_variable(text).is_some())
}
