//! What rules found on the lines of an entity, counted in shipments. Lookouts are no evidence, and what is suppressed is none.

use super::roll_up::Line;
use crate::rules::RuleId;
use crate::select::{Found, HitSets, Lane};

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
};

impl Evidence {
    /// Counts a line; `before` is what was counted of the entity on earlier rows of the shipment.
    pub(super) fn add(
        &mut self,
        line: &Line<'_>,
        is_cva: bool,
        before: Found,
        hit_sets: &mut HitSets,
    ) {
        let hits = hit_sets.union(before.hits, line.visit.hits);
        if before.hits != hits {
            let known = hit_sets.get(before.hits);
            for hit in hit_sets.get(hits).iter().filter(|hit| !known.contains(hit)) {
                match self.rules.iter_mut().find(|(rule, _)| rule == hit) {
                    Some((_, count)) => *count += 1,
                    None => self.rules.push((*hit, 1)),
                }
            }
        }
        let scores = line.verdict.theme_scores.into_iter();
        let scores = scores.zip(before.theme_scores);
        for (sum, (score, known)) in self.weighted_scores.iter_mut().zip(scores) {
            if score > known {
                *sum += f64::from(score - known) * line.weight;
            }
        }
        self.count_lane(before.lane, line.verdict.lane_of_rules);
        self.n_cva += u32::from(is_cva && !before.is_cva);
        if line.verdict.lane_of_rules != Lane::Green {
            self.value_at_risk_cents = self.value_at_risk_cents.saturating_add(line.cents);
            self.weight_at_risk_grams = self.weight_at_risk_grams.saturating_add(line.grams);
        }
    }

    fn count_lane(&mut self, before: Lane, lane: Lane) {
        if lane <= before {
            return;
        }
        match (before, lane) {
            (Lane::Yellow, _) => {
                self.n_yellow -= 1;
                self.n_red += 1;
            }
            (_, Lane::Red) => self.n_red += 1,
            (_, _) => self.n_yellow += 1,
        }
    }
}
