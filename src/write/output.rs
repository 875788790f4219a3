//! The output directory: it appears whole or not at all.

use crate::error::{Error, ErrorKind};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use std::io::ErrorKind::{AlreadyExists, DirectoryNotEmpty, NotADirectory};
use std::path::{Path, PathBuf};

/// A directory that is being filled beside its final place.
#[derive(Debug)]
pub struct Output {
    target: PathBuf,
    temporary: PathBuf,
    may_replace: bool,
    is_finished: bool,
}

/// The file by which an output of this program is known.
pub(super) const RUN_FILE: &str = "run.json";

impl Output {
    /// Prepares an output; what stood in its way is checked now, and removed only when the new one is complete.
    ///
    /// # Errors
    /// When the target exists and may not be replaced, or the directory beside it cannot be made.
    pub fn create(target: &Path, force: bool) -> Result<Self, Error> {
        let name = target.file_name().ok_or_else(|| {
            Error::at(
                ErrorKind::Usage,
                target,
                "the output is not the name of a directory",
            )
        })?;
        check_target(target, force)?;
        let parent = parent_of(target);
        std::fs::create_dir_all(&parent).map_err(|error| Error::io(&parent, &error))?;
        remove_leftovers(&parent, &format!(".{}.ch24-", name.to_string_lossy()));
        let temporary = parent.join(format!(
            ".{}.ch24-{}",
            name.to_string_lossy(),
            std::process::id()
        ));
        std::fs::create_dir(&temporary).map_err(|error| Error::io(&temporary, &error))?;
        Ok(Self {
            target: target.to_owned(),
            temporary,
            may_replace: force,
            is_finished: false,
        })
    }

    /// A file of the output, where it stands until the end.
    pub fn file(&self, name: &str) -> PathBuf {
        self.temporary.join(name)
    }

    /// Puts the directory in its place.
    ///
    /// # Errors
    /// When the file system refuses; then nothing stands under the final name that did not stand there before.
    #[expect(
        clippy::disallowed_methods,
        reason = "output directories are renamed here"
    )]
    pub fn finish(mut self) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::io(&self.target, &error);
        if self.may_replace && self.target.exists() {
            // What was put there meanwhile is not of this program.
            check_target(&self.target, true)?;
            // Renaming over a full directory fails, so the two change places.
            renameat_with(
                CWD,
                &self.temporary,
                CWD,
                &self.target,
                RenameFlags::EXCHANGE,
            )
            .map_err(|error| failed(error.into()))?;
            std::fs::remove_dir_all(&self.temporary).map_err(failed)?;
        } else {
            std::fs::rename(&self.temporary, &self.target).map_err(|error| match error.kind() {
                // Another run was faster: a directory never takes the place of a full one.
                DirectoryNotEmpty | AlreadyExists | NotADirectory => exists(&self.target),
                _ => failed(error),
            })?;
        }
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Output {
    #[expect(
        clippy::disallowed_methods,
        reason = "an output that was not finished leaves nothing"
    )]
    fn drop(&mut self) {
        if !self.is_finished {
            // Nothing more can be done where even this fails; the next run removes it.
            std::fs::remove_dir_all(&self.temporary).ok();
        }
    }
}

pub(super) fn parent_of(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => PathBuf::from("."),
    }
}

fn check_target(target: &Path, force: bool) -> Result<(), Error> {
    let Ok(metadata) = std::fs::symlink_metadata(target) else {
        return Ok(());
    };
    if !force {
        return Err(exists(target));
    }
    if !metadata.is_dir() {
        let message = "the output exists and is not a directory; it is left alone";
        return Err(Error::at(ErrorKind::OutputExists, target, message));
    }
    super::foreign::check_own(target)
}

fn exists(target: &Path) -> Error {
    let message = "the output exists; choose another --out, or replace it with --force";
    Error::at(ErrorKind::OutputExists, target, message)
}

/// Removes what runs that died left beside the target.
#[expect(
    clippy::disallowed_methods,
    reason = "leftovers are found and removed here"
)]
pub(crate) fn remove_leftovers(parent: &Path, prefix: &str) {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let file = entry.file_name();
        let Some(process) = file.to_str().and_then(|file| file.strip_prefix(prefix)) else {
            continue;
        };
        // The ending of a file may follow.
        let process = process.split('.').next().unwrap_or("");
        let is_dead = process
            .parse::<i32>()
            .ok()
            .and_then(rustix::process::Pid::from_raw)
            .is_some_and(|process| {
                matches!(
                    rustix::process::test_kill_process(process),
                    Err(Errno::SRCH)
                )
            });
        if is_dead {
            // A leftover that cannot be removed does no harm.
            match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => std::fs::remove_dir_all(entry.path()).ok(),
                false => std::fs::remove_file(entry.path()).ok(),
            };
        }
    }
}
