//! Columns of a batch -> Arrow arrays.

use crate::batch::{Column, NULL_CODE, NULL_DATE, Pool, TextColumn, UNKNOWN};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array,
    ListBuilder, StringArray, StringBuilder, new_null_array,
};
use arrow::buffer::{Buffer, OffsetBuffer};
use arrow::datatypes::{DataType, Int32Type};
use bytes::Bytes;
use std::sync::Arc;

/// Text of the rows that are kept, as plain text: where few are, most texts of the column are not asked for.
pub(super) fn few_texts(column: Option<&TextColumn>, rows: &[usize]) -> ArrayRef {
    let text = |row: &usize| column.and_then(|column| column.get(*row));
    Arc::new(rows.iter().map(text).collect::<StringArray>())
}

/// Text of the rows that are kept, as codes into the texts of the column.
pub(super) fn texts(column: Option<&TextColumn>, rows: &[usize]) -> ArrayRef {
    let Some(column) = column else {
        return new_null_array(&DataType::Utf8, rows.len());
    };
    let keys: Int32Array = rows
        .iter()
        .map(|row| match column.codes[*row] {
            NULL_CODE => None,
            code => Some(key_of(code - 1)),
        })
        .collect();
    dictionary(keys, pool_texts(&column.pool))
}

/// One of a few texts in each row.
pub(super) fn words(words: &[&str], codes: impl Iterator<Item = usize>) -> ArrayRef {
    let keys = codes.map(|code| key_of(u32::try_from(code).unwrap_or(u32::MAX)));
    dictionary(
        Int32Array::from_iter_values(keys),
        StringArray::from_iter_values(words),
    )
}

/// A code as a key of an Arrow dictionary.
pub(super) fn key_of(code: u32) -> i32 {
    i32::try_from(code).expect("a batch holds fewer than 2 billion texts")
}

/// Keys and their texts.
pub(super) fn dictionary(keys: Int32Array, texts: StringArray) -> ArrayRef {
    Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(texts)))
}

/// The texts of a pool, without NULL, where they lie.
fn pool_texts(pool: &Arc<Pool>) -> StringArray {
    let (bytes, ends) = pool.parts();
    // The last end is the largest.
    key_of(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    let ends: Vec<i32> = ends.iter().map(|end| end.cast_signed()).collect();
    let bytes = Bytes::from_owner(BytesOf(Arc::clone(pool)));
    StringArray::new(OffsetBuffer::new(ends.into()), Buffer::from(bytes), None)
}

/// The bytes of all texts of a pool.
struct BytesOf(Arc<Pool>);

impl AsRef<[u8]> for BytesOf {
    fn as_ref(&self) -> &[u8] {
        self.0.parts().0.as_bytes()
    }
}

/// Lists of texts, one per row.
pub(super) fn lists<T: AsRef<str>>(
    rows: impl Iterator<Item = impl Iterator<Item = T>>,
) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in rows {
        row.for_each(|item| lists.values().append_value(item));
        lists.append(true);
    }
    Arc::new(lists.finish())
}

/// `PREFIX` and a running number, with leading zeros up to a width.
pub(super) fn numbered(prefix: &str, numbers: impl Iterator<Item = u64>, width: usize) -> ArrayRef {
    let (least, _) = numbers.size_hint();
    let mut bytes = Vec::with_capacity(least * (prefix.len() + width.max(8)));
    let mut ends = Vec::with_capacity(least + 1);
    ends.push(0);
    let mut digits = itoa::Buffer::new();
    for number in numbers {
        bytes.extend_from_slice(prefix.as_bytes());
        let digits = digits.format(number);
        let zeros = width.saturating_sub(digits.len());
        bytes.resize(bytes.len() + zeros, b'0');
        bytes.extend_from_slice(digits.as_bytes());
        ends.push(i32::try_from(bytes.len()).expect("a batch holds less than 2 GiB of text"));
    }
    Arc::new(StringArray::new(
        OffsetBuffer::new(ends.into()),
        Buffer::from_vec(bytes),
        None,
    ))
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

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::AsArray;

    #[test]
    fn numbers_have_their_width() {
        let texts = numbered(
            "a-",
            [7, 0, 12_345, 18_446_744_073_709_551_615].into_iter(),
            3,
        );
        let texts: Vec<_> = texts
            .as_string::<i32>()
            .iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        assert_eq!(
            texts,
            ["a-007", "a-000", "a-12345", "a-18446744073709551615"]
        );
    }

    #[test]
    fn texts_are_codes_into_the_pool() {
        let column: TextColumn = [Some("MX"), None, Some("CA"), Some("MX")]
            .into_iter()
            .collect();
        let array = texts(Some(&column), &[3, 1, 0]);
        let plain = arrow::compute::cast(&array, &DataType::Utf8).expect("text");
        let plain: Vec<_> = plain.as_string::<i32>().iter().collect();
        assert_eq!(plain, [Some("MX"), None, Some("MX")]);
    }
}
