//! Expressions whose value is a day.

use super::Evaluator;
use crate::batch::{Column, NULL_DATE};
use crate::rules::expression::{Expression, ListColumn};
use crate::rules::lists::{ListCell, ListRow};
use std::borrow::Cow;

/// A day per row, or one for all; [`NULL_DATE`] is NULL.
#[derive(Clone, Debug)]
pub(super) enum Dates<'a> {
    Constant(i32),
    Rows(Cow<'a, [i32]>),
}

impl Dates<'_> {
    pub(super) fn at(&self, row: usize) -> i32 {
        match self {
            Self::Constant(day) => *day,
            Self::Rows(rows) => rows[row],
        }
    }

    pub(super) fn map<T: Clone>(&self, n_rows: usize, f: impl Fn(i32) -> T) -> Vec<T> {
        match self {
            Self::Constant(day) => vec![f(*day); n_rows],
            Self::Rows(rows) => rows.iter().map(|day| f(*day)).collect(),
        }
    }
}

impl<'a> Evaluator<'a> {
    /// The day of each row; [`NULL_DATE`] stands for NULL.
    pub(super) fn dates(&self, expression: &Expression) -> Dates<'a> {
        let rows = match expression {
            Expression::Date(day) => return Dates::Constant(*day),
            Expression::Column(field, _) => {
                return match self.batch.column(*field) {
                    Some(Column::Date(values)) => Dates::Rows(Cow::Borrowed(values)),
                    _ => Dates::Constant(NULL_DATE),
                };
            }
            Expression::Coalesce(parts) => self.fold_dates(parts, |left, _| left),
            Expression::Least(parts) => self.fold_dates(parts, i32::min),
            Expression::Greatest(parts) => self.fold_dates(parts, i32::max),
            Expression::Lookup(key, list, column, date) => {
                self.lookup(key, *list, *column, date.as_deref(), NULL_DATE, date_of)
            }
            _ => return Dates::Constant(NULL_DATE),
        };
        Dates::Rows(Cow::Owned(rows))
    }

    /// Folds days that are not NULL; NULL beside a day is skipped.
    fn fold_dates(&self, parts: &[Expression], f: impl Fn(i32, i32) -> i32) -> Vec<i32> {
        let values: Vec<_> = parts.iter().map(|part| self.dates(part)).collect();
        (0..self.n_rows())
            .map(|row| {
                values
                    .iter()
                    .map(|part| part.at(row))
                    .filter(|day| *day != NULL_DATE)
                    .reduce(&f)
                    .unwrap_or(NULL_DATE)
            })
            .collect()
    }
}

fn date_of(row: &ListRow, column: ListColumn) -> i32 {
    match &row.cells[column.index] {
        ListCell::Date(date) => *date,
        _ => NULL_DATE,
    }
}
