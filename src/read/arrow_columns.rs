//! Arrow arrays -> raw columns.

use super::raw::RawColumn;
use crate::batch::{FALSE, NULL_CODE, NULL_DATE, Pool, TRUE, TextColumn, UNKNOWN};
use crate::intern::Interner;
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray, PrimitiveArray, StringArray,
    StringViewArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type, TimeUnit};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::Value;
use std::sync::Arc;

/// The type in which a column is asked for: text by dictionary where the file has one.
pub(super) fn wanted_type(stored: &DataType, has_dictionary: bool) -> DataType {
    match stored {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if !has_dictionary => {
            DataType::Utf8View
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => dictionary(),
        DataType::Dictionary(_, values)
            if matches!(
                **values,
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            ) =>
        {
            dictionary()
        }
        other => other.clone(),
    }
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The dictionary of a column in one batch, which is often that of the next one too.
#[derive(Debug)]
pub(super) struct Dictionary {
    values: StringArray,
    /// The code of each value in the pool.
    codes: Vec<u32>,
    /// Whether the codes run from 1, as they do where no value is empty or NULL.
    is_running: bool,
    pool: Arc<Pool>,
}

/// Turns an array into a raw column; lists become text joined by `|`, records JSON. `last` is the dictionary of the same
/// column in the batch before.
///
/// # Errors
/// When a type cannot be read as text, number, date or truth.
pub(super) fn raw_column(
    array: &ArrayRef,
    last: &mut Option<Dictionary>,
) -> Result<RawColumn, ArrowError> {
    Ok(match array.data_type() {
        DataType::Null => RawColumn::Text(TextColumn::constant(None, array.len())),
        DataType::Boolean => {
            let truths = array.as_boolean().iter();
            RawColumn::Boolean(
                truths
                    .map(|truth| truth.map_or(UNKNOWN, |truth| if truth { TRUE } else { FALSE }))
                    .collect(),
            )
        }
        DataType::Date32 => RawColumn::Date(days(array)),
        DataType::Date64 => RawColumn::Date(days(&cast(array, &DataType::Date32)?)),
        DataType::Timestamp(_, _) => {
            let milliseconds = cast(array, &DataType::Timestamp(TimeUnit::Millisecond, None))?;
            let milliseconds = cast(&milliseconds, &DataType::Int64)?;
            let values = milliseconds.as_primitive::<Int64Type>().iter();
            RawColumn::Timestamp(
                values
                    .map(|value| value.map_or(f64::NAN, |value| value as f64))
                    .collect(),
            )
        }
        kind if kind.is_numeric() => {
            let numbers = cast(array, &DataType::Float64)?;
            RawColumn::Number(values(numbers.as_primitive::<Float64Type>(), f64::NAN))
        }
        DataType::Dictionary(_, _) => {
            let keyed = cast(array, &dictionary())?;
            RawColumn::Text(dictionary_column(keyed.as_dictionary::<Int32Type>(), last)?)
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let texts = cast(array, &DataType::Utf8View)?;
            RawColumn::Text(plain_column(texts.as_string_view()))
        }
        _ => RawColumn::Text(nested_column(array)?),
    })
}

/// Texts as they come: a run of equal ones has one code, and no text is looked for among the others.
fn plain_column(texts: &StringViewArray) -> TextColumn {
    let n_bytes = texts.lengths().map(|length| length as usize).sum();
    let mut pool = Pool::with_capacity(texts.len(), n_bytes);
    let mut codes = Vec::with_capacity(texts.len());
    let mut last = (NULL_CODE, "");
    for text in texts {
        let text = text.unwrap_or("");
        // Texts that differ mostly differ at their ends: numbers run.
        let is_other = text.len() != last.1.len()
            || text.as_bytes().last() != last.1.as_bytes().last()
            || text != last.1;
        if is_other {
            last = match text.is_empty() {
                true => (NULL_CODE, ""),
                false => (pool.push(text), text),
            };
        }
        codes.push(last.0);
    }
    TextColumn {
        codes,
        pool: Arc::new(pool),
    }
}

/// A pool with room for all texts of an array.
fn pool_for(texts: &StringArray) -> Pool {
    let offsets = texts.value_offsets();
    let bytes = offsets[texts.len()] - offsets[0];
    Pool::with_capacity(texts.len(), usize::try_from(bytes).unwrap_or(0))
}

fn days(array: &ArrayRef) -> Vec<i32> {
    values(array.as_primitive::<Date32Type>(), NULL_DATE)
}

/// The values of an array, with a value for NULL.
fn values<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, null: T::Native) -> Vec<T::Native> {
    let values = array.values();
    match array.nulls() {
        None => values.to_vec(),
        Some(nulls) => {
            let cells = values.iter().zip(nulls);
            cells
                .map(|(value, is_known)| if is_known { *value } else { null })
                .collect()
        }
    }
}

/// Keeps the codes of a dictionary; empty texts and NULLs become code 0.
fn dictionary_column(
    array: &DictionaryArray<Int32Type>,
    last: &mut Option<Dictionary>,
) -> Result<TextColumn, ArrowError> {
    let values: &StringArray = array
        .values()
        .as_string_opt::<i32>()
        .ok_or_else(|| ArrowError::CastError("a dictionary without text".to_owned()))?;
    let dictionary = match last.take() {
        Some(last) if last.is_of(values) => last,
        _ => Dictionary::of(values),
    };
    let Dictionary {
        codes,
        is_running,
        pool,
        ..
    } = last.insert(dictionary);
    let keys = array.keys();
    let n_texts = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    let running = |key: &i32| match key.cast_unsigned() < n_texts {
        true => key.cast_unsigned() + 1,
        false => NULL_CODE,
    };
    let looked_up = |key: &i32| {
        let code = usize::try_from(*key).ok().and_then(|key| codes.get(key));
        code.copied().unwrap_or(NULL_CODE)
    };
    Ok(TextColumn {
        codes: match is_running {
            true => codes_of(keys, running),
            false => codes_of(keys, looked_up),
        },
        pool: Arc::clone(pool),
    })
}

/// The code of each key; that of NULL is no text.
fn codes_of(keys: &PrimitiveArray<Int32Type>, code: impl Fn(&i32) -> u32) -> Vec<u32> {
    let codes = keys.values().iter().map(code);
    match keys.nulls() {
        None => codes.collect(),
        Some(nulls) => codes
            .zip(nulls)
            .map(|(code, is_known)| code * u32::from(is_known))
            .collect(),
    }
}

impl Dictionary {
    fn of(values: &StringArray) -> Self {
        let mut pool = pool_for(values);
        let codes: Vec<u32> = values
            .iter()
            .map(|value| {
                value
                    .filter(|text| !text.is_empty())
                    .map_or(NULL_CODE, |text| pool.push(text))
            })
            .collect();
        Self {
            values: values.clone(),
            is_running: !codes.contains(&NULL_CODE),
            codes,
            pool: Arc::new(pool),
        }
    }

    /// Whether values lie where those of this dictionary do, so that they are the same.
    fn is_of(&self, values: &StringArray) -> bool {
        self.values.to_data().ptr_eq(&values.to_data())
    }
}

fn nested_column(array: &ArrayRef) -> Result<TextColumn, ArrowError> {
    let mut column = Interner::default();
    for row in 0..array.len() {
        match value(array, row)? {
            Value::Null => column.push(None),
            Value::Array(items)
                if items
                    .iter()
                    .all(|item| !item.is_object() && !item.is_array()) =>
            {
                let texts: Vec<_> = items
                    .iter()
                    .map(plain)
                    .filter(|text| !text.is_empty())
                    .collect();
                column.push(
                    Some(&texts.join("|"))
                        .filter(|text| !text.is_empty())
                        .map(String::as_str),
                );
            }
            other => column.push(Some(&other.to_string())),
        }
    }
    Ok(column.finish())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value as JSON, for lists and records.
fn value(array: &ArrayRef, row: usize) -> Result<Value, ArrowError> {
    if array.is_null(row) {
        return Ok(Value::Null);
    }
    let list = |items: ArrayRef| -> Result<Value, ArrowError> {
        (0..items.len())
            .map(|item| value(&items, item))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array)
    };
    match array.data_type() {
        DataType::List(_) => list(array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(_, _) => list(array.as_fixed_size_list().value(row)),
        DataType::Struct(fields) => {
            let record = array.as_struct();
            fields
                .iter()
                .zip(record.columns())
                .map(|(field, column)| Ok((field.name().clone(), value(column, row)?)))
                .collect::<Result<serde_json::Map<_, _>, ArrowError>>()
                .map(Value::Object)
        }
        _ => {
            let text = ArrayFormatter::try_new(array, &FormatOptions::default())?
                .value(row)
                .to_string();
            Ok(Value::String(text))
        }
    }
}
