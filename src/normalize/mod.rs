//! Raw columns -> a batch: form only, facts stay.
//!
//! What comes in: columns as a source holds them, and how they become fields. What goes out: typed columns with NULL
//! where nothing is known, the keys of line and shipment, what each row can carry, and an issue for every cell that
//! could not be read or was changed. Nothing here fails, and nothing is looked up: a code that no list knows stays.
//! Each distinct text of a column is read once. Read `fields.rs` first.

pub mod boolean;
mod cell_issues;
pub mod code;
mod columns;
pub mod country;
mod country_table;
pub mod date;
mod fields;
mod fill;
mod fold_table;
pub mod hts;
pub mod identity;
pub mod importer;
mod keys;
pub mod list;
mod mask;
pub mod null;
pub mod number;
mod outcome;
pub mod party;
mod permit_cells;
mod permit_kind;
mod permit_quantity;
pub mod permits;
mod presence;
pub mod quantity;
pub mod taxon;
pub mod text;
pub mod timestamp;
mod typed;
mod unit_table;

pub use fields::in_form_of;
pub use fill::sources_of;
pub use keys::source_ref;
pub use mask::{Identities, MASK_PREFIX, said};

use crate::batch::{Batch, FieldSet};
use crate::read::raw::RawBatch;
use crate::schema::field;

/// Fields that every run needs, whatever its rules: keys, dates, stage.
pub const ALWAYS: &[crate::schema::FieldId] = &[
    field::EVIDENCE_STAGE,
    field::SOURCE_FORMAT,
    field::LINE_ID,
    field::COMPONENT_SEQ,
    field::ENTRY_NUMBER,
    field::ENTRY_LINE_NUMBER,
    field::SHIPMENT_KEY,
    field::LEGAL_DATE,
];

/// Adds the fields that others are filled from.
pub fn with_sources(mut wanted: FieldSet) -> FieldSet {
    let asked: Vec<_> = wanted.iter().collect();
    for source in asked.into_iter().flat_map(sources_of) {
        wanted.insert(*source);
    }
    wanted
}

/// Normalizes one raw batch.
///
/// # Shape
/// One row per raw row, in order.
///
/// # Missing values
/// A null word, an empty cell and a cell that could not be read are NULL.
pub fn normalize(
    mut raw: RawBatch,
    wanted: &FieldSet,
    label: &str,
    identities: &Identities,
) -> Batch {
    let mut batch = Batch::with_rows(raw.rows.len());
    batch.file = raw.file;
    fields::read_fields(&mut raw, identities, &mut batch);
    outcome::read_outcome(&raw, &mut batch);
    batch.rows = raw.rows;
    // What a row cannot carry is cleared before anything is filled from it, and not filled either.
    let has = presence::add_presence(&raw.binding, &mut batch);
    let issues = presence::clear_absent(&has, &mut batch);
    batch.issues.extend(issues);
    fill::fill(wanted, &mut batch);
    presence::clear_absent(&has, &mut batch);
    keys::add_keys(label, &mut batch);
    batch
}
