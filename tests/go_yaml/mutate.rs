//! Damage to documents, the same in every run.

/// A generator of numbers (xorshift) that begins with a seed.
pub(crate) struct Random(u64);

const PIECES: [&str; 40] = [
    "\t",
    "\r\n",
    "\r",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{7f}",
    "\u{1}",
    "\u{a0}",
    "\u{fffe}",
    "'",
    "\"",
    "\\",
    "\\u00e9",
    "\\x",
    "# ",
    " #",
    ": ",
    ":",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&a ",
    "*a",
    "*a ",
    "!!str ",
    "!x",
    "!",
    "<<: *a",
    "<<: {a: 1}",
    "|",
    ">-\n",
    "|2\n",
    "@",
    "%",
    "~",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % limit.max(1)
    }

    /// One of the documents with some damage.
    pub(crate) fn damaged(&mut self, material: &[String]) -> String {
        let mut text = material[self.below(material.len())].clone();
        for _ in 0..=self.below(3) {
            text = self.damage(&text);
        }
        text
    }

    fn damage(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        if lines.is_empty() {
            return PIECES[self.below(PIECES.len())].to_owned();
        }
        let (at, other) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(15) {
            0 => lines.insert(at, lines[other].clone()),
            1 => drop(lines.remove(at)),
            2 => lines.swap(at, other),
            3 => lines[at].insert_str(0, &" ".repeat(1 + self.below(4))),
            4 => lines[at] = lines[at].strip_prefix(' ').unwrap_or(&lines[at]).to_owned(),
            5 => lines[at] = lines[at].replacen("  ", "\t", 1),
            6 => return text.replace('\n', "\r\n"),
            7 => return format!("\u{feff}{text}"),
            8 => self.anchor(&mut lines, at, other),
            9 => self.quote(&mut lines[at]),
            10 => self.flow(&mut lines[at]),
            11 => return self.flipped(text),
            12 => return text[..text.floor_char_boundary(self.below(text.len() + 1))].to_owned(),
            _ => return self.inserted(text),
        }
        lines.concat()
    }

    /// Gives a value an anchor, and puts an alias in another's place.
    fn anchor(&mut self, lines: &mut [String], at: usize, other: usize) {
        lines[at] = lines[at].replacen(": ", ": &a ", 1);
        if let Some((key, _)) = lines[other].split_once(": ") {
            let merge = self.below(3) == 0;
            let indent = key.len() - key.trim_start().len();
            lines[other] = match merge {
                true => format!("{}<<: *a\n", " ".repeat(indent)),
                false => format!("{key}: *a\n"),
            };
        }
    }

    fn quote(&mut self, line: &mut String) {
        let quote = ["'", "\""][self.below(2)];
        if let Some((key, value)) = line.trim_end_matches('\n').split_once(": ") {
            *line = format!("{key}: {quote}{value}{quote}\n");
        }
    }

    /// A value in brackets, or out of them.
    fn flow(&mut self, line: &mut String) {
        let is_flow = line.contains(['[', '{']);
        *line = match line.trim_end_matches('\n').split_once(": ") {
            _ if is_flow => line.replace(['[', ']', '{', '}'], ""),
            Some((key, value)) if self.below(2) == 0 => format!("{key}: [{value}, {value}]\n"),
            Some((key, value)) => format!("{key}: {{a: {value}, b}}\n"),
            None => format!("{{{}}}\n", line.trim_end()),
        };
    }

    /// One character, with one bit of it turned.
    fn flipped(&mut self, text: &str) -> String {
        let at = text.floor_char_boundary(self.below(text.len()));
        let Some(old) = text[at..].chars().next() else { return text.to_owned() };
        let new = char::from_u32(u32::from(old) ^ (1 << self.below(7))).unwrap_or('?');
        format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..])
    }

    fn inserted(&mut self, text: &str) -> String {
        let at = text.floor_char_boundary(self.below(text.len() + 1));
        format!("{}{}{}", &text[..at], PIECES[self.below(PIECES.len())], &text[at..])
    }
}
