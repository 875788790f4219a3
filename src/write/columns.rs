//! Tables whose rows are made of items: a column per question to the item.

use super::table::{Format, TableWriter};
use crate::error::Error;
use arrow::array::{ArrayRef, ListBuilder, RecordBatch, StringArray, StringBuilder, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema};
use std::path::Path;
use std::sync::Arc;

/// Rows that are made at a time.
const ROWS_AT_ONCE: usize = 1 << 15;

/// Writes a table whose rows are made of items, so many at a time.
pub(super) fn write_rows<T>(
    path: &Path,
    format: Format,
    items: &[T],
    columns: impl Fn(&[T]) -> Vec<(&'static str, ArrayRef)>,
) -> Result<(), Error> {
    let field =
        |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let none = columns(&[]);
    let schema = Arc::new(Schema::new(none.iter().map(field).collect::<Vec<_>>()));
    let mut writer = TableWriter::create(path, Arc::clone(&schema), format)?;
    for rows in items.chunks(ROWS_AT_ONCE) {
        let arrays = columns(rows).into_iter().map(|(_, array)| array).collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays);
        writer.write(batch.expect("columns of the schema, one value per row"))?;
    }
    writer.finish()
}

/// A column of text; empty text is NULL.
pub(super) fn text_column<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> ArrayRef {
    let texts: Vec<Option<T>> = texts
        .map(|text| Some(text).filter(|text| !text.as_ref().is_empty()))
        .collect();
    Arc::new(
        texts
            .iter()
            .map(|text| text.as_ref().map(AsRef::as_ref))
            .collect::<StringArray>(),
    )
}

/// A column of counts.
pub(super) fn count_column(counts: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(UInt64Array::from_iter_values(counts))
}

/// A column of lists of text.
pub(super) fn list_column(lists: impl Iterator<Item = Vec<String>>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new())
        .with_field(Arc::new(Field::new_list_field(DataType::Utf8, true)));
    for list in lists {
        list.iter()
            .for_each(|text| builder.values().append_value(text));
        builder.append(true);
    }
    Arc::new(builder.finish())
}
