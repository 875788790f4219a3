//! What a run knows of the lines, shipments and referrals that outcomes speak of.

use super::row::KEYS;
use super::source::SourceRow;
use crate::error::Error;
use crate::past::{account, for_each_row, path_of};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The keys of a file of outcomes that a run knows; without a run, nothing can be told of them.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The shipment of each line; none: the run wrote no lines, or not all.
    lines: Option<BTreeMap<String, String>>,
    /// Shipments; none: the run wrote none, or not all.
    shipments: Option<BTreeSet<String>>,
    referrals: BTreeMap<String, String>,
}

impl Known {
    /// Looks the keys of some rows up in the tables and referrals of a run.
    ///
    /// # Errors
    /// When the run cannot be read.
    pub(super) fn of_run(run: &Path, rows: &[SourceRow]) -> Result<Self, Error> {
        let wanted = KEYS.map(|column| -> BTreeSet<String> {
            rows.iter().filter_map(|row| row.text(column)).collect()
        });
        let is_whole = is_whole(run)?;
        let mut lines = BTreeMap::new();
        let has_lines = pairs(
            path_of(run, "lines"),
            ["line_id", "shipment_key"],
            |line, shipment| {
                if wanted[0].contains(line) {
                    lines.insert(line.to_owned(), shipment.to_owned());
                }
            },
        )?;
        let mut shipments = BTreeSet::new();
        let columns = ["shipment_key", "shipment_key"];
        let has_shipments = pairs(path_of(run, "shipments"), columns, |shipment, _| {
            if wanted[1].contains(shipment) {
                shipments.insert(shipment.to_owned());
            }
        })?;
        let mut referrals = BTreeMap::new();
        for path in referral_files(run)? {
            pairs(
                Some(path),
                ["referral_id", "shipment_key"],
                |referral, shipment| {
                    if wanted[2].contains(referral) {
                        referrals.insert(referral.to_owned(), shipment.to_owned());
                    }
                },
            )?;
        }
        Ok(Self {
            lines: (has_lines && is_whole).then_some(lines),
            shipments: (has_shipments && is_whole).then_some(shipments),
            referrals,
        })
    }

    /// The shipment of a line, where the run tells it.
    pub(super) fn shipment_of_line(&self, line: &str) -> Result<Option<&str>, ()> {
        match &self.lines {
            None => Ok(None),
            Some(lines) => lines.get(line).map(|key| Some(key.as_str())).ok_or(()),
        }
    }

    /// Whether there is a shipment; true where nothing can be told.
    pub(super) fn has_shipment(&self, shipment: &str) -> bool {
        let known = self.shipments.as_ref();
        known.is_none_or(|known| known.contains(shipment))
    }

    /// The shipment of a referral.
    pub(super) fn shipment_of_referral(&self, referral: &str) -> Option<&str> {
        self.referrals.get(referral).map(String::as_str)
    }
}

/// Reads two columns of a table; false where there is no table.
fn pairs(
    path: Option<PathBuf>,
    columns: [&str; 2],
    mut take: impl FnMut(&str, &str),
) -> Result<bool, Error> {
    let Some(path) = path else {
        return Ok(false);
    };
    for_each_row(&path, &columns, |row| {
        if let [Some(left), Some(right)] = &row[..] {
            take(left, right);
        }
    })?;
    Ok(true)
}

/// Whether the tables of a run hold all its lines and shipments.
fn is_whole(run: &Path) -> Result<bool, Error> {
    Ok(account(run)?["options"]["keep"] != "flagged")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the referrals of a run are found here"
)]
fn referral_files(run: &Path) -> Result<Vec<PathBuf>, Error> {
    let directory = run.join("referrals");
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error: std::io::Error| Error::io(&directory, &error);
    let entries = std::fs::read_dir(&directory).map_err(failed)?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    Ok(paths)
}
