//! What a past run wrote, read again: its tables, its entities, its referrals; and what people noted of it since.
//!
//! What comes in: the directory of a run. What goes out: rows as texts, and entities that can be listed and looked up.
//! Nothing is judged anew here; lines are read again from the inputs by [`crate::trace::run`].

mod account;
mod decisions;
pub mod journal;
mod listed;
mod since;
mod table;

pub use account::account;
pub use decisions::{DECISIONS, Decision, REASONS, decide, decisions};
pub use listed::{Listed, Wanted, listed, look_up, ordered};
pub use since::{Mark, Since, SinceAccount};
pub use table::{Row, for_each_row, path_of};
