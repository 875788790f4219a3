//! Lines with outcomes, opened as they were typed.

use super::args::LabeledArgs;
use super::score;
use super::streams;
use crate::error::Error;
use crate::history::store::Store;
use crate::normalize::Identities;
use crate::read::{KeptStreams, Reading, find_inputs};
use crate::reconcile::Reconcile;
use crate::rules::RuleSet;
use crate::tune::{self, Labels};
use std::path::PathBuf;

/// What was opened.
pub(super) struct Labeled {
    pub(super) reading: Reading,
    labels: Option<Labels>,
    store: Option<Store>,
    reconcile: Reconcile,
    threads: Option<usize>,
    spill: PathBuf,
    /// Standard input and pipes, which are read more than once.
    _kept: KeptStreams,
}

impl Labeled {
    /// Opens what was typed, for the rules that will judge it.
    pub(super) fn open(args: &LabeledArgs, rules: &RuleSet, is_quiet: bool) -> Result<Self, Error> {
        let mut inputs = find_inputs(&args.inputs)?;
        let kept = streams::keep(&mut inputs)?;
        let history = args.history.as_deref();
        Ok(Self {
            reading: score::reading(inputs, args.map.as_deref(), is_quiet)?,
            labels: args.labels.as_deref().map(Labels::read).transpose()?,
            store: score::history(history, is_quiet, rules, &Identities::FirstRow)?,
            reconcile: score::reconcile(args.reconcile),
            threads: args.threads,
            spill: std::env::temp_dir(),
            _kept: kept,
        })
    }

    /// The lines and their outcomes.
    pub(super) fn data(&self) -> tune::Labeled<'_> {
        tune::Labeled {
            reading: &self.reading,
            labels: self.labels.as_ref(),
            history: self.store.as_ref(),
            reconcile: self.reconcile,
            spill: &self.spill,
            threads: self.threads,
        }
    }
}
