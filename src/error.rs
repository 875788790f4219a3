//! Why a run stopped.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a run stopped: what the world did, not what a rule or a cell holds.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    path: Option<PathBuf>,
    message: String,
}

/// The kinds of reasons to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be read or written.
    Io,
    /// An input is not in a form that can be read.
    Input,
    /// Too many rows were set aside.
    TooManyBadRows,
    /// Mistakes in rules, lists, policy or mapping; they were shown already.
    Mistakes,
    /// What was asked for cannot be done.
    Usage,
    /// The output exists and may not be replaced.
    OutputExists,
}

impl Error {
    /// An error of a kind, without a file.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            path: None,
            message: message.into(),
        }))
    }

    /// An error about a file.
    pub fn at(kind: ErrorKind, path: &Path, message: impl fmt::Display) -> Self {
        Self(Box::new(Inner {
            kind,
            path: Some(path.to_owned()),
            message: one_line(&message.to_string()),
        }))
    }

    /// A failure of the file system at a file.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::at(ErrorKind::Io, path, error)
    }

    /// The kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The file, if it is about one.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(formatter, "{}: ", path.display())?;
        }
        formatter.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}
