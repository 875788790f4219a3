//! Inputs -> normalized batches with their aggregates, worked on by all threads, taken in in input order.
//!
//! Three windows of batches are in flight: one is read, one is worked on by all threads, one is taken in. So results come
//! in input order whatever the number of threads, and memory is that of a few batches.

use crate::aggregates::Aggregates;
use crate::batch::{Batch, FieldSet};
use crate::error::{Error, ErrorKind};
use crate::normalize::{ALWAYS, Identities, normalize, with_sources};
use crate::read::raw::SetAside;
use crate::read::{Chunk, Input, Reader, Reading};
use crate::rules::RuleSet;
use crate::score::Program;
use crate::write::LineLabel;
use rayon::prelude::*;

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
        take: impl FnMut(T) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let work = |chunk: Chunk| {
            let (mut batch, set_aside) = self.normalized(&self.reading.wanted, chunk);
            self.aggregates
                .fill(self.rules, &self.program.tables, &mut batch);
            work(batch, set_aside)
        };
        for_each_window(&self.reading, work, take)
    }

    /// How the rows of each input are named.
    pub fn labels(&self) -> &[LineLabel] {
        &self.labels
    }

    fn normalized(&self, wanted: &FieldSet, chunk: Chunk) -> (Batch, Vec<SetAside>) {
        let mut raw = chunk.parse();
        let set_aside = std::mem::take(&mut raw.set_aside);
        let label = &self.labels[raw.file].label;
        (normalize(raw, wanted, label, self.identities), set_aside)
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
        let work = |chunk: Chunk| self.normalized(&self.reading.wanted, chunk).0;
        for_each_window(&self.reading, work, |batch| {
            aggregates.add(self.rules, &self.program.tables, &batch);
            Ok(())
        })?;
        self.aggregates = aggregates;
        Ok(())
    }
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
fn labels(inputs: &[Input]) -> Vec<LineLabel> {
    let label = |input: &Input| LineLabel {
        label: input.label.clone(),
        record_prefix: input.record_prefix(),
    };
    inputs.iter().map(label).collect()
}

/// Reads windows of chunks, works on each in parallel, and takes the results in, in input order, all at the same time.
fn for_each_window<T: Send>(
    reading: &Reading,
    work: impl Fn(Chunk) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), Error> + Send,
) -> Result<(), Error> {
    let size = rayon::current_num_threads().max(1);
    let mut reader = Reader::new(reading);
    let mut read = |chunks: &mut Vec<Chunk>| -> Result<(), Error> {
        while chunks.len() < size {
            let Some(chunk) = reader.next_chunk()? else {
                break;
            };
            chunks.push(chunk);
        }
        Ok(())
    };
    let mut chunks = Vec::new();
    let mut worked: Vec<T> = Vec::new();
    read(&mut chunks)?;
    while !chunks.is_empty() || !worked.is_empty() {
        let window = std::mem::take(&mut chunks);
        let done = std::mem::take(&mut worked);
        let (taken, (was_read, results)) = rayon::join(
            || done.into_iter().try_for_each(&mut take),
            || {
                rayon::join(
                    || read(&mut chunks),
                    || window.into_par_iter().map(&work).collect::<Vec<_>>(),
                )
            },
        );
        taken?;
        was_read?;
        worked = results;
    }
    Ok(())
}
