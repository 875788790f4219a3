//! Columns of a batch -> Arrow arrays.

use crate::batch::{Column, NULL_DATE, TextColumn, UNKNOWN};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, StringBuilder,
    new_null_array,
};
use arrow::datatypes::DataType;
use std::sync::Arc;

/// Text of the rows that are kept.
pub(super) fn texts(column: Option<&TextColumn>, rows: &[usize]) -> ArrayRef {
    let Some(column) = column else {
        return new_null_array(&DataType::Utf8, rows.len());
    };
    let mut builder = StringBuilder::with_capacity(rows.len(), rows.len() * 12);
    rows.iter()
        .for_each(|row| builder.append_option(column.get(*row)));
    Arc::new(builder.finish())
}

/// Texts made row by row.
pub(super) fn made_texts(texts: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

/// Days of the rows that are kept.
pub(super) fn days(column: Option<&Column>, rows: &[usize]) -> ArrayRef {
    match column {
        Some(Column::Date(days)) => {
            let day = |row: &usize| Some(days[*row]).filter(|day| *day != NULL_DATE);
            Arc::new(rows.iter().map(day).collect::<Date32Array>())
        }
        _ => new_null_array(&DataType::Date32, rows.len()),
    }
}

/// Whole numbers of the rows that are kept.
pub(super) fn integers(column: Option<&Column>, rows: &[usize]) -> ArrayRef {
    match column {
        Some(Column::Number(numbers)) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number below 2^53 by its kind"
            )]
            let integer = |row: &usize| {
                Some(numbers[*row])
                    .filter(|number| !number.is_nan())
                    .map(|number| number as i64)
            };
            Arc::new(rows.iter().map(integer).collect::<Int64Array>())
        }
        _ => new_null_array(&DataType::Int64, rows.len()),
    }
}

/// A whole column as it is.
pub(super) fn any(column: Option<&Column>, kind: &DataType, n_rows: usize) -> ArrayRef {
    match column {
        Some(Column::Text(text)) => Arc::new(
            (0..n_rows)
                .map(|row| text.get(row))
                .collect::<StringArray>(),
        ),
        Some(Column::Number(numbers)) => Arc::new(
            numbers
                .iter()
                .map(|number| Some(*number).filter(|number| !number.is_nan()))
                .collect::<Float64Array>(),
        ),
        Some(Column::Date(days)) => Arc::new(
            days.iter()
                .map(|day| Some(*day).filter(|day| *day != NULL_DATE))
                .collect::<Date32Array>(),
        ),
        Some(Column::Boolean(truths)) => Arc::new(
            truths
                .iter()
                .map(|truth| (*truth != UNKNOWN).then_some(*truth == 1))
                .collect::<BooleanArray>(),
        ),
        None => new_null_array(kind, n_rows),
    }
}
