//! Batch -> encoded batch: every column that rules ask becomes one class per row.
//!
//! Values that leave the same bits are one class (`classes.rs`), numbers between the same constants are one, and what reads
//! several columns is computed first, as a column of truths.

use super::classes::{Classes, classes, of_texts};
use super::evaluate::Evaluator;
use super::program::{AskedColumn, Program, Source, Target, interval};
use crate::batch::{Batch, Column, Presence};
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

/// A column as one class per row, and what each class leaves.
#[derive(Clone, Debug)]
pub(super) struct Coded {
    pub(super) classes: Vec<u32>,
    /// The words in which anything is ruled out: a column that few rules ask rules out little.
    pub(super) first_word: usize,
    /// How many they are.
    pub(super) width: usize,
    /// Those words of each class.
    pub(super) masks: Vec<u64>,
}

impl Coded {
    fn new(classes: Vec<u32>, masks: &[u64], words: usize) -> Self {
        let rules_out = |word: &usize| {
            masks
                .iter()
                .skip(*word)
                .step_by(words)
                .any(|mask| *mask != u64::MAX)
        };
        let first_word = (0..words).find(rules_out).unwrap_or(0);
        let last_word = (0..words).rfind(rules_out);
        let width = last_word.map_or(0, |last| last + 1 - first_word);
        let of_class = masks.chunks_exact(words);
        Self {
            classes,
            first_word,
            width,
            masks: of_class
                .flat_map(|mask| &mask[first_word..first_word + width])
                .copied()
                .collect(),
        }
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
    columns.retain(|column| column.width > 0);
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
    let (classes, masks) = match &column.source {
        Source::Text(value) => {
            let text = evaluator.text_column(&value.expression);
            let (class_of_code, masks) = of_texts(program, column, &text.pool, value.name);
            let classes = text.codes.iter().map(|code| class_of_code[*code as usize]);
            (classes.collect(), masks)
        }
        Source::Date(value) => {
            let days = evaluator.days(&value.expression);
            code_dates(program, column, &days, value.name)
        }
        Source::Number(value, cuts, masks) => {
            let numbers = evaluator.numbers(&value.expression);
            let classes = numbers.map(batch.n_rows, |number| interval(cuts, number));
            (classes, masks.clone())
        }
        Source::Truths(expression, masks) => {
            let truths = evaluator.truths(expression).into_iter();
            (truths.map(u32::from).collect(), masks.clone())
        }
    };
    Coded::new(classes, &masks, program.words)
}

/// As for text: days repeat, and any expression over one day is evaluated once per distinct day.
fn code_dates(program: &Program, column: &AskedColumn, days: &[i32], name: FieldId) -> Classes {
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
    distinct.set(name, Column::Date(distinct_days));
    let (class_of_code, masks) = classes(program, column, &distinct);
    let classes = codes.iter().map(|code| class_of_code[*code as usize]);
    (classes.collect(), masks)
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
        .collect::<Vec<_>>();
    let classes = presence.class_of_row.iter().map(|class| u32::from(*class));
    Coded::new(classes.collect(), &masks, program.words)
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
