//! A container's command line, as what its flags tell of it.

use crate::decide::expand::expand;
use crate::knowledge::driver::ContainerRow;
use crate::model::Container;

/// The command line of a container, word by word, with its own variables filled in.
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn of(container: &Container) -> Self {
        let lines = container.command_line.iter();
        let texts = lines.map(|line| expand(container, &line.text.value));
        Self(
            texts
                .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
                .collect(),
        )
    }

    /// Whether there is a flag `name` or `name=value` (without dashes), or an argument that is
    /// called so.
    pub(super) fn have(&self, wanted: &str) -> bool {
        let (name, value) = match wanted.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (wanted, None),
        };
        self.0.iter().enumerate().any(|(at, word)| {
            let bare = word.trim_start_matches('-');
            let is_flag = bare.len() < word.len();
            match value {
                None if !is_flag => word == name,
                None => bare.split('=').next() == Some(name),
                Some(value) if is_flag => match bare.split_once('=') {
                    Some((own, written)) => own == name && unquoted(written) == value,
                    None => {
                        let next = self.0.get(at + 1).map(|next| unquoted(next));
                        bare == name && (next == Some(value) || value == "true")
                    }
                },
                Some(_) => false,
            }
        })
    }

    /// Whether a row's flags are there, and those that it excludes aren't.
    pub(super) fn fit(&self, row: &ContainerRow) -> bool {
        row.flags.iter().all(|flag| self.have(flag))
            && !row.without_flags.iter().any(|flag| self.have(flag))
    }

    /// Whether there is a flag of this name (without dashes).
    pub(super) fn have_flag(&self, name: &str) -> bool {
        self.0.iter().any(|word| {
            let bare = word.trim_start_matches('-');
            bare.len() < word.len() && bare.split('=').next() == Some(name)
        })
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn flags_are_found_in_every_spelling() {
        let line =
            words("driver --type=rbd -nodeserver --v 5 --drivername=\"x\" deploy m=a level 3");
        for wanted in
            ["type", "type=rbd", "nodeserver", "nodeserver=true", "v=5", "drivername=x", "deploy"]
        {
            assert!(line.have(wanted), "{wanted}");
        }
        for wanted in
            ["type=cephfs", "typ", "rbd", "5=v", "nodeserver=false", "x", "m", "m=a", "level=3"]
        {
            assert!(!line.have(wanted), "{wanted}");
        }
        assert!(line.have_flag("type") && line.have_flag("v"));
        assert!(!line.have_flag("deploy") && !line.have_flag("level"));
    }
}
