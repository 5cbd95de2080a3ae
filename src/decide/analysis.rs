//! What is decided about a run: an action and a reason for each site, insertions, findings.

use super::readers::Reading;
use super::{Insertion, Reason};
use crate::finding::{Finding, Severity};
use crate::kubepath::AbsPath;
use crate::model::Object;
use crate::sites::{Field, Passage, Site};
use crate::yaml::{Document, NodeId};
use std::ops::Range;

/// What becomes of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The site's root is replaced by this path.
    Move(AbsPath),
    /// The site's Windows root is replaced by this text.
    Respell(String),
    /// The site stays, although it isn't below the new root.
    Keep,
    /// The site is below the new root already.
    Settled,
}

impl Action {
    /// Whether the action changes the site.
    #[must_use]
    pub fn edits(&self) -> bool {
        matches!(self, Self::Move(_) | Self::Respell(_))
    }

    /// What takes the place of a site's bytes; `None` where they stay.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Move(root) => Some(root.to_string().trim_start_matches('/').to_owned()),
            Self::Respell(text) => Some(text.clone()),
            Self::Keep | Self::Settled => None,
        }
    }
}

/// A site's action and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of it.
    pub action: Action,
    /// Why.
    pub reason: Reason,
}

impl Decision {
    pub(super) fn of(action: Action, reason: Reason) -> Self {
        Self { action, reason }
    }

    pub(super) fn keep(reason: Reason) -> Self {
        Self::of(Action::Keep, reason)
    }

    pub(super) fn settled() -> Self {
        Self::of(Action::Settled, Reason::AlreadyThere)
    }

    /// Whether the site should lie below the new root and doesn't; also where it stays because its
    /// scalar is used elsewhere.
    pub(crate) fn is_amiss(&self) -> bool {
        matches!(self.action, Action::Move(_)) || self.reason == Reason::SharedUsesDisagree(true)
    }
}

/// All that was found in a run and decided about it.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The objects of each document.
    pub objects: Vec<Vec<Object>>,
    /// Every site, in the order of the documents.
    pub sites: Vec<Site>,
    /// What becomes of it; as long as `sites`.
    pub decisions: Vec<Decision>,
    /// What is written where nothing was.
    pub insertions: Vec<Insertion>,
    /// What a person should know.
    pub findings: Vec<Finding>,
    /// Which containers read ConfigMaps.
    pub(super) readings: Vec<Reading>,
    /// Settings that the tables know and that are there.
    pub(crate) known_settings: Vec<KnownSetting>,
    /// What becomes of texts that are manifests of their own. Their sites and insertions are told of above,
    /// and carried out by this.
    pub(crate) replaced: Vec<Replaced>,
}

/// Bytes of a text that is a manifest of its own, and what takes their place.
#[derive(Clone, Debug)]
pub(crate) struct Replaced {
    /// The document.
    pub(crate) doc: usize,
    /// The scalar.
    pub(crate) node: NodeId,
    /// Bytes of its value.
    pub(crate) range: Range<usize>,
    /// The new text.
    pub(crate) text: String,
}

/// What was found in texts that are manifests of their own, in terms of the documents that carry them.
#[derive(Debug, Default)]
pub(crate) struct Within {
    pub(crate) decided: Vec<(Site, Decision)>,
    pub(crate) insertions: Vec<Insertion>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) replaced: Vec<Replaced>,
}

/// A setting of a driver's that the tables know, as it's written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownSetting {
    /// The document.
    pub(crate) doc: usize,
    /// The scalar that its value is a part of.
    pub(crate) node: NodeId,
    /// What comes of a wrong value.
    pub(crate) severity: Severity,
}

impl Analysis {
    /// Each site with its decision.
    pub fn decided(&self) -> impl Iterator<Item = (&Site, &Decision)> {
        self.sites.iter().zip(&self.decisions)
    }

    /// Takes in what was found in another document; its objects stand elsewhere.
    pub(super) fn take_in(&mut self, mut other: Self) {
        self.sites.append(&mut other.sites);
        self.decisions.append(&mut other.decisions);
        self.insertions.append(&mut other.insertions);
        self.findings.append(&mut other.findings);
        self.readings.append(&mut other.readings);
        self.known_settings.append(&mut other.known_settings);
    }

    /// Takes in what was found in texts that are manifests of their own.
    pub(crate) fn take_in_texts(&mut self, mut within: Within) {
        let (mut sites, mut decisions): (Vec<_>, Vec<_>) = within.decided.into_iter().unzip();
        self.sites.append(&mut sites);
        self.decisions.append(&mut decisions);
        self.sort_sites();
        self.insertions.append(&mut within.insertions);
        self.findings.append(&mut within.findings);
        self.replaced.append(&mut within.replaced);
    }

    /// Puts sites in order that were added after all others.
    pub(super) fn sort_sites(&mut self) {
        let mut decided: Vec<_> = self.sites.drain(..).zip(self.decisions.drain(..)).collect();
        decided.sort_by_key(|(site, _)| site.doc);
        (self.sites, self.decisions) = decided.into_iter().unzip();
    }

    /// Forgets the sites that stay, unless they may matter to what else is said in the same text, or
    /// to another use of it.
    pub(super) fn keep_edits(&mut self, doc: &Document) {
        let decided = self.sites.drain(..).zip(self.decisions.drain(..));
        let edited = decided.filter(|(site, decision)| {
            decision.action.edits()
                || matches!(site.field, Field::Elsewhere(Passage::Config, _))
                || doc.is_shared(site.node)
        });
        (self.sites, self.decisions) = edited.unzip();
    }

    /// Whether nothing is to be changed.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.insertions.is_empty() && !self.decisions.iter().any(|decision| decision.action.edits())
    }
}
