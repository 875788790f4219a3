//! Each rule by what it found: keep it, tune it, or retire it.

use super::evidence::{Evidence, Found};
use super::measures::{Counts, Interval};
use super::ranking::{Ranking, counted};
use crate::batch::NULL_DATE;
use crate::normalize::date::civil;
use crate::rules::{RuleId, RuleSet};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a rule found.
#[derive(Clone, Debug, Serialize)]
pub struct OfRule {
    /// Its id.
    pub id: String,
    /// Its points.
    pub points: i32,
    /// False for drafts, which count for nothing.
    pub is_active: bool,
    /// Lines on which it can be evaluated.
    pub evaluable: u64,
    /// Shipments that it hits.
    pub counts: Counts,
    /// Shipments that no other active rule hits.
    pub unique: Counts,
    /// Bad among inspected.
    pub precision: Option<Interval>,
    /// Precision over that of all shipments.
    pub lift: Option<f64>,
    /// Bad shipments that would drop out of capacity without it, less those that would come in.
    pub marginal_bad: f64,
    /// The rule that shares most of its shipments, and the share.
    pub overlap: Option<(String, f64)>,
    /// Day of law of its first and last shipment, as `YYYY-MM-DD`.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
    /// Precision by quarter of the year, oldest first: whether it drifts.
    pub quarters: Vec<Quarter>,
    /// What to do with it.
    pub verdict: Verdict,
    /// Why.
    pub why: String,
    /// What it costs to evaluate, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
}

/// What it costs to evaluate a rule, by processor time: no two measurements are the same.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cost {
    /// Nanoseconds per row of its condition, as if it were the only rule.
    pub condition_ns: f64,
    /// Nanoseconds per row of the first pass over the data that its aggregates and features of earlier lines ask for, as
    /// if it were the only rule; none where it asks for none.
    pub first_pass_ns: Option<f64>,
}

/// A quarter of a year.
#[derive(Clone, Debug, Serialize)]
pub struct Quarter {
    /// Its name: `2024Q3`.
    pub name: String,
    /// The shipments that the rule hits in it.
    pub counts: Counts,
}

/// What to do with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It finds more than chance, or there is no reason to touch it.
    Keep,
    /// Too little is known, or it is worth no more than chance: look at its condition and points.
    Tune,
    /// It was tried often enough and finds less than chance, or it never hits.
    Retire,
}

/// Which rules hit the same shipments.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Overlaps {
    /// The rules that hit most shipments, most first.
    pub rules: Vec<String>,
    /// For each of them, the share of its shipments that each of them hits; 1 for itself.
    pub shares: Vec<Vec<f64>>,
}

/// Rules whose overlaps are told.
const MOST_OVERLAPS: usize = 25;

/// Inspected shipments below which nothing is said of a rule.
pub(super) const FEWEST_INSPECTED: f64 = 20.0;

/// The scorecard of every rule that is evaluated, and what those that hit most have in common.
pub(super) fn scorecard(
    rules: &RuleSet,
    evidence: &Evidence,
    ranking: &Ranking,
    capacity: u64,
) -> (Vec<OfRule>, Overlaps) {
    let mut cards = Cards::new(rules, evidence);
    cards.count(rules, evidence);
    let all = ranking
        .counts
        .iter()
        .fold(Counts::default(), |mut all, counts| {
            all.add(*counts);
            all
        });
    let found = ranking.top(capacity as f64).bad;
    let base = all.precision();
    let of_rules = rules
        .ids()
        .map(|id| {
            let rule = rules.rule(id);
            let card = &cards.of_rule[id.index()];
            let marginal = match rule.is_active() && card.counts.shipments > 0.0 {
                true => {
                    found
                        - ranking
                            .without(rules, evidence, id)
                            .top(capacity as f64)
                            .bad
                }
                false => 0.0,
            };
            let precision = Interval::wilson(card.counts.bad, card.counts.inspected);
            let lift = precision.zip(base.filter(|base| *base > 0.0));
            let asked = Asked {
                has_floor: rule.floor.is_some(),
                evaluable: evidence.evaluable[id.index()],
                marginal,
            };
            let (verdict, why) = verdict(card.counts, precision, base, asked);
            let day =
                |day: i32| (day != NULL_DATE).then(|| crate::normalize::date::format_date(day));
            OfRule {
                id: rule.id.clone(),
                points: rule.points,
                is_active: rule.is_active(),
                evaluable: evidence.evaluable[id.index()],
                counts: card.counts,
                unique: card.unique,
                precision,
                lift: lift.map(|(precision, base)| precision.share / base),
                marginal_bad: marginal,
                overlap: cards.overlap(rules, id),
                first: day(card.first),
                last: day(card.last),
                quarters: card
                    .quarters
                    .iter()
                    .map(|((year, quarter), counts)| Quarter {
                        name: format!("{year}Q{quarter}"),
                        counts: *counts,
                    })
                    .collect(),
                verdict,
                why,
                cost: None,
            }
        })
        .collect();
    (of_rules, cards.overlaps(rules))
}

/// What a verdict depends on besides outcomes.
#[derive(Clone, Copy)]
struct Asked {
    has_floor: bool,
    evaluable: u64,
    marginal: f64,
}

fn verdict(
    counts: Counts,
    precision: Option<Interval>,
    base: Option<f64>,
    asked: Asked,
) -> (Verdict, String) {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let Some((precision, base)) = precision.zip(base) else {
        return match (asked.evaluable, counts.shipments > 0.0) {
            (0, _) => (
                Verdict::Keep,
                "its fields are absent here: nothing is known".to_owned(),
            ),
            (_, true) => (
                Verdict::Tune,
                "none of its shipments was inspected: nothing is known".to_owned(),
            ),
            // Data that hold none of its goods say nothing of a rule.
            (lines, false) => (
                Verdict::Tune,
                format!(
                    "it hits none of the {lines} lines where it can be evaluated, which may hold none of its goods"
                ),
            ),
        };
    };
    let seen = format!("{} of {} inspected are bad", counts.bad, counts.inspected);
    let of_all = percent(base);
    if counts.inspected < FEWEST_INSPECTED {
        return (Verdict::Tune, format!("{seen}: too few to tell"));
    }
    if precision.low > base {
        return (
            Verdict::Keep,
            format!("{seen}: surely more than the {of_all} of all"),
        );
    }
    if precision.high < base && asked.marginal <= 0.0 {
        let less = format!("{seen}: surely less than the {of_all} of all");
        return match asked.has_floor {
            true => (
                Verdict::Tune,
                format!("{less}, but a floor asks for a look"),
            ),
            false => (Verdict::Retire, less),
        };
    }
    (
        Verdict::Tune,
        format!("{seen}: no more than the {of_all} of all, as far as one can tell"),
    )
}

#[derive(Clone, Debug)]
struct Card {
    counts: Counts,
    unique: Counts,
    first: i32,
    last: i32,
    quarters: BTreeMap<(i32, u32), Counts>,
}

struct Cards {
    of_rule: Vec<Card>,
    /// Shipments that two rules both hit.
    both: BTreeMap<(RuleId, RuleId), f64>,
}

impl Cards {
    fn new(rules: &RuleSet, evidence: &Evidence) -> Self {
        let none = Card {
            counts: Counts::default(),
            unique: Counts::default(),
            first: NULL_DATE,
            last: NULL_DATE,
            quarters: BTreeMap::new(),
        };
        let mut n_shipments = vec![0.0; evidence.profiles.len()];
        for case in &evidence.shipments {
            n_shipments[case.profile as usize] += 1.0;
        }
        let mut both = BTreeMap::new();
        for (profile, count) in evidence.profiles.iter().zip(&n_shipments) {
            let hits = evidence.hit_sets.get(profile.hits);
            for (left, right) in hits
                .iter()
                .flat_map(|left| hits.iter().map(move |right| (left, right)))
            {
                if left != right {
                    *both.entry((*left, *right)).or_insert(0.0) += count;
                }
            }
        }
        Self {
            of_rule: vec![none; rules.rules.len()],
            both,
        }
    }

    fn count(&mut self, rules: &RuleSet, evidence: &Evidence) {
        for case in &evidence.shipments {
            let profile = &evidence.profiles[case.profile as usize];
            let hits = evidence.hit_sets.get(profile.hits);
            let mut active = hits.iter().filter(|hit| rules.rule(**hit).is_active());
            let only = active.next().filter(|_| active.next().is_none()).copied();
            for hit in hits {
                self.of_rule[hit.index()].add(case.day, case.found, only == Some(*hit));
            }
        }
    }

    fn overlaps(&self, rules: &RuleSet) -> Overlaps {
        let shipments = |id: &RuleId| self.of_rule[id.index()].counts.shipments;
        let mut most: Vec<RuleId> = rules.ids().filter(|id| shipments(id) > 0.0).collect();
        most.sort_by(|left, right| shipments(right).total_cmp(&shipments(left)));
        most.truncate(MOST_OVERLAPS);
        let share = |of: RuleId, with: RuleId| match of == with {
            true => 1.0,
            false => self
                .both
                .get(&(of, with))
                .map_or(0.0, |both| both / shipments(&of)),
        };
        Overlaps {
            rules: most.iter().map(|id| rules.rule(*id).id.clone()).collect(),
            shares: most
                .iter()
                .map(|of| most.iter().map(|with| share(*of, *with)).collect())
                .collect(),
        }
    }

    fn overlap(&self, rules: &RuleSet, id: RuleId) -> Option<(String, f64)> {
        let own = self.of_rule[id.index()].counts.shipments;
        let others = self.both.range((id, RuleId(0))..=(id, RuleId(u16::MAX)));
        let most =
            others.max_by(|left, right| left.1.total_cmp(right.1).then(right.0.cmp(left.0)))?;
        Some((rules.rule(most.0.1).id.clone(), most.1 / own))
    }
}

impl Card {
    fn add(&mut self, day: i32, found: Found, is_only: bool) {
        let counts = counted(found, None);
        self.counts.add(counts);
        if is_only {
            self.unique.add(counts);
        }
        if day == NULL_DATE {
            return;
        }
        self.first = if self.first == NULL_DATE {
            day
        } else {
            self.first.min(day)
        };
        self.last = self.last.max(day);
        let (year, month, _) = civil(day);
        self.quarters
            .entry((year, month.div_ceil(3)))
            .or_default()
            .add(counts);
    }
}
