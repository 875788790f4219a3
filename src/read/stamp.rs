//! By what a file is known to be as it was: an input that changes while it is read would be half of each.

use super::Input;
use crate::error::{Error, ErrorKind};
use crate::summary::thousands;
use std::path::Path;
use std::time::SystemTime;

/// Size and time of the last change of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    n_bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// The stamp of a regular file; none of anything else, and where there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        metadata.is_file().then(|| Self {
            n_bytes: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }
}

/// Checks that every input is the file that it was when it was found. Two writes within one tick of the file system's clock (some
/// milliseconds) that leave the size alone are not told apart.
///
/// # Errors
/// At the first one that is not.
pub fn check_unchanged(inputs: &[Input]) -> Result<(), Error> {
    for input in inputs {
        let (Some(path), Some(was)) = (&input.path, input.stamp) else {
            continue;
        };
        let what = match Stamp::of(path) {
            Some(now) if now == was => continue,
            Some(now) if now.n_bytes != was.n_bytes => format!(
                "it had {} bytes and has {} now",
                thousands(was.n_bytes),
                thousands(now.n_bytes)
            ),
            Some(_) => "it was written to".to_owned(),
            None => "it is gone".to_owned(),
        };
        let message = format!("changed while it was read: {what}; run again once it is complete");
        return Err(Error::at(ErrorKind::Input, path, message));
    }
    Ok(())
}
