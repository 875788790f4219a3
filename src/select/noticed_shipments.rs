//! Which lookouts and suppressions the lines of each shipment meet.

use super::shipments::ShipmentId;
use super::verdict::Verdict;

/// Pairs of a shipment and the position of a notice; most shipments meet none.
#[derive(Debug, Default)]
pub struct NoticedShipments {
    lookouts: Vec<(u32, u32)>,
    suppressions: Vec<(u32, u32)>,
}

impl NoticedShipments {
    /// Takes in a line of a shipment.
    pub(super) fn add(&mut self, id: ShipmentId, verdict: &Verdict) {
        let lookouts = verdict.lookouts.iter();
        self.lookouts.extend(lookouts.map(|number| (id.0, *number)));
        let suppressed = verdict.suppressed.iter();
        self.suppressions
            .extend(suppressed.map(|(_, number)| (id.0, *number)));
    }

    /// Sorts out what was collected, once every line is in.
    pub(super) fn finish(&mut self) {
        for pairs in [&mut self.lookouts, &mut self.suppressions] {
            pairs.sort_unstable();
            pairs.dedup();
        }
    }

    /// The lookouts that lines of a shipment meet, by their position, once every line is in.
    pub fn lookouts(&self, id: ShipmentId) -> impl Iterator<Item = usize> {
        numbers_of(&self.lookouts, id)
    }

    /// The suppressions of rules that hit lines of a shipment, by their position, once every line is in.
    pub fn suppressions(&self, id: ShipmentId) -> impl Iterator<Item = usize> {
        numbers_of(&self.suppressions, id)
    }

    /// Shipments that meet each lookout, and each suppression, once every line is in.
    pub fn counts(&self, n_lookouts: usize, n_suppressions: usize) -> [Vec<u64>; 2] {
        [
            (&self.lookouts, n_lookouts),
            (&self.suppressions, n_suppressions),
        ]
        .map(|(pairs, count)| {
            let mut counts = vec![0; count];
            for (_, number) in pairs {
                counts[*number as usize] += 1;
            }
            counts
        })
    }
}

/// The numbers that stand beside a shipment in sorted pairs.
fn numbers_of(pairs: &[(u32, u32)], id: ShipmentId) -> impl Iterator<Item = usize> {
    let start = pairs.partition_point(|(shipment, _)| *shipment < id.0);
    let rest = pairs.get(start..).unwrap_or_default();
    rest.iter()
        .take_while(move |(shipment, _)| *shipment == id.0)
        .map(|(_, number)| *number as usize)
}
