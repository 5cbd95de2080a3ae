//! Variables that stand for options. One that is empty counts as not set, and an error about one
//! names it, not the option that nobody typed.

use super::{Lang, root};
use clap::builder::Resettable;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, Error, ValueEnum as _};
use std::ffi::{OsStr, OsString};

/// Options with the variables that stand for them.
const VARIABLES: [(&str, &str); 3] = [
    ("kubelet_root", "CSI_RELOCATE_KUBELET_ROOT"),
    ("log_file", "CSI_RELOCATE_LOG"),
    ("lang", "CSI_RELOCATE_LANG"),
];

/// A variable that is set and can't be heeded.
pub(super) struct Unusable {
    /// The option that it would stand for.
    pub option: &'static str,
    /// What is wrong; nothing where it is only empty.
    wrong: Option<String>,
}

/// The variables that can't be heeded; `variable` tells what one is set to.
pub(super) fn unusable(variable: impl Fn(&str) -> Option<OsString>) -> Vec<Unusable> {
    let set =
        VARIABLES.into_iter().filter_map(|(option, name)| Some((option, name, variable(name)?)));
    set.filter_map(|(option, name, value)| unusable_value(option, name, &value)).collect()
}

fn unusable_value(option: &'static str, name: &str, value: &OsStr) -> Option<Unusable> {
    if value.is_empty() {
        return Some(Unusable { option, wrong: None });
    }
    let why = match (option, value.to_str()) {
        // Any bytes are a path.
        ("log_file", _) => return None,
        (_, None) => "it is no text in UTF-8".to_owned(),
        ("lang", Some(text)) => {
            Lang::from_str(text, false).err().map(|_| "it has to be en or zh".to_owned())?
        }
        (_, Some(text)) => root(text).err()?.to_string(),
    };
    let value = value.to_string_lossy();
    Some(Unusable { option, wrong: Some(format!("invalid value '{value}' for {name}: {why}")) })
}

/// The options without these variables.
pub(super) fn without(program: Command, unusable: &[Unusable]) -> Command {
    unusable.iter().fold(program, |program, variable| {
        program.mut_arg(variable.option, |option| option.env(Resettable::Reset))
    })
}

/// Refuses a variable that is wrong, unless the option was typed or the command doesn't heed it.
pub(super) fn refuse(
    unusable: &[Unusable],
    is_heeded: impl Fn(&str) -> bool,
    matches: &ArgMatches,
) -> Result<(), Error> {
    let is_typed = |option| matches.value_source(option) == Some(ValueSource::CommandLine);
    let left = |variable: &&Unusable| is_heeded(variable.option) && !is_typed(variable.option);
    match unusable.iter().filter(left).find_map(|variable| variable.wrong.as_ref()) {
        Some(wrong) => {
            let wrong = format!("{wrong}\n\nFor more information, try '--help'.\n");
            Err(Error::raw(ErrorKind::ValueValidation, wrong))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_of_the_variable() {
        let wrong = |option, value: &str| {
            unusable_value(option, "NAME", OsStr::new(value)).map(|variable| variable.wrong)
        };
        for (option, value) in [
            ("kubelet_root", "/data/kubelet"),
            ("kubelet_root", "k0s"),
            ("lang", "zh"),
            ("log_file", "x"),
        ] {
            assert_eq!(wrong(option, value), None, "{value}");
        }
        for option in ["kubelet_root", "lang", "log_file"] {
            assert_eq!(wrong(option, ""), Some(None), "{option}");
        }
        let said = wrong("kubelet_root", "a/b").unwrap().unwrap();
        assert!(said.starts_with("invalid value 'a/b' for NAME: it is relative"), "{said}");
        let said = wrong("lang", "fr").unwrap().unwrap();
        assert_eq!(said, "invalid value 'fr' for NAME: it has to be en or zh");
    }
}
