//! What outcomes say of all keys together, by day: the prior of empirical Bayes.
//!
//! The share of bad units, and how much keys differ. Two units of one key are both bad more often than two of any keys;
//! the correlation r that this shows is 1 / (s + 1) of a beta distribution whose weight is s units, which is the strength
//! of the prior (intraclass correlation, method of moments). Whole numbers throughout, so that no order matters.

use super::kinds::OutcomeRate;
use super::moment::{Moment, NEVER, day_of};
use super::sweep::{Event, State};
use std::collections::BTreeMap;

/// The strength where too little is known of how keys differ.
const USUAL_STRENGTH: f64 = 10.0;
/// The least and the greatest strength that data can give.
const STRENGTHS: (f64, f64) = (1.0, 1000.0);
/// Pairs of units of one key that are needed to say how keys differ.
const FEWEST_PAIRS: i128 = 100;

/// A prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// The share of bad units.
    pub rate: f64,
    /// Its weight, in units.
    pub strength: f64,
}

/// Priors by day.
#[derive(Clone, Debug, Default)]
pub struct Priors {
    days: Vec<(i32, Prior)>,
}

impl Priors {
    /// The prior of what is asked at a moment: of outcomes that were known before its day. None before the first outcome.
    pub fn at(&self, asked: Moment) -> Option<Prior> {
        let day = day_of(asked);
        let after = self.days.partition_point(|(from, _)| *from <= day);
        let (_, prior) = self.days.get(after.checked_sub(1)?)?;
        Some(*prior).filter(|prior| !prior.rate.is_nan())
    }

    /// Whether no outcome ever counts.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}

/// Sums over all keys: units, bad units, pairs of units of a key, pairs with the first bad, pairs with both bad.
type Sums = [i128; 5];

/// Changes of the sums by day, key after key in any order.
#[derive(Clone, Debug, Default)]
pub struct PriorBuilder {
    changes: BTreeMap<i32, Sums>,
}

impl PriorBuilder {
    /// Adds the events of one key.
    pub fn add_key(&mut self, events: &[Event]) {
        let nothing = Priors::default();
        let mut state = OutcomeRate::new(&nothing, None, 0);
        state.begin(events);
        let mut steps: Vec<(i32, bool, &Event)> = Vec::new();
        for event in events.iter().filter(|event| event.enter < event.exit) {
            // What enters within a day counts from the next.
            steps.push((day_of(event.enter).saturating_add(1), false, event));
            if event.exit != NEVER {
                steps.push((day_of(event.exit).saturating_add(1), true, event));
            }
        }
        steps.sort_unstable_by_key(|(day, is_end, _)| (*day, *is_end));
        for same_day in steps.chunk_by(|left, right| left.0 == right.0) {
            let before = sums(&state);
            for (_, is_end, event) in same_day {
                match is_end {
                    true => state.leave(event),
                    false => state.enter(event),
                }
            }
            let change = self.changes.entry(same_day[0].0).or_default();
            for ((change, before), after) in change.iter_mut().zip(before).zip(sums(&state)) {
                *change += after - before;
            }
        }
    }

    /// Adds what another found.
    pub fn merge(mut self, other: Self) -> Self {
        for (day, changes) in other.changes {
            let sums = self.changes.entry(day).or_default();
            for (sum, change) in sums.iter_mut().zip(changes) {
                *sum += change;
            }
        }
        self
    }

    /// The prior of each day on which it changes.
    pub fn finish(self) -> Priors {
        let mut sums = Sums::default();
        let day = |(day, changes): (i32, Sums)| {
            for (sum, change) in sums.iter_mut().zip(changes) {
                *sum += change;
            }
            (day, prior(&sums))
        };
        Priors {
            days: self.changes.into_iter().map(day).collect(),
        }
    }
}

fn sums(state: &OutcomeRate<'_>) -> Sums {
    let (known, bad) = (i128::from(state.all.known), i128::from(state.all.bad));
    [
        known,
        bad,
        known * (known - 1).max(0),
        bad * (known - 1).max(0),
        bad * (bad - 1).max(0),
    ]
}

/// # Missing values
/// A rate of NaN where no outcome is known.
fn prior([known, bad, pairs, first_bad, both_bad]: &Sums) -> Prior {
    let share = |part: i128, whole: i128| part as f64 / whole as f64;
    let rate = if *known > 0 {
        share(*bad, *known)
    } else {
        f64::NAN
    };
    let of_pairs = share(*first_bad, *pairs);
    let spread = of_pairs * (1.0 - of_pairs);
    if *pairs < FEWEST_PAIRS || spread.is_nan() || spread <= 0.0 {
        return Prior {
            rate,
            strength: USUAL_STRENGTH,
        };
    }
    let correlation = (share(*both_bad, *pairs) - of_pairs * of_pairs) / spread;
    let strength = match correlation > 0.0 {
        true => (1.0 / correlation - 1.0).clamp(STRENGTHS.0, STRENGTHS.1),
        false => STRENGTHS.1,
    };
    Prior { rate, strength }
}
