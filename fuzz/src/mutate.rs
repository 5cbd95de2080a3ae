//! Changes of a text line by line, which a fuzzer that knows only bytes seldom hits on.

/// Lines that are put in, at the indentation of the line before.
const LINES: [&str; 20] = [
    "mountPropagation: HostToContainer",
    "mountPropagation:",
    "- mountPath: /var/lib/kubelet",
    "  name: kubelet-dir",
    "hostPath: {path: /var/lib/kubelet/pods}",
    "- --kubelet-registration-path=/var/lib/kubelet/plugins/x/csi.sock",
    "- name: kubelet-dir",
    "  hostPath:",
    "    path: /var/lib/kubelet",
    "path: \"/var/lib/kubelet/plugins\"",
    "subPath: plugins",
    "privileged: true",
    "script: |",
    "text: >-",
    "/var/lib/kubelet/pods",
    "# csi-relocate: ignore",
    "---",
    "...",
    "x: &a [/var/lib/kubelet]",
    "y: *a",
];

/// Words that take the place of a root.
const SPELLINGS: [&str; 10] = [
    "\"/var/lib/kubelet\"",
    "'/var/lib/kubelet'",
    "/var//lib/kubelet/",
    "\"\\/var\\/lib\\u002fkubelet\"",
    "unix:///var/lib/kubelet",
    "/host/var/lib/kubelet",
    "C:\\var\\lib\\kubelet",
    "/data/kubelet",
    "/var/lib/kubelet/../kubelet",
    "|\n    /var/lib/kubelet",
];

/// Numbers from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 11) % end).unwrap_or(0)
    }
}

/// Changes the text in the first `size` bytes of `data` by a line or two, in at most `max_size`
/// bytes; the new size. `None`, half of the time, leaves it to a mutation of bytes.
///
/// The first byte isn't part of any line.
pub fn lines(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> Option<usize> {
    let mut numbers = Numbers(u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    numbers.below(2);
    if numbers.below(2) == 0 {
        return None;
    }
    let (head, text) = data.get(..size)?.split_at_checked(1)?;
    let text = String::from_utf8_lossy(text).into_owned();
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for _ in 0..=numbers.below(2) {
        change(&mut lines, &mut numbers);
    }
    let new = [head, lines.join("\n").as_bytes()].concat();
    let length = new.len().min(max_size).min(data.len());
    data.get_mut(..length)?.copy_from_slice(new.get(..length)?);
    Some(length)
}

fn change(lines: &mut Vec<String>, numbers: &mut Numbers) {
    let at = numbers.below(lines.len());
    let other = numbers.below(lines.len());
    let Some(line) = lines.get(at).cloned() else { return };
    let blanks = line.len() - line.trim_start_matches(' ').len();
    match numbers.below(9) {
        0 => {
            lines.remove(at);
        }
        1 => {
            // A block of lines at another place.
            let count = 1 + numbers.below(8.min(lines.len() - at));
            let block: Vec<String> = lines.iter().skip(at).take(count).cloned().collect();
            lines.splice(other..other, block);
        }
        2 => lines.swap(at, other),
        3 => {
            // The line and what is further in move to the right or to the left.
            let right = numbers.below(2) == 0;
            let inner = |line: &String| line.starts_with(&" ".repeat(blanks + 1));
            let count = 1 + lines.iter().skip(at + 1).take_while(|line| inner(line)).count();
            for line in lines.iter_mut().skip(at).take(count) {
                *line = if right {
                    format!("  {line}")
                } else {
                    line.strip_prefix("  ").unwrap_or(line).to_owned()
                };
            }
        }
        4 => {
            let new = LINES.get(numbers.below(LINES.len())).copied().unwrap_or_default();
            let deeper = 2 * numbers.below(3);
            lines.insert(at + 1, format!("{}{new}", " ".repeat(blanks + deeper)));
        }
        5 => {
            let new = SPELLINGS.get(numbers.below(SPELLINGS.len())).copied().unwrap_or_default();
            set(lines, at, line.replacen("/var/lib/kubelet", new, 1));
        }
        6 => {
            // The value in quotes.
            if let Some((key, value)) = line.split_once(": ") {
                let quote = if numbers.below(2) == 0 { '"' } else { '\'' };
                set(lines, at, format!("{key}: {quote}{value}{quote}"));
            }
        }
        7 => {
            let ending = ["\r", " ", "\u{85}", "\u{2028}", " # /var/lib/kubelet", "\t"];
            let ending = ending.get(numbers.below(ending.len())).copied().unwrap_or_default();
            set(lines, at, format!("{line}{ending}"));
        }
        _ => {
            // The next line joins this one.
            if at + 1 < lines.len() {
                let next = lines.remove(at + 1);
                set(lines, at, format!("{line} {}", next.trim_start()));
            }
        }
    }
}

fn set(lines: &mut [String], at: usize, text: String) {
    if let Some(line) = lines.get_mut(at) {
        *line = text;
    }
}
