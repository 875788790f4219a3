//! What a run knows of the lines, shipments and referrals that outcomes speak of.

use super::row::{KEYS, LabelKey};
use super::source::SourceRow;
use crate::error::Error;
use crate::normalize::date::parse_date;
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
    /// The day of each line: that of law, the first where its rows differ.
    days_of_lines: BTreeMap<String, i32>,
    /// The day on which each shipment arrived, or is to arrive.
    days_of_shipments: BTreeMap<String, i32>,
    /// The day of the import; none: not known, and nothing is after it.
    today: Option<i32>,
}

impl Known {
    /// What is known without a run: the day of the import.
    pub(super) fn of_day(today: i32) -> Self {
        Self {
            today: Some(today),
            ..Self::default()
        }
    }

    /// Looks the keys of some rows up in the tables and referrals of a run.
    ///
    /// # Errors
    /// When the run cannot be read.
    pub(super) fn of_run(run: &Path, rows: &[SourceRow], today: i32) -> Result<Self, Error> {
        let [wanted_lines, mut wanted_shipments, wanted_referrals] =
            KEYS.map(|column| -> BTreeSet<String> {
                rows.iter().filter_map(|row| row.text(column)).collect()
            });
        let is_whole = is_whole(run)?;
        let mut known = Self::of_day(today);
        let mut lines = BTreeMap::new();
        let columns = ["line_id", "shipment_key", "legal_date"];
        let has_lines = each(path_of(run, "lines"), &columns, |cells| {
            if let [Some(line), Some(shipment), day] = cells
                && wanted_lines.contains(line)
            {
                lines.insert(line.clone(), shipment.clone());
                wanted_shipments.insert(shipment.clone());
                put_first(&mut known.days_of_lines, line, day.as_deref());
            }
        })?;
        for path in referral_files(run)? {
            each(Some(path), &["referral_id", "shipment_key"], |cells| {
                if let [Some(referral), Some(shipment)] = cells
                    && wanted_referrals.contains(referral)
                {
                    known.referrals.insert(referral.clone(), shipment.clone());
                    wanted_shipments.insert(shipment.clone());
                }
            })?;
        }
        let mut shipments = BTreeSet::new();
        let columns = ["shipment_key", "arrival_date"];
        let has_shipments = each(path_of(run, "shipments"), &columns, |cells| {
            if let [Some(shipment), day] = cells
                && wanted_shipments.contains(shipment)
            {
                shipments.insert(shipment.clone());
                put_first(&mut known.days_of_shipments, shipment, day.as_deref());
            }
        })?;
        known.lines = (has_lines && is_whole).then_some(lines);
        known.shipments = (has_shipments && is_whole).then_some(shipments);
        Ok(known)
    }

    /// Why nothing can have been found of a line or shipment on a day; none where it can, or where nothing tells.
    pub(super) fn out_of_time(&self, key: &LabelKey, day: i32) -> Option<&'static str> {
        let of_line = self.days_of_lines.get(&key.line_id);
        let own = of_line.or_else(|| self.days_of_shipments.get(&key.shipment_key));
        if self.today.is_some_and(|today| day > today) {
            return Some("after-import");
        }
        own.is_some_and(|own| day < *own)
            .then_some("before-shipment")
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

/// Reads some columns of a table; false where there is no table.
fn each(
    path: Option<PathBuf>,
    columns: &[&str],
    mut take: impl FnMut(&[Option<String>]),
) -> Result<bool, Error> {
    let Some(path) = path else {
        return Ok(false);
    };
    for_each_row(&path, columns, |row| take(&row))?;
    Ok(true)
}

/// Keeps the first day of a key.
fn put_first(days: &mut BTreeMap<String, i32>, key: &str, day: Option<&str>) {
    if let Some(day) = day.and_then(parse_date) {
        let known = days.entry(key.to_owned()).or_insert(day);
        *known = day.min(*known);
    }
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
