//! Past runs and what inspections found -> how much is bad, how much of it is missed, and what each rule is worth.
//!
//! What comes in: directories of runs, whose tables of shipments say with which probability each shipment was selected, and a
//! file of outcomes. What goes out: numbers of shipments with intervals. Shipments that are red or yellow came into the
//! sample for certain; of all others the random draw took some, and each stands for as many as its probability says. Read
//! `figures.rs` first, then `bounds.rs` for the intervals.

mod beta;
mod bounds;
mod draws;
mod figures;
mod rules;
mod sample;

pub use bounds::{Bounded, Inspected, Stratum, share, sum};
pub use draws::{HalfWidth, Needed, draws_for};
pub use figures::{Estimate, OfStratum, OfTheme, Unplanned, estimate};
pub use rules::OfRule;
pub use sample::RunRead;
