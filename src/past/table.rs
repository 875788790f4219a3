//! A table that a run wrote, in any of its formats, row by row.

use crate::error::{Error, ErrorKind};
use crate::write::unharmed;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use arrow::ipc::reader::FileReader;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// A row: one text per column that was asked for, lists joined by `;`; none for NULL and for a column that is not there.
pub type Row = Vec<Option<String>>;

/// The file of a table of a run; none where the run did not write it.
pub fn path_of(run: &Path, table: &str) -> Option<PathBuf> {
    let path = |ending| run.join(format!("{table}.{ending}"));
    let paths = ["parquet", "csv", "arrow", "ndjson"].map(path);
    paths.into_iter().find(|path| path.is_file())
}

/// Reads some columns of a table, row by row.
///
/// # Errors
/// When the file cannot be read.
pub fn for_each_row(path: &Path, columns: &[&str], mut take: impl FnMut(Row)) -> Result<(), Error> {
    let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Input, path, error);
    let file = File::open(path).map_err(|error| Error::io(path, &error))?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.unwrap_or("") {
        "parquet" => {
            let reader = ParquetRecordBatchReaderBuilder::try_new(file)
                .and_then(ParquetRecordBatchReaderBuilder::build);
            for batch in reader.map_err(|error| failed(&error))? {
                let batch = batch.map_err(|error| failed(&error))?;
                rows_of(&batch, columns, &mut take).map_err(|error| failed(&error))?;
            }
        }
        "arrow" => {
            let reader = FileReader::try_new(file, None).map_err(|error| failed(&error))?;
            for batch in reader {
                let batch = batch.map_err(|error| failed(&error))?;
                rows_of(&batch, columns, &mut take).map_err(|error| failed(&error))?;
            }
        }
        "ndjson" => {
            for line in BufReader::new(file).lines() {
                let line = line.map_err(|error| Error::io(path, &error))?;
                let row: Value = serde_json::from_str(&line).map_err(|error| failed(&error))?;
                take(columns.iter().map(|column| plain(&row[*column])).collect());
            }
        }
        _ => csv_rows(file, columns, &mut take).map_err(|error| failed(&error))?,
    }
    Ok(())
}

fn csv_rows(file: File, columns: &[&str], take: &mut impl FnMut(Row)) -> Result<(), csv::Error> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers()?.clone();
    let position = |column: &&str| header.iter().position(|name| name == *column);
    let positions: Vec<_> = columns.iter().map(position).collect();
    for record in reader.records() {
        let record = record?;
        let cell = |position: &Option<usize>| {
            let text = record.get((*position)?)?;
            (!text.is_empty()).then(|| unharmed(text).to_owned())
        };
        take(positions.iter().map(cell).collect());
    }
    Ok(())
}

fn rows_of(
    batch: &RecordBatch,
    columns: &[&str],
    take: &mut impl FnMut(Row),
) -> Result<(), String> {
    let options = FormatOptions::default();
    let arrays: Vec<Option<&ArrayRef>> = columns
        .iter()
        .map(|column| batch.column_by_name(column))
        .collect();
    let formatters = arrays.iter().map(|array| {
        let formatter = array.map(|array| ArrayFormatter::try_new(array, &options));
        formatter.transpose().map_err(|error| error.to_string())
    });
    let formatters = formatters.collect::<Result<Vec<_>, _>>()?;
    for row in 0..batch.num_rows() {
        let cells = arrays.iter().zip(&formatters).map(|(array, formatter)| {
            let (array, formatter) = ((*array)?, formatter.as_ref()?);
            if array.is_null(row) {
                return None;
            }
            Some(match array.data_type() {
                DataType::List(_) => items(&array.as_list::<i32>().value(row)),
                _ => formatter.value(row).to_string(),
            })
        });
        take(cells.collect());
    }
    Ok(())
}

fn items(values: &ArrayRef) -> String {
    let items: Vec<&str> = values.as_string::<i32>().iter().flatten().collect();
    items.join(";")
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(items.join(";"))
        }
        other => Some(other.to_string()),
    }
}
