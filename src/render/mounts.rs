//! A drawing of what containers see of the node.

use super::Page;
use super::style::BOLD;
use crate::explain::mounts::{Directory, Drawing, Propagation, View};
use crate::report::plain;
use crate::words::{Message, message};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use textwrap::core::display_width;

/// One drawing for each pod, with what its arrows mean.
#[must_use]
pub fn mounts(drawings: &[Drawing], page: Page<'_>) -> String {
    if drawings.is_empty() {
        return format!("{}\n", page.words.say(&message!("explain-drawn-none")));
    }
    let mut out = String::new();
    for drawing in drawings {
        draw(drawing, page, &mut out);
        out.push('\n');
    }
    let views = drawings.iter().flat_map(|drawing| &drawing.directories);
    let views = views.flat_map(|directory| &directory.views);
    let arrows: BTreeSet<Propagation> = views.map(|view| view.propagation).collect();
    for arrow in arrows {
        let text = page.words.say(&match arrow {
            Propagation::None => message!("mounts-private"),
            Propagation::HostToContainer => message!("mounts-inward"),
            Propagation::Bidirectional => message!("mounts-both"),
        });
        let _ = writeln!(out, "{}", super::wrap::wrap(&text, page.width, "", "     "));
    }
    out
}

/// One line of a drawing.
struct Row {
    /// The path on the node; empty where it's that of the row above.
    host: String,
    arrow: &'static str,
    container: String,
    path: String,
    notes: String,
}

fn draw(drawing: &Drawing, page: Page<'_>, out: &mut String) {
    let say = |message: &Message| plain(&page.words.say(message));
    let title = message!("mounts-title", object = drawing.object.to_string());
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}\n", say(&title));
    let head = (say(&message!("mounts-host")), say(&message!("mounts-container")));
    let rows: Vec<(&Directory, Vec<Row>)> =
        drawing.directories.iter().map(|directory| (directory, rows(directory, &say))).collect();
    let all = || rows.iter().flat_map(|(_, rows)| rows);
    let width = |of: fn(&Row) -> &str| all().map(|row| display_width(of(row))).max();
    let host = width(|row| &row.host).unwrap_or_default().max(display_width(&head.0));
    let container = width(|row| &row.container).unwrap_or_default();
    let path = width(|row| &row.path).unwrap_or_default();
    let _ = writeln!(out, "{}       {}", padded(&head.0, host), head.1);
    for (directory, rows) in &rows {
        for Row { host: on_node, arrow, container: name, path: inside, notes } in rows {
            let line = format!(
                "{} {arrow}  {}  {}  {notes}",
                padded(on_node, host),
                padded(name, container),
                padded(inside, path),
            );
            let _ = writeln!(out, "{}", line.trim_end());
        }
        if let Some(role) = directory.role {
            let _ = writeln!(out, "  {}", say(&role.message()));
        }
    }
}

fn rows(directory: &Directory, say: &dyn Fn(&Message) -> String) -> Vec<Row> {
    let row = |(number, view): (usize, &View)| Row {
        host: if number == 0 { plain(&directory.host) } else { String::new() },
        arrow: match view.propagation {
            Propagation::None => "────",
            Propagation::HostToContainer => "───▶",
            Propagation::Bidirectional => "◀══▶",
        },
        container: plain(&view.container),
        path: plain(&view.path),
        notes: notes(view, say),
    };
    directory.views.iter().enumerate().map(row).collect()
}

fn notes(view: &View, say: &dyn Fn(&Message) -> String) -> String {
    let mut notes = Vec::new();
    if view.read_only {
        notes.push(say(&message!("mounts-read-only")));
    }
    if !view.sub_path_expr.is_empty() {
        notes.push(say(&message!("mounts-sub-path", path = &view.sub_path_expr)));
    }
    notes.join(", ")
}

/// A text with spaces behind it, up to a width in columns.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}
