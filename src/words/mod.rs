//! What is said to people: one catalogue for each language, and messages that name its entries.
//!
//! Rules hand on a [`Message`]: which text, with which values. Only where a text is printed does
//! a [`Catalogue`] turn it into words. Programs (JSON, SARIF, GitHub) always read English.

mod catalogue;
mod message;

pub use catalogue::Catalogue;
pub(crate) use message::message;
pub use message::{Argument, Message, Told};

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, the language of everything else, too.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The tag that the catalogue formats numbers and plurals by (BCP 47).
    const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// The files with what is said of manifests, each with its name.
    #[must_use]
    pub const fn messages(self) -> [File; 4] {
        match self {
            Self::English => [
                ("findings.ftl", include_str!("en/findings.ftl")),
                ("reasons.ftl", include_str!("en/reasons.ftl")),
                ("output.ftl", include_str!("en/output.ftl")),
                ("explain.ftl", include_str!("en/explain.ftl")),
            ],
            Self::Chinese => [
                ("findings.ftl", include_str!("zh/findings.ftl")),
                ("reasons.ftl", include_str!("zh/reasons.ftl")),
                ("output.ftl", include_str!("zh/output.ftl")),
                ("explain.ftl", include_str!("zh/explain.ftl")),
            ],
        }
    }

    /// The files with long texts.
    #[must_use]
    pub const fn pages(self) -> [File; 2] {
        match self {
            Self::English => [
                ("rules.ftl", include_str!("en/rules.ftl")),
                ("symptoms.ftl", include_str!("en/symptoms.ftl")),
            ],
            Self::Chinese => [
                ("rules.ftl", include_str!("zh/rules.ftl")),
                ("symptoms.ftl", include_str!("zh/symptoms.ftl")),
            ],
        }
    }
}

/// A file of a catalogue: its name, and its text in the syntax of Fluent.
pub type File = (&'static str, &'static str);
