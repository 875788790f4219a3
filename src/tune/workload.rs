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

/// Red and yellow shipments against capacity: red ones beyond it join the yellow ones of their day and count there, as in a run,
/// before any random draw.
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
            && case.work_day != NULL_DATE
        {
            let place = (
                case.port,
                case.work_day,
                queue_by_scores(rules, theme_scores),
            );
            wanted.entry(place).or_default()[lane] += 1;
        }
    }
    let mut found = lanes.map(|lane| OverCapacity {
        lane,
        limited: 0,
        over: 0,
        places: 0,
    });
    for ((port, _, queue), [red, yellow]) in wanted {
        let port = evidence.ports.get(port).unwrap_or("");
        let limits = capacity_of(rules, port, queue);
        let red_over = found[0].take(red, limits[0]);
        found[1].take(yellow + red_over, limits[1]);
    }
    found.to_vec()
}

impl OverCapacity {
    /// Takes the shipments of a place; gives those beyond its limit.
    fn take(&mut self, wanted: u64, limit: Option<u32>) -> u64 {
        let Some(limit) = limit else { return 0 };
        let over = wanted.saturating_sub(u64::from(limit));
        self.limited += wanted;
        self.over += over;
        self.places += u64::from(over > 0);
        over
    }
}
