//! Which filings replace or remove others, and from when on: the reading of `--reconcile`, as of each date.

use super::extract::{Correction, Mark};
use super::gather::Gathered;
use super::hash::Hashed;
use super::moment::{Moment, NEVER};
use crate::error::Error;
use crate::reconcile::Version;
use hashbrown::HashMap;

/// When filings were replaced or removed.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    by_filing: HashMap<u64, Vec<Version>, Hashed>,
    /// Those that name no line, by shipment.
    of_shipments: HashMap<u64, Vec<Correction>, Hashed>,
    /// Those that name a line.
    of_lines: Vec<Correction>,
}

/// Rows that are looked at in one go.
const PART_ROWS: usize = 1 << 16;

impl Corrections {
    /// Adds a filing that replaces or removes others.
    pub fn add(&mut self, correction: Correction) {
        if correction.is_whole {
            let of_shipment = self.of_shipments.entry(correction.of).or_default();
            return of_shipment.push(correction);
        }
        let filing = correction.mark.filing(correction.of);
        let known = self.by_filing.entry(filing).or_default();
        if !known.contains(&correction.version) {
            known.push(correction.version);
            self.of_lines.push(correction);
        }
    }

    /// All of them, in order, those that name no line last.
    pub fn sorted(&self) -> Vec<Correction> {
        let of_shipments = self.of_shipments.values().flatten();
        let mut all: Vec<Correction> = self.of_lines.iter().chain(of_shipments).copied().collect();
        all.sort_unstable_by_key(|correction| (correction.is_whole, *correction));
        all.dedup();
        all
    }

    /// Those that name a line.
    pub fn of_lines(&self) -> impl Iterator<Item = &Correction> {
        self.of_lines.iter()
    }

    /// Those that name no line.
    pub fn wholes(&self) -> Self {
        Self {
            of_shipments: self.of_shipments.clone(),
            ..Self::default()
        }
    }

    /// Whether one names no line.
    pub fn has_wholes(&self) -> bool {
        !self.of_shipments.is_empty()
    }

    /// What corrections of whole shipments do to the rows of a run that do not stand in a store.
    ///
    /// # Errors
    /// When a column cannot be read.
    pub(super) fn reach_rows(&mut self, gathered: &Gathered) -> Result<(), Error> {
        let n_rows = match self.has_wholes() {
            true => gathered.n_rows() as usize,
            false => 0,
        };
        for start in (0..n_rows).step_by(PART_ROWS) {
            let end = n_rows.min(start + PART_ROWS);
            let shipments = gathered.shipments.range(start, end)?;
            let lines = gathered.lines.range(start, end)?;
            let marks = gathered.marks.range(start, end)?;
            for ((shipment, line), mark) in shipments.into_iter().zip(lines).zip(marks) {
                if mark & Gathered::IS_STORED == 0 {
                    let reached = self.of_line(shipment, line, Mark(mark));
                    reached.into_iter().for_each(|line| self.add(line));
                }
            }
        }
        Ok(())
    }

    /// What corrections of a whole shipment do to a line of it.
    pub fn of_line(&self, shipment: u64, line: u64, mark: Mark) -> Vec<Correction> {
        let wholes = self.of_shipments.get(&shipment).into_iter().flatten();
        let of_stage = wholes.filter(|whole| whole.mark.stage() == mark.stage());
        let of_line = |whole: &Correction| Correction {
            of: line,
            is_whole: false,
            ..*whole
        };
        of_stage.map(of_line).collect()
    }

    /// True when nothing was corrected.
    pub fn is_empty(&self) -> bool {
        self.by_filing.is_empty()
    }

    /// From when on a filing is known to be replaced or removed by a later version; [`NEVER`] where it stands.
    pub fn end_of(&self, filing: u64, version: Version) -> Moment {
        self.first_known(filing, |later| later > version)
    }

    /// From when on a filing is known to be replaced; what was only removed is not.
    pub fn replaced_at(&self, filing: u64, version: Version) -> Moment {
        self.first_known(filing, |later| later > version && later.rank == 1)
    }

    fn first_known(&self, filing: u64, does: impl Fn(Version) -> bool) -> Moment {
        let versions = self.by_filing.get(&filing).into_iter().flatten();
        let later = versions.filter(|version| does(**version));
        later.map(|version| version.known()).min().unwrap_or(NEVER)
    }
}
