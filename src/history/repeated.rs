//! Which lines and shipments were filed more than once: where a row can meet what was filed of itself.
//!
//! An earlier stage or version of a line is no history of that line. Few lines are filed twice in most inputs, so that those
//! which could be are told apart first, in two bits of a table. Some others are taken for them: this costs time and
//! changes nothing, since who asks is compared with who is counted.

use super::extract::Mark;
use super::moment::{Moment, UNDATED};

/// Lines and shipments of a run, by their hashes.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    /// Those that are in the run.
    seen: Bits,
    /// Those that are there at more than one moment.
    again: Bits,
}

impl Repeated {
    /// Of the rows of a run: lines, shipments, and when each came, in input order.
    pub(super) fn of(lines: &[u64], shipments: &[u64], moments: &[Moment]) -> Self {
        let mut repeated = Self {
            seen: Bits::of(lines.len()),
            again: Bits::of(lines.len()),
        };
        let mut last = [(0, UNDATED); 2];
        for ((line, shipment), moment) in lines.iter().zip(shipments).zip(moments) {
            for (name, last) in [line, shipment].into_iter().zip(&mut last) {
                if *moment == UNDATED || *last == (*name, *moment) {
                    continue;
                }
                *last = (*name, *moment);
                if repeated.seen.set(*name) {
                    repeated.again.set(*name);
                }
            }
        }
        repeated
    }

    /// The name where a row of the run can come after one of that name in the run, else 0.
    pub(super) fn in_run(&self, name: u64) -> u64 {
        if self.again.has(name) { name } else { 0 }
    }

    /// The name where a row of the run can come after one of that name in the store, else 0.
    pub(super) fn in_store(&self, name: u64) -> u64 {
        if self.seen.has(name) { name } else { 0 }
    }
}

/// The name under which a filing is told for what was filed of a row itself: its line; its shipment where it names no line,
/// since it speaks of the whole then.
pub(super) fn own_name(mark: Mark, line: u64, shipment: u64) -> u64 {
    if mark.names_no_line() { shipment } else { line }
}

/// A set of hashes that holds some others too: one bit of some thirty by name.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn of(n_rows: usize) -> Self {
        Self(vec![0; n_rows.div_ceil(2).next_power_of_two()])
    }

    fn place(&self, name: u64) -> (usize, u64) {
        let words = self.0.len() as u64;
        let word = usize::try_from((name >> 6) & (words - 1)).expect("a place in memory");
        (word, 1 << (name & 63))
    }

    /// Adds a name; says whether it was there.
    fn set(&mut self, name: u64) -> bool {
        let (word, bit) = self.place(name);
        let was_there = self.0[word] & bit != 0;
        self.0[word] |= bit;
        was_there
    }

    fn has(&self, name: u64) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let (word, bit) = self.place(name);
        self.0[word] & bit != 0
    }
}
