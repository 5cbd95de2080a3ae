//! The differences that are as they should be, each with its reason.

use crate::common::TO;
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
    /// A setting that the driver has and the author's chart never sets, with the default root in it.
    HiddenDefaultWritten,
    /// The author's chart passes a flag that the program in the chart's own image doesn't know.
    UnknownFlagLeftOut,
}

impl Reason {
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::AuthorBugFixed => "author-bug-fixed",
            Self::DevicePluginsKept => "device-plugins-kept",
            Self::SentinelKept => "sentinel-kept",
            Self::RandomValue => "random-value",
            Self::HiddenDefaultWritten => "hidden-default-written",
            Self::UnknownFlagLeftOut => "unknown-flag-left-out",
        }
    }
}

/// Accepted differences: the same fields of a document in some variants of a chart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    pub(crate) chart: String,
    pub(crate) variants: Vec<String>,
    pub(crate) document: String,
    pub(crate) fields: Vec<String>,
    pub(crate) reason: Reason,
    pub(crate) why: String,
}

impl Accepted {
    /// The entry's own spelling of the differing field, when it covers it.
    pub(crate) fn covers(
        &self,
        chart: &str,
        variant: &str,
        difference: &Difference,
    ) -> Option<&str> {
        let is_ours = self.chart == chart
            && self.variants.iter().any(|name| name == variant)
            && self.document == difference.document;
        let mut fields = self.fields.iter().filter(|_| is_ours);
        fields.find(|field| matches(field, &difference.field)).map(String::as_str)
    }

    /// Every variant and field of the entry.
    pub(crate) fn spots(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variants.iter().flat_map(|variant| {
            self.fields.iter().map(move |field| (variant.as_str(), field.as_str()))
        })
    }

    /// What speaks against the reason, going by the two values alone.
    pub(crate) fn objection(&self, difference: &Difference) -> Option<&'static str> {
        let ours = difference.ours.as_deref().unwrap_or("");
        let theirs = difference.theirs.as_deref().unwrap_or("");
        let (is_right, objection) = match self.reason {
            Reason::AuthorBugFixed => (
                theirs.contains(FROM) && ours.contains(TO),
                "the author leaves nothing behind that the program moves",
            ),
            Reason::DevicePluginsKept => (
                ours == "/var/lib/kubelet/device-plugins",
                "this isn't the device plugins' directory",
            ),
            Reason::SentinelKept => {
                (ours.contains(FROM) && !ours.contains(TO), "the program's value has moved")
            }
            Reason::RandomValue => (
                [ours, theirs].iter().all(|value| !value.contains(FROM) && !value.contains(TO)),
                "a path differs",
            ),
            // The value may be the parent of the root, to which the program adds the rest.
            Reason::HiddenDefaultWritten => (
                ["", "null"].contains(&theirs) && ours.contains("/data"),
                "the author has a value here",
            ),
            Reason::UnknownFlagLeftOut => (
                ours.is_empty() && theirs.starts_with('-') && theirs.contains(TO),
                "the author passes no flag with the root here",
            ),
        };
        (!is_right).then_some(objection)
    }
}

const FROM: &str = "/var/lib/kubelet";

/// Whether a field is meant; `[*]` stands for any one item of a list.
fn matches(pattern: &str, field: &str) -> bool {
    let Some((before, after)) = pattern.split_once("[*]") else {
        return pattern == field;
    };
    field
        .strip_prefix(before)
        .and_then(|rest| rest.strip_prefix('[')?.split_once(']'))
        .is_some_and(|(_, rest)| matches(after, rest))
}
