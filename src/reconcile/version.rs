//! When a filing came, and what it does to others: read the same way by scoring and by history.

use crate::batch::{Batch, Column, NULL_DATE};
use crate::history::moment::{Moment, UNDATED, end_of, of_filing};
use crate::normalize::source_ref;
use crate::schema::field;

/// When a filing came, and what it does; a greater version is a later one.
///
/// Within a moment removing comes after replacing, and replacing after adding; then the later date of law is later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// When it was received, else the day of its last change.
    pub moment: Moment,
    /// 0: adds. 1: replaces. 2: removes.
    pub rank: u8,
    /// Its date of law.
    pub day: i32,
}

impl Version {
    /// From when on others know of it: when it came, else its date of law; [`UNDATED`] where neither is known.
    pub fn known(self) -> Moment {
        match (self.moment, self.day) {
            (UNDATED, NULL_DATE) => UNDATED,
            (UNDATED, day) => end_of(day),
            (moment, _) => moment,
        }
    }
}

/// The version of each row of a batch.
///
/// # Missing values
/// A row without a date of receipt or change came before any with one. An action that is none of D, R, U adds.
pub fn versions(batch: &Batch) -> Vec<Version> {
    let received = match batch.column(field::RECEIVED_AT) {
        Some(Column::Number(moments)) => Some(moments),
        _ => None,
    };
    let ranks: Option<(Vec<u8>, &[u32])> = batch.text(field::RECORD_ACTION).map(|actions| {
        let ranks = actions.pool.iter().map(rank);
        let of_code = std::iter::once(0).chain(ranks).collect();
        (of_code, actions.codes.as_slice())
    });
    let version = |row: usize| {
        let updated = batch.date_at(field::RECORD_UPDATED_DATE, row);
        let received = received.map_or(f64::NAN, |moments| moments[row]);
        Version {
            moment: of_filing(received, updated.unwrap_or(NULL_DATE)),
            rank: (ranks.as_ref()).map_or(0, |(of_code, codes)| of_code[codes[row] as usize]),
            day: batch.date_at(field::LEGAL_DATE, row).unwrap_or(NULL_DATE),
        }
    };
    (0..batch.n_rows).map(version).collect()
}

fn rank(action: &str) -> u8 {
    match action {
        "D" => 2,
        "R" | "U" => 1,
        _ => 0,
    }
}

/// Whether a row names no line, so that it is about its whole shipment at its stage: its line is its place in a file.
pub fn names_no_line(batch: &Batch, label: &str, row: usize) -> bool {
    let line = batch.text_at(field::LINE_ID, row);
    let place = line.and_then(|line| line.strip_prefix(label));
    place.is_some_and(|_| line == Some(&source_ref(label, batch.rows[row])))
}
