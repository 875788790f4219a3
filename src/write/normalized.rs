//! `--write-normalized`: the rows as the rules see them, for any other engine.

use super::cells::{any, numbered};
use super::lines::LineLabel;
use super::lines::ROW_DIGITS;
use super::masks::Masks;
use super::table::{Format, TableWriter};
use crate::batch::{Batch, Column, FieldSet, TextColumn};
use crate::error::Error;
use crate::normalize::MASK_PREFIX;
use crate::schema::{FIELDS, FieldId, ValueType, field};
use arrow::array::{ArrayRef, RecordBatch, StringViewBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::path::Path;
use std::sync::Arc;

/// The last column: names of the fields that the row's source cannot carry, joined by `|`; NULL where it can carry all.
/// A rule that names one of them is not evaluable on the row.
pub const ABSENT_FIELDS: &str = "absent_fields";

/// Writes normalized rows: a column per field that the run read or filled, the features of earlier lines that it computed,
/// then [`ABSENT_FIELDS`]; lists as text joined by `|`. `record_id` and `source_ref` are those of `lines`.
#[derive(Debug)]
pub struct NormalizedWriter {
    writer: TableWriter,
    fields: Vec<FieldId>,
    /// Columns of history features.
    features: Vec<FieldId>,
    schema: SchemaRef,
}

impl NormalizedWriter {
    /// Creates the file, in the format of its ending; Parquet where it has none that is known.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(
        path: &Path,
        fields: &FieldSet,
        features: &[(FieldId, String)],
    ) -> Result<Self, Error> {
        let fields: Vec<FieldId> = fields.iter().collect();
        let mut columns: Vec<_> = fields
            .iter()
            .map(|field| Field::new(field.name(), kind(*field), true))
            .collect();
        columns.extend(
            features
                .iter()
                .map(|(_, name)| Field::new(name, DataType::Float64, true)),
        );
        columns.push(Field::new(ABSENT_FIELDS, DataType::Utf8View, true));
        let schema: SchemaRef = Arc::new(Schema::new(columns));
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or("");
        let format = match ending {
            "csv" => Format::Csv,
            "arrow" => Format::Arrow,
            "ndjson" => Format::Ndjson,
            _ => Format::Parquet,
        };
        Ok(Self {
            writer: TableWriter::create(path, schema.clone(), format)?,
            fields,
            features: features.iter().map(|(column, _)| *column).collect(),
            schema,
        })
    }

    /// Adds the rows of a batch.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, batch: &Batch, masks: &Masks, label: &LineLabel) -> Result<(), Error> {
        let rows = || batch.rows.iter().copied();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.fields.len() + 1);
        for id in &self.fields {
            columns.push(match *id {
                field::RECORD_ID => {
                    numbered(&format!("{}-", label.record_prefix), rows(), ROW_DIGITS)
                }
                field::SOURCE_REF => numbered(&format!("{}#", label.label), rows(), 0),
                id => shown(batch, id, masks),
            });
        }
        for id in &self.features {
            columns.push(any(batch.column(*id), &DataType::Float64, batch.n_rows));
        }
        columns.push(absent_fields(batch));
        let rows =
            RecordBatch::try_new(self.schema.clone(), columns).expect("columns of the schema");
        self.writer.write(rows)
    }

    /// Closes the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(self) -> Result<(), Error> {
        self.writer.finish()
    }
}

/// A column as it may be shown.
fn shown(batch: &Batch, id: FieldId, masks: &Masks) -> ArrayRef {
    match batch.column(id) {
        Some(Column::Text(text)) if text.pool.iter().any(|text| text.starts_with(MASK_PREFIX)) => {
            let shown: Vec<Option<String>> = (0..batch.n_rows)
                .map(|row| text.get(row).map(|text| masks.shown(text).into_owned()))
                .collect();
            let shown: TextColumn = shown.iter().map(Option::as_deref).collect();
            any(Some(&Column::Text(shown)), &kind(id), batch.n_rows)
        }
        column => any(column, &kind(id), batch.n_rows),
    }
}

/// The names of absent fields of each row; each distinct text stands in memory once.
fn absent_fields(batch: &Batch) -> ArrayRef {
    let mut builder = StringViewBuilder::with_capacity(batch.n_rows).with_deduplicate_strings();
    let texts: Vec<String> = batch
        .presence
        .classes
        .iter()
        .map(|class| {
            let all = (0..FIELDS.len()).filter_map(|index| u16::try_from(index).ok().map(FieldId));
            let absent = all.filter(|id| !class.fields.contains(*id));
            absent.map(FieldId::name).collect::<Vec<_>>().join("|")
        })
        .collect();
    for class in &batch.presence.class_of_row {
        let text = &texts[usize::from(*class)];
        builder.append_option(Some(text).filter(|text| !text.is_empty()));
    }
    Arc::new(builder.finish())
}

fn kind(field: FieldId) -> DataType {
    match field.field().map(crate::schema::Field::value_type) {
        Some(ValueType::Number) => DataType::Float64,
        Some(ValueType::Date) => DataType::Date32,
        Some(ValueType::Boolean) => DataType::Boolean,
        _ => DataType::Utf8,
    }
}
