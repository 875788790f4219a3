//! Standard input in a file, until a command is done that reads it twice.

use crate::error::Error;
use crate::read::{Input, keep_standard_input};
use std::path::PathBuf;

/// The file; it goes when this is dropped.
#[derive(Debug)]
pub(super) struct Kept(PathBuf);

/// Puts a file in the place of standard input, where it is among the inputs.
///
/// # Errors
/// When it cannot be read, or the file cannot be written.
pub(super) fn keep(inputs: &mut [Input]) -> Result<Option<Kept>, Error> {
    let name = format!(".ch24-{}-standard-input", std::process::id());
    let path = std::env::temp_dir().join(name);
    Ok(keep_standard_input(inputs, &path)?.then_some(Kept(path)))
}

impl Drop for Kept {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}
