//! What stands between a better objective and a proposal: resamples, validation, protected shipments.

use super::layout::Layout;
use super::objective::{NOTHING, objective};
use super::resample::RESAMPLES;
use super::session::{Part, Session};
use super::what_if::{Moves, Tally, WhatIf, Worth};
use crate::rules::RuleId;
use rayon::prelude::*;

/// The share of resamples in which a change must have the same sign.
pub(super) const SAME_SIGN: f64 = 0.9;
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
    /// The share of resamples that agree: whose points go the same way.
    pub(super) same_sign: f64,
    /// What it gains in validation, with points fitted to the shipments trained on.
    pub(super) validated: f64,
}

/// Why a change is not proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refused {
    /// Fewer than nine of ten resamples agree with it; or points gain nothing in training, another number less than three deviations of
    /// what it gains in resamples.
    FlipsSign,
    /// Validation is better without it, in nine of ten resamples; another number: in validation as it is.
    Validation,
    /// An example of the rule says otherwise, and is not written on a line of its own.
    Examples,
    /// A protected shipment would fall out of capacity.
    Protected,
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

/// Measures every change against taking it back, the others as they are: in training and in validation.
pub(super) fn measure(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &WhatIf<'_>,
    changes: &mut [Change],
) {
    let moves = taken_back(what_if, changes);
    let gains = |part| gains(session.tally(what_if, layout, part), &moves, session.share);
    let (trained, validated) = (gains(Part::Train), gains(Part::Validation));
    for ((change, trained), validated) in changes.iter_mut().zip(trained).zip(validated) {
        (change.gain, change.validated) = (trained, validated);
    }
}

/// What a ranking is worth beyond itself after each of some moves.
fn gains(mut tally: Tally, moves: &[Moves], share: f64) -> Vec<f64> {
    let value = objective(&tally, share);
    let gain = moves.iter().map(|moves| {
        tally.apply(moves);
        let without = objective(&tally, share);
        tally.undo(moves);
        value - without
    });
    gain.collect()
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

/// Takes back, the weakest first, every change without which validation is surely better; if what is left is surely worse
/// there than what was, all of it. Sure is what nine of ten resamples of validation say.
pub(super) fn validate(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &mut WhatIf<'_>,
    changes: &mut Vec<Change>,
) -> Vec<(Change, Refused)> {
    let mut refused = Vec::new();
    loop {
        let losing = changes.iter().enumerate();
        let losing = losing.filter(|(_, change)| change.validated < -NOTHING);
        let losing: Vec<usize> = losing.map(|(position, _)| position).collect();
        let moves = taken_back(what_if, changes);
        let losing_moves: Vec<Moves> = losing.iter().map(|lost| moves[*lost].clone()).collect();
        let sure = surely_lose(session, layout, what_if, &losing_moves);
        let weakest = losing.iter().zip(sure).filter(|(_, sure)| *sure);
        let weakest = weakest
            .map(|(position, _)| *position)
            .min_by(|left, right| {
                let gain = |position: usize| changes[position].validated;
                gain(*left).total_cmp(&gain(*right))
            });
        let Some(weakest) = weakest else { break };
        let change = changes.remove(weakest);
        what_if.set(change.rule, change.before);
        refused.push((change, Refused::Validation));
        measure(session, layout, what_if, changes);
    }
    let mut before = what_if.clone();
    let mut back = Moves::new();
    for change in changes.iter() {
        before.set(change.rule, change.before);
    }
    for (profile, now) in (0..).zip(&what_if.place_of) {
        let was = before.place_of[profile as usize];
        if *now != was {
            back.push((profile, *now, was));
        }
    }
    if surely_lose(session, layout, what_if, &[back])[0] {
        for change in changes.drain(..) {
            what_if.set(change.rule, change.before);
            refused.push((change, Refused::Validation));
        }
    }
    refused
}

/// Of each of some moves whether validation is surely better after it.
fn surely_lose(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &WhatIf<'_>,
    moves: &[Moves],
) -> Vec<bool> {
    if moves.is_empty() {
        return Vec::new();
    }
    let resampled: Vec<Vec<f64>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|number| {
            let tally = session.resample(what_if, layout, Part::Validation, number);
            gains(tally, moves, session.share)
        })
        .collect();
    let loss_of = |position: usize| resampled.iter().map(move |gains| -gains[position]);
    (0..moves.len())
        .map(|position| same_sign(loss_of(position)) >= SAME_SIGN)
        .collect()
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
