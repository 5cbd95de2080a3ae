//! The picture of the house, and the tables of its page.

use crate::house::{House, Room};
use std::fmt::Write as _;

const LEFT: usize = 200;
const BOX: (usize, usize) = (104, 40);
const STEP: usize = BOX.0 + 8;
const FLOOR: usize = 58;
const TOP: usize = 16;
/// Rooms on the way stand in the first columns.
const LANE: usize = 2;

/// The house as SVG: a band for each floor, a box for each room, and the way of a manifest.
pub(crate) fn svg(house: &House) -> String {
    let on_way = |room: &Room| house.way.contains(&room.name);
    let mut boxes = String::new();
    let mut bands = String::new();
    let mut centres = Vec::new();
    let mut columns = 0;
    for (floor, own) in house.floors.iter().enumerate() {
        let y = TOP + floor * FLOOR;
        let _ = writeln!(
            bands,
            "  <text class=\"title\" x=\"12\" y=\"{}\">{}</text>",
            y + 18,
            escaped(&own.title)
        );
        for (line, words) in wrapped(&own.note, 36).iter().enumerate() {
            let _ = writeln!(
                bands,
                "  <text class=\"note\" x=\"12\" y=\"{}\">{}</text>",
                y + 32 + 11 * line,
                escaped(words)
            );
        }
        let below = y + FLOOR - 5;
        let _ = writeln!(bands, "  <path class=\"floor\" d=\"M12 {below}H@\"/>");
        let mut column = own.rooms.iter().filter(|room| on_way(room)).count();
        assert!(column <= LANE, "more rooms on the way than the lane has: {}", own.title);
        column = LANE;
        let mut lane = 0;
        for room in &own.rooms {
            let place = if on_way(room) { &mut lane } else { &mut column };
            let x = LEFT + *place * STEP;
            *place += 1;
            columns = columns.max(*place);
            let class = if on_way(room) { "room way" } else { "room" };
            let _ = writeln!(
                boxes,
                "  <rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>\n  \
                 <text class=\"name\" x=\"{}\" y=\"{}\">{}</text>\n  \
                 <text class=\"short\" x=\"{}\" y=\"{}\">{}</text>",
                y + 4,
                BOX.0,
                BOX.1,
                x + BOX.0 / 2,
                y + 21,
                escaped(&room.name),
                x + BOX.0 / 2,
                y + 35,
                escaped(&room.short),
            );
            if let Some(stop) = house.way.iter().position(|name| *name == room.name) {
                centres.push((stop, x, y + 4));
            }
        }
    }
    centres.sort_unstable();
    let mut way = String::new();
    for pair in centres.windows(2) {
        let ((_, x, y), (_, to_x, to_y)) = (pair[0], pair[1]);
        let (from, to) = if y == to_y {
            ((x + BOX.0, y + BOX.1 / 2), (to_x, to_y + BOX.1 / 2))
        } else {
            ((x + BOX.0 / 2, y), (to_x + BOX.0 / 2, to_y + BOX.1))
        };
        let _ = writeln!(
            way,
            "  <path class=\"line\" marker-end=\"url(#head)\" d=\"M{} {}L{} {}\"/>",
            from.0, from.1, to.0, to.1
        );
    }
    let width = LEFT + columns * STEP + 8;
    let height = TOP + house.floors.len() * FLOOR + 26;
    let bands = bands.replace('@', &(width - 12).to_string());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"The modules of csi-relocate on {} floors\">\n\
         <!-- Made from tests/architecture/floors.yaml by the test called architecture -->\n\
         <style>\n\
         text {{ font-family: system-ui, sans-serif; fill: #1f2328; }}\n\
         .title {{ font-size: 14px; font-weight: 600; }}\n\
         .note, .short, .foot {{ font-size: 9.5px; fill: #59636e; }}\n\
         .name {{ font-family: ui-monospace, monospace; font-size: 13px; text-anchor: middle; }}\n\
         .short {{ text-anchor: middle; }}\n\
         .room {{ fill: #f6f8fa; stroke: #afb8c1; }}\n\
         .way {{ fill: #ddf4ff; stroke: #0969da; }}\n\
         .floor {{ stroke: #d1d9e0; }}\n\
         .line {{ stroke: #0969da; stroke-width: 1.6; fill: none; }}\n\
         </style>\n\
         <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" \
         markerHeight=\"6\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#0969da\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         {bands}{way}{boxes}  \
         <text class=\"foot\" x=\"{LEFT}\" y=\"{}\">A room uses its own floor and those below. \
         Blue: the way of a manifest, from bytes to a proved result.</text>\n\
         </svg>\n",
        house.floors.len(),
        height - 10
    )
}

/// The rooms as a table for each floor.
pub(crate) fn tables(house: &House) -> String {
    let mut out = String::new();
    for floor in &house.floors {
        let _ = write!(
            out,
            "### {}\n\n{}.\n\n| Room | What | Uses |\n|---|---|---|\n",
            floor.title,
            capital(&floor.note)
        );
        for room in &floor.rooms {
            let uses = match &room.only {
                None if room.io => {
                    "its floor and those below; files, terminal, environment".to_owned()
                }
                None => "its floor and those below".to_owned(),
                Some(only) if only.is_empty() => "nothing".to_owned(),
                Some(only) => {
                    let names: Vec<String> = only.iter().map(|name| format!("`{name}`")).collect();
                    format!("only {}", names.join(", "))
                }
            };
            let _ = writeln!(out, "| `{}` | {} | {uses} |", room.name, room.what);
        }
        out.push('\n');
    }
    out.push_str("### Libraries\n\nKnown to these rooms only:\n\n| Library | Rooms |\n|---|---|\n");
    for (library, rooms) in &house.kept_to {
        let rooms: Vec<String> = rooms.iter().map(|room| format!("`{room}`")).collect();
        let _ = writeln!(out, "| `{library}` | {} |", rooms.join(", "));
    }
    out
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().unwrap();
        if !line.is_empty() && line.len() + 1 + word.len() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
