//! The core: for each row, AND the bit sets that its columns leave; the bits left are the terms that hold.
//!
//! This is packet classification by bit vectors (Lakshman and Stiliadis, SIGCOMM 1998): every column rules terms out,
//! few survive, and the cost of a row is columns times words, however the conditions look.

use super::evaluate::Evaluator;
use super::program::{AskedColumn, Program, Source, Target, interval};
use crate::batch::{Batch, Column, NULL_CODE, NULL_DATE, Presence, TextColumn, UNKNOWN};
use crate::rules::{RuleId, RuleSet};
use crate::schema::FieldId;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Rows of one block: their bit sets stay in the first-level cache.
const BLOCK_ROWS: usize = 256;

/// What holds on each row of a batch.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Rules that hit, row after row, ascending within a row; drafts included.
    pub hits: Vec<RuleId>,
    /// Where the hits of each row end.
    pub ends: Vec<u32>,
    /// Bit n is set where the row is in the scope of scored theme n.
    pub scopes: Vec<u8>,
    /// Active rules that cannot be evaluated, per presence class of the batch.
    pub not_evaluable: Vec<u32>,
}

impl Scores {
    /// The rules that hit a row.
    pub fn hits_of(&self, row: usize) -> &[RuleId] {
        let start = if row == 0 {
            0
        } else {
            self.ends[row - 1] as usize
        };
        &self.hits[start..self.ends[row] as usize]
    }
}

/// Scores a batch.
///
/// # Shape
/// One entry per row in the order of the batch.
///
/// # Missing values
/// A rule hits only where its condition is true; unknown is no hit. A rule that is not evaluable on a row neither hits
/// nor clears.
pub fn score(program: &Program, rules: &RuleSet, batch: &Batch) -> Scores {
    let evaluator = Evaluator::new(batch, &program.tables);
    let mut columns: Vec<_> = program
        .columns
        .iter()
        .map(|column| code(program, column, batch, &evaluator))
        .collect();
    columns.push(presence(program, rules, &batch.presence));
    let mut scores = Scores {
        not_evaluable: not_evaluable(rules, &batch.presence),
        ends: Vec::with_capacity(batch.n_rows),
        scopes: Vec::with_capacity(batch.n_rows),
        hits: Vec::new(),
    };
    let words = program.words;
    let mut left = vec![0_u64; BLOCK_ROWS * words];
    let mut start = 0;
    while start < batch.n_rows {
        let rows = BLOCK_ROWS.min(batch.n_rows - start);
        let left = &mut left[..rows * words];
        left.fill(u64::MAX);
        for column in &columns {
            column.rule_out(start, words, left);
        }
        for row in left.chunks_exact(words) {
            collect(program, row, &mut scores);
        }
        start += rows;
    }
    scores
}

/// Turns the bits left of a row into hits and scopes.
fn collect(program: &Program, row: &[u64], scores: &mut Scores) {
    let mut scope = 0;
    let mut last = None;
    for (position, word) in row.iter().enumerate() {
        let mut bits = *word;
        while bits != 0 {
            let term = position * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            match program.targets.get(term) {
                // Terms stand in the order of their rules, so a rule that several terms make true comes in a run.
                Some(Target::Rule(rule)) if last != Some(*rule) => {
                    scores.hits.push(*rule);
                    last = Some(*rule);
                }
                Some(Target::Rule(_)) => {}
                Some(Target::Scope(theme)) => scope |= 1 << theme,
                None => break,
            }
        }
    }
    scores
        .ends
        .push(u32::try_from(scores.hits.len()).expect("a batch makes fewer than 4 billion hits"));
    scores.scopes.push(scope);
}

/// A column as one class per row, and the mask of each class.
struct Coded {
    classes: Vec<u32>,
    masks: Vec<u64>,
}

impl Coded {
    fn rule_out(&self, start: usize, words: usize, left: &mut [u64]) {
        for (row, class) in left.chunks_exact_mut(words).zip(&self.classes[start..]) {
            let mask = &self.masks[*class as usize * words..][..words];
            for (bits, allowed) in row.iter_mut().zip(mask) {
                *bits &= allowed;
            }
        }
    }
}

fn code(
    program: &Program,
    column: &AskedColumn,
    batch: &Batch,
    evaluator: &Evaluator<'_>,
) -> Coded {
    match &column.source {
        Source::Text(field) => match batch.text(*field) {
            Some(text) => code_texts(program, column, text, *field),
            None => code_texts(
                program,
                column,
                &TextColumn::constant(None, batch.n_rows),
                *field,
            ),
        },
        Source::Date(field) => match batch.column(*field) {
            Some(Column::Date(days)) => code_dates(program, column, days, *field),
            _ => code_dates(program, column, &vec![NULL_DATE; batch.n_rows], *field),
        },
        Source::Number(field, cuts, masks) => {
            let class = |number: f64| {
                u32::try_from(interval(cuts, number)).expect("fewer cuts than 2 billion")
            };
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

/// Evaluates every atom once per distinct text, and groups texts that leave the same bits into classes.
fn code_texts(program: &Program, column: &AskedColumn, text: &TextColumn, field: FieldId) -> Coded {
    let codes = (0..u32::try_from(text.pool.len()).expect("codes are u32")).collect();
    let each_once = TextColumn {
        codes,
        pool: text.pool.clone(),
    };
    let (class_of_code, masks) = match column.searches.is_empty() {
        true => classes(program, column, &batch_of(field, each_once)),
        false => searched_classes(program, column, field, each_once),
    };
    debug_assert_eq!(NULL_CODE, 0);
    Coded {
        classes: text
            .codes
            .iter()
            .map(|code| class_of_code[*code as usize])
            .collect(),
        masks,
    }
}

fn batch_of(field: FieldId, text: TextColumn) -> Batch {
    let mut batch = Batch::with_rows(text.codes.len());
    batch.set(field, Column::Text(text));
    batch
}

/// The same where atoms search: those are evaluated once per set of pieces found, the others once per text.
fn searched_classes(
    program: &Program,
    column: &AskedColumn,
    field: FieldId,
    each_once: TextColumn,
) -> (Vec<u32>, Vec<u64>) {
    let searches = &column.searches;
    let distinct = batch_of(field, each_once);
    let evaluator = Evaluator::new(&distinct, &program.tables);
    let texts = distinct.text(field).expect("the column was just set");
    let keys = searches.keys(&evaluator, texts);
    let by_key: TextColumn = keys
        .first_codes
        .iter()
        .map(|code| texts.get(*code as usize))
        .collect();
    let by_key = batch_of(field, by_key);
    let key_evaluator = Evaluator::new(&by_key, &program.tables);
    let truths: Vec<Vec<u8>> = column
        .atoms
        .iter()
        .zip(&searches.is_searched)
        .map(|(atom, is_searched)| match is_searched {
            true => key_evaluator.truths(atom),
            false => evaluator.truths(atom),
        })
        .collect();
    let others: Vec<&Vec<u8>> = truths
        .iter()
        .zip(&searches.is_searched)
        .filter_map(|(truths, is_searched)| (!is_searched).then_some(truths))
        .collect();
    let mut known: HashMap<Vec<u8>, u32, FixedState> = HashMap::default();
    let mut class_of_key: Vec<Option<u32>> = vec![None; keys.first_codes.len()];
    let mut masks = Vec::new();
    let mut signature = Vec::with_capacity(4 + others.len());
    let mut next = 0;
    let class_of_code = keys.of_code.iter().enumerate().map(|(code, key)| {
        let key = *key as usize;
        if let (Some(class), true) = (class_of_key[key], others.is_empty()) {
            return class;
        }
        signature.clear();
        signature.extend_from_slice(&keys.of_code[code].to_le_bytes());
        signature.extend(others.iter().map(|truths| truths[code]));
        if let Some(class) = known.get(&signature) {
            return *class;
        }
        masks.extend(
            program.mask(column, |atom| match searches.is_searched[atom] {
                true => truths[atom][key],
                false => truths[atom][code],
            }),
        );
        known.insert(signature.clone(), next);
        class_of_key[key] = Some(next);
        next += 1;
        next - 1
    });
    (class_of_code.collect(), masks)
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

/// The class of each row of a batch of distinct values, and the mask of each class.
fn classes(program: &Program, column: &AskedColumn, distinct: &Batch) -> (Vec<u32>, Vec<u64>) {
    let evaluator = Evaluator::new(distinct, &program.tables);
    let truths: Vec<Vec<u8>> = column
        .atoms
        .iter()
        .map(|atom| evaluator.truths(atom))
        .collect();
    let mut known: HashMap<Vec<u8>, u32, FixedState> = HashMap::default();
    let mut masks = Vec::new();
    let mut signature = Vec::with_capacity(truths.len());
    let class_of_code = (0..distinct.n_rows)
        .map(|row| {
            signature.clear();
            signature.extend(truths.iter().map(|atom| atom[row]));
            if let Some(class) = known.get(&signature) {
                return *class;
            }
            let class = u32::try_from(known.len()).expect("fewer classes than values");
            masks.extend(program.mask(column, |atom| signature[atom]));
            known.insert(signature.clone(), class);
            class
        })
        .collect();
    (class_of_code, masks)
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
