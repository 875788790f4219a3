//! The YAML files of a rule pack, typed, every value with its place.
//!
//! ```text
//! text -> tree (nodes with places) -> reader (typed values) -> rule | policy | derived | history | list | mapping
//! ```
//!
//! What comes in: one file of [`Sources`]. What goes out: its typed content, and every mistake of it in
//! [`Diagnostics`], not only the first. This module never looks at another file, never reads a condition and never
//! checks a field name: it says how a file is written, not what it means. Read `rule.rs` first.
//!
//! Each entry point gives `None` only when the part that later phases need cannot be had. Otherwise a wrong value is
//! replaced by a harmless one and `is_broken` is true, so that the conditions can still be checked.

mod derived;
mod fields;
mod history;
mod list;
mod mapping;
mod policy;
mod read_policy;
mod reader;
mod rule;
mod syntax;
mod text;
mod tree;
mod values;

#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod syntax_tests;
#[cfg(test)]
mod tests;

pub use derived::{DerivedFile, derived};
pub use fields::Spanned;
pub use history::{FeatureFile, HistoryFile, history};
pub use list::{ListFile, list};
pub use mapping::{ColumnMapping, JoinMapping, MappingFile, OutcomeMapping, mapping};
pub use policy::{Capacity, LaneActions, LaneThreshold, PolicyFile, RandomDraw};
pub use read_policy::policy;
pub use rule::{ExampleRow, Examples, KEYS as RULE_FILE_KEYS, RuleFile, rule};
pub use text::Text;

#[cfg(doc)]
use crate::diagnostic::{Diagnostics, Sources};
