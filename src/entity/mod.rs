//! Lines -> entities by role: who stands behind the hits.
//!
//! What comes in: batches with what each row found, in input order. What goes out: a table of entities with counts in
//! shipments, scores and the rules that hit most. Memory grows with entities, and by a few bytes with shipments; never
//! with rows. Parties that are linked do not share points. Read `roll_up.rs` first.
//! Which parties are one, and who is linked with whom, stand apart: [`resolve`] and [`network`].

mod counted;
mod evidence;
mod keys;
#[cfg(feature = "tables")]
mod rank;
pub mod resolve;
pub mod network;
mod role;
mod roll_up;
mod totals;

pub use evidence::Evidence;
#[cfg(feature = "tables")]
pub use rank::{RankedEntity, Ranking, rank};
pub use role::{FIELDS as ENTITY_FIELDS, Role};
pub use roll_up::Entities;
pub use totals::Entity;
