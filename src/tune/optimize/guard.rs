//! What stands between a better objective and a proposal: resamples, validation, protected shipments.

use super::ascent::NOTHING;
use super::layout::Layout;
use super::objective::objective;
use super::resample::RESAMPLES;
use super::session::{Part, Session};
use super::what_if::{Moves, WhatIf, Worth};
use crate::rules::RuleId;
use rayon::prelude::*;

/// The share of resamples in which a change must have the same sign.
pub(super) const SAME_SIGN: f64 = 0.9;
/// What a change of points must gain in training, beside all others: this, and this part of a bad shipment. Where few are bad, one
/// more or less at the edge of capacity is chance.
const LEAST_GAIN: (f64, f64) = (0.001, 0.25);
/// The fewest resamples in which a change must do anything at all.
const FEWEST_DECIDED: f64 = 0.5;

/// A change of what a rule counts for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) rule: RuleId,
    pub(super) before: Worth,
    pub(super) after: Worth,
    /// What it gains on the shipments trained on, the others as proposed.
    pub(super) gain: f64,
    /// The share of resamples, of those where it does anything, in which it gains.
    pub(super) same_sign: f64,
    /// What it gains in validation.
    pub(super) validated: f64,
}

/// Why a change is not proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// It gains in fewer than nine of ten resamples.
    FlipsSign,
    /// What it gains in training is too little to ask a person for.
    Small,
    /// Validation is better without it.
    Validation,
    /// An example of the rule says otherwise, and is not written on a line of its own.
    Examples,
    /// A protected shipment would fall out of capacity.
    Protected,
}

/// What each rule counts for now against before; gains are filled in.
pub(super) fn changes(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &WhatIf<'_>,
    before: &[(RuleId, Worth)],
) -> Vec<Change> {
    let changed = before
        .iter()
        .filter(|(rule, worth)| what_if.worth(*rule) != *worth);
    let mut changes: Vec<Change> = changed
        .map(|(rule, worth)| Change {
            rule: *rule,
            before: *worth,
            after: what_if.worth(*rule),
            gain: 0.0,
            same_sign: 0.0,
            validated: 0.0,
        })
        .collect();
    measure(session, layout, what_if, &mut changes);
    changes
}

/// The moves that take each change back, the others as they are.
fn taken_back(what_if: &WhatIf<'_>, changes: &[Change]) -> Vec<Moves> {
    let mut scratch = what_if.clone();
    let moves = changes.iter().map(|change| {
        let moves = scratch.set(change.rule, change.before);
        scratch.set(change.rule, change.after);
        moves
    });
    moves.collect()
}

/// Measures every change against taking it back: in training, in validation, and in every resample.
fn measure(session: &Session<'_>, layout: &Layout, what_if: &WhatIf<'_>, changes: &mut [Change]) {
    let moves = taken_back(what_if, changes);
    let gains = |mut tally: super::what_if::Tally| -> Vec<f64> {
        let value = objective(&tally, session.share);
        let gain = moves.iter().map(|moves| {
            tally.apply(moves);
            let without = objective(&tally, session.share);
            tally.undo(moves);
            value - without
        });
        gain.collect()
    };
    let trained = gains(session.tally(what_if, layout, Part::Train));
    let validated = gains(session.tally(what_if, layout, Part::Validation));
    let resampled: Vec<Vec<f64>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|number| gains(session.resample(what_if, layout, number)))
        .collect();
    for (position, change) in changes.iter_mut().enumerate() {
        change.gain = trained[position];
        change.validated = validated[position];
        let signs = resampled.iter().map(|gains| gains[position]);
        change.same_sign = same_sign(signs);
    }
}

/// The share of resamples with a gain, of those with a gain or a loss; 0 where too few decide.
pub(super) fn same_sign(gains: impl Iterator<Item = f64> + Clone) -> f64 {
    let better = gains.clone().filter(|gain| *gain > NOTHING).count() as f64;
    let worse = gains.filter(|gain| *gain < -NOTHING).count() as f64;
    if better + worse < FEWEST_DECIDED * RESAMPLES as f64 {
        return 0.0;
    }
    better / (better + worse)
}

/// Takes back, the weakest first, every change that gains too little, until each that is left gains enough beside the others.
pub(super) fn simplify(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &mut WhatIf<'_>,
    changes: &mut Vec<Change>,
) -> Vec<(Change, Refused)> {
    let mut tally = session.tally(what_if, layout, Part::Train);
    let mut refused = Vec::new();
    let least_gain = session.least_gain(LEAST_GAIN.0, LEAST_GAIN.1);
    loop {
        let value = objective(&tally, session.share);
        let mut weakest: Option<(f64, usize)> = None;
        let moves = taken_back(what_if, changes);
        for (position, change) in changes.iter().enumerate() {
            if change.after == Worth::Nothing {
                continue;
            }
            tally.apply(&moves[position]);
            let gain = value - objective(&tally, session.share);
            tally.undo(&moves[position]);
            if gain < weakest.map_or(least_gain, |(least, _)| least) {
                weakest = Some((gain, position));
            }
        }
        let Some((gain, position)) = weakest else {
            return refused;
        };
        tally.apply(&moves[position]);
        let change = changes.remove(position);
        what_if.set(change.rule, change.before);
        refused.push((Change { gain, ..change }, Refused::Small));
    }
}

/// Takes back, the weakest first, every change without which validation is better; if all that is left is still worse than
/// what was, all of it.
pub(super) fn validate(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &mut WhatIf<'_>,
    changes: &mut Vec<Change>,
) -> Vec<(Change, Refused)> {
    let mut tally = session.tally(what_if, layout, Part::Validation);
    let mut refused = Vec::new();
    let mut order: Vec<Change> = changes.clone();
    order.sort_by(|left, right| {
        left.gain
            .total_cmp(&right.gain)
            .then(left.rule.cmp(&right.rule))
    });
    for change in order {
        let value = objective(&tally, session.share);
        let moves = what_if.set(change.rule, change.before);
        tally.apply(&moves);
        let without = objective(&tally, session.share);
        if without > value + NOTHING {
            refused.push((change, Refused::Validation));
            changes.retain(|kept| kept.rule != change.rule);
        } else {
            what_if.set(change.rule, change.after);
            tally.undo(&moves);
        }
    }
    let value = objective(&tally, session.share);
    let mut expert = what_if.clone();
    for change in changes.iter() {
        expert.set(change.rule, change.before);
    }
    let before = objective(
        &session.tally(&expert, layout, Part::Validation),
        session.share,
    );
    if value < before - NOTHING {
        for change in changes.drain(..) {
            what_if.set(change.rule, change.before);
            refused.push((change, Refused::Validation));
        }
    }
    refused
}

/// Takes changes back, the weakest first, until every protected shipment is where it can be looked at.
pub(super) fn protect(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &mut WhatIf<'_>,
    changes: &mut Vec<Change>,
    wanted: &[u32],
) -> Vec<(Change, Refused)> {
    let mut refused = Vec::new();
    let missing = |what_if: &WhatIf<'_>| {
        let seen = session.protected(what_if, layout);
        wanted
            .iter()
            .filter(|named| seen.binary_search(named).is_err())
            .count()
    };
    let mut left = missing(what_if);
    while left > 0 && !changes.is_empty() {
        let mut best: Option<(usize, f64, usize)> = None;
        for (position, change) in changes.iter().enumerate() {
            what_if.set(change.rule, change.before);
            let still = missing(what_if);
            what_if.set(change.rule, change.after);
            let is_better = best.is_none_or(|(fewest, gain, _)| {
                still < fewest || still == fewest && change.gain < gain
            });
            if is_better {
                best = Some((still, change.gain, position));
            }
        }
        let Some((still, _, position)) = best else {
            break;
        };
        let change = changes.remove(position);
        what_if.set(change.rule, change.before);
        refused.push((change, Refused::Protected));
        left = still;
    }
    refused
}
