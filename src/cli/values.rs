//! What options may say.

use super::root::{TypedRootError, root};
use crate::finding::Severity;
use crate::kubepath::Root;
use crate::words::Language;
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
