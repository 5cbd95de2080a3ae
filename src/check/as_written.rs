//! Is what a registrar is told a path as it's written? The kubelet gets it letter by letter.

use super::handed::handed;
use super::registration::is_registrar;
use super::scene::Scene;
use super::view::ContainerView;
use crate::decide::registration::{expand, reference, shell_variable};
use crate::finding::{Rule, Severity};
use crate::kubepath::AbsPath;
use crate::model::{Line, Pod, Volume};
use crate::words::message;
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
/// on the directory in which the kubelet was started.
pub(super) fn as_written(
    container: &ContainerView<'_>,
    template: &Template<'_>,
    scene: &mut Scene<'_>,
) {
    let settings = scene.context.knowledge.settings();
    let lines = &container.container.command_line;
    let starts = |line: &Line| {
        let mut words = line.text.value.split_whitespace();
        words.any(|word| settings.starts_another(word))
    };
    if !is_registrar(container, scene) || lines.iter().any(starts) {
        return;
    }
    let value_of = |line: &Line| {
        let (name, value) = line.setting()?;
        let is_ours = settings.registration_flags().any(|flag| flag == name);
        is_ours.then(|| (line.text.node, value.to_owned()))
    };
    // Of a flag that is given twice the last one counts.
    let Some((node, value)) = lines.iter().rev().find_map(value_of) else { return };
    let (own, name) = (container.container, &container.container.name);
    let handed = handed(own, &value);
    let is_own = |name: &str| own.variable(name).is_some();
    let (severity, message) = if let Some((written, variable)) =
        shell_variable(handed.as_deref().unwrap_or(&value))
    {
        if template.is_one() {
            return;
        }
        let message = message!(
            "registration-path-variable",
            container = name,
            written = written,
            variable = variable,
        );
        (Severity::Warning, message)
    } else if let Some((written, variable)) =
        handed.as_deref().and_then(reference).filter(|(_, name)| is_own(name))
    {
        let message = message!(
            "registration-path-left",
            container = name,
            written = written,
            variable = variable,
        );
        (Severity::Error, message)
    } else {
        let value = expand(own, &value);
        let Some(path) = AbsPath::parse(&format!("/{value}")).filter(|_| !value.starts_with('/'))
        else {
            return;
        };
        let roots = scene.context.roots;
        if roots.locate(&path).is_none_or(|(_, rest)| rest.is_empty()) {
            return;
        }
        let message =
            message!("registration-path-relative", container = name, value = value, path = &path);
        (Severity::Warning, message)
    };
    scene.find(Rule::RegistrationPath, severity, node, message);
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
