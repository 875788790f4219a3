//! Exit codes, defined once.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done.
    Done,
    /// Done, and the check that was asked for failed.
    CheckFailed,
    /// Could not run.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::CheckFailed => Self::from(1),
            Exit::CouldNotRun => Self::from(2),
        }
    }
}
