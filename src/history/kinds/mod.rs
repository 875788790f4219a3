//! One state per kind of feature.

mod counts;
mod first_seen;
mod outcomes;
mod quantile;
mod spike;

pub use counts::{Count, Distinct, Sum};
pub use first_seen::FirstSeen;
pub use outcomes::{OutcomeRate, Tally};
pub use quantile::PeerQuantile;
pub use spike::{Spike, split};

use hashbrown::HashMap;

use super::hash::Hashed;

/// A table over hashes.
type Table<T> = HashMap<u64, T, Hashed>;

/// Empties a table for the next key; a large one is given back, since emptying it takes as long as it is large.
fn clear<T>(table: &mut Table<T>) {
    match table.capacity() > 1 << 10 {
        true => *table = Table::default(),
        false => table.clear(),
    }
}

/// Millionths of an amount: sums of whole numbers do not depend on their order.
pub(super) fn millionths(amount: f64) -> i128 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "amounts beyond 10^24 count as that"
    )]
    let whole = (amount.clamp(-1e24, 1e24) * 1e6).round() as i128;
    whole
}

/// The amount of millionths.
pub(super) fn amount(millionths: i128) -> f64 {
    millionths as f64 / 1e6
}
