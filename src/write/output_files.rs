//! The files of an output, by their bytes.

use crate::error::Error;
use crate::input_hash::hash_file;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A file that a run wrote, as run.json names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OutputFile {
    /// Its path below the output, with `/`.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
}

/// Every file below a directory but its run.json, by path.
///
/// # Errors
/// When the directory or a file cannot be read.
pub fn output_files(directory: &Path) -> Result<Vec<OutputFile>, Error> {
    let mut paths = Vec::new();
    collect(directory, &mut paths)?;
    paths.retain(|path| *path != directory.join(super::output::RUN_FILE));
    let files = paths.into_par_iter().map(|path| {
        let bytes = std::fs::metadata(&path).map_err(|error| Error::io(&path, &error))?;
        Ok(OutputFile {
            file: name_below(directory, &path),
            bytes: bytes.len(),
            blake3: hash_file(&path)?,
        })
    });
    let mut files = files.collect::<Result<Vec<_>, Error>>()?;
    files.sort();
    Ok(files)
}

/// The names of all files below a directory, as run.json names them.
pub(super) fn output_names(directory: &Path) -> Result<Vec<String>, Error> {
    let mut paths = Vec::new();
    collect(directory, &mut paths)?;
    let names = paths.iter().map(|path| name_below(directory, path));
    Ok(names.collect())
}

fn name_below(directory: &Path, path: &Path) -> String {
    let below = path.strip_prefix(directory).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the files of an output are found here"
)]
fn collect(directory: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::io(directory, &error);
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A link is a file of its own: what it points to is not of the run.
        match entry.file_type().map_err(failed)?.is_dir() {
            true => collect(&entry.path(), paths)?,
            false => paths.push(entry.path()),
        }
    }
    Ok(())
}
