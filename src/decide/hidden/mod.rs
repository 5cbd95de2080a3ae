//! What a manifest doesn't say: settings with a default root in them, paths built into programs,
//! operators that write workloads of their own.
//!
//! Nothing is written unless the workload is recognised as a driver that the tables know, and the root
//! asked for isn't the one that is built in. What no table knows is only told of.

mod containers;
mod objects;
mod operators;
mod present;
mod recognise;
mod spots;
mod unknown;
mod version;
mod words;

pub(super) use containers::{PodScene, decide as decide_pod};
pub(super) use objects::{decide as decide_objects, is_row};
pub(super) use operators::decide as decide_operators;
pub(super) use recognise::{Known, is_for_linux, registers, works_at_root};
pub(super) use unknown::decide as decide_unknown;
pub(crate) use version::may_be_in;

use super::{Analysis, Insertion, KnownSetting};
use crate::finding::Finding;
use crate::knowledge::{image_is, last_component};
use crate::kubepath::AbsPath;
use crate::model::Object;
use crate::roots::DEFAULT_ROOT;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The images of all containers of a run, by the last component of their names; put in order when
/// one is first asked for, which few runs do.
pub(super) struct RunImages<'a> {
    objects: &'a [Vec<Object>],
    images: OnceLock<HashMap<&'a str, Vec<&'a str>>>,
}

impl<'a> RunImages<'a> {
    pub(super) fn of(objects: &'a [Vec<Object>]) -> Self {
        Self { objects, images: OnceLock::new() }
    }

    fn images(&self) -> &HashMap<&'a str, Vec<&'a str>> {
        self.images.get_or_init(|| {
            let mut images: HashMap<&str, Vec<&str>> = HashMap::new();
            let pods = self.objects.iter().flatten().flat_map(|object| &object.pods);
            for container in pods.flat_map(|pod| &pod.containers) {
                let image = container.image.as_str();
                images.entry(last_component(image)).or_default().push(image);
            }
            images
        })
    }

    /// The images with this name.
    fn called(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let images = self.images().get(last_component(name)).map_or(&[][..], Vec::as_slice);
        images.iter().copied().filter(move |image| image_is(image, name))
    }
}

/// What becomes of a setting that the tables know.
enum Outcome {
    Nothing,
    /// It's there.
    Said(KnownSetting),
    Write(Box<Insertion>),
    Tell(Finding),
}

impl Outcome {
    fn enter(self, analysis: &mut Analysis) {
        match self {
            Self::Nothing => {}
            Self::Said(setting) => analysis.known_settings.push(setting),
            Self::Write(insertion) => analysis.insertions.push(*insertion),
            Self::Tell(finding) => analysis.findings.push(finding),
        }
    }
}

/// A default with the default root in it: `unix:///var/lib/kubelet/plugins/x/csi.sock`.
struct Rooted<'a> {
    /// What stands before the root.
    before: &'a str,
    /// What follows it, up to the end of the value and of what the program adds.
    after: &'a str,
    /// What the program adds to the value.
    appended: &'a str,
}

impl<'a> Rooted<'a> {
    /// `whole` is the default with what the program adds to it.
    fn of(whole: &'a str, appended: &'a str) -> Option<Self> {
        let (before, after) = whole.split_once(DEFAULT_ROOT)?;
        (after.is_empty() || after.starts_with('/')).then_some(Self { before, after, appended })
    }

    /// What follows the root, clean.
    fn rest(&self) -> String {
        AbsPath::parse(self.after).map(AbsPath::into_rest).unwrap_or_default()
    }

    /// The value for a root; `None` where what the program adds isn't the end of that root.
    fn value(&self, root: &AbsPath) -> Option<String> {
        let whole = format!("{}{root}{}", self.before, self.after);
        let value = whole.strip_suffix(self.appended)?;
        (!value.is_empty()).then(|| value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(default: &str, appended: &str, root: &str) -> Option<String> {
        let whole = format!("{default}{appended}");
        Rooted::of(&whole, appended)?.value(&AbsPath::parse(root).unwrap())
    }

    #[test]
    fn a_default_is_written_for_another_root() {
        let root = "/data/kubelet";
        for (default, expected) in [
            ("/var/lib/kubelet", "/data/kubelet"),
            ("/var/lib/kubelet/", "/data/kubelet/"),
            (
                "unix:///var/lib/kubelet/plugins/x/csi.sock",
                "unix:///data/kubelet/plugins/x/csi.sock",
            ),
        ] {
            assert_eq!(at(default, "", root).as_deref(), Some(expected));
        }
        assert_eq!(at("/var/lib", "/kubelet", root).as_deref(), Some("/data"));
    }

    #[test]
    fn what_a_program_adds_has_to_be_the_end_of_the_root() {
        assert_eq!(at("/var/lib", "/kubelet", "/data/k8s"), None);
        assert_eq!(at("/var/lib", "/kubelet", "/kubelet"), None);
        assert_eq!(at("/var/lib/kubelet-state", "", "/data/kubelet"), None);
    }

    #[test]
    fn the_part_below_the_root_says_what_a_default_is_for() {
        let rest = |default: &str| Rooted::of(default, "").map(|rooted| rooted.rest());
        assert_eq!(rest("unix:///var/lib/kubelet/plugins/x").unwrap(), "plugins/x");
        assert_eq!(rest("/var/lib/kubelet").unwrap(), "");
    }
}
