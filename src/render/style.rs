//! Styles of what a person reads. Each is taken away again where no colours are wanted.

use anstyle::{AnsiColor, Style};

/// Names and headings.
pub(super) const BOLD: Style = Style::new().bold();

/// What may be skipped.
pub(super) const DIM: Style = Style::new().dimmed();

/// What comes out: a new path, a command to type.
pub(super) const NEW: Style = AnsiColor::Green.on_default().bold();

/// What stays although one might think otherwise, and what a person has to know first.
pub(super) const MARK: Style = AnsiColor::Yellow.on_default();
