//! The stages in order: read, normalize, score, judge; then, in input order, roll up and write.
//!
//! `work.rs` is what any thread does with a batch, `taken.rs` what is done in input order, and at the end. Results come in input order whatever the number of threads (see `scan.rs`), and memory is that of a few batches,
//! shipments and entities.

mod normalized;
mod taken;
mod work;

use crate::error::Error;
use crate::history::store::Store;
use crate::history::{Plan, Source};
use crate::job::Job;
use crate::read::{Input, KeptStreams, Reading, keep_streams};
use crate::reconcile::Reconcile;
use crate::refer::Referrals;
use crate::scan::{Scan, has_first_pass, with_threads};
use crate::score::Program;
use crate::select::NoticeKeys;
use crate::summary::{HistorySummary, Summary};
use crate::timings::Timings;
use crate::write::{LineLabel, Output};
use normalized::normalized_file;
use std::sync::atomic::AtomicU64;
use taken::Taken;
use work::{With, work};

/// Runs one job: reads, normalizes, scores, selects, rolls up and writes.
///
/// `progress` counts the rows taken in so far.
///
/// # Errors
/// When an input cannot be read, too many rows are bad, or an output cannot be written. Then nothing stands under the
/// name of the output that did not stand there before.
pub fn run(job: &Job, progress: &AtomicU64) -> Result<Summary, Error> {
    with_threads(job.threads, || run_all(job, progress))
}

fn run_all(job: &Job, progress: &AtomicU64) -> Result<Summary, Error> {
    let mut timings = Timings::start();
    let normalized = normalized_file(job)?;
    let output = Output::create(&job.out, job.force)?;
    let program = Program::new(&job.rules);
    let (inputs, kept) = spool_streams(job, &output)?;
    let reading = Reading {
        inputs,
        ..job.reading.clone()
    };
    let wanted = job.fields();
    let spill = output.file("");
    let source = Source::new(job.history.as_ref(), &reading.inputs, &spill)?;
    let scan = Scan::prepare(
        &job.rules,
        &program,
        &job.identities,
        &reading,
        wanted,
        Some(&source),
        job.reconcile,
    )?;
    let is_reconciled = scan.is_reconciled();
    timings.lap("first pass");
    let hashes = crate::input_hash::start(&reading.inputs);
    let labels = scan.labels().to_vec();
    let mut taken = Taken::create(job, (&output, normalized.as_ref()), &labels, &wanted)?;
    let referrals = job.outputs.referrals.then(|| Referrals::new(&job.rules));
    let with = With {
        job,
        program: &program,
        notices: &NoticeKeys::new(&job.rules, &job.identities),
        referrals: referrals.as_ref(),
    };
    scan.run(
        |batch, set_aside| {
            let standing = scan.standing(&batch);
            work(&with, &labels[batch.file], batch, standing, set_aside)
        },
        |worked| taken.add(worked, progress),
    )?;
    drop(scan);
    drop(kept);
    taken.check_bad_rows()?;
    timings.lap("score");
    let history = history_summary(job, &labels, &source);
    let summary = taken.finish(&output, hashes, timings, (history, is_reconciled))?;
    output.finish()?;
    if let Some(normalized) = normalized {
        normalized.finish()?;
    }
    Ok(summary)
}

/// Standard input and pipes can be read once only: when there are two passes, they are kept in the output until the end.
fn spool_streams(job: &Job, output: &Output) -> Result<(Vec<Input>, KeptStreams), Error> {
    let mut inputs = job.reading.inputs.clone();
    let kept = if !has_first_pass(&job.rules) && job.reconcile == Reconcile::Never {
        KeptStreams::default()
    } else {
        keep_streams(&mut inputs, &output.file(".stream"))?
    };
    Ok((inputs, kept))
}

/// What the run says of its history; none where no active rule asks for one.
fn history_summary(job: &Job, labels: &[LineLabel], source: &Source<'_>) -> Option<HistorySummary> {
    let plan = Plan::of_run(&job.rules);
    let stored = labels.iter().zip(&source.stored_files);
    (!plan.is_empty()).then(|| HistorySummary {
        features: plan.features.len(),
        store: job.history.as_ref().map(Store::account),
        inputs_in_store: stored
            .filter(|(_, is_stored)| **is_stored)
            .map(|(label, _)| label.label.clone())
            .collect(),
        stale: job
            .history
            .as_ref()
            .map_or_else(Vec::new, |store| store.stale(&job.rules)),
    })
}
