//! Columns out of columns: a value per text spread over its rows, texts made anew, typed columns as text.

use super::date;
use crate::batch::{Column, NULL_CODE, NULL_DATE, Pool, TextColumn, UNKNOWN};
use crate::read::raw::RawColumn;
use std::borrow::Cow;
use std::sync::Arc;

/// A value per row out of one per text.
pub(super) fn spread<T: Clone>(text: &TextColumn, values: &[T]) -> Vec<T> {
    text.codes
        .iter()
        .map(|code| values[*code as usize].clone())
        .collect()
}

/// A text column with new texts by code; equal texts share one code.
pub(super) fn repool<T: std::ops::Deref<Target = str>>(
    text: &TextColumn,
    values: &[Option<T>],
) -> TextColumn {
    let distinct: TextColumn = values.iter().skip(1).map(Option::as_deref).collect();
    let code_of = |code: u32| {
        if code == NULL_CODE {
            NULL_CODE
        } else {
            distinct.codes[code as usize - 1]
        }
    };
    TextColumn {
        codes: text.codes.iter().map(|code| code_of(*code)).collect(),
        pool: distinct.pool,
    }
}

/// The texts of a typed column, as a person would write them.
pub(super) fn as_text(raw: &RawColumn) -> Cow<'_, TextColumn> {
    let texts: Vec<Option<String>> = match raw {
        RawColumn::Text(text) => return Cow::Borrowed(text),
        RawColumn::Number(numbers) => numbers
            .iter()
            .map(|number| (!number.is_nan()).then(|| number.to_string()))
            .collect(),
        RawColumn::Timestamp(moments) => {
            let days = moments.iter().map(|at| day_of(*at));
            days.map(|day| (day != NULL_DATE).then(|| date::format_date(day)))
                .collect()
        }
        RawColumn::Date(days) => days
            .iter()
            .map(|day| (*day != NULL_DATE).then(|| date::format_date(*day)))
            .collect(),
        RawColumn::Boolean(truths) => {
            let word = |truth: u8| {
                (truth != UNKNOWN).then(|| if truth == 1 { "Y" } else { "N" }.to_owned())
            };
            truths.iter().map(|truth| word(*truth)).collect()
        }
    };
    Cow::Owned(texts.iter().map(Option::as_deref).collect())
}

/// The day of a moment, in UTC.
pub(super) fn day_of(milliseconds: f64) -> i32 {
    let day = (milliseconds / 86_400_000.0).floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it stops at the ends of the range, the first of which is NULL"
    )]
    let whole = day as i32;
    if day.is_nan() { NULL_DATE } else { whole }
}

/// A pool of its own for a column that the engine makes.
pub(super) fn column_of(codes: Vec<u32>, pool: Pool) -> Column {
    Column::Text(TextColumn {
        codes,
        pool: Arc::new(pool),
    })
}
