//! The differences that are as they should be, each with its reason.

use crate::compare::Difference;
use serde::Deserialize;

/// Why a difference is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// The author left a field behind that has to move with the others.
    AuthorBugFixed,
    /// The author moves the device plugins' directory, which the kubelet has at one fixed place.
    DevicePluginsKept,
    /// A value that the program compares with, not a path that it opens.
    SentinelKept,
    /// Made up anew at each rendering, or a checksum of what differs.
    RandomValue,
    /// A field that isn't in the default rendering; to be inserted by knowledge of the driver.
    HiddenDefaultToCome,
}

/// One accepted difference.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    pub(crate) chart: String,
    pub(crate) variant: String,
    pub(crate) document: String,
    pub(crate) field: String,
    pub(crate) reason: Reason,
}

impl Accepted {
    pub(crate) fn covers(&self, chart: &str, variant: &str, difference: &Difference) -> bool {
        self.chart == chart
            && self.variant == variant
            && self.document == difference.document
            && self.field == difference.field
    }

    /// What speaks against the reason, going by the two values alone.
    pub(crate) fn objection(&self, difference: &Difference) -> Option<&'static str> {
        let ours = difference.ours.as_deref().unwrap_or("");
        let theirs = difference.theirs.as_deref().unwrap_or("");
        match self.reason {
            Reason::AuthorBugFixed => (!theirs.contains(FROM) || !ours.contains(crate::common::TO))
                .then_some("the author leaves nothing behind here that has moved"),
            Reason::DevicePluginsKept => (!ours.contains("/var/lib/kubelet/device-plugins"))
                .then_some("this isn't the device plugins' directory"),
            Reason::SentinelKept => {
                (!ours.contains(FROM)).then_some("the program's value has moved")
            }
            Reason::RandomValue => [ours, theirs]
                .iter()
                .any(|value| value.contains(FROM) || value.contains(crate::common::TO))
                .then_some("a path differs"),
            Reason::HiddenDefaultToCome => {
                (!ours.is_empty()).then_some("the default rendering has a value here")
            }
        }
    }
}

const FROM: &str = "/var/lib/kubelet";
