//! What a command came to; the edge makes an exit code of it.

/// What a run that did its work has to say by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Success {
    /// Nothing.
    Clean,
    /// There is a difference, or a finding that was asked to count.
    WithFindings,
    /// There was nothing to judge.
    NothingSeen,
}

/// Why a run didn't do its work.
pub(crate) enum Failure {
    /// The command line can't be followed.
    Usage(String),
    /// Nothing was asked for; this is the help.
    Help(String),
    /// Problems that are drawn already.
    Shown(String),
    /// Anything else.
    Other(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}
