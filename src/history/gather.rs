//! What the rows of a run add to the history, as columns over all rows.
//!
//! The place of a row is that of its file and its number there, so that any thread finds it again; rows that were set
//! aside leave an empty place.

use super::corrections::Corrections;
use super::extract::{Extract, Outcome};
use super::moment::UNDATED;
use super::plan::Plan;
use super::spool::Spool;
use crate::error::{Error, ErrorKind};
use std::path::Path;

/// Columns over all rows of a run.
#[derive(Debug)]
pub struct Gathered {
    /// Places.
    pub n_rows: u32,
    /// The place before the first row of each file.
    pub bases: Vec<u32>,
    /// See [`Extract`], also for those that follow.
    pub moments: Spool,
    /// Lines.
    pub lines: Spool,
    /// Shipments.
    pub shipments: Spool,
    /// Names of lines, where outcomes can name them.
    pub line_names: Option<Spool>,
    /// Components.
    pub components: Spool,
    /// Marks; [`Self::IS_STORED`] where the row stands in the store.
    pub marks: Spool,
    /// A column per key.
    pub keys: Vec<Spool>,
    /// A column per value.
    pub values: Vec<Spool>,
    /// A column per filter.
    pub filters: Vec<Spool>,
    /// Outcomes and their places, ascending.
    pub outcomes: Vec<(u32, Outcome)>,
    /// Filings that replace or remove earlier ones.
    pub corrections: Corrections,
    /// Rows, without empty places.
    pub n_taken: u64,
    /// Rows without a date.
    pub n_undated: u64,
    stored_files: Vec<bool>,
}

impl Gathered {
    /// The bit of a mark that says that the row stands in the store, so that it counts there.
    pub const IS_STORED: u8 = 1 << 7;

    /// Nothing yet; `stored_files` says which inputs stand in the store, and `keeps_names` that outcomes can name lines.
    pub fn new(plan: &Plan, directory: &Path, stored_files: Vec<bool>, keeps_names: bool) -> Self {
        let spool = || Spool::new(directory);
        let spools = |n: usize| (0..n).map(|_| spool()).collect();
        Self {
            n_rows: 0,
            bases: Vec::new(),
            moments: spool(),
            lines: spool(),
            shipments: spool(),
            line_names: (keeps_names && plan.has_outcomes).then(spool),
            components: spool(),
            marks: spool(),
            keys: spools(plan.keys.len()),
            values: spools(plan.values.len()),
            filters: spools(plan.filters.len()),
            outcomes: Vec::new(),
            corrections: Corrections::default(),
            n_taken: 0,
            n_undated: 0,
            stored_files,
        }
    }

    /// Takes in the rows of a batch; batches come in input order.
    ///
    /// # Errors
    /// When a column cannot be written, or there are more than four billion rows.
    pub fn add(&mut self, plan: &Plan, extract: Extract) -> Result<(), Error> {
        let Some(last) = extract.rows.last() else {
            return Ok(());
        };
        while self.bases.len() <= extract.file {
            self.bases.push(self.n_rows);
        }
        let base = self.bases[extract.file];
        let too_many = || {
            let message = "history reaches over at most four billion rows";
            Error::new(ErrorKind::Usage, message)
        };
        let end = u32::try_from(u64::from(base) + last).map_err(|_| too_many())?;
        let place = |row: u64| u64::from(base) + row - 1;
        // Where each cell goes, counted from the end of the column so far.
        let offsets: Vec<usize> = (extract.rows.iter())
            .map(|row| usize::try_from(place(*row) - u64::from(self.n_rows)))
            .collect::<Result<_, _>>()
            .map_err(|_| too_many())?;
        let length = (end - self.n_rows) as usize;
        let is_stored = self.stored_files.get(extract.file) == Some(&true);
        let stored = u8::from(is_stored) * Self::IS_STORED;
        if !is_stored {
            (extract.corrections.iter()).for_each(|correction| self.corrections.add(*correction));
        }
        let marks: Vec<u8> = extract.marks.iter().map(|mark| mark | stored).collect();
        let over = |cells: Vec<u64>, empty: u64| spread(&offsets, length, &cells, empty);
        self.moments
            .push(spread(&offsets, length, &extract.moments, UNDATED))?;
        self.lines.push(over(extract.lines, 0))?;
        self.marks.push(spread(&offsets, length, &marks, 0))?;
        self.shipments.push(over(extract.shipments, 0))?;
        if let Some(names) = &mut self.line_names {
            names.push(over(extract.line_names, 0))?;
        }
        if plan.has_components {
            self.components.push(over(extract.components, 0))?;
        }
        for (spool, cells) in self.keys.iter_mut().zip(extract.keys) {
            spool.push(over(cells, 0))?;
        }
        for (spool, cells) in self.values.iter_mut().zip(extract.values) {
            spool.push(over(cells, 0))?;
        }
        for (spool, cells) in self.filters.iter_mut().zip(extract.filters) {
            spool.push(spread(&offsets, length, &cells, 0))?;
        }
        if !is_stored {
            let start = self.n_rows as usize;
            for (row, outcome) in extract.outcomes {
                let place = u32::try_from(start + offsets[row]).map_err(|_| too_many())?;
                self.outcomes.push((place, outcome));
            }
        }
        self.n_rows = end;
        self.n_taken += extract.rows.len() as u64;
        let undated = extract.moments.iter().filter(|moment| **moment == UNDATED);
        self.n_undated += undated.count() as u64;
        Ok(())
    }
}

/// Cells at their places, with an empty cell between.
fn spread<T: Copy>(offsets: &[usize], length: usize, cells: &[T], empty: T) -> Vec<T> {
    if offsets.len() == length {
        return cells.to_vec();
    }
    let mut spread = vec![empty; length];
    for (offset, cell) in offsets.iter().zip(cells) {
        spread[*offset] = *cell;
    }
    spread
}
