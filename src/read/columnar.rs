//! Parquet and Arrow IPC: only the columns that are needed, text by dictionary.

use super::arrow_columns::{Dictionary, raw_column, wanted_type};
use super::binding::Binding;
use super::guard::guarded;
use super::ipc_stream::Messages;
use super::positioned::Positioned;
use super::raw::RawBatch;
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::ipc::reader::{FileReader, StreamReader};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::errors::ParquetError;
use std::fs::File;
use std::io::{BufReader, Read};
use std::sync::Arc;

/// What goes wrong in a columnar file, in words.
pub(super) type Failure = String;

/// Rows of a batch, at most.
pub(super) const BATCH_ROWS: usize = 1 << 16;

/// Rows of a unit, at most: enough that dictionaries and pages at a cut are seldom decoded twice.
const UNIT_ROWS: usize = 2 * BATCH_ROWS;
/// Batches of a unit, at most.
const UNIT_BATCHES: usize = crate::conveyor::RESULTS_OF_PIECE;

/// Cuts the row groups of a Parquet file into units that any thread can decode, so that no batch crosses two groups and
/// dictionaries stay whole.
pub(super) struct ParquetReader {
    file: Positioned,
    metadata: ArrowReaderMetadata,
    group: usize,
    /// Rows of the group that are cut off already.
    skipped: usize,
    next_row: u64,
    batch_rows: usize,
}

/// Rows of one row group, to be decoded.
#[derive(Debug)]
pub struct ParquetUnit {
    file: Positioned,
    metadata: ArrowReaderMetadata,
    group: usize,
    skip: usize,
    n_rows: usize,
    batch_rows: usize,
    first_row: u64,
    input: usize,
    binding: Arc<Binding>,
}

impl ParquetUnit {
    /// Position of the input.
    pub(super) fn input(&self) -> usize {
        self.input
    }

    /// Decodes the columns that the binding needs, batch by batch; nothing comes after a failure.
    pub(super) fn batches(self) -> impl Iterator<Item = Result<RawBatch, Failure>> {
        let mut open = (None, Vec::new());
        let mut taken = 0;
        std::iter::from_fn(move || {
            if taken >= self.n_rows {
                return None;
            }
            let batch = self.next_batch(&mut open, taken);
            taken = (batch.as_ref()).map_or(self.n_rows, |batch| taken + batch.rows.len());
            Some(batch)
        })
    }

    /// The batch after so many rows of the unit.
    fn next_batch(
        &self,
        (reader, dictionaries): &mut (Option<ParquetRecordBatchReader>, Vec<Option<Dictionary>>),
        taken: usize,
    ) -> Result<RawBatch, Failure> {
        let first_row = self.first_row + taken as u64;
        if self.binding.inputs.is_empty() {
            let n_rows = self.batch_rows.min(self.n_rows - taken);
            return Ok(RawBatch {
                file: self.input,
                rows: (first_row..first_row + n_rows as u64).collect(),
                columns: Vec::new(),
                binding: Arc::clone(&self.binding),
                set_aside: Vec::new(),
            });
        }
        let batch = guarded(|| {
            let reader = match reader {
                Some(reader) => reader,
                none => none.insert(self.reader()?),
            };
            reader.next().transpose().map_err(ParquetError::from)
        })?;
        let batch = batch.filter(|batch| batch.num_rows() > 0);
        let batch = batch.ok_or("a row group has fewer rows than it says")?;
        raw_batch(&batch, self.input, first_row, &self.binding, dictionaries)
    }

    fn reader(&self) -> Result<ParquetRecordBatchReader, ParquetError> {
        let metadata = self.metadata.clone();
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), metadata);
        let inputs = self.binding.inputs.iter().copied();
        let mask = ProjectionMask::roots(builder.parquet_schema(), inputs);
        let rows = RowSelection::from(vec![
            RowSelector::skip(self.skip),
            RowSelector::select(self.n_rows),
        ]);
        // Batches of equal size: none with a few rows that are left.
        let n_batches = self.n_rows.div_ceil(self.batch_rows);
        builder
            .with_projection(mask)
            .with_row_groups(vec![self.group])
            .with_row_selection(rows)
            .with_batch_size(self.n_rows.div_ceil(n_batches))
            .build()
    }
}

impl ParquetReader {
    /// Reads the footer; gives the column names too.
    pub(super) fn open(file: File, batch_rows: usize) -> Result<(Self, Vec<String>), Failure> {
        let file = Positioned::new(file).map_err(|error| error.to_string())?;
        let metadata = guarded(|| {
            let stored = ArrowReaderMetadata::load(
                &file,
                ArrowReaderOptions::new().with_skip_arrow_metadata(true),
            )?;
            let fields = stored.schema().fields().iter().map(|field| {
                let kind = wanted_type(field.data_type(), has_dictionary(&stored, field.name()));
                Field::new(field.name(), kind, field.is_nullable())
            });
            let schema: SchemaRef = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_schema(schema))
        })?;
        let names = column_names(metadata.schema());
        Ok((
            Self {
                file,
                metadata,
                group: 0,
                skipped: 0,
                next_row: 1,
                batch_rows,
            },
            names,
        ))
    }

    /// The next unit; none at the end.
    pub(super) fn next(
        &mut self,
        input: usize,
        binding: &Arc<Binding>,
    ) -> Result<Option<ParquetUnit>, Failure> {
        loop {
            let groups = self.metadata.metadata().row_groups();
            let Some(group) = groups.get(self.group) else {
                return Ok(None);
            };
            let in_group = usize::try_from(group.num_rows()).unwrap_or(0);
            if self.skipped >= in_group {
                self.group += 1;
                self.skipped = 0;
                continue;
            }
            if self.skipped == 0 {
                check_sizes(&self.metadata, self.group, binding)?;
            }
            let most = UNIT_ROWS.min(UNIT_BATCHES * self.batch_rows);
            let n_rows = (in_group - self.skipped).min(most);
            let unit = ParquetUnit {
                file: self.file.clone(),
                metadata: self.metadata.clone(),
                group: self.group,
                skip: self.skipped,
                n_rows,
                batch_rows: self.batch_rows,
                first_row: self.next_row,
                input,
                binding: Arc::clone(binding),
            };
            self.skipped += n_rows;
            self.next_row += n_rows as u64;
            return Ok(Some(unit));
        }
    }
}

/// The most bytes that a row group may have in a column, and that a row of it may have, decompressed: a page is decompressed as
/// a whole, so that a small file could fill the memory.
const MOST_BYTES: (i64, i64) = (1 << 28, 1 << 16);

fn check_sizes(
    metadata: &ArrowReaderMetadata,
    group: usize,
    binding: &Binding,
) -> Result<(), Failure> {
    let root = |leaf: usize| metadata.parquet_schema().get_column_root_idx(leaf);
    let group = metadata.metadata().row_group(group);
    let columns = group.columns().iter().enumerate();
    for (_, column) in columns.filter(|(leaf, _)| binding.inputs.contains(&root(*leaf))) {
        let n_bytes = column.uncompressed_size();
        if n_bytes > MOST_BYTES.0 && n_bytes / group.num_rows().max(1) > MOST_BYTES.1 {
            return Err(format!(
                "column `{}` has {} MB in a row group of {} rows, far more than a column of shipments has",
                column.column_path().string(),
                n_bytes >> 20,
                group.num_rows(),
            ));
        }
    }
    Ok(())
}

/// Reads an Arrow IPC file or stream.
pub(super) struct IpcReader {
    batches: IpcBatches,
    held: Option<RecordBatch>,
    /// Of the batch before, column by column.
    dictionaries: Vec<Option<Dictionary>>,
    next_row: u64,
    batch_rows: usize,
}

/// Record batches of an IPC file or stream, one after the other.
type IpcBatches = Box<dyn Iterator<Item = Result<RecordBatch, arrow::error::ArrowError>> + Send>;

impl IpcReader {
    fn over(batches: IpcBatches, batch_rows: usize) -> Self {
        Self {
            batches,
            held: None,
            dictionaries: Vec::new(),
            next_row: 1,
            batch_rows,
        }
    }

    /// Reads the schema of a file.
    pub(super) fn open_file(
        mut file: File,
        batch_rows: usize,
    ) -> Result<(Self, Vec<String>), Failure> {
        super::ipc_check::check_lengths(&mut file)?;
        let reader = guarded(|| FileReader::try_new(BufReader::new(file), None))?;
        let names = column_names(&reader.schema());
        Ok((Self::over(Box::new(reader), batch_rows), names))
    }

    /// Reads the schema of a stream.
    pub(super) fn open_stream(
        source: Box<dyn Read + Send>,
        batch_rows: usize,
    ) -> Result<(Self, Vec<String>), Failure> {
        let reader = guarded(|| StreamReader::try_new(Messages::new(source), None))?;
        let names = column_names(&reader.schema());
        Ok((Self::over(Box::new(reader), batch_rows), names))
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
        raw_batch(&batch, file, first_row, binding, &mut self.dictionaries).map(Some)
    }
}

fn column_names(schema: &Schema) -> Vec<String> {
    schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

/// Whether the first row group keeps a column by dictionary, as far as one can tell.
fn has_dictionary(stored: &ArrowReaderMetadata, name: &str) -> bool {
    let Some(group) = stored.metadata().row_groups().first() else {
        return false;
    };
    let columns = group.columns().iter();
    let mut of_name = columns.filter(|column| column.column_path().string() == name);
    of_name
        .next()
        .is_none_or(|column| column.dictionary_page_offset().is_some())
}

fn raw_batch(
    batch: &RecordBatch,
    file: usize,
    first_row: u64,
    binding: &Arc<Binding>,
    dictionaries: &mut Vec<Option<Dictionary>>,
) -> Result<RawBatch, Failure> {
    dictionaries.resize_with(batch.num_columns(), || None);
    let columns = guarded(|| {
        let columns = batch.columns().iter().zip(dictionaries);
        columns
            .map(|(column, last)| raw_column(column, last))
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
