//! Evidence by role and entity, counted in shipments, as lines stream.

use super::role::Role;
use crate::batch::{Batch, NULL_CODE, NULL_DATE, Pool};
use crate::rules::RuleId;
use crate::schema::field;
use crate::select::{HitSetId, HitSets, Judged, Lane, Verdict, Visit};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Days in which evidence loses half its weight.
const HALF_LIFE_DAYS: f64 = 365.0;

/// What is known of an entity in one role.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its role.
    pub role: Role,
    /// What tells it apart, as a code of the texts.
    key: u32,
    /// How the first line that names it does so, where that is not its key.
    name: u32,
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
    /// The shipment of its last row.
    shipment: u32,
    /// It came back to that shipment after others.
    came_back: bool,
    /// The themes in whose scope that shipment is counted, as bits.
    scopes: u8,
    /// The worst outcome of that shipment that is counted.
    outcome: Outcome,
    /// Shipments that were looked at and found in order.
    pub n_ok: u32,
    /// Shipments that were looked at and found wrong.
    pub n_bad: u32,
    /// Most entities have none, so it stands apart.
    evidence: Option<Box<Evidence>>,
}

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
static NO_EVIDENCE: Evidence = Evidence {
    n_red: 0,
    n_yellow: 0,
    n_cva: 0,
    value_at_risk_cents: 0,
    weight_at_risk_grams: 0,
    rules: Vec::new(),
    weighted_scores: [0.0; 3],
    current: Current {
        shipment: NONE,
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

/// Every entity of a run.
#[derive(Debug)]
pub struct Entities {
    /// In order of first row.
    pub all: Vec<Entity>,
    texts: Pool,
    by_key: HashTable<u32>,
    hasher: FixedState,
    /// For each shipment the first entity of each role, to know a shipment that an entity comes back to when its lines do
    /// not stand together. The lower half of the entity's number is enough for that.
    first_of_shipment: Vec<[u16; N_TRADERS]>,
    /// The same for roles that are links only; as long as some batch named one.
    first_of_links: Vec<[u16; N_LINKS]>,
    as_of: i32,
}

/// Roles that can be candidates; they stand first in [`Role::ALL`].
const N_TRADERS: usize = 7;

/// Roles that are links only.
const N_LINKS: usize = Role::ALL.len() - N_TRADERS;

/// No entity, and no shipment.
const NONE: u32 = u32::MAX;

/// No entity of a role yet.
const NO_TAG: u16 = u16::MAX;

fn tag(entity: u32) -> u16 {
    u16::try_from(entity % u32::from(NO_TAG)).expect("below the modulus")
}

impl Entities {
    /// No entities yet.
    ///
    /// # Units
    /// `as_of` is days since 1970-01-01: evidence of later days does not weigh more than that of this day, and outcomes
    /// of later days are not known. None: every day is known.
    pub fn new(as_of: Option<i32>) -> Self {
        Self {
            all: Vec::new(),
            texts: Pool::default(),
            by_key: HashTable::new(),
            hasher: FixedState::default(),
            first_of_shipment: Vec::new(),
            first_of_links: Vec::new(),
            as_of: as_of.unwrap_or(i32::MAX),
        }
    }

    /// Takes in the lines of a batch, with the themes in whose scope each is, as bits, and whether it makes a candidate;
    /// batches come in input order.
    pub fn add(
        &mut self,
        batch: &Batch,
        judged: &Judged,
        visits: &[Visit],
        (scopes, is_cva): (&[u8], &[bool]),
        hit_sets: &mut HitSets,
    ) {
        for visit in visits.iter().filter(|visit| visit.is_first) {
            debug_assert_eq!(self.first_of_shipment.len(), visit.id.0 as usize);
            self.first_of_shipment.push([NO_TAG; N_TRADERS]);
        }
        let outcomes = outcomes(batch, self.as_of);
        for (position, role) in Role::ALL.into_iter().enumerate() {
            let entities = role.per_row(batch, NONE, |key, name| self.find(role, key, name));
            for (row, visit) in visits.iter().enumerate() {
                if entities[row] != NONE {
                    let first = self.first(visit.id.0 as usize, position);
                    let tag = tag(entities[row]);
                    let comes_back = *first == tag && !visit.is_first;
                    if *first == NO_TAG {
                        *first = tag;
                    }
                    let row = Row {
                        batch,
                        position: row,
                        judged,
                        visit,
                        scopes: scopes[row],
                        is_cva: is_cva[row] && role.can_be_candidate(),
                        comes_back,
                        outcome: outcomes.as_ref().map_or(Outcome::None, |found| found[row]),
                        as_of: self.as_of,
                    };
                    self.all[entities[row.position] as usize].add(&row, hit_sets);
                }
            }
        }
    }

    /// The first entity of a role in a shipment.
    fn first(&mut self, shipment: usize, role: usize) -> &mut u16 {
        if role < N_TRADERS {
            return &mut self.first_of_shipment[shipment][role];
        }
        if self.first_of_links.len() <= shipment {
            let n_shipments = self.first_of_shipment.len();
            self.first_of_links.resize(n_shipments, [NO_TAG; N_LINKS]);
        }
        &mut self.first_of_links[shipment][role - N_TRADERS]
    }

    fn find(&mut self, role: Role, key: &str, name: Option<&str>) -> u32 {
        let hash = self.hasher.hash_one((role, key));
        let (all, texts) = (&self.all, &self.texts);
        let is_it = |position: &u32| {
            let entity = &all[*position as usize];
            entity.role == role && texts.get(entity.key) == key
        };
        let position = self.by_key.find(hash, is_it).copied().unwrap_or_else(|| {
            let position = u32::try_from(self.all.len()).expect("fewer than 4 billion entities");
            let code = self.texts.push(key);
            self.all.push(Entity::new(role, code));
            let (all, texts, hasher) = (&self.all, &self.texts, &self.hasher);
            self.by_key.insert_unique(hash, position, |position| {
                let entity = &all[*position as usize];
                hasher.hash_one((entity.role, texts.get(entity.key)))
            });
            position
        });
        let entity = &mut self.all[position as usize];
        if entity.name == NULL_CODE
            && let Some(name) = name.filter(|name| *name != key)
        {
            entity.name = self.texts.push(name);
        }
        position
    }

    /// Forgets what only finding needed, once every line is in.
    pub fn finish(&mut self) {
        self.by_key = HashTable::new();
        self.first_of_shipment = Vec::new();
        self.first_of_links = Vec::new();
    }

    /// What tells an entity apart.
    pub fn key(&self, entity: &Entity) -> &str {
        self.texts.get(entity.key)
    }

    /// How its first line names it, where that is not its key.
    pub fn name(&self, entity: &Entity) -> Option<&str> {
        (entity.name != NULL_CODE).then(|| self.texts.get(entity.name))
    }
}

struct Row<'a> {
    batch: &'a Batch,
    position: usize,
    judged: &'a Judged,
    visit: &'a Visit,
    /// The themes in whose scope it is, as bits.
    scopes: u8,
    is_cva: bool,
    /// The entity was the first of its role in this shipment, on an earlier row.
    comes_back: bool,
    outcome: Outcome,
    /// Evidence of later days weighs as that of this day.
    as_of: i32,
}

/// What an inspection found of a line; of a shipment, the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Nobody looked, or nobody says so.
    None,
    /// Found in order.
    Ok,
    /// Not in order.
    Bad,
}

/// The outcome of each row that is known on a day; none where the batch has none.
fn outcomes(batch: &Batch, as_of: i32) -> Option<Vec<Outcome>> {
    let column = batch.text(field::OUTCOME)?;
    let of_row = |row: usize| {
        let day = batch.date_at(field::OUTCOME_DATE, row);
        match column.get(row) {
            Some(_) if day.is_some_and(|day| day > as_of) => Outcome::None,
            Some("bad") => Outcome::Bad,
            Some("ok") => Outcome::Ok,
            _ => Outcome::None,
        }
    };
    Some((0..batch.n_rows).map(of_row).collect())
}

impl Entity {
    fn new(role: Role, key: u32) -> Self {
        Self {
            role,
            key,
            name: NULL_CODE,
            n_lines: 0,
            n_shipments: 0,
            value_cents: 0,
            first_day: NULL_DATE,
            last_day: NULL_DATE,
            weighted_shipments: [0.0; 3],
            shipment: NONE,
            came_back: false,
            scopes: 0,
            outcome: Outcome::None,
            n_ok: 0,
            n_bad: 0,
            evidence: None,
        }
    }

    /// What rules found on its lines.
    pub fn evidence(&self) -> &Evidence {
        self.evidence.as_deref().unwrap_or(&NO_EVIDENCE)
    }

    fn add(&mut self, row: &Row<'_>, hit_sets: &mut HitSets) {
        let verdict = row.judged.of_row(row.position);
        let day = row.batch.date_at(field::LEGAL_DATE, row.position);
        self.n_lines += 1;
        if let Some(day) = day {
            self.first_day = if self.first_day == NULL_DATE {
                day
            } else {
                self.first_day.min(day)
            };
            self.last_day = self.last_day.max(day);
        }
        let half_lives = f64::from(day.unwrap_or(0).min(row.as_of)) / HALF_LIFE_DAYS;
        let weight = half_lives.exp2();
        if self.shipment != row.visit.id.0 {
            self.shipment = row.visit.id.0;
            self.came_back = row.comes_back;
            // What was counted of a shipment that it comes back to is not known any more, so no more is counted.
            (self.outcome, self.scopes) = match row.comes_back {
                true => (Outcome::Bad, u8::MAX),
                false => (Outcome::None, 0),
            };
            if !row.comes_back {
                self.n_shipments += 1;
            }
        }
        let fresh = (row.scopes | verdict.themes) & !self.scopes;
        if fresh != 0 {
            self.scopes |= fresh;
            for (theme, sum) in self.weighted_shipments.iter_mut().enumerate() {
                if fresh >> theme & 1 == 1 {
                    *sum += weight;
                }
            }
        }
        self.count_outcome(row.outcome);
        let cents = row
            .visit
            .is_first_of_line
            .then(|| row.batch.number_at(field::ENTERED_VALUE_USD, row.position))
            .flatten();
        let cents = cents.and_then(|value| exact(value * 100.0)).unwrap_or(0);
        self.value_cents = self.value_cents.saturating_add(cents);
        if row.visit.hits != HitSetId(0) {
            let evidence = self
                .evidence
                .get_or_insert_with(|| Box::new(NO_EVIDENCE.clone()));
            evidence.add(row, verdict, self.came_back, (weight, cents), hit_sets);
        }
    }
}

impl Entity {
    fn count_outcome(&mut self, outcome: Outcome) {
        if outcome <= self.outcome {
            return;
        }
        self.n_ok -= u32::from(self.outcome == Outcome::Ok);
        match outcome {
            Outcome::Bad => self.n_bad += 1,
            Outcome::Ok => self.n_ok += 1,
            Outcome::None => {}
        }
        self.outcome = outcome;
    }
}

impl Evidence {
    fn add(
        &mut self,
        row: &Row<'_>,
        verdict: &Verdict,
        came_back: bool,
        (weight, cents): (f64, i64),
        hit_sets: &mut HitSets,
    ) {
        if self.current.shipment != row.visit.id.0 {
            self.start_shipment(row, came_back);
        }
        let (before, after) = (
            self.current.rules,
            hit_sets.union(self.current.rules, row.visit.hits),
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
        for ((sum, known), score) in weighted.zip(verdict.theme_scores) {
            if score > *known {
                *sum += f64::from(score - *known) * weight;
                *known = score;
            }
        }
        self.count_lane(verdict.lane);
        if row.is_cva && !self.current.is_cva {
            self.current.is_cva = true;
            self.n_cva += 1;
        }
        if row.visit.is_first_of_line && verdict.lane != Lane::Green {
            self.value_at_risk_cents = self.value_at_risk_cents.saturating_add(cents);
            let weight = row
                .batch
                .number_at(field::GROSS_WEIGHT_KG, row.position)
                .and_then(|weight| exact(weight * 1000.0));
            self.weight_at_risk_grams = self
                .weight_at_risk_grams
                .saturating_add(weight.unwrap_or(0));
        }
    }

    /// Begins a shipment, or comes back to one: then what its earlier rows counted is not counted again.
    fn start_shipment(&mut self, row: &Row<'_>, came_back: bool) {
        self.current = Current {
            shipment: row.visit.id.0,
            ..NO_EVIDENCE.current
        };
        if came_back {
            self.current.rules = row.visit.hits_before;
            self.current.scores = row.visit.scores_before;
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

/// An amount as a whole number, so that sums do not depend on order; none where it is not one that binary64 holds.
fn exact(amount: f64) -> Option<i64> {
    let rounded = amount.round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be within the range of exact integers"
    )]
    (rounded.abs() < 9e15).then_some(rounded as i64)
}
