//! Expressions that are true, false or unknown.

use super::Evaluator;
use crate::batch::{Column, FALSE, NULL_CODE, NULL_DATE, TRUE, UNKNOWN};
use crate::rules::condition::ast::Comparison;
use crate::rules::expression::{ConstantValues, Constants, Expression, ListId, Pattern};
use crate::schema::ValueType;
use std::cmp::Ordering;

impl Evaluator<'_> {
    /// The truth of each row: [`FALSE`], [`TRUE`] or [`UNKNOWN`], by the three-valued logic of SQL.
    pub fn truths(&self, expression: &Expression) -> Vec<u8> {
        match expression {
            Expression::Boolean(value) => vec![u8::from(*value); self.n_rows()],
            Expression::Column(field, _) => match self.batch.column(*field) {
                Some(Column::Boolean(values)) => values.clone(),
                _ => vec![UNKNOWN; self.n_rows()],
            },
            Expression::Not(inner) => {
                let mut truths = self.truths(inner);
                truths.iter_mut().for_each(|truth| *truth = not(*truth));
                truths
            }
            Expression::And(parts) => self.fold_truths(parts, TRUE, and),
            Expression::Or(parts) => self.fold_truths(parts, FALSE, or),
            Expression::Coalesce(parts) => {
                self.fold_truths(
                    parts,
                    UNKNOWN,
                    |left, right| if left == UNKNOWN { right } else { left },
                )
            }
            Expression::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Expression::OneOf(value, constants) => self.one_of(value, constants),
            Expression::Like(text, pattern) => {
                let texts = self.texts(text);
                match &**pattern {
                    // The searcher is built once, not once per text.
                    Pattern::Contains(inner) => {
                        let finder = memchr::memmem::Finder::new(inner.as_bytes());
                        texts.map_texts(|text| {
                            maybe(text, |text| finder.find(text.as_bytes()).is_some())
                        })
                    }
                    pattern => texts.map_texts(|text| maybe(text, |text| pattern.matches(text))),
                }
            }
            Expression::StartsWith(text, prefix) => self
                .texts(text)
                .map_texts(|text| maybe(text, |text| text.starts_with(&**prefix))),
            Expression::HasItem(list, item) => self
                .texts(list)
                .map_texts(|list| maybe(list, |list| list.split('|').any(|held| held == &**item))),
            Expression::IsNull(value) => self.is_null(value),
            Expression::ContainsAny(text, list) => self.contains_any(text, *list),
            Expression::InList(key, list, date) => self.in_list(key, *list, date.as_deref()),
            _ => vec![UNKNOWN; self.n_rows()],
        }
    }

    fn fold_truths(&self, parts: &[Expression], start: u8, f: impl Fn(u8, u8) -> u8) -> Vec<u8> {
        let mut parts = parts.iter();
        let Some(first) = parts.next() else {
            return vec![start; self.n_rows()];
        };
        let mut folded = self.truths(first);
        for part in parts {
            for (left, right) in folded.iter_mut().zip(self.truths(part)) {
                *left = f(*left, right);
            }
        }
        folded
    }

    fn compare(&self, comparison: Comparison, left: &Expression, right: &Expression) -> Vec<u8> {
        let n_rows = self.n_rows();
        let ordered = |order: Ordering| u8::from(comparison.holds(order));
        match left.value_type() {
            ValueType::Number => {
                self.numbers(left)
                    .zip(&self.numbers(right), n_rows, |left, right| {
                        left.partial_cmp(&right).map_or(UNKNOWN, ordered)
                    })
            }
            ValueType::Date => {
                let (left, right) = (self.dates(left), self.dates(right));
                let compare = |left: i32, right: i32| match (left, right) {
                    (NULL_DATE, _) | (_, NULL_DATE) => UNKNOWN,
                    _ => ordered(left.cmp(&right)),
                };
                (0..n_rows)
                    .map(|row| compare(left.at(row), right.at(row)))
                    .collect()
            }
            ValueType::Boolean => {
                let compare = |(left, right): (u8, u8)| match (left, right) {
                    (UNKNOWN, _) | (_, UNKNOWN) => UNKNOWN,
                    _ => ordered(left.cmp(&right)),
                };
                self.truths(left)
                    .into_iter()
                    .zip(self.truths(right))
                    .map(compare)
                    .collect()
            }
            ValueType::Text | ValueType::List => self.compare_texts(left, right, &ordered),
        }
    }

    fn compare_texts(
        &self,
        left: &Expression,
        right: &Expression,
        ordered: &dyn Fn(Ordering) -> u8,
    ) -> Vec<u8> {
        if let Expression::Text(constant) = right {
            return self
                .texts(left)
                .map_texts(|text| text.map_or(UNKNOWN, |text| ordered(text.cmp(constant))));
        }
        let (left, right) = (self.texts(left).column, self.texts(right).column);
        left.codes
            .iter()
            .zip(&right.codes)
            .map(|(left_code, right_code)| match (*left_code, *right_code) {
                (NULL_CODE, _) | (_, NULL_CODE) => UNKNOWN,
                (left_code, right_code) => {
                    ordered(left.pool.get(left_code).cmp(right.pool.get(right_code)))
                }
            })
            .collect()
    }

    fn one_of(&self, value: &Expression, constants: &Constants) -> Vec<u8> {
        let missed = if constants.has_null { UNKNOWN } else { FALSE };
        let found = |is_found: bool| if is_found { TRUE } else { missed };
        match &constants.values {
            ConstantValues::Texts(texts) => {
                let holds =
                    |text: &str| found(texts.binary_search_by(|known| (**known).cmp(text)).is_ok());
                self.texts(value)
                    .map_texts(|text| text.map_or(UNKNOWN, holds))
            }
            ConstantValues::Numbers(numbers) => self.numbers(value).map(self.n_rows(), |number| {
                // `partial_cmp` holds 0 and -0 equal, as `=` does.
                let search = |known: &f64| known.partial_cmp(&number).unwrap_or(Ordering::Less);
                if number.is_nan() {
                    UNKNOWN
                } else {
                    found(numbers.binary_search_by(search).is_ok())
                }
            }),
            ConstantValues::Dates(dates) => self.dates(value).map(self.n_rows(), |day| match day {
                NULL_DATE => UNKNOWN,
                day => found(dates.binary_search(&day).is_ok()),
            }),
        }
    }

    fn is_null(&self, value: &Expression) -> Vec<u8> {
        match value.value_type() {
            ValueType::Number => self
                .numbers(value)
                .map(self.n_rows(), |number| u8::from(number.is_nan())),
            ValueType::Date => self
                .dates(value)
                .map(self.n_rows(), |day| u8::from(day == NULL_DATE)),
            ValueType::Boolean => self
                .truths(value)
                .into_iter()
                .map(|truth| u8::from(truth == UNKNOWN))
                .collect(),
            ValueType::Text | ValueType::List => self
                .texts(value)
                .column
                .codes
                .iter()
                .map(|code| u8::from(*code == NULL_CODE))
                .collect(),
        }
    }

    fn contains_any(&self, text: &Expression, list: ListId) -> Vec<u8> {
        let texts = self.texts(text);
        let Some(slot) = self.tables.slot(list) else {
            return texts.map_texts(|text| maybe(text, |_| false));
        };
        let hits = self.phrase_hits(&texts.column.pool);
        let words = self.phrase_words();
        let values: Vec<u8> = (0..texts.column.pool.len())
            .map(|code| match code {
                0 => UNKNOWN,
                code => u8::from(hits[code * words + slot / 64] >> (slot % 64) & 1 == 1),
            })
            .collect();
        texts.spread(&values)
    }

    fn in_list(&self, key: &Expression, list: ListId, date: Option<&Expression>) -> Vec<u8> {
        let keys = self.texts(key);
        let rows = self.rows_by_code(&keys, list);
        match date.map(|date| self.dates(date)) {
            None => keys
                .column
                .codes
                .iter()
                .map(|code| {
                    if *code == NULL_CODE {
                        UNKNOWN
                    } else {
                        u8::from(!rows[*code as usize].is_empty())
                    }
                })
                .collect(),
            Some(dates) => (0..self.n_rows())
                .map(|row| match (keys.column.codes[row], dates.at(row)) {
                    (NULL_CODE, _) | (_, NULL_DATE) => UNKNOWN,
                    (code, day) => {
                        u8::from(rows[code as usize].iter().any(|row| row.is_in_force(day)))
                    }
                })
                .collect(),
        }
    }
}

fn maybe(text: Option<&str>, holds: impl Fn(&str) -> bool) -> u8 {
    text.map_or(UNKNOWN, |text| u8::from(holds(text)))
}

fn not(truth: u8) -> u8 {
    match truth {
        FALSE => TRUE,
        TRUE => FALSE,
        _ => UNKNOWN,
    }
}

fn and(left: u8, right: u8) -> u8 {
    if left == FALSE || right == FALSE {
        FALSE
    } else {
        left.max(right)
    }
}

fn or(left: u8, right: u8) -> u8 {
    if left == TRUE || right == TRUE {
        TRUE
    } else {
        left.max(right)
    }
}
