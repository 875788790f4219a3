//! Since when a key is known.

use super::super::moment::{Moment, day_of};
use super::super::sweep::{Answer, Event, Query, State};
use std::collections::BTreeMap;

/// Days since the first event that counts; NULL where there is none.
#[derive(Clone, Debug, Default)]
pub struct FirstSeen {
    seen: BTreeMap<Moment, u32>,
}

impl State for FirstSeen {
    fn begin(&mut self, _events: &[Event]) {
        self.seen.clear();
    }

    fn enter(&mut self, event: &Event) {
        *self.seen.entry(event.at).or_default() += 1;
    }

    fn leave(&mut self, event: &Event) {
        if let Some(count) = self.seen.get_mut(&event.at) {
            *count -= 1;
            if *count == 0 {
                self.seen.remove(&event.at);
            }
        }
    }

    fn answer(&self, query: &Query) -> Answer {
        match self.seen.first_key_value() {
            Some((first, _)) => Answer {
                value: f64::from(day_of(query.asked).saturating_sub(day_of(*first))),
                support: 1,
            },
            None => Answer {
                value: f64::NAN,
                support: 0,
            },
        }
    }
}
