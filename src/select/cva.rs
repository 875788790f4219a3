//! Lines that make candidates for verification.

use super::verdict::Judged;
use crate::batch::Batch;
use crate::schema::field;

/// Whether each row can make a candidate for verification: a rule that documents of Mexico could settle hit goods of
/// Mexico in a shipment that has a name.
///
/// # Source
/// 19 USC 4711-4717: verification of particular shipments of Mexico.
pub fn cva_candidates(batch: &Batch, judged: &Judged) -> Vec<bool> {
    let is_mexican = |row| {
        [
            field::COUNTRY_OF_ORIGIN,
            field::COUNTRY_OF_EXPORT,
            field::COUNTRY_OF_HARVEST,
        ]
        .iter()
        .any(|id| batch.text_at(*id, row) == Some("MX"))
    };
    let is_named = |row| {
        [
            field::ENTRY_NUMBER,
            field::HOUSE_BILL_NUMBER,
            field::MASTER_BILL_NUMBER,
        ]
        .iter()
        .any(|id| batch.text_at(*id, row).is_some())
    };
    (0..batch.n_rows)
        .map(|row| judged.of_row(row).can_verify && is_mexican(row) && is_named(row))
        .collect()
}
