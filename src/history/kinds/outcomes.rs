//! How often earlier lines turned out bad.

use super::super::prior::Priors;
use super::super::sweep::{Answer, Event, Query, State};
use super::{Table, clear};

/// Units with an outcome, and those of them with a bad one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Units with an outcome.
    pub known: u32,
    /// Units with a bad one.
    pub bad: u32,
}

/// The share of bad outcomes, shrunk towards that of all keys.
#[derive(Clone, Debug)]
pub struct OutcomeRate<'a> {
    /// What is known of all keys, by day.
    pub priors: &'a Priors,
    /// The weight of the prior; none: from the data.
    pub strength: Option<f64>,
    /// Fewer units give no answer.
    pub min_support: u32,
    /// Events of each unit.
    units: Table<Tally>,
    shipments: Table<Tally>,
    /// All units.
    pub all: Tally,
}

impl<'a> OutcomeRate<'a> {
    /// A state before the first key.
    pub fn new(priors: &'a Priors, strength: Option<f64>, min_support: u32) -> Self {
        Self {
            priors,
            strength,
            min_support,
            units: Table::default(),
            shipments: Table::default(),
            all: Tally::default(),
        }
    }

    /// Units of a shipment.
    pub fn of_shipment(&self, shipment: u64) -> Tally {
        self.shipments.get(&shipment).copied().unwrap_or_default()
    }

    /// Counts an event of a unit in or out; a unit counts once, as bad when one of its outcomes is.
    fn count(&mut self, event: &Event, by: i32) {
        let unit = self.units.entry(event.unit).or_default();
        let before = *unit;
        unit.known = unit.known.wrapping_add_signed(by);
        unit.bad = unit.bad.wrapping_add_signed(by * i32::from(event.is_bad));
        let after = *unit;
        if after.known == 0 {
            self.units.remove(&event.unit);
        }
        let step = |before: u32, after: u32| i32::from(after > 0) - i32::from(before > 0);
        let known = step(before.known, after.known);
        let bad = step(before.bad, after.bad);
        let shipment = self.shipments.entry(event.shipment).or_default();
        for tally in [&mut self.all, shipment] {
            tally.known = tally.known.wrapping_add_signed(known);
            tally.bad = tally.bad.wrapping_add_signed(bad);
        }
    }
}

impl State for OutcomeRate<'_> {
    fn begin(&mut self, _events: &[Event]) {
        clear(&mut self.units);
        clear(&mut self.shipments);
        self.all = Tally::default();
    }

    fn enter(&mut self, event: &Event) {
        self.count(event, 1);
    }

    fn leave(&mut self, event: &Event) {
        self.count(event, -1);
    }

    fn answer(&self, query: &Query) -> Answer {
        let own = self.of_shipment(query.shipment);
        let known = self.all.known - own.known;
        let bad = self.all.bad - own.bad;
        let prior = self.priors.at(query.asked, query.shipment);
        let value = match prior {
            Some(prior) if known >= self.min_support => {
                let strength = self.strength.unwrap_or(prior.strength);
                let weight = f64::from(known) + strength;
                match weight > 0.0 {
                    true => (f64::from(bad) + strength * prior.rate) / weight,
                    false => f64::NAN,
                }
            }
            _ => f64::NAN,
        };
        Answer {
            value,
            support: known,
        }
    }
}
