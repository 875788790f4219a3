//! One table in one of four formats.

use crate::error::{Error, ErrorKind};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, SchemaRef};
use arrow::ipc::writer::FileWriter;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows of a row group or record batch in a file; fixed, so that the bytes do not depend on how rows came.
const GROUP_ROWS: usize = 1 << 17;

/// A format of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Parquet, Zstandard.
    #[default]
    Parquet,
    /// CSV with a header; lists joined by `;`.
    Csv,
    /// Arrow IPC file.
    Arrow,
    /// One JSON object per line.
    Ndjson,
}

impl Format {
    /// The ending of file names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Arrow => "arrow",
            Self::Ndjson => "ndjson",
        }
    }
}

/// Writes a table batch by batch.
pub struct TableWriter {
    path: PathBuf,
    schema: SchemaRef,
    held: Vec<RecordBatch>,
    n_held: usize,
    kind: Kind,
}

enum Kind {
    Parquet {
        file: Box<SerializedFileWriter<File>>,
        factory: Box<ArrowRowGroupWriterFactory>,
        group: usize,
    },
    Arrow(Box<FileWriter<BufWriter<File>>>),
    Csv(BufWriter<File>),
    Ndjson(BufWriter<File>),
}

impl std::fmt::Debug for TableWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TableWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl TableWriter {
    /// Creates the file.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path, schema: SchemaRef, format: Format) -> Result<Self, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, path, error);
        let file = File::create(path).map_err(|error| failed(&error))?;
        let kind = match format {
            Format::Parquet => {
                let level = ZstdLevel::try_new(1).map_err(|error| failed(&error))?;
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(level))
                    .set_created_by(concat!("ch24 ", env!("CARGO_PKG_VERSION")).to_owned())
                    .build();
                let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties));
                let (file, factory) = writer
                    .and_then(ArrowWriter::into_serialized_writer)
                    .map_err(|error| failed(&error))?;
                Kind::Parquet {
                    file: Box::new(file),
                    factory: Box::new(factory),
                    group: 0,
                }
            }
            Format::Arrow => {
                let writer = FileWriter::try_new(BufWriter::new(file), &schema)
                    .map_err(|error| failed(&error))?;
                Kind::Arrow(Box::new(writer))
            }
            Format::Csv => {
                let mut file = BufWriter::new(file);
                let names: Vec<_> = schema
                    .fields()
                    .iter()
                    .map(|field| field.name().as_str())
                    .collect();
                writeln!(file, "{}", names.join(",")).map_err(|error| failed(&error))?;
                Kind::Csv(file)
            }
            Format::Ndjson => Kind::Ndjson(BufWriter::new(file)),
        };
        Ok(Self {
            path: path.to_owned(),
            schema,
            held: Vec::new(),
            n_held: 0,
            kind,
        })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, rows: RecordBatch) -> Result<(), Error> {
        self.n_held += rows.num_rows();
        self.held.push(rows);
        while self.n_held >= GROUP_ROWS {
            self.write_group(GROUP_ROWS)?;
        }
        Ok(())
    }

    /// Writes what is held and closes the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> Result<(), Error> {
        if self.n_held > 0 {
            self.write_group(self.n_held)?;
        }
        let path = self.path;
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, &path, error);
        match self.kind {
            Kind::Parquet { mut file, .. } => {
                file.finish().map(drop).map_err(|error| failed(&error))
            }
            Kind::Arrow(mut writer) => writer.finish().map_err(|error| failed(&error)),
            Kind::Csv(mut file) | Kind::Ndjson(mut file) => {
                file.flush().map_err(|error| failed(&error))
            }
        }
    }

    fn write_group(&mut self, n_rows: usize) -> Result<(), Error> {
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, &self.path, error);
        let all = concat_batches(&self.schema, &self.held).map_err(|error| failed(&error))?;
        let rows = all.slice(0, n_rows);
        self.n_held -= n_rows;
        self.held.clear();
        if self.n_held > 0 {
            self.held.push(all.slice(n_rows, self.n_held));
        }
        match &mut self.kind {
            Kind::Parquet {
                file,
                factory,
                group,
            } => {
                write_row_group(file, factory, *group, &rows).map_err(|error| failed(&error))?;
                *group += 1;
                Ok(())
            }
            Kind::Arrow(writer) => writer.write(&rows).map_err(|error| failed(&error)),
            Kind::Csv(file) => {
                let text = csv_text(&rows).map_err(|error| failed(&error))?;
                file.write_all(&text).map_err(|error| failed(&error))
            }
            Kind::Ndjson(file) => {
                let text = ndjson_text(&rows).map_err(|error| failed(&error))?;
                file.write_all(&text).map_err(|error| failed(&error))
            }
        }
    }
}

/// Encodes the columns of a row group in parallel and appends them in order.
fn write_row_group(
    file: &mut SerializedFileWriter<File>,
    factory: &ArrowRowGroupWriterFactory,
    group: usize,
    rows: &RecordBatch,
) -> Result<(), ParquetError> {
    let schema = rows.schema();
    let mut writers = factory.create_column_writers(group)?;
    let mut tasks = Vec::new();
    for (field, array) in schema.fields().iter().zip(rows.columns()) {
        for leaf in compute_leaves(field, array)? {
            tasks.push((writers.remove(0), leaf));
        }
    }
    let chunks: Result<Vec<ArrowColumnChunk>, ParquetError> = tasks
        .into_par_iter()
        .map(|(mut writer, leaf)| {
            writer.write(&leaf)?;
            writer.close()
        })
        .collect();
    let mut row_group = file.next_row_group()?;
    for chunk in chunks? {
        chunk.append_to_row_group(&mut row_group)?;
    }
    row_group.close()?;
    Ok(())
}

/// Neutralizes text that a spreadsheet would run as a formula.
pub(super) fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        std::borrow::Cow::Owned(format!("'{text}"))
    } else {
        std::borrow::Cow::Borrowed(text)
    }
}

fn csv_text(rows: &RecordBatch) -> Result<Vec<u8>, String> {
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

fn ndjson_text(rows: &RecordBatch) -> Result<Vec<u8>, String> {
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
