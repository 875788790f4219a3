//! What people note of a run: a file beside it that is only added to, one JSON object a line.

use crate::error::{Error, ErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
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
    for (line, number) in BufReader::new(file).split(b'\n').zip(1..) {
        let line = line.map_err(|error| Error::io(journal, &error))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let one = serde_json::from_slice(&line).map_err(|error| {
            let error = error.to_string();
            // It counts lines within this one.
            let error = error.split(" at line ").next().unwrap_or("");
            let message = format!(
                "line {number} cannot be read ({error}): its writing was interrupted or it was edited; mend or delete this line, and note again what it said"
            );
            Error::at(ErrorKind::Input, journal, message)
        })?;
        all.push(one);
    }
    Ok(all)
}

/// Adds a note, whole or not at all.
///
/// # Errors
/// When what stands there cannot be read, so that no run would know the note, or when it cannot be written; then the
/// journal is as it was.
pub fn note<T: Serialize + DeserializeOwned>(journal: &Path, what: &T) -> Result<(), Error> {
    noted::<T>(journal)?;
    let mut line = serde_json::to_string(what).expect("a note has only plain keys and values");
    line.push('\n');
    let failed = |error: std::io::Error| Error::io(journal, &error);
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .read(true)
        .append(true)
        .open(journal)
        .map_err(failed)?;
    // Two people may note at once. Where files cannot be locked, each note still is written in one piece.
    file.lock().ok();
    let length = file.metadata().map_err(failed)?.len();
    if !ends_with_a_line(&mut file, length).map_err(failed)? {
        line.insert(0, '\n');
    }
    let written = file
        .write_all(line.as_bytes())
        .and_then(|()| file.sync_all());
    written.map_err(|error| {
        // A part of a line would spoil the journal.
        file.set_len(length).ok();
        failed(error)
    })
}

fn ends_with_a_line(file: &mut File, length: u64) -> std::io::Result<bool> {
    if length == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
