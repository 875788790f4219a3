//! Expressions whose value is a number.

use super::Evaluator;
use crate::batch::{Column, NULL_DATE};
use crate::normalize::date::civil;
use crate::rules::condition::ast::Operator;
use crate::rules::expression::{Expression, ListColumn};
use crate::rules::lists::{ListCell, ListRow};
use std::borrow::Cow;

/// A number per row, or one for all; NaN is NULL.
#[derive(Clone, Debug)]
pub enum Numbers<'a> {
    /// The same in every row.
    Constant(f64),
    /// One per row.
    Rows(Cow<'a, [f64]>),
}

impl Numbers<'_> {
    /// The number of a row.
    pub fn at(&self, row: usize) -> f64 {
        match self {
            Self::Constant(number) => *number,
            Self::Rows(rows) => rows[row],
        }
    }

    /// Combines two row by row.
    pub(super) fn zip<T: Clone>(
        &self,
        other: &Self,
        n_rows: usize,
        f: impl Fn(f64, f64) -> T,
    ) -> Vec<T> {
        match (self, other) {
            (Self::Constant(left), Self::Constant(right)) => vec![f(*left, *right); n_rows],
            (Self::Constant(left), Self::Rows(right)) => {
                right.iter().map(|right| f(*left, *right)).collect()
            }
            (Self::Rows(left), Self::Constant(right)) => {
                left.iter().map(|left| f(*left, *right)).collect()
            }
            (Self::Rows(left), Self::Rows(right)) => left
                .iter()
                .zip(right.iter())
                .map(|(left, right)| f(*left, *right))
                .collect(),
        }
    }

    /// Makes something of each number.
    pub fn map<T: Clone>(&self, n_rows: usize, f: impl Fn(f64) -> T) -> Vec<T> {
        match self {
            Self::Constant(number) => vec![f(*number); n_rows],
            Self::Rows(rows) => rows.iter().map(|number| f(*number)).collect(),
        }
    }
}

/// A result that is not finite is NULL.
fn finite(number: f64) -> f64 {
    if number.is_finite() { number } else { f64::NAN }
}

impl<'a> Evaluator<'a> {
    /// The number of each row.
    ///
    /// # Missing values
    /// NaN stands for NULL. Any operand that is NULL makes arithmetic NULL, and so does a result that is not finite.
    pub fn numbers(&self, expression: &Expression) -> Numbers<'a> {
        let n_rows = self.n_rows();
        let rows = match expression {
            Expression::Number(number) => return Numbers::Constant(*number),
            Expression::Column(field, _) => {
                return match self.batch.column(*field) {
                    Some(Column::Number(values)) => Numbers::Rows(Cow::Borrowed(values)),
                    _ => Numbers::Constant(f64::NAN),
                };
            }
            Expression::Arithmetic(operator, left, right) => {
                let (left, right) = (self.numbers(left), self.numbers(right));
                match operator {
                    Operator::Add => left.zip(&right, n_rows, |left, right| finite(left + right)),
                    Operator::Subtract => {
                        left.zip(&right, n_rows, |left, right| finite(left - right))
                    }
                    Operator::Multiply => {
                        left.zip(&right, n_rows, |left, right| finite(left * right))
                    }
                    Operator::Divide => {
                        left.zip(&right, n_rows, |left, right| finite(left / right))
                    }
                }
            }
            Expression::Negate(inner) => self.numbers(inner).map(n_rows, |number| -number),
            Expression::Abs(inner) => self.numbers(inner).map(n_rows, f64::abs),
            Expression::Length(text) => self
                .texts(text)
                .map_texts(|text| text.map_or(f64::NAN, |text| text.chars().count() as f64)),
            Expression::DaysBetween(from, to) => {
                let (from, to) = (self.dates(from), self.dates(to));
                (0..n_rows)
                    .map(|row| match (from.at(row), to.at(row)) {
                        (NULL_DATE, _) | (_, NULL_DATE) => f64::NAN,
                        (from, to) => f64::from(to) - f64::from(from),
                    })
                    .collect()
            }
            Expression::Month(date) => self.date_part(date, |(_, month, _)| f64::from(month)),
            Expression::Year(date) => self.date_part(date, |(year, _, _)| f64::from(year)),
            Expression::Coalesce(parts) => {
                self.fold_numbers(
                    parts,
                    |left, right| if left.is_nan() { right } else { left },
                )
            }
            // `f64::min` and `f64::max` skip NaN, as LEAST and GREATEST skip NULL.
            Expression::Least(parts) => self.fold_numbers(parts, f64::min),
            Expression::Greatest(parts) => self.fold_numbers(parts, f64::max),
            Expression::Lookup(key, list, column, date) => {
                self.lookup(key, *list, *column, date.as_deref(), f64::NAN, number_of)
            }
            _ => return Numbers::Constant(f64::NAN),
        };
        Numbers::Rows(Cow::Owned(rows))
    }

    fn date_part(&self, date: &Expression, part: impl Fn((i32, u32, u32)) -> f64) -> Vec<f64> {
        self.dates(date).map(self.n_rows(), |day| {
            if day == NULL_DATE {
                f64::NAN
            } else {
                part(civil(day))
            }
        })
    }

    fn fold_numbers(&self, parts: &[Expression], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let mut values = parts.iter().map(|part| self.numbers(part));
        let first = values.next().unwrap_or(Numbers::Constant(f64::NAN));
        let folded = values.fold(first, |left, right| {
            Numbers::Rows(Cow::Owned(left.zip(&right, self.n_rows(), &f)))
        });
        folded.map(self.n_rows(), |number| number)
    }
}

fn number_of(row: &ListRow, column: ListColumn) -> f64 {
    match &row.cells[column.index] {
        ListCell::Number(number) => *number,
        _ => f64::NAN,
    }
}
