//! What can't be mended by applying the manifest again: fields that never change on a live
//! object.

use super::Scene;
use crate::decide::Analysis;
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::model::Object;
use crate::sites::Site;

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
pub(super) fn judge(objects: &[Object], analysis: &Analysis, scene: &mut Scene<'_>) {
    for (number, object) in objects.iter().enumerate() {
        let Some((_, what, how)) = IMMUTABLE.iter().find(|(kind, ..)| object.name.kind == *kind)
        else {
            continue;
        };
        let knowledge = scene.context.knowledge;
        let is_own = |site: &&Site| {
            site.doc == scene.doc
                && site.object == number
                && site.lie.via.is_none()
                && knowledge.role(&site.lie.rest).host == HostSide::Moves
        };
        let Some(site) = analysis.sites.iter().find(is_own) else { continue };
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
