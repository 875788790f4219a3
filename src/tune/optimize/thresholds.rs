//! Params and numbers of conditions: a variant takes the place of its rule where it finds more.

use super::Wish;
use super::guard::{Refused, SAME_SIGN, same_sign};
use super::layout::Layout;
use super::mine::hit_by;
use super::objective::{NOTHING, objective};
use super::points::{is_pinned, limits};
use super::proposal::Proposal;
use super::question::Collected;
use super::resample::RESAMPLES;
use super::session::{Part, Session};
use super::variants::Variant;
use super::what_if::{WhatIf, Worth};
use crate::check::examples::{Tried, try_example};
use crate::rules::edit::{Edit, edited};
use crate::rules::{RuleId, RuleSet};
use crate::score::Program;
use crate::tune::aside::Bits;
use crate::tune::measures::Counts;
use crate::tune::scorecard::FEWEST_INSPECTED;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Points that are tried with another number, as shares of the expert's, the expert's first.
const FACTORS: [f64; 5] = [1.0, 0.25, 0.5, 1.5, 2.0];
/// Variants of a rule that may be refused before the rest of them is passed over.
const MOST_REFUSED: usize = 3;
/// What another number must gain in the objective: this, and this many deviations of what it gains in resamples. So many are
/// tried that some gain by chance in nine of ten resamples.
const LEAST_GAIN: f64 = 0.002;
const DEVIATIONS: f64 = 3.0;

/// A variant that takes the place of its rule.
#[derive(Clone, Debug)]
pub(super) struct Threshold {
    pub(super) variant: Variant,
    /// The rule.
    pub(super) rule: RuleId,
    pub(super) gain: f64,
    pub(super) same_sign: f64,
    pub(super) validated: f64,
    /// Shipments trained on that the variant hits.
    pub(super) counts: Counts,
    /// Examples at the old limit, which change sides.
    pub(super) turned: Vec<Edit>,
}

/// A pack with variants in place: what hits, and the points that go with it.
pub(super) struct Begun {
    pub(super) rules: RuleSet,
    pub(super) layout: Layout,
    pub(super) taken: Vec<Threshold>,
}

/// Puts the best variants in place, at most one of a rule, best gain first. Examples at the old limit change sides; a
/// variant whose examples cannot is never taken.
pub(super) fn thresholds(
    collected: &Collected,
    session: &Session<'_>,
    wish: &Wish,
    proposal: &mut Proposal,
) -> Begun {
    let mut begun = Begun {
        rules: collected.rules.clone(),
        layout: Layout::new(session.evidence, session.aside),
        taken: Vec::new(),
    };
    let mut gains = gains(collected, session, &begun.layout, wish);
    proposal.n_what_ifs += gains.len() as u64;
    gains.retain(|known| known.gain > LEAST_GAIN);
    gains.sort_by(|left, right| {
        let order = right.gain.total_cmp(&left.gain);
        order.then_with(|| left.variant.id.cmp(&right.variant.id))
    });
    let expert = WhatIf::new(&begun.rules, &begun.layout);
    let protected = session.protected(&expert, &begun.layout);
    drop(expert);
    let program = Program::new(&collected.rules);
    let mut n_refused: BTreeMap<&str, usize> = BTreeMap::new();
    for known in gains {
        let Suited {
            rule,
            points,
            variant,
            ..
        } = known;
        let name = variant.rule.as_str();
        let is_done = begun.taken.iter().any(|taken| taken.rule == rule);
        if is_done
            || n_refused
                .get(name)
                .is_some_and(|times| *times >= MOST_REFUSED)
        {
            continue;
        }
        let Some((id, bits)) = bits_of(collected, session, variant) else {
            continue;
        };
        let layout = begun
            .layout
            .with_variant(rule, bits, session.aside, &session.of_shipment);
        let mut rules = begun.rules.clone();
        rules.rules[rule.index()].points = points;
        let trial = Trial::new(session, (&begun.rules, &begun.layout), (&rules, &layout));
        if trial.gain <= LEAST_GAIN {
            continue;
        }
        let is_missing = || {
            let what_if = WhatIf::new(&rules, &layout);
            let seen = session.protected(&what_if, &layout);
            protected
                .iter()
                .any(|named| seen.binary_search(named).is_err())
        };
        let turned = examples_that_turn(collected, &program, id, variant);
        let because = match () {
            () if turned.is_none() => Some(Refused::Examples),
            () if trial.same_sign < SAME_SIGN || trial.gain < DEVIATIONS * trial.deviation => {
                Some(Refused::FlipsSign)
            }
            () if trial.validated < -NOTHING => Some(Refused::Validation),
            () if is_missing() => Some(Refused::Protected),
            () => None,
        };
        if let Some(because) = because {
            *n_refused.entry(name).or_default() += 1;
            proposal.refuse_threshold(variant, trial.same_sign, trial.validated, because);
            continue;
        }
        begun.taken.push(Threshold {
            variant: variant.clone(),
            rule,
            gain: trial.gain,
            same_sign: trial.same_sign,
            validated: trial.validated,
            counts: hit_by(session, id, Part::Train),
            turned: turned.unwrap_or_default(),
        });
        begun.rules = rules;
        begun.layout = layout;
    }
    begun
}

fn bits_of<'a>(
    collected: &Collected,
    session: &Session<'a>,
    variant: &Variant,
) -> Option<(RuleId, &'a Bits)> {
    let id = collected.find(&variant.id)?;
    Some((id, session.aside.bits_of(id)?))
}

/// What a variant gains, with the points that suit it.
struct Suited<'a> {
    gain: f64,
    rule: RuleId,
    points: i32,
    variant: &'a Variant,
}

/// What each variant gains in training, alone, of rules that may change and with enough to learn from.
fn gains<'a>(
    collected: &'a Collected,
    session: &Session<'_>,
    layout: &Layout,
    wish: &Wish,
) -> Vec<Suited<'a>> {
    let before = WhatIf::new(&collected.rules, layout);
    let value = objective(&session.tally(&before, layout, Part::Train), session.share);
    let gain_of = |variant: &'a Variant| {
        let rule = collected.find(&variant.rule)?;
        let (id, bits) = bits_of(collected, session, variant)?;
        let known = collected.rules.rule(rule);
        let inspected = hit_by(session, id, Part::Train).inspected;
        if is_pinned(known, &wish.pinned) || inspected < FEWEST_INSPECTED {
            return None;
        }
        let changed = layout.with_variant(rule, bits, session.aside, &session.of_shipment);
        let mut what_if = WhatIf::new(&collected.rules, &changed);
        let mut tally = session.tally(&what_if, &changed, Part::Train);
        let limits = limits(known);
        let mut best: Option<(f64, i32)> = None;
        for factor in FACTORS {
            #[expect(clippy::cast_possible_truncation, reason = "points, clamped")]
            let points = limits.nearest((f64::from(known.points) * factor).round() as i32);
            tally.apply(&what_if.set(rule, Worth::Points(points)));
            let gain = objective(&tally, session.share) - value;
            if best.is_none_or(|(most, _)| gain > most + LEAST_GAIN / 2.0) {
                best = Some((gain, points));
            }
        }
        let (gain, points) = best?;
        Some(Suited {
            gain,
            rule,
            points,
            variant,
        })
    };
    let gains: Vec<Option<Suited<'_>>> = collected.variants.par_iter().map(gain_of).collect();
    gains.into_iter().flatten().collect()
}

/// What another pack gains: in training, in resamples and in validation.
struct Trial {
    gain: f64,
    /// Standard deviation of the gain in resamples.
    deviation: f64,
    same_sign: f64,
    validated: f64,
}

impl Trial {
    fn new(session: &Session<'_>, old: (&RuleSet, &Layout), new: (&RuleSet, &Layout)) -> Self {
        let (before, after) = (WhatIf::new(old.0, old.1), WhatIf::new(new.0, new.1));
        let gain = |part| {
            let value = objective(&session.tally(&before, old.1, part), session.share);
            objective(&session.tally(&after, new.1, part), session.share) - value
        };
        let resampled: Vec<f64> = (0..RESAMPLES)
            .into_par_iter()
            .map(|number| {
                let value = objective(
                    &session.resample(&before, old.1, Part::Train, number),
                    session.share,
                );
                objective(
                    &session.resample(&after, new.1, Part::Train, number),
                    session.share,
                ) - value
            })
            .collect();
        let mean = resampled.iter().sum::<f64>() / RESAMPLES as f64;
        let square = |gain: &f64| (gain - mean).powi(2);
        Self {
            gain: gain(Part::Train),
            deviation: (resampled.iter().map(square).sum::<f64>() / RESAMPLES as f64).sqrt(),
            same_sign: same_sign(resampled.into_iter()),
            validated: gain(Part::Validation),
        }
    }
}

/// The examples of a rule that its variant turns round; none where one cannot change sides in the file.
fn examples_that_turn(
    collected: &Collected,
    program: &Program,
    id: RuleId,
    variant: &Variant,
) -> Option<Vec<Edit>> {
    let rules = &collected.rules;
    let mut files = collected.loaded.files.iter();
    let file = files.find(|file| file.id.value == variant.rule)?;
    let mut turned = Vec::new();
    for (rows, is_hit) in [(&file.examples.hit, true), (&file.examples.miss, false)] {
        for (position, row) in rows.iter().enumerate() {
            if !matches!(try_example(rules, program, id, row, is_hit), Tried::AsSaid) {
                turned.push(Edit::Example { is_hit, position });
            }
        }
    }
    edited(&collected.loaded.sources, file, &turned).map(|_| turned)
}
