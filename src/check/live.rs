//! What can't be mended by applying the manifest again: fields that never change on a live
//! object.

use super::scene::Scene;
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::model::Object;
use crate::sites::{Field, Passage, Site};
use crate::words::message;
use std::collections::HashMap;

/// Says which objects have to be created anew where they exist with another root.
/// `sites` are those of the document.
pub(super) fn judge<'s>(
    objects: &[Object],
    sites: impl Iterator<Item = &'s Site>,
    scene: &mut Scene<'_>,
) {
    let mut first: HashMap<usize, &Site> = HashMap::new();
    for site in sites {
        let row = scene.context.role(&site.lie.rest);
        let is_meta = matches!(site.field, Field::Elsewhere(Passage::Annotation, _));
        if site.lie.via.is_none() && row.host == HostSide::Moves && !is_meta {
            first.entry(site.object).or_insert(site);
        }
    }
    for (number, object) in objects.iter().enumerate() {
        let Some(what) = scene.context.knowledge.kinds().immutable(&object.name) else { continue };
        let Some(site) = first.get(&number) else { continue };
        scene.findings.push(Finding {
            rule: Rule::ImmutableField,
            severity: Severity::Info,
            places: vec![site.place()],
            message: message!(
                "immutable-field",
                how = what.attribute("how"),
                what = what,
                object = object.name.to_string(),
            ),
        });
    }
}
