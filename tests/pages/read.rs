//! Reads what a page says is to be done with its blocks.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A page, and what it needs.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Programs that have to be installed.
    pub(crate) needs: Vec<String>,
    /// Whether its commands are run in a copy of the repository.
    pub(crate) in_checkout: bool,
    pub(crate) blocks: Vec<Block>,
    /// What can't be understood.
    pub(crate) problems: Vec<String>,
}

/// A block of code, with what is to be done with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) line: usize,
    /// The heading above it.
    pub(crate) heading: String,
    /// What stands behind the fence.
    pub(crate) language: String,
    pub(crate) todo: Todo,
    pub(crate) text: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Todo {
    /// Written to this file.
    Write(String),
    /// Run; ends with this code.
    Run(i32),
    /// In what the last run printed.
    Print,
    /// Run by `.ci/run`, by this name.
    Ci(String),
    /// Only read, and why.
    Nothing(String),
    /// In a page that a test makes from tables.
    Made,
}

/// What a comment says.
enum Said {
    Needs(Vec<String>),
    InCheckout,
    Todo(Todo),
}

/// Where a generated page says what it is made from.
const MADE: &str = "Made from ";

/// Reads a page.
pub(crate) fn page(name: &str, text: &str) -> Page {
    let is_made = text.contains(&format!("\n<!-- {MADE}"));
    let line = |offset: usize| text[..offset].matches('\n').count() + 1;
    let mut page = Page::default();
    let mut comment: Option<(usize, String)> = None;
    let mut heading = String::new();
    let mut events = Parser::new_ext(text, options()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let at = format!("{name}:{}", line(range.start));
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let Some(words) = words(&html) else { continue };
                match said(words) {
                    Some(Said::Needs(tools)) => page.needs.extend(tools),
                    Some(Said::InCheckout) => page.in_checkout = true,
                    _ => comment = Some((line(range.start), words.to_owned())),
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let text: String = events
                    .by_ref()
                    .map(|(event, _)| event)
                    .take_while(|event| *event != Event::End(TagEnd::CodeBlock))
                    .filter_map(|event| match event {
                        Event::Text(text) => Some(text.into_string()),
                        _ => None,
                    })
                    .collect();
                let todo = comment.take().map(|(_, words)| (said(&words), words));
                let todo = match todo {
                    Some((Some(Said::Todo(todo)), _)) => todo,
                    None if is_made => Todo::Made,
                    Some((_, words)) => {
                        page.problems.push(format!("{at}: {words} isn't known"));
                        continue;
                    }
                    None => {
                        page.problems.push(format!("{at}: what is done with this block?"));
                        continue;
                    }
                };
                let language = match kind {
                    CodeBlockKind::Fenced(words) => words.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let heading = heading.clone();
                page.blocks.push(Block { line: line(range.start), heading, language, todo, text });
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            other => {
                if let Event::Start(Tag::Heading { .. }) = other {
                    text[range].trim_matches(['#', ' ', '\n']).clone_into(&mut heading);
                }
                if let Some((line, words)) = comment.take()
                    && said(&words).is_some()
                {
                    page.problems.push(format!("{name}:{line}: no block follows"));
                }
            }
        }
    }
    if let Some((line, words)) = comment
        && said(&words).is_some()
    {
        page.problems.push(format!("{name}:{line}: no block follows"));
    }
    page
}

/// Tables have to be known as such, for what is in them isn't a block.
pub(crate) fn options() -> pulldown_cmark::Options {
    pulldown_cmark::Options::ENABLE_TABLES
}

fn words(html: &str) -> Option<&str> {
    html.trim().strip_prefix("<!--")?.strip_suffix("-->").map(str::trim)
}

/// None for a comment that is for people.
fn said(words: &str) -> Option<Said> {
    let list = |tools: &str| tools.split_whitespace().map(str::to_owned).collect();
    Some(match words.split_once(": ").or_else(|| words.split_once(':')) {
        None if words == "run" => Said::Todo(Todo::Run(0)),
        None if words == "prints" => Said::Todo(Todo::Print),
        Some(("run", code)) => {
            Said::Todo(Todo::Run(code.strip_prefix("exit ")?.trim().parse().ok()?))
        }
        Some(("file", name)) => Said::Todo(Todo::Write(name.to_owned())),
        Some(("not run" | "shown", why)) if why.len() > 5 => {
            Said::Todo(Todo::Nothing(why.to_owned()))
        }
        Some(("ci", name)) => Said::Todo(Todo::Ci(name.to_owned())),
        Some(("needs", tools)) => Said::Needs(list(tools)),
        Some(("in", "checkout")) => Said::InCheckout,
        _ => return None,
    })
}
