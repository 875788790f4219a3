//! Profiles of hits -> places: who would be looked at first under a pack.

use super::evidence::{Evidence, Found};
use super::measures::Counts;
use crate::rules::{RuleId, RuleSet};
use crate::select::{Lane, LineRank, Verdict, verdict};

/// The profiles of evidence under the points of a pack.
#[derive(Debug)]
pub struct Ranking {
    /// How the worst line of each profile ranks, and its theme scores.
    pub of_profile: Vec<Ranked>,
    /// The shipments of each profile.
    pub counts: Vec<Counts>,
    /// Places from the best: positions of profiles that rank alike.
    pub places: Vec<Vec<usize>>,
}

/// How a shipment ranks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ranked {
    /// Its worst line.
    pub worst: LineRank,
    /// The largest score of each theme over its lines.
    pub theme_scores: [u8; 3],
}

impl Ranking {
    /// Ranks the profiles; `theme` leaves only the score of one theme, and outcomes of that theme, to count.
    pub fn new(rules: &RuleSet, evidence: &Evidence, theme: Option<usize>) -> Self {
        let mut counts = vec![Counts::default(); evidence.profiles.len()];
        for shipment in &evidence.shipments {
            counts[shipment.profile as usize].add(counted(shipment.found, theme));
        }
        Self::of_counts(rules, evidence, theme, None, counts)
    }

    /// The same if a rule counted for nothing.
    #[must_use]
    pub fn without(&self, rules: &RuleSet, evidence: &Evidence, rule: RuleId) -> Self {
        Self::of_counts(rules, evidence, None, Some(rule), self.counts.clone())
    }

    fn of_counts(
        rules: &RuleSet,
        evidence: &Evidence,
        theme: Option<usize>,
        except: Option<RuleId>,
        counts: Vec<Counts>,
    ) -> Self {
        let verdicts: Vec<Verdict> = evidence
            .line_sets
            .iter()
            .map(|(hits, scopes)| {
                let hits = evidence.hit_sets.get(*hits).iter().copied();
                let hits: Vec<RuleId> = hits.filter(|hit| Some(*hit) != except).collect();
                verdict(rules, &hits, *scopes)
            })
            .collect();
        let of_profile: Vec<Ranked> = evidence
            .profiles
            .iter()
            .map(|profile| ranked(profile.line_sets.iter().map(|set| &verdicts[*set as usize])))
            .collect();
        let key = |profile: &usize| {
            let ranked = of_profile[*profile];
            match theme {
                None => ranked.worst,
                Some(theme) => LineRank {
                    score: ranked.theme_scores[theme],
                    ..LineRank::default()
                },
            }
        };
        let mut order: Vec<usize> = (0..of_profile.len()).collect();
        order.sort_by_key(|profile| std::cmp::Reverse(key(profile)));
        let places = order.chunk_by(|left, right| key(left) == key(right));
        let places = places.map(<[usize]>::to_vec).collect();
        Self {
            of_profile,
            counts,
            places,
        }
    }

    /// The shipments at each place, best first.
    pub fn groups(&self) -> Vec<Counts> {
        let sum = |place: &Vec<usize>| {
            let mut sum = Counts::default();
            place
                .iter()
                .for_each(|profile| sum.add(self.counts[*profile]));
            sum
        };
        self.places.iter().map(sum).collect()
    }

    /// The first `capacity` shipments; of those that rank alike at the end, their share.
    pub fn top(&self, capacity: f64) -> Counts {
        top(&self.groups(), capacity)
    }

    /// The lane of a profile.
    pub fn lane(&self, profile: usize) -> Lane {
        self.of_profile[profile].worst.lane
    }
}

/// The first `capacity` shipments of groups that rank alike, best first.
pub(super) fn top(groups: &[Counts], capacity: f64) -> Counts {
    let mut taken = Counts::default();
    for group in groups {
        let room = capacity - taken.shipments;
        if room <= 0.0 {
            break;
        }
        taken.add(group.part((room / group.shipments).min(1.0)));
    }
    taken
}

fn ranked<'a>(lines: impl Iterator<Item = &'a Verdict>) -> Ranked {
    lines.fold(Ranked::default(), |mut ranked, line| {
        ranked.worst = ranked.worst.max(LineRank {
            lane: line.lane,
            floor: line.floor,
            points_total: line.points_total,
            families: line.families,
            score: line.score,
            is_floor_of_rule: line.is_floor_of_rule,
        });
        for (known, score) in ranked.theme_scores.iter_mut().zip(line.theme_scores) {
            *known = score.max(*known);
        }
        ranked
    })
}

/// A shipment as counts; with a theme, bad is what is bad in that theme.
pub(super) fn counted(found: Found, theme: Option<usize>) -> Counts {
    let is_bad = match (found, theme) {
        (Found::Bad(themes), Some(theme)) => themes >> theme & 1 == 1,
        (Found::Bad(_), None) => true,
        _ => false,
    };
    Counts {
        shipments: 1.0,
        inspected: f64::from(u8::from(found != Found::Unknown)),
        bad: f64::from(u8::from(is_bad)),
    }
}
