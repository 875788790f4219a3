//! Which rules are true on which lines: the core.
//!
//! `RuleSet -> Program` once; then, batch by batch, `Batch x Program -> Scores`. What comes in: normalized columns.
//! What goes out: for each row the rules that hit and the themes in whose scope it is. Points and lanes are settled in
//! `select`. This module never reads or writes files. Read `core.rs` first, then `terms.rs` and `program.rs`.

mod core;
pub mod evaluate;
mod program;
mod searches;
mod terms;

pub use self::core::{Scores, score};
pub use program::Program;
pub use terms::{Question, terms};
