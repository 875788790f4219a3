//! What rules found on the lines of an entity, counted in shipments. Lookouts are no evidence, and what is suppressed is none.

use super::roll_up::{Line, NO_SHIPMENT};
use crate::rules::RuleId;
use crate::select::{HitSetId, HitSets, Lane};

/// What rules found on lines of an entity.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Shipments with a red line of it, and with a yellow but no red one.
    pub n_red: u32,
    /// See [`Self::n_red`].
    pub n_yellow: u32,
    /// Shipments that make it a candidate for verification.
    pub n_cva: u32,
    /// Entered value in cents of lines that are not green, each line once.
    pub value_at_risk_cents: i64,
    /// Gross weight in grams of the same lines.
    pub weight_at_risk_grams: i64,
    /// Shipments in which each rule hit a line of it.
    pub rules: Vec<(RuleId, u32)>,
    /// Theme scores of shipments, each weighted by 2 to the number of half-lives since 1970.
    pub weighted_scores: [f64; 3],
    current: Current,
}

/// The evidence of an entity that no rule hit.
pub(super) static NO_EVIDENCE: Evidence = Evidence {
    n_red: 0,
    n_yellow: 0,
    n_cva: 0,
    value_at_risk_cents: 0,
    weight_at_risk_grams: 0,
    rules: Vec::new(),
    weighted_scores: [0.0; 3],
    current: Current {
        shipment: NO_SHIPMENT,
        rules: HitSetId(0),
        scores: [0; 3],
        lane: Lane::Green,
        is_cva: false,
    },
};

/// What was counted of the shipment that an entity's last row with evidence belongs to.
#[derive(Clone, Debug)]
struct Current {
    shipment: u32,
    rules: HitSetId,
    scores: [u8; 3],
    lane: Lane,
    is_cva: bool,
}

impl Evidence {
    /// Counts a line; `came_back` when the entity stood in its shipment before others did.
    pub(super) fn add(
        &mut self,
        line: &Line<'_>,
        is_cva: bool,
        came_back: bool,
        hit_sets: &mut HitSets,
    ) {
        if self.current.shipment != line.visit.id.0 {
            self.start_shipment(line, came_back);
        }
        let (before, after) = (
            self.current.rules,
            hit_sets.union(self.current.rules, line.visit.hits),
        );
        if before != after {
            for hit in hit_sets
                .get(after)
                .iter()
                .filter(|hit| !hit_sets.get(before).contains(hit))
            {
                match self.rules.iter_mut().find(|(rule, _)| rule == hit) {
                    Some((_, count)) => *count += 1,
                    None => self.rules.push((*hit, 1)),
                }
            }
            self.current.rules = after;
        }
        let weighted = self
            .weighted_scores
            .iter_mut()
            .zip(self.current.scores.iter_mut());
        for ((sum, known), score) in weighted.zip(line.verdict.theme_scores) {
            if score > *known {
                *sum += f64::from(score - *known) * line.weight;
                *known = score;
            }
        }
        self.count_lane(line.verdict.lane_of_rules);
        if is_cva && !self.current.is_cva {
            self.current.is_cva = true;
            self.n_cva += 1;
        }
        if line.verdict.lane_of_rules != Lane::Green {
            self.value_at_risk_cents = self.value_at_risk_cents.saturating_add(line.cents);
            self.weight_at_risk_grams = self.weight_at_risk_grams.saturating_add(line.grams);
        }
    }

    /// Begins a shipment, or comes back to one: then what its earlier rows counted is not counted again.
    fn start_shipment(&mut self, line: &Line<'_>, came_back: bool) {
        self.current = Current {
            shipment: line.visit.id.0,
            ..NO_EVIDENCE.current
        };
        if came_back {
            self.current.rules = line.visit.hits_before;
            self.current.scores = line.visit.scores_before;
            self.current.lane = Lane::Red;
            self.current.is_cva = true;
        }
    }

    fn count_lane(&mut self, lane: Lane) {
        if lane <= self.current.lane {
            return;
        }
        match (self.current.lane, lane) {
            (Lane::Yellow, _) => {
                self.n_yellow -= 1;
                self.n_red += 1;
            }
            (_, Lane::Red) => self.n_red += 1,
            (_, _) => self.n_yellow += 1,
        }
        self.current.lane = lane;
    }
}
