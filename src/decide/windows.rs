//! Windows nodes: their root is another one, and moves only when it was given.

use super::{Action, Context, Decision, Reason};
use crate::finding::{Finding, Rule, Severity};
use crate::knowledge::HostSide;
use crate::kubepath::WindowsSpelling;
use crate::sites::Site;
use crate::words::message;

/// Decides about a Windows path.
pub(super) fn decide(
    site: &Site,
    spelling: &WindowsSpelling,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> Decision {
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
