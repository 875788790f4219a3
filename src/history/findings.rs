//! What inspections and verifications found, by the names of lines and shipments: labels that came in files of their own.
//!
//! A label is joined with the rows that it names whenever one of the two comes in: with the rows of a build when those are
//! stored, with stored rows when the label comes later. So a label changes what is known after its day, and nothing else.

use super::extract::{About, Mark, Outcome, theme_code};
use super::gather::Gathered;
use super::hash::{self, Hashed};
use super::moment::{Moment, UNDATED};
use crate::error::Error;
use crate::normalize::date::parse_date;
use crate::outcomes::Label;
use crate::rules::vocabulary::Theme;
use hashbrown::HashMap;

/// A label, by hashes of the names that it gives; 0 where it gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The shipment.
    pub shipment: u64,
    /// The line, by its name alone; 0: the whole shipment.
    pub line_name: u64,
    /// What was found.
    pub outcome: Outcome,
}

impl Finding {
    /// The finding of a label; none where it has no day.
    pub fn of(label: &Label) -> Option<Self> {
        let name = |text: &str| match text {
            "" => 0,
            text => hash::text(text),
        };
        let line_name = name(&label.key.line_id);
        let about = match line_name {
            0 => About::Shipment,
            _ => About::Line,
        };
        Some(Self {
            shipment: name(&label.key.shipment_key),
            line_name,
            outcome: Outcome {
                day: parse_date(&label.date)?,
                is_bad: label.outcome == "bad",
                theme: theme_code(Theme::parse(&label.theme)),
                about,
            },
        })
    }

    /// All of it, to be put in order.
    pub fn key(&self) -> (u64, u64, i32, bool, u8) {
        let outcome = self.outcome;
        let (day, is_bad, theme) = (outcome.day, outcome.is_bad, outcome.theme);
        (self.shipment, self.line_name, day, is_bad, theme)
    }
}

/// Findings, looked up by the rows that they name.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
    of_line: HashMap<u64, Vec<u32>, Hashed>,
    of_shipment: HashMap<u64, Vec<u32>, Hashed>,
    /// Whether a row was named.
    is_used: Vec<bool>,
}

impl Findings {
    /// Findings in order, each once.
    pub fn new(mut all: Vec<Finding>) -> Self {
        all.sort_unstable_by_key(Finding::key);
        all.dedup();
        let mut findings = Self {
            is_used: vec![false; all.len()],
            ..Self::default()
        };
        for (finding, position) in all.iter().zip(0..) {
            let (table, name) = match finding.line_name {
                0 => (&mut findings.of_shipment, finding.shipment),
                name => (&mut findings.of_line, name),
            };
            table.entry(name).or_default().push(position);
        }
        findings.all = all;
        findings
    }

    /// All of them, in order.
    pub fn all(&self) -> &[Finding] {
        &self.all
    }

    /// How many named no row yet.
    pub fn n_unused(&self) -> u64 {
        self.is_used.iter().filter(|is_used| !**is_used).count() as u64
    }

    /// What was found of a row: of its line, and of its shipment.
    pub fn of(&mut self, shipment: u64, line_name: u64) -> impl Iterator<Item = Outcome> + '_ {
        let Self {
            all,
            of_line,
            of_shipment,
            is_used,
        } = self;
        let of_line = of_line.get(&line_name).into_iter().flatten();
        let of_shipment = of_shipment.get(&shipment).into_iter().flatten();
        of_line.chain(of_shipment).filter_map(move |position| {
            let finding = &all[*position as usize];
            let is_named = finding.shipment == 0 || finding.shipment == shipment;
            is_named.then(|| {
                is_used[*position as usize] = true;
                finding.outcome
            })
        })
    }

    /// What was found of the rows of a run that do not stand in a store, by place.
    ///
    /// # Errors
    /// When a column cannot be read.
    pub(super) fn of_rows(&mut self, gathered: &Gathered) -> Result<Vec<(u32, Outcome)>, Error> {
        let mut found = Vec::new();
        let Some(names) = gathered
            .line_names
            .as_ref()
            .filter(|_| !self.all.is_empty())
        else {
            return Ok(found);
        };
        let n_rows = gathered.n_rows() as usize;
        for start in (0..n_rows).step_by(PART_ROWS) {
            let end = n_rows.min(start + PART_ROWS);
            let names = names.range(start, end)?;
            let shipments = gathered.shipments.range(start, end)?;
            let marks = gathered.marks.range(start, end)?;
            let moments = gathered.moments.range(start, end)?;
            let first = u32::try_from(start).expect("places are of 32 bits");
            for (row, place) in (0..names.len()).zip(first..) {
                let is_stored = marks[row] & Gathered::IS_STORED != 0;
                if is_stored || !can_be_named(Mark(marks[row]), moments[row]) {
                    continue;
                }
                let outcomes = self.of(shipments[row], names[row]);
                found.extend(outcomes.map(|outcome| (place, outcome)));
            }
        }
        Ok(found)
    }
}

/// Rows that are looked at in one go.
const PART_ROWS: usize = 1 << 16;

/// Whether a label can name a row: not a removal, nor one that is in no history.
pub(super) fn can_be_named(mark: Mark, moment: Moment) -> bool {
    mark.rank() < 2 && moment != UNDATED
}
