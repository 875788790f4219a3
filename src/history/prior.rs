//! What outcomes say of all keys together, by day: the prior of empirical Bayes.
//!
//! The share of bad units, and how much keys differ. Two units of one key are both bad more often than two of any keys;
//! the correlation r that this shows is 1 / (s + 1) of a beta distribution whose weight is s units, which is the strength
//! of the prior (intraclass correlation, method of moments). Whole numbers throughout, so that no order matters.
//!
//! A row gets the prior of all other shipments: what its own adds to each sum is taken off, key by key.

use super::hash::Hashed;
use super::kinds::{OutcomeRate, Tally};
use super::moment::{Moment, NEVER, day_of};
use super::sweep::{Event, State};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

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
    days: Vec<(i32, Sums, Prior)>,
    /// Keys with outcomes of shipments that ask after these were known.
    keys: Vec<Steps>,
    /// What those shipments have under each of these keys, by its position.
    own: HashMap<u64, Vec<(usize, Steps)>, Hashed>,
}

/// What is known from each day on, ascending.
type Steps = Vec<(i32, Tally)>;

impl Priors {
    /// The prior of what a shipment asks at a moment: of outcomes of others that were known before its day. None before the
    /// first outcome.
    pub fn at(&self, asked: Moment, shipment: u64) -> Option<Prior> {
        let day = day_of(asked);
        let after = self.days.partition_point(|(from, ..)| *from <= day);
        let (_, all, of_all) = self.days.get(after.checked_sub(1)?)?;
        let found = match self.own.get(&shipment) {
            None => *of_all,
            Some(own) => prior(&self.without(*all, own, day)),
        };
        Some(found).filter(|prior| !prior.rate.is_nan())
    }

    /// Sums over all keys without what a shipment adds.
    fn without(&self, mut all: Sums, own: &[(usize, Steps)], day: i32) -> Sums {
        for (key, own) in own {
            let (of_key, own) = (tally_on(&self.keys[*key], day), tally_on(own, day));
            let others = Tally {
                known: of_key.known - own.known,
                bad: of_key.bad - own.bad,
            };
            for ((sum, with), without) in all.iter_mut().zip(sums(of_key)).zip(sums(others)) {
                *sum -= with - without;
            }
        }
        all
    }

    /// Whether no outcome ever counts.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}

fn tally_on(steps: &Steps, day: i32) -> Tally {
    let after = steps.partition_point(|(from, _)| *from <= day);
    let last = after.checked_sub(1).map(|last| steps[last].1);
    last.unwrap_or_default()
}

/// Sums over all keys: units, bad units, pairs of units of a key, pairs with the first bad, pairs with both bad.
type Sums = [i128; 5];

/// Changes of the sums by day, key after key in any order.
#[derive(Clone, Debug, Default)]
pub struct PriorBuilder {
    changes: BTreeMap<i32, Sums>,
    keys: Vec<OfKey>,
}

/// A key with outcomes of shipments that ask later: what is known of it and of them.
#[derive(Clone, Debug, Default)]
struct OfKey {
    all: Steps,
    own: BTreeMap<u64, Steps>,
}

impl PriorBuilder {
    /// Adds the events of one key.
    pub fn add_key(&mut self, events: &[Event]) {
        let nothing = Priors::default();
        let mut state = OutcomeRate::new(&nothing, None, 0);
        state.begin(events);
        let mut of_key = OfKey::default();
        let has_own = events.iter().any(|event| event.own != 0);
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
            let before = sums(state.all);
            for (_, is_end, event) in same_day {
                match is_end {
                    true => state.leave(event),
                    false => state.enter(event),
                }
            }
            let change = self.changes.entry(same_day[0].0).or_default();
            for ((change, before), after) in change.iter_mut().zip(before).zip(sums(state.all)) {
                *change += after - before;
            }
            if has_own {
                let day = same_day[0].0;
                of_key.all.push((day, state.all));
                let own = same_day.iter().map(|(_, _, event)| event.own);
                for own in own.filter(|own| *own != 0).collect::<BTreeSet<_>>() {
                    let steps = of_key.own.entry(own).or_default();
                    steps.push((day, state.of_shipment(own)));
                }
            }
        }
        if has_own {
            self.keys.push(of_key);
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
        self.keys.extend(other.keys);
        self
    }

    /// The prior of each day on which it changes.
    pub fn finish(self) -> Priors {
        let mut sums = Sums::default();
        let day = |(day, changes): (i32, Sums)| {
            for (sum, change) in sums.iter_mut().zip(changes) {
                *sum += change;
            }
            (day, sums, prior(&sums))
        };
        let mut priors = Priors {
            days: self.changes.into_iter().map(day).collect(),
            ..Priors::default()
        };
        for (position, of_key) in self.keys.into_iter().enumerate() {
            priors.keys.push(of_key.all);
            for (own, steps) in of_key.own {
                priors.own.entry(own).or_default().push((position, steps));
            }
        }
        priors
    }
}

fn sums(tally: Tally) -> Sums {
    let (known, bad) = (i128::from(tally.known), i128::from(tally.bad));
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
