//! What can't be mended by applying the manifest again: fields that never change on a live
//! object.

use super::Scene;
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::model::Object;
use crate::sites::Site;
use std::collections::HashMap;

/// Kinds whose paths can't be changed on a live object, and what that means for the person.
///
/// Source: k8s.io/kubernetes at v1.33, pkg/apis/core/validation/validation.go
/// (`ValidatePersistentVolumeUpdate`, `ValidatePodUpdate`) and
/// pkg/apis/batch/validation/validation.go (`ValidateJobSpecUpdate`).
const IMMUTABLE: [(&str, &str, &str); 3] = [
    (
        "PersistentVolume",
        "the source of a PersistentVolume",
        "retain it, delete it, create it anew",
    ),
    ("Pod", "the volumes of a Pod", "delete the pod and create it anew"),
    ("Job", "the template of a Job", "delete the Job and create it anew"),
];

/// Says which objects have to be created anew where they exist with another root.
/// `sites` are those of the document.
pub(super) fn judge<'s>(
    objects: &[Object],
    sites: impl Iterator<Item = &'s Site>,
    scene: &mut Scene<'_>,
) {
    let mut first: HashMap<usize, &Site> = HashMap::new();
    for site in sites {
        let row = scene.context.knowledge.role(&site.lie.rest);
        if site.lie.via.is_none() && row.host == HostSide::Moves {
            first.entry(site.object).or_insert(site);
        }
    }
    for (number, object) in objects.iter().enumerate() {
        let Some((_, what, how)) = IMMUTABLE.iter().find(|(kind, ..)| object.name.kind == *kind)
        else {
            continue;
        };
        let Some(site) = first.get(&number) else { continue };
        scene.findings.push(Finding {
            rule: Rule::ImmutableField,
            severity: Severity::Info,
            places: vec![site.place()],
            message: format!(
                "{what} can't be changed: if {} exists with another root, applying this is refused",
                object.name
            ),
            help: (*how).to_owned(),
        });
    }
}
