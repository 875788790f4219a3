//! All shipments of a run -> who is selected: rank, capacity, the random stratum.

use super::lane::Lane;
use super::order::worst_first;
use super::salt::Salt;
use super::shipments::{Shipment, ShipmentId, Shipments};
use crate::batch::{NULL_CODE, NULL_DATE};
use crate::rules::vocabulary::{Floor, Theme};
use crate::rules::yaml::PolicyFile;
use crate::rules::{RuleSet, SCORED_THEMES};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a shipment is in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelectedBy {
    /// A rule with a floor.
    Floor,
    /// A lookout, whose floor is above those of the rules and not below its score.
    Lookout,
    /// Its score.
    Score,
    /// It was red, and the port could not take it: now yellow; or yellow, and now green.
    CapacityOverflow,
    /// It was drawn.
    Random,
    /// It is not selected.
    None,
}

impl SelectedBy {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Lookout => "lookout",
            Self::Score => "score",
            Self::CapacityOverflow => "capacity-overflow",
            Self::Random => "random",
            Self::None => "none",
        }
    }
}

/// A shipment as it is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedShipment {
    /// Which.
    pub id: ShipmentId,
    /// Its lane.
    pub lane: Lane,
    /// Why.
    pub by: SelectedBy,
    /// Drawn, whether it was selected otherwise or not.
    pub is_drawn: bool,
    /// A floor puts it here, and its port has no capacity left.
    pub is_unmet_mandatory: bool,
    /// The agency that handles it; none for a green shipment that no rule hit.
    pub queue: Option<u8>,
}

/// What was selected.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Every shipment, worst first.
    pub shipments: Vec<SelectedShipment>,
    /// Shipments with a floor beyond the capacity of their port and day.
    pub unmet_mandatory: u64,
    /// Red shipments that became yellow, and yellow ones that became green, for want of capacity.
    pub overflow: [u64; 2],
    /// Shipments that were drawn.
    pub drawn: u64,
    /// Shipments in the scope of each scored theme.
    pub in_scope: [u64; 3],
    /// The share of them that is drawn.
    pub shares: [f64; 3],
}

impl Selection {
    /// The chance that a shipment had to be selected: 1 where it is selected for another reason than the draw.
    pub fn probability(&self, selected: &SelectedShipment, shipment: &Shipment) -> f64 {
        if !matches!(selected.by, SelectedBy::Random) && selected.lane != Lane::Green {
            return 1.0;
        }
        let scopes = shipment.scopes;
        let spared = |theme: usize| {
            if scopes >> theme & 1 == 1 {
                1.0 - self.shares[theme]
            } else {
                1.0
            }
        };
        1.0 - (0..self.shares.len()).map(spared).product::<f64>()
    }
}

/// Ranks shipments, draws the random stratum, and fits lanes to capacity.
///
/// Same shipments, same result: order comes from floor, points, families and a hash of the shipment's key.
pub fn settle(rules: &RuleSet, shipments: &Shipments, salt: Option<&Salt>) -> Selection {
    let mut selection = Selection::default();
    let policy = &rules.policy.file;
    for shipment in &shipments.all {
        for (theme, count) in selection.in_scope.iter_mut().enumerate() {
            *count += u64::from(shipment.scopes >> theme & 1);
        }
    }
    let shares = if salt.is_some() {
        shares(policy, selection.in_scope)
    } else {
        [0.0; 3]
    };
    let count = u32::try_from(shipments.all.len()).expect("fewer than 4 billion shipments");
    let all = shipments.all.par_iter().zip(0..count);
    let select = |(shipment, position): (&Shipment, u32)| SelectedShipment {
        id: ShipmentId(position),
        lane: shipment.worst.lane,
        by: match (shipment.worst.lane, shipment.worst.floor) {
            (Lane::Green, _) => SelectedBy::None,
            (_, Some(_)) if shipment.worst.is_floor_of_rule => SelectedBy::Floor,
            // A lookout that asks for less than the score gives is not why.
            (Lane::Red, Some(Floor::Review)) => SelectedBy::Score,
            (_, Some(_)) => SelectedBy::Lookout,
            (_, None) => SelectedBy::Score,
        },
        is_drawn: salt
            .is_some_and(|salt| is_drawn(salt, shares, shipments.key(shipment), shipment.scopes)),
        is_unmet_mandatory: false,
        queue: queue(rules, shipment),
    };
    let mut selected: Vec<SelectedShipment> = all.map(select).collect();
    let drawn = selected.iter().filter(|shipment| shipment.is_drawn);
    selection.drawn = drawn.count() as u64;
    fit_to_capacity(rules, shipments, &mut selected, &mut selection);
    for shipment in &mut selected {
        if shipment.is_drawn && shipment.lane == Lane::Green {
            shipment.lane = Lane::Yellow;
            shipment.by = SelectedBy::Random;
        }
    }
    worst_first(shipments, &mut selected);
    selection.shares = shares;
    selection.shipments = selected;
    selection
}

/// The share drawn per theme: that of the policy, or more where fewer than the least number would be expected.
fn shares(policy: &PolicyFile, in_scope: [u64; 3]) -> [f64; 3] {
    in_scope.map(|count| match count {
        0 => 0.0,
        count => policy
            .random
            .share
            .max(f64::from(policy.random.min_per_theme) / count as f64)
            .min(1.0),
    })
}

fn is_drawn(salt: &Salt, shares: [f64; 3], key: &str, themes: u8) -> bool {
    SCORED_THEMES.iter().enumerate().any(|(position, theme)| {
        // 2^64 as a float is exact, so a share of 1 draws every shipment.
        themes >> position & 1 == 1
            && (salt.draw(theme.as_str(), key) as f64) < shares[position] * 2.0_f64.powi(64)
    })
}

/// The queue of the theme with the largest score; of equal ones the first theme. The first queue of the policy that
/// names the theme takes it. Where a lookout alone selects, the themes are those in whose scope the shipment is.
fn queue(rules: &RuleSet, shipment: &Shipment) -> Option<u8> {
    if shipment.themes == 0 && shipment.worst.lane == Lane::Green {
        return None;
    }
    let themes = match shipment.themes {
        0 => shipment.scopes,
        themes => themes,
    };
    queue_among(rules, themes, shipment.theme_scores)
}

/// The queue of a shipment of which only its scores are known; none where all are 0.
pub fn queue_by_scores(rules: &RuleSet, theme_scores: [u8; 3]) -> Option<u8> {
    let scored = theme_scores.iter().zip(0..);
    let themes = scored.fold(0, |themes, (score, theme)| {
        themes | u8::from(*score > 0) << theme
    });
    queue_among(rules, themes, theme_scores)
}

fn queue_among(rules: &RuleSet, themes: u8, theme_scores: [u8; 3]) -> Option<u8> {
    let deciding = (0..SCORED_THEMES.len())
        .filter(|theme| themes >> theme & 1 == 1)
        .max_by_key(|theme| (theme_scores[*theme], usize::MAX - theme))?;
    queue_of(rules, SCORED_THEMES[deciding])
}

fn queue_of(rules: &RuleSet, theme: Theme) -> Option<u8> {
    let position = rules
        .policy
        .file
        .queues
        .iter()
        .position(|(_, themes)| themes.contains(&theme))?;
    u8::try_from(position).ok()
}

/// What is left of a port's capacity on a day.
#[derive(Clone, Copy, Debug)]
struct Left {
    red: Option<u32>,
    yellow: Option<u32>,
}

/// Takes one place; false where none is left. No limit always has one.
fn take(places: &mut Option<u32>) -> bool {
    match places {
        None => true,
        Some(0) => false,
        Some(left) => {
            *left -= 1;
            true
        }
    }
}

/// Drops what a port cannot take by one lane, the worst last; those with a floor never drop.
fn fit_to_capacity(
    rules: &RuleSet,
    shipments: &Shipments,
    selected: &mut Vec<SelectedShipment>,
    selection: &mut Selection,
) {
    if rules.policy.file.capacity.is_empty() {
        return;
    }
    worst_first(shipments, selected);
    let mut left: BTreeMap<(u32, i32, u8), Left> = BTreeMap::new();
    let place = |selected: &SelectedShipment| {
        let shipment = &shipments.all[selected.id.0 as usize];
        // A port or day that is not known has no limit.
        (shipment.port != NULL_CODE && shipment.day != NULL_DATE).then(|| {
            (
                shipment.port,
                shipment.day,
                selected.queue.unwrap_or(u8::MAX),
            )
        })
    };
    let limit = |(port, _, queue): (u32, i32, u8)| {
        let port = shipments.texts.get(port).unwrap_or("");
        let [red, yellow] = capacity_of(rules, port, Some(queue));
        Left { red, yellow }
    };
    // Random places are reserved before any other: a drawn green shipment will be a yellow one.
    for shipment in selected
        .iter()
        .filter(|shipment| shipment.is_drawn && shipment.lane == Lane::Green)
    {
        if let Some(key) = place(shipment) {
            take(&mut left.entry(key).or_insert_with(|| limit(key)).yellow);
        }
    }
    for lane in [Lane::Red, Lane::Yellow] {
        // Floors first: what is left goes to the others, the worst first.
        for mandatory in [true, false] {
            for shipment in selected.iter_mut().filter(|shipment| shipment.lane == lane) {
                let is_mandatory = shipments.all[shipment.id.0 as usize].worst.floor.is_some();
                if is_mandatory != mandatory {
                    continue;
                }
                let Some(key) = place(shipment) else { continue };
                let places = left.entry(key).or_insert_with(|| limit(key));
                let has_place = take(if lane == Lane::Red {
                    &mut places.red
                } else {
                    &mut places.yellow
                });
                match (has_place, is_mandatory) {
                    (true, _) => {}
                    (false, true) => {
                        shipment.is_unmet_mandatory = true;
                        selection.unmet_mandatory += 1;
                    }
                    (false, false) => {
                        shipment.lane = if lane == Lane::Red {
                            Lane::Yellow
                        } else {
                            Lane::Green
                        };
                        shipment.by = SelectedBy::CapacityOverflow;
                        selection.overflow[usize::from(lane == Lane::Yellow)] += 1;
                    }
                }
            }
        }
        // What dropped out of red joins the yellows in the order of its rank.
        if lane == Lane::Red && selection.overflow[0] > 0 {
            worst_first(shipments, selected);
        }
    }
}

/// The red and yellow shipments that a port and queue can take on a day, by the entry that names the most of both; none: no limit.
pub fn capacity_of(rules: &RuleSet, port: &str, queue: Option<u8>) -> [Option<u32>; 2] {
    let policy = &rules.policy.file;
    let queue = queue.and_then(|queue| policy.queues.get(usize::from(queue)));
    let queue = queue.map_or("", |(name, _)| name);
    let entry = (policy.capacity.iter())
        .filter(|entry| entry.port.as_ref().is_none_or(|named| named.value == port))
        .filter(|entry| {
            entry
                .queue
                .as_ref()
                .is_none_or(|named| named.value == queue)
        })
        .max_by_key(|entry| (entry.port.is_some(), entry.queue.is_some()));
    [
        entry.and_then(|entry| entry.red),
        entry.and_then(|entry| entry.yellow),
    ]
}
