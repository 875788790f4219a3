//! What the rows of a run add to the history, as columns over all rows.
//!
//! Each row has a place, which any thread finds again by its file and its number there.

use super::corrections::Corrections;
use super::extract::{Extract, Outcome};
use super::moment::{Moment, UNDATED};
use super::places::Places;
use super::plan::Plan;
use super::spool::Spool;
use crate::error::{Error, ErrorKind};
use std::path::Path;

/// Columns over all rows of a run.
#[derive(Debug)]
pub struct Gathered {
    /// The place of each row.
    pub(super) places: Places,
    /// See [`Extract`], also for those that follow.
    pub moments: Spool<Moment>,
    /// Lines.
    pub lines: Spool<u64>,
    /// Shipments.
    pub shipments: Spool<u64>,
    /// Names of lines, where outcomes can name them.
    pub line_names: Option<Spool<u64>>,
    /// Components.
    pub components: Spool<u64>,
    /// Marks; [`Self::IS_STORED`] where the row stands in the store.
    pub marks: Spool<u8>,
    /// A column per key.
    pub keys: Vec<Spool<u64>>,
    /// A column per value.
    pub values: Vec<Spool<u64>>,
    /// A column per filter.
    pub filters: Vec<Spool<u8>>,
    /// Outcomes and their places, ascending.
    pub outcomes: Vec<(u32, Outcome)>,
    /// Filings that replace or remove earlier ones.
    pub corrections: Corrections,
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
            places: Places::default(),
            moments: Spool::new(directory),
            lines: spool(),
            shipments: spool(),
            line_names: (keeps_names && plan.has_outcomes).then(spool),
            components: spool(),
            marks: Spool::new(directory),
            keys: spools(plan.keys.len()),
            values: spools(plan.values.len()),
            filters: plan.filters.iter().map(|_| Spool::new(directory)).collect(),
            outcomes: Vec::new(),
            corrections: Corrections::default(),
            n_undated: 0,
            stored_files,
        }
    }

    /// Rows, which are as many places.
    pub fn n_rows(&self) -> u32 {
        self.places.len()
    }

    /// Takes in the rows of a batch; batches come in input order.
    ///
    /// # Errors
    /// When a column cannot be written, or there are more than four billion rows.
    pub fn add(&mut self, plan: &Plan, extract: Extract) -> Result<(), Error> {
        if extract.rows.is_empty() {
            return Ok(());
        }
        let start = self.n_rows();
        let places = self.places.add(extract.file, &extract.rows);
        places.ok_or_else(|| {
            let message = "history reaches over at most four billion rows";
            Error::new(ErrorKind::Usage, message)
        })?;
        let is_stored = self.stored_files.get(extract.file) == Some(&true);
        let stored = u8::from(is_stored) * Self::IS_STORED;
        if !is_stored {
            (extract.corrections.iter()).for_each(|correction| self.corrections.add(*correction));
        }
        let marks: Vec<u8> = extract.marks.iter().map(|mark| mark | stored).collect();
        let undated = extract.moments.iter().filter(|moment| **moment == UNDATED);
        self.n_undated += undated.count() as u64;
        self.moments.push(extract.moments)?;
        self.lines.push(extract.lines)?;
        self.marks.push(marks)?;
        self.shipments.push(extract.shipments)?;
        if let Some(names) = &mut self.line_names {
            names.push(extract.line_names)?;
        }
        if plan.has_components {
            self.components.push(extract.components)?;
        }
        for (spool, cells) in self.keys.iter_mut().zip(extract.keys) {
            spool.push(cells)?;
        }
        for (spool, cells) in self.values.iter_mut().zip(extract.values) {
            spool.push(cells)?;
        }
        for (spool, cells) in self.filters.iter_mut().zip(extract.filters) {
            spool.push(cells)?;
        }
        if !is_stored {
            for (row, outcome) in extract.outcomes {
                let row = u32::try_from(row).expect("fewer rows than places");
                self.outcomes.push((start + row, outcome));
            }
        }
        Ok(())
    }
}
