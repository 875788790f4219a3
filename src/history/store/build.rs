//! `ch24 history build`: inputs -> one more segment of a store.

use super::super::compute::outcome_filings;
use super::super::corrections::Corrections;
use super::super::extract::Mark;
use super::super::findings::{Finding, Findings};
use super::super::gather::Gathered;
use super::super::moment::{UNDATED, day_of};
use super::super::past::Filing;
use super::super::plan::Plan;
use super::super::taken::{Record, Rows, Taken};
use super::definition::definition;
use super::inspected::{Asking, named_filings, write_findings, write_rows};
use super::manifest::{Manifest, Segment, StoredInput, StoredTable};
use super::table::{Shape, read_corrections, write_corrections, write_filings};
use super::{findings, reach_stored};
use crate::error::{Error, ErrorKind};
use crate::input_hash::hash_file;
use crate::job::BadRows;
use crate::lock::lock_directory;
use crate::normalize::Identities;
use crate::normalize::date::format_date;
use crate::outcomes::labels_of;
use crate::read::{Input, Reading};
use crate::rules::RuleSet;
use crate::rules::vocabulary::FeatureKind;
use crate::scan::{gather, with_threads};
use crate::write::remove_leftovers;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

/// What to build.
#[derive(Debug)]
pub struct BuildJob {
    /// What to read.
    pub reading: Reading,
    /// The rules, for their features.
    pub rules: RuleSet,
    /// What becomes of masked numbers: without a key they are in no history, since a hash of them can be undone.
    pub identities: Identities,
    /// Labels: a store of outcomes, or a file as `ch24 outcomes import` takes it.
    pub outcomes: Option<PathBuf>,
    /// The store.
    pub store: PathBuf,
    /// Worker threads; none: one per core.
    pub threads: Option<usize>,
    /// When too many rows were set aside.
    pub max_bad_rows: BadRows,
}

/// What was built.
#[derive(Debug)]
pub struct Built {
    /// The new segment; none where every input stood in the store already.
    pub segment: Option<Segment>,
    /// Inputs that stand in the store already, and their segments.
    pub skipped: Vec<(String, String)>,
    /// Rows that were set aside.
    pub n_set_aside: u64,
    /// Rows of outcomes that give no label.
    pub n_outcomes_set_aside: u64,
    /// Labels that the store had already.
    pub n_known_labels: u64,
}

/// Adds a segment to a store, or makes one. Either all of it is added or nothing.
///
/// # Errors
/// When an input cannot be read, too many rows are bad, the directory is not a store, or it cannot be written.
pub fn build(job: &BuildJob, progress: &AtomicU64) -> Result<Built, Error> {
    let mut manifest = open(&job.store)?;
    let id_key = job.identities.fingerprint();
    manifest.check_key(&job.store, id_key.as_deref())?;
    let mut skipped = Vec::new();
    let mut inputs: Vec<(Input, Option<String>)> = Vec::new();
    for input in &job.reading.inputs {
        let hash = input.path.as_deref().map(hash_file).transpose()?;
        let stored = hash.as_deref().and_then(|hash| manifest.holding(hash));
        let twin = inputs
            .iter()
            .find(|(_, known)| known.is_some() && *known == hash);
        match (stored, twin) {
            (Some(segment), _) => skipped.push((input.label.clone(), segment.name.clone())),
            (None, Some((twin, _))) => skipped.push((input.label.clone(), twin.label.clone())),
            (None, None) => inputs.push((input.clone(), hash)),
        }
    }
    let mut built = Built {
        segment: None,
        skipped,
        n_set_aside: 0,
        n_outcomes_set_aside: 0,
        n_known_labels: 0,
    };
    let labels = new_labels(job, &manifest, &mut built)?;
    if inputs.is_empty() && labels.new.all().is_empty() {
        return Ok(built);
    }
    let reading = Reading {
        inputs: inputs.iter().map(|(input, _)| input.clone()).collect(),
        ..job.reading.clone()
    };
    let plan = Plan::of_store(&job.rules);
    let temporary = Temporary::create(&job.store)?;
    let segment = with_threads(job.threads, || {
        let (gathered, n_set_aside) = gather(
            &job.rules,
            &plan,
            &job.identities,
            &reading,
            &temporary.path,
            progress,
        )?;
        let rows = u64::from(gathered.n_rows()) + n_set_aside;
        let limit = job.max_bad_rows.limit(rows);
        if n_set_aside > limit {
            let message = format!(
                "{n_set_aside} of {rows} rows cannot be read, more than the {limit} that are allowed (--max-bad-rows); nothing was built"
            );
            return Err(Error::new(ErrorKind::TooManyBadRows, message));
        }
        built.n_set_aside = n_set_aside;
        write_segment(job, &plan, gathered, (&manifest, labels), &temporary.path)
    })?;
    let number = manifest.segments.len() + 1;
    let stored = inputs.into_iter().map(|(input, blake3)| StoredInput {
        label: input.label,
        blake3,
    });
    let segment = Segment {
        name: format!("{number:06}"),
        inputs: stored.collect(),
        id_key,
        ..segment
    };
    // Builds at one time: who comes second finds a store that is not the one that was read.
    let _lock = lock_directory(&job.store);
    if open(&job.store)? != manifest {
        let message = "another build added to this store meanwhile; nothing was added, run again";
        return Err(Error::at(ErrorKind::Usage, &job.store, message));
    }
    manifest.segments.push(segment.clone());
    temporary.put_in_place(&job.store, &manifest, &segment.name)?;
    built.segment = Some(segment);
    Ok(built)
}

/// How the directory of a segment begins until it is complete; the number of the process follows.
const LEFTOVER: &str = ".segment-";

/// The manifest of a store, of an empty one where there is nothing yet.
#[expect(
    clippy::disallowed_methods,
    reason = "what stands in the way of a store is looked at"
)]
fn open(directory: &Path) -> Result<Manifest, Error> {
    remove_leftovers(directory, LEFTOVER);
    let is_leftover = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry.map(|entry| entry.file_name());
        name.is_ok_and(|name| name.to_string_lossy().starts_with(LEFTOVER))
    };
    let is_new = match std::fs::read_dir(directory) {
        Ok(mut entries) => entries.all(is_leftover),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(Error::io(directory, &error)),
    };
    match is_new {
        true => Ok(Manifest::empty()),
        false => Manifest::read(directory),
    }
}

/// The labels of a build.
struct Labels {
    /// Those that the store does not have.
    new: Findings,
    /// Those of the store.
    known: Findings,
}

fn new_labels(job: &BuildJob, manifest: &Manifest, built: &mut Built) -> Result<Labels, Error> {
    let known = Findings::new(findings(&job.store, manifest.segments.iter())?);
    let mut new = Vec::new();
    if let Some(path) = &job.outcomes {
        let (labels, n_set_aside) = labels_of(path)?;
        built.n_outcomes_set_aside = n_set_aside as u64;
        let found = Findings::new(labels.iter().filter_map(Finding::of).collect());
        let is_known = |finding: &&Finding| {
            let order = known
                .all()
                .binary_search_by_key(&finding.key(), Finding::key);
            order.is_ok()
        };
        new = found.all().to_vec();
        new.retain(|finding| !is_known(&finding));
        built.n_known_labels = (found.all().len() - new.len()) as u64;
    }
    let new = Findings::new(new);
    Ok(Labels { new, known })
}

fn write_segment(
    job: &BuildJob,
    plan: &Plan,
    mut gathered: Gathered,
    (manifest, mut labels): (&Manifest, Labels),
    directory: &Path,
) -> Result<Segment, Error> {
    let rows = Rows::read(&gathered)?;
    for findings in [&mut labels.new, &mut labels.known] {
        gathered.outcomes.extend(findings.of_rows(&gathered)?);
    }
    let asking = asking(job, plan);
    let mut of_stored: Vec<Vec<Filing>> = vec![Vec::new(); asking.len()];
    let has_labels = !labels.new.all().is_empty();
    for segment in manifest.segments.iter().filter(|_| has_labels) {
        let path = segment.path(&job.store, &segment.rows_by_name.file);
        segment.rows_by_name.check(&path)?;
        named_filings(&path, &asking, &mut labels.new, &mut of_stored)?;
    }
    let mut tables: Vec<StoredTable> = Vec::new();
    for (position, spool) in gathered.keys.iter().enumerate() {
        let keys = spool.all()?;
        let records = rows.under(&keys);
        for planned in plan
            .features
            .iter()
            .filter(|planned| planned.key == position)
        {
            let feature = &job.rules.features[planned.feature];
            let hash = definition(&job.rules, feature, planned.unit);
            if let Some(known) = tables.iter_mut().find(|table| table.definition == hash) {
                known.features.push(feature.name.clone());
                continue;
            }
            let taken = Taken::read(feature, planned, &rows, &gathered)?;
            let stored = asking.iter().position(|asking| asking.definition == hash);
            let filings: Vec<Filing> = match stored {
                Some(stored) => {
                    let mut filings = outcome_filings(&taken, &gathered.outcomes, &keys);
                    filings.append(&mut of_stored[stored]);
                    filings.sort_unstable_by_key(|filing| (filing.key, filing.moment));
                    filings
                }
                None => records
                    .iter()
                    .filter_map(|record| filing(&taken, record))
                    .collect(),
            };
            let shape = Shape {
                unit: planned.unit,
                has_item: feature.of.is_some(),
                has_outcome: stored.is_some(),
                has_whole: stored.is_none() && filings.iter().any(|filing| filing.whole != 0),
            };
            let file = format!("{}-{hash}.parquet", feature.name);
            write_filings(&directory.join(&file), shape, &filings)?;
            let table = stored_table(directory, &file, filings.len())?;
            tables.push(StoredTable {
                definition: hash,
                features: vec![feature.name.clone()],
                ..table
            });
        }
    }
    let days = || {
        rows.moments()
            .filter(|moment| *moment != UNDATED)
            .map(day_of)
    };
    Ok(Segment {
        name: String::new(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rules: job.rules.hash.clone(),
        inputs: Vec::new(),
        rows: u64::from(gathered.n_rows()),
        undated_rows: gathered.n_undated,
        outcomes: gathered.outcomes.len() as u64,
        from: days().min().map(format_date),
        to: days().max().map(format_date),
        id_key: None,
        tables,
        corrections: {
            let corrections = corrections(job, manifest, &gathered)?.sorted();
            write_corrections(&directory.join(CORRECTIONS), &corrections)?;
            stored_table(directory, CORRECTIONS, corrections.len())?
        },
        rows_by_name: {
            let n_rows = write_rows(&directory.join(ROWS_BY_NAME), &asking, &gathered)?;
            stored_table(directory, ROWS_BY_NAME, n_rows)?
        },
        labels: {
            write_findings(&directory.join(LABELS), labels.new.all())?;
            stored_table(directory, LABELS, labels.new.all().len())?
        },
        labels_without_row: labels.new.n_unused(),
    })
}

/// The corrections of a build, with what those of whole shipments do: new ones to all lines, older ones to new lines.
fn corrections(
    job: &BuildJob,
    manifest: &Manifest,
    gathered: &Gathered,
) -> Result<Corrections, Error> {
    let mut corrections = gathered.corrections.clone();
    let new = gathered.corrections.wholes();
    reach_stored(&job.store, &manifest.segments, &new, &mut corrections)?;
    corrections.reach_rows(gathered)?;
    let mut older = Corrections::default();
    for segment in &manifest.segments {
        let path = segment.path(&job.store, &segment.corrections.file);
        segment.corrections.check(&path)?;
        read_corrections(&path, &mut older)?;
    }
    let mut older = older.wholes();
    older.reach_rows(gathered)?;
    older
        .of_lines()
        .for_each(|correction| corrections.add(*correction));
    Ok(corrections)
}

const CORRECTIONS: &str = "corrections.parquet";
const ROWS_BY_NAME: &str = "rows-by-name.parquet";
const LABELS: &str = "labels.parquet";

/// A file that was written, without features.
fn stored_table(directory: &Path, file: &str, rows: usize) -> Result<StoredTable, Error> {
    Ok(StoredTable {
        file: file.to_owned(),
        definition: String::new(),
        features: Vec::new(),
        rows: rows as u64,
        blake3: hash_file(&directory.join(file))?,
    })
}

/// The features that ask for outcomes, each definition once.
fn asking(job: &BuildJob, plan: &Plan) -> Vec<Asking> {
    let mut asking: Vec<Asking> = Vec::new();
    for planned in &plan.features {
        let feature = &job.rules.features[planned.feature];
        let definition = definition(&job.rules, feature, planned.unit);
        let is_known = asking.iter().any(|known| known.definition == definition);
        if feature.kind == FeatureKind::OutcomeRate && !is_known {
            asking.push(Asking {
                definition,
                unit: planned.unit,
                key: planned.key,
                filter: planned.filter,
            });
        }
    }
    asking
}

/// What a row adds; one that removes another adds nothing.
fn filing(taken: &Taken<'_>, record: &Record) -> Option<Filing> {
    let filing = taken.counts(record.row).then(|| taken.filing(record))?;
    (Mark(filing.mark.0).rank() < 2).then_some(filing)
}

/// The directory of a segment until it is complete.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn create(store: &Path) -> Result<Self, Error> {
        let path = store.join(format!("{LEFTOVER}{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| Error::io(&path, &error))?;
        Ok(Self { path })
    }

    /// Puts segment and manifest in their places, the manifest last: what it does not name is not there.
    #[expect(
        clippy::disallowed_methods,
        reason = "segments are put in their place here"
    )]
    fn put_in_place(&self, store: &Path, manifest: &Manifest, name: &str) -> Result<(), Error> {
        let segments = store.join("segments");
        let place = segments.join(name);
        let failed = |error: std::io::Error| Error::io(&place, &error);
        std::fs::create_dir_all(&segments).map_err(failed)?;
        // A build that was killed between the two steps left it; no manifest names it.
        std::fs::remove_dir_all(&place).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(failed(error)),
        })?;
        std::fs::rename(&self.path, &place).map_err(failed)?;
        let path = Manifest::path(store);
        let failed = |error: std::io::Error| Error::io(&path, &error);
        let text = serde_json::to_string_pretty(manifest)
            .map_err(|error| Error::at(ErrorKind::Io, &path, error))?;
        let new = store.join(".manifest.json");
        std::fs::write(&new, text + "\n").map_err(failed)?;
        std::fs::rename(&new, &path).map_err(failed)
    }
}

impl Drop for Temporary {
    #[expect(
        clippy::disallowed_methods,
        reason = "a segment that was not finished leaves nothing"
    )]
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.path).ok();
        if let Some(store) = self.path.parent() {
            // Only an empty directory goes.
            std::fs::remove_dir(store).ok();
        }
    }
}
