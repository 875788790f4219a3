//! Two packs on the same data -> what a change would do before it goes live.

use super::aside::{Aside, Parties};
use super::evidence::{Evidence, Found, PARTIES};
use super::measures::{Counts, Interval};
use super::ranking::{Ranking, counted};
use super::workload::{OverCapacity, over_capacity};
use crate::rules::{RuleSet, SCORED_THEMES};
use crate::select::{Lane, verdict};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a change does to the shipments of data.
#[derive(Clone, Debug, Serialize)]
pub struct Impact {
    /// Shipments of the data.
    pub n_shipments: u64,
    /// Shipments by lane, red first, before and after.
    pub lanes: Vec<Workload>,
    /// Shipments that change lane.
    pub moved: Vec<Moved>,
    /// Not green now, and green before.
    pub gained: Counts,
    /// Green now, and not green before.
    pub lost: Counts,
    /// Red now, and not red before.
    pub new_red: u64,
    /// Bad among the inspected of those gained.
    pub gained_precision: Option<Interval>,
    /// Bad among the inspected of those lost.
    pub lost_precision: Option<Interval>,
    /// Lines by lane, red first, before and after.
    pub lines: Vec<Workload>,
    /// Lines that are not green now and were, and those that were not and are.
    pub lines_gained: u64,
    /// See [`Self::lines_gained`].
    pub lines_lost: u64,
    /// Lines that went from red to yellow or back.
    pub lines_moved: u64,
    /// By role, entities with a shipment that is not green now and none before, and the other way round.
    pub entities: Vec<OfGroup>,
    /// Bad shipments among all gained, if the uninspected are like the inspected; none where all were inspected, or nobody was.
    pub gained_expected: Option<Interval>,
    /// The same of those lost.
    pub lost_expected: Option<Interval>,
    /// Red and yellow shipments against the capacity of ports; empty where a policy has none.
    pub capacity: Capacity,
    /// Gained and lost by port, those that change most first.
    pub ports: Vec<OfGroup>,
    /// Shipments whose score of a theme leaves or enters the yellow lane's threshold, by theme.
    pub themes: Vec<OfGroup>,
    /// Rules that hit other shipments than before.
    pub rules: Vec<RuleImpact>,
}

/// A lane before and after.
#[derive(Clone, Debug, Serialize)]
pub struct Workload {
    /// The lane.
    pub lane: Lane,
    /// Shipments before.
    pub before: u64,
    /// Shipments after.
    pub after: u64,
}

/// Shipments that went from one lane to another.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    /// The lane before.
    pub from: Lane,
    /// The lane after.
    pub to: Lane,
    /// The shipments.
    pub counts: Counts,
}

/// Against capacity, with the one pack and with the other.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Capacity {
    /// With the old one.
    pub before: Vec<OverCapacity>,
    /// With the new one.
    pub after: Vec<OverCapacity>,
}

/// What a port, theme or role gains and loses.
#[derive(Clone, Debug, Serialize)]
pub struct OfGroup {
    /// Its name.
    pub name: String,
    /// Shipments gained, or entities.
    pub gained: u64,
    /// See [`Self::gained`].
    pub lost: u64,
}

/// A rule that hits other shipments.
#[derive(Clone, Debug, Serialize)]
pub struct RuleImpact {
    /// Its id.
    pub id: String,
    /// Shipments that it hits now, and did not before.
    pub gained: Counts,
    /// Shipments that it hit before, and does not now.
    pub lost: Counts,
}

/// A pack, and what it gave on inputs; the lines in their order.
pub type Judged<'a> = (&'a RuleSet, &'a Evidence, &'a Aside);

/// Compares two packs on the evidence that each gave on the same inputs.
pub fn impact(before: Judged<'_>, after: Judged<'_>) -> Impact {
    let (old, new) = (before.1, after.1);
    let rankings = [
        Ranking::new(before.0, old, None),
        Ranking::new(after.0, new, None),
    ];
    let mut tally = Tally::default();
    let mut flagged = Vec::with_capacity(old.shipments.len());
    let cases = || old.shipments.iter().zip(&new.shipments);
    for (was, is) in cases() {
        debug_assert_eq!(was.key_hash, is.key_hash, "both read the same inputs");
        let lanes = (
            rankings[0].lane(was.profile as usize),
            rankings[1].lane(is.profile as usize),
        );
        tally.add(lanes, was.port, was.found);
        flagged.push([lanes.0, lanes.1].map(|lane| lane != Lane::Green));
    }
    let lanes_of_lines = lanes_of_lines(before).zip(lanes_of_lines(after));
    lanes_of_lines.for_each(|lanes| *tally.lines.entry(lanes).or_default() += 1);
    let mut themes = Vec::new();
    for (position, theme) in SCORED_THEMES.iter().enumerate() {
        let reaches = |rules: &RuleSet, ranking: &Ranking, profile: u32| {
            let score = ranking.of_profile[profile as usize].theme_scores[position];
            i32::from(score) >= rules.policy.file.yellow.min_score
        };
        let pairs = cases().map(|(was, is)| {
            (
                reaches(before.0, &rankings[0], was.profile),
                reaches(after.0, &rankings[1], is.profile),
            )
        });
        let (gained, lost) = pairs.fold((0, 0), |(gained, lost), (was, is)| {
            (gained + u64::from(is && !was), lost + u64::from(was && !is))
        });
        themes.push(OfGroup {
            name: theme.as_str().to_owned(),
            gained,
            lost,
        });
    }
    Impact {
        themes,
        rules: rules((before.0, old), (after.0, new)),
        entities: entities(before.2, &flagged),
        capacity: Capacity {
            before: over_capacity(before.0, old, &rankings[0]),
            after: over_capacity(after.0, new, &rankings[1]),
        },
        ..tally.finish(old)
    }
}

/// The lane of each line, in input order.
fn lanes_of_lines((rules, evidence, aside): Judged<'_>) -> impl Iterator<Item = Lane> + '_ {
    let lane = |(hits, scopes): &(crate::select::HitSetId, u8)| {
        verdict(rules, evidence.hit_sets.get(*hits), *scopes).lane
    };
    let lanes: Vec<Lane> = evidence.line_sets.iter().map(lane).collect();
    let lines = aside.lines.iter();
    lines.map(move |(_, set)| lanes[*set as usize])
}

/// By role, who gains a first shipment to look at, and who loses the last; whether each shipment is one, before and after.
fn entities(aside: &Aside, flagged: &[[bool; 2]]) -> Vec<OfGroup> {
    let of_role = |((word, ..), parties): (&(&str, _, _), &Parties)| {
        let flagged_parties = |when: usize| -> BTreeSet<u32> {
            let seen = parties.seen.iter();
            seen.filter(|(shipment, _)| flagged[*shipment as usize][when])
                .map(|(_, party)| *party)
                .collect()
        };
        let (before, after) = (flagged_parties(0), flagged_parties(1));
        OfGroup {
            name: (*word).to_owned(),
            gained: after.difference(&before).count() as u64,
            lost: before.difference(&after).count() as u64,
        }
    };
    PARTIES.iter().zip(&aside.parties).map(of_role).collect()
}

#[derive(Default)]
struct Tally {
    n_shipments: u64,
    before: BTreeMap<Lane, u64>,
    after: BTreeMap<Lane, u64>,
    moved: BTreeMap<(Lane, Lane), Counts>,
    ports: BTreeMap<u32, (u64, u64)>,
    /// Lines by their lanes before and after.
    lines: BTreeMap<(Lane, Lane), u64>,
}

impl Tally {
    fn add(&mut self, (was, is): (Lane, Lane), port: u32, found: Found) {
        self.n_shipments += 1;
        *self.before.entry(was).or_default() += 1;
        *self.after.entry(is).or_default() += 1;
        if was == is {
            return;
        }
        self.moved
            .entry((was, is))
            .or_default()
            .add(counted(found, None));
        let is_flagged = |lane: Lane| lane != Lane::Green;
        let (gained, lost) = self.ports.entry(port).or_default();
        *gained += u64::from(is_flagged(is) && !is_flagged(was));
        *lost += u64::from(is_flagged(was) && !is_flagged(is));
    }

    fn finish(self, evidence: &Evidence) -> Impact {
        let sum = |keep: &dyn Fn(Lane, Lane) -> bool| {
            let mut sum = Counts::default();
            let kept = self.moved.iter().filter(|((from, to), _)| keep(*from, *to));
            kept.for_each(|(_, counts)| sum.add(*counts));
            sum
        };
        let gained = sum(&|from, to| from == Lane::Green && to != Lane::Green);
        let lost = sum(&|from, to| from != Lane::Green && to == Lane::Green);
        let new_red = sum(&|from, to| from != Lane::Red && to == Lane::Red).shipments;
        let mut ports: Vec<OfGroup> = self
            .ports
            .iter()
            .filter(|(_, (gained, lost))| gained + lost > 0)
            .map(|(port, (gained, lost))| OfGroup {
                name: evidence.ports.get(*port).unwrap_or("no port").to_owned(),
                gained: *gained,
                lost: *lost,
            })
            .collect();
        ports.sort_by_cached_key(|port| {
            (
                std::cmp::Reverse(port.gained + port.lost),
                port.name.clone(),
            )
        });
        let of = |lanes: &BTreeMap<Lane, u64>, lane: Lane| lanes.get(&lane).copied().unwrap_or(0);
        let lanes = Lane::ALL.iter().rev().map(|lane| Workload {
            lane: *lane,
            before: of(&self.before, *lane),
            after: of(&self.after, *lane),
        });
        let lines_of = |keep: &dyn Fn(Lane, Lane) -> bool| -> u64 {
            let kept = self.lines.iter().filter(|((from, to), _)| keep(*from, *to));
            kept.map(|(_, lines)| lines).sum()
        };
        let lines = Lane::ALL.iter().rev().map(|lane| Workload {
            lane: *lane,
            before: lines_of(&|from, _| from == *lane),
            after: lines_of(&|_, to| to == *lane),
        });
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of shipments"
        )]
        let new_red = new_red as u64;
        Impact {
            n_shipments: self.n_shipments,
            lanes: lanes.collect(),
            gained,
            lost,
            new_red,
            gained_precision: Interval::wilson(gained.bad, gained.inspected),
            lost_precision: Interval::wilson(lost.bad, lost.inspected),
            lines: lines.collect(),
            lines_gained: lines_of(&|from, to| from == Lane::Green && to != Lane::Green),
            lines_lost: lines_of(&|from, to| from != Lane::Green && to == Lane::Green),
            lines_moved: lines_of(&|from, to| {
                from != to && from != Lane::Green && to != Lane::Green
            }),
            gained_expected: Interval::of_all(gained),
            lost_expected: Interval::of_all(lost),
            entities: Vec::new(),
            capacity: Capacity::default(),
            ports,
            themes: Vec::new(),
            rules: Vec::new(),
            moved: self
                .moved
                .iter()
                .map(|((from, to), counts)| Moved {
                    from: *from,
                    to: *to,
                    counts: *counts,
                })
                .collect(),
        }
    }
}

/// Active rules that hit other shipments than before, by id.
fn rules(before: (&RuleSet, &Evidence), after: (&RuleSet, &Evidence)) -> Vec<RuleImpact> {
    let mut changed: BTreeMap<String, (Counts, Counts)> = BTreeMap::new();
    // Shipments with the same two profiles are alike.
    let mut pairs: BTreeMap<(u32, u32), Counts> = BTreeMap::new();
    for (was, is) in before.1.shipments.iter().zip(&after.1.shipments) {
        pairs
            .entry((was.profile, is.profile))
            .or_default()
            .add(counted(was.found, None));
    }
    for ((was, is), counts) in pairs {
        let (old, new) = (hits(before, was), hits(after, is));
        for id in new.difference(&old) {
            changed.entry((*id).to_owned()).or_default().0.add(counts);
        }
        for id in old.difference(&new) {
            changed.entry((*id).to_owned()).or_default().1.add(counts);
        }
    }
    let rules = changed.into_iter();
    rules
        .map(|(id, (gained, lost))| RuleImpact { id, gained, lost })
        .collect()
}

/// Ids of the active rules that hit the shipments of a profile.
fn hits<'a>((rules, evidence): (&'a RuleSet, &Evidence), profile: u32) -> BTreeSet<&'a str> {
    let hits = evidence
        .hit_sets
        .get(evidence.profiles[profile as usize].hits);
    let active = hits
        .iter()
        .map(|hit| rules.rule(*hit))
        .filter(|rule| rule.is_active());
    active.map(|rule| rule.id.as_str()).collect()
}
