//! What was noted of verifications: a file beside the run that is only added to.

use super::releasable::{Releasable, State};
use crate::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The steps that can be noted, in their usual order.
///
/// # Source
/// The steps of 19 USC 4713 on the US side; no order is enforced, and no deadline is known.
pub const STATUSES: [&str; 6] = [
    "comment",
    "iecme-review",
    "ustr-request",
    "reply",
    "additional-steps",
    "closed",
];

/// Something that was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The dossier.
    pub dossier: String,
    /// One of [`STATUSES`], or `approved`.
    pub status: String,
    /// The day, ISO form.
    pub on: String,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Of an approval: what was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
}

/// The status of an approval.
pub const APPROVED: &str = "approved";

/// The file of a run: beside it, so that a new run under the same name keeps it.
///
/// # Errors
/// When the run is not the name of a directory.
pub fn status_file(run: &Path) -> Result<PathBuf, Error> {
    let whole = run.canonicalize().map_err(|error| Error::io(run, &error))?;
    let name = whole
        .file_name()
        .ok_or_else(|| Error::at(ErrorKind::Usage, run, "this is not the output of a run"))?;
    Ok(whole.with_file_name(format!("{}.verification.ndjson", name.to_string_lossy())))
}

/// Every event that was noted of a run, in order.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn events(run: &Path) -> Result<Vec<Event>, Error> {
    let path = status_file(run)?;
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(&path, &error)),
    };
    let mut events = Vec::new();
    for (line, number) in BufReader::new(file).lines().zip(1..) {
        let line = line.map_err(|error| Error::io(&path, &error))?;
        if line.trim().is_empty() {
            continue;
        }
        let event = serde_json::from_str(&line).map_err(|error| {
            Error::at(ErrorKind::Input, &path, format!("line {number}: {error}"))
        })?;
        events.push(event);
    }
    Ok(events)
}

/// Adds an event to the file of a run.
///
/// # Errors
/// When it cannot be written.
pub fn note(run: &Path, event: &Event) -> Result<PathBuf, Error> {
    let path = status_file(run)?;
    let mut line = serde_json::to_string(event).expect("an event has only plain keys and values");
    line.push('\n');
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(|error| Error::io(&path, &error))?;
    // In one piece: what two people add at once stands one after the other.
    file.write_all(line.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| Error::io(&path, &error))?;
    Ok(path)
}

/// Whether an edition was approved as it is; the last approval of this content counts.
pub fn state(edition: &Releasable, events: &[Event]) -> State {
    let hash = edition.hash();
    let mut approvals = events.iter().filter(|event| {
        event.dossier == edition.id
            && event.status == APPROVED
            && event.blake3.as_deref() == Some(hash.as_str())
    });
    match approvals.next_back() {
        Some(event) => State::Approved {
            by: event.by.clone().unwrap_or_default(),
            on: event.on.clone(),
        },
        None => State::Draft,
    }
}
