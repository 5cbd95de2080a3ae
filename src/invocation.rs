//! Commands of this program that a person is told to type.

use std::fmt;

/// A rewrite, as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// The kubelet's root, or a word that stands for it.
    pub kubelet_root: String,
    /// The root on Windows nodes.
    pub windows_kubelet_root: Option<String>,
    /// Roots to move away from, or `auto`.
    pub from: Vec<String>,
    /// Read what .gitignore names, too.
    pub no_ignore: bool,
    /// Files and folders, as they were named; `-` for standard input.
    pub inputs: Vec<String>,
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "csi-relocate --kubelet-root {}", self.kubelet_root)?;
        if let Some(root) = &self.windows_kubelet_root {
            write!(f, " --windows-kubelet-root {}", quoted(root))?;
        }
        for root in &self.from {
            write!(f, " --from {root}")?;
        }
        if self.no_ignore {
            f.write_str(" --no-ignore")?;
        }
        let files: Vec<&String> = self.inputs.iter().filter(|input| *input != "-").collect();
        if files.is_empty() {
            return f.write_str(" < manifest.yaml > moved.yaml");
        }
        f.write_str(" --in-place")?;
        for file in files {
            let here = if file.starts_with('-') { "./" } else { "" };
            write!(f, " {}", quoted(&format!("{here}{file}")))?;
        }
        Ok(())
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@%=:,~".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) && !word.starts_with('~') {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(inputs: &[&str]) -> String {
        let inputs = inputs.iter().map(|&input| input.to_owned()).collect();
        let root = "/data/kubelet".to_owned();
        Invocation { kubelet_root: root, inputs, ..Invocation::default() }.to_string()
    }

    #[test]
    fn it_can_be_typed_as_it_is_printed() {
        assert_eq!(
            typed(&["a b.yaml", "-x.yaml", "it's", "deploy/"]),
            r"csi-relocate --kubelet-root /data/kubelet --in-place 'a b.yaml' ./-x.yaml 'it'\''s' deploy/"
        );
        assert_eq!(
            typed(&["-", "f.yaml"]),
            "csi-relocate --kubelet-root /data/kubelet --in-place f.yaml"
        );
        for stdin in [&["-"][..], &[]] {
            assert!(typed(stdin).ends_with("/data/kubelet < manifest.yaml > moved.yaml"));
        }
    }

    #[test]
    fn every_option_is_there() {
        let all = Invocation {
            kubelet_root: "DIR".to_owned(),
            windows_kubelet_root: Some(r"D:\kubelet".to_owned()),
            from: vec!["/opt/kubelet".to_owned(), "auto".to_owned()],
            no_ignore: true,
            inputs: vec!["x".to_owned()],
        };
        assert_eq!(
            all.to_string(),
            r"csi-relocate --kubelet-root DIR --windows-kubelet-root 'D:\kubelet' --from /opt/kubelet --from auto --no-ignore --in-place x"
        );
    }
}
