//! Where a value lies among those of earlier lines.

use super::super::sweep::{Answer, Event, Query, State};

/// The share of values that are smaller; a binary indexed tree (Fenwick 1994) over the different values of the key.
#[derive(Clone, Debug, Default)]
pub struct PeerQuantile {
    /// Fewer values give no answer.
    pub min_support: u32,
    values: Vec<f64>,
    tree: Vec<u32>,
    units: u32,
}

impl PeerQuantile {
    /// A state before the first key.
    pub fn new(min_support: u32) -> Self {
        Self {
            min_support,
            ..Self::default()
        }
    }

    fn smaller(&self, value: f64) -> usize {
        self.values.partition_point(|known| *known < value)
    }

    fn add(&mut self, event: &Event, count: i32) {
        let mut at = self.smaller(f64::from_bits(event.item)) + 1;
        while at <= self.tree.len() {
            self.tree[at - 1] = self.tree[at - 1].wrapping_add_signed(count);
            at += at & at.wrapping_neg();
        }
        self.units = self.units.wrapping_add_signed(count);
    }

    fn sum(&self, mut end: usize) -> u32 {
        let mut sum = 0;
        while end > 0 {
            sum += self.tree[end - 1];
            end -= end & end.wrapping_neg();
        }
        sum
    }
}

impl State for PeerQuantile {
    fn begin(&mut self, events: &[Event]) {
        self.values.clear();
        (self.values).extend(events.iter().map(|event| f64::from_bits(event.item)));
        self.values.sort_unstable_by(f64::total_cmp);
        self.values.dedup();
        self.tree.clear();
        self.tree.resize(self.values.len(), 0);
        self.units = 0;
    }

    fn enter(&mut self, event: &Event) {
        self.add(event, 1);
    }

    fn leave(&mut self, event: &Event) {
        self.add(event, -1);
    }

    fn answer(&self, query: &Query) -> Answer {
        let own = f64::from_bits(query.item);
        let is_known = !own.is_nan() && self.units >= self.min_support.max(1);
        let share = || f64::from(self.sum(self.smaller(own))) / f64::from(self.units);
        Answer {
            value: if is_known { share() } else { f64::NAN },
            support: self.units,
        }
    }
}
