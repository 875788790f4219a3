//! What a pack would have found in labeled data.

use super::evidence::Evidence;
use super::measures::{Counts, Interval, Quality};
use super::ranking::{Ranking, top};
use super::scorecard::{OfRule, Overlaps, scorecard};
use crate::batch::NULL_DATE;
use crate::rules::{RuleSet, SCORED_THEMES};
use crate::select::Lane;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a pack would have found.
#[derive(Clone, Debug, Serialize)]
pub struct Backtest {
    /// Lines read.
    pub n_lines: u64,
    /// All shipments.
    pub all: Counts,
    /// Bad among inspected, over all shipments.
    pub base_rate: Option<Interval>,
    /// Labels that named nothing in the data.
    pub n_unused_labels: u64,
    /// How the ranking of shipments parts bad from good.
    pub quality: Quality,
    /// The same by theme, ranked by the score of the theme.
    pub themes: Vec<OfTheme>,
    /// Shipments by score.
    pub bands: Vec<Band>,
    /// Shipments by lane, red first.
    pub lanes: Vec<Band>,
    /// What the first shipments hold, by their number.
    pub gains: Vec<Gain>,
    /// The same where each port looks at so many a day.
    pub per_port_and_day: Vec<Gain>,
    /// Shipments that can be looked at, for the marginal figures of rules.
    pub capacity: u64,
    /// Each rule that is evaluated, by id.
    pub rules: Vec<OfRule>,
    /// What share of all bad shipments the first shipments hold, from none to all.
    pub curve: Vec<Point>,
    /// Which of the rules that hit most hit the same shipments.
    pub overlaps: Overlaps,
    /// What the conditions of all rules cost, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<PackCost>,
}

/// What conditions cost, by processor time: no two measurements are the same.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PackCost {
    /// Rows that it was measured on.
    pub rows: u64,
    /// Nanoseconds per row of all conditions, on one core.
    pub condition_ns: f64,
    /// The part that the scopes of themes take, whatever the rules.
    pub scopes_ns: f64,
}

/// A place in the ranking.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Point {
    /// Share of shipments that stand before it.
    pub looked_at: f64,
    /// Share of all bad shipments that are among them.
    pub found: f64,
}

/// A theme.
#[derive(Clone, Debug, Serialize)]
pub struct OfTheme {
    /// Its name.
    pub theme: &'static str,
    /// Shipments that are bad in it.
    pub bad: f64,
    /// How its score parts them from the rest.
    pub quality: Quality,
}

/// Shipments with scores in a band, or in a lane.
#[derive(Clone, Debug, Serialize)]
pub struct Band {
    /// Its name: `0`, `1-9`, ... `100`, or a lane.
    pub name: String,
    /// Its shipments.
    pub counts: Counts,
    /// Inspected among all of its shipments.
    pub inspected_share: Option<f64>,
    /// Bad among inspected.
    pub precision: Option<Interval>,
}

/// What a number of looks finds.
#[derive(Clone, Debug, Serialize)]
pub struct Gain {
    /// Looks: shipments in all, or per port and day.
    pub capacity: f64,
    /// The shipments looked at.
    pub counts: Counts,
    /// Bad among those inspected.
    pub precision: Option<Interval>,
    /// Share of all bad shipments that are among them.
    pub recall: Option<f64>,
    /// Precision over base rate.
    pub lift: Option<f64>,
    /// What one more look would find: precision of the next hundredth of shipments.
    pub next: Option<f64>,
}

/// Shares of shipments at which gains are told.
const SHARES: [f64; 7] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
/// Looks per port and day at which gains are told.
const DAILY: [usize; 4] = [1, 2, 5, 10];

/// Judges a pack by outcomes. `capacity` is the number of shipments that can be looked at; none: a twentieth of them.
pub fn backtest(rules: &RuleSet, evidence: &Evidence, capacity: Option<u64>) -> Backtest {
    let ranking = Ranking::new(rules, evidence, None);
    let groups = ranking.groups();
    let mut all = Counts::default();
    groups.iter().for_each(|group| all.add(*group));
    let default = (all.shipments / 20.0).ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of shipments"
    )]
    let capacity = capacity.unwrap_or(default as u64);
    let gain = |capacity: f64, counts: Counts, next: Option<f64>| gain(all, capacity, counts, next);
    let mut looks: Vec<f64> = SHARES
        .iter()
        .map(|share| (share * all.shipments).ceil())
        .collect();
    looks.push(capacity as f64);
    looks.sort_by(f64::total_cmp);
    looks.dedup();
    let gains = looks.into_iter().map(|looks| {
        let counts = top(&groups, looks);
        let more = top(&groups, looks + (all.shipments / 100.0).ceil());
        let next = Counts {
            shipments: more.shipments - counts.shipments,
            inspected: more.inspected - counts.inspected,
            bad: more.bad - counts.bad,
        };
        gain(looks, counts, next.precision())
    });
    let (rule_cards, overlaps) = scorecard(rules, evidence, &ranking, capacity);
    Backtest {
        n_lines: evidence.n_lines,
        all,
        base_rate: Interval::wilson(all.bad, all.inspected),
        n_unused_labels: evidence.n_unused_labels,
        quality: Quality::of(&groups),
        themes: themes(rules, evidence),
        bands: bands(&ranking),
        lanes: lanes(&ranking),
        gains: gains.collect(),
        per_port_and_day: DAILY
            .iter()
            .map(|looks| gain(*looks as f64, daily(evidence, &ranking, *looks), None))
            .collect(),
        capacity,
        rules: rule_cards,
        curve: curve(&groups, all),
        overlaps,
        cost: None,
    }
}

/// The curve of gains: by fourths of a percent up to a twentieth of the shipments, then by percents.
fn curve(groups: &[Counts], all: Counts) -> Vec<Point> {
    if all.bad <= 0.0 {
        return Vec::new();
    }
    let fine = (0..20).map(|step| f64::from(step) / 400.0);
    let coarse = (5..=100).map(|step| f64::from(step) / 100.0);
    let point = |looked_at: f64| Point {
        looked_at,
        found: top(groups, looked_at * all.shipments).bad / all.bad,
    };
    fine.chain(coarse).map(point).collect()
}

fn gain(all: Counts, capacity: f64, counts: Counts, next: Option<f64>) -> Gain {
    let precision = counts.precision();
    let base = all.precision().filter(|base| *base > 0.0);
    Gain {
        capacity,
        counts,
        precision: Interval::wilson(counts.bad, counts.inspected),
        recall: (all.bad > 0.0).then(|| counts.bad / all.bad),
        lift: precision
            .zip(base)
            .map(|(precision, base)| precision / base),
        next,
    }
}

fn themes(rules: &RuleSet, evidence: &Evidence) -> Vec<OfTheme> {
    let of_theme = |(position, theme): (usize, &crate::rules::vocabulary::Theme)| {
        let ranking = Ranking::new(rules, evidence, Some(position));
        let groups = ranking.groups();
        OfTheme {
            theme: theme.as_str(),
            bad: groups.iter().map(|group| group.bad).sum(),
            quality: Quality::of(&groups),
        }
    };
    SCORED_THEMES.iter().enumerate().map(of_theme).collect()
}

/// Bands of ten points, and 0 and 100 alone.
fn bands(ranking: &Ranking) -> Vec<Band> {
    let mut by_band: BTreeMap<u8, Counts> = BTreeMap::new();
    for (ranked, counts) in ranking.of_profile.iter().zip(&ranking.counts) {
        let band = match ranked.worst.score {
            0 => 0,
            score => 1 + score / 10,
        };
        by_band.entry(band).or_default().add(*counts);
    }
    let name = |band: u8| match band {
        0 => "0".to_owned(),
        1 => "1-9".to_owned(),
        11 => "100".to_owned(),
        band => format!("{}-{}", (band - 1) * 10, (band - 1) * 10 + 9),
    };
    by_band
        .into_iter()
        .map(|(number, counts)| band(name(number), counts))
        .collect()
}

fn lanes(ranking: &Ranking) -> Vec<Band> {
    let of_lane = |lane: &Lane| {
        let mut counts = Counts::default();
        for profile in (0..ranking.counts.len()).filter(|profile| ranking.lane(*profile) == *lane) {
            counts.add(ranking.counts[profile]);
        }
        band(lane.as_str().to_owned(), counts)
    };
    Lane::ALL.iter().rev().map(of_lane).collect()
}

fn band(name: String, counts: Counts) -> Band {
    Band {
        name,
        counts,
        inspected_share: (counts.shipments > 0.0).then(|| counts.inspected / counts.shipments),
        precision: Interval::wilson(counts.bad, counts.inspected),
    }
}

/// The first shipments of each port and day, ties by the hash of their keys; those without hits are not looked at, nor are
/// those without a port or day.
fn daily(evidence: &Evidence, ranking: &Ranking, looks: usize) -> Counts {
    let mut place_of_profile = vec![0; ranking.counts.len()];
    for (place, profiles) in ranking.places.iter().enumerate() {
        profiles
            .iter()
            .for_each(|profile| place_of_profile[*profile] = place);
    }
    let has_points = |profile: u32| ranking.of_profile[profile as usize].worst.points_total > 0;
    let mut order: Vec<_> = evidence
        .shipments
        .iter()
        .filter(|case| case.port != 0 && case.day != NULL_DATE && has_points(case.profile))
        .map(|case| {
            (
                case.port,
                case.day,
                place_of_profile[case.profile as usize],
                case.key_hash,
                case.found,
            )
        })
        .collect();
    order.sort_by_key(|(port, day, place, hash, _)| (*port, *day, *place, *hash));
    let mut taken = Counts::default();
    for of_day in order.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
        of_day
            .iter()
            .take(looks)
            .for_each(|case| taken.add(super::ranking::counted(case.4, None)));
    }
    taken
}
