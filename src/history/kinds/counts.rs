//! How many, how many different, how much.

use super::super::sweep::{Answer, Event, Query, State};
use super::{Table, amount, clear, millionths};

/// Units that count.
#[derive(Clone, Debug, Default)]
pub struct Count {
    units: u32,
    /// Events of each unit, where a unit can have several at once.
    events: Option<Table<u32>>,
}

impl State for Count {
    fn begin(&mut self, events: &[Event]) {
        self.units = 0;
        let do_repeat = events.iter().any(|event| event.own != 0);
        self.events = do_repeat.then(Table::default);
    }

    fn enter(&mut self, event: &Event) {
        let Some(events) = &mut self.events else {
            self.units += 1;
            return;
        };
        let count = events.entry(event.unit).or_default();
        *count += 1;
        self.units += u32::from(*count == 1);
    }

    fn leave(&mut self, event: &Event) {
        let Some(events) = &mut self.events else {
            self.units -= 1;
            return;
        };
        if let Some(count) = events.get_mut(&event.unit) {
            *count -= 1;
            self.units -= u32::from(*count == 0);
        }
    }

    fn answer(&self, _query: &Query) -> Answer {
        Answer {
            value: f64::from(self.units),
            support: self.units,
        }
    }
}

/// The sum of amounts, in millionths; 0 without any.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    total: i128,
    units: u32,
}

impl State for Sum {
    fn begin(&mut self, _events: &[Event]) {
        *self = Self::default();
    }

    fn enter(&mut self, event: &Event) {
        self.total += millionths(f64::from_bits(event.item));
        self.units += 1;
    }

    fn leave(&mut self, event: &Event) {
        self.total -= millionths(f64::from_bits(event.item));
        self.units -= 1;
    }

    fn answer(&self, _query: &Query) -> Answer {
        Answer {
            value: amount(self.total),
            support: self.units,
        }
    }
}

/// Different values; those of others only, where the row's own is left out.
#[derive(Clone, Debug, Default)]
pub struct Distinct {
    /// Count what differs from the row's own value; without one the answer is NULL.
    pub others_only: bool,
    items: Table<u32>,
}

impl Distinct {
    /// A state before the first key.
    pub fn new(others_only: bool) -> Self {
        Self {
            others_only,
            items: Table::default(),
        }
    }
}

impl State for Distinct {
    fn begin(&mut self, _events: &[Event]) {
        clear(&mut self.items);
    }

    fn enter(&mut self, event: &Event) {
        *self.items.entry(event.item).or_default() += 1;
    }

    fn leave(&mut self, event: &Event) {
        if let Some(count) = self.items.get_mut(&event.item) {
            *count -= 1;
            if *count == 0 {
                self.items.remove(&event.item);
            }
        }
    }

    fn answer(&self, query: &Query) -> Answer {
        let has_own = self.others_only && self.items.contains_key(&query.item);
        let count = self.items.len() - usize::from(has_own);
        let count = u32::try_from(count).expect("fewer values than rows");
        Answer {
            value: match self.others_only && query.item == 0 {
                true => f64::NAN,
                false => f64::from(count),
            },
            support: count,
        }
    }
}
