//! Which rules are true on which lines: the core.
//!
//! `RuleSet -> Program` once; then, batch by batch, `Batch x Program -> Scores`. What comes in: normalized columns.
//! What goes out: for each row the rules that hit and the themes in whose scope it is. Points and lanes are settled in
//! `select`. This module never reads or writes files. Read `core.rs` first, then `encode.rs`, `terms.rs` and `program.rs`.

mod classes;
mod core;
mod encode;
pub mod evaluate;
mod pieces;
mod program;
mod searches;
mod terms;
mod values;

pub use self::core::{Scores, match_rules, score};
pub use encode::{Encoded, encode};
pub use program::Program;
pub use terms::{Question, terms};
