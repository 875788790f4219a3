//! What every step of tuning shares: shipments in two parts by time, the capacity, the seed, and what must stay.

use super::Wish;
use super::layout::{Layout, LinesOfShipments};
use super::resample;
use super::what_if::{Cell, Place, Tally, WhatIf, cells};
use crate::batch::NULL_DATE;
use crate::tune::aside::Aside;
use crate::tune::evidence::{Evidence, Found};

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
        }
    }

    /// Of each shipment whether it is of a part.
    fn of_part(&self, part: Part) -> impl Iterator<Item = bool> + '_ {
        self.is_train.iter().map(move |is_train| match part {
            Part::Train => *is_train,
            Part::Validation => !is_train,
            Part::All => true,
        })
    }

    /// How often each shipment of a part stands in a resample.
    fn drawn(&self, part: Part, number: u64) -> impl Iterator<Item = u64> + '_ {
        let drawn = resample::times(self.seed, number).zip(self.of_part(part));
        drawn.map(|(times, is_of_part)| if is_of_part { times } else { 0 })
    }

    /// The shipments of a part at their places.
    pub(super) fn tally(&self, what_if: &WhatIf<'_>, layout: &Layout, part: Part) -> Tally {
        let times = self.of_part(part).map(u64::from);
        Tally::new(what_if, layout, &self.evidence.shipments, times)
    }

    /// Whether a shipment is trained on.
    pub(super) fn is_train(&self, shipment: usize) -> bool {
        self.is_train[shipment]
    }

    /// A resample of the shipments of a part.
    pub(super) fn resample(
        &self,
        what_if: &WhatIf<'_>,
        layout: &Layout,
        part: Part,
        number: u64,
    ) -> Tally {
        let times = self.drawn(part, number);
        Tally::new(what_if, layout, &self.evidence.shipments, times)
    }

    /// The shipments of a part by profile.
    pub(super) fn cells(&self, layout: &Layout, part: Part) -> Vec<Cell> {
        let times = self.of_part(part).map(u64::from);
        cells(layout, &self.evidence.shipments, times)
    }

    /// A resample of them by profile.
    pub(super) fn resampled_cells(&self, layout: &Layout, part: Part, number: u64) -> Vec<Cell> {
        cells(layout, &self.evidence.shipments, self.drawn(part, number))
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
