//! How large a draw must be for an interval as wide as is wanted.

use super::bounds::Bounded;
use crate::tune::Interval;
use serde::Serialize;

/// Half of the width that an interval is wanted to have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfWidth {
    /// A share of the shipments that are drawn from.
    Share(f64),
    /// A part of what is estimated: with 0.5, 2 % is told as 1 % to 3 %.
    OfEstimate(f64),
}

/// A draw that would do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Needed {
    /// The share bad that is planned with: what was estimated, or the upper end of its interval where nothing was found.
    pub planned_share: f64,
    /// True where nothing was found: with a smaller share the draw must be larger.
    pub is_least: bool,
    /// Half of the wanted width, as a share of the shipments drawn from.
    pub half_width: f64,
    /// Shipments that must be drawn and inspected.
    pub draws: u64,
    /// The same as a share of the shipments drawn from: `random.share` of the policy.
    pub share: f64,
}

/// The draw from so many shipments that would bring the interval of their bad ones to the wanted width; none where there is
/// nothing to draw from.
pub(super) fn needed(missed: Bounded, shipments: f64, half_width: HalfWidth) -> Option<Needed> {
    if shipments <= 0.0 {
        return None;
    }
    let is_least = missed.estimate <= 0.0;
    let planned = match is_least {
        true => missed.high,
        false => missed.estimate,
    };
    let planned_share = (planned / shipments).min(1.0);
    let half_width = match half_width {
        HalfWidth::Share(share) => share,
        HalfWidth::OfEstimate(part) => part * planned_share,
    };
    let draws = draws_for(planned_share, half_width, shipments)?;
    Some(Needed {
        planned_share,
        is_least,
        half_width,
        draws,
        share: draws as f64 / shipments,
    })
}

/// The fewest inspected draws from so many shipments that bring half the width of the interval of a share down to what is
/// wanted; all of them where nothing less does. None for a width of nothing.
pub fn draws_for(share: f64, half_width: f64, shipments: f64) -> Option<u64> {
    if half_width <= 0.0 || !half_width.is_finite() {
        return None;
    }
    let is_enough = |draws: u64| {
        let draws = draws as f64;
        let unseen = (1.0 - draws / shipments).max(0.0).sqrt();
        let interval = Interval::wilson(share * draws, draws);
        interval.is_some_and(|interval| unseen * (interval.high - interval.low) / 2.0 <= half_width)
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of shipments"
    )]
    let all = shipments.ceil() as u64;
    let (mut few, mut enough) = (0, all);
    while enough - few > 1 {
        let middle = u64::midpoint(few, enough);
        if is_enough(middle) {
            enough = middle;
        } else {
            few = middle;
        }
    }
    Some(enough)
}
