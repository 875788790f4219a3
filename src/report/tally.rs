//! Shipments -> counts by score, by place and by outcome, in one go over what the run holds of them.

use crate::outcomes::Found;
use crate::rules::SCORED_THEMES;
use crate::select::{Lane, RouteId, Shipment};
use crate::write::Finished;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::hash::Hash;

/// Scored themes.
const THEMES: usize = SCORED_THEMES.len();
/// Scores that one bar stands for.
pub(super) const BAND: usize = 5;
/// Bars: a score of 100 stands in the last.
pub(super) const BANDS: usize = 100 / BAND;

/// What is counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Shipments by score, theme by theme.
    pub scores: [Scores; THEMES],
    /// Shipments by code of their port; those with most red ones first.
    pub ports: Vec<(u32, Lanes)>,
    /// Shipments by route and code of their port; those with most selected ones first.
    pub corridors: Vec<((RouteId, u32), Lanes)>,
    /// Shipments with an outcome, those of every rule by its number.
    pub examined: Examined,
}

/// Shipments of a theme by their score in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scores {
    /// Those in its scope that score nothing.
    pub zero: u64,
    /// Those that score, by band: the first holds 1 to 4, the second 5 to 9, the last 95 to 100.
    pub bands: [u64; BANDS],
}

/// Shipments of one place by lane.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lanes {
    /// All of them.
    pub shipments: u64,
    /// Red ones.
    pub red: u64,
    /// Yellow ones.
    pub yellow: u64,
    /// Red and yellow ones with points in each theme.
    pub by_theme: [u64; THEMES],
    /// Entered value of red and yellow ones, in cents; where none is filed it is 0 and `is_valued` false.
    pub value_cents: i64,
    /// Whether one of them holds an entered value.
    pub is_valued: bool,
}

/// Shipments with an outcome.
#[derive(Clone, Debug, Default)]
pub(super) struct Examined {
    /// Of all shipments.
    pub all: Outcomes,
    /// Of those that each rule hit, in the order of the rules.
    pub of_rule: Vec<Outcomes>,
}

/// How many shipments were examined, and how many of them were bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcomes {
    /// With an outcome.
    pub examined: u64,
    /// With a bad one.
    pub bad: u64,
}

impl Lanes {
    /// Red and yellow ones.
    pub(super) fn flagged(&self) -> u64 {
        self.red + self.yellow
    }

    /// Adds those of another place.
    pub(super) fn add(&mut self, other: &Self) {
        self.shipments += other.shipments;
        self.red += other.red;
        self.yellow += other.yellow;
        for (sum, more) in self.by_theme.iter_mut().zip(other.by_theme) {
            *sum += more;
        }
        self.value_cents = self.value_cents.saturating_add(other.value_cents);
        self.is_valued |= other.is_valued;
    }

    fn count(&mut self, shipment: &Shipment, lane: Lane) {
        self.shipments += 1;
        if lane == Lane::Green {
            return;
        }
        self.red += u64::from(lane == Lane::Red);
        self.yellow += u64::from(lane == Lane::Yellow);
        for (theme, count) in self.by_theme.iter_mut().enumerate() {
            *count += u64::from(shipment.themes >> theme & 1);
        }
        self.value_cents = self.value_cents.saturating_add(shipment.value_cents);
        self.is_valued |= shipment.is_valued;
    }
}

/// Counts every shipment of a run.
pub(super) fn tally(run: &Finished<'_>) -> Tally {
    let all = &run.shipments.all;
    // By position, so that shipments are gone through where they lie.
    let mut lanes = vec![Lane::Green; all.len()];
    for selected in &run.selection.shipments {
        lanes[selected.id.0 as usize] = selected.lane;
    }
    let mut tally = Tally::default();
    tally.examined.of_rule = vec![Outcomes::default(); run.rules.rules.len()];
    let mut ports: HashMap<u32, Lanes, FixedState> = HashMap::default();
    let mut corridors: HashMap<(RouteId, u32), Lanes, FixedState> = HashMap::default();
    for (shipment, lane) in all.iter().zip(lanes) {
        tally.add_scores(shipment);
        ports
            .entry(shipment.port)
            .or_default()
            .count(shipment, lane);
        let corridor = corridors.entry((shipment.route, shipment.port));
        corridor.or_default().count(shipment, lane);
    }
    for (id, found) in run.shipments.outcomes.all() {
        tally.examined.add(run, &all[id.0 as usize], *found);
    }
    let text = |code: u32| run.shipments.texts.get(code);
    tally.ports = sorted(ports, |port, lanes| {
        let worst = [lanes.red, lanes.yellow, lanes.shipments];
        (worst.map(std::cmp::Reverse), text(*port))
    });
    tally.corridors = sorted(corridors, |(route, port), lanes| {
        let route = run.shipments.routes.get(*route);
        let worst = [lanes.flagged(), lanes.red].map(std::cmp::Reverse);
        let countries = [route.origin, route.harvest, route.export].map(text);
        let value = std::cmp::Reverse(lanes.value_cents);
        (worst, value, countries, text(*port))
    });
    tally
}

/// The counts of a table in an order that does not depend on the table: the key tells every two apart.
fn sorted<K: Copy + Hash + Eq, O: Ord>(
    counts: HashMap<K, Lanes, FixedState>,
    key: impl Fn(&K, &Lanes) -> O,
) -> Vec<(K, Lanes)> {
    let mut counts: Vec<(K, Lanes)> = counts.into_iter().collect();
    counts.sort_by_cached_key(|(place, lanes)| key(place, lanes));
    counts
}

impl Tally {
    fn add_scores(&mut self, shipment: &Shipment) {
        for (theme, scores) in self.scores.iter_mut().enumerate() {
            match usize::from(shipment.theme_scores[theme]) {
                0 => scores.zero += u64::from(shipment.scopes >> theme & 1),
                score => scores.bands[(score / BAND).min(BANDS - 1)] += 1,
            }
        }
    }
}

impl Examined {
    fn add(&mut self, run: &Finished<'_>, shipment: &Shipment, found: Found) {
        let is_bad = matches!(found, Found::Bad(_));
        self.all.count(is_bad);
        for hit in run.shipments.hit_sets.get(shipment.hits) {
            self.of_rule[hit.index()].count(is_bad);
        }
    }
}

impl Outcomes {
    fn count(&mut self, is_bad: bool) {
        self.examined += 1;
        self.bad += u64::from(is_bad);
    }
}
