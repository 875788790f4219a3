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

/// Characters that begin what a spreadsheet runs; in Japan and China it also takes the wide and the small forms.
const FORMULA_STARTS: [char; 12] = [
    '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫',
];

/// Whether a spreadsheet would run a text, or would if it passed over what nobody sees at its beginning. What begins with
/// a sign counts even where it is a number, as a spreadsheet shows it in another form; after spaces a number does not.
fn is_formula(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    let seen = text.trim_start_matches(is_unseen);
    let is_first = seen.len() == text.len();
    text.starts_with(['\t', '\r', '\n'])
        || (seen.starts_with(FORMULA_STARTS) && (is_first || seen.trim().parse::<f64>().is_err()))
}

/// Whether a character shows nothing: spaces, controls, marks of direction and joining, fillers, variation selectors, tags.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || controls(c)
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Neutralizes text that a spreadsheet would run as a formula.
pub(crate) fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    match is_formula(text) {
        true => std::borrow::Cow::Owned(format!("'{text}")),
        false => std::borrow::Cow::Borrowed(text),
    }
}

/// Undoes [`harmless`]: the text as it was.
pub(crate) fn unharmed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_neutralized_and_comes_back() {
        for text in [
            "=1+1",
            "-5",
            "+x",
            "@SUM",
            "\tx",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            "﹦1",
            " =1+1",
            "\u{a0}=1",
            "\u{3000}＝1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{ad} \u{2060}@x",
            "\u{e0001}=1",
            "\u{202e}=1",
            "\u{1b}=1",
        ] {
            let shown = harmless(text);
            assert_eq!(shown, format!("'{text}"), "{text:?}");
            assert_eq!(unharmed(&shown), text);
        }
        for text in ["", "5", " -5", "a=b", " a", "  ", "'x", "O'Neil", "（-）"] {
            assert_eq!(harmless(text), text, "{text:?}");
            assert_eq!(unharmed(text), text, "{text:?}");
        }
    }
}
