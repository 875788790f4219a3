//! What was found of shipments, where the input says.

use super::shipments::{ShipmentId, key_hash};
use crate::batch::Batch;
use crate::outcomes::{Found, found_in};
use crate::schema::field;

/// Shipments of which something was found. They stand apart, because few runs have any.
#[derive(Debug, Default)]
pub struct ShipmentOutcomes {
    /// Ascending, and each once after [`Self::finish`].
    found: Vec<(ShipmentId, Found)>,
    /// The same of rows that may not select, by the hash of a shipment's key.
    aside: Vec<(u64, Found)>,
}

impl ShipmentOutcomes {
    /// Takes in the rows of a batch, with the shipment of each.
    pub(super) fn add(&mut self, batch: &Batch, shipments: impl Iterator<Item = ShipmentId>) {
        if batch.text(field::OUTCOME).is_none() {
            return;
        }
        for (row, id) in shipments.enumerate() {
            let found = (id, found_in(batch, row));
            if found.1 != Found::Unknown && self.found.last() != Some(&found) {
                self.found.push(found);
            }
        }
    }

    /// Takes in every row of a batch, where not all of its rows select: what was found of an earlier stage or version was
    /// found of the shipment.
    pub fn add_aside(&mut self, batch: &Batch) {
        let keys = batch.text(field::SHIPMENT_KEY);
        let (Some(keys), Some(_)) = (keys, batch.text(field::OUTCOME)) else {
            return;
        };
        for row in 0..batch.n_rows {
            let found = found_in(batch, row);
            if let Some(key) = keys.get(row)
                && found != Found::Unknown
            {
                self.aside.push((key_hash(key), found));
            }
        }
    }

    /// Brings several outcomes of a shipment together, with the shipments by the hash of their key.
    pub(super) fn finish(&mut self, shipment: impl Fn(u64) -> Option<ShipmentId>) {
        for (hash, found) in std::mem::take(&mut self.aside) {
            self.found.extend(shipment(hash).map(|id| (id, found)));
        }
        self.found.sort_unstable();
        self.found.dedup_by(|next, first| {
            let is_same = next.0 == first.0;
            if is_same {
                first.1 = first.1.with(next.1);
            }
            is_same
        });
    }

    /// Shipments with an outcome, ascending, once all are in.
    pub fn all(&self) -> &[(ShipmentId, Found)] {
        &self.found
    }
}
