//! The rows of a run under a key, and what each adds to a feature.

use super::extract::Mark;
use super::gather::Gathered;
use super::moment::{Moment, UNDATED};
use super::past::Filing;
use super::plan::{Planned, Unit};
use super::repeated::{Repeated, own_name};
use crate::error::Error;
use crate::rules::feature::Feature;
use crate::rules::vocabulary::FeatureKind;
use rayon::prelude::*;

/// A row under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    pub(super) key: u64,
    pub(super) moment: Moment,
    pub(super) row: u32,
}

/// Columns that all features read.
pub(super) struct Rows {
    moments: Vec<Moment>,
    pub(super) lines: Vec<u64>,
    pub(super) marks: Vec<u8>,
    shipments: Vec<u64>,
    components: Vec<u64>,
    /// Which of them come again; none where nobody asks.
    pub(super) repeated: Repeated,
}

impl Rows {
    pub(super) fn read(gathered: &Gathered) -> Result<Self, Error> {
        Ok(Self {
            moments: gathered.moments.all()?,
            lines: gathered.lines.all()?,
            marks: gathered.marks.all()?,
            shipments: gathered.shipments.all()?,
            components: gathered.components.all()?,
            repeated: Repeated::default(),
        })
    }

    /// The same, to be asked about.
    pub(super) fn with_repeated(self) -> Self {
        let repeated = Repeated::of(&self.lines, &self.shipments, &self.moments);
        Self { repeated, ..self }
    }

    /// The dated rows of a key, in input order.
    pub(super) fn dated(&self, keys: &[u64]) -> impl Iterator<Item = Record> {
        let rows = keys.iter().zip(&self.moments).zip(0..);
        rows.filter(|((key, moment), _)| **key != 0 && **moment != UNDATED)
            .map(|((key, moment), row)| Record {
                key: *key,
                moment: *moment,
                row,
            })
    }

    /// The same, key by key in the order of time.
    pub(super) fn under(&self, keys: &[u64]) -> Vec<Record> {
        let mut records: Vec<Record> = self.dated(keys).collect();
        records.par_sort_unstable();
        records
    }

    pub(super) fn unit(&self, unit: Unit, row: u32) -> u64 {
        match unit {
            Unit::Shipment => self.shipments[row as usize],
            Unit::Line => self.lines[row as usize],
            Unit::Component => self.components[row as usize],
        }
    }

    pub(super) fn shipment(&self, row: u32) -> u64 {
        self.shipments.get(row as usize).copied().unwrap_or(0)
    }

    pub(super) fn moments(&self) -> impl Iterator<Item = Moment> {
        self.moments.iter().copied()
    }

    pub(super) fn moment(&self, row: u32) -> Moment {
        self.moments[row as usize]
    }
}

/// What a feature takes from each row.
pub(super) struct Taken<'a> {
    pub(super) feature: &'a Feature,
    pub(super) planned: &'a Planned,
    pub(super) rows: &'a Rows,
    values: Vec<u64>,
    filter: Vec<u8>,
}

impl<'a> Taken<'a> {
    pub(super) fn read(
        feature: &'a Feature,
        planned: &'a Planned,
        rows: &'a Rows,
        gathered: &Gathered,
    ) -> Result<Self, Error> {
        Ok(Self {
            feature,
            planned,
            rows,
            values: match planned.value {
                Some(value) => gathered.values[value].all()?,
                None => Vec::new(),
            },
            filter: match planned.filter {
                Some(filter) => gathered.filters[filter].all()?,
                None => Vec::new(),
            },
        })
    }

    /// Whether a row is an event of the feature.
    pub(super) fn counts(&self, row: u32) -> bool {
        let at = row as usize;
        let mark = self.rows.marks[at];
        let has_value = match self.feature.kind {
            FeatureKind::Distinct | FeatureKind::Repeat => self.values[at] != 0,
            _ => self.values.is_empty() || !f64::from_bits(self.values[at]).is_nan(),
        };
        mark & Gathered::IS_STORED == 0 && has_value && self.passes(row)
    }

    pub(super) fn passes(&self, row: u32) -> bool {
        self.filter.is_empty() || self.filter[row as usize] == 1
    }

    pub(super) fn item(&self, row: u32) -> u64 {
        self.values.get(row as usize).copied().unwrap_or(0)
    }

    pub(super) fn mark(&self, row: u32) -> Mark {
        Mark(self.rows.marks[row as usize] & !Gathered::IS_STORED)
    }

    pub(super) fn filing(&self, record: &Record) -> Filing {
        let row = record.row;
        let mark = self.mark(row);
        let (line, shipment) = (self.rows.lines[row as usize], self.rows.shipment(row));
        let own = match self.feature.kind {
            FeatureKind::OutcomeRate => shipment,
            _ => own_name(mark, line, shipment),
        };
        Filing {
            key: record.key,
            moment: record.moment,
            mark,
            line,
            whole: if mark.names_no_line() { shipment } else { 0 },
            own: self.rows.repeated.in_run(own),
            unit: self.rows.unit(self.planned.unit, row),
            shipment,
            item: self.item(row),
            outcome: None,
        }
    }
}
