//! Outside of pods: what a scalar is decides whether its paths move.

use super::{Action, Context, Decision, Reason, host, references};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::{ContainerSide, HostSide};
use crate::sites::{Passage, Site};
use crate::words::{Message, message};

/// Decides about a site in a passage; `field` is where it stands, for messages.
pub(super) fn decide(
    site: &Site,
    passage: Passage,
    field: &str,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    // Host space also knows what must not lie below the new root.
    let is_host = matches!(passage, Passage::Config | Passage::HostField) && !site.in_pattern;
    if site.is_settled() && !is_host {
        return Decision::settled();
    }
    let row = context.role(&site.lie.rest);
    // Host space knows where device plugins are.
    let stays = row.host == HostSide::Stays && !site.is_settled() && !is_host;
    if let Some(why) = row.why().filter(|_| stays) {
        return Decision::keep(Reason::RoleStays(why));
    }
    let kept = |findings: &mut Vec<Finding>, rule, severity, message: Message, reason| {
        let message = message.with("path", &site.path).with("root", context.to());
        findings.push(Finding { rule, severity, places: vec![site.place()], message });
        Decision::keep(reason)
    };
    match passage {
        // Such a site is decided in the manifest.
        Passage::Manifest => Decision::keep(Reason::NothingMoves),
        Passage::Prose => Decision::keep(Reason::Prose),
        Passage::Sentinel => Decision::keep(Reason::Sentinel),
        Passage::Shadowed => Decision::keep(Reason::Shadowed),
        Passage::Base => Decision::keep(Reason::PatchedBase),
        Passage::Remote => Decision::keep(Reason::Remote),
        _ if site.in_pattern => {
            findings.push(references::in_pattern(site, context));
            Decision::keep(Reason::InRegex)
        }
        // Whoever reads it is a container in which the path stays.
        Passage::Config
            if row.container == ContainerSide::Stays
                && row.host == HostSide::Moves
                && !site.is_settled() =>
        {
            Decision::keep(Reason::PrivateView(row.because()))
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
            message!("schema-default", moved = &context.to().join(&site.lie.rest)),
            Reason::SchemaDefault,
        ),
        Passage::Annotation => kept(
            findings,
            Rule::CopyInAnnotation,
            Severity::Info,
            message!("copy-in-annotation"),
            Reason::Annotation,
        ),
        Passage::Policy => kept(
            findings,
            Rule::PolicyNamesRoot,
            Severity::Warning,
            message!("policy-names-root"),
            Reason::Policy,
        ),
        Passage::KubeletConfig => kept(
            findings,
            Rule::ConfiguresKubelet,
            Severity::Info,
            message!("configures-kubelet"),
            Reason::ConfiguresKubelet,
        ),
        Passage::PartOfChart => kept(
            findings,
            Rule::UnknownField,
            Severity::Warning,
            message!("unknown-field-chart", field = field),
            Reason::PartOfChart,
        ),
        Passage::UnknownField => kept(
            findings,
            Rule::UnknownField,
            Severity::Warning,
            message!("unknown-field", field = field),
            Reason::UnknownField,
        ),
    }
}

/// A mountPath or an argument without its pod: the role says what its container side does.
fn fragment(site: &Site, context: &Context<'_>, findings: &mut Vec<Finding>) -> Decision {
    let row = context.role(&site.lie.rest);
    match row.container {
        ContainerSide::Moves => Decision::of(Action::Move(context.to().clone()), Reason::Patched),
        ContainerSide::Stays => Decision::keep(Reason::stays(row)),
        ContainerSide::Root => {
            findings.push(Finding {
                rule: Rule::UnknownField,
                severity: Severity::Warning,
                places: vec![site.place()],
                message: message!("unknown-field-patch", path = &site.path, root = context.to(),),
            });
            Decision::keep(Reason::UnknownField)
        }
    }
}
