//! What lookouts found, and what suppressions left out of the count.

use crate::rules::notices::{Key, Notices, Term, TermState};
use crate::rules::vocabulary::Floor;
use crate::select::{Shipments, Verdict};
use serde::Serialize;

/// What a lookout found.
#[derive(Clone, Debug, Serialize)]
pub struct LookoutSummary {
    /// What is watched, as it may be shown.
    pub key: String,
    /// What it asks for.
    pub action: Floor,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub owner: String,
    /// The last day, in ISO form.
    pub expires: String,
    /// How it stands on the day that the run judges by; none without such a day.
    pub state: Option<TermState>,
    /// Lines that meet it.
    pub lines: u64,
    /// Shipments that meet it.
    pub shipments: u64,
}

/// What a suppression left out of the count.
#[derive(Clone, Debug, Serialize)]
pub struct SuppressionSummary {
    /// The rule.
    pub rule: String,
    /// Whose lines, as it may be shown.
    pub entity: String,
    /// Which goods; none: all.
    pub product: Option<String>,
    /// Who approved it.
    pub approver: String,
    /// Why; empty where the file gives no reasons.
    pub reason: String,
    /// The last day, in ISO form.
    pub expires: String,
    /// How it stands on the day that the run judges by; none without such a day.
    pub state: Option<TermState>,
    /// Hits of the rule that were not counted, in lines.
    pub hits: u64,
    /// Shipments with such a hit.
    pub shipments: u64,
}

impl SuppressionSummary {
    /// Whose lines, and which goods.
    pub fn on(&self) -> String {
        match &self.product {
            Some(product) => format!("{}, {product}", self.entity),
            None => self.entity.clone(),
        }
    }
}

/// Counts while lines stream; both in the order of their files.
#[derive(Clone, Debug, Default)]
pub(super) struct NoticeTally {
    lines_by_lookout: Vec<u64>,
    hits_by_suppression: Vec<u64>,
}

impl NoticeTally {
    /// Counts rows with a verdict.
    pub(super) fn add(&mut self, verdict: &Verdict, rows: u64) {
        for lookout in &verdict.lookouts {
            count(&mut self.lines_by_lookout, *lookout, rows);
        }
        for (_, suppression) in &verdict.suppressed {
            count(&mut self.hits_by_suppression, *suppression, rows);
        }
    }

    /// The account of each notice; `as_of` is the day that the run judges by.
    pub(super) fn finish(
        &self,
        notices: &Notices,
        shipments: &Shipments,
        as_of: Option<i32>,
    ) -> (Vec<LookoutSummary>, Vec<SuppressionSummary>) {
        let of = |counts: &[u64], position: usize| counts.get(position).copied().unwrap_or(0);
        let state = |term: &Term| as_of.map(|day| term.state(day));
        let (n_lookouts, n_suppressions) = (notices.lookouts.len(), notices.suppressions.len());
        let [of_lookout, of_suppression] = shipments.noticed.counts(n_lookouts, n_suppressions);
        let lookouts = notices.lookouts.iter().enumerate();
        let lookouts = lookouts.map(|(position, lookout)| LookoutSummary {
            key: lookout.key.shown(),
            action: lookout.action,
            reason: lookout.reason.clone(),
            owner: lookout.owner.clone(),
            expires: lookout.term.until(),
            state: state(&lookout.term),
            lines: of(&self.lines_by_lookout, position),
            shipments: of_lookout[position],
        });
        let suppressions = notices.suppressions.iter().enumerate();
        let suppressions = suppressions.map(|(position, suppression)| SuppressionSummary {
            rule: suppression.rule.clone(),
            entity: suppression.entity.shown(),
            product: suppression.product.as_ref().map(Key::shown),
            approver: suppression.approver.clone(),
            reason: suppression.reason.clone(),
            expires: suppression.term.until(),
            state: state(&suppression.term),
            hits: of(&self.hits_by_suppression, position),
            shipments: of_suppression[position],
        });
        (lookouts.collect(), suppressions.collect())
    }
}

fn count(counts: &mut Vec<u64>, number: u32, rows: u64) {
    let position = number as usize;
    if counts.len() <= position {
        counts.resize(position + 1, 0);
    }
    counts[position] += rows;
}
