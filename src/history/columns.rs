//! The features of each row, as columns that any thread reads by range.

use super::places::Places;
use super::spool::Spool;
use super::sweep::Answer;
use crate::batch::{Batch, Column};
use crate::error::Error;
use crate::rules::feature::Feature;
use crate::rules::vocabulary::FeatureKind;
use crate::schema::FieldId;
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// The features of a run.
#[derive(Debug, Default)]
pub struct Columns {
    places: Places,
    features: Vec<FeatureColumns>,
}

/// A feature: its values, and their support.
#[derive(Debug)]
pub struct FeatureColumns {
    column: FieldId,
    values: Values,
    support: Option<(FieldId, Spool<u32>)>,
}

#[derive(Debug)]
enum Values {
    /// Counts or days, [`NO_WHOLE`] for NULL.
    Wholes(Spool<u32>),
    /// Any number, NaN for NULL.
    Numbers(Spool<f64>),
}

/// A whole number that is not there.
const NO_WHOLE: u32 = u32::MAX;

impl Columns {
    /// No feature yet; `places` are those of the rows.
    pub(super) fn new(places: Places) -> Self {
        Self {
            places,
            features: Vec::new(),
        }
    }

    pub(super) fn extend(&mut self, features: impl IntoIterator<Item = FeatureColumns>) {
        self.features.extend(features);
    }

    /// Puts the features of its rows into a batch.
    ///
    /// # Errors
    /// When a column cannot be read.
    pub fn fill(&self, batch: &mut Batch) -> Result<(), Error> {
        for class in &mut batch.presence.classes {
            class.has_history = true;
        }
        let places = self.places.of(batch.file, &batch.rows);
        let (Some(start), Some(last)) = (places.first().copied(), places.last()) else {
            return Ok(());
        };
        let end = last + 1;
        let offsets: Vec<usize> = places.iter().map(|place| place - start).collect();
        for feature in &self.features {
            let values = match &feature.values {
                Values::Wholes(values) => wholes(values, start, end, &offsets)?,
                Values::Numbers(values) => {
                    let values = values.range(start, end)?;
                    offsets.iter().map(|offset| values[*offset]).collect()
                }
            };
            batch.set(feature.column, Column::Number(values));
            if let Some((column, spool)) = &feature.support {
                let support = wholes(spool, start, end, &offsets)?;
                batch.set(*column, Column::Number(support));
            }
        }
        Ok(())
    }
}

fn wholes(
    spool: &Spool<u32>,
    start: usize,
    end: usize,
    offsets: &[usize],
) -> Result<Vec<f64>, Error> {
    let cells = spool.range(start, end)?;
    let number = |offset: &usize| match cells[*offset] {
        NO_WHOLE => f64::NAN,
        whole => f64::from(whole),
    };
    Ok(offsets.iter().map(number).collect())
}

/// Answers as they come, from any thread.
pub(super) struct Answers {
    values: Vec<AtomicU64>,
    support: Vec<AtomicU32>,
}

impl Answers {
    /// NULL for every row.
    pub(super) fn new(n_rows: usize, feature: &Feature) -> Self {
        let n_support = if feature.support.is_some() { n_rows } else { 0 };
        let null = f64::NAN.to_bits();
        Self {
            values: (0..n_rows).map(|_| AtomicU64::new(null)).collect(),
            support: (0..n_support).map(|_| AtomicU32::new(NO_WHOLE)).collect(),
        }
    }

    /// Puts the answer of a row.
    pub(super) fn put(&self, row: u32, answer: Answer) {
        let at = row as usize;
        self.values[at].store(answer.value.to_bits(), Ordering::Relaxed);
        if let Some(support) = self.support.get(at) {
            support.store(answer.support, Ordering::Relaxed);
        }
    }

    /// The answers as columns.
    pub(super) fn finish(
        self,
        feature: &Feature,
        directory: &Path,
    ) -> Result<FeatureColumns, Error> {
        let is_whole = matches!(
            feature.kind,
            FeatureKind::FirstSeenDays
                | FeatureKind::Count
                | FeatureKind::Distinct
                | FeatureKind::Repeat
        );
        let numbers = |bits: &AtomicU64| f64::from_bits(bits.load(Ordering::Relaxed));
        let parts = self.values.chunks(1 << 16);
        let parts = parts.map(|part| part.iter().map(numbers));
        let values = match is_whole {
            true => {
                let mut values = Spool::new(directory);
                for part in parts {
                    values.push(part.map(whole))?;
                }
                Values::Wholes(values)
            }
            false => {
                let mut values = Spool::new(directory);
                for part in parts {
                    values.push(part)?;
                }
                Values::Numbers(values)
            }
        };
        let support = match feature.support {
            None => None,
            Some(column) => {
                let mut spool = Spool::new(directory);
                for part in self.support.chunks(1 << 16) {
                    spool.push(part.iter().map(|cell| cell.load(Ordering::Relaxed)))?;
                }
                Some((column, spool))
            }
        };
        Ok(FeatureColumns {
            column: feature.column,
            values,
            support,
        })
    }
}

fn whole(number: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of rows or days from 0 on"
    )]
    let whole = number as u32;
    if number.is_nan() { NO_WHOLE } else { whole }
}
