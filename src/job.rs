//! What a run is asked to do, with everything settled that was typed.

use crate::batch::FieldSet;
use crate::entity::ENTITY_FIELDS;
use crate::history::store::Store;
use crate::normalize::{ALWAYS, Identities, with_sources};
use crate::past::Since;
use crate::read::Reading;
use crate::reconcile::Reconcile;
use crate::rules::{PackSource, RuleSet};
use crate::schema::{FieldId, field};
use crate::select::{SHIPMENT_FIELDS, Salt};
use crate::write::{Format, LINE_FIELDS};
use std::path::PathBuf;

/// A run: inputs, rules, outputs.
#[derive(Debug)]
pub struct Job {
    /// What to read; the wanted fields are settled by the pipeline.
    pub reading: Reading,
    /// The rules.
    pub rules: RuleSet,
    /// The store of past lines; none: the run's own earlier lines are its history.
    pub history: Option<Store>,
    /// An earlier run, to tell what is new; none: nothing is told.
    pub since: Option<Since>,
    /// Where the rules come from, for run.json.
    pub pack: PackSource,
    /// Where the mapping comes from, for run.json.
    pub map: Option<PathBuf>,
    /// Where the results go.
    pub out: PathBuf,
    /// Replace an earlier output.
    pub force: bool,
    /// Format of the tables.
    pub format: Format,
    /// Only lines and shipments whose lane is not green.
    pub flagged_only: bool,
    /// What to write besides issues.csv and run.json.
    pub outputs: Outputs,
    /// The day that the run judges by; none: the latest date of law read.
    pub as_of: Option<i32>,
    /// Worker threads; none: one per core.
    pub threads: Option<usize>,
    /// When too many rows were set aside.
    pub max_bad_rows: BadRows,
    /// The secret of random draws, when the policy draws.
    pub salt: Option<Salt>,
    /// What becomes of numbers that can be Social Security numbers.
    pub identities: Identities,
    /// Whether repeated filings are reconciled.
    pub reconcile: Reconcile,
    /// Where normalized rows go.
    pub write_normalized: Option<PathBuf>,
    /// The options as run.json states them.
    pub options: serde_json::Value,
}

impl Job {
    /// The fields that rules, outputs and keys need.
    pub fn fields(&self) -> FieldSet {
        if self.write_normalized.is_some() {
            return (0..crate::schema::FIELDS.len())
                .filter_map(|index| u16::try_from(index).ok().map(FieldId))
                .collect();
        }
        let rules = self.rules.fields();
        let mut wanted: Vec<FieldId> = rules.iter().chain(ALWAYS.iter().copied()).collect();
        wanted.extend(LINE_FIELDS);
        if self.outputs.needs_shipments() {
            wanted.extend(SHIPMENT_FIELDS);
        }
        if self.outputs.needs_entities() {
            wanted.extend(ENTITY_FIELDS);
        }
        if self.outputs.report {
            // What became of shipments that rules hit; no rule reads them.
            wanted.extend([field::OUTCOME, field::OUTCOME_THEME]);
        }
        if self.outputs.referrals {
            wanted.extend(crate::refer::fields());
        }
        // Named so that masks are the same whatever is written.
        wanted.extend([field::IMPORTER_OF_RECORD_NUMBER, field::CONSIGNEE_NUMBER]);
        with_sources(wanted.into_iter().collect())
    }
}

/// The outputs that are written on request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "five independent outputs")]
pub struct Outputs {
    /// `lines`.
    pub lines: bool,
    /// `shipments`.
    pub shipments: bool,
    /// `entities`.
    pub entities: bool,
    /// `report.html`.
    pub report: bool,
    /// `referrals/`.
    pub referrals: bool,
}

impl Outputs {
    /// Whether shipments are rolled up: everything but lines rests on them.
    pub fn needs_shipments(self) -> bool {
        self.shipments || self.needs_entities()
    }

    /// Whether entities are rolled up.
    pub fn needs_entities(self) -> bool {
        self.entities || self.report
    }
}

impl Default for Outputs {
    /// All of them.
    fn default() -> Self {
        Self {
            lines: true,
            shipments: true,
            entities: true,
            report: true,
            referrals: true,
        }
    }
}

/// When too many rows were set aside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BadRows {
    /// More than this many.
    Count(u64),
    /// More than this share of all rows, and more than 100.
    Share(f64),
}

impl Default for BadRows {
    fn default() -> Self {
        Self::Share(0.01)
    }
}

impl BadRows {
    /// The most rows that may be set aside out of a number of rows.
    pub fn limit(self, n_rows: u64) -> u64 {
        match self {
            Self::Count(count) => count,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of a count"
            )]
            Self::Share(share) => ((n_rows as f64 * share) as u64).max(100),
        }
    }
}
