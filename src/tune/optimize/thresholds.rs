//! Params and numbers of conditions: a variant takes the place of its rule where it finds more.

use super::Wish;
use super::ascent::NOTHING;
use super::guard::{Refused, SAME_SIGN, same_sign};
use super::layout::Layout;
use super::objective::objective;
use super::points::is_pinned;
use super::proposal::Proposal;
use super::question::Collected;
use super::resample::RESAMPLES;
use super::session::{Part, Session};
use super::variants::Variant;
use super::what_if::WhatIf;
use crate::check::examples::{Tried, try_example};
use crate::rules::RuleId;
use crate::score::Program;
use crate::tune::measures::Counts;
use crate::tune::scorecard::FEWEST_INSPECTED;
use rayon::prelude::*;

/// What another number must gain in the objective.
const LEAST_GAIN: f64 = 0.002;

/// A variant that takes the place of its rule.
#[derive(Clone, Debug)]
pub(super) struct Threshold {
    pub(super) variant: Variant,
    pub(super) gain: f64,
    pub(super) same_sign: f64,
    pub(super) validated: f64,
    /// Shipments trained on that the variant hits.
    pub(super) counts: Counts,
}

/// The layout with the best variants in place, at most one of a rule, best gain first. A variant with which an example of its
/// rule would fail is never taken.
pub(super) fn thresholds(
    collected: &Collected,
    session: &Session<'_>,
    wish: &Wish,
    proposal: &mut Proposal,
) -> (Layout, Vec<Threshold>) {
    let mut layout = Layout::new(session.evidence, session.aside);
    let mut taken: Vec<Threshold> = Vec::new();
    let mut gains = gains(collected, session, &layout, wish);
    proposal.n_what_ifs += gains.len() as u64;
    gains.retain(|(gain, ..)| *gain > LEAST_GAIN);
    gains.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.2.id.cmp(&right.2.id)));
    let protected = {
        let expert = WhatIf::new(&collected.rules, &layout);
        session.protected(&expert, &layout)
    };
    let program = Program::new(&collected.rules);
    let mut refused: Vec<&str> = Vec::new();
    for (_, rule, variant) in gains {
        if taken.iter().any(|known| known.variant.rule == variant.rule)
            || refused
                .iter()
                .filter(|known| **known == variant.rule)
                .count()
                > 1
        {
            continue;
        }
        let Some(id) = collected.find(&variant.id) else {
            continue;
        };
        let Some(bits) = session.aside.bits_of(id) else {
            continue;
        };
        let changed = layout.with_variant(rule, bits, session.aside, &session.of_shipment);
        let trial = Trial::new(collected, session, &layout, &changed);
        if trial.gain <= LEAST_GAIN || !examples_hold(collected, &program, id) {
            continue;
        }
        let is_missing = {
            let what_if = WhatIf::new(&collected.rules, &changed);
            let seen = session.protected(&what_if, &changed);
            protected
                .iter()
                .any(|named| seen.binary_search(named).is_err())
        };
        let because = match () {
            () if trial.same_sign < SAME_SIGN => Some(Refused::FlipsSign),
            () if trial.validated < -NOTHING => Some(Refused::Validation),
            () if is_missing => Some(Refused::Protected),
            () => None,
        };
        if let Some(because) = because {
            refused.push(&variant.rule);
            proposal.refuse_threshold(variant, trial.same_sign, trial.validated, because);
            continue;
        }
        taken.push(Threshold {
            variant: variant.clone(),
            gain: trial.gain,
            same_sign: trial.same_sign,
            validated: trial.validated,
            counts: hit_by(session, id),
        });
        layout = changed;
    }
    (layout, taken)
}

/// What each variant gains in training, alone, of rules that may change and with enough to learn from.
fn gains<'a>(
    collected: &'a Collected,
    session: &Session<'_>,
    layout: &Layout,
    wish: &Wish,
) -> Vec<(f64, RuleId, &'a Variant)> {
    let before = WhatIf::new(&collected.rules, layout);
    let value = objective(&session.tally(&before, layout, Part::Train), session.share);
    let tried: Vec<Option<(f64, RuleId, &Variant)>> = (collected.variants.par_iter())
        .map(|variant| {
            let rule = collected.find(&variant.rule)?;
            let id = collected.find(&variant.id)?;
            if is_pinned(collected.rules.rule(rule), &wish.pinned)
                || hit_by(session, id).inspected < FEWEST_INSPECTED
            {
                return None;
            }
            let bits = session.aside.bits_of(id)?;
            let changed = layout.with_variant(rule, bits, session.aside, &session.of_shipment);
            let what_if = WhatIf::new(&collected.rules, &changed);
            let gained = objective(
                &session.tally(&what_if, &changed, Part::Train),
                session.share,
            ) - value;
            Some((gained, rule, variant))
        })
        .collect();
    tried.into_iter().flatten().collect()
}

/// What a change of layout gains: in training, in resamples and in validation.
struct Trial {
    gain: f64,
    same_sign: f64,
    validated: f64,
}

impl Trial {
    fn new(collected: &Collected, session: &Session<'_>, old: &Layout, new: &Layout) -> Self {
        let (before, after) = (
            WhatIf::new(&collected.rules, old),
            WhatIf::new(&collected.rules, new),
        );
        let gain = |part| {
            let old = objective(&session.tally(&before, old, part), session.share);
            objective(&session.tally(&after, new, part), session.share) - old
        };
        let resampled: Vec<f64> = (0..RESAMPLES)
            .into_par_iter()
            .map(|number| {
                let old = objective(&session.resample(&before, old, number), session.share);
                objective(&session.resample(&after, new, number), session.share) - old
            })
            .collect();
        Self {
            gain: gain(Part::Train),
            same_sign: same_sign(resampled.into_iter()),
            validated: gain(Part::Validation),
        }
    }
}

/// The shipments trained on that a rule kept apart hits.
pub(super) fn hit_by(session: &Session<'_>, id: RuleId) -> Counts {
    super::mine::hit_by(session, id, Part::Train)
}

/// Whether the examples of a rule hold for its variant.
fn examples_hold(collected: &Collected, program: &Program, id: RuleId) -> bool {
    let rules = &collected.rules;
    let mut files = collected.loaded.files.iter();
    let Some(file) = files.find(|file| file.id.value == rules.rule(id).id) else {
        return false;
    };
    let kinds = [(&file.examples.hit, true), (&file.examples.miss, false)];
    let mut rows = kinds
        .into_iter()
        .flat_map(|(rows, hits)| rows.iter().map(move |row| (row, hits)));
    rows.all(|(row, hits)| matches!(try_example(rules, program, id, row, hits), Tried::AsSaid))
}
