//! Batch -> encoded batch: every column that rules ask becomes one class per row.
//!
//! Values that leave the same bits are one class (`classes.rs`), numbers between the same constants are one, and what reads
//! several columns is computed first, as a column of truths.

use super::classes::{classes, of_texts};
use super::evaluate::Evaluator;
use super::program::{AskedColumn, Program, Source, Target, interval};
use crate::batch::{Batch, Column, NULL_DATE, Presence, TextColumn, UNKNOWN};
use crate::rules::RuleSet;
use crate::schema::FieldId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A batch as the core reads it.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// Number of rows.
    pub n_rows: usize,
    /// The columns that rule anything out.
    pub(super) columns: Vec<Coded>,
    /// Active rules that cannot be evaluated, per presence class of the batch.
    pub(super) not_evaluable: Vec<u32>,
}

/// A column as one class per row, and the mask of each class.
#[derive(Clone, Debug)]
pub(super) struct Coded {
    pub(super) classes: Vec<u32>,
    pub(super) masks: Vec<u64>,
}

impl Coded {
    /// Whether it rules nothing out.
    fn is_open(&self) -> bool {
        self.masks.iter().all(|mask| *mask == u64::MAX)
    }
}

/// Encodes a batch.
///
/// # Shape
/// One class per row and column that rules ask, in the order of the batch.
///
/// # Missing values
/// NULL is a class like any other; a column that the batch lacks reads as NULL.
pub fn encode(program: &Program, rules: &RuleSet, batch: &Batch) -> Encoded {
    let evaluator = Evaluator::new(batch, &program.tables);
    let mut columns: Vec<_> = program
        .columns
        .iter()
        .map(|column| code(program, column, batch, &evaluator))
        .collect();
    columns.push(presence(program, rules, &batch.presence));
    columns.retain(|column| !column.is_open());
    Encoded {
        n_rows: batch.n_rows,
        columns,
        not_evaluable: not_evaluable(rules, &batch.presence),
    }
}

fn code(
    program: &Program,
    column: &AskedColumn,
    batch: &Batch,
    evaluator: &Evaluator<'_>,
) -> Coded {
    match &column.source {
        Source::Text(field) => {
            let nothing = || TextColumn::constant(None, batch.n_rows);
            let text = batch.text(*field).cloned().unwrap_or_else(nothing);
            let (class_of_code, masks) = of_texts(program, column, &text.pool, *field);
            let classes = text.codes.iter().map(|code| class_of_code[*code as usize]);
            Coded {
                classes: classes.collect(),
                masks,
            }
        }
        Source::Date(field) => match batch.column(*field) {
            Some(Column::Date(days)) => code_dates(program, column, days, *field),
            _ => code_dates(program, column, &vec![NULL_DATE; batch.n_rows], *field),
        },
        Source::Number(field, cuts, masks) => {
            let class = |number: f64| interval(cuts, number);
            let classes = match batch.column(*field) {
                Some(Column::Number(numbers)) => {
                    numbers.iter().map(|number| class(*number)).collect()
                }
                _ => vec![class(f64::NAN); batch.n_rows],
            };
            Coded {
                classes,
                masks: masks.clone(),
            }
        }
        Source::Boolean(field, masks) => {
            let classes = match batch.column(*field) {
                Some(Column::Boolean(truths)) => {
                    truths.iter().map(|truth| u32::from(*truth)).collect()
                }
                _ => vec![u32::from(UNKNOWN); batch.n_rows],
            };
            Coded {
                classes,
                masks: masks.clone(),
            }
        }
        Source::Computed(expression, masks) => {
            let classes = evaluator
                .truths(expression)
                .into_iter()
                .map(u32::from)
                .collect();
            Coded {
                classes,
                masks: masks.clone(),
            }
        }
    }
}

/// As for text: days repeat, and any expression over one day is evaluated once per distinct day.
fn code_dates(program: &Program, column: &AskedColumn, days: &[i32], field: FieldId) -> Coded {
    let mut known: HashMap<i32, u32, FixedState> = HashMap::default();
    let mut distinct_days = Vec::new();
    let codes: Vec<u32> = days
        .iter()
        .map(|day| {
            *known.entry(*day).or_insert_with(|| {
                distinct_days.push(*day);
                u32::try_from(distinct_days.len() - 1).expect("fewer distinct days than rows")
            })
        })
        .collect();
    let mut distinct = Batch::with_rows(distinct_days.len());
    distinct.set(field, Column::Date(distinct_days));
    let (class_of_code, masks) = classes(program, column, &distinct);
    Coded {
        classes: codes
            .iter()
            .map(|code| class_of_code[*code as usize])
            .collect(),
        masks,
    }
}

/// Rules out, per presence class, the terms of rules that cannot be evaluated there.
fn presence(program: &Program, rules: &RuleSet, presence: &Presence) -> Coded {
    let masks = presence
        .classes
        .iter()
        .flat_map(|class| {
            let evaluable: Vec<bool> = rules
                .rules
                .iter()
                .map(|rule| rule.is_evaluable(class))
                .collect();
            let mut mask = vec![0_u64; program.words];
            for (term, target) in program.targets.iter().enumerate() {
                let is_open = match target {
                    Target::Rule(rule) => evaluable[rule.index()],
                    Target::Scope(_) => true,
                };
                mask[term / 64] |= u64::from(is_open) << (term % 64);
            }
            mask
        })
        .collect();
    Coded {
        classes: presence
            .class_of_row
            .iter()
            .map(|class| u32::from(*class))
            .collect(),
        masks,
    }
}

fn not_evaluable(rules: &RuleSet, presence: &Presence) -> Vec<u32> {
    presence
        .classes
        .iter()
        .map(|class| {
            let count = rules
                .rules
                .iter()
                .filter(|rule| rule.is_active() && !rule.is_evaluable(class))
                .count();
            u32::try_from(count).expect("fewer than 65,536 rules")
        })
        .collect()
}
