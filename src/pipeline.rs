//! The stages in order: read, normalize, score, judge; then, in input order, roll up and write.
//!
//! Results come in input order whatever the number of threads (see `scan.rs`), and memory is that of a few batches,
//! shipments and entities.

use crate::batch::{Batch, FieldSet};
use crate::conveyor::Task;
use crate::entity::Entities;
use crate::error::{Error, ErrorKind};
use crate::history::store::Store;
use crate::history::{Plan, Source};
use crate::job::Job;
use crate::past::Mark;
use crate::read::raw::SetAside;
use crate::read::{Input, Reading};
use crate::reconcile::{Reconcile, Standing};
use crate::refer::Referrals;
use crate::scan::{Scan, has_first_pass, selecting, standings, with_threads};
use crate::schema::{FieldId, field};
use crate::score::{Program, score};
use crate::select::{Judged, Selecting, Selection, Shipments, cva_candidates, judge, settle};
use crate::summary::{HistorySummary, SinceSummary, Summary, Tally};
use crate::timings::Timings;
use crate::write::{
    Finished, Issues, LineLabel, Masks, NormalizedWriter, Output, ReferralFiles, TableWriter,
    lines, lines_writer, mark, write_issues, write_run_json, write_shipments,
};
use arrow::array::RecordBatch;
use std::sync::atomic::{AtomicU64, Ordering};

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
    let output = Output::create(&job.out, job.force)?;
    let program = Program::new(&job.rules);
    let reading = Reading {
        inputs: spool_standard_input(job, &output)?,
        ..job.reading.clone()
    };
    let wanted = job.fields();
    let store = job.history.as_ref();
    let stored_files = match store {
        Some(store) => store.holds(&reading.inputs)?,
        None => Vec::new(),
    };
    let history = Source {
        store,
        stored_files: stored_files.clone(),
        spill: &output.file(""),
    };
    let identities = &job.identities;
    let standings = standings(&job.rules, &program, identities, &reading, job.reconcile)?;
    let is_reconciled = standings.is_some();
    let scan = Scan::prepare(
        &job.rules,
        &program,
        identities,
        &reading,
        wanted,
        Some(&history),
        standings,
    )?;
    timings.lap("first pass");
    let hashes = crate::input_hash::start(&reading.inputs);
    let labels = scan.labels().to_vec();
    let mut taken = Taken::create(job, &output, &labels, &wanted)?;
    let referrals = job.outputs.referrals.then(|| Referrals::new(&job.rules));
    let with = With {
        job,
        program: &program,
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
    taken.check_bad_rows()?;
    timings.lap("score");
    let history = history_summary(job, &labels, &stored_files);
    let summary = taken.finish(&output, hashes, timings, (history, is_reconciled))?;
    output.finish()?;
    Ok(summary)
}

/// What a batch became.
struct Worked {
    batch: Batch,
    judged: Judged,
    scopes: Vec<u8>,
    is_cva: Vec<bool>,
    /// None where every row selects.
    standing: Option<Vec<Standing>>,
    /// The rows that select, where they are not all.
    selecting: Option<Selecting>,
    lines: Option<RecordBatch>,
    referred: Vec<Vec<u8>>,
    set_aside: Vec<SetAside>,
}

/// What every batch is worked on with.
struct With<'a> {
    job: &'a Job,
    program: &'a Program,
    referrals: Option<&'a Referrals>,
}

fn work(
    with: &With<'_>,
    label: &LineLabel,
    batch: Batch,
    standing: Option<Vec<Standing>>,
    set_aside: Vec<SetAside>,
) -> Worked {
    let job = with.job;
    let scores = score(with.program, &job.rules, &batch);
    let mut judged = judge(&job.rules, &scores);
    if let Some(standing) = &standing {
        judged.forget(|row| standing[row] == Standing::Superseded);
    }
    let mut is_cva = cva_candidates(&batch, &judged);
    let selecting = standing.as_ref().map(|standing| {
        for (is_cva, standing) in is_cva.iter_mut().zip(standing) {
            *is_cva &= *standing == Standing::Latest;
        }
        Selecting::new(
            &batch,
            &judged,
            &scores.scopes,
            &is_cva,
            &selecting(standing),
        )
    });
    let lines = job.outputs.lines.then(|| {
        lines(
            &job.rules,
            &batch,
            &scores,
            &judged,
            &is_cva,
            standing.as_deref(),
            label,
            job.flagged_only,
        )
    });
    let (of_referrals, judged_of_referrals) = match &selecting {
        Some(selecting) => (&selecting.batch, &selecting.judged),
        None => (&batch, &judged),
    };
    let referred = with.referrals.map_or_else(Vec::new, |referrals| {
        referrals.rows(&job.rules, of_referrals, judged_of_referrals, label)
    });
    Worked {
        batch,
        scopes: scores.scopes,
        judged,
        is_cva,
        standing,
        selecting,
        lines,
        referred,
        set_aside,
    }
}

/// Standard input can be read once only: when there are two passes, it is kept in the output until the end.
fn spool_standard_input(job: &Job, output: &Output) -> Result<Vec<Input>, Error> {
    let mut inputs = job.reading.inputs.clone();
    if !has_first_pass(&job.rules) && job.reconcile == Reconcile::Never {
        return Ok(inputs);
    }
    for input in inputs.iter_mut().filter(|input| input.path.is_none()) {
        let path = output.file(".standard-input");
        let failed = |error: std::io::Error| Error::io(&path, &error);
        let mut file = std::fs::File::create(&path).map_err(failed)?;
        std::io::copy(&mut std::io::stdin().lock(), &mut file).map_err(failed)?;
        input.path = Some(path);
    }
    Ok(inputs)
}

/// The columns of features that the run computes.
fn features(job: &Job) -> Vec<(FieldId, String)> {
    let planned = Plan::of_run(&job.rules).features.into_iter();
    let columns = planned.flat_map(|planned| {
        let feature = &job.rules.features[planned.feature];
        let support = feature.support.map(|id| (id, feature.support_name()));
        std::iter::once((feature.column, feature.name.clone())).chain(support)
    });
    columns.collect()
}

/// What the run says of its history; none where no active rule asks for one.
fn history_summary(
    job: &Job,
    labels: &[LineLabel],
    stored_files: &[bool],
) -> Option<HistorySummary> {
    let plan = Plan::of_run(&job.rules);
    let stored = labels.iter().zip(stored_files);
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

/// Shipments by what became of them since the earlier run; none without one.
fn since(finished: &Finished<'_>) -> Option<SinceSummary> {
    let since = finished.since?;
    let mut summary = SinceSummary::default();
    let shipments = &finished.selection.shipments;
    for selected in shipments {
        let shipment = &finished.shipments.all[selected.id.0 as usize];
        if let Some(mark) = mark(finished, selected, shipment) {
            *summary.shipments.entry(mark).or_default() += 1;
        }
        summary.decided += u64::from(since.decision(shipment.key_hash).is_some());
    }
    let known = shipments.len() as u64 - summary.shipments.get(&Mark::New).copied().unwrap_or(0);
    summary.gone = since.len() - known;
    Some(summary)
}

/// What was taken in so far, in input order.
struct Taken<'a> {
    job: &'a Job,
    labels: &'a [LineLabel],
    shipments: Shipments,
    entities: Entities,
    tally: Tally,
    issues: Issues,
    masks: Masks,
    rows_of_input: Vec<u64>,
    latest_day: Option<i32>,
    lines: Option<TableWriter>,
    referrals: ReferralFiles,
    normalized: Option<(NormalizedWriter, std::path::PathBuf)>,
}

impl<'a> Taken<'a> {
    fn create(
        job: &'a Job,
        output: &Output,
        labels: &'a [LineLabel],
        wanted: &FieldSet,
    ) -> Result<Self, Error> {
        let path = output.file(&format!("lines.{}", job.format.ending()));
        let lines = job
            .outputs
            .lines
            .then(|| lines_writer(&path, job.format))
            .transpose()?;
        let normalized = match &job.write_normalized {
            None => None,
            Some(path) => {
                let mut temporary = path.as_os_str().to_owned();
                temporary.push(format!(".ch24-{}", std::process::id()));
                if let Some(ending) = path.extension() {
                    temporary.push(".");
                    temporary.push(ending);
                }
                let temporary = std::path::PathBuf::from(temporary);
                Some((
                    NormalizedWriter::create(&temporary, wanted, &features(job))?,
                    temporary,
                ))
            }
        };
        Ok(Self {
            job,
            labels,
            shipments: Shipments::default(),
            entities: Entities::new(job.as_of),
            tally: Tally::default(),
            issues: Issues::default(),
            masks: Masks::default(),
            rows_of_input: vec![0; labels.len()],
            latest_day: None,
            lines,
            referrals: ReferralFiles::new(output.file("referrals"), Referrals::new(&job.rules)),
            normalized,
        })
    }

    /// Takes in a batch; gives what is left to do for it.
    fn add(&mut self, worked: Worked, progress: &AtomicU64) -> Result<Vec<Task>, Error> {
        let Worked {
            batch,
            scopes,
            judged,
            is_cva,
            standing,
            selecting,
            lines,
            referred,
            set_aside,
        } = worked;
        self.referrals.add(&referred)?;
        self.issues.add(batch.file, &batch.issues, &set_aside);
        self.masks.add(&batch, &self.labels[batch.file]);
        self.rows_of_input[batch.file] += batch.n_rows as u64;
        let (rules, standing) = (&self.job.rules, standing.as_deref());
        self.tally.add(rules, &batch, &judged, &is_cva, standing);
        let (file, n_rows) = (batch.file, batch.n_rows);
        let selecting = selecting.unwrap_or(Selecting {
            batch,
            judged,
            scopes,
            is_cva,
        });
        self.add_selecting(&selecting);
        let tasks = match (&mut self.lines, lines) {
            (Some(writer), Some(rows)) => writer.add(rows),
            _ => Vec::new(),
        };
        if let Some((writer, _)) = &mut self.normalized {
            writer.write(&selecting.batch, &self.masks, &self.labels[file])?;
        }
        progress.fetch_add(n_rows as u64, Ordering::Relaxed);
        if let crate::job::BadRows::Count(limit) = self.job.max_bad_rows
            && self.issues.n_set_aside() > limit
        {
            self.check_bad_rows()?;
        }
        Ok(tasks)
    }

    fn add_selecting(&mut self, selecting: &Selecting) {
        let Selecting {
            batch,
            judged,
            scopes,
            is_cva,
        } = selecting;
        let days = (0..batch.n_rows).filter_map(|row| batch.date_at(field::LEGAL_DATE, row));
        self.latest_day = self.latest_day.max(days.max());
        if !self.job.outputs.needs_shipments() {
            return;
        }
        let visits = self.shipments.add(batch, judged, scopes, is_cva);
        if self.job.outputs.needs_entities() {
            self.entities.add(
                batch,
                judged,
                &visits,
                (scopes, is_cva),
                &mut self.shipments.hit_sets,
            );
        }
    }

    fn check_bad_rows(&self) -> Result<(), Error> {
        let bad = self.issues.n_set_aside();
        let rows: u64 = self.rows_of_input.iter().sum::<u64>() + bad;
        let limit = self.job.max_bad_rows.limit(rows);
        if bad <= limit {
            return Ok(());
        }
        let first: Vec<_> = self
            .issues
            .first_set_aside()
            .take(3)
            .map(|(file, row)| {
                format!(
                    "{} line {}: {}",
                    self.labels[*file].label,
                    row.line,
                    row.kind.code()
                )
            })
            .collect();
        let message = format!(
            "{bad} of {rows} rows cannot be read, more than the {limit} that are allowed (--max-bad-rows); the first: {}",
            first.join("; ")
        );
        Err(Error::new(ErrorKind::TooManyBadRows, message))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the normalized rows are put in their place"
    )]
    fn finish(
        mut self,
        output: &Output,
        hashes: crate::input_hash::Hashes,
        mut timings: Timings,
        (history, is_reconciled): (Option<HistorySummary>, bool),
    ) -> Result<Summary, Error> {
        let job = self.job;
        self.shipments.finish();
        self.entities.finish();
        let selection = settle(&job.rules, &self.shipments, job.salt.as_ref());
        timings.lap("select");
        let mut summary = self.tally.finish(&job.rules, &self.shipments, &selection);
        summary.history = history;
        summary.is_reconciled = is_reconciled;
        summary.has_shipments = job.outputs.needs_shipments();
        summary.n_set_aside = self.issues.n_set_aside();
        summary.n_cell_issues = self.issues.n_cells();
        let as_of = job.as_of.or(self.latest_day);
        summary.as_of = as_of.map(crate::normalize::date::format_date);
        if let Some(writer) = self.lines.take() {
            writer.finish()?;
        }
        self.referrals.finish()?;
        if let Some((writer, temporary)) = self.normalized.take() {
            writer.finish()?;
            let path = job
                .write_normalized
                .as_ref()
                .expect("a writer was made for a path");
            std::fs::rename(&temporary, path).map_err(|error| Error::io(path, &error))?;
        }
        write_issues(&output.file("issues.csv"), &self.issues, self.labels)?;
        self.write_tables(output, &selection, &mut summary, as_of)?;
        timings.lap("write");
        let inputs = crate::input_hash::inputs(&job.reading.inputs, &self.rows_of_input, hashes)?;
        std::fs::remove_file(output.file(".standard-input")).ok();
        write_run_json(&output.file("run.json"), job, &summary, &inputs, &timings)?;
        Ok(summary)
    }

    fn cva_entities(&self) -> u64 {
        self.entities
            .iter()
            .filter(|entity| entity.evidence().n_cva > 0)
            .count() as u64
    }

    fn write_tables(
        &self,
        output: &Output,
        selection: &Selection,
        summary: &mut Summary,
        as_of: Option<i32>,
    ) -> Result<(), Error> {
        let job = self.job;
        let finished = Finished {
            rules: &job.rules,
            shipments: &self.shipments,
            selection,
            labels: self.labels,
            masks: &self.masks,
            since: job.since.as_ref(),
        };
        summary.since = since(&finished);
        let table = |name: &str| output.file(&format!("{name}.{}", job.format.ending()));
        if job.outputs.shipments {
            write_shipments(&table("shipments"), job.format, &finished, job.flagged_only)?;
        }
        #[cfg(feature = "tables")]
        {
            let ranking =
                crate::entity::rank(&self.entities, as_of.unwrap_or(crate::batch::NULL_DATE));
            summary.cva_entities = self.cva_entities();
            if job.outputs.entities {
                crate::write::write_entities(
                    &table("entities"),
                    job.format,
                    &job.rules,
                    &ranking,
                    &self.masks,
                )?;
            }
            if job.outputs.report {
                let hit: Vec<_> = ranking
                    .iter()
                    .filter(|ranked| !ranked.entity.evidence().rules.is_empty())
                    .collect();
                let page = crate::report::page(&finished, summary, &hit);
                let path = output.file("report.html");
                #[expect(clippy::disallowed_methods, reason = "the report is written here")]
                std::fs::write(&path, page).map_err(|error| Error::io(&path, &error))?;
            }
        }
        #[cfg(not(feature = "tables"))]
        {
            let _ = as_of;
            summary.cva_entities = self.cva_entities();
        }
        Ok(())
    }
}
