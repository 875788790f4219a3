//! What each rule is worth, where all of its hits count and not only those that were selected.

use super::bounds::Bounded;
use super::figures::{ALL, SELECTED, stratum, total};
use super::sample::{Alike, Sample, Way};
use crate::tune::Found;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A rule, by what was found in the shipments that it hit.
#[derive(Clone, Debug, Serialize)]
pub struct OfRule {
    /// Its id.
    pub id: String,
    /// Shipments within reach that it hit.
    pub shipments: f64,
    /// Those that are red or yellow.
    pub selected: f64,
    /// Selected ones with an outcome.
    pub selected_inspected: f64,
    /// Share bad among the selected ones: exact when all were inspected.
    pub precision_selected: Option<Bounded>,
    /// Shipments that it hit and that were not selected, drawn and with an outcome.
    pub drawn_inspected: f64,
    /// Share bad among all that it hit; none where it hit shipments that were not selected and none of them was drawn and
    /// inspected.
    pub precision: Option<Bounded>,
}

/// Every rule that hit a shipment within reach, by id.
pub(super) fn of_rules(sample: &Sample) -> Vec<OfRule> {
    let mut sets_of_rule: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    let reached = sample
        .counts
        .iter()
        .filter(|(alike, _)| alike.way != Way::None);
    for code in reached
        .map(|(alike, _)| alike.hits)
        .collect::<BTreeSet<_>>()
    {
        for rule in sample.hits.get(code).unwrap_or("").split(';') {
            if !rule.is_empty() {
                sets_of_rule.entry(rule).or_default().insert(code);
            }
        }
    }
    let rules = sets_of_rule.into_iter();
    rules.map(|(id, sets)| of_rule(sample, id, &sets)).collect()
}

fn of_rule(sample: &Sample, id: &str, sets: &BTreeSet<u32>) -> OfRule {
    let is_hit = |alike: &Alike| sets.contains(&alike.hits);
    let is_bad = |found: Found| matches!(found, Found::Bad(_));
    let strata = SELECTED.map(|way| stratum(sample, way, is_hit, is_bad));
    let selected = strata.iter().map(|stratum| stratum.shipments).sum();
    let draw = stratum(sample, Way::Draw, is_hit, is_bad);
    let shipments = selected + draw.shipments;
    let per = |total: Option<Bounded>, of: f64| total.and_then(|total| total.per(of));
    OfRule {
        id: id.to_owned(),
        shipments,
        selected,
        selected_inspected: strata.iter().map(super::Stratum::inspected).sum(),
        precision_selected: per(total(sample, &SELECTED, is_hit, is_bad), selected),
        drawn_inspected: draw.inspected(),
        precision: per(total(sample, &ALL, is_hit, is_bad), shipments),
    }
}
