//! What every step of tuning shares: shipments in two parts by time, the capacity, the seed, and what must stay.

use super::Wish;
use super::layout::{Layout, LinesOfShipments};
use super::resample;
use super::what_if::{Place, Tally, WhatIf};
use crate::batch::NULL_DATE;
use crate::tune::aside::Aside;
use crate::tune::evidence::{Case, Evidence, Found};

/// The share of bad shipments that come before the split, where no day is given.
const TRAINED: f64 = 0.7;

/// Shipments, split by time.
#[derive(Debug)]
pub(super) struct Session<'a> {
    /// What hit each shipment, and what was found.
    pub(super) evidence: &'a Evidence,
    /// Lines, bits and protected shipments.
    pub(super) aside: &'a Aside,
    pub(super) of_shipment: LinesOfShipments,
    /// The first day of validation; shipments without a day are trained on.
    pub(super) split: i32,
    is_train: Vec<bool>,
    /// Share of shipments that can be looked at.
    pub(super) share: f64,
    /// The seed of resamples.
    pub(super) seed: u64,
    n_trained_bad: u64,
}

/// Which shipments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Before the split.
    Train,
    /// From the split on.
    Validation,
    /// All of them.
    All,
}

impl<'a> Session<'a> {
    /// Splits shipments by time; without a capacity, a twentieth of them is it.
    pub(super) fn new(evidence: &'a Evidence, aside: &'a Aside, wish: &Wish) -> Self {
        let split = wish.split.unwrap_or_else(|| default_split(evidence));
        let n = evidence.shipments.len().max(1) as f64;
        let capacity = wish
            .capacity
            .map_or((n / 20.0).ceil(), |capacity| capacity as f64);
        let is_train = |day: i32| day == NULL_DATE || day < split;
        let is_trained_bad =
            |case: &&Case| matches!(case.found, Found::Bad(_)) && is_train(case.day);
        Self {
            evidence,
            aside,
            of_shipment: LinesOfShipments::new(aside, evidence.shipments.len()),
            split,
            is_train: (evidence.shipments.iter())
                .map(|case| is_train(case.day))
                .collect(),
            share: (capacity / n).min(1.0),
            seed: wish.seed,
            n_trained_bad: evidence.shipments.iter().filter(is_trained_bad).count() as u64,
        }
    }

    /// What a change has to gain: `least`, and this part of what one bad shipment weighs among those trained on.
    pub(super) fn least_gain(&self, least: f64, part_of_one: f64) -> f64 {
        least.max(part_of_one / self.n_trained_bad.max(1) as f64)
    }

    /// The shipments of a part at their places.
    pub(super) fn tally(&self, what_if: &WhatIf<'_>, layout: &Layout, part: Part) -> Tally {
        let times = self.is_train.iter().map(|is_train| {
            u64::from(match part {
                Part::Train => *is_train,
                Part::Validation => !is_train,
                Part::All => true,
            })
        });
        Tally::new(what_if, layout, &self.evidence.shipments, times)
    }

    /// Whether a shipment is trained on.
    pub(super) fn is_train(&self, shipment: usize) -> bool {
        self.is_train[shipment]
    }

    /// A resample of the shipments that are trained on.
    pub(super) fn resample(&self, what_if: &WhatIf<'_>, layout: &Layout, number: u64) -> Tally {
        let drawn = resample::times(self.seed, number).zip(&self.is_train);
        let times = drawn.map(|(times, is_train)| if *is_train { times } else { 0 });
        Tally::new(what_if, layout, &self.evidence.shipments, times)
    }

    /// The protected shipments that are among those looked at, ascending; ties are broken as `score` breaks them.
    pub(super) fn protected(&self, what_if: &WhatIf<'_>, layout: &Layout) -> Vec<u32> {
        if self.aside.named.is_empty() {
            return Vec::new();
        }
        let shipments = &self.evidence.shipments;
        let rank = |shipment: usize| {
            let place: Place = what_if.place_of[layout.profile_of[shipment] as usize];
            (std::cmp::Reverse(place), shipments[shipment].key_hash)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of shipments"
        )]
        let capacity = (self.share * shipments.len() as f64).round() as usize;
        let mut order: Vec<usize> = (0..shipments.len()).collect();
        if capacity < order.len() {
            order.select_nth_unstable_by_key(capacity, |shipment| rank(*shipment));
            order.truncate(capacity);
        }
        order.sort_unstable();
        let is_seen = |named: &u32| order.binary_search(&(*named as usize)).is_ok();
        self.aside.named.iter().copied().filter(is_seen).collect()
    }
}

fn default_split(evidence: &Evidence) -> i32 {
    let mut days: Vec<i32> = (evidence.shipments.iter())
        .filter(|case| matches!(case.found, Found::Bad(_)) && case.day != NULL_DATE)
        .map(|case| case.day)
        .collect();
    days.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position"
    )]
    let position = (days.len() as f64 * TRAINED) as usize;
    days.get(position).copied().unwrap_or(i32::MAX)
}
