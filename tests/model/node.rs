//! A manifest as a tree, and every way to write it: block, flow, JSON, and all quotes.

/// Stands where a path begins that is to be below the kubelet's root.
pub(crate) const R: char = '\u{e000}';

/// A part of a manifest.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Text(String),
    Bool(bool),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Node {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Map(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }

    pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// Puts an entry at the end of a map.
    pub(crate) fn with(mut self, key: &str, value: Self) -> Self {
        if let Self::Map(entries) = &mut self {
            entries.push((key.to_owned(), value));
        }
        self
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Text(_) | Self::Bool(_) => false,
        }
    }

    /// Whether it holds nothing but scalars.
    fn is_flat(&self) -> bool {
        let scalar = |node: &Self| matches!(node, Self::Text(_) | Self::Bool(_));
        match self {
            Self::List(items) => items.iter().all(scalar),
            Self::Map(entries) => entries.iter().all(|(_, value)| scalar(value)),
            Self::Text(_) | Self::Bool(_) => true,
        }
    }
}

/// How a manifest is written.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(crate) json: bool,
    /// JSON with every slash escaped.
    pub(crate) escaped: bool,
    /// Lists stand below their key's column.
    pub(crate) indented: bool,
    pub(crate) comments: bool,
    pub(crate) carriage_returns: bool,
    pub(crate) final_break: bool,
    /// What the scalars and flat collections take in turn.
    pub(crate) turns: Vec<u8>,
}

/// The documents as one text, in which [`R`] still stands for the root.
pub(crate) fn write(docs: &[Node], style: &Style) -> String {
    let mut writer = Writer { style, turn: 0, out: String::new() };
    if style.json {
        let list = Node::map([
            ("apiVersion", Node::text("v1")),
            ("kind", Node::text("List")),
            ("items", Node::List(docs.to_vec())),
        ]);
        writer.flow(&list, true);
        writer.out.push('\n');
    } else {
        for (number, doc) in docs.iter().enumerate() {
            if number > 0 {
                writer.out.push_str("---\n");
            }
            writer.block(doc, 0);
        }
    }
    let mut out = writer.out;
    if !style.final_break {
        out.truncate(out.trim_end().len());
    }
    if style.carriage_returns {
        out = out.replace('\n', "\r\n");
    }
    out
}

struct Writer<'a> {
    style: &'a Style,
    turn: usize,
    out: String,
}

impl Writer<'_> {
    fn next(&mut self) -> u8 {
        self.turn += 1;
        let turns = &self.style.turns;
        turns.get(self.turn % turns.len().max(1)).copied().unwrap_or_default()
    }

    fn block(&mut self, node: &Node, column: usize) {
        let pad = " ".repeat(column);
        match node {
            Node::Map(entries) => {
                for (number, (key, value)) in entries.iter().enumerate() {
                    // An item's first entry stands beside its dash.
                    if number > 0 || self.out.is_empty() || self.out.ends_with('\n') {
                        self.out.push_str(&pad);
                    }
                    self.out.push_str(key);
                    self.out.push(':');
                    self.value(value, column);
                }
            }
            Node::List(items) => {
                for item in items {
                    self.out.push_str(&pad);
                    self.out.push('-');
                    if item.is_flat() && self.is_flow(item) {
                        self.out.push(' ');
                        self.flow(item, false);
                        self.end();
                    } else {
                        self.out.push(' ');
                        self.block(item, column + 2);
                    }
                }
            }
            Node::Text(_) | Node::Bool(_) => {
                self.flow(node, false);
                self.end();
            }
        }
    }

    fn value(&mut self, value: &Node, column: usize) {
        if value.is_empty() || (value.is_flat() && self.is_flow(value)) {
            self.out.push(' ');
            self.flow(value, false);
            self.end();
            return;
        }
        self.out.push('\n');
        let deeper = matches!(value, Node::Map(_)) || self.style.indented;
        self.block(value, if deeper { column + 2 } else { column });
    }

    /// Whether a flat thing is written in one line; a scalar always is.
    fn is_flow(&mut self, node: &Node) -> bool {
        matches!(node, Node::Text(_) | Node::Bool(_)) || self.next() % 3 == 1
    }

    fn end(&mut self) {
        if self.style.comments && self.next() % 5 == 1 {
            self.out.push_str(" # as in /var/lib/kubelet");
        }
        self.out.push('\n');
    }

    fn flow(&mut self, node: &Node, json: bool) {
        match node {
            Node::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Node::Text(text) => self.scalar(text, json),
            Node::List(items) => {
                self.out.push('[');
                for (number, item) in items.iter().enumerate() {
                    self.out.push_str(if number > 0 { ", " } else { "" });
                    self.flow(item, json);
                }
                self.out.push(']');
            }
            Node::Map(entries) => {
                self.out.push('{');
                for (number, (key, value)) in entries.iter().enumerate() {
                    self.out.push_str(if number > 0 { ", " } else { "" });
                    if json {
                        self.scalar(key, true);
                    } else {
                        self.out.push_str(key);
                    }
                    self.out.push_str(": ");
                    self.flow(value, json);
                }
                self.out.push('}');
            }
        }
    }

    fn scalar(&mut self, text: &str, json: bool) {
        let quotes = if json { 1 } else { self.next() % 3 };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == R || "/._-=:$()".contains(c);
        let written = match quotes {
            0 if text.chars().all(plain) && !text.is_empty() => text.to_owned(),
            0 | 2 => format!("'{}'", text.replace('\'', "''")),
            _ => {
                let text = text.replace('\\', "\\\\").replace('"', "\\\"");
                let escaped = json && self.style.escaped;
                format!("\"{}\"", if escaped { text.replace('/', "\\/") } else { text })
            }
        };
        self.out.push_str(&written);
    }
}
