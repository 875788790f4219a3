//! BLAKE3 of each input file, found beside the scoring.

use crate::error::Error;
use crate::read::{Input, check_unchanged};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// Hashes on their way.
pub type Hashes = JoinHandle<Result<Vec<Option<String>>, Error>>;

/// An input as run.json names it.
#[derive(Clone, Debug, Serialize)]
pub struct InputRecord {
    /// Its label.
    pub label: String,
    /// Where it stands; none for standard input and pipes.
    pub path: Option<PathBuf>,
    /// Rows that were scored.
    pub rows: u64,
    /// BLAKE3 of its bytes; none for standard input and pipes.
    pub blake3: Option<String>,
}

/// Starts to hash the inputs, on a thread of its own.
pub fn start(inputs: &[Input]) -> Hashes {
    let paths: Vec<_> = inputs.iter().map(path_of).collect();
    std::thread::spawn(move || {
        let hashes = paths
            .iter()
            .map(|path| path.as_deref().map(hash_file).transpose());
        hashes.collect()
    })
}

/// BLAKE3 of a file, in hex.
///
/// # Errors
/// When it cannot be read.
pub fn hash_file(path: &Path) -> Result<String, Error> {
    let mut hasher = blake3::Hasher::new();
    let file = std::fs::File::open(path).map_err(|error| Error::io(path, &error))?;
    hasher
        .update_reader(file)
        .map_err(|error| Error::io(path, &error))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// The file of an input; none for a stream, also where it was kept in a file meanwhile.
fn path_of(input: &Input) -> Option<PathBuf> {
    (!input.is_stream()).then(|| input.path.clone()).flatten()
}

/// The inputs as run.json names them.
///
/// # Errors
/// When an input could not be read again to be hashed, or changed since it was found.
pub fn inputs(inputs: &[Input], rows: &[u64], hashes: Hashes) -> Result<Vec<InputRecord>, Error> {
    let hashes = hashes.join().expect("hashing does not panic");
    check_unchanged(inputs)?;
    let hashes = hashes?;
    let records = inputs.iter().zip(rows).zip(hashes);
    Ok(records
        .map(|((input, rows), blake3)| InputRecord {
            label: input.label.clone(),
            path: path_of(input).and_then(|path| std::path::absolute(path).ok()),
            rows: *rows,
            blake3,
        })
        .collect())
}
