//! Links and headings of a Markdown text.

use crate::html;
use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::cell::RefCell;
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub(crate) struct Links {
    /// Where each stands, and where it leads.
    pub(crate) links: Vec<(usize, String)>,
    /// What a link may name: headings as forges call them, and ids in HTML.
    pub(crate) anchors: BTreeSet<String>,
    /// The levels of the headings.
    pub(crate) levels: Vec<usize>,
    /// Names that are used for a link and defined nowhere.
    pub(crate) undefined: Vec<(usize, String)>,
}

pub(crate) fn links(text: &str) -> Links {
    let line = |offset: usize| text[..offset].matches('\n').count() + 1;
    let undefined = RefCell::new(Vec::new());
    let note = |link: BrokenLink<'_>| {
        // `[word]` alone is ordinary text.
        if link.link_type != LinkType::Shortcut {
            undefined.borrow_mut().push((line(link.span.start), link.reference.into_string()));
        }
        None
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    let mut found = Links::default();
    let mut heading: Option<String> = None;
    for (event, range) in
        Parser::new_with_broken_link_callback(text, options, Some(note)).into_offset_iter()
    {
        match event {
            Event::Start(Tag::Link { dest_url, link_type: LinkType::Email, .. }) => {
                assert!(dest_url.contains('@'), "{dest_url}");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                found.links.push((line(range.start), dest_url.into_string()));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                found.levels.push(level as usize);
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) => {
                let name = slug(&heading.take().unwrap());
                let mut numbered = name.clone();
                let mut count = 0;
                while found.anchors.contains(&numbered) {
                    count += 1;
                    numbered = format!("{name}-{count}");
                }
                found.anchors.insert(numbered);
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::Html(code) | Event::InlineHtml(code) => {
                let tags = html::tags(&code);
                found.anchors.extend(tags.ids);
                found.links.extend(tags.links.into_iter().map(|link| (line(range.start), link)));
            }
            _ => {}
        }
    }
    found.undefined = undefined.into_inner();
    found
}

/// The name that forges give a heading.
fn slug(heading: &str) -> String {
    let heading = heading.trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
