//! Expressions whose value is text, and values of lists.

use super::Evaluator;
use crate::batch::{NULL_CODE, NULL_DATE, Pool, TextColumn};
use crate::rules::expression::{Expression, ListColumn, ListId};
use crate::rules::lists::{ListCell, ListRow};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// A text per row.
pub(super) struct Texts<'a> {
    pub(super) column: Cow<'a, TextColumn>,
}

impl Texts<'_> {
    /// Computes a value once per distinct text and spreads it over the rows; the first is for NULL.
    pub(super) fn map_texts<T: Clone>(&self, f: impl Fn(Option<&str>) -> T) -> Vec<T> {
        let values: Vec<T> = std::iter::once(f(None))
            .chain(self.column.pool.iter().map(|text| f(Some(text))))
            .collect();
        self.spread(&values)
    }

    /// Spreads a value per code over the rows.
    pub(super) fn spread<T: Clone>(&self, values: &[T]) -> Vec<T> {
        self.column
            .codes
            .iter()
            .map(|code| values[*code as usize].clone())
            .collect()
    }
}

impl<'a> Evaluator<'a> {
    /// The text of each row.
    pub(super) fn texts(&self, expression: &Expression) -> Texts<'a> {
        let column = match expression {
            Expression::Column(field, _) => {
                if let Some(column) = self.batch.text(*field) {
                    return Texts {
                        column: Cow::Borrowed(column),
                    };
                }
                TextColumn::constant(None, self.n_rows())
            }
            Expression::Text(text) => TextColumn::constant(Some(text), self.n_rows()),
            Expression::Lower(inner) => self.map_pool(inner, str::to_lowercase),
            Expression::Upper(inner) => self.map_pool(inner, str::to_uppercase),
            Expression::Concat(left, right) => {
                self.pairs(left, right, |left, right| match (left, right) {
                    (Some(left), Some(right)) => Some(Cow::Owned([left, right].concat())),
                    _ => None,
                })
            }
            Expression::Coalesce(parts) => {
                self.fold_texts(
                    parts,
                    |left, right| if left.is_some() { left } else { right },
                )
            }
            Expression::Least(parts) => self.fold_texts(parts, |left, right| match (left, right) {
                (Some(left), Some(right)) => Some(left.min(right)),
                (left, right) => left.or(right),
            }),
            Expression::Greatest(parts) => self.fold_texts(parts, |left, right| left.max(right)),
            Expression::Lookup(key, list, column, date) => {
                self.looked_up_texts(key, *list, *column, date.as_deref())
            }
            _ => TextColumn::constant(None, self.n_rows()),
        };
        Texts {
            column: Cow::Owned(column),
        }
    }

    fn map_pool(&self, inner: &Expression, f: impl Fn(&str) -> String) -> TextColumn {
        let texts = self.texts(inner);
        let mut pool = Pool::default();
        for text in texts.column.pool.iter() {
            pool.push(&f(text));
        }
        TextColumn {
            codes: texts.column.codes.clone(),
            pool: Arc::new(pool),
        }
    }

    fn fold_texts(
        &self,
        parts: &[Expression],
        f: impl for<'t> Fn(Option<&'t str>, Option<&'t str>) -> Option<&'t str>,
    ) -> TextColumn {
        let mut parts = parts
            .iter()
            .map(|part| self.texts(part).column.into_owned());
        let first = parts.next().unwrap_or_default();
        parts.fold(first, |left, right| {
            combine(&left, &right, |left, right| {
                f(left, right).map(Cow::Borrowed)
            })
        })
    }

    fn pairs(
        &self,
        left: &Expression,
        right: &Expression,
        f: impl for<'t> Fn(Option<&'t str>, Option<&'t str>) -> Option<Cow<'t, str>>,
    ) -> TextColumn {
        combine(&self.texts(left).column, &self.texts(right).column, f)
    }

    fn looked_up_texts(
        &self,
        key: &Expression,
        list: ListId,
        column: ListColumn,
        date: Option<&Expression>,
    ) -> TextColumn {
        if date.is_some() {
            let texts = self.lookup(key, list, column, date, None, text_of);
            return texts.into_iter().collect();
        }
        let keys = self.texts(key);
        let rows = self.rows_by_code(&keys, list);
        let by_code = rows.iter().map(|rows| text_of(rows.first()?, column));
        let by_code: TextColumn = by_code.collect();
        let codes = keys.column.codes.iter();
        TextColumn {
            codes: codes.map(|code| by_code.codes[*code as usize]).collect(),
            pool: by_code.pool,
        }
    }

    /// The value of a list for each row: of the longest candidate in force, first in file order.
    pub(super) fn lookup<T: Clone>(
        &self,
        key: &Expression,
        list: ListId,
        column: ListColumn,
        date: Option<&Expression>,
        null: T,
        value: impl Fn(&'a ListRow, ListColumn) -> T,
    ) -> Vec<T> {
        let keys = self.texts(key);
        let rows = self.rows_by_code(&keys, list);
        let value =
            |row: Option<&&'a ListRow>| row.map_or_else(|| null.clone(), |row| value(row, column));
        let codes = keys.column.codes.iter();
        let Some(dates) = date.map(|date| self.dates(date)) else {
            let by_code: Vec<T> = rows.iter().map(|rows| value(rows.first())).collect();
            return codes.map(|code| by_code[*code as usize].clone()).collect();
        };
        let in_force = |(row, code): (usize, &u32)| {
            let day = dates.at(row);
            let mut candidates = rows[*code as usize].iter();
            value(candidates.find(|row| day != NULL_DATE && row.is_in_force(day)))
        };
        codes.enumerate().map(in_force).collect()
    }

    /// The rows of a list that each code of a column finds; NULL finds none.
    pub(super) fn rows_by_code(&self, keys: &Texts<'_>, list: ListId) -> Vec<Vec<&'a ListRow>> {
        let lists = &self.tables.lists;
        let list = lists.get(list);
        std::iter::once(Vec::new())
            .chain(keys.column.pool.iter().map(|text| lists.rows(list, text)))
            .collect()
    }
}

fn text_of(row: &ListRow, column: ListColumn) -> Option<&str> {
    match &row.cells[column.index] {
        ListCell::Text(text) => text.as_deref(),
        _ => None,
    }
}

/// Combines two columns, once per pair of distinct texts.
fn combine(
    left: &TextColumn,
    right: &TextColumn,
    f: impl for<'t> Fn(Option<&'t str>, Option<&'t str>) -> Option<Cow<'t, str>>,
) -> TextColumn {
    let text = |column: &'_ TextColumn, code: u32| {
        (code != NULL_CODE).then(|| column.pool.get(code).to_owned())
    };
    let mut known: HashMap<(u32, u32), u32, FixedState> = HashMap::default();
    let mut pool = Pool::default();
    let codes = left
        .codes
        .iter()
        .zip(&right.codes)
        .map(|(left_code, right_code)| {
            *known.entry((*left_code, *right_code)).or_insert_with(|| {
                let (left, right) = (text(left, *left_code), text(right, *right_code));
                f(left.as_deref(), right.as_deref()).map_or(NULL_CODE, |text| pool.push(&text))
            })
        })
        .collect();
    TextColumn {
        codes,
        pool: Arc::new(pool),
    }
}
