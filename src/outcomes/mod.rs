//! What inspections and verifications found -> labels that history and backtests join.
//!
//! What comes in: a file of outcomes by line, shipment or referral, and the run that they speak of. What goes out: a
//! store of two files, `labels.csv` and `issues.csv`. A row that does not fit becomes an issue with all its cells;
//! nothing is lost, and what was imported before stays. Read `row.rs`, then `store.rs`; `found.rs` is what an outcome says of a
//! shipment.

mod found;
mod known;
mod row;
mod source;
mod store;

pub use found::{Found, found_in, themes_of};
pub use known::Known;
pub use row::{Issue, Label, LabelKey};
pub use store::{Imported, import, labels_of};
