//! What an earlier run said of shipments, to tell what is new in this one.

use super::decisions::decisions;
use super::table::{for_each_row, path_of};
use crate::error::{Error, ErrorKind};
use crate::input_hash::hash_file;
use crate::intern::Texts;
use crate::select::{Lane, key_hash};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

/// What became of a shipment since the earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It was not there.
    New,
    /// Its lane is worse.
    Escalated,
    /// Its lane is better.
    Eased,
    /// The same lane, other hits.
    Changed,
    /// The same lane and hits.
    Same,
}

impl Mark {
    /// Every mark, in the order in which they are told.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Escalated,
        Self::Eased,
        Self::Changed,
        Self::Same,
    ];

    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Escalated => "escalated",
            Self::Eased => "eased",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}

/// The shipments of an earlier run, with what officers decided on them until now.
#[derive(Debug, Default)]
pub struct Since {
    by_key: HashMap<u64, Known, FixedState>,
    decisions: Texts,
    /// What was read, so that it can be read again.
    pub account: SinceAccount,
}

/// What was read of an earlier run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinceAccount {
    /// The directory of the run.
    pub path: PathBuf,
    /// BLAKE3 of its table of shipments.
    pub blake3: String,
    /// Decisions in its journal then; the journal is only added to.
    pub n_decisions: usize,
}

/// A shipment of the earlier run.
#[derive(Clone, Copy, Debug)]
struct Known {
    lane: Lane,
    hits: u64,
    /// In the texts; 0 for none.
    decision: u32,
}

impl Since {
    /// Reads the shipments of a run, and the journal of decisions beside it. A decision that the run knew from one before
    /// it goes on.
    ///
    /// # Errors
    /// When the run did not write all of its shipments, or they cannot be read.
    pub fn read(run: &Path) -> Result<Self, Error> {
        Self::read_first(run, usize::MAX)
    }

    /// The same, as it was read before.
    ///
    /// # Errors
    /// When the earlier run is not there any more, or was altered.
    pub fn read_again(account: &SinceAccount) -> Result<Self, Error> {
        let since = Self::read_first(&account.path, account.n_decisions)?;
        if since.account != *account {
            let message = "the earlier run, or what was decided on it, is not what it was";
            return Err(Error::at(ErrorKind::Input, &account.path, message));
        }
        Ok(since)
    }

    fn read_first(run: &Path, n_decisions: usize) -> Result<Self, Error> {
        let account = super::account(run)?;
        if account["options"]["keep"] == "flagged" {
            let message = "this run kept flagged shipments only, so nobody can tell which others are new; score with --keep all";
            return Err(Error::at(ErrorKind::Usage, run, message));
        }
        let table = path_of(run, "shipments")
            .ok_or_else(|| Error::at(ErrorKind::Usage, run, "this run wrote no shipments"))?;
        let blake3 = hash_file(&table)?;
        let written = account["outputs"].as_array().into_iter().flatten();
        let mut written = written.filter_map(|file| file["blake3"].as_str());
        if !written.any(|hash| hash == blake3) {
            let message = "the table of shipments is not the one that the run wrote; `ch24 verify` says what was altered";
            return Err(Error::at(ErrorKind::Input, &table, message));
        }
        let mut since = Self::default();
        let columns = ["shipment_key", "lane", "hits", "decision"];
        for_each_row(&table, &columns, |row| {
            let text = |column: usize| row[column].as_deref().unwrap_or("");
            let decision = match text(3) {
                "" => 0,
                decision => since.decisions.code(decision),
            };
            let lane = Lane::ALL.into_iter().find(|lane| lane.as_str() == text(1));
            let known = Known {
                lane: lane.unwrap_or_default(),
                hits: hash(text(2)),
                decision,
            };
            since.by_key.insert(key_hash(text(0)), known);
        })?;
        let noted = decisions(run)?.into_iter().take(n_decisions);
        since.account = SinceAccount {
            path: std::path::absolute(run).map_err(|error| Error::io(run, &error))?,
            blake3,
            n_decisions: 0,
        };
        for decision in noted {
            since.account.n_decisions += 1;
            let code = since
                .decisions
                .code(&format!("{} ({})", decision.decision, decision.reason));
            if let Some(known) = since.by_key.get_mut(&key_hash(&decision.shipment_key)) {
                known.decision = code;
            }
        }
        Ok(since)
    }

    /// Shipments of the earlier run.
    pub fn len(&self) -> u64 {
        self.by_key.len() as u64
    }

    /// Whether it had none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// What became of a shipment; `hits` are the rules that hit it, ascending, joined by `;`.
    pub fn mark(&self, key_hash: u64, lane: Lane, hits: &str) -> Mark {
        let Some(known) = self.by_key.get(&key_hash) else {
            return Mark::New;
        };
        match lane.cmp(&known.lane) {
            std::cmp::Ordering::Greater => Mark::Escalated,
            std::cmp::Ordering::Less => Mark::Eased,
            std::cmp::Ordering::Equal if known.hits != hash(hits) => Mark::Changed,
            std::cmp::Ordering::Equal => Mark::Same,
        }
    }

    /// The last decision on a shipment, and its reason; none where nobody decided.
    pub fn decision(&self, key_hash: u64) -> Option<&str> {
        self.decisions.get(self.by_key.get(&key_hash)?.decision)
    }
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}
