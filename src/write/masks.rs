//! Masked importer numbers: what stands for each in every output.

use super::lines::LineLabel;
use crate::batch::Batch;
use crate::normalize::MASK_PREFIX;
use crate::schema::field;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The record id of the first row of each masked number.
#[derive(Debug, Default)]
pub struct Masks {
    shown: BTreeMap<String, String>,
}

impl Masks {
    /// Takes in the rows of a batch; batches come in input order.
    pub fn add(&mut self, batch: &Batch, label: &LineLabel) {
        for id in [field::IMPORTER_OF_RECORD_NUMBER, field::CONSIGNEE_NUMBER] {
            let Some(column) = batch.text(id) else {
                continue;
            };
            if !column.pool.iter().any(|text| text.starts_with(MASK_PREFIX)) {
                continue;
            }
            for row in 0..batch.n_rows {
                if let Some(mask) = column.get(row).filter(|text| text.starts_with(MASK_PREFIX))
                    && !self.shown.contains_key(mask)
                {
                    self.shown.insert(
                        mask.to_owned(),
                        format!("E-{}", label.record_id(batch.rows[row])),
                    );
                }
            }
        }
    }

    /// The mask in memory of a masked number as it is written.
    pub fn behind(&self, written: &str) -> Option<&str> {
        let mut shown = self.shown.iter();
        shown
            .find(|(_, shown)| *shown == written)
            .map(|(mask, _)| mask.as_str())
    }

    /// A text as it may be written.
    pub fn shown<'t>(&'t self, text: &'t str) -> Cow<'t, str> {
        match self.shown.get(text) {
            Some(shown) => Cow::Borrowed(shown),
            None if text.starts_with(MASK_PREFIX) => Cow::Borrowed("E-"),
            None => Cow::Borrowed(text),
        }
    }
}
