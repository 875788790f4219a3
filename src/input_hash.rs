//! BLAKE3 of each input file, found beside the scoring.

use crate::error::Error;
use crate::read::Input;
use crate::write::LineLabel;
use serde::Serialize;
use std::thread::JoinHandle;

/// Hashes on their way.
pub type Hashes = JoinHandle<Result<Vec<Option<String>>, Error>>;

/// An input as run.json names it.
#[derive(Clone, Debug, Serialize)]
pub struct InputRecord {
    /// Its label.
    pub label: String,
    /// Rows that were scored.
    pub rows: u64,
    /// BLAKE3 of its bytes; none for standard input.
    pub blake3: Option<String>,
}

/// Starts to hash the inputs, on a thread of its own.
pub fn start(inputs: &[Input]) -> Hashes {
    let paths: Vec<_> = inputs
        .iter()
        .map(|input| (input.label != "-").then(|| input.path.clone()).flatten())
        .collect();
    std::thread::spawn(move || {
        let hash = |path: std::path::PathBuf| {
            let mut hasher = blake3::Hasher::new();
            let file = std::fs::File::open(&path).map_err(|error| Error::io(&path, &error))?;
            hasher
                .update_reader(file)
                .map_err(|error| Error::io(&path, &error))?;
            Ok(hasher.finalize().to_hex().to_string())
        };
        paths
            .into_iter()
            .map(|path| path.map(hash).transpose())
            .collect()
    })
}

/// The inputs as run.json names them.
///
/// # Errors
/// When an input could not be read again to be hashed.
pub fn inputs(
    labels: &[LineLabel],
    rows: &[u64],
    hashes: Hashes,
) -> Result<Vec<InputRecord>, Error> {
    let hashes = hashes.join().expect("hashing does not panic")?;
    let records = labels.iter().zip(rows).zip(hashes);
    Ok(records
        .map(|((label, rows), blake3)| InputRecord {
            label: label.label.clone(),
            rows: *rows,
            blake3,
        })
        .collect())
}
