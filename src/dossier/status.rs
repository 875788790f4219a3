//! What was noted of verifications: a file beside the run that is only added to.

use super::releasable::{Releasable, State};
use crate::error::Error;
use crate::past::journal;
use serde::{Deserialize, Serialize};
use std::path::Path;

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

const KIND: &str = "verification";

/// Every event that was noted of a run, in order.
///
/// # Errors
/// When the journal is there and cannot be read.
pub fn events(run: &Path) -> Result<Vec<Event>, Error> {
    journal::noted(&journal::journal_of(run, KIND)?)
}

/// Adds an event to the journal of a run.
///
/// # Errors
/// When it cannot be written.
pub fn note(run: &Path, event: &Event) -> Result<(), Error> {
    journal::note(&journal::journal_of(run, KIND)?, event)
}

/// Whether the releasable edition of a dossier was approved as it is: the last approval of this content by a name counts.
pub fn state(dossier: &str, edition: &Releasable, events: &[Event]) -> State {
    let hash = edition.hash();
    let approvals = events.iter().filter(|event| {
        event.dossier == dossier
            && event.status == APPROVED
            && event.blake3.as_deref() == Some(hash.as_str())
    });
    let mut named = approvals.filter_map(|event| {
        let by = event.by.as_deref().map(str::trim);
        Some((by.filter(|by| !by.is_empty())?, &event.on))
    });
    match named.next_back() {
        Some((by, on)) => State::Approved {
            by: by.to_owned(),
            on: on.clone(),
        },
        None => State::Draft,
    }
}

/// The last day of what was noted of a dossier, ISO form; none where nothing was.
pub fn last_day<'e>(dossier: &str, events: &'e [Event]) -> Option<&'e str> {
    let of_dossier = events.iter().filter(|event| event.dossier == dossier);
    of_dossier.map(|event| event.on.as_str()).max()
}
