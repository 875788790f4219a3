//! A store of past lines: built once for each file, joined by any run.
//!
//! ```text
//! DIR/manifest.json                      what was built from what, with hashes
//! DIR/segments/000001/NAME-HASH.parquet  filings by key and moment, for features of one definition
//! DIR/segments/000001/corrections.parquet
//! DIR/segments/000001/rows-by-name.parquet   rows that later labels can name
//! DIR/segments/000001/labels.parquet         labels that came with the build
//! ```
//!
//! A build adds a segment and touches no other. A file is named by the first feature that it serves and by a hash of what
//! it holds, so that a feature whose definition changed finds no file of the old one. Windows, ages and strengths of priors
//! are no part of it: they can change without a new build.

mod build;
mod definition;
mod inspected;
mod manifest;
mod table;

pub use build::{BuildJob, Built, build};
pub use manifest::{Manifest, Segment, StoredInput};

use super::corrections::Corrections;
use super::findings::{Finding, Findings};
use super::moment::{Moment, day_of, start_of};
use super::past::{Filing, Needed};
use super::plan::{Plan, Unit};
use super::repeated::Repeated;
use super::taken::Record;
use crate::error::Error;
use crate::input_hash::hash_file;
use crate::read::Input;
use crate::rules::RuleSet;
use crate::rules::feature::Feature;
use definition::definition;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A store as run.json names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreAccount {
    /// Where it stood.
    pub path: Option<PathBuf>,
    /// How many segments it had.
    pub segments: usize,
    /// BLAKE3 of what they held.
    pub blake3: String,
}

/// A store, opened for a rule pack.
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
    manifest: Manifest,
    /// The hash of the definition of each feature, by name.
    definitions: Vec<(String, String)>,
}

impl Store {
    /// Opens a store. With `segments`, those and no later ones: what a past run saw.
    ///
    /// # Errors
    /// When there is none, or it is not one of this program and form.
    pub fn open(directory: &Path, rules: &RuleSet, segments: Option<usize>) -> Result<Self, Error> {
        let mut manifest = Manifest::read(directory)?;
        if let Some(segments) = segments {
            manifest.segments.truncate(segments);
        }
        let plan = Plan::of_store(rules);
        let definitions = plan.features.iter().map(|planned| {
            let feature = &rules.features[planned.feature];
            (
                feature.name.clone(),
                definition(rules, feature, planned.unit),
            )
        });
        Ok(Self {
            directory: directory.to_owned(),
            manifest,
            definitions: definitions.collect(),
        })
    }

    /// What run.json says of the store, by which a past run is opened again.
    pub fn account(&self) -> StoreAccount {
        StoreAccount {
            path: std::path::absolute(&self.directory).ok(),
            segments: self.manifest.segments.len(),
            blake3: self.manifest.hash(),
        }
    }

    /// Where it stands.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What was built.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Which inputs stand in the store, so that their rows count there alone.
    ///
    /// # Errors
    /// When an input cannot be read.
    pub fn holds(&self, inputs: &[Input]) -> Result<Vec<bool>, Error> {
        let is_stored = |input: &Input| {
            let hash = input.path.as_deref().map(hash_file).transpose()?;
            Ok(hash.is_some_and(|hash| self.manifest().holding(&hash).is_some()))
        };
        inputs.iter().map(is_stored).collect()
    }

    /// Features that a run asks for and that some segment does not hold as the rules define them now.
    pub fn stale(&self, rules: &RuleSet) -> Vec<String> {
        let plan = Plan::of_run(rules);
        let names = plan
            .features
            .iter()
            .map(|planned| &rules.features[planned.feature].name);
        let is_stale = |name: &&String| {
            let definition = self.definition_of(name);
            let mut segments = self.manifest.segments.iter();
            segments.any(|segment| segment.table(definition).is_none())
        };
        names.filter(is_stale).cloned().collect()
    }

    fn definition_of(&self, name: &str) -> &str {
        let known = self.definitions.iter().find(|(known, _)| known == name);
        known.map_or("", |(_, definition)| definition)
    }

    /// Adds the filings that replaced or removed earlier ones, and what corrections of whole shipments of a run do to
    /// stored lines.
    pub(super) fn corrections(
        &self,
        corrections: &mut Corrections,
        of_run: &Corrections,
    ) -> Result<(), Error> {
        for segment in &self.manifest.segments {
            let path = segment.path(&self.directory, &segment.corrections.file);
            segment.corrections.check(&path)?;
            table::read_corrections(&path, corrections)?;
        }
        let wholes = of_run.wholes();
        reach_stored(
            &self.directory,
            &self.manifest.segments,
            &wholes,
            corrections,
        )
    }

    /// The labels of all builds.
    pub(super) fn findings(&self) -> Result<Findings, Error> {
        let segments = self.manifest.segments.iter();
        findings(&self.directory, segments).map(Findings::new)
    }

    /// Whether labels can name rows of a run.
    pub fn has_labels(&self) -> bool {
        let mut segments = self.manifest.segments.iter();
        segments.any(|segment| segment.labels.rows > 0)
    }

    /// The filings of a feature under the keys of some rows, by key; what came later than all of them, or before every
    /// window, is left out.
    pub(super) fn filings(
        &self,
        feature: &Feature,
        unit: Unit,
        records: &[Record],
        (corrections, repeated): (&Corrections, &Repeated),
    ) -> Result<Vec<Filing>, Error> {
        let mut keys: Vec<u64> = records.iter().map(|record| record.key).collect();
        keys.dedup();
        let moments = || records.iter().map(|record| record.moment);
        let (first, last) = (moments().min(), moments().max());
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Vec::new());
        };
        let is_spike = feature.kind == crate::rules::vocabulary::FeatureKind::Spike;
        let since: Moment = match feature.window_days {
            // A filing that replaces another stands at its day, so all of them are wanted.
            Some(days) if corrections.is_empty() && !is_spike => {
                start_of(day_of(first).saturating_sub_unsigned(days))
            }
            _ => Moment::MIN,
        };
        let needed = || {
            let mut needed = Needed::new(feature, corrections);
            move |filing: &Filing| (since..=last).contains(&filing.moment) && needed.takes(filing)
        };
        self.read(feature, unit, (Some(&keys), repeated), needed)
    }

    /// The outcomes of all keys, with those of a run among them, by key.
    pub(super) fn outcomes(
        &self,
        feature: &Feature,
        unit: Unit,
        own: &[Filing],
        repeated: &Repeated,
    ) -> Result<Vec<Filing>, Error> {
        let mut filings = self.read(feature, unit, (None, repeated), || |_: &Filing| true)?;
        filings.extend_from_slice(own);
        filings.sort_unstable_by_key(|filing| (filing.key, filing.moment));
        Ok(filings)
    }

    /// Reads filings that are needed; what is needed is asked anew for each segment.
    fn read<N: FnMut(&Filing) -> bool>(
        &self,
        feature: &Feature,
        unit: Unit,
        (keys, repeated): (Option<&[u64]>, &Repeated),
        needed: impl Fn() -> N,
    ) -> Result<Vec<Filing>, Error> {
        let definition = self.definition_of(&feature.name);
        let own = |filing: &Filing| match (filing.outcome, filing.whole) {
            (Some(_), _) => filing.shipment,
            (None, 0) => filing.line,
            (None, whole) => whole,
        };
        let mut filings = Vec::new();
        for segment in &self.manifest.segments {
            let Some(table) = segment.table(definition) else {
                continue;
            };
            let path = segment.path(&self.directory, &table.file);
            table.check(&path)?;
            let mut needed = needed();
            let take = |filing: Filing| {
                let own = repeated.in_store(own(&filing));
                Some(Filing { own, ..filing }).filter(&mut needed)
            };
            table::read_filings(&path, unit, keys, take, &mut filings)?;
        }
        if self.manifest.segments.len() > 1 {
            filings.sort_unstable_by_key(|filing| (filing.key, filing.moment));
        }
        Ok(filings)
    }
}

/// The labels of segments.
fn findings<'a>(
    directory: &Path,
    segments: impl Iterator<Item = &'a Segment>,
) -> Result<Vec<Finding>, Error> {
    let mut all = Vec::new();
    for segment in segments {
        let path = segment.path(directory, &segment.labels.file);
        segment.labels.check(&path)?;
        inspected::read_findings(&path, &mut all)?;
    }
    Ok(all)
}

/// What corrections of whole shipments do to the lines of segments.
fn reach_stored(
    directory: &Path,
    segments: &[Segment],
    wholes: &Corrections,
    corrections: &mut Corrections,
) -> Result<(), Error> {
    for segment in segments.iter().filter(|_| wholes.has_wholes()) {
        let path = segment.path(directory, &segment.rows_by_name.file);
        segment.rows_by_name.check(&path)?;
        inspected::corrected_lines(&path, wholes, corrections)?;
    }
    Ok(())
}
