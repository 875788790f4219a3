//! Inputs -> normalized batches with their aggregates, worked on by all threads, taken in in input order.
//!
//! Results come in input order whatever the number of threads, and memory is that of a few batches (see `conveyor.rs`).

use crate::aggregates::Aggregates;
use crate::batch::{Batch, FieldSet};
use crate::conveyor::{self, Task};
use crate::error::{Error, ErrorKind};
use crate::normalize::{ALWAYS, Identities, normalize, with_sources};
use crate::read::raw::SetAside;
use crate::read::{Chunk, Input, Reader, Reading, failure};
use crate::rules::RuleSet;
use crate::score::Program;
use crate::write::LineLabel;

/// Stack of a worker thread: conditions may nest deeply.
const STACK_BYTES: usize = 16 << 20;

/// Inputs as the rules see them.
#[derive(Debug)]
pub struct Scan<'a> {
    rules: &'a RuleSet,
    program: &'a Program,
    identities: &'a Identities,
    reading: Reading,
    labels: Vec<LineLabel>,
    aggregates: Aggregates,
}

impl<'a> Scan<'a> {
    /// Fills the aggregates, in a first pass, when a rule reads one; `wanted` are the fields of the batches to come.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn prepare(
        rules: &'a RuleSet,
        program: &'a Program,
        identities: &'a Identities,
        reading: &Reading,
        wanted: FieldSet,
    ) -> Result<Self, Error> {
        let mut scan = Self {
            rules,
            program,
            identities,
            labels: labels(&reading.inputs),
            reading: reading.clone(),
            aggregates: Aggregates::new(rules),
        };
        if !scan.aggregates.is_empty() {
            scan.first_pass()?;
            if scan.aggregates.has_scattered_units() {
                scan.aggregates = Aggregates::for_scattered_units(rules);
                scan.first_pass()?;
            }
        }
        scan.reading.wanted = wanted;
        Ok(scan)
    }

    /// Works on each batch, in parallel, and takes the results in, in input order.
    ///
    /// # Errors
    /// When an input cannot be read, or `take` fails.
    pub fn run<T: Send>(
        &self,
        work: impl Fn(Batch, Vec<SetAside>) -> T + Sync,
        take: impl FnMut(T) -> Result<Vec<Task>, Error> + Send,
    ) -> Result<(), Error> {
        let work = |chunk: Chunk| {
            let (mut batch, set_aside) = self.normalized(&self.reading.wanted, chunk)?;
            self.aggregates
                .fill(self.rules, &self.program.tables, &mut batch);
            Ok(work(batch, set_aside))
        };
        in_order(&self.reading, work, take)
    }

    /// How the rows of each input are named.
    pub fn labels(&self) -> &[LineLabel] {
        &self.labels
    }

    fn normalized(&self, wanted: &FieldSet, chunk: Chunk) -> Result<(Batch, Vec<SetAside>), Error> {
        let input = chunk.input();
        let mut raw = chunk
            .parse()
            .map_err(|message| failure(&self.reading.inputs[input], &message))?;
        let set_aside = std::mem::take(&mut raw.set_aside);
        let label = &self.labels[raw.file].label;
        Ok((normalize(raw, wanted, label, self.identities), set_aside))
    }

    fn first_pass(&mut self) -> Result<(), Error> {
        let fields = self
            .aggregates
            .fields(self.rules)
            .into_iter()
            .chain(ALWAYS.iter().copied())
            .collect();
        self.reading.wanted = with_sources(fields);
        let mut aggregates = std::mem::take(&mut self.aggregates);
        let work = |chunk: Chunk| Ok(self.normalized(&self.reading.wanted, chunk)?.0);
        in_order(&self.reading, work, |batch| {
            aggregates.add(self.rules, &self.program.tables, &batch);
            Ok(Vec::new())
        })?;
        self.aggregates = aggregates;
        Ok(())
    }
}

/// Works on each normalized batch, without rules and aggregates, in parallel, and takes the results in, in input order.
///
/// # Errors
/// When an input cannot be read, or `take` fails.
pub fn run_plain<T: Send>(
    reading: &Reading,
    identities: &Identities,
    work: impl Fn(Batch, Vec<SetAside>) -> T + Sync,
    take: impl FnMut(T) -> Result<Vec<Task>, Error> + Send,
) -> Result<(), Error> {
    let labels = labels(&reading.inputs);
    let work = |chunk: Chunk| {
        let input = chunk.input();
        let mut raw = chunk
            .parse()
            .map_err(|message| failure(&reading.inputs[input], &message))?;
        let set_aside = std::mem::take(&mut raw.set_aside);
        let label = &labels[raw.file].label;
        Ok(work(
            normalize(raw, &reading.wanted, label, identities),
            set_aside,
        ))
    };
    in_order(reading, work, take)
}

/// Runs something on worker threads: this many, or one per core.
///
/// # Errors
/// When the threads cannot be started.
pub fn with_threads<T: Send>(
    threads: Option<usize>,
    run: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .stack_size(STACK_BYTES)
        .build();
    let pool = pool.map_err(|error| {
        let message = format!("threads cannot be started: {error}");
        Error::new(ErrorKind::Usage, message)
    })?;
    pool.install(run)
}

/// How the rows of inputs are named.
pub fn labels(inputs: &[Input]) -> Vec<LineLabel> {
    let label = |input: &Input| LineLabel {
        label: input.label.clone(),
        record_prefix: input.record_prefix(),
    };
    inputs.iter().map(label).collect()
}

/// Rows of a batch with so many fields: batches of many fields are shorter, so that memory does not grow with them.
fn rows_for(wanted: &FieldSet) -> usize {
    (CELLS_OF_BATCH / wanted.iter().count().max(1)).max(FEWEST_ROWS)
}

/// Cells of a batch, about.
const CELLS_OF_BATCH: usize = 1 << 21;
/// Rows of a batch, however many fields it has.
const FEWEST_ROWS: usize = 1 << 14;

/// Works on every chunk of the inputs, takes the results in, in input order, and does what taking them in asks for.
fn in_order<T: Send>(
    reading: &Reading,
    work: impl Fn(Chunk) -> Result<T, Error> + Sync,
    take: impl FnMut(T) -> Result<Vec<Task>, Error> + Send,
) -> Result<(), Error> {
    let reading = Reading {
        batch_rows: reading.batch_rows.min(rows_for(&reading.wanted)),
        ..reading.clone()
    };
    let mut reader = Reader::new(&reading);
    conveyor::run(|| reader.next_chunk(), work, take)
}
