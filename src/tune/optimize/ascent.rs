//! Integer points by coordinate ascent: one rule at a time, whatever gains most, until nothing gains.

use super::Limits;
use super::layout::Layout;
use super::objective::objective;
use super::start::start;
use super::what_if::{Moves, Tally, WhatIf, Worth};
use crate::rules::RuleId;

/// Rounds over all rules; the ascent mostly ends after three.
const ROUNDS: usize = 12;
/// Steps of a rule's points, as factors.
const FACTORS: [f64; 8] = [0.25, 0.5, 0.7, 0.85, 1.2, 1.4, 2.0, 4.0];
/// Steps in points.
const STEPS: [i32; 4] = [-2, -1, 1, 2];
/// Less than this is no gain.
pub(super) const NOTHING: f64 = 1e-9;

/// What the ascent works on.
pub(super) struct Ascent<'a, 'b> {
    /// The pack, and its training shipments at their places.
    pub(super) what_if: &'b mut WhatIf<'a>,
    pub(super) tally: &'b mut Tally,
    /// Share of shipments that can be looked at.
    pub(super) share: f64,
    /// Rules that may move, with what bounds their points.
    pub(super) movable: &'b [(RuleId, Limits)],
    /// Objective that a doubling or halving of a rule's points must gain.
    pub(super) penalty: f64,
    /// What-ifs so far.
    pub(super) n_tried: u64,
}

impl Ascent<'_, '_> {
    /// Moves the points of the pack to a maximum; a fresh ascent begins with those of a logistic regression, where they are
    /// better than those that stand.
    pub(super) fn climb(&mut self, layout: &Layout, is_fresh: bool) {
        let rules: Vec<RuleId> = self.movable.iter().map(|(rule, _)| *rule).collect();
        if is_fresh {
            self.begin(layout, &rules);
        }
        for _ in 0..ROUNDS {
            let before = self.value();
            for rule in &rules {
                self.best_of(*rule);
            }
            if self.value() <= before + NOTHING {
                break;
            }
        }
    }

    fn begin(&mut self, layout: &Layout, rules: &[RuleId]) {
        let expert = self.value();
        let began: Vec<(RuleId, Worth)> = (rules.iter())
            .map(|rule| (*rule, self.what_if.worth(*rule)))
            .collect();
        for (rule, points) in start(&self.what_if.rules, layout, self.tally.cells(), rules) {
            let limits = self.limits(rule);
            self.put(rule, Worth::Points(limits.nearest(points)));
        }
        if self.value() <= expert {
            for (rule, worth) in began {
                self.put(rule, worth);
            }
        }
    }

    fn limits(&self, rule: RuleId) -> Limits {
        let found = self.movable.iter().find(|(known, _)| *known == rule);
        found.map_or_else(Limits::default, |(_, limits)| *limits)
    }

    /// The objective less the penalty.
    pub(super) fn value(&self) -> f64 {
        let distance: f64 = (self.movable.iter())
            .map(|(rule, limits)| limits.distance(self.what_if.rules.rule(*rule).points))
            .sum();
        objective(self.tally, self.share) - self.penalty * distance
    }

    fn put(&mut self, rule: RuleId, worth: Worth) -> Moves {
        let moves = self.what_if.set(rule, worth);
        self.tally.apply(&moves);
        moves
    }

    /// Gives a rule the points that are worth most, the others as they are.
    fn best_of(&mut self, rule: RuleId) {
        let now = self.what_if.rules.rule(rule).points;
        let limits = self.limits(rule);
        let mut candidates: Vec<i32> = STEPS.iter().map(|step| now + step).collect();
        #[expect(clippy::cast_possible_truncation, reason = "points, clamped next")]
        candidates.extend(
            FACTORS
                .iter()
                .map(|factor| (f64::from(now) * factor).round() as i32),
        );
        candidates.push(limits.expert);
        let mut candidates: Vec<i32> = (candidates.into_iter())
            .map(|points| limits.nearest(points))
            .filter(|points| *points != now)
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut best = (self.value(), now);
        for points in candidates {
            self.n_tried += 1;
            self.put(rule, Worth::Points(points));
            let value = self.value();
            if value > best.0 + NOTHING {
                best = (value, points);
            }
        }
        self.put(rule, Worth::Points(best.1));
    }
}
