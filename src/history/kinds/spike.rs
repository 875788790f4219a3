//! The recent rate against the trailing mean.

use super::super::moment::{Moment, day_of, end_of};
use super::super::sweep::{Answer, Event, Query, State};
use super::millionths;
use std::collections::BTreeMap;

/// Cuts each event in the recent one, until its window ends, and the one that belongs to the mean from then on.
pub fn split(events: &mut Vec<Event>, window_days: u32) {
    let recent = events.len();
    for position in 0..recent {
        let event = events[position];
        let ends = end_of(day_of(event.at).saturating_add_unsigned(window_days));
        // The mean has the shipment 1: nothing else needs it here.
        events.push(Event {
            enter: event.enter.max(ends),
            shipment: 1,
            ..event
        });
        events[position].exit = event.exit.min(ends);
        events[position].shipment = 0;
    }
}

/// Units or amounts a day in the window, over those a day from the first event to the window.
#[derive(Clone, Debug)]
pub struct Spike {
    /// Amounts rather than units.
    pub of_amounts: bool,
    /// Days of the window.
    pub window_days: u32,
    /// The latest of them, which are left out.
    pub skip_days: u32,
    /// Fewer units before the window give no answer.
    pub min_support: u32,
    recent: i128,
    before: i128,
    units_before: u32,
    /// When the units before the window were filed.
    filed: BTreeMap<Moment, u32>,
}

impl Spike {
    /// A state before the first key.
    pub fn new(of_amounts: bool, window_days: u32, skip_days: u32, min_support: u32) -> Self {
        Self {
            of_amounts,
            window_days,
            skip_days,
            min_support,
            recent: 0,
            before: 0,
            units_before: 0,
            filed: BTreeMap::new(),
        }
    }

    fn weight(&self, event: &Event) -> i128 {
        match self.of_amounts {
            true => millionths(f64::from_bits(event.item)),
            false => 1,
        }
    }
}

impl State for Spike {
    fn begin(&mut self, _events: &[Event]) {
        (self.recent, self.before, self.units_before) = (0, 0, 0);
        self.filed.clear();
    }

    fn enter(&mut self, event: &Event) {
        let weight = self.weight(event);
        match event.shipment {
            0 => self.recent += weight,
            _ => {
                self.before += weight;
                self.units_before += 1;
                *self.filed.entry(event.at).or_default() += 1;
            }
        }
    }

    fn leave(&mut self, event: &Event) {
        let weight = self.weight(event);
        match event.shipment {
            0 => self.recent -= weight,
            _ => {
                self.before -= weight;
                self.units_before -= 1;
                if let Some(count) = self.filed.get_mut(&event.at) {
                    *count -= 1;
                    if *count == 0 {
                        self.filed.remove(&event.at);
                    }
                }
            }
        }
    }

    fn answer(&self, query: &Query) -> Answer {
        let unknown = Answer {
            value: f64::NAN,
            support: self.units_before,
        };
        let recent_days = i64::from(self.window_days) - i64::from(self.skip_days);
        let Some((first, _)) = self.filed.first_key_value() else {
            return unknown;
        };
        if self.units_before < self.min_support || self.before <= 0 || recent_days <= 0 {
            return unknown;
        }
        let days = i64::from(day_of(query.asked)) - i64::from(self.window_days);
        let days_before = days - i64::from(day_of(*first));
        // A mean needs at least one whole window before the recent one.
        if days_before < recent_days {
            return unknown;
        }
        // A quotient of whole numbers: units or millionths on either side, so that a limit is met exactly.
        let rate = self.recent * i128::from(days_before);
        Answer {
            value: rate as f64 / (self.before * i128::from(recent_days)) as f64,
            ..unknown
        }
    }
}
