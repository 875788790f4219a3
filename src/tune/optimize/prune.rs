//! How few rules keep most of the benefit: backward elimination.

use super::layout::Layout;
use super::objective::{NOTHING, by_chance, figures};
use super::session::{Part, Session};
use super::what_if::{WhatIf, Worth};
use crate::rules::RuleId;
use serde::Serialize;

/// How much of the benefit fewer rules keep.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Pruning {
    /// Active rules that hit a shipment.
    pub n_rules: usize,
    /// Mean recall around capacity beyond that of looks drawn at random, with all rules.
    pub benefit: f64,
    /// The fewest rules that keep 95 % of it, by id.
    pub keeps_95: Vec<String>,
    /// The fewest rules that keep 99 % of it.
    pub keeps_99: Vec<String>,
    /// The rule that is left out next, and the share of the benefit that is left without it, from all rules down.
    pub curve: Vec<(String, f64)>,
}

/// Leaves out one rule after the other, the one that costs least each time; of equal ones the one with the fewest points.
pub(super) fn prune(
    session: &Session<'_>,
    layout: &Layout,
    what_if: &WhatIf<'_>,
) -> (Pruning, u64) {
    let mut what_if = what_if.clone();
    let mut tally = session.tally(&what_if, layout, Part::All);
    let mut hits = vec![false; what_if.rules.rules.len()];
    for profile in &layout.profiles {
        for hit in layout.hit_sets.get(profile.hits) {
            hits[hit.index()] = true;
        }
    }
    let mut left: Vec<RuleId> = (what_if.rules.ids())
        .filter(|id| hits[id.index()] && what_if.rules.rule(*id).is_active())
        .collect();
    let chance = by_chance(session.share);
    let benefit = figures(&tally, session.share).mean_recall - chance;
    let id = |rule: &RuleId, what_if: &WhatIf<'_>| what_if.rules.rule(*rule).id.clone();
    let mut pruning = Pruning {
        n_rules: left.len(),
        benefit,
        ..Pruning::default()
    };
    let names = |left: &[RuleId], what_if: &WhatIf<'_>| {
        left.iter()
            .map(|rule| id(rule, what_if))
            .collect::<Vec<_>>()
    };
    pruning.keeps_95 = names(&left, &what_if);
    pruning.keeps_99 = names(&left, &what_if);
    let mut n_tried = 0;
    while benefit > NOTHING && !left.is_empty() {
        let mut best: Option<(f64, i32, usize)> = None;
        for (position, rule) in left.iter().enumerate() {
            n_tried += 1;
            let worth = what_if.worth(*rule);
            let moves = what_if.set(*rule, Worth::Nothing);
            tally.apply(&moves);
            let figures = figures(&tally, session.share);
            // Between rules whose loss no capacity shows, the slope of the objective decides.
            let value = figures.mean_recall + figures.objective * 1e-6;
            tally.undo(&moves);
            what_if.set(*rule, worth);
            let points = what_if.rules.rule(*rule).points;
            let is_better = best.is_none_or(|(most, fewest, _)| {
                value > most + NOTHING * 1e-3
                    || (value - most).abs() <= NOTHING * 1e-3 && points < fewest
            });
            if is_better {
                best = Some((value, points, position));
            }
        }
        let Some((_, _, position)) = best else { break };
        let rule = left.remove(position);
        let moves = what_if.set(rule, Worth::Nothing);
        tally.apply(&moves);
        let kept = (figures(&tally, session.share).mean_recall - chance) / benefit;
        pruning.curve.push((id(&rule, &what_if), kept));
        if kept >= 0.95 && pruning.curve.iter().all(|(_, share)| *share >= 0.95) {
            pruning.keeps_95 = names(&left, &what_if);
        }
        if kept >= 0.99 && pruning.curve.iter().all(|(_, share)| *share >= 0.99) {
            pruning.keeps_99 = names(&left, &what_if);
        }
    }
    (pruning, n_tried)
}
