//! What options may say.

use super::root::{TypedRootError, root};
use crate::finding::Severity;
use crate::kubepath::Root;
use crate::words::Language;
use bytesize::ByteSize;
use clap::ValueEnum;

/// A value of `--from`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// Find the roots in use.
    Auto,
    /// This root.
    Root(Root),
}

impl std::fmt::Display for From {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Root(root) => root.fmt(f),
        }
    }
}

impl From {
    /// The root that is named.
    #[must_use]
    pub fn root(&self) -> Option<&Root> {
        match self {
            Self::Auto => None,
            Self::Root(root) => Some(root),
        }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// Says why it is no root.
    pub fn parse(text: &str) -> Result<Self, TypedRootError> {
        match text {
            "auto" => Ok(Self::Auto),
            word => root(word).map(Self::Root),
        }
    }
}

/// Reads a size in bytes.
///
/// # Errors
/// Says how a size is written.
pub(crate) fn size(text: &str) -> Result<ByteSize, String> {
    text.trim().parse().map_err(|_| {
        "a size is a number of bytes, up to 16 EiB, or a number with a unit: 500000, 64MiB, 1.5GB"
            .to_owned()
    })
}

/// What `--emit` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// A list for `patches:` of a kustomization, or of a Flux object.
    KustomizePatches,
    /// A whole component, for `components:` of a kustomization.
    Kustomization,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the source line, what breaks, what to do.
    Human,
    /// JSON by docs/check.schema.json.
    Json,
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

/// Which findings make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// The driver stops or data is lost.
    Error,
    /// Works today and is fragile.
    Warning,
    /// Every finding.
    Info,
}

impl FailOn {
    /// The least harmful severity that makes the run fail.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
        }
    }
}

/// The language of what is said about manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Simplified Chinese (简体中文).
    Zh,
}

impl Lang {
    /// The catalogue's language.
    #[must_use]
    pub(crate) const fn language(self) -> Language {
        match self {
            Self::En => Language::English,
            Self::Zh => Language::Chinese,
        }
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR says otherwise; messages also with FORCE_COLOR and in CI.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How an explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people.
    Human,
    /// JSON by docs/explain.schema.json.
    Json,
}

/// How knowledge is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KnowledgeFormat {
    /// For people.
    Human,
    /// JSON by docs/knowledge.schema.json.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_with_or_without_a_unit() {
        let sizes = [
            ("10", 10),
            ("1KiB", 1024),
            ("1k", 1000),
            ("1.5MiB", 1_572_864),
            (" 5 MB", 5_000_000),
            ("1GiB", 1 << 30),
        ];
        for (text, expected) in sizes {
            assert_eq!(size(text).unwrap().as_u64(), expected, "{text}");
        }
        for text in ["", " ", "abc", "1e6", "5XB", "0x10", "-1", "9999999999999999999999"] {
            let error = size(text).unwrap_err();
            assert!(error.starts_with("a size is a number of bytes"), "{text}: {error}");
        }
    }
}
