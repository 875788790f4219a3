//! Columns of a run, and the store -> the features of each row.
//!
//! Key by key: rows with the same key are brought together, in the order of time, and all features of the key are read off
//! in one go through it. Keys are worked on by all threads; each row has its own place in the answer.

use super::columns::{Answers, Columns};
use super::corrections::Corrections;
use super::extract::Outcome;
use super::gather::Gathered;
use super::kinds::{Count, Distinct, FirstSeen, OutcomeRate, PeerQuantile, Spike, Sum, split};
use super::moment::{NEVER, UNDATED, asked_at};
use super::past::{Filing, Needed, Settled, events};
use super::plan::Plan;
use super::prior::{PriorBuilder, Priors};
use super::store::Store;
use super::sweep::{Answer, Event, Query, State, chain_units, join_units, sweep};
use super::taken::{Record, Rows, Taken};
use crate::error::Error;
use crate::rules::RuleSet;
use crate::rules::feature::Feature;
use crate::rules::vocabulary::FeatureKind;
use rayon::prelude::*;
use std::path::Path;

/// Computes every feature of a plan.
///
/// # Errors
/// When a column or the store cannot be read, or an answer cannot be written.
pub fn compute(
    rules: &RuleSet,
    plan: &Plan,
    gathered: &Gathered,
    store: Option<&Store>,
    directory: &Path,
) -> Result<Columns, Error> {
    let rows = Rows::read(gathered)?.with_repeated();
    let mut corrections = gathered.corrections.clone();
    let mut outcomes = gathered.outcomes.clone();
    if let Some(store) = store {
        store.corrections(&mut corrections, &gathered.corrections)?;
        outcomes.extend(store.findings()?.of_rows(gathered)?);
    }
    corrections.reach_rows(gathered)?;
    let known = Known {
        rows: &rows,
        outcomes: &outcomes,
        corrections: &corrections,
        store,
    };
    let mut columns = Columns::new(gathered.places.clone());
    // A column goes to its file while the next is computed.
    let mut last: Option<(&Feature, Answers)> = None;
    let finish = |last: Option<(&Feature, Answers)>| {
        last.map(|(feature, answers)| answers.finish(feature, directory))
            .transpose()
    };
    for (position, _) in plan.keys.iter().enumerate() {
        let keys = gathered.keys[position].all()?;
        let mut records = None;
        for planned in plan
            .features
            .iter()
            .filter(|planned| planned.key == position)
        {
            let feature = &rules.features[planned.feature];
            let (answers, finished) = rayon::join(
                || {
                    let taken = Taken::read(feature, planned, &rows, gathered)?;
                    known.answers(taken, &keys, &mut records)
                },
                || finish(last.take()),
            );
            columns.extend(finished?);
            last = Some((feature, answers?));
        }
    }
    columns.extend(finish(last)?);
    Ok(columns)
}

/// What all features rest on.
struct Known<'a> {
    rows: &'a Rows,
    outcomes: &'a [(u32, Outcome)],
    corrections: &'a Corrections,
    store: Option<&'a Store>,
}

impl Known<'_> {
    /// The answers of a feature; `records` are those of its key, made by the first feature that needs them.
    fn answers(
        &self,
        taken: Taken<'_>,
        keys: &[u64],
        records: &mut Option<Vec<Record>>,
    ) -> Result<Answers, Error> {
        let (rows, corrections) = (self.rows, self.corrections);
        let feature = taken.feature;
        let answers = Answers::new(keys.len(), feature);
        let mut stored = Vec::new();
        let mut priors = Priors::default();
        if feature.kind == FeatureKind::OutcomeRate {
            let found = Found::of(&taken, self.outcomes, keys, self.store, corrections)?;
            if found.priors.is_empty() {
                rows.dated(keys)
                    .for_each(|record| answers.put(record.row, NO_OUTCOME));
                return Ok(answers);
            }
            (stored, priors) = (found.own, found.priors);
        }
        let records = records.get_or_insert_with(|| rows.under(keys));
        if let Some(store) = self.store {
            let known = (corrections, &rows.repeated);
            stored.extend(store.filings(feature, taken.planned.unit, records, known)?);
            stored.par_sort_unstable_by_key(|filing| (filing.key, filing.moment));
        }
        let computing = Computing {
            feature,
            taken,
            corrections,
            records,
            stored,
            priors,
            answers,
        };
        Ok(computing.run())
    }
}

/// What a row gets where no outcome is known at all.
const NO_OUTCOME: Answer = Answer {
    value: f64::NAN,
    support: 0,
};

/// One feature at work.
struct Computing<'a> {
    feature: &'a Feature,
    taken: Taken<'a>,
    corrections: &'a Corrections,
    records: &'a [Record],
    /// Filings of the store, key by key; outcomes of this run among them where the feature is about outcomes.
    stored: Vec<Filing>,
    /// What outcomes say of all keys, where the feature is about outcomes.
    priors: Priors,
    answers: Answers,
}

impl Computing<'_> {
    fn run(self) -> Answers {
        let feature = self.feature;
        let least = feature.min_support;
        match feature.kind {
            FeatureKind::FirstSeenDays => self.sweep(FirstSeen::default),
            FeatureKind::Count => self.sweep(Count::default),
            FeatureKind::Sum => self.sweep(Sum::default),
            FeatureKind::Distinct | FeatureKind::Repeat => {
                let others_only = feature.kind == FeatureKind::Repeat;
                self.sweep(|| Distinct::new(others_only));
            }
            FeatureKind::PeerQuantile => self.sweep(|| PeerQuantile::new(least)),
            FeatureKind::Spike => {
                let (window, has_value) = (window_of(feature), feature.of.is_some());
                self.sweep(|| Spike::new(has_value, window, feature.skip_days, least));
            }
            FeatureKind::OutcomeRate => {
                self.sweep(|| OutcomeRate::new(&self.priors, feature.prior_strength, least));
            }
            FeatureKind::External => {}
        }
        self.answers
    }

    /// Goes through the time of every key.
    fn sweep<S: State>(&self, state: impl Fn() -> S + Sync) {
        let pieces: Vec<&[Record]> = pieces(self.records);
        pieces.par_iter().for_each(|piece| {
            let mut state = state();
            let mut work = Work::default();
            let start = piece.first().map_or(0, |record| record.key);
            let first = self.stored.partition_point(|filing| filing.key < start);
            let mut stored = self.stored.get(first..).unwrap_or(&[]);
            for records in piece.chunk_by(|left, right| left.key == right.key) {
                let key = records[0].key;
                let skip = stored.iter().take_while(|filing| filing.key < key).count();
                stored = &stored[skip..];
                let count = stored.iter().take_while(|filing| filing.key == key).count();
                self.sweep_key(&mut state, &mut work, records, &stored[..count]);
            }
        });
    }

    fn sweep_key(
        &self,
        state: &mut impl State,
        work: &mut Work,
        records: &[Record],
        stored: &[Filing],
    ) {
        work.filings.clear();
        work.filings.extend_from_slice(stored);
        if self.feature.kind != FeatureKind::OutcomeRate {
            let mut needed = Needed::new(self.feature, self.corrections);
            for record in records {
                let passes_over = needed.passes_over(record.key, self.taken.mark(record.row));
                if !passes_over && self.taken.counts(record.row) {
                    let filing = self.taken.filing(record);
                    if needed.takes(&filing) {
                        work.filings.push(filing);
                    }
                }
            }
        }
        events(
            self.feature,
            &work.filings,
            self.corrections,
            &mut work.events,
        );
        self.prepare(&mut work.events);
        // Who asks is of no matter where nobody leaves out what is his own.
        let leaves_out = self.feature.kind == FeatureKind::OutcomeRate
            || work.events.iter().any(|event| event.own != 0);
        let own = |row: u32| match leaves_out {
            true => (
                self.taken.rows.lines[row as usize],
                self.taken.rows.shipment(row),
            ),
            false => (0, 0),
        };
        work.queries.clear();
        work.queries.extend(records.iter().map(|record| {
            let (line, shipment) = own(record.row);
            Query {
                row: record.row,
                asked: asked_at(record.moment),
                item: self.taken.item(record.row),
                line,
                shipment,
            }
        }));
        sweep(
            state,
            &mut work.events,
            &mut work.queries,
            |query, answer| {
                self.answers.put(query.row, answer);
            },
        );
    }

    /// Brings events to the form that the kind counts.
    fn prepare(&self, events: &mut Vec<Event>) {
        match self.feature.kind {
            FeatureKind::Count => join_units(events),
            FeatureKind::Sum | FeatureKind::PeerQuantile => chain_units(events),
            FeatureKind::Spike => {
                chain_units(events);
                split(events, window_of(self.feature));
            }
            FeatureKind::FirstSeenDays => keep_first(events),
            // A rate leaves out its own shipment by itself.
            FeatureKind::OutcomeRate => events.iter_mut().for_each(|event| event.own = 0),
            _ => {}
        }
    }
}

/// Keeps the events that can be the first for somebody, where none leaves.
fn keep_first(events: &mut Vec<Event>) {
    let stays = |event: &Event| event.exit == NEVER && event.at == event.enter;
    if !events.iter().all(stays) {
        return;
    }
    events.sort_unstable_by_key(|event| event.enter);
    let mut settled = Settled::default();
    let last = events.iter().position(|event| settled.add(event.own));
    events.truncate(last.map_or(events.len(), |last| last + 1));
}

/// What is known of outcomes, for a feature of them.
struct Found {
    /// Outcomes of this run by key.
    own: Vec<Filing>,
    /// The priors from all outcomes.
    priors: Priors,
}

impl Found {
    fn of(
        taken: &Taken<'_>,
        outcomes: &[(u32, Outcome)],
        keys: &[u64],
        store: Option<&Store>,
        corrections: &Corrections,
    ) -> Result<Self, Error> {
        let own = outcome_filings(taken, outcomes, keys);
        // The prior rests on every key of the store, the filings on those that are asked about.
        let all = match store {
            Some(store) => {
                let repeated = &taken.rows.repeated;
                Some(store.outcomes(taken.feature, taken.planned.unit, &own, repeated)?)
            }
            None => None,
        };
        let all = all.as_deref().unwrap_or(&own);
        let builder = all
            .par_chunk_by(|left, right| left.key == right.key)
            .fold(PriorBuilder::default, |mut builder, filings| {
                let mut of_key = Vec::new();
                events(taken.feature, filings, corrections, &mut of_key);
                builder.add_key(&of_key);
                builder
            })
            .reduce(PriorBuilder::default, PriorBuilder::merge);
        let priors = builder.finish();
        Ok(Self { own, priors })
    }
}

/// The outcomes of a run for a feature, by key and moment.
pub(super) fn outcome_filings(
    taken: &Taken<'_>,
    outcomes: &[(u32, Outcome)],
    keys: &[u64],
) -> Vec<Filing> {
    let filing = |(row, outcome): &(u32, Outcome)| {
        let (key, moment) = (keys[*row as usize], taken.rows.moment(*row));
        let counts = key != 0 && moment != UNDATED && taken.passes(*row);
        let row = *row;
        counts.then(|| Filing {
            outcome: Some(*outcome),
            ..taken.filing(&Record { key, moment, row })
        })
    };
    let mut filings: Vec<Filing> = outcomes.par_iter().filter_map(filing).collect();
    filings.par_sort_unstable_by_key(|filing| (filing.key, filing.moment));
    filings
}

/// What is used again for every key.
#[derive(Default)]
struct Work {
    filings: Vec<Filing>,
    events: Vec<Event>,
    queries: Vec<Query>,
}

/// The window of a spike; a week where none is stated.
fn window_of(feature: &Feature) -> u32 {
    feature.window_days.unwrap_or(7)
}

/// Cuts records between keys, so that every thread has some.
fn pieces(records: &[Record]) -> Vec<&[Record]> {
    let target = (records.len() / (rayon::current_num_threads() * 8)).max(1 << 12);
    let mut pieces = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        let mut end = target.min(rest.len());
        let key = rest[end - 1].key;
        end += rest[end..].partition_point(|record| record.key <= key);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}
