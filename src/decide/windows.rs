//! Windows nodes: their root is another one, and moves only when it was given.

use super::hidden::is_for_linux;
use super::{Action, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::{AbsPath, WindowsSpelling};
use crate::model::Pod;
use crate::roots::DEFAULT_ROOT;
use crate::sites::{Field, Site};
use crate::words::message;
use crate::yaml::Document;

/// Decides about a Windows path; `pod` is the one that it stands in.
pub(super) fn decide(
    site: &Site,
    (doc, pod): (&Document, Option<&Pod>),
    spelling: &WindowsSpelling,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
    // An argument may well tell a program of both kinds of nodes.
    let is_mounted = matches!(site.field, Field::HostPath(_) | Field::MountPath(_));
    if is_mounted && pod.is_some_and(|pod| is_for_linux(doc, pod)) {
        findings.push(Finding {
            rule: Rule::WindowsPath,
            severity: Severity::Warning,
            places: vec![site.place()],
            message: message!(
                "windows-path-on-linux",
                path = doc.str(site.node).unwrap_or_default(),
                slashes = &slashes(site, context),
            ),
        });
        return Decision::keep(Reason::NoLinuxPath);
    }
    if site.is_settled() {
        return Decision::settled();
    }
    let row = context.role(&site.lie.rest);
    if row.host == HostSide::Stays {
        return Decision::keep(Reason::stays(row));
    }
    if let Some(root) = context.roots.windows() {
        return Decision::of(Action::Respell(root.respelled(spelling)), Reason::HostFollowsRoot);
    }
    findings.push(Finding {
        rule: Rule::WindowsPath,
        severity: Severity::Info,
        places: vec![site.place()],
        message: message!("windows-path"),
    });
    Decision::keep(Reason::Windows)
}

/// What a path would be on Linux nodes: below the new root, or, where it doesn't follow, the default one.
fn slashes(site: &Site, context: &Context<'_>) -> AbsPath {
    let row = context.role(&site.lie.rest);
    let default = AbsPath::parse(DEFAULT_ROOT).filter(|_| row.host == HostSide::Stays);
    default.as_ref().unwrap_or_else(|| context.to()).join(&site.lie.rest)
}
