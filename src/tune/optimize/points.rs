//! Points: the ascent under several strengths of the penalty, less what resamples do not bear out.

use super::Limits;
use super::Wish;
use super::ascent::Ascent;
use super::guard::{Change, Refused, SAME_SIGN, changes, simplify};
use super::layout::Layout;
use super::objective::objective;
use super::proposal::Proposal;
use super::retire::of_rules;
use super::session::{Part, Session};
use super::what_if::{WhatIf, Worth};
use crate::check::rests_on;
use crate::rules::{CONTEXT_POINTS, Rule, RuleId};
use crate::tune::scorecard::FEWEST_INSPECTED;
use rayon::prelude::*;

/// What a doubling or halving of points must gain in the objective; the strength that is best in validation is taken.
const PENALTIES: [f64; 3] = [0.0005, 0.002, 0.005];
/// Points move by at most this factor.
const WIDEST: i32 = 8;
/// Rounds of ascent and resampling.
const ROUNDS: usize = 5;

/// The pack with the points that are best, and every change, stable ones only. What is refused is noted.
pub(super) fn points<'a>(
    session: &Session<'_>,
    layout: &Layout,
    begin: &WhatIf<'a>,
    retired: &[Change],
    wish: &Wish,
    proposal: &mut Proposal,
) -> (WhatIf<'a>, Vec<Change>) {
    let expert = begin;
    let mut begin = expert.clone();
    for change in retired {
        begin.set(change.rule, change.after);
    }
    let movable = movable(session, layout, expert, retired, wish, proposal);
    let fit = |penalty: &f64| {
        let mut what_if = begin.clone();
        let found = stable(session, layout, &mut what_if, &movable, *penalty);
        let later = session.tally(&what_if, layout, Part::Validation);
        (objective(&later, session.share), what_if, found)
    };
    let fits: Vec<_> = PENALTIES.par_iter().map(fit).collect();
    proposal.n_what_ifs += fits.iter().map(|(.., found)| found.n_tried).sum::<u64>();
    // Of equally good ones the one that stays nearest to the expert.
    let best = fits
        .into_iter()
        .reduce(|best, next| if next.0 >= best.0 { next } else { best });
    let (_, mut what_if, stable) = best.expect("at least one penalty");
    proposal.refuse(expert, stable.refused);
    let before = |changes: &[Change]| -> Vec<(RuleId, Worth)> {
        let before = changes.iter().map(|change| (change.rule, change.before));
        before.collect()
    };
    let mut kept = stable.changes;
    loop {
        let refused = simplify(session, layout, &mut what_if, &mut kept);
        proposal.refuse(expert, refused);
        kept = changes(session, layout, &what_if, &before(&kept));
        let is_stable = |change: &Change| change.same_sign >= SAME_SIGN;
        let (stays, flips): (Vec<Change>, Vec<Change>) = kept.into_iter().partition(is_stable);
        kept = stays;
        if flips.is_empty() {
            break;
        }
        for change in flips {
            what_if.set(change.rule, change.before);
            proposal.refuse(expert, vec![(change, Refused::FlipsSign)]);
        }
    }
    let before = [before(retired), before(&kept)].concat();
    let mut all = changes(session, layout, &what_if, &before);
    for change in &mut all {
        if let Some(known) = retired.iter().find(|known| known.rule == change.rule) {
            change.same_sign = known.same_sign;
        }
    }
    (what_if, all)
}

/// What the ascent under one penalty leaves.
struct Stable {
    changes: Vec<Change>,
    refused: Vec<(Change, Refused)>,
    n_tried: u64,
}

/// The ascent, and again without the rules whose change flips its sign, until none does.
fn stable(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &mut WhatIf<'_>,
    movable: &[(RuleId, Limits)],
    penalty: f64,
) -> Stable {
    let mut movable = movable.to_vec();
    let before: Vec<(RuleId, Worth)> = (movable.iter())
        .map(|(rule, limits)| (*rule, Worth::Points(limits.expert)))
        .collect();
    let mut refused: Vec<(Change, Refused)> = Vec::new();
    let mut n_tried = 0;
    for round in 0.. {
        if round < ROUNDS {
            let mut tally = session.tally(what_if, layout, Part::Train);
            let mut ascent = Ascent {
                what_if,
                tally: &mut tally,
                share: session.share,
                movable: &movable,
                penalty,
                n_tried: 0,
            };
            ascent.climb(layout, round == 0);
            n_tried += ascent.n_tried;
        }
        let found = changes(session, layout, what_if, &before);
        let unstable = || found.iter().filter(|change| change.same_sign < SAME_SIGN);
        if unstable().next().is_none() {
            return Stable {
                changes: found,
                refused,
                n_tried,
            };
        }
        for change in unstable() {
            what_if.set(change.rule, change.before);
            movable.retain(|(rule, _)| *rule != change.rule);
            refused.push((*change, Refused::FlipsSign));
        }
    }
    unreachable!("every round without an end leaves out a rule")
}

/// The rules whose points may move, by id; why the others may not is noted.
fn movable(
    session: &Session<'_>,
    layout: &Layout,
    expert: &WhatIf<'_>,
    retired: &[Change],
    wish: &Wish,
    proposal: &mut Proposal,
) -> Vec<(RuleId, Limits)> {
    let found = of_rules(expert, layout, &session.tally(expert, layout, Part::Train));
    let mut movable = Vec::new();
    for id in expert.rules.ids() {
        let rule = expert.rules.rule(id);
        let inspected = found[id.index()].inspected;
        if !rule.is_active() || retired.iter().any(|change| change.rule == id) {
            continue;
        }
        if is_pinned(rule, &wish.pinned) {
            proposal.leave_alone(rule, "pinned".to_owned());
        } else if inspected < FEWEST_INSPECTED {
            let why = match inspected > 0.0 {
                true => format!("fewer than {FEWEST_INSPECTED} inspected shipments to learn from"),
                false => "it hits no inspected shipment here".to_owned(),
            };
            proposal.leave_alone(rule, why);
        } else {
            movable.push((id, limits(rule)));
        }
    }
    movable
}

/// Between an eighth and eight times the expert's points. A rule whose hits can be verified stays on its side of mere context,
/// so that tuning makes no candidate for a verification and unmakes none; what rests on a country or a name stays context.
pub(super) fn limits(rule: &Rule) -> Limits {
    let expert = rule.points;
    let (mut low, mut high) = ((expert / WIDEST).max(1), (expert * WIDEST).min(100));
    let is_context = expert <= CONTEXT_POINTS;
    if is_context && (!rule.texts.verify.is_empty() || rests_on(&rule.condition).is_some()) {
        high = high.min(CONTEXT_POINTS);
    }
    if !is_context && !rule.texts.verify.is_empty() {
        low = low.max(CONTEXT_POINTS + 1);
    }
    Limits { expert, low, high }
}

/// Whether a person wants a rule left as it is.
pub(super) fn is_pinned(rule: &Rule, pinned: &[String]) -> bool {
    pinned
        .iter()
        .any(|name| *name == rule.id || *name == rule.name)
}
