//! Values of expressions over columns: one pass per operation, text once per distinct value.
//!
//! What comes in: a typed expression and a batch. What goes out: a value per row, three-valued where it is Boolean. A
//! column that the batch does not have reads as NULL. Nothing here can fail.

mod dates;
mod numbers;
mod texts;
mod truths;

pub use numbers::Numbers;

use super::pieces::Pieces;
use crate::batch::{Batch, Found, NULL_CODE, NULL_DATE, Pool, TRUE, TextColumn, UNKNOWN};
use crate::normalize::date::format_date;
use crate::normalize::text::fold;
use crate::rules::expression::{Expression, ListId};
use crate::rules::lists::Lists;
use crate::schema::ValueType;
use foldhash::fast::FixedState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What expressions refer to beside columns: lists, and the phrases of all rules in one automaton.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The lists of the pack.
    pub lists: Lists,
    /// Tells these tables from others.
    number: usize,
    phrases: Option<Pieces>,
    slot_of_pattern: Vec<u32>,
    phrase_lists: Vec<ListId>,
}

static NEXT_NUMBER: AtomicUsize = AtomicUsize::new(0);

impl Tables {
    /// Builds the automaton over the phrases of some lists.
    pub fn new(lists: Lists, mut phrase_lists: Vec<ListId>) -> Self {
        phrase_lists.sort_unstable();
        phrase_lists.dedup();
        let mut patterns = Vec::new();
        let mut slot_of_pattern = Vec::new();
        for (slot, list) in phrase_lists.iter().enumerate() {
            for row in &lists.get(*list).rows {
                let phrase = fold(&row.key);
                if !phrase.trim().is_empty() {
                    patterns.push(phrase);
                    slot_of_pattern.push(u32::try_from(slot).expect("fewer than 65,536 lists"));
                }
            }
        }
        let phrases = (!patterns.is_empty()).then(|| Pieces::new(&patterns));
        Self {
            lists,
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            phrases,
            slot_of_pattern,
            phrase_lists,
        }
    }

    fn slot(&self, list: ListId) -> Option<usize> {
        self.phrase_lists.binary_search(&list).ok()
    }
}

/// Evaluates expressions over one batch.
pub struct Evaluator<'a> {
    batch: &'a Batch,
    tables: &'a Tables,
}

impl std::fmt::Debug for Evaluator<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Evaluator")
            .field("n_rows", &self.batch.n_rows)
            .finish_non_exhaustive()
    }
}

impl<'a> Evaluator<'a> {
    /// Prepares to evaluate over a batch.
    pub fn new(batch: &'a Batch, tables: &'a Tables) -> Self {
        Self { batch, tables }
    }

    /// The text of each row.
    pub fn text_column(&self, expression: &Expression) -> TextColumn {
        self.texts(expression).column.into_owned()
    }

    /// The day of each row; [`crate::batch::NULL_DATE`] for NULL.
    pub fn days(&self, expression: &Expression) -> Vec<i32> {
        self.dates(expression).map(self.n_rows(), |day| day)
    }

    /// A hash of the value of each row, of any type; none for NULL. Equal values have equal hashes.
    pub fn hashes(&self, expression: &Expression) -> Vec<Option<u64>> {
        match expression.value_type() {
            ValueType::Boolean => self
                .truths(expression)
                .into_iter()
                .map(|truth| (truth != UNKNOWN).then_some(u64::from(truth)))
                .collect(),
            ValueType::Number => {
                // Adding 0 makes minus zero zero.
                let hash = |number: f64| (!number.is_nan()).then(|| (number + 0.0).to_bits());
                self.numbers(expression).map(self.n_rows(), hash)
            }
            ValueType::Date => {
                let hash = |day: i32| (day != NULL_DATE).then(|| u64::from(day.cast_unsigned()));
                self.dates(expression).map(self.n_rows(), hash)
            }
            ValueType::Text | ValueType::List => {
                let state = FixedState::default();
                self.texts(expression)
                    .map_texts(|text| text.map(|text| state.hash_one(text)))
            }
        }
    }

    /// A hash of the value of each row that every version of the program gives; 0 for NULL.
    pub fn lasting_hashes(&self, expression: &Expression) -> Vec<u64> {
        use crate::history::hash;
        match expression.value_type() {
            ValueType::Boolean => self
                .truths(expression)
                .into_iter()
                .map(|truth| match truth {
                    UNKNOWN => 0,
                    truth => hash::bits(u64::from(truth)),
                })
                .collect(),
            ValueType::Number => {
                // Adding 0 makes minus zero zero.
                let hash = |number: f64| match number.is_nan() {
                    true => 0,
                    false => hash::bits((number + 0.0).to_bits()),
                };
                self.numbers(expression).map(self.n_rows(), hash)
            }
            ValueType::Date => {
                let hash = |day: i32| match day {
                    NULL_DATE => 0,
                    day => hash::bits(u64::from(day.cast_unsigned())),
                };
                self.dates(expression).map(self.n_rows(), hash)
            }
            ValueType::Text | ValueType::List => self
                .texts(expression)
                .map_texts(|text| text.map_or(0, hash::text)),
        }
    }

    /// The different texts of all rows, without NULL.
    pub fn distinct_texts(&self, expression: &Expression) -> Vec<String> {
        let texts = self.texts(expression).column;
        let mut codes = texts.codes.clone();
        codes.sort_unstable();
        codes.dedup();
        let codes = codes.into_iter().filter(|code| *code != NULL_CODE);
        codes.map(|code| texts.pool.get(code).to_owned()).collect()
    }

    /// The value of a row, of any type, as text; none for NULL.
    pub fn shown(&self, expression: &Expression, row: usize) -> Option<String> {
        match expression.value_type() {
            ValueType::Boolean => match self.truths(expression)[row] {
                UNKNOWN => None,
                truth => Some((truth == TRUE).to_string()),
            },
            ValueType::Number => Some(self.numbers(expression).at(row))
                .filter(|number| !number.is_nan())
                .map(|number| number.to_string()),
            ValueType::Date => Some(self.days(expression)[row])
                .filter(|day| *day != NULL_DATE)
                .map(format_date),
            ValueType::Text | ValueType::List => {
                self.texts(expression).column.get(row).map(str::to_owned)
            }
        }
    }

    fn n_rows(&self) -> usize {
        self.batch.n_rows
    }

    /// Words of a bit per list of phrases.
    fn phrase_words(&self) -> usize {
        self.tables.phrase_lists.len().div_ceil(64)
    }

    /// Words per text, and for each text of a pool a bit per list of phrases that it holds.
    pub fn found_phrases(&self, pool: &Pool) -> (usize, Found) {
        (self.phrase_words(), self.phrase_hits(pool))
    }

    /// Which lists of phrases each text of a pool holds; found once per pool, for all lists.
    fn phrase_hits(&self, pool: &Pool) -> Found {
        pool.found(self.tables.number, || {
            let words = self.phrase_words();
            let mut hits = vec![0_u64; pool.len() * words];
            if let Some(automaton) = &self.tables.phrases {
                for (position, text) in pool.iter().enumerate() {
                    let folded = fold(text);
                    automaton.find(&folded, |phrase| {
                        let slot = self.tables.slot_of_pattern[phrase] as usize;
                        hits[(position + 1) * words + slot / 64] |= 1 << (slot % 64);
                    });
                }
            }
            Arc::new(hits)
        })
    }
}
