//! A rule pack: text -> checked rules, before the first row is read.
//!
//! `yaml -> condition (lexer, parser) -> resolve -> RuleSet`. What comes in: the files of a pack. What goes out: an
//! immutable [`RuleSet`], or every mistake with its place. This module never sees data. Read `load.rs` first.

pub mod vocabulary;
pub mod yaml;
mod pack;
pub mod condition;
pub mod expression;
mod functions;
mod known_codes;
pub mod resolve;
pub mod lists;
mod list_file;
pub mod aggregate;
pub mod feature;
pub mod rule_keys;
mod derived;
mod history;
pub mod notices;
mod load;
pub mod edit;
mod ruleset;

pub use functions::{FUNCTIONS, Function};
pub use load::{Loaded, load, load_files};
pub use pack::{PackFile, PackSource};
pub use ruleset::{
    CONTEXT_POINTS, Named, Policy, Rule, RuleId, RuleSet, RuleTexts, SCORED_THEMES, fields_of,
};
