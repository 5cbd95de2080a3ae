//! A page for each rule: its severities, an example, who says it, where the facts are from. Its
//! texts stand in the catalogue.

use super::{KnowledgeError, read};
use crate::finding::{Rule, Severity};
use crate::words::Catalogue;
use serde::Deserialize;
use std::fmt::Write as _;

/// The table's file name.
const TABLE: &str = "rules.yaml";

/// What a person may want to know about a rule, besides its texts in the catalogue: `rule-<id>`
/// with the attributes `what`, `why` and `fix`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The rule's id.
    pub id: String,
    /// The severities with which it is said, the usual one first.
    pub severities: Vec<Severity>,
    /// A few lines of YAML that bring it about; empty where no manifest can.
    #[serde(default)]
    pub example: String,
    /// The commands that say it.
    pub commands: Vec<Speaker>,
    /// Where somebody else can look the facts up.
    pub sources: Vec<String>,
}

/// A command that findings come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The filter, which rewrites manifests.
    Rewrite,
    /// `check`, which judges them.
    Check,
}

impl Speaker {
    /// The command as it is typed.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::Rewrite => "csi-relocate",
            Self::Check => "csi-relocate check",
        }
    }
}

/// The pages of all rules, in the order of [`Rule::ALL`].
#[derive(Clone, Debug)]
pub struct Pages {
    pages: Vec<Page>,
    /// Stands in for a page that is missing; reading refuses such a table.
    missing: Page,
}

impl Pages {
    /// Reads the table that is built into the program.
    ///
    /// # Errors
    /// When a rule has no page or several, or a page lacks something.
    pub fn builtin() -> Result<Self, KnowledgeError> {
        Self::of(read(TABLE, built!("rules"))?)
            .map_err(|message| KnowledgeError { table: TABLE, message })
    }

    fn of(pages: Vec<Page>) -> Result<Self, String> {
        let order = pages.iter().map(|page| page.id.as_str());
        if !order.eq(Rule::ALL.iter().map(|rule| rule.id())) {
            return Err("the pages are those of all rules, each once, in their order".to_owned());
        }
        for page in &pages {
            let has_blank = page.sources.iter().any(|source| is_blank(source));
            let has_example = page.commands.is_empty() || !is_blank(&page.example);
            let is_empty = page.sources.is_empty() || page.severities.is_empty();
            if has_blank || is_empty || !has_example {
                return Err(format!("the page of {} lacks something", page.id));
            }
        }
        let missing = Page {
            id: String::new(),
            severities: Vec::new(),
            example: String::new(),
            commands: Vec::new(),
            sources: Vec::new(),
        };
        Ok(Self { pages, missing })
    }

    /// The page of a rule.
    #[must_use]
    pub fn page(&self, rule: Rule) -> &Page {
        self.pages.iter().find(|page| page.id == rule.id()).unwrap_or(&self.missing)
    }

    /// Every rule with its page, most harmful first.
    pub fn all(&self) -> impl Iterator<Item = (Rule, &Page)> {
        Rule::ALL.into_iter().map(|rule| (rule, self.page(rule)))
    }

    /// The pages whose rule is usually said with this severity.
    fn usually(&self, severity: Severity) -> impl Iterator<Item = (Rule, &Page)> {
        self.all().filter(move |(_, page)| page.severities.first() == Some(&severity))
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// The sections of the document: a severity, its heading and what it means.
const SECTIONS: [(Severity, &str, &str); 3] = [
    (Severity::Error, "Errors", "The driver stops, or data is lost."),
    (Severity::Warning, "Warnings", "It works today and is fragile, or nobody can tell."),
    (Severity::Info, "For information", "Worth knowing."),
];

/// All pages as one document, `docs/rules.md`.
#[must_use]
pub fn markdown(pages: &Pages, words: &Catalogue) -> String {
    let mut out = String::from(
        "# What csi-relocate finds\n\n\
         <!-- Made from src/knowledge/rules.yaml and src/words/en/rules.ftl:\n     UPDATE_DOCS=1 cargo test --test rules -->\n\n\
         Each finding carries the id of a rule. This is what the rules mean: what is there, what \
         breaks\nand whether anything tells, and what to do. In all examples the kubelet lives in \
         `/data/kubelet`;\nin examples of the rewriting it did live in `/var/lib/kubelet` before. \
         Within a section the most\nharmful comes first.\n",
    );
    for (severity, heading, meaning) in SECTIONS {
        let _ = write!(out, "\n**{heading}.** {meaning}\n\n");
        for (rule, _) in pages.usually(severity) {
            let _ = writeln!(out, "- [{id}](#{id}): {}", words.say(&rule.title()), id = rule.id());
        }
    }
    for (severity, heading, meaning) in SECTIONS {
        let _ = write!(out, "\n## {heading}\n\n{meaning}\n");
        for (rule, page) in pages.usually(severity) {
            section(&mut out, rule, page, words);
        }
    }
    out
}

fn section(out: &mut String, rule: Rule, page: &Page, words: &Catalogue) {
    let text = |part: &str| words.paragraphs(&format!("rule-{}.{part}", rule.id())).join("\n\n");
    let _ = write!(out, "\n### {}\n\n**{}.** ", rule.id(), words.say(&rule.title()));
    let commands: Vec<String> =
        page.commands.iter().map(|speaker| format!("`{}`", speaker.command())).collect();
    let said = match page.severities.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [usual, others @ ..] => {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            format!("{usual}, in some cases {}", others.join(" or "))
        }
    };
    let _ = match commands.as_slice() {
        [] => writeln!(out, "No command says it yet."),
        some => writeln!(out, "Said by {} ({said}).", some.join(" and ")),
    };
    let _ = write!(out, "\n{}\n\n{}\n", text("what"), text("why"));
    if !is_blank(&page.example) {
        let _ = write!(out, "\n```yaml\n{}\n```\n", page.example.trim_end());
    }
    let _ = write!(out, "\nWhat to do: {}\n\nSources:\n\n", text("fix"));
    for source in &page.sources {
        let _ = writeln!(out, "- {source}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_one_page_with_sources() {
        let pages = Pages::builtin().unwrap();
        for (rule, page) in pages.all() {
            assert_eq!(page.id, rule.id());
            assert!(!page.sources.is_empty(), "{}", page.id);
            assert!(page.commands.is_sorted(), "{}", page.id);
            let severities: BTreeSet<Severity> = page.severities.iter().copied().collect();
            assert_eq!(severities.len(), page.severities.len(), "{}", page.id);
        }
    }

    #[test]
    fn a_page_that_lacks_something_is_refused() {
        let pages = Pages::builtin().unwrap().pages;
        assert!(Pages::of(pages.iter().skip(1).cloned().collect()).is_err());
        let mut twice = pages.clone();
        twice[1] = twice[0].clone();
        assert!(Pages::of(twice).is_err());
        let mut without = pages.clone();
        without[3].sources.clear();
        assert!(Pages::of(without).is_err());
        let mut blank = pages;
        blank[3].sources[0] = " ".to_owned();
        assert!(Pages::of(blank).is_err());
    }

    #[test]
    fn examples_are_yaml() {
        for (_, page) in Pages::builtin().unwrap().all() {
            let example: Result<serde_yaml::Value, _> = serde_yaml::from_str(&page.example);
            assert!(example.is_ok(), "{}: {example:?}", page.id);
        }
    }
}
