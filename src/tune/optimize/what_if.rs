//! Places of shipments under other points: a change looks only at the sets of hits that hold the rule.

use super::layout::Layout;
use crate::rules::vocabulary::Status;
use crate::rules::{RuleId, RuleSet};
use crate::select::{LineRank, verdict};
use crate::tune::evidence::{Case, Found};
use crate::tune::measures::Counts;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What a rule counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// These points.
    Points(i32),
    /// Nothing: it is retired.
    Nothing,
}

/// The rank of a line or shipment as one number, larger is worse: lane, floor, points, families and score, as `score` ranks.
pub(super) type Place = u64;

/// A pack whose points are tried, and the place of every profile under them.
#[derive(Clone, Debug)]
pub(super) struct WhatIf<'a> {
    /// The pack with the points that stand now.
    pub(super) rules: RuleSet,
    layout: &'a Layout,
    place_of_set: Vec<Place>,
    /// The place of each profile.
    pub(super) place_of: Vec<Place>,
    sets_of_rule: Vec<Vec<u32>>,
    profiles_of_set: Vec<Vec<u32>>,
}

/// Profiles that go from one place to another.
pub(super) type Moves = Vec<(u32, Place, Place)>;

impl<'a> WhatIf<'a> {
    /// Ranks every profile under the points of a pack.
    pub(super) fn new(rules: &RuleSet, layout: &'a Layout) -> Self {
        let mut sets_of_rule = vec![Vec::new(); rules.rules.len()];
        for ((hits, _), set) in layout.line_sets.iter().zip(0..) {
            for hit in layout.hit_sets.get(*hits) {
                sets_of_rule[hit.index()].push(set);
            }
        }
        let mut profiles_of_set = vec![Vec::new(); layout.line_sets.len()];
        for (profile, position) in layout.profiles.iter().zip(0..) {
            for set in &profile.line_sets {
                profiles_of_set[*set as usize].push(position);
            }
        }
        let mut new = Self {
            rules: rules.clone(),
            layout,
            place_of_set: vec![0; layout.line_sets.len()],
            place_of: vec![0; layout.profiles.len()],
            sets_of_rule,
            profiles_of_set,
        };
        for set in 0..new.place_of_set.len() {
            new.place_of_set[set] = new.placed(set);
        }
        for profile in 0..new.place_of.len() {
            new.place_of[profile] = new.worst(profile);
        }
        new
    }

    /// What a rule counts for now.
    pub(super) fn worth(&self, rule: RuleId) -> Worth {
        let rule = self.rules.rule(rule);
        if rule.is_active() {
            Worth::Points(rule.points)
        } else {
            Worth::Nothing
        }
    }

    /// Lets a rule count for something else, and says which profiles move.
    pub(super) fn set(&mut self, rule: RuleId, worth: Worth) -> Moves {
        let changed = &mut self.rules.rules[rule.index()];
        match worth {
            Worth::Points(points) => {
                changed.points = points;
                changed.status = Status::Active;
            }
            Worth::Nothing => changed.status = Status::Draft,
        }
        let mut touched = Vec::new();
        for position in 0..self.sets_of_rule[rule.index()].len() {
            let set = self.sets_of_rule[rule.index()][position] as usize;
            let place = self.placed(set);
            if place != self.place_of_set[set] {
                self.place_of_set[set] = place;
                touched.extend_from_slice(&self.profiles_of_set[set]);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        let mut moves = Vec::new();
        for profile in touched {
            let (old, new) = (
                self.place_of[profile as usize],
                self.worst(profile as usize),
            );
            if old != new {
                self.place_of[profile as usize] = new;
                moves.push((profile, old, new));
            }
        }
        moves
    }

    fn placed(&self, set: usize) -> Place {
        let (hits, scopes) = self.layout.line_sets[set];
        let verdict = verdict(&self.rules, self.layout.hit_sets.get(hits), scopes);
        place(LineRank {
            lane: verdict.lane,
            floor: verdict.floor,
            points_total: verdict.points_total,
            families: verdict.families,
            score: verdict.score,
            is_floor_of_rule: verdict.is_floor_of_rule,
        })
    }

    fn worst(&self, profile: usize) -> Place {
        let sets = self.layout.profiles[profile].line_sets.iter();
        let places = sets.map(|set| self.place_of_set[*set as usize]);
        places.max().unwrap_or(0)
    }
}

/// A rank as one number, in the order of [`LineRank`].
fn place(rank: LineRank) -> Place {
    let floor = rank.floor.map_or(0, |floor| floor as u64 + 1);
    let points = u64::from(u32::try_from(rank.points_total).unwrap_or(0));
    (rank.lane as u64) << 52
        | floor << 48
        | points << 16
        | u64::from(rank.families) << 8
        | u64::from(rank.score)
}

/// Shipments by profile and by place: whole numbers, so that moves there and back leave nothing behind.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    cells: Vec<Cell>,
    groups: BTreeMap<Reverse<Place>, Cell>,
    /// Shipments, inspected and bad ones in all.
    pub(super) all: Cell,
}

/// Numbers of shipments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    /// All.
    pub(super) shipments: u64,
    /// With an outcome.
    pub(super) inspected: u64,
    /// With a bad one.
    pub(super) bad: u64,
}

impl Cell {
    pub(super) fn add(&mut self, found: Found, times: u64) {
        self.shipments += times;
        self.inspected += times * u64::from(found != Found::Unknown);
        self.bad += times * u64::from(matches!(found, Found::Bad(_)));
    }

    fn join(&mut self, other: Self) {
        self.shipments += other.shipments;
        self.inspected += other.inspected;
        self.bad += other.bad;
    }

    /// The same as counts.
    pub(super) fn counts(self) -> Counts {
        Counts {
            shipments: self.shipments as f64,
            inspected: self.inspected as f64,
            bad: self.bad as f64,
        }
    }
}

/// Shipments by profile, each as often as `times` says.
pub(super) fn cells(
    layout: &Layout,
    shipments: &[Case],
    times: impl Iterator<Item = u64>,
) -> Vec<Cell> {
    let mut cells = vec![Cell::default(); layout.profiles.len()];
    for ((case, profile), times) in shipments.iter().zip(&layout.profile_of).zip(times) {
        if times > 0 {
            cells[*profile as usize].add(case.found, times);
        }
    }
    cells
}

impl Tally {
    /// Counts shipments, each as often as `times` says, at the places of their profiles.
    pub(super) fn new(
        what_if: &WhatIf<'_>,
        layout: &Layout,
        shipments: &[Case],
        times: impl Iterator<Item = u64>,
    ) -> Self {
        let mut tally = Self {
            cells: cells(layout, shipments, times),
            ..Self::default()
        };
        for (cell, place) in tally.cells.iter().zip(&what_if.place_of) {
            if cell.shipments > 0 {
                put(&mut tally.groups, *place, *cell);
                tally.all.join(*cell);
            }
        }
        tally
    }

    /// Lets profiles move.
    pub(super) fn apply(&mut self, moves: &Moves) {
        for (profile, from, to) in moves {
            self.shift(*profile, *from, *to);
        }
    }

    /// Takes moves back.
    pub(super) fn undo(&mut self, moves: &Moves) {
        for (profile, from, to) in moves {
            self.shift(*profile, *to, *from);
        }
    }

    fn shift(&mut self, profile: u32, from: Place, to: Place) {
        let cell = self.cells[profile as usize];
        if cell.shipments == 0 {
            return;
        }
        let left = self.groups.entry(Reverse(from)).or_default();
        left.shipments -= cell.shipments;
        left.inspected -= cell.inspected;
        left.bad -= cell.bad;
        if left.shipments == 0 {
            self.groups.remove(&Reverse(from));
        }
        put(&mut self.groups, to, cell);
    }

    /// Shipments that rank alike, worst first.
    pub(super) fn groups(&self) -> impl Iterator<Item = Cell> + '_ {
        self.groups.values().copied()
    }

    /// The shipments of each profile.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

fn put(groups: &mut BTreeMap<Reverse<Place>, Cell>, place: Place, cell: Cell) {
    groups.entry(Reverse(place)).or_default().join(cell);
}
