//! What a ranking is worth: bad shipments found at a capacity, and a slope where capacity does not decide.

use super::what_if::Tally;
use crate::tune::measures::{Counts, Quality};
use crate::tune::ranking::top;
use serde::Serialize;

/// Shares of the capacity at which recall is taken: half of it, all, and twice.
const AROUND: [f64; 3] = [0.5, 1.0, 2.0];
/// The share of recall at capacity in the objective; the rest is half AUC, half average precision.
const AT_CAPACITY: f64 = 0.6;

/// A gain of less than this is none.
pub(super) const NOTHING: f64 = 1e-9;

/// How good a ranking is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Shipments that are looked at.
    pub capacity: f64,
    /// All shipments.
    pub all: Counts,
    /// Bad among inspected at capacity.
    pub precision: Option<f64>,
    /// Share of all bad shipments that is among those looked at.
    pub recall: f64,
    /// The chance that a bad shipment ranks before a good one.
    pub auc: Option<f64>,
    /// The mean of the precisions at the place of each bad shipment.
    pub average_precision: Option<f64>,
    /// What tuning maximizes, without the penalty for distance from the expert's points.
    pub objective: f64,
    /// Mean recall at half the capacity, all of it, and twice.
    pub mean_recall: f64,
}

/// The value of a ranking when `share` of the shipments can be looked at.
pub(super) fn objective(tally: &Tally, share: f64) -> f64 {
    figures(tally, share).objective
}

/// Every figure of a ranking. Without a bad shipment all that can be told is 0.
pub(super) fn figures(tally: &Tally, share: f64) -> Figures {
    let all = tally.all.counts();
    let groups: Vec<Counts> = tally.groups().map(super::what_if::Cell::counts).collect();
    let capacity = share * all.shipments;
    let recall = |part: f64| {
        let found = top(&groups, capacity * part);
        if all.bad > 0.0 {
            found.bad / all.bad
        } else {
            0.0
        }
    };
    let quality = Quality::of(&groups);
    let mean_recall = AROUND.iter().map(|part| recall(*part)).sum::<f64>() / AROUND.len() as f64;
    let slope = f64::midpoint(
        quality.auc.unwrap_or(0.0),
        quality.average_precision.unwrap_or(0.0),
    );
    Figures {
        capacity,
        all,
        precision: top(&groups, capacity).precision(),
        recall: recall(1.0),
        auc: quality.auc,
        average_precision: quality.average_precision,
        objective: AT_CAPACITY * mean_recall + (1.0 - AT_CAPACITY) * slope,
        mean_recall,
    }
}

/// The mean recall of looks that are drawn at random, around a capacity.
pub(super) fn by_chance(share: f64) -> f64 {
    let parts = AROUND.iter().map(|part| (share * part).min(1.0));
    parts.sum::<f64>() / AROUND.len() as f64
}
