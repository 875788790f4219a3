//! Shipments worst first: the order of the outputs, and of who is looked at while there is room.

use super::settle::SelectedShipment;
use super::shipments::Shipments;
use rayon::prelude::*;

/// Sorts worst first: what a port could not take although it must, lane, floor, points, families; then the hash of the key,
/// so that neither file names nor the order of lines matter, then the key.
///
/// What shipments are sorted by is gathered once: they are far larger than that, and lie where their first lines put them.
pub(super) fn worst_first(shipments: &Shipments, selected: &mut Vec<SelectedShipment>) {
    let count = u32::try_from(selected.len()).expect("fewer than 4 billion shipments");
    let placed = selected.par_iter().zip(0..count);
    let mut places: Vec<Place> = placed
        .map(|(selected, position)| {
            let shipment = &shipments.all[selected.id.0 as usize];
            Place {
                rank: !rank(shipments, selected),
                key_hash: shipment.key_hash,
                position,
            }
        })
        .collect();
    places.par_sort_unstable_by(|left, right| {
        let key = |place: &Place| {
            let selected = &selected[place.position as usize];
            shipments.key(&shipments.all[selected.id.0 as usize])
        };
        (left.rank, left.key_hash)
            .cmp(&(right.rank, right.key_hash))
            .then_with(|| key(left).cmp(key(right)))
    });
    *selected = places
        .par_iter()
        .map(|place| selected[place.position as usize].clone())
        .collect();
}

/// What a shipment is sorted by.
struct Place {
    /// See [`rank`], turned round.
    rank: u64,
    key_hash: u64,
    position: u32,
}

/// A number that is the larger the worse a shipment is.
fn rank(shipments: &Shipments, selected: &SelectedShipment) -> u64 {
    let worst = &shipments.all[selected.id.0 as usize].worst;
    let floor = worst.floor.map_or(0, |floor| 1 + floor as u64);
    // Points below nothing come before nothing: the sign is turned.
    let points = u64::from(worst.points_total.cast_unsigned() ^ 1 << 31);
    let parts = [
        (1, u64::from(selected.is_unmet_mandatory)),
        (2, selected.lane as u64),
        (2, floor),
        (32, points),
        (8, u64::from(worst.families)),
    ];
    parts.into_iter().fold(0, |rank, (bits, part)| {
        debug_assert!(part >> bits == 0, "a part of the rank needs more bits");
        rank << bits | part
    })
}
