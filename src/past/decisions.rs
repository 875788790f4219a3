//! What officers decided on the shipments of a run.

use super::journal::{journal_of, note, noted};
use super::table::{for_each_row, path_of};
use crate::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What can be decided.
pub const DECISIONS: [&str; 5] = ["release", "review", "examine", "hold", "refer"];

/// Why: the codes by which decisions are counted; a note says the rest.
pub const REASONS: [&str; 8] = [
    "documents-in-order",
    "documents-missing",
    "examined-in-order",
    "violation-found",
    "known-false-alarm",
    "other-agency",
    "no-capacity",
    "other",
];

/// What an officer decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The key of the shipment.
    pub shipment_key: String,
    /// One of [`DECISIONS`].
    pub decision: String,
    /// One of [`REASONS`].
    pub reason: String,
    /// The day, ISO form.
    pub on: String,
    /// By whom.
    pub by: String,
    /// What else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

const KIND: &str = "decisions";

/// Every decision on a run, in the order in which they were noted.
///
/// # Errors
/// When the journal is there and cannot be read.
pub fn decisions(run: &Path) -> Result<Vec<Decision>, Error> {
    noted(&journal_of(run, KIND)?)
}

/// Notes a decision on a shipment of a run; earlier ones stay.
///
/// # Errors
/// When the run has no such shipment, a word is none of those that are known, or the journal cannot be written.
pub fn decide(run: &Path, decision: &Decision) -> Result<(), Error> {
    one_of("decision", &decision.decision, &DECISIONS)?;
    one_of("reason", &decision.reason, &REASONS)?;
    let table = path_of(run, "shipments")
        .ok_or_else(|| Error::at(ErrorKind::Usage, run, "this run wrote no shipments"))?;
    let mut is_there = false;
    for_each_row(&table, &["shipment_key"], |row| {
        is_there |= row[0].as_ref() == Some(&decision.shipment_key);
    })?;
    if !is_there {
        let message = format!("no shipment has the key `{}`", decision.shipment_key);
        return Err(Error::at(ErrorKind::Usage, &table, message));
    }
    note(&journal_of(run, KIND)?, decision)
}

fn one_of(what: &str, word: &str, known: &[&str]) -> Result<(), Error> {
    match known.contains(&word) {
        true => Ok(()),
        false => {
            let message = format!("`{word}` is not a {what}: {}", known.join(", "));
            Err(Error::new(ErrorKind::Usage, message))
        }
    }
}
