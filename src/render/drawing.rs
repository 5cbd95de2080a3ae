//! How problems are drawn, and in how many columns.

use super::wrap::wrap;
use annotate_snippets::Renderer;
use unicode_width::UnicodeWidthStr as _;

/// Messages in fewer columns than this would be towers of words.
const NARROWEST: usize = 30;

/// How problems are drawn: with styles, which a stream may take out again, or without; and where
/// their messages are broken.
#[derive(Debug)]
pub struct Drawing {
    renderer: Renderer,
    /// What reads it may want each message in one line: other programs, and files.
    columns: Option<usize>,
}

impl Drawing {
    /// With styles; in so many columns, if a terminal has them.
    #[must_use]
    pub fn styled(columns: Option<usize>) -> Self {
        Self { renderer: Renderer::styled(), columns }
    }

    /// Without styles, each message in one line.
    #[must_use]
    pub fn plain() -> Self {
        Self { renderer: Renderer::plain(), columns: None }
    }

    pub(super) fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// A message that stands behind these labels, broken between words.
    pub(super) fn fit(&self, message: String, labels: &[&str]) -> String {
        let Some(columns) = self.columns else { return message };
        let before: usize = labels.iter().map(|label| label.width()).sum();
        wrap(&message, columns.saturating_sub(before).max(NARROWEST), "", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_broken_where_a_terminal_ends() {
        let message = || "pods start, and what they write is lost: it stays on the disk".to_owned();
        let labels = ["error", "[parity-broken]: "];
        let broken = Drawing::styled(Some(60)).fit(message(), &labels);
        assert_eq!(broken, "pods start, and what they write is\nlost: it stays on the disk");
        assert_eq!(Drawing::styled(None).fit(message(), &labels), message());
        let narrow = Drawing::styled(Some(20)).fit(message(), &labels);
        assert!(narrow.lines().all(|line| line.len() <= NARROWEST), "{narrow}");
    }
}
