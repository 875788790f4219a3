//! Parquet and Arrow IPC: only the columns that are needed, text by dictionary.

use super::arrow_columns::{raw_column, wanted_type};
use super::binding::Binding;
use super::raw::RawBatch;
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::ipc::reader::{FileReader, StreamReader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use std::fs::File;
use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What goes wrong in a columnar file, in words.
pub(super) type Failure = String;

/// Rows of a batch, at most.
pub(super) const BATCH_ROWS: usize = 1 << 14;

/// Reads the row groups of a Parquet file one after the other, so that no batch crosses two and dictionaries stay whole.
pub(super) struct ParquetReader {
    file: File,
    metadata: ArrowReaderMetadata,
    group: usize,
    open: Option<ParquetRecordBatchReader>,
    next_row: u64,
    batch_rows: usize,
}

impl ParquetReader {
    /// Reads the footer; gives the column names too.
    pub(super) fn open(file: File, batch_rows: usize) -> Result<(Self, Vec<String>), Failure> {
        let metadata = guarded(|| {
            let stored = ArrowReaderMetadata::load(
                &file,
                ArrowReaderOptions::new().with_skip_arrow_metadata(true),
            )?;
            let fields = stored.schema().fields().iter().map(|field| {
                Field::new(
                    field.name(),
                    wanted_type(field.data_type()),
                    field.is_nullable(),
                )
            });
            let schema: SchemaRef = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_schema(schema))
        })?;
        let names = metadata
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        Ok((
            Self {
                file,
                metadata,
                group: 0,
                open: None,
                next_row: 1,
                batch_rows,
            },
            names,
        ))
    }

    /// The next batch; none at the end.
    pub(super) fn next(
        &mut self,
        file: usize,
        binding: &Arc<Binding>,
    ) -> Result<Option<RawBatch>, Failure> {
        if binding.inputs.is_empty() {
            return Ok(self.rows_alone(file, binding));
        }
        loop {
            if let Some(reader) = &mut self.open
                && let Some(batch) = guarded(|| reader.next().transpose())?
            {
                let first_row = self.next_row;
                self.next_row += batch.num_rows() as u64;
                return raw_batch(&batch, file, first_row, binding).map(Some);
            }
            self.open = None;
            if self.group == self.metadata.metadata().num_row_groups() {
                return Ok(None);
            }
            self.open = Some(self.group_reader(binding)?);
            self.group += 1;
        }
    }

    /// Rows of a file of which no column is needed.
    fn rows_alone(&mut self, file: usize, binding: &Arc<Binding>) -> Option<RawBatch> {
        let total = u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
        let end = total.min(self.next_row - 1 + self.batch_rows as u64);
        let rows: Vec<u64> = (self.next_row..=end).collect();
        self.next_row = end + 1;
        (!rows.is_empty()).then(|| RawBatch {
            file,
            rows,
            columns: Vec::new(),
            binding: Arc::clone(binding),
            set_aside: Vec::new(),
        })
    }

    fn group_reader(&self, binding: &Binding) -> Result<ParquetRecordBatchReader, Failure> {
        let file = self.file.try_clone().map_err(|error| error.to_string())?;
        guarded(|| {
            let builder =
                ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
            let mask =
                ProjectionMask::roots(builder.parquet_schema(), binding.inputs.iter().copied());
            builder
                .with_projection(mask)
                .with_row_groups(vec![self.group])
                .with_batch_size(self.batch_rows)
                .build()
        })
    }
}

/// Reads an Arrow IPC file or stream.
pub(super) struct IpcReader {
    batches: Box<dyn Iterator<Item = Result<RecordBatch, arrow::error::ArrowError>> + Send>,
    held: Option<RecordBatch>,
    next_row: u64,
    batch_rows: usize,
}

impl IpcReader {
    /// Reads the schema of a file.
    pub(super) fn open_file(
        mut file: File,
        batch_rows: usize,
    ) -> Result<(Self, Vec<String>), Failure> {
        super::ipc_check::check_lengths(&mut file)?;
        let reader = guarded(|| FileReader::try_new(BufReader::new(file), None))?;
        let names = reader
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        Ok((
            Self {
                batches: Box::new(reader),
                held: None,
                next_row: 1,
                batch_rows,
            },
            names,
        ))
    }

    /// Reads the schema of a stream.
    pub(super) fn open_stream(
        source: Box<dyn Read + Send>,
        batch_rows: usize,
    ) -> Result<(Self, Vec<String>), Failure> {
        let reader = guarded(|| StreamReader::try_new(source, None))?;
        let names = reader
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        Ok((
            Self {
                batches: Box::new(reader),
                held: None,
                next_row: 1,
                batch_rows,
            },
            names,
        ))
    }

    /// The next batch; none at the end.
    pub(super) fn next(
        &mut self,
        file: usize,
        binding: &Arc<Binding>,
    ) -> Result<Option<RawBatch>, Failure> {
        let batch = match self.held.take() {
            Some(batch) => batch,
            None => match guarded(|| self.batches.next().transpose())? {
                Some(batch) => batch,
                None => return Ok(None),
            },
        };
        let rows = batch.num_rows().min(self.batch_rows);
        if rows < batch.num_rows() {
            self.held = Some(batch.slice(rows, batch.num_rows() - rows));
        }
        let batch = batch
            .slice(0, rows)
            .project(&binding.inputs)
            .map_err(|error| error.to_string())?;
        let first_row = self.next_row;
        self.next_row += rows as u64;
        raw_batch(&batch, file, first_row, binding).map(Some)
    }
}

fn raw_batch(
    batch: &RecordBatch,
    file: usize,
    first_row: u64,
    binding: &Arc<Binding>,
) -> Result<RawBatch, Failure> {
    let columns = guarded(|| {
        batch
            .columns()
            .iter()
            .map(raw_column)
            .collect::<Result<Vec<_>, _>>()
    })?;
    Ok(RawBatch {
        file,
        rows: (first_row..first_row + batch.num_rows() as u64).collect(),
        columns,
        binding: Arc::clone(binding),
        set_aside: Vec::new(),
    })
}

/// Runs a step of a library that may panic on a corrupt file; a panic is a failure like any other.
fn guarded<T, E: std::fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("the file is corrupt".to_owned()),
    }
}
