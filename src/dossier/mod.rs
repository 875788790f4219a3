//! A past run and some of its entities -> dossiers for a verification request to Mexico.
//!
//! What comes in: entities as a run listed them, and the inputs, read again. What goes out: for each entity an internal
//! edition with all the evidence, and a releasable one that holds only what a list allows. Nothing is decided here, and
//! nothing is said of what the agreement itself asks for. Read `collect.rs`, then `internal.rs` and `releasable.rs`.

mod collect;
mod documents;
mod identity;
pub mod internal;
pub mod line;
mod papers;
mod ports;
mod reference;
pub mod releasable;
pub mod status;
mod values;
mod withheld;

pub use collect::{Collected, collect};
pub use documents::{DOCUMENTS, Document, document};
pub use identity::Used;
pub use internal::{Internal, dossier_id, internal};
pub use papers::Paper;
pub use reference::reference;
pub use releasable::{Releasable, releasable};
pub(crate) use values::as_object;
pub use withheld::{WITHHELD, Withheld};

/// The JSON Schema of both editions.
pub const SCHEMA: &str = include_str!("schema.json");
