//! Standard input can be read once only: where it is read twice, it is kept in a file until the command is done.

use crate::error::Error;
use crate::read::Input;
use std::path::PathBuf;

/// The file; it goes when this is dropped.
#[derive(Debug)]
pub(super) struct Kept(Option<PathBuf>);

/// Puts a file in the place of standard input, where it is among the inputs.
///
/// # Errors
/// When it cannot be read, or the file cannot be written.
pub(super) fn keep(inputs: &mut [Input]) -> Result<Kept, Error> {
    let mut kept = Kept(None);
    for input in inputs.iter_mut().filter(|input| input.path.is_none()) {
        let name = format!(".ch24-{}-standard-input", std::process::id());
        let path = std::env::temp_dir().join(name);
        let failed = |error: std::io::Error| Error::io(&path, &error);
        let mut file = std::fs::File::create_new(&path).map_err(failed)?;
        kept.0 = Some(path.clone());
        std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(failed)?;
        input.path = Some(path);
    }
    Ok(kept)
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            std::fs::remove_file(path).ok();
        }
    }
}
