//! Inputs -> normalized batches with their aggregates, worked on by all threads, taken in in input order.
//!
//! Results come in input order whatever the number of threads, and memory is that of a few batches (see `conveyor.rs`).

use crate::aggregates::Aggregates;
use crate::batch::{Batch, FieldSet, NULL_CODE};
use crate::conveyor::{self, Task};
use crate::error::{Error, ErrorKind};
use crate::history::store::Store;
use crate::history::{Columns, Gathered, Plan, Source, compute, extract};
use crate::normalize::{ALWAYS, Identities, normalize, with_sources};
use crate::read::binding::{Binding, bind};
use crate::read::raw::{RawBatch, SetAside};
use crate::read::{Chunk, Input, Reader, Reading, check_unchanged, column_names, failure};
use crate::reconcile::{
    Filings, Reconcile, SHIPMENT_FIELDS, Standing, Standings, VERSION_FIELDS, could_have_versions,
    could_repeat, keys_of,
};
use crate::rules::RuleSet;
use crate::schema::field;
use crate::score::Program;
use crate::write::{LineLabel, plain};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

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
    history: Option<Columns>,
    standings: Option<Standings>,
}

impl<'a> Scan<'a> {
    /// Fills the aggregates and computes the features of earlier lines, in a first pass, when a rule reads one; `wanted`
    /// are the fields of the batches to come. Without a source of history no feature is computed. Where filings are reconciled, a
    /// pass before that settles which rows stand and which of them select, and aggregates are over those that select.
    ///
    /// # Errors
    /// When an input or the store cannot be read, or a column of features cannot be written.
    pub fn prepare(
        rules: &'a RuleSet,
        program: &'a Program,
        identities: &'a Identities,
        reading: &Reading,
        wanted: FieldSet,
        history: Option<&Source<'_>>,
        reconcile: Reconcile,
    ) -> Result<Self, Error> {
        let standings = standings(rules, program, identities, reading, reconcile)?;
        let plan = history.map_or_else(Plan::default, |_| Plan::of_run(rules));
        let mut scan = Self {
            rules,
            program,
            identities,
            labels: labels(&reading.inputs),
            reading: reading.clone(),
            aggregates: Aggregates::new(rules),
            history: None,
            standings,
        };
        let source = history.filter(|_| !plan.is_empty());
        if !scan.aggregates.is_empty() || source.is_some() {
            let gathered = source.map(|source| {
                let can_be_named = source.store.is_some_and(Store::has_labels);
                let stored_files = source.stored_files.clone();
                Gathered::new(&plan, source.spill, stored_files, can_be_named)
            });
            let gathered = scan.first_pass(&plan, gathered)?;
            if let (Some(source), Some(gathered)) = (source, gathered) {
                let columns = compute(rules, &plan, &gathered, source.store, source.spill)?;
                scan.history = Some(columns);
            }
            if scan.aggregates.has_scattered_units() {
                scan.aggregates = Aggregates::for_scattered_units(rules);
                scan.first_pass(&Plan::default(), None)?;
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
        let work = |raw: RawBatch| {
            let (mut batch, set_aside) = self.normalized(&self.reading.wanted, raw);
            self.aggregates
                .fill(self.rules, &self.program.tables, &mut batch);
            if let Some(history) = &self.history {
                history.fill(&mut batch)?;
            }
            Ok(work(batch, set_aside))
        };
        in_order(&self.reading, work, take)
    }

    /// How the rows of each input are named.
    pub fn labels(&self) -> &[LineLabel] {
        &self.labels
    }

    /// Whether filings are reconciled.
    pub fn is_reconciled(&self) -> bool {
        self.standings.is_some()
    }

    /// The rows of a batch that select; none where all of them do.
    pub fn selecting(&self, batch: &Batch) -> Option<Batch> {
        let standings = self.standing(batch)?;
        Some(batch.take_rows(&selecting(&standings)))
    }

    /// The standing of each row of a batch; none where every row selects.
    pub fn standing(&self, batch: &Batch) -> Option<Vec<Standing>> {
        self.standings.as_ref()?.of(batch)
    }

    fn normalized(&self, wanted: &FieldSet, raw: RawBatch) -> (Batch, Vec<SetAside>) {
        let label = &self.labels[raw.file].label;
        normalized(raw, wanted, label, self.identities)
    }

    /// Reads what aggregates and features need.
    fn first_pass(
        &mut self,
        plan: &Plan,
        mut gathered: Option<Gathered>,
    ) -> Result<Option<Gathered>, Error> {
        let fields = self
            .aggregates
            .fields(self.rules)
            .into_iter()
            .chain(plan.fields().iter())
            .chain(ALWAYS.iter().copied())
            .collect();
        self.reading.wanted = with_sources(fields);
        let mut aggregates = std::mem::take(&mut self.aggregates);
        let tables = &self.program.tables;
        let has_history = gathered.is_some();
        let work = |raw: RawBatch| {
            let batch = self.normalized(&self.reading.wanted, raw).0;
            let label = &self.labels[batch.file].label;
            let extract = has_history.then(|| extract(plan, tables, &batch, label, true));
            let selecting = self.selecting(&batch);
            Ok((selecting.unwrap_or(batch), extract))
        };
        in_order(&self.reading, work, |(batch, extract)| {
            aggregates.add(self.rules, tables, &batch);
            if let (Some(gathered), Some(extract)) = (&mut gathered, extract) {
                gathered.add(plan, extract)?;
            }
            Ok(Vec::new())
        })?;
        self.aggregates = aggregates;
        Ok(gathered)
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
    let work = |raw: RawBatch| {
        let label = &labels[raw.file].label;
        let (batch, set_aside) = normalized(raw, &reading.wanted, label, identities);
        Ok(work(batch, set_aside))
    };
    in_order(reading, work, take)
}

/// Normalizes a batch; what is told of rows and cells that could not be read shows no personal number.
fn normalized(
    mut raw: RawBatch,
    wanted: &FieldSet,
    label: &str,
    identities: &Identities,
) -> (Batch, Vec<SetAside>) {
    let mut set_aside = std::mem::take(&mut raw.set_aside);
    for row in &mut set_aside {
        row.text = identities.row_shown(&row.text);
    }
    let mut batch = normalize(raw, wanted, label, identities);
    for issue in &mut batch.issues {
        issue.value = identities.cell_shown(&issue.value);
    }
    (batch, set_aside)
}

/// Reads inputs for their history alone; gives the number of rows set aside too. `progress` counts the rows taken in.
///
/// # Errors
/// When an input cannot be read, or a column cannot be written in `spill`.
pub fn gather(
    rules: &RuleSet,
    plan: &Plan,
    identities: &Identities,
    reading: &Reading,
    spill: &Path,
    progress: &AtomicU64,
) -> Result<(Gathered, u64), Error> {
    let program = Program::new(rules);
    let fields = plan.fields();
    let wanted = with_sources(fields.iter().chain(ALWAYS.iter().copied()).collect());
    let reading = Reading {
        wanted,
        ..reading.clone()
    };
    // What can be undone stays out of a store: see `normalize/mask.rs`.
    let keeps_masked = !matches!(identities, Identities::FirstRow);
    let mut gathered = Gathered::new(plan, spill, Vec::new(), true);
    let mut n_set_aside = 0;
    let labels = labels(&reading.inputs);
    let work = |batch: Batch, set_aside: Vec<SetAside>| {
        let label = &labels[batch.file].label;
        let extract = extract(plan, &program.tables, &batch, label, keeps_masked);
        (extract, set_aside.len() as u64)
    };
    run_plain(&reading, identities, work, |(extract, set_aside)| {
        n_set_aside += set_aside;
        progress.fetch_add(extract.rows.len() as u64, Ordering::Relaxed);
        gathered.add(plan, extract)?;
        Ok(Vec::new())
    })?;
    Ok((gathered, n_set_aside))
}

/// Reads the keys of filings, and settles which rows stand and which of them select; none where nothing is reconciled.
///
/// # Errors
/// When an input cannot be read.
fn standings(
    rules: &RuleSet,
    program: &Program,
    identities: &Identities,
    reading: &Reading,
    asked: Reconcile,
) -> Result<Option<Standings>, Error> {
    let fields = SHIPMENT_FIELDS.iter().chain(VERSION_FIELDS).chain(ALWAYS);
    let wanted = with_sources(fields.copied().collect());
    let has_keys = match asked {
        Reconcile::Never => false,
        Reconcile::Always => true,
        Reconcile::WhereFilingsRepeat => {
            any_input(reading, &wanted, could_repeat)? && any_does_repeat(identities, reading)?
        }
    };
    if !has_keys {
        return Ok(None);
    }
    let has_versions = any_input(reading, &wanted, could_have_versions)?;
    let wanted = match has_versions {
        true => wanted,
        false => with_sources(SHIPMENT_FIELDS.iter().copied().collect()),
    };
    let scan = Scan {
        rules,
        program,
        identities,
        labels: labels(&reading.inputs),
        reading: Reading {
            wanted,
            ..reading.clone()
        },
        aggregates: Aggregates::default(),
        history: None,
        standings: None,
    };
    let mut filings = Filings::default();
    let work = |raw: RawBatch| {
        let batch = scan.normalized(&scan.reading.wanted, raw).0;
        let label = &scan.labels[batch.file].label;
        Ok(keys_of(&batch, label, has_versions))
    };
    in_order(&scan.reading, work, |keys| {
        filings.add(keys)?;
        Ok(Vec::new())
    })?;
    let is_needed = asked == Reconcile::Always || filings.do_repeat();
    Ok(is_needed.then(|| filings.settle()))
}

/// Whether a row has an action, or there is more than one stage: two columns tell, which is far less than all keys.
fn any_does_repeat(identities: &Identities, reading: &Reading) -> Result<bool, Error> {
    let reading = Reading {
        wanted: [field::EVIDENCE_STAGE, field::RECORD_ACTION]
            .into_iter()
            .collect(),
        ..reading.clone()
    };
    let mut stages = Vec::new();
    let mut has_action = false;
    let work = |batch: Batch, _: Vec<SetAside>| {
        let known = batch.presence.classes.iter().map(|class| class.stage);
        let actions = batch.text(field::RECORD_ACTION);
        let has_action =
            actions.is_some_and(|text| text.codes.iter().any(|code| *code != NULL_CODE));
        (known.collect::<Vec<_>>(), has_action)
    };
    run_plain(&reading, identities, work, |(known, acts)| {
        stages.extend(known);
        stages.sort_unstable();
        stages.dedup();
        has_action |= acts;
        Ok(Vec::new())
    })?;
    Ok(has_action || stages.len() > 1)
}

/// Whether something can be in an input, by its columns; true where they are not known beforehand.
fn any_input(
    reading: &Reading,
    wanted: &FieldSet,
    can_be: impl Fn(&Binding) -> bool,
) -> Result<bool, Error> {
    for input in &reading.inputs {
        let Some(path) = &input.path else {
            return Ok(true);
        };
        let names = column_names(path)?;
        let binding = match names.is_empty() {
            true => continue,
            false => {
                bind(&reading.mapping, &names, wanted).map_err(|error| failure(input, &error))?
            }
        };
        if can_be(&binding) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The positions of the rows that select.
pub fn selecting(standings: &[Standing]) -> Vec<usize> {
    let rows = standings.iter().enumerate();
    let latest = rows.filter(|(_, standing)| **standing == Standing::Latest);
    latest.map(|(row, _)| row).collect()
}

/// Whether a run reads its inputs twice.
pub fn has_first_pass(rules: &RuleSet) -> bool {
    !Aggregates::new(rules).is_empty() || !Plan::of_run(rules).is_empty()
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
        label: plain(&input.label),
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

/// Works on every batch of the inputs, takes the results in, in input order, and does what taking them in asks for. Every pass
/// over data goes through here, so an input that changed since it was found stops the run here.
fn in_order<T: Send>(
    reading: &Reading,
    work: impl Fn(RawBatch) -> Result<T, Error> + Sync,
    take: impl FnMut(T) -> Result<Vec<Task>, Error> + Send,
) -> Result<(), Error> {
    let reading = Reading {
        batch_rows: reading.batch_rows.min(rows_for(&reading.wanted)),
        ..reading.clone()
    };
    let (reading, work) = (&reading, &work);
    let mut reader = Reader::new(reading);
    check_unchanged(&reading.inputs)?;
    let work = |chunk: Chunk| {
        let input = chunk.input();
        let failed = move |message: String| failure(&reading.inputs[input], &message);
        chunk.batches().map(move |raw| work(raw.map_err(failed)?))
    };
    let result = conveyor::run(|| reader.next_chunk(), work, take);
    // What a file that changed made of the run, an error of its form included, tells nothing.
    check_unchanged(&reading.inputs)?;
    result
}
