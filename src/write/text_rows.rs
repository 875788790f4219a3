//! Rows as CSV or NDJSON.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::Value;

/// Whether a character controls a terminal or turns the direction of writing.
pub(crate) fn controls(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text of the data without what controls a terminal: people look at issues there.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|c| !controls(*c)).collect()
}

/// How text begins that a spreadsheet runs.
const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// Neutralizes text that a spreadsheet would run as a formula.
pub(crate) fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(FORMULA_STARTS) {
        std::borrow::Cow::Owned(format!("'{text}"))
    } else {
        std::borrow::Cow::Borrowed(text)
    }
}

/// Undoes [`harmless`]: the text as it was.
pub(crate) fn unharmed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA_STARTS) => rest,
        _ => text,
    }
}

/// Rows as lines of CSV, without a header.
pub(super) fn csv_text(rows: &RecordBatch) -> Result<Vec<u8>, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let options = FormatOptions::default();
    let columns = rows
        .columns()
        .iter()
        .map(|column| Cells::new(column, &options))
        .collect::<Result<Vec<_>, String>>()?;
    for row in 0..rows.num_rows() {
        for column in &columns {
            column
                .with_text(row, |text| writer.write_field(text))
                .map_err(|error| error.to_string())?;
        }
        writer
            .write_record(None::<&[u8]>)
            .map_err(|error| error.to_string())?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

/// A column as cells of CSV.
enum Cells<'a> {
    Text(&'a arrow::array::StringArray),
    List(&'a arrow::array::ListArray),
    Other(&'a ArrayRef, ArrayFormatter<'a>),
}

impl<'a> Cells<'a> {
    fn new(column: &'a ArrayRef, options: &'a FormatOptions<'a>) -> Result<Self, String> {
        Ok(match column.data_type() {
            DataType::Utf8 => Self::Text(column.as_string::<i32>()),
            DataType::List(_) => Self::List(column.as_list::<i32>()),
            _ => Self::Other(
                column,
                ArrayFormatter::try_new(column, options).map_err(|error| error.to_string())?,
            ),
        })
    }

    fn with_text<T>(&self, row: usize, write: impl FnOnce(&str) -> T) -> T {
        match self {
            Self::Text(column) if column.is_null(row) => write(""),
            Self::Text(column) => write(&harmless(column.value(row))),
            Self::List(column) => write(&harmless(&items(column, row).join(";"))),
            Self::Other(column, _) if column.is_null(row) => write(""),
            Self::Other(_, formatter) => write(&formatter.value(row).to_string()),
        }
    }
}

fn items(column: &arrow::array::ListArray, row: usize) -> Vec<String> {
    let values = column.value(row);
    values
        .as_string::<i32>()
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect()
}

/// Rows as one JSON object per line.
pub(super) fn ndjson_text(rows: &RecordBatch) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    let schema = rows.schema();
    let options = FormatOptions::default();
    for row in 0..rows.num_rows() {
        let mut object = serde_json::Map::new();
        for (field, column) in schema.fields().iter().zip(rows.columns()) {
            object.insert(field.name().clone(), json(column, row, &options)?);
        }
        serde_json::to_writer(&mut text, &object).map_err(|error| error.to_string())?;
        text.push(b'\n');
    }
    Ok(text)
}

fn json(column: &ArrayRef, row: usize, options: &FormatOptions<'_>) -> Result<Value, String> {
    if column.is_null(row) {
        return Ok(Value::Null);
    }
    let shown = || {
        ArrayFormatter::try_new(column, options).map(|formatter| formatter.value(row).to_string())
    };
    Ok(match column.data_type() {
        DataType::Utf8 => Value::from(column.as_string::<i32>().value(row)),
        DataType::List(_) => Value::from(items(column.as_list::<i32>(), row)),
        DataType::Boolean => Value::from(column.as_boolean().value(row)),
        kind if kind.is_numeric() => {
            let text = shown().map_err(|error| error.to_string())?;
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        _ => Value::String(shown().map_err(|error| error.to_string())?),
    })
}
