//! The picture of a run: a terminal's output, from a real run of the program, as SVG.

use super::Lang;
use crate::common::fresh::is_fresh;
use crate::common::{Folder, program, testdata};
use anstyle_svg::{Palette, Term};
use textwrap::core::{Word, display_width};
use textwrap::{Options, WordSeparator};

/// As wide as the picture's terminal is; longer lines go on in the next one.
const COLUMNS: usize = 92;

/// At most so many lines, for a reader's screen.
const LINES: usize = 40;

/// The manifest, by the name that it has in the picture.
const FILE: &str = "node.yaml";
const MANIFEST: &str = "readme/half-moved.yaml";

/// What is typed, and the exit code.
const STEPS: [(&str, i32); 4] = [
    ("csi-relocate check --kubelet-root /data/kubelet node.yaml", 1),
    ("csi-relocate --kubelet-root /data/kubelet --diff node.yaml", 1),
    ("csi-relocate --kubelet-root /data/kubelet --in-place node.yaml", 0),
    ("csi-relocate check --kubelet-root /data/kubelet node.yaml", 0),
];

type Rgb = (u8, u8, u8);

const BACKGROUND: Rgb = (22, 27, 34);
const FOREGROUND: Rgb = (230, 237, 243);

/// Colours with enough contrast on the background; black to white, and the same bright.
const COLOURS: [Rgb; 16] = [
    (72, 79, 88),
    (255, 123, 114),
    (86, 211, 100),
    (210, 153, 34),
    (121, 192, 255),
    (210, 168, 255),
    (86, 212, 221),
    (230, 237, 243),
    (110, 118, 129),
    (255, 123, 114),
    (86, 211, 100),
    (227, 179, 65),
    (121, 192, 255),
    (210, 168, 255),
    (86, 212, 221),
    (255, 255, 255),
];

/// What a terminal shows of the whole run.
fn session(lang: Lang) -> String {
    let folder = Folder::with(&[(FILE, &testdata(MANIFEST))]);
    let mut shown = String::new();
    for (index, (typed, code)) in STEPS.iter().enumerate() {
        let typed = typed.replace(" --kubelet-root", &format!("{} --kubelet-root", lang.option()));
        let output = program()
            .args(typed.split_whitespace().skip(1))
            // As it's on a terminal.
            .args(["--color", "always"])
            .env_remove("NO_COLOR")
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(*code), "{typed}");
        if index > 0 && !shown.ends_with("\n\n") {
            shown.push('\n');
        }
        shown.push_str(&format!("\u{1b}[92m$\u{1b}[0m \u{1b}[1m{typed}\u{1b}[0m\n"));
        for stream in [output.stdout, output.stderr] {
            shown.push_str(&String::from_utf8(stream).unwrap());
        }
    }
    shown
}

fn is_chinese(c: char) -> bool {
    !c.is_ascii() && display_width(c.encode_utf8(&mut [0; 4])) == 2
}

fn is_closing(c: char) -> bool {
    "，。：；、）".contains(c)
}

/// A line goes on in the next one behind a blank, and between Chinese characters, but not before
/// their punctuation.
fn pieces() -> WordSeparator {
    WordSeparator::Custom(|line| {
        let ends = line.char_indices().zip(line.chars().skip(1)).filter(|((_, c), next)| {
            (*c == ' ' && *next != ' ')
                || (is_chinese(*c) && is_chinese(*next) && !is_closing(*next))
        });
        let mut ends: Vec<usize> = ends.map(|((at, c), _)| at + c.len_utf8()).collect();
        ends.push(line.len());
        let mut start = 0;
        Box::new(ends.into_iter().map(move |end| {
            let piece = &line[start..end];
            start = end;
            Word::from(piece)
        }))
    })
}

fn picture(session: &str) -> String {
    let wrapped: Vec<String> = session
        .trim_end()
        .lines()
        .map(|line| match display_width(line) {
            0..=COLUMNS => line.to_owned(),
            _ => textwrap::fill(line, Options::new(COLUMNS).word_separator(pieces())),
        })
        .collect();
    let wrapped = wrapped.join("\n");
    assert!(wrapped.lines().count() <= LINES, "{} lines", wrapped.lines().count());
    let rgb = |(r, g, b): Rgb| anstyle::RgbColor(r, g, b);
    let svg = Term::new()
        .palette(Palette(COLOURS.map(rgb)))
        .bg_color(rgb(BACKGROUND).into())
        .fg_color(rgb(FOREGROUND).into())
        .render_svg(&wrapped);
    scalable(&svg)
}

/// With a `viewBox`, without which a page that is too narrow would cut the picture off.
fn scalable(svg: &str) -> String {
    let (head, rest) = svg.split_once('>').unwrap();
    let size = |name: &str| {
        let value = head.split(&format!("{name}=\"")).nth(1).unwrap();
        value.split("px").next().unwrap().parse::<usize>().unwrap()
    };
    format!("{head} viewBox=\"0 0 {} {}\" role=\"img\">{rest}", size("width"), size("height"))
}

#[test]
fn the_pictures_are_of_a_real_run() {
    for lang in Lang::ALL {
        is_fresh(lang.picture(), &picture(&session(lang)), "readme");
    }
}

/// The READMEs tell in words what the picture shows, and where its manifest is.
#[test]
fn the_picture_is_told_in_words() {
    for lang in Lang::ALL {
        let (_, readme) = super::readme(lang);
        let (before, _) = readme.split_once(&format!("]({})", lang.picture())).unwrap();
        let (_, alt) = before.rsplit_once("![").unwrap();
        assert!(alt.contains("check") && alt.chars().count() > 40, "{alt}");
        assert!(readme.contains(&format!("](testdata/{MANIFEST})")));
    }
}
