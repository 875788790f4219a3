//! The rules that hit a line -> its scores and lane.

use super::lane::Lane;
use super::noticed::{Met, Noticed};
use crate::rules::vocabulary::{Family, Floor, Theme};
use crate::rules::{Rule, RuleId, RuleSet, SCORED_THEMES};
use crate::score::Scores;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// Scores and lane of a line; the same for all lines with the same hits and scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Active rules that hit, by id.
    pub hits: Vec<RuleId>,
    /// Draft rules that hit; they count for nothing.
    pub drafts: Vec<RuleId>,
    /// Active rules that hit and are suppressed, and by which suppression: they count for nothing either.
    pub suppressed: Vec<(RuleId, u32)>,
    /// Lookouts that the line meets, by their position.
    pub lookouts: Vec<u32>,
    /// Score of each scored theme, 0 to 100.
    pub theme_scores: [u8; 3],
    /// The largest theme score.
    pub score: u8,
    /// Points of the hits that count, uncapped.
    pub points_total: i32,
    /// Families with points in the deciding theme.
    pub families: u8,
    /// The strongest floor of rules and lookouts.
    pub floor: Option<Floor>,
    /// A rule asks for this floor, not a lookout alone.
    pub is_floor_of_rule: bool,
    /// The lane.
    pub lane: Lane,
    /// The lane without lookouts: what rules alone say.
    pub lane_of_rules: Lane,
    /// Bit n is set where scored theme n has points or a floor.
    pub themes: u8,
    /// A rule hit whose question documents of Mexico could settle, beyond context.
    pub can_verify: bool,
}

/// The verdicts of a batch.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The verdict of each row.
    pub verdict_of_row: Vec<u32>,
    /// Each different verdict; the first is that of a line without hits.
    pub verdicts: Vec<Verdict>,
}

impl Judged {
    /// The verdict of a row.
    pub fn of_row(&self, row: usize) -> &Verdict {
        &self.verdicts[self.verdict_of_row[row] as usize]
    }

    /// Takes the hits from some rows.
    pub fn forget(&mut self, is_forgotten: impl Fn(usize) -> bool) {
        for (row, verdict) in self.verdict_of_row.iter_mut().enumerate() {
            if is_forgotten(row) {
                *verdict = 0;
            }
        }
    }
}

/// Judges every line of a batch by the rules alone, once per different set of hits and scopes.
pub fn judge(rules: &RuleSet, scores: &Scores) -> Judged {
    judge_noticed(rules, scores, &Noticed::default())
}

/// Judges every line of a batch by rules, lookouts and suppressions, once per different set of hits, scopes and notices.
pub fn judge_noticed(rules: &RuleSet, scores: &Scores, noticed: &Noticed) -> Judged {
    let mut known: HashMap<(&[RuleId], u8, u32), u32, FixedState> = HashMap::default();
    let mut judged = Judged {
        verdict_of_row: Vec::with_capacity(scores.scopes.len()),
        verdicts: vec![Verdict::default()],
    };
    for (row, scopes) in scores.scopes.iter().enumerate() {
        let hits = scores.hits_of(row);
        let set = noticed.set_of(row);
        let verdict = if hits.is_empty() && set == 0 {
            0
        } else {
            *known.entry((hits, *scopes, set)).or_insert_with(|| {
                judged.verdicts.push(match noticed.met(set) {
                    None => verdict(rules, hits, *scopes),
                    Some(met) => verdict_noticed(rules, hits, *scopes, met),
                });
                u32::try_from(judged.verdicts.len() - 1).expect("fewer verdicts than rows")
            })
        };
        judged.verdict_of_row.push(verdict);
    }
    judged
}

/// The verdict on the hits that are not suppressed, in the lane that the lookouts ask for at least.
fn verdict_noticed(rules: &RuleSet, hits: &[RuleId], scopes: u8, met: &Met) -> Verdict {
    let is_suppressed = |hit: &RuleId| met.suppressions.iter().any(|(rule, _)| rule == hit);
    let counted: Vec<RuleId> = (hits.iter().copied())
        .filter(|hit| !is_suppressed(hit))
        .collect();
    let mut verdict = verdict(rules, &counted, scopes);
    verdict.suppressed.clone_from(&met.suppressions);
    verdict.lookouts.clone_from(&met.lookouts);
    let lookouts = met.lookouts.iter();
    let asked = lookouts.map(|number| rules.notices.lookouts[*number as usize].action);
    let asked = asked.max();
    verdict.is_floor_of_rule &= verdict.floor >= asked;
    verdict.floor = verdict.floor.max(asked);
    verdict.lane = verdict.lane.max(lane_of(asked));
    verdict
}

/// The least lane that a floor allows.
fn lane_of(floor: Option<Floor>) -> Lane {
    match floor {
        Some(Floor::Examine) => Lane::Red,
        Some(Floor::Review) => Lane::Yellow,
        None => Lane::Green,
    }
}

/// Sums points by theme and family, caps them, and settles the lane, by the rules alone.
pub fn verdict(rules: &RuleSet, hits: &[RuleId], scopes: u8) -> Verdict {
    let (active, drafts): (Vec<_>, Vec<_>) =
        hits.iter().partition(|hit| rules.rule(**hit).is_active());
    let mut verdict = Verdict {
        drafts,
        ..Verdict::default()
    };
    let counted: Vec<(RuleId, u8)> = active
        .iter()
        .map(|hit| (*hit, counts_for(rules.rule(*hit).theme, scopes)))
        .collect();
    let policy = &rules.policy.file;
    let mut deciding: Option<(bool, bool, u8, u8)> = None;
    for theme in 0..SCORED_THEMES.len() {
        let of_theme = || {
            counted
                .iter()
                .filter(|(_, themes)| themes >> theme & 1 == 1)
                .map(|(hit, _)| rules.rule(*hit))
        };
        let mut families = [0_i32; Family::ALL.len()];
        let mut mitigation = 0;
        for rule in of_theme() {
            if rule.mitigates {
                mitigation += rule.points;
            } else {
                families[rule.family as usize] += rule.points;
            }
        }
        let n_families =
            u8::try_from(families.iter().filter(|points| **points > 0).count()).unwrap_or(u8::MAX);
        let capped = |family: &&Family| {
            families[**family as usize].min(policy.families.get(*family).copied().unwrap_or(100))
        };
        let (soft, hard): (Vec<_>, Vec<_>) = Family::ALL
            .iter()
            .partition(|family| is_mitigable(**family));
        let soft: i32 = soft.iter().map(capped).sum();
        let hard: i32 = hard.iter().map(capped).sum();
        let total = hard + (soft - mitigation.min(policy.mitigation_cap)).max(0);
        let score = u8::try_from(total.min(100)).expect("0 to 100");
        verdict.theme_scores[theme] = score;
        let reaches = |threshold: crate::rules::yaml::LaneThreshold| {
            i32::from(score) >= threshold.min_score
                && u32::from(n_families) >= threshold.min_families
        };
        let is_red = reaches(policy.red);
        let is_yellow = is_red || reaches(policy.yellow);
        verdict.lane = verdict.lane.max(if is_red {
            Lane::Red
        } else if is_yellow {
            Lane::Yellow
        } else {
            Lane::Green
        });
        // The theme that decides: the one in the worst lane, then with the largest score, then with the most families.
        deciding = deciding.max(Some((is_red, is_yellow, score, n_families)));
        if score > 0 || of_theme().any(|rule| !rule.mitigates && rule.floor.is_some()) {
            verdict.themes |= 1 << theme;
        }
    }
    verdict.families = deciding.map_or(0, |(_, _, _, families)| families);
    verdict.score = verdict.theme_scores.into_iter().max().unwrap_or(0);
    let effective = || {
        counted
            .iter()
            .filter(|(_, themes)| *themes != 0)
            .map(|(hit, _)| rules.rule(*hit))
    };
    let added = |is_soft: bool| -> i32 {
        let rules =
            effective().filter(|rule| !rule.mitigates && is_mitigable(rule.family) == is_soft);
        rules.map(|rule| rule.points).sum()
    };
    let subtracted: i32 = effective()
        .filter(|rule| rule.mitigates)
        .map(|rule| rule.points)
        .sum();
    verdict.points_total =
        added(false) + (added(true) - subtracted.min(policy.mitigation_cap)).max(0);
    verdict.floor = effective()
        .filter(|rule| !rule.mitigates)
        .filter_map(|rule| rule.floor)
        .max();
    verdict.is_floor_of_rule = verdict.floor.is_some();
    verdict.lane = verdict.lane.max(lane_of(verdict.floor));
    verdict.lane_of_rules = verdict.lane;
    verdict.can_verify = effective().any(Rule::asks_mexico);
    verdict.hits = active;
    verdict
}

/// The scored themes that a hit counts for, as bits: its own, or for a cross rule each in whose scope the line is.
fn counts_for(theme: Theme, scopes: u8) -> u8 {
    match SCORED_THEMES.iter().position(|scored| *scored == theme) {
        Some(position) => 1 << position,
        None => scopes,
    }
}

/// Families from which mitigating rules may subtract.
fn is_mitigable(family: Family) -> bool {
    matches!(
        family,
        Family::Price | Family::Quantity | Family::Routing | Family::Entity
    )
}
