//! Scores US import lines for illegal-timber, wildlife-trafficking and IUU-fishing risk under USMCA Chapter 24.
//!
//! ```text
//! read -> normalize -> encode -> score -> select -> roll up -> write
//!         rules/ -> parse -> check -> compile -> RuleSet   (before the first row)
//! ```

pub mod schema;
pub mod issue;
pub mod error;
pub mod batch;
pub mod intern;
pub mod diagnostic;
pub mod rules;
pub mod read;
pub mod normalize;
pub mod reconcile;
pub mod score;
pub mod select;
pub mod entity;
pub mod refer;
pub mod summary;
pub mod timings;
pub mod input_hash;
pub mod lock;
pub mod hand_written;
pub mod aggregates;
pub mod history;
pub mod job;
pub mod write;
pub mod conveyor;
pub mod scan;
pub mod parties;
pub mod report;
pub mod pipeline;
pub mod trace;
pub mod past;
pub mod dossier;
pub mod outcomes;
pub mod check;
pub mod tune;
pub mod estimate;
pub mod replay;
pub mod sql;
pub mod generate;
#[cfg(feature = "cli")]
pub mod cli;
