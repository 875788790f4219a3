//! What a past run wrote, read again: its tables, its entities, its referrals.
//!
//! What comes in: the directory of a run. What goes out: rows as texts, and entities that can be listed and looked up.
//! Nothing is judged anew here; lines are read again from the inputs by [`crate::trace::run`].

mod listed;
mod table;

pub use listed::{Listed, Wanted, listed, look_up, ordered};
pub use table::{Row, for_each_row, path_of};
