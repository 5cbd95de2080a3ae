//! The Chinese README is the English one in Chinese: the same headings, commands, links, pictures
//! and codes in the same order.

use super::{Lang, readme};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What has to be the same in both languages.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Heading(HeadingLevel),
    Block(String),
    Link(String),
    Image(String),
    Code(String),
    Comment(String),
    Item,
    Row,
}

/// The other README, and places below a heading, whose names are other words.
fn target(url: &str) -> String {
    let url = url.replace("README.zh.md", "README.md").replace(".zh.svg", ".svg");
    match url.split_once('#') {
        Some(("", _)) => "#".to_owned(),
        _ => url,
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut block: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => found.push(Piece::Heading(level)),
            Event::Start(Tag::CodeBlock(_)) => block = Some(String::new()),
            Event::End(TagEnd::CodeBlock) => found.extend(block.take().map(Piece::Block)),
            Event::Text(text) => {
                if let Some(block) = &mut block {
                    block.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => found.push(Piece::Link(target(&dest_url))),
            Event::Start(Tag::Image { dest_url, .. }) => {
                found.push(Piece::Image(target(&dest_url)));
            }
            Event::Code(code) => found.push(Piece::Code(code.into_string())),
            Event::Html(html) | Event::InlineHtml(html) => {
                found.push(Piece::Comment(html.trim().to_owned()));
            }
            Event::Start(Tag::Item) => found.push(Piece::Item),
            Event::Start(Tag::TableRow) => found.push(Piece::Row),
            _ => {}
        }
    }
    found
}

/// Words stand in another order in another language: codes and links between two headings,
/// blocks, items and rows are compared as they come when sorted.
fn in_order(pieces: Vec<Piece>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for piece in pieces {
        let line = format!("{piece:?}");
        if matches!(piece, Piece::Link(_) | Piece::Code(_)) {
            words.push(line);
            continue;
        }
        words.sort();
        lines.append(&mut words);
        lines.push(line);
    }
    words.sort();
    lines.append(&mut words);
    lines
}

#[test]
fn both_readmes_say_the_same() {
    let [english, chinese] = Lang::ALL.map(|lang| in_order(pieces(&readme(lang).1)));
    for (english, chinese) in english.iter().zip(&chinese) {
        assert_eq!(english, chinese, "README.md has the first, README.zh.md the second");
    }
    assert_eq!(english.len(), chinese.len());
    assert!(english.len() > 60, "{english:?}");
}

#[test]
fn each_readme_leads_to_the_other() {
    for (lang, other) in [(Lang::English, "README.zh.md"), (Lang::Chinese, "README.md")] {
        let (_, text) = readme(lang);
        assert!(text.lines().take(8).any(|line| line.contains(&format!("]({other})"))));
    }
}

#[test]
fn a_word_that_is_missing_is_seen() {
    let all = |text| in_order(pieces(text));
    assert_eq!(all("# A\n\n`x` [y](z)\n"), all("# B\n\n[w](z) `x`\n"));
    assert_ne!(all("# A\n\n`x`\n"), all("# A\n"));
    assert_ne!(all("# A\n"), all("## A\n"));
    assert_ne!(all("```sh\na\n```\n"), all("```sh\nb\n```\n"));
    assert_ne!(all("- `x`\n- y\n"), all("- x\n- `y`\n"));
}
