//! Points: what regressions on resamples of shipments agree on.

use super::Limits;
use super::Wish;
use super::guard::{Change, Refused, SAME_SIGN, measure, validate};
use super::layout::Layout;
use super::objective::NOTHING;
use super::proposal::Proposal;
use super::regression::{Regression, Solution};
use super::resample::RESAMPLES;
use super::retire::of_rules;
use super::session::{Part, Session};
use super::what_if::{WhatIf, Worth};
use crate::check::rests_on;
use crate::rules::{CONTEXT_POINTS, Rule, RuleId};
use crate::tune::scorecard::FEWEST_INSPECTED;
use rayon::prelude::*;

/// Points move by at most this factor.
const WIDEST: i32 = 8;
/// Deviations of the prior on the logarithm of points, the widest first: a factor of e^2 either way is nothing odd.
const DEVIATIONS: [f64; 3] = [2.0, 1.0, 0.5];
/// What is no move of points, as a logarithm.
const STILL: f64 = 0.01;

/// A pack with the points that a part of the shipments asks for.
pub(super) struct Fitted<'a> {
    pub(super) what_if: WhatIf<'a>,
    /// Retirements, and other points that resamples agree on, by rule.
    pub(super) changes: Vec<Change>,
    /// Other points on which they do not.
    pub(super) refused: Vec<(Change, Refused)>,
    deviation: f64,
}

/// Points fitted to the shipments trained on, and what validation refuses of them: under the widest prior of which it leaves
/// anything.
pub(super) fn judged<'a>(
    session: &Session<'_>,
    begin: &WhatIf<'a>,
    layout: &Layout,
    retired: &[Change],
    movable: &[(RuleId, Limits)],
) -> (Fitted<'a>, Vec<(Change, Refused)>) {
    let under = |deviation: f64| {
        let mut fitted = Fitted::new(
            session,
            begin,
            layout,
            retired,
            movable,
            Part::Train,
            deviation,
        );
        let refused = validate(session, layout, &mut fitted.what_if, &mut fitted.changes);
        (fitted, refused)
    };
    let (mut best, mut refused) = under(DEVIATIONS[0]);
    for deviation in &DEVIATIONS[1..] {
        if !best.changes.is_empty() || refused.is_empty() {
            break;
        }
        let next = under(*deviation);
        if !next.0.changes.is_empty() {
            (best, refused) = next;
        }
    }
    (best, refused)
}

impl<'a> Fitted<'a> {
    /// Fits points to resamples and takes the mean of their logarithms; rules whose direction flips get their points back, and
    /// the rest is fitted again without them, until all that moves is agreed on.
    pub(super) fn new(
        session: &Session<'_>,
        begin: &WhatIf<'a>,
        layout: &Layout,
        retired: &[Change],
        movable: &[(RuleId, Limits)],
        part: Part,
        deviation: f64,
    ) -> Self {
        let mut what_if = begin.clone();
        for change in retired {
            what_if.set(change.rule, change.after);
        }
        let mut movable = movable.to_vec();
        let mut refused = Vec::new();
        loop {
            let agreed = agreed(session, &what_if, layout, &movable, part, deviation);
            let mut tried = what_if.clone();
            let mut changes: Vec<Change> = retired.to_vec();
            for ((rule, limits), agreed) in movable.iter().zip(&agreed) {
                let after = Worth::Points(limits.stretched(agreed.stretch));
                if after != Worth::Points(limits.expert) {
                    tried.set(*rule, after);
                    changes.push(Change {
                        rule: *rule,
                        before: Worth::Points(limits.expert),
                        after,
                        gain: 0.0,
                        same_sign: agreed.same_sign,
                        validated: 0.0,
                    });
                }
            }
            measure(session, layout, &tried, &mut changes);
            // What resamples agree on can still be worth nothing: noise has a direction too.
            let (flips, idle): (Vec<RuleId>, Vec<RuleId>) = (
                (movable.iter().zip(&agreed))
                    .filter(|(_, agreed)| agreed.same_sign < SAME_SIGN)
                    .map(|((rule, _), _)| *rule)
                    .collect(),
                (changes.iter())
                    .filter(|change| change.after != Worth::Nothing && change.gain <= NOTHING)
                    .map(|change| change.rule)
                    .collect(),
            );
            if flips.is_empty() && idle.is_empty() {
                return Self {
                    what_if: tried,
                    changes,
                    refused,
                    deviation,
                };
            }
            // Those on which resamples do not agree go first: without them others can be worth something.
            let goes = if flips.is_empty() { &idle } else { &flips };
            let gone = changes
                .into_iter()
                .filter(|change| goes.contains(&change.rule));
            refused.extend(gone.map(|change| (change, Refused::FlipsSign)));
            movable.retain(|(rule, _)| !goes.contains(rule));
        }
    }

    /// The same on all shipments, without what validation refused; nothing where it left nothing. What a change gains in
    /// validation is still what it gained with the points of before.
    pub(super) fn again(
        &self,
        session: &Session<'_>,
        begin: &WhatIf<'a>,
        layout: &Layout,
        movable: &[(RuleId, Limits)],
        refused: &[(Change, Refused)],
    ) -> Self {
        let is_refused = |rule: RuleId| refused.iter().any(|(change, _)| change.rule == rule);
        let is_nothing_left = self.changes.is_empty() && !refused.is_empty();
        let movable: Vec<(RuleId, Limits)> = (movable.iter().copied())
            .filter(|(rule, _)| !is_nothing_left && !is_refused(*rule))
            .collect();
        let retired = self.changes.iter().copied();
        let retired: Vec<Change> = retired
            .filter(|change| change.after == Worth::Nothing)
            .collect();
        let mut again = Self::new(
            session,
            begin,
            layout,
            &retired,
            &movable,
            Part::All,
            self.deviation,
        );
        for change in &mut again.changes {
            let early = self.changes.iter().find(|early| early.rule == change.rule);
            change.validated = early.map_or(0.0, |early| early.validated);
        }
        again
    }

    /// Takes back the changes of rules that are not among those kept.
    pub(super) fn keep(&mut self, kept: &[Change]) {
        let what_if = &mut self.what_if;
        self.changes.retain(|change| {
            let is_kept = kept.iter().any(|kept| kept.rule == change.rule);
            if !is_kept {
                what_if.set(change.rule, change.before);
            }
            is_kept
        });
    }
}

/// What resamples say of a rule.
struct Agreed {
    /// The mean of the logarithm of its points over the expert's.
    stretch: f64,
    /// The share of resamples that go the same way as the mean.
    same_sign: f64,
}

fn agreed(
    session: &Session<'_>,
    begin: &WhatIf<'_>,
    layout: &Layout,
    movable: &[(RuleId, Limits)],
    part: Part,
    deviation: f64,
) -> Vec<Agreed> {
    if movable.is_empty() {
        return Vec::new();
    }
    let rules: Vec<RuleId> = movable.iter().map(|(rule, _)| *rule).collect();
    let regression = Regression::new(&begin.rules, layout, &rules, deviation);
    let whole = regression.solve(&session.cells(layout, part), &regression.start());
    let solved: Vec<Solution> = (0..RESAMPLES)
        .into_par_iter()
        .map(|number| regression.solve(&session.resampled_cells(layout, part, number), &whole))
        .collect();
    let of_rule = |position: usize| {
        let stretches = || {
            solved
                .iter()
                .map(move |solution| solution.stretch[position])
        };
        let stretch = stretches().sum::<f64>() / RESAMPLES as f64;
        let same = stretches().filter(|other| other * stretch.signum() > STILL);
        Agreed {
            stretch,
            same_sign: same.count() as f64 / RESAMPLES as f64,
        }
    };
    (0..rules.len()).map(of_rule).collect()
}

/// The rules whose points may move, by id; why the others may not is noted.
pub(super) fn movable(
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
