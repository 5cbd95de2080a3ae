//! Outside of pods: what a scalar is decides whether its paths move.

use super::{Action, Context, Decision, Reason, host, references};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::{ContainerSide, HostSide};
use crate::sites::{Passage, Site};

/// Decides about a site in a passage; `field` is where it stands, for messages.
pub(super) fn decide(
    site: &Site,
    passage: Passage,
    field: &str,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    // Host space also knows what must not lie below the new root.
    let is_host = matches!(passage, Passage::Config | Passage::HostField) && !site.in_regex;
    if context.is_settled(site) && !is_host {
        return Decision::settled();
    }
    let row = context.knowledge.role(&site.lie.rest);
    let stays = row.host == HostSide::Stays && !context.is_settled(site);
    if let Some(why) = row.why.as_ref().filter(|_| stays) {
        return Decision::keep(Reason::RoleStays(why.clone()));
    }
    let kept =
        |findings: &mut Vec<Finding>, rule, severity, message: String, help: String, reason| {
            findings.push(Finding { rule, severity, places: vec![site.place()], message, help });
            Decision::keep(reason)
        };
    let to = context.to();
    match passage {
        Passage::Prose => Decision::keep(Reason::Prose),
        Passage::Sentinel => Decision::keep(Reason::Sentinel),
        Passage::Shadowed => Decision::keep(Reason::Shadowed),
        Passage::Remote => Decision::keep(Reason::Remote),
        _ if site.in_regex => {
            findings.push(references::in_pattern(site, context));
            Decision::keep(Reason::InRegex)
        }
        Passage::Config => host::decide_as(site, Reason::Configuration, context, findings),
        Passage::HostField => {
            host::decide_as(site, Reason::HostSetting(field.to_owned()), context, findings)
        }
        Passage::Mount | Passage::PatchedReference => fragment(site, context, findings),
        Passage::SchemaDefault => kept(
            findings,
            Rule::SchemaDefault,
            Severity::Info,
            format!("{} is the default of a field in a schema and was left as it is", site.path),
            format!("set the field itself to {to} where the resource is created"),
            Reason::SchemaDefault,
        ),
        Passage::Annotation => kept(
            findings,
            Rule::CopyInAnnotation,
            Severity::Info,
            format!("{} stands in an annotation and was left as it is", site.path),
            "an annotation is a copy or an example; whatever writes it will write it again"
                .to_owned(),
            Reason::Annotation,
        ),
        Passage::Policy => kept(
            findings,
            Rule::PolicyNamesRoot,
            Severity::Warning,
            format!("{} stands in a policy and was left as it is", site.path),
            format!("make sure that the policy also covers {to}"),
            Reason::Policy,
        ),
        Passage::KubeletConfig => kept(
            findings,
            Rule::ConfiguresKubelet,
            Severity::Info,
            format!("{} configures the kubelet or its node and was left as it is", site.path),
            "this is where the root is decided, not where it is followed".to_owned(),
            Reason::ConfiguresKubelet,
        ),
        Passage::UnknownField => kept(
            findings,
            Rule::UnknownField,
            Severity::Warning,
            format!(
                "{} stands in {field}, a field that isn't known here; it was left as it is",
                site.path
            ),
            format!("if it is a path on the node, change it to lie below {to}"),
            Reason::UnknownField,
        ),
    }
}

/// A mountPath or an argument without its pod: the role says what its container side does.
fn fragment(site: &Site, context: &Context<'_>, findings: &mut Vec<Finding>) -> Decision {
    let row = context.knowledge.role(&site.lie.rest);
    match (row.container, &row.why) {
        (ContainerSide::Moves, _) => {
            Decision::of(Action::Move(context.to().clone()), Reason::Patched)
        }
        (ContainerSide::Stays, why) => {
            Decision::keep(Reason::RoleStays(why.clone().unwrap_or_default()))
        }
        (ContainerSide::Root, _) => {
            findings.push(Finding {
                rule: Rule::UnknownField,
                severity: Severity::Warning,
                places: vec![site.place()],
                message: format!(
                    "{} stands in a patch whose pod isn't here; it was left as it is",
                    site.path
                ),
                help: format!("in a CSI node plugin, write {} here", context.to()),
            });
            Decision::keep(Reason::UnknownField)
        }
    }
}
