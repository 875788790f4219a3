//! lists/NAME.csv and lists/NAME.yaml -> a list.

use super::lists::{List, ListCell, ListRow};
use super::vocabulary::ColumnType;
use super::yaml::ListFile;
use crate::batch::NULL_DATE;
use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Sources, Span};
use crate::normalize::date::parse_date;
use crate::schema::ValueType;

/// Reads the rows of a list; mistakes are pushed, and a row with one is left out.
pub(super) fn read_list(
    name: &str,
    file: &ListFile,
    csv_file: FileId,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> List {
    let text = sources.text(csv_file);
    let mut list = List::empty(name);
    list.source.clone_from(&file.source.value);
    list.as_of.clone_from(&file.as_of.value);
    list.license.clone_from(&file.license.value);
    list.match_kind = file.match_kind;
    list.max_age_days = file.max_age_days;
    list.columns = file
        .columns
        .iter()
        .map(|(name, kind)| (name.value.clone(), value_type(*kind)))
        .collect();
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let Ok(header) = reader.headers().cloned() else {
        diagnostics.push(Diagnostic::error(
            "bad-list",
            line_span(csv_file, text, 0),
            "the first line holds no names",
        ));
        return list;
    };
    let position = |wanted: &str| header.iter().position(|heading| heading == wanted);
    let Some(key) = position(&file.key.value) else {
        let title = format!("lists/{name}.csv has no column `{}`", file.key.value);
        let found = header.iter().collect::<Vec<_>>();
        diagnostics.push(
            Diagnostic::error("list-key-missing", file.key.span, title)
                .help_similar(&file.key.value, found),
        );
        return list;
    };
    let mut columns = Vec::new();
    for (column, kind) in &file.columns {
        match position(&column.value) {
            Some(position) => columns.push((position, *kind)),
            None => {
                let title = format!("lists/{name}.csv has no column `{}`", column.value);
                diagnostics.push(
                    Diagnostic::error("unknown-column", column.span, title)
                        .help_similar(&column.value, &header),
                );
                return list;
            }
        }
    }
    let layout = Layout {
        key,
        columns,
        from: position("valid_from"),
        to: position("valid_to"),
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        let read = match &record {
            Ok(record) => layout
                .row(record)
                .map_err(|message| (record.position().map_or(0, csv::Position::byte), message)),
            Err(error) => Err((
                error.position().map_or(0, csv::Position::byte),
                error.to_string(),
            )),
        };
        match read {
            Ok(row) => rows.extend(row),
            Err((byte, message)) => {
                let span = line_span(csv_file, text, usize::try_from(byte).unwrap_or(0));
                diagnostics.push(Diagnostic::error("list-bad-row", span, message));
            }
        }
    }
    list.with_rows(rows)
}

struct Layout {
    key: usize,
    columns: Vec<(usize, ColumnType)>,
    from: Option<usize>,
    to: Option<usize>,
}

impl Layout {
    /// Reads a row; a row without a key is no row.
    fn row(&self, record: &csv::StringRecord) -> Result<Option<ListRow>, String> {
        let cell = |position: usize| record.get(position).unwrap_or("");
        let date = |text: &str| {
            parse_date(text).ok_or_else(|| format!("`{text}` is not a date; write YYYY-MM-DD"))
        };
        let bound = |position: Option<usize>, open: i32| match position.map(cell) {
            None | Some("") => Ok(open),
            Some(text) => date(text),
        };
        if cell(self.key).is_empty() {
            return Ok(None);
        }
        let cells = self.columns.iter().map(|(position, kind)| {
            let text = cell(*position);
            Ok(match kind {
                ColumnType::Text => ListCell::Text((!text.is_empty()).then(|| text.into())),
                ColumnType::Number if text.is_empty() => ListCell::Number(f64::NAN),
                ColumnType::Number => match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => ListCell::Number(number),
                    _ => return Err(format!("`{text}` is not a number")),
                },
                ColumnType::Date if text.is_empty() => ListCell::Date(NULL_DATE),
                ColumnType::Date => ListCell::Date(date(text)?),
            })
        });
        // The day before the first is NULL, so an open start is one later.
        let (valid_from, valid_to) = (bound(self.from, NULL_DATE + 1)?, bound(self.to, i32::MAX)?);
        if valid_from > valid_to {
            return Err(
                "`valid_from` is after `valid_to`, so this row is never in force".to_owned(),
            );
        }
        Ok(Some(ListRow {
            key: cell(self.key).into(),
            valid_from,
            valid_to,
            cells: cells.collect::<Result<_, String>>()?,
        }))
    }
}

fn value_type(kind: ColumnType) -> ValueType {
    match kind {
        ColumnType::Text => ValueType::Text,
        ColumnType::Number => ValueType::Number,
        ColumnType::Date => ValueType::Date,
    }
}

/// The line of a CSV file that holds a byte.
fn line_span(file: FileId, text: &str, byte: usize) -> Span {
    let rest = text.get(byte..).unwrap_or("");
    let skipped = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let start = byte + skipped;
    let length = text
        .get(start..)
        .map_or(0, |rest| rest.find(['\n', '\r']).unwrap_or(rest.len()));
    Span {
        file,
        start,
        end: start + length,
    }
}
