//! A single file that appears whole or not at all.

use super::output::{parent_of, remove_leftovers};
use crate::error::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// A file that is being written beside its final place; what was written goes when this is dropped unfinished.
#[derive(Debug)]
pub struct NewFile {
    target: PathBuf,
    temporary: PathBuf,
    may_replace: bool,
}

impl NewFile {
    /// Prepares a file, without making it, and removes what processes that died left beside it.
    ///
    /// # Errors
    /// When the target exists and may not be replaced, is no file, or its directory is missing.
    pub fn create(target: &Path, force: bool) -> Result<Self, Error> {
        let name = target
            .file_name()
            .ok_or_else(|| Error::at(ErrorKind::Usage, target, "this is not the name of a file"))?;
        let prefix = format!(".{}.ch24-", name.to_string_lossy());
        let mut beside = format!("{prefix}{}", std::process::id());
        // By its ending the format is told.
        if let Some(ending) = target.extension() {
            beside.push('.');
            beside.push_str(&ending.to_string_lossy());
        }
        let parent = parent_of(target);
        let new = Self::beside(target, parent.join(beside), force)?;
        remove_leftovers(&parent, &prefix);
        Ok(new)
    }

    /// The same with a name for the time until it is whole.
    ///
    /// # Errors
    /// As for [`Self::create`].
    pub fn beside(target: &Path, temporary: PathBuf, force: bool) -> Result<Self, Error> {
        let new = Self {
            target: target.to_owned(),
            temporary,
            may_replace: force,
        };
        new.check()?;
        let parent = parent_of(target);
        std::fs::metadata(&parent).map_err(|error| Error::io(&parent, &error))?;
        Ok(new)
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.temporary
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When something stands there by now that may not be replaced, or the file system refuses.
    #[expect(clippy::disallowed_methods, reason = "the file is put in its place")]
    pub fn finish(self) -> Result<(), Error> {
        self.check()?;
        std::fs::rename(&self.temporary, &self.target)
            .map_err(|error| Error::io(&self.target, &error))
    }

    fn check(&self) -> Result<(), Error> {
        let refuse = |message: &str| Err(Error::at(ErrorKind::OutputExists, &self.target, message));
        let Ok(metadata) = std::fs::symlink_metadata(&self.target) else {
            return Ok(());
        };
        if !metadata.is_file() && !metadata.is_symlink() {
            return refuse("this exists and is not a file; it is left alone");
        }
        match self.may_replace {
            true => Ok(()),
            false => refuse("the file exists; choose another name, or replace it with --force"),
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // In its place it is no longer here. Where it cannot be removed, nothing more can be done; the next run does.
        std::fs::remove_file(&self.temporary).ok();
    }
}
