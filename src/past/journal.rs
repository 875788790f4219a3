//! What people note of a run: a file beside it that is only added to, one JSON object a line.

use crate::error::{Error, ErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The journal of a kind: beside the run, so that a new run under the same name keeps it.
///
/// # Errors
/// When the run is not the name of a directory.
pub fn journal_of(run: &Path, kind: &str) -> Result<PathBuf, Error> {
    let whole = run.canonicalize().map_err(|error| Error::io(run, &error))?;
    let name = whole
        .file_name()
        .ok_or_else(|| Error::at(ErrorKind::Usage, run, "this is not the output of a run"))?;
    Ok(whole.with_file_name(format!("{}.{kind}.ndjson", name.to_string_lossy())))
}

/// Everything that was noted, in order; nothing where nobody noted anything.
///
/// # Errors
/// When the file is there and cannot be read; the line is named.
pub fn noted<T: DeserializeOwned>(journal: &Path) -> Result<Vec<T>, Error> {
    let file = match File::open(journal) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(journal, &error)),
    };
    let mut all = Vec::new();
    for (line, number) in BufReader::new(file).lines().zip(1..) {
        let line = line.map_err(|error| Error::io(journal, &error))?;
        if line.trim().is_empty() {
            continue;
        }
        let one = serde_json::from_str(&line).map_err(|error| {
            Error::at(ErrorKind::Input, journal, format!("line {number}: {error}"))
        })?;
        all.push(one);
    }
    Ok(all)
}

/// Adds a note.
///
/// # Errors
/// When it cannot be written.
pub fn note(journal: &Path, what: &impl Serialize) -> Result<(), Error> {
    let mut line = serde_json::to_string(what).expect("a note has only plain keys and values");
    line.push('\n');
    let file = OpenOptions::new().create(true).append(true).open(journal);
    // In one piece: what two people add at once stands one after the other.
    file.and_then(|mut file| {
        file.write_all(line.as_bytes())
            .and_then(|()| file.sync_all())
    })
    .map_err(|error| Error::io(journal, &error))
}
