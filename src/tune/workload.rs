//! How much work a pack makes where people look: shipments beyond the capacity of a port, a day and a queue.

use super::evidence::Evidence;
use super::ranking::{Ranked, Ranking};
use crate::batch::{NULL_CODE, NULL_DATE};
use crate::rules::RuleSet;
use crate::select::{Lane, capacity_of, queue_by_scores};
use serde::Serialize;
use std::collections::BTreeMap;

/// A lane against the capacity that the policy gives it; nothing where it gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OverCapacity {
    /// The lane.
    pub lane: Lane,
    /// Shipments of it for which their port has a capacity on their day.
    pub limited: u64,
    /// Those of them beyond it.
    pub over: u64,
    /// Ports, days and queues with more than they can look at.
    pub places: u64,
}

/// Red and yellow shipments against capacity, before any overflow; the day is that of law, as evidence has no other.
pub fn over_capacity(rules: &RuleSet, evidence: &Evidence, ranking: &Ranking) -> Vec<OverCapacity> {
    let lanes = [Lane::Red, Lane::Yellow];
    if rules.policy.file.capacity.is_empty() {
        return Vec::new();
    }
    let mut wanted: BTreeMap<(u32, i32, Option<u8>), [u64; 2]> = BTreeMap::new();
    for case in &evidence.shipments {
        let Ranked {
            worst,
            theme_scores,
        } = ranking.of_profile[case.profile as usize];
        let lane = lanes.iter().position(|lane| *lane == worst.lane);
        if let Some(lane) = lane
            && case.port != NULL_CODE
            && case.day != NULL_DATE
        {
            let place = (case.port, case.day, queue_by_scores(rules, theme_scores));
            wanted.entry(place).or_default()[lane] += 1;
        }
    }
    let against = |(position, lane): (usize, &Lane)| {
        let mut found = OverCapacity {
            lane: *lane,
            limited: 0,
            over: 0,
            places: 0,
        };
        for ((port, _, queue), wanted) in &wanted {
            let port = evidence.ports.get(*port).unwrap_or("");
            if let Some(limit) = capacity_of(rules, port, *queue)[position] {
                let over = wanted[position].saturating_sub(u64::from(limit));
                found.limited += wanted[position];
                found.over += over;
                found.places += u64::from(over > 0);
            }
        }
        found
    };
    lanes.iter().enumerate().map(against).collect()
}
