//! What batches became -> shipments, entities and files, in input order.

use super::work::Worked;
use crate::batch::FieldSet;
use crate::conveyor::Task;
use crate::entity::{Entities, Role};
use crate::error::{Error, ErrorKind};
use crate::history::Plan;
use crate::input_hash::InputRecord;
use crate::issue::NOT_UTF8_ADVICE;
use crate::job::Job;
use crate::past::Mark;
use crate::refer::Referrals;
use crate::schema::{FieldId, field};
use crate::select::{Selecting, Selection, Shipments, settle};
use crate::summary::{HistorySummary, SinceSummary, Summary, Tally, repeated_inputs};
use crate::timings::Timings;
use crate::write::{
    Finished, Issues, LineLabel, Masks, NewFile, NormalizedWriter, Output, ReferralFiles,
    TableWriter, lines_writer, mark, write_issues, write_run_json, write_shipments,
};
use std::sync::atomic::{AtomicU64, Ordering};

/// What was taken in so far, in input order.
pub(super) struct Taken<'a> {
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
    normalized: Option<NormalizedWriter>,
}

impl<'a> Taken<'a> {
    pub(super) fn create(
        job: &'a Job,
        (output, normalized): (&Output, Option<&NewFile>),
        labels: &'a [LineLabel],
        wanted: &FieldSet,
    ) -> Result<Self, Error> {
        let path = output.file(&format!("lines.{}", job.format.ending()));
        let lines = job
            .outputs
            .lines
            .then(|| lines_writer(&path, job.format, &job.rules))
            .transpose()?;
        let normalized = normalized
            .map(|file| NormalizedWriter::create(file.path(), wanted, &features(job)))
            .transpose()?;
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
    pub(super) fn add(&mut self, worked: Worked, progress: &AtomicU64) -> Result<Vec<Task>, Error> {
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
        if selecting.is_some() {
            self.shipments.outcomes.add_aside(&batch);
        }
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
        if let Some(writer) = &mut self.normalized {
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

    pub(super) fn check_bad_rows(&self) -> Result<(), Error> {
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
        let advice = match self.issues.n_not_utf8() {
            0 => String::new(),
            _ => format!(". {NOT_UTF8_ADVICE}"),
        };
        let message = format!(
            "{bad} of {rows} rows cannot be read, more than the {limit} that are allowed (--max-bad-rows); the first: {}{advice}",
            first.join("; ")
        );
        Err(Error::new(ErrorKind::TooManyBadRows, message))
    }

    pub(super) fn finish(
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
        let as_of = job.as_of.or(self.latest_day);
        let mut summary = (self.tally).finish(&job.rules, &self.shipments, &selection, as_of);
        summary.history = history;
        summary.is_reconciled = is_reconciled;
        summary.has_shipments = job.outputs.needs_shipments();
        summary.repeated_inputs = repeated_inputs(&job.reading.inputs);
        summary.n_set_aside = self.issues.n_set_aside();
        summary.n_not_utf8 = self.issues.n_not_utf8();
        summary.n_cell_issues = self.issues.n_cells();
        if let Some(writer) = self.lines.take() {
            writer.finish()?;
        }
        self.referrals.finish()?;
        if let Some(writer) = self.normalized.take() {
            writer.finish()?;
        }
        write_issues(&output.file("issues.csv"), &self.issues, self.labels)?;
        let inputs = crate::input_hash::inputs(&job.reading.inputs, &self.rows_of_input, hashes)?;
        self.write_tables(output, &selection, &mut summary, (as_of, &inputs))?;
        timings.lap("write");
        write_run_json(&output.file("run.json"), job, &summary, &inputs, &timings)?;
        Ok(summary)
    }

    fn cva_entities(&self) -> u64 {
        self.entities
            .iter()
            .filter(|entity| entity.role != Role::ImporterAccount && entity.evidence().n_cva > 0)
            .count() as u64
    }

    fn write_tables(
        &self,
        output: &Output,
        selection: &Selection,
        summary: &mut Summary,
        (as_of, inputs): (Option<i32>, &[InputRecord]),
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
                let provenance = crate::report::Provenance { job, inputs };
                let page = crate::report::page(&finished, summary, &hit, &provenance);
                let path = output.file("report.html");
                #[expect(clippy::disallowed_methods, reason = "the report is written here")]
                std::fs::write(&path, page).map_err(|error| Error::io(&path, &error))?;
            }
        }
        #[cfg(not(feature = "tables"))]
        {
            let _ = (as_of, inputs);
            summary.cva_entities = self.cva_entities();
        }
        Ok(())
    }
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
