//! A file of outcomes -> its rows, whatever they hold.

use crate::error::{Error, ErrorKind};
use crate::hand_written::check_quotes;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A row: its number from 1, and its cells by column; a row that cannot be read holds its text under `text`.
#[derive(Clone, Debug)]
pub(super) struct SourceRow {
    pub(super) number: u64,
    pub(super) cells: Map<String, Value>,
    pub(super) is_broken: bool,
}

impl SourceRow {
    /// The text of a cell, trimmed; none where it is empty.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        let text = match self.cells.get(column)? {
            Value::Null => return None,
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }
}

/// Reads the rows of a CSV file with a header, or of an NDJSON file.
///
/// # Errors
/// When the file cannot be read, or has none of the columns that are needed.
pub(super) fn rows(path: &Path) -> Result<Vec<SourceRow>, Error> {
    let file = File::open(path).map_err(|error| Error::io(path, &error))?;
    let mut reader = BufReader::new(file);
    let start = reader.fill_buf().map_err(|error| Error::io(path, &error))?;
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{') => ndjson(reader, path),
        _ => {
            check_quotes(path)?;
            csv(reader, path)
        }
    }
}

fn ndjson(reader: impl BufRead, path: &Path) -> Result<Vec<SourceRow>, Error> {
    let mut rows = Vec::new();
    for (line, number) in reader.split(b'\n').zip(1..) {
        let line = line.map_err(|error| Error::io(path, &error))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let row = match serde_json::from_slice::<Map<String, Value>>(&line) {
            Ok(cells) => SourceRow {
                number,
                cells: cells
                    .into_iter()
                    .map(|(name, value)| (heading(&name), value))
                    .collect(),
                is_broken: false,
            },
            Err(_) => broken(number, &line),
        };
        rows.push(row);
    }
    Ok(rows)
}

fn csv(reader: impl BufRead, path: &Path) -> Result<Vec<SourceRow>, Error> {
    let failed = |error: ::csv::Error| Error::at(ErrorKind::Input, path, error);
    let mut reader = ::csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(reader);
    let header: Vec<String> = {
        let header = reader.byte_headers().map_err(failed)?;
        header
            .iter()
            .map(|name| heading(&String::from_utf8_lossy(name)))
            .collect()
    };
    if !header.iter().any(|name| name == "outcome") {
        let message = format!(
            "no column `outcome`; expected outcome, outcome_date and one of line_id, shipment_key, referral_id; found {}",
            header.join(", ")
        );
        return Err(Error::at(ErrorKind::Input, path, message));
    }
    for (place, name) in header.iter().enumerate() {
        if !name.is_empty() && header[..place].contains(name) {
            let message = format!("the column `{name}` stands twice");
            return Err(Error::at(ErrorKind::Input, path, message));
        }
    }
    let mut rows = Vec::new();
    for (record, number) in reader.byte_records().zip(1..) {
        let record = record.map_err(failed)?;
        let cells: Option<Vec<&str>> = record
            .iter()
            .map(|cell| std::str::from_utf8(cell).ok())
            .collect();
        let row = match cells {
            Some(cells) if cells.len() == header.len() => SourceRow {
                number,
                cells: header
                    .iter()
                    .cloned()
                    .zip(cells.into_iter().map(Value::from))
                    .collect(),
                is_broken: false,
            },
            _ => {
                let cells: Vec<&[u8]> = record.iter().collect();
                broken(number, &cells.join(&b','))
            }
        };
        rows.push(row);
    }
    Ok(rows)
}

fn broken(number: u64, text: &[u8]) -> SourceRow {
    let text = Value::from(String::from_utf8_lossy(text).into_owned());
    SourceRow {
        number,
        cells: Map::from_iter([("text".to_owned(), text)]),
        is_broken: true,
    }
}

/// The name of a column in one form: lower case, `_` between words, without a byte-order mark.
fn heading(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
    name.replace([' ', '-'], "_")
}
