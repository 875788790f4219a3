//! `--write-normalized`: the rows as the rules see them, for any other engine.

use super::cells::any;
use super::masks::Masks;
use super::table::{Format, TableWriter};
use crate::batch::{Batch, Column, FieldSet, TextColumn};
use crate::error::Error;
use crate::normalize::MASK_PREFIX;
use crate::schema::{FieldId, ValueType};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::path::Path;
use std::sync::Arc;

/// Writes normalized rows: a column per field that the run read or filled; lists as text joined by `|`.
#[derive(Debug)]
pub struct NormalizedWriter {
    writer: TableWriter,
    fields: Vec<FieldId>,
    schema: SchemaRef,
}

impl NormalizedWriter {
    /// Creates the file, in the format of its ending; Parquet where it has none that is known.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path, fields: &FieldSet) -> Result<Self, Error> {
        let fields: Vec<FieldId> = fields.iter().collect();
        let columns: Vec<_> = fields
            .iter()
            .map(|field| Field::new(field.name(), kind(*field), true))
            .collect();
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
            schema,
        })
    }

    /// Adds the rows of a batch.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, batch: &Batch, masks: &Masks) -> Result<(), Error> {
        let columns = self.fields.iter().map(|field| match batch.column(*field) {
            Some(Column::Text(text))
                if text.pool.iter().any(|text| text.starts_with(MASK_PREFIX)) =>
            {
                let shown: Vec<Option<String>> = (0..batch.n_rows)
                    .map(|row| text.get(row).map(|text| masks.shown(text).into_owned()))
                    .collect();
                let shown: TextColumn = shown.iter().map(Option::as_deref).collect();
                any(Some(&Column::Text(shown)), &kind(*field), batch.n_rows)
            }
            column => any(column, &kind(*field), batch.n_rows),
        });
        let rows = RecordBatch::try_new(self.schema.clone(), columns.collect())
            .expect("columns of the schema");
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

fn kind(field: FieldId) -> DataType {
    match field.field().map(crate::schema::Field::value_type) {
        Some(ValueType::Number) => DataType::Float64,
        Some(ValueType::Date) => DataType::Date32,
        Some(ValueType::Boolean) => DataType::Boolean,
        _ => DataType::Utf8,
    }
}
