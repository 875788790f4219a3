//! Evidence by role and entity, counted in shipments, as lines stream.

use super::role::Role;
use crate::batch::{Batch, Column, NULL_CODE, NULL_DATE, Pool};
use crate::rules::RuleId;
use crate::schema::{FieldId, field};
use crate::select::{HitSetId, HitSets, Judged, Lane, Visit};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};
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
    /// Shipments with a red line of it, and with a yellow but no red one.
    pub n_red: u32,
    /// See [`Self::n_red`].
    pub n_yellow: u32,
    /// Shipments that make it a candidate for verification.
    pub n_cva: u32,
    /// Entered value in cents, each line once.
    pub value_cents: i64,
    /// The same, of lines that are not green.
    pub value_at_risk_cents: i64,
    /// Gross weight in grams, each line once, of lines that are not green.
    pub weight_at_risk_grams: i64,
    /// First and last day; [`NULL_DATE`] for none.
    pub first_day: i32,
    /// See [`Self::first_day`].
    pub last_day: i32,
    /// Shipments in which each rule hit a line of it.
    pub rules: Vec<(RuleId, u32)>,
    /// Shipments, each weighted by 2 to the number of half-lives since 1970.
    pub weighted_shipments: f64,
    /// Theme scores of shipments, weighted alike.
    pub weighted_scores: [f64; 3],
    current: Current,
}

/// The shipment that an entity's last row belongs to.
#[derive(Clone, Debug)]
struct Current {
    shipment: u32,
    rules: HitSetId,
    scores: [u8; 3],
    lane: Lane,
    is_cva: bool,
    weight: f64,
}

impl Default for Current {
    fn default() -> Self {
        Self { shipment: NONE, rules: HitSetId(0), scores: [0; 3], lane: Lane::Green, is_cva: false, weight: 0.0 }
    }
}

/// Every entity of a run.
#[derive(Debug, Default)]
pub struct Entities {
    /// In order of first row.
    pub all: Vec<Entity>,
    texts: Pool,
    by_key: HashTable<u32>,
    hasher: FixedState,
    /// For each shipment the first entity of each role, to know a shipment that an entity comes back to.
    first_of_shipment: Vec<[u32; Role::ALL.len()]>,
}

/// No entity, and no shipment.
const NONE: u32 = u32::MAX;

impl Entities {
    /// Takes in the lines of a batch; batches come in input order.
    pub fn add(&mut self, batch: &Batch, judged: &Judged, visits: &[Visit], is_cva: &[bool], hit_sets: &mut HitSets) {
        for visit in visits.iter().filter(|visit| visit.is_first) {
            debug_assert_eq!(self.first_of_shipment.len(), visit.id.0 as usize);
            self.first_of_shipment.push([NONE; Role::ALL.len()]);
        }
        for (position, role) in Role::ALL.into_iter().enumerate() {
            let entities = self.find_all(role, batch);
            for (row, visit) in visits.iter().enumerate() {
                if entities[row] != NONE {
                    let first = &mut self.first_of_shipment[visit.id.0 as usize][position];
                    let comes_back = *first == entities[row] && !visit.is_first;
                    if *first == NONE {
                        *first = entities[row];
                    }
                    let row = Row { batch, row, judged, visit, is_cva: is_cva[row], comes_back };
                    self.all[entities[row.row] as usize].add(&row, hit_sets);
                }
            }
        }
    }

    /// The entity of each row, found once per distinct combination of what names it.
    fn find_all(&mut self, role: Role, batch: &Batch) -> Vec<u32> {
        let (fields, name) = role.fields();
        if fields.iter().all(|id| batch.text(*id).is_none()) {
            return vec![NONE; batch.n_rows];
        }
        let codes = |row: usize| {
            let code = |id: &FieldId| batch.text(*id).map_or(NULL_CODE, |column| column.codes[row]);
            let mut codes = [NULL_CODE; 3];
            codes.iter_mut().zip(fields).for_each(|(slot, id)| *slot = code(id));
            codes
        };
        let mut known: HashMap<[u32; 3], u32, FixedState> = HashMap::default();
        let mut last = ([u32::MAX; 3], NONE);
        (0..batch.n_rows)
            .map(|row| {
                let codes = codes(row);
                if last.0 != codes {
                    let entity = *known.entry(codes).or_insert_with(|| {
                        role.key(batch, row).map_or(NONE, |key| self.find(role, &key, batch.text_at(name, row)))
                    });
                    last = (codes, entity);
                }
                last.1
            })
            .collect()
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
    row: usize,
    judged: &'a Judged,
    visit: &'a Visit,
    is_cva: bool,
    /// The entity was the first of its role in this shipment, on an earlier row.
    comes_back: bool,
}

impl Entity {
    fn new(role: Role, key: u32) -> Self {
        Self {
            role,
            key,
            name: NULL_CODE,
            n_lines: 0,
            n_shipments: 0,
            n_red: 0,
            n_yellow: 0,
            n_cva: 0,
            value_cents: 0,
            value_at_risk_cents: 0,
            weight_at_risk_grams: 0,
            first_day: NULL_DATE,
            last_day: NULL_DATE,
            rules: Vec::new(),
            weighted_shipments: 0.0,
            weighted_scores: [0.0; 3],
            current: Current::default(),
        }
    }

    fn add(&mut self, row: &Row<'_>, hit_sets: &mut HitSets) {
        let verdict = row.judged.of_row(row.row);
        let day = row.batch.date_at(field::LEGAL_DATE, row.row);
        self.n_lines += 1;
        if let Some(day) = day {
            self.first_day = if self.first_day == NULL_DATE { day } else { self.first_day.min(day) };
            self.last_day = self.last_day.max(day);
        }
        if self.current.shipment != row.visit.id.0 {
            self.start_shipment(row, day);
        }
        let (before, after) = (self.current.rules, hit_sets.union(self.current.rules, row.visit.hits));
        if before != after {
            for hit in hit_sets.get(after).iter().filter(|hit| !hit_sets.get(before).contains(hit)) {
                match self.rules.iter_mut().find(|(rule, _)| rule == hit) {
                    Some((_, count)) => *count += 1,
                    None => self.rules.push((*hit, 1)),
                }
            }
            self.current.rules = after;
        }
        let weight = self.current.weight;
        let weighted = self.weighted_scores.iter_mut().zip(self.current.scores.iter_mut());
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
        if row.visit.is_first_of_line {
            self.add_amounts(row.batch, row.row, verdict.lane != Lane::Green);
        }
    }

    /// Begins a shipment, or comes back to one: then what its earlier rows counted is not counted again.
    fn start_shipment(&mut self, row: &Row<'_>, day: Option<i32>) {
        let half_lives = f64::from(day.unwrap_or(0)) / HALF_LIFE_DAYS;
        self.current = Current { shipment: row.visit.id.0, weight: half_lives.exp2(), ..Current::default() };
        if row.comes_back {
            self.current.rules = row.visit.hits_before;
            self.current.scores = row.visit.scores_before;
            self.current.lane = Lane::Red;
            self.current.is_cva = true;
        } else {
            self.n_shipments += 1;
            self.weighted_shipments += self.current.weight;
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

    fn add_amounts(&mut self, batch: &Batch, row: usize, is_at_risk: bool) {
        if let Some(cents) = batch.number_at(field::ENTERED_VALUE_USD, row).and_then(|value| exact(value * 100.0)) {
            self.value_cents = self.value_cents.saturating_add(cents);
            if is_at_risk {
                self.value_at_risk_cents = self.value_at_risk_cents.saturating_add(cents);
            }
        }
        if is_at_risk
            && let Some(Column::Number(weights)) = batch.column(field::GROSS_WEIGHT_KG)
            && let Some(grams) = exact(weights[row] * 1000.0)
        {
            self.weight_at_risk_grams = self.weight_at_risk_grams.saturating_add(grams);
        }
    }
}

/// An amount as a whole number, so that sums do not depend on order; none where it is not one that binary64 holds.
fn exact(amount: f64) -> Option<i64> {
    let rounded = amount.round();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within the range of exact integers")]
    (rounded.abs() < 9e15).then_some(rounded as i64)
}
