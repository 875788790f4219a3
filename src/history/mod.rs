//! Earlier lines -> features of each line, as of its date.
//!
//! What comes in: batches in input order, and a store of past lines where there is one. What goes out: a column per feature
//! that the rules ask for, in which any row is found again. Nothing that came later than a row reaches it, nor an outcome
//! before the day it was known.
//!
//! ```text
//! batch -> extract -> gather -> compute -> columns -> batch
//!          plan: what to take      store -^
//! ```
//!
//! Keys and values become hashes of 64 bits as they are read, and columns go to files without names, so that memory is that
//! of a few columns at a time. Read `moment.rs` for what *earlier* means, then `past.rs` for when a filing counts, then
//! `sweep.rs`.

mod block;
mod columns;
mod compute;
mod corrections;
mod extract;
mod findings;
mod gather;
pub mod hash;
mod kinds;
pub mod moment;
mod past;
mod places;
mod plan;
mod prior;
mod repeated;
mod spool;
pub mod store;
mod sweep;
mod taken;

pub use columns::Columns;
pub use compute::compute;
pub use extract::{Extract, extract};
pub use gather::Gathered;
pub use plan::Plan;

use crate::error::Error;
use crate::read::Input;
use std::path::Path;

/// Where the history of a run comes from, besides its own rows.
#[derive(Debug)]
pub struct Source<'a> {
    /// The store of past lines, where there is one.
    pub store: Option<&'a store::Store>,
    /// Which inputs stand in the store, so that their rows count there alone.
    pub stored_files: Vec<bool>,
    /// A directory for files without names.
    pub spill: &'a Path,
}

impl<'a> Source<'a> {
    /// The history of inputs, beside a store where there is one.
    ///
    /// # Errors
    /// When an input cannot be read, to tell whether it stands in the store.
    pub fn new(
        store: Option<&'a store::Store>,
        inputs: &[Input],
        spill: &'a Path,
    ) -> Result<Self, Error> {
        let stored_files = store.map(|store| store.holds(inputs)).transpose()?;
        Ok(Self {
            store,
            stored_files: stored_files.unwrap_or_default(),
            spill,
        })
    }
}
