//! Files -> raw batches, in order, in memory that does not grow with the input.
//!
//! What comes in: files, directories, globs or standard input; CSV, Parquet, Arrow IPC or NDJSON, told by content. What
//! goes out: columns of the source that the wanted fields need. This module never interprets a cell. One thread calls
//! [`Reader::next_chunk`]; the chunks that it gives are read by any thread with [`Chunk::batches`].

mod arrow_columns;
pub mod binding;
mod columnar;
mod csv;
mod frame;
mod guard;
mod inputs;
mod ipc_check;
mod ipc_stream;
pub mod mapping;
mod ndjson;
mod open;
mod positioned;
pub mod raw;
mod size;
mod stamp;

pub use guard::is_guarded;
pub use inputs::{Input, KeptStreams, find_inputs, keep_streams};
pub use mapping::{LoadedMapping, Mapping, load_mapping};
pub use size::about_rows;
pub use stamp::{Stamp, check_unchanged};

use crate::batch::FieldSet;
use crate::error::{Error, ErrorKind};
use binding::{Binding, bind};
use either::Either;
use open::Opened;
use raw::RawBatch;
use std::path::Path;
use std::sync::Arc;

/// What to read, and how.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The inputs, in order.
    pub inputs: Vec<Input>,
    /// How source columns become fields.
    pub mapping: Mapping,
    /// The fields that are needed.
    pub wanted: FieldSet,
    /// Rows of a batch, at most; changes no result.
    pub batch_rows: usize,
}

/// Rows of one batch and a chunk at most.
pub const BATCH_ROWS: usize = columnar::BATCH_ROWS;

/// Reads inputs one after the other.
pub struct Reader<'a> {
    reading: &'a Reading,
    next_input: usize,
    open: Option<(Opened, Arc<Binding>)>,
    /// Bindings of the inputs opened so far.
    bindings: Vec<Option<Arc<Binding>>>,
}

/// Rows that are read, or that any thread can read: those of a batch, or of a few.
#[derive(Debug)]
pub enum Chunk {
    /// CSV text.
    Csv(csv::CsvChunk, Arc<Binding>),
    /// NDJSON text.
    Ndjson(ndjson::NdjsonChunk, Arc<Binding>),
    /// Rows of a Parquet row group, several batches.
    Parquet(columnar::ParquetUnit),
    /// Columns.
    Raw(RawBatch),
}

impl Chunk {
    /// Position of the input that it comes from.
    pub fn input(&self) -> usize {
        match self {
            Self::Csv(chunk, _) => chunk.input(),
            Self::Ndjson(chunk, _) => chunk.input(),
            Self::Parquet(unit) => unit.input(),
            Self::Raw(batch) => batch.file,
        }
    }

    /// Reads the rows, one batch after the other; those that cannot be read are set aside.
    ///
    /// # Errors
    /// When the file is corrupt; in words. No batch comes after that.
    pub fn batches(self) -> impl Iterator<Item = Result<RawBatch, String>> {
        let batch = match self {
            Self::Csv(chunk, binding) => chunk.parse(binding),
            Self::Ndjson(chunk, binding) => chunk.parse(binding),
            Self::Parquet(unit) => return Either::Left(unit.batches()),
            Self::Raw(batch) => batch,
        };
        Either::Right(std::iter::once(Ok(batch)))
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("next_input", &self.next_input)
            .finish_non_exhaustive()
    }
}

impl<'a> Reader<'a> {
    /// Prepares to read.
    pub fn new(reading: &'a Reading) -> Self {
        Self {
            reading,
            next_input: 0,
            open: None,
            bindings: Vec::new(),
        }
    }

    /// The next chunk; none when every input is read.
    ///
    /// # Errors
    /// When a file cannot be read, is corrupt, or has no column that any field takes.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        loop {
            if let Some((opened, binding)) = &mut self.open {
                let input = self.next_input - 1;
                let failed = |message: String| failure(&self.reading.inputs[input], &message);
                if let Some(chunk) = opened.next(input, binding).map_err(failed)? {
                    return Ok(Some(chunk));
                }
                self.open = None;
            }
            let Some(input) = self.reading.inputs.get(self.next_input) else {
                return Ok(None);
            };
            self.next_input += 1;
            let failed = |message: String| failure(input, &message);
            let opened = open::open(input, self.reading.batch_rows).map_err(failed)?;
            let binding = match opened {
                None => None,
                Some((opened, header)) => {
                    let binding = Arc::new(
                        bind(&self.reading.mapping, &header, &self.reading.wanted)
                            .map_err(failed)?,
                    );
                    self.open = Some((opened, Arc::clone(&binding)));
                    Some(binding)
                }
            };
            self.bindings.push(binding);
        }
    }

    /// What was found in the header of each input opened so far; none for an empty one.
    pub fn bindings(&self) -> &[Option<Arc<Binding>>] {
        &self.bindings
    }
}

/// The names of a file's columns; none in an empty file.
///
/// # Errors
/// When the file cannot be read or is corrupt.
pub fn column_names(path: &Path) -> Result<Vec<String>, Error> {
    let input = Input::file(path.display().to_string(), path.to_owned());
    let opened = open::open(&input, BATCH_ROWS).map_err(|message| failure(&input, &message))?;
    Ok(opened.map_or_else(Vec::new, |(_, names)| names))
}

/// Says which input failed.
pub fn failure(input: &Input, message: &str) -> Error {
    let named = match &input.path {
        Some(path) if !input.is_stream() => path,
        _ => Path::new(&input.label),
    };
    Error::at(ErrorKind::Input, named, message)
}
