//! A batch -> what its rows add to the history.

use super::hash;
use super::moment::{Moment, UNDATED, day_of};
use super::plan::Plan;
use crate::batch::{Batch, TRUE};
use crate::normalize::MASK_PREFIX;
use crate::reconcile::{Version, names_no_line, versions};
use crate::rules::expression::Expression;
use crate::rules::vocabulary::{Stage, Theme};
use crate::schema::{FieldId, ValueType, field};
use crate::score::evaluate::{Evaluator, Tables};

/// What is taken from the rows of a batch.
#[derive(Debug, Default)]
pub struct Extract {
    /// The input.
    pub file: usize,
    /// The row of each in its file, from 1.
    pub rows: Vec<u64>,
    /// When each came.
    pub moments: Vec<Moment>,
    /// What line each is of: a hash of shipment and line.
    pub lines: Vec<u64>,
    /// A hash of the shipment.
    pub shipments: Vec<u64>,
    /// A hash of the name of the line alone; empty where no outcome is read.
    pub line_names: Vec<u64>,
    /// A hash of line and component; empty where none is needed.
    pub components: Vec<u64>,
    /// Stage and action, see `Mark`.
    pub marks: Vec<u8>,
    /// A column per key; 0 is NULL.
    pub keys: Vec<Vec<u64>>,
    /// A column per value: bits of a number, NaN for NULL; else a hash, 0 for NULL.
    pub values: Vec<Vec<u64>>,
    /// A column per filter: 1 where it is true.
    pub filters: Vec<Vec<u8>>,
    /// Outcomes of rows that have one, by position.
    pub outcomes: Vec<(usize, Outcome)>,
    /// Rows that replace or remove others.
    pub corrections: Vec<Correction>,
}

/// A filing that replaces or removes others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Correction {
    /// A hash of the line, or of the shipment where it names no line.
    pub of: u64,
    /// It names no line: it is about the whole shipment at its stage.
    pub is_whole: bool,
    /// Its stage.
    pub mark: Mark,
    /// When it came, and what it does.
    pub version: Version,
}

/// What an inspection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The day it was known.
    pub day: i32,
    /// Bad, or in order.
    pub is_bad: bool,
    /// Its theme, as [`theme_code`] says.
    pub theme: u8,
    /// Who says so, of what.
    pub about: About,
}

/// What an outcome is about. Its number stands in stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The row that holds it.
    Row = 0,
    /// The line that a label names.
    Line = 1,
    /// The shipment that a label names.
    Shipment = 2,
}

impl About {
    /// That of a number in a store.
    pub fn of(number: u8) -> Self {
        match number {
            1 => Self::Line,
            2 => Self::Shipment,
            _ => Self::Row,
        }
    }
}

/// What kind of filing a row is: its stage, and what it does to earlier filings of its line at that stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub u8);

impl Mark {
    /// The bit that says that the moment of the row is when it came, and not its date of law.
    const HAS_RECEIPT: u8 = 1 << 5;
    /// The bit that says that the row names no line of its shipment.
    const NAMES_NO_LINE: u8 = 1 << 6;

    /// 0: adds. 1: replaces. 2: removes. A higher one wins within a moment.
    pub fn rank(self) -> u8 {
        self.0 & 3
    }

    /// Names the filings that replace one another: those of one line at one stage.
    pub fn filing(self, line: u64) -> u64 {
        hash::join([line, u64::from(self.stage()) + 1])
    }

    /// The number of the stage.
    pub fn stage(self) -> u8 {
        (self.0 >> 2) & 7
    }

    /// Whether the row names no line, so that it speaks of its whole shipment.
    pub fn names_no_line(self) -> bool {
        self.0 & Self::NAMES_NO_LINE != 0
    }

    /// The version of a row that stands at a moment: what [`versions`] says, but that of filings which came at the same
    /// moment and do the same none is later.
    pub fn version(self, moment: Moment) -> Version {
        let rank = self.rank();
        match self.0 & Self::HAS_RECEIPT {
            0 => Version {
                moment: UNDATED,
                rank,
                day: day_of(moment),
            },
            _ => Version {
                moment,
                rank,
                day: i32::MAX,
            },
        }
    }

    fn new(stage: Stage, version: Version, names_no_line: bool) -> Self {
        // Numbers that stand in stores: a new stage gets a new one.
        let stage = match stage {
            Stage::Manifest => 0,
            Stage::Isf => 1,
            Stage::InBond => 2,
            Stage::Release => 3,
            Stage::EntrySummary => 4,
            Stage::PostSummary => 5,
            Stage::Historical => 6,
        };
        let receipt = match version.moment {
            UNDATED => 0,
            _ => Self::HAS_RECEIPT,
        };
        let unnamed = u8::from(names_no_line) * Self::NAMES_NO_LINE;
        Self(stage << 2 | version.rank | receipt | unnamed)
    }
}

/// The number of a theme in a store; 0 for none.
pub fn theme_code(theme: Option<Theme>) -> u8 {
    match theme {
        None => 0,
        Some(Theme::Timber) => 1,
        Some(Theme::Wildlife) => 2,
        Some(Theme::Iuu) => 3,
        Some(Theme::Cross) => 4,
    }
}

/// Takes what a plan needs from a batch.
///
/// # Missing values
/// A key with a NULL part is 0: the row is nobody's history. A row without a date is undated. A number that stands for a
/// masked importer is a key within a run; `keeps_masked` false makes it NULL, so that no store holds it.
pub fn extract(
    plan: &Plan,
    tables: &Tables,
    batch: &Batch,
    label: &str,
    keeps_masked: bool,
) -> Extract {
    let evaluator = Evaluator::new(batch, tables);
    let hashes = |expression: &Expression| {
        let mut hashes = evaluator.lasting_hashes(expression);
        if !keeps_masked && expression.value_type() == ValueType::Text {
            forget_masked(batch, expression, &mut hashes);
        }
        hashes
    };
    let of_field = |id: FieldId| evaluator.lasting_hashes(&Expression::Column(id, ValueType::Text));
    let shipments = of_field(field::SHIPMENT_KEY);
    let line_names = of_field(field::LINE_ID);
    let lines = (shipments.iter().zip(&line_names))
        .map(|(shipment, line)| line_of(*shipment, *line))
        .collect::<Vec<_>>();
    let versions = versions(batch);
    let marks = marks(batch, label, &versions);
    let correction = |row: usize| {
        let (version, mark) = (versions[row], Mark(marks[row]));
        let is_whole = version.rank > 0 && mark.names_no_line();
        let of = if is_whole { shipments[row] } else { lines[row] };
        // Nobody knows from when on one without any date counts.
        let is_correction = version.rank > 0 && version.known() != UNDATED;
        is_correction.then_some(Correction {
            of,
            is_whole,
            mark,
            version,
        })
    };
    let corrections = (0..batch.n_rows).filter_map(correction).collect();
    let components = match plan.has_components {
        true => {
            let numbers = Expression::Column(field::COMPONENT_SEQ, ValueType::Number);
            joined(
                &[lines.clone(), evaluator.lasting_hashes(&numbers)],
                batch.n_rows,
            )
        }
        false => Vec::new(),
    };
    let values = plan
        .values
        .iter()
        .map(|(value, is_amount)| match is_amount {
            true => {
                let numbers = evaluator.numbers(value);
                let bits = |row| (numbers.at(row) + 0.0).to_bits();
                (0..batch.n_rows).map(bits).collect()
            }
            false => hashes(value),
        });
    let keys = plan.keys.iter().map(|key| {
        let parts: Vec<Vec<u64>> = key.iter().map(hashes).collect();
        joined(&parts, batch.n_rows)
    });
    let filters = plan.filters.iter().map(|filter| {
        let truths = evaluator.truths(filter).into_iter();
        truths.map(|truth| u8::from(truth == TRUE)).collect()
    });
    Extract {
        file: batch.file,
        rows: batch.rows.clone(),
        moments: versions.iter().map(|version| version.known()).collect(),
        corrections,
        components,
        marks,
        keys: keys.collect(),
        values: values.collect(),
        filters: filters.collect(),
        outcomes: match plan.has_outcomes {
            true => outcomes(batch),
            false => Vec::new(),
        },
        lines,
        line_names: match plan.has_outcomes {
            true => line_names,
            false => Vec::new(),
        },
        shipments,
    }
}

/// The hash of a line of a shipment.
pub fn line_of(shipment: u64, line_name: u64) -> u64 {
    hash::join([shipment, line_name])
}

fn joined(parts: &[Vec<u64>], n_rows: usize) -> Vec<u64> {
    (0..n_rows)
        .map(|row| hash::join(parts.iter().map(|part| part[row])))
        .collect()
}

/// Makes hashes of masked numbers NULL: their space is small enough to be searched.
fn forget_masked(batch: &Batch, expression: &Expression, hashes: &mut [u64]) {
    for column in expression.columns() {
        let Some(text) = batch.text(column) else {
            continue;
        };
        if !text.pool.iter().any(|text| text.starts_with(MASK_PREFIX)) {
            continue;
        }
        for (row, hash) in hashes.iter_mut().enumerate() {
            if text
                .get(row)
                .is_some_and(|text| text.starts_with(MASK_PREFIX))
            {
                *hash = 0;
            }
        }
    }
}

fn marks(batch: &Batch, label: &str, versions: &[Version]) -> Vec<u8> {
    let mark = |(row, version): (usize, &Version)| {
        let class = usize::from(batch.presence.class_of_row[row]);
        let stage = batch.presence.classes[class].stage;
        Mark::new(stage, *version, names_no_line(batch, label, row)).0
    };
    versions.iter().enumerate().map(mark).collect()
}

/// Outcomes with the day they were known: without one, nobody can say whose history they were part of.
fn outcomes(batch: &Batch) -> Vec<(usize, Outcome)> {
    let outcome = |row: usize| {
        let is_bad = match batch.text_at(field::OUTCOME, row)? {
            "bad" => true,
            "ok" => false,
            _ => return None,
        };
        let theme = batch.text_at(field::OUTCOME_THEME, row);
        let day = batch.date_at(field::OUTCOME_DATE, row)?;
        let theme = theme_code(theme.and_then(Theme::parse));
        let about = About::Row;
        Some((
            row,
            Outcome {
                day,
                is_bad,
                theme,
                about,
            },
        ))
    };
    (0..batch.n_rows).filter_map(outcome).collect()
}
