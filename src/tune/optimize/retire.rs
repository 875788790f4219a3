//! Rules that were tried often enough and find less than chance.

use super::guard::{Change, SAME_SIGN};
use super::layout::Layout;
use super::objective::figures;
use super::points::is_pinned;
use super::resample::RESAMPLES;
use super::session::{Part, Session};
use super::what_if::{Tally, WhatIf, Worth};
use crate::rules::RuleId;
use crate::tune::measures::{Counts, Interval};
use crate::tune::scorecard::FEWEST_INSPECTED;
use rayon::prelude::*;

/// The rules to retire, by id. A rule that is pinned, sets a floor or mitigates never is, nor one that no shipment of the
/// data could try: that the data hold nothing for it says nothing of the rule.
pub(super) fn retire(
    session: &Session<'_>,
    layout: &Layout,
    expert: &WhatIf<'_>,
    pinned: &[String],
) -> Vec<Change> {
    let train = session.tally(expert, layout, Part::Train);
    let found = of_rules(expert, layout, &train);
    let Some(base) = train.all.counts().precision() else {
        return Vec::new();
    };
    let mut scratch = expert.clone();
    let mut tally = train;
    let at_capacity = |tally: &Tally| figures(tally, session.share).recall;
    let all = at_capacity(&tally);
    let mut candidates: Vec<RuleId> = Vec::new();
    for id in expert.rules.ids() {
        let rule = expert.rules.rule(id);
        let counts = found[id.index()];
        let surely_less =
            Interval::wilson(counts.bad, counts.inspected).is_some_and(|share| share.high < base);
        let may =
            rule.is_active() && rule.floor.is_none() && !rule.mitigates && !is_pinned(rule, pinned);
        if !may || !surely_less || counts.inspected < FEWEST_INSPECTED {
            continue;
        }
        let moves = scratch.set(id, Worth::Nothing);
        tally.apply(&moves);
        let is_missed = at_capacity(&tally) < all;
        tally.undo(&moves);
        scratch.set(id, expert.worth(id));
        if !is_missed {
            candidates.push(id);
        }
    }
    let less: Vec<Vec<bool>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|number| {
            let tally = session.resample(expert, layout, Part::Train, number);
            let found = of_rules(expert, layout, &tally);
            let base = tally.all.counts().precision().unwrap_or(0.0);
            let is_less = |id: &RuleId| {
                found[id.index()]
                    .precision()
                    .is_none_or(|share| share < base)
            };
            candidates.iter().map(is_less).collect()
        })
        .collect();
    let changes = candidates.iter().enumerate().map(|(position, id)| Change {
        rule: *id,
        before: expert.worth(*id),
        after: Worth::Nothing,
        gain: 0.0,
        same_sign: less.iter().filter(|less| less[position]).count() as f64 / RESAMPLES as f64,
        validated: 0.0,
    });
    changes
        .filter(|change| change.same_sign >= SAME_SIGN)
        .collect()
}

/// The shipments that each rule hits.
pub(super) fn of_rules(what_if: &WhatIf<'_>, layout: &Layout, tally: &Tally) -> Vec<Counts> {
    let mut of_rule = vec![Counts::default(); what_if.rules.rules.len()];
    for (profile, cell) in layout.profiles.iter().zip(tally.cells()) {
        if cell.shipments > 0 {
            for hit in layout.hit_sets.get(profile.hits) {
                of_rule[hit.index()].add(cell.counts());
            }
        }
    }
    of_rule
}
