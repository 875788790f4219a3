//! One table in one of four formats.
//!
//! Rows are cut into groups of fixed size. Groups are encoded by any thread, each on its own, and appended in order.

use super::parquet_properties::small;
use super::text_rows::{csv_text, ndjson_text};
use crate::conveyor::Task;
use crate::error::{Error, ErrorKind};
use arrow::array::RecordBatch;
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::SchemaRef;
use arrow::ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a row group or record batch in a file; fixed, so that the bytes do not depend on how rows came.
const GROUP_ROWS: usize = 1 << 17;

/// Rows that are made by one thread at a time.
const MADE_AT_ONCE: usize = 1 << 13;

/// A format of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Parquet: Zstandard, and Snappy for lines.
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
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Csv, Self::Arrow, Self::Ndjson];

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
    held: Vec<RecordBatch>,
    n_held: usize,
    n_groups: usize,
    /// Groups that wait to be encoded.
    waiting: Vec<Task>,
    target: Arc<Target>,
}

/// The file, and how groups become part of it.
struct Target {
    path: PathBuf,
    schema: SchemaRef,
    encoding: Encoding,
    appender: Mutex<Appender>,
}

enum Encoding {
    Parquet(Box<ArrowRowGroupWriterFactory>),
    Arrow,
    Csv,
    Ndjson,
}

/// Groups of a file, appended in order whatever the order in which they come.
struct Appender {
    sink: Sink,
    next: usize,
    early: BTreeMap<usize, Encoded>,
}

enum Sink {
    Parquet(Box<SerializedFileWriter<File>>),
    Arrow(Box<FileWriter<BufWriter<File>>>),
    Text(BufWriter<File>),
}

enum Encoded {
    Columns(Vec<ArrowColumnChunk>),
    Rows(RecordBatch),
    Text(Vec<u8>),
}

impl std::fmt::Debug for TableWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TableWriter")
            .field("path", &self.target.path)
            .finish_non_exhaustive()
    }
}

impl TableWriter {
    /// Creates the file. Text columns of the rows to come may be dictionaries; the file has plain text.
    ///
    /// # Errors
    /// When it cannot be created.
    pub fn create(path: &Path, schema: SchemaRef, format: Format) -> Result<Self, Error> {
        Self::create_with(path, schema, format, small())
    }

    /// The same, with a way of encoding Parquet.
    pub(super) fn create_with(
        path: &Path,
        schema: SchemaRef,
        format: Format,
        properties: WriterProperties,
    ) -> Result<Self, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, path, error);
        let file = File::create(path).map_err(|error| failed(&error))?;
        let (encoding, sink) = match format {
            Format::Parquet => {
                let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties));
                let (file, factory) = writer
                    .and_then(ArrowWriter::into_serialized_writer)
                    .map_err(|error| failed(&error))?;
                (
                    Encoding::Parquet(Box::new(factory)),
                    Sink::Parquet(Box::new(file)),
                )
            }
            Format::Arrow => {
                let writer = FileWriter::try_new(BufWriter::new(file), &schema)
                    .map_err(|error| failed(&error))?;
                (Encoding::Arrow, Sink::Arrow(Box::new(writer)))
            }
            Format::Csv => {
                let mut file = BufWriter::new(file);
                let names: Vec<_> = schema
                    .fields()
                    .iter()
                    .map(|field| field.name().as_str())
                    .collect();
                writeln!(file, "{}", names.join(",")).map_err(|error| failed(&error))?;
                (Encoding::Csv, Sink::Text(file))
            }
            Format::Ndjson => (Encoding::Ndjson, Sink::Text(BufWriter::new(file))),
        };
        let appender = Mutex::new(Appender {
            sink,
            next: 0,
            early: BTreeMap::new(),
        });
        Ok(Self {
            held: Vec::new(),
            n_held: 0,
            n_groups: 0,
            waiting: Vec::new(),
            target: Arc::new(Target {
                path: path.to_owned(),
                schema,
                encoding,
                appender,
            }),
        })
    }

    /// Adds rows, and encodes the groups that are full when there is one per thread.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, rows: RecordBatch) -> Result<(), Error> {
        let tasks = self.add(rows);
        self.waiting.extend(tasks);
        if self.waiting.len() >= rayon::current_num_threads() {
            self.encode_waiting()?;
        }
        Ok(())
    }

    /// Adds rows that are made of something, by all threads at once, in its order.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write_all<T: Sync>(
        &mut self,
        all: &[T],
        make: impl Fn(&[T]) -> RecordBatch + Sync,
    ) -> Result<(), Error> {
        for several in all.chunks(MADE_AT_ONCE * rayon::current_num_threads()) {
            let made: Vec<_> = several.par_chunks(MADE_AT_ONCE).map(&make).collect();
            made.into_iter().try_for_each(|rows| self.write(rows))?;
        }
        Ok(())
    }

    /// Adds rows; gives a task for each group that is full, which encodes and appends it.
    pub fn add(&mut self, rows: RecordBatch) -> Vec<Task> {
        self.n_held += rows.num_rows();
        self.held.push(rows);
        let mut tasks = Vec::new();
        while self.n_held >= GROUP_ROWS {
            tasks.push(self.cut(GROUP_ROWS));
        }
        tasks
    }

    /// Writes what is held and closes the file; every task that [`Self::add`] gave is done.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> Result<(), Error> {
        if self.n_held > 0 {
            let last = self.cut(self.n_held);
            self.waiting.push(last);
        }
        self.encode_waiting()?;
        let target = Arc::into_inner(self.target).expect("every task is done");
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, &target.path, error);
        let appender = target
            .appender
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match appender.sink {
            Sink::Parquet(mut file) => file.finish().map(drop).map_err(|error| failed(&error)),
            Sink::Arrow(mut writer) => writer.finish().map_err(|error| failed(&error)),
            Sink::Text(mut file) => file.flush().map_err(|error| failed(&error)),
        }
    }

    fn encode_waiting(&mut self) -> Result<(), Error> {
        std::mem::take(&mut self.waiting)
            .into_par_iter()
            .try_for_each(|task| task())
    }

    /// Cuts a group off the rows that are held.
    fn cut(&mut self, n_rows: usize) -> Task {
        let mut parts = Vec::new();
        let mut missing = n_rows;
        let mut kept = Vec::new();
        for rows in std::mem::take(&mut self.held) {
            let taken = rows.num_rows().min(missing);
            missing -= taken;
            if taken > 0 {
                parts.push(rows.slice(0, taken));
            }
            if taken < rows.num_rows() {
                kept.push(rows.slice(taken, rows.num_rows() - taken));
            }
        }
        self.held = kept;
        self.n_held -= n_rows;
        let group = self.n_groups;
        self.n_groups += 1;
        let target = Arc::clone(&self.target);
        Box::new(move || target.encode_and_append(group, &parts))
    }
}

impl Target {
    fn encode_and_append(&self, group: usize, parts: &[RecordBatch]) -> Result<(), Error> {
        let failed = |error: &dyn std::fmt::Display| Error::at(ErrorKind::Io, &self.path, error);
        let encoded = match &self.encoding {
            Encoding::Parquet(factory) => {
                Encoded::Columns(columns(factory, group, parts).map_err(|error| failed(&error))?)
            }
            Encoding::Arrow => Encoded::Rows(self.plain(parts).map_err(|error| failed(&error))?),
            Encoding::Csv => {
                let rows = self.plain(parts).map_err(|error| failed(&error))?;
                Encoded::Text(csv_text(&rows).map_err(|error| failed(&error))?)
            }
            Encoding::Ndjson => {
                let rows = self.plain(parts).map_err(|error| failed(&error))?;
                Encoded::Text(ndjson_text(&rows).map_err(|error| failed(&error))?)
            }
        };
        let mut appender = self.appender.lock().unwrap_or_else(PoisonError::into_inner);
        appender.early.insert(group, encoded);
        appender.append_ready().map_err(|error| failed(&error))
    }

    /// The rows of a group in the types of the file.
    fn plain(&self, parts: &[RecordBatch]) -> Result<RecordBatch, arrow::error::ArrowError> {
        let parts = parts.iter().map(|part| {
            let columns = part.columns().iter().zip(self.schema.fields());
            let columns = columns.map(|(column, field)| cast(column, field.data_type()));
            RecordBatch::try_new(self.schema.clone(), columns.collect::<Result<_, _>>()?)
        });
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        concat_batches(&self.schema, &parts)
    }
}

impl Appender {
    fn append_ready(&mut self) -> Result<(), String> {
        while let Some(encoded) = self.early.remove(&self.next) {
            self.next += 1;
            match (&mut self.sink, encoded) {
                (Sink::Parquet(file), Encoded::Columns(chunks)) => {
                    append_columns(file, chunks).map_err(|error| error.to_string())?;
                }
                (Sink::Arrow(file), Encoded::Rows(rows)) => {
                    file.write(&rows).map_err(|error| error.to_string())?;
                }
                (Sink::Text(file), Encoded::Text(text)) => {
                    file.write_all(&text).map_err(|error| error.to_string())?;
                }
                _ => unreachable!("the sink was made for the encoding"),
            }
        }
        Ok(())
    }
}

/// Encodes the columns of a row group.
fn columns(
    factory: &ArrowRowGroupWriterFactory,
    group: usize,
    parts: &[RecordBatch],
) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
    let mut writers = factory.create_column_writers(group)?;
    for part in parts {
        let mut next = writers.iter_mut();
        for (field, array) in part.schema().fields().iter().zip(part.columns()) {
            for leaf in compute_leaves(field, array)? {
                next.next().expect("a writer per leaf").write(&leaf)?;
            }
        }
    }
    writers.into_iter().map(ArrowColumnWriter::close).collect()
}

fn append_columns(
    file: &mut SerializedFileWriter<File>,
    chunks: Vec<ArrowColumnChunk>,
) -> Result<(), ParquetError> {
    let mut row_group = file.next_row_group()?;
    for chunk in chunks {
        chunk.append_to_row_group(&mut row_group)?;
    }
    row_group.close().map(drop)
}
