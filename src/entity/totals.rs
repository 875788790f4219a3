//! What is known of an entity in one role.

use super::counted::Counted;
use super::evidence::{Evidence, NO_EVIDENCE};
use super::role::Role;
use super::roll_up::{Line, Outcome};
use crate::batch::{NULL_CODE, NULL_DATE};
use crate::select::{HitSetId, HitSets};

/// What is known of an entity in one role.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its role.
    pub role: Role,
    /// Its number among those of its role, in order of first row.
    pub(super) number: u32,
    /// How the first line that names it does so, where that is not its key.
    pub(super) name: u32,
    /// Rows.
    pub n_lines: u32,
    /// Shipments.
    pub n_shipments: u32,
    /// Entered value in cents, each line once.
    pub value_cents: i64,
    /// First and last day; [`NULL_DATE`] for none.
    pub first_day: i32,
    /// See [`Self::first_day`].
    pub last_day: i32,
    /// Shipments in the scope of each theme, each weighted by 2 to the number of half-lives since 1970.
    pub weighted_shipments: [f64; 3],
    /// Shipments that were looked at and found in order.
    pub n_ok: u32,
    /// Shipments that were looked at and found wrong.
    pub n_bad: u32,
    /// Most entities have none, so it stands apart.
    evidence: Option<Box<Evidence>>,
}

impl Entity {
    pub(super) fn new(role: Role, number: u32) -> Self {
        Self {
            role,
            number,
            name: NULL_CODE,
            n_lines: 0,
            n_shipments: 0,
            value_cents: 0,
            first_day: NULL_DATE,
            last_day: NULL_DATE,
            weighted_shipments: [0.0; 3],
            n_ok: 0,
            n_bad: 0,
            evidence: None,
        }
    }

    /// What rules found on its lines.
    pub fn evidence(&self) -> &Evidence {
        self.evidence.as_deref().unwrap_or(&NO_EVIDENCE)
    }

    /// Takes in a line; `before` is what was counted of the entity on earlier rows of the shipment, none where there are none.
    pub(super) fn add(&mut self, line: &Line<'_>, before: Option<Counted>, hit_sets: &mut HitSets) {
        self.n_lines += 1;
        self.n_shipments += u32::from(before.is_none());
        let before = before.unwrap_or_default();
        if line.day != NULL_DATE {
            self.first_day = match self.first_day {
                NULL_DATE => line.day,
                known => known.min(line.day),
            };
            self.last_day = self.last_day.max(line.day);
        }
        let fresh = line.scopes & !before.found.scopes;
        if fresh != 0 {
            for (theme, sum) in self.weighted_shipments.iter_mut().enumerate() {
                if fresh >> theme & 1 == 1 {
                    *sum += line.weight;
                }
            }
        }
        self.count_outcome(before.outcome, line.outcome);
        self.value_cents = self.value_cents.saturating_add(line.cents);
        if line.visit.hits != HitSetId(0) {
            let is_cva = line.is_cva && self.role.can_be_candidate();
            let evidence = self
                .evidence
                .get_or_insert_with(|| Box::new(NO_EVIDENCE.clone()));
            evidence.add(line, is_cva, before.found, hit_sets);
        }
    }

    fn count_outcome(&mut self, before: Outcome, outcome: Outcome) {
        if outcome <= before {
            return;
        }
        self.n_ok -= u32::from(before == Outcome::Ok);
        match outcome {
            Outcome::Bad => self.n_bad += 1,
            Outcome::Ok => self.n_ok += 1,
            Outcome::None => {}
        }
    }
}
