//! Evidence by role and entity, counted in shipments, as lines stream.

use super::counted::{Counted, CountedOfRole};
use super::keys::{Keys, NONE};
use super::role::Role;
use super::totals::Entity;
use crate::batch::{Batch, Column, NULL_CODE, NULL_DATE, Pool};
use crate::schema::{FieldId, field};
use crate::select::{Found, HitSets, Judged, Lane, Verdict, Visit};

/// Days in which evidence loses half its weight.
const HALF_LIFE_DAYS: f64 = 365.0;

/// Every entity of a run.
#[derive(Debug)]
pub struct Entities {
    /// In the order of [`Role::ALL`].
    of_role: [OfRole; Role::ALL.len()],
    n_shipments: usize,
    /// The worst outcome of each shipment so far; as long as the last one that has any.
    outcomes: Vec<Outcome>,
    as_of: i32,
}

/// The entities of a role.
#[derive(Debug)]
struct OfRole {
    role: Role,
    /// In order of first row.
    all: Vec<Entity>,
    keys: Keys,
    names: Pool,
    counted: CountedOfRole,
}

impl Entities {
    /// No entities yet.
    ///
    /// # Units
    /// `as_of` is days since 1970-01-01: evidence of later days does not weigh more than that of this day, and outcomes
    /// of later days are not known. None: every day is known.
    pub fn new(as_of: Option<i32>) -> Self {
        Self {
            of_role: Role::ALL.map(|role| OfRole {
                role,
                all: Vec::new(),
                keys: Keys::default(),
                names: Pool::default(),
                counted: CountedOfRole::default(),
            }),
            n_shipments: 0,
            outcomes: Vec::new(),
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
        self.n_shipments += visits.iter().filter(|visit| visit.is_first).count();
        let mut lines = lines(batch, judged, visits, (scopes, is_cva), self.as_of);
        self.add_outcomes(batch, &mut lines);
        for of_role in &mut self.of_role {
            of_role.add(batch, &lines, self.n_shipments, hit_sets);
        }
    }

    /// Forgets what only finding needed, once every line is in.
    pub fn finish(&mut self) {
        for of_role in &mut self.of_role {
            of_role.keys.finish();
            of_role.counted = CountedOfRole::default();
        }
        self.outcomes = Vec::new();
    }

    /// Tells each line what was found of it, and of its shipment before it.
    fn add_outcomes(&mut self, batch: &Batch, lines: &mut [Line<'_>]) {
        let found = outcomes(batch, self.as_of);
        if found.is_none() && self.outcomes.is_empty() {
            return;
        }
        self.outcomes.resize(self.n_shipments, Outcome::None);
        for (row, line) in lines.iter_mut().enumerate() {
            let worst = &mut self.outcomes[line.visit.id.0 as usize];
            line.outcome_before = *worst;
            line.outcome = found.as_ref().map_or(Outcome::None, |found| found[row]);
            *worst = line.outcome.max(*worst);
        }
    }

    /// The entities of a role, in order of first row.
    pub fn of_role(&self, role: Role) -> &[Entity] {
        &self.of_role[role as usize].all
    }

    /// Every entity, role by role.
    pub fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.of_role.iter().flat_map(|of_role| &of_role.all)
    }

    /// What tells an entity apart.
    pub fn key(&self, entity: &Entity) -> &str {
        self.of_role[entity.role as usize].keys.get(entity.number)
    }

    /// How its first line names it, where that is not its key.
    pub fn name(&self, entity: &Entity) -> Option<&str> {
        let names = &self.of_role[entity.role as usize].names;
        (entity.name != NULL_CODE).then(|| names.get(entity.name))
    }
}

impl OfRole {
    fn add(
        &mut self,
        batch: &Batch,
        lines: &[Line<'_>],
        n_shipments: usize,
        hit_sets: &mut HitSets,
    ) {
        self.counted.grow(n_shipments);
        let Some(named) = self.role.named(batch) else {
            for line in lines {
                self.counted.visit(NONE, line);
            }
            return;
        };
        let keys = named.first_rows.iter();
        let keys: Vec<_> = keys.map(|row| self.role.key(batch, *row)).collect();
        let entities = self.keys.find_all(&keys);
        let (_, name) = self.role.fields();
        for ((entity, key), row) in entities.iter().zip(&keys).zip(&named.first_rows) {
            let Some(key) = key else { continue };
            if *entity as usize == self.all.len() {
                self.all.push(Entity::new(self.role, *entity));
            }
            let name = batch.text_at(name, *row).filter(|name| name != key);
            if let Some(name) = name
                && self.all[*entity as usize].name == NULL_CODE
            {
                self.all[*entity as usize].name = self.names.push(name);
            }
        }
        for (line, way) in lines.iter().zip(&named.of_row) {
            let entity = entities[*way as usize];
            let before = self.counted.visit(entity, line);
            if entity == NONE {
                continue;
            }
            self.all[entity as usize].add(line, before, hit_sets);
            let before = before.unwrap_or_default();
            self.counted.note(entity, line, before, hit_sets);
        }
    }
}

/// What a line adds to each of its entities.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) visit: &'a Visit,
    pub(super) verdict: &'a Verdict,
    /// Day of law; [`NULL_DATE`] for none.
    pub(super) day: i32,
    /// 2 to the number of half-lives since 1970.
    pub(super) weight: f64,
    /// Entered value in cents; 0 on further rows of the same line.
    pub(super) cents: i64,
    /// Gross weight in grams; 0 on further rows of the same line.
    pub(super) grams: i64,
    /// The themes in whose scope it is, or in which it has points, as bits.
    pub(super) scopes: u8,
    pub(super) is_cva: bool,
    pub(super) outcome: Outcome,
    /// The worst outcome on earlier rows of its shipment.
    pub(super) outcome_before: Outcome,
}

impl Line<'_> {
    /// What is counted of its shipment on earlier rows.
    pub(super) fn before(&self) -> Counted {
        Counted {
            found: self.visit.before,
            outcome: self.outcome_before,
        }
    }

    /// What rules found on it.
    pub(super) fn found(&self) -> Found {
        Found {
            hits: self.visit.hits,
            theme_scores: self.verdict.theme_scores,
            scopes: self.scopes,
            lane: self.verdict.lane_of_rules,
            is_cva: self.is_cva,
        }
    }
}

/// What an inspection found of a line; of a shipment, the worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Nobody looked, or nobody says so.
    #[default]
    None,
    /// Found in order.
    Ok,
    /// Not in order.
    Bad,
}

fn lines<'a>(
    batch: &Batch,
    judged: &'a Judged,
    visits: &'a [Visit],
    (scopes, is_cva): (&[u8], &[bool]),
    as_of: i32,
) -> Vec<Line<'a>> {
    let days = match batch.column(field::LEGAL_DATE) {
        Some(Column::Date(days)) => Some(days),
        _ => None,
    };
    let weight = |day: i32| {
        let counted = if day == NULL_DATE { 0 } else { day };
        (f64::from(counted.min(as_of)) / HALF_LIFE_DAYS).exp2()
    };
    let mut weighed = (NULL_DATE, weight(NULL_DATE));
    let line = |(row, visit): (usize, &'a Visit)| {
        let verdict = judged.of_row(row);
        let day = days.map_or(NULL_DATE, |days| days[row]);
        if day != weighed.0 {
            weighed = (day, weight(day));
        }
        let amount = |id: FieldId, scale: f64| {
            let amount = visit.is_first_of_line.then(|| batch.number_at(id, row));
            let scaled = amount.flatten().and_then(|amount| exact(amount * scale));
            scaled.unwrap_or(0)
        };
        Line {
            visit,
            verdict,
            day,
            weight: weighed.1,
            cents: amount(field::ENTERED_VALUE_USD, 100.0),
            grams: match verdict.lane_of_rules {
                Lane::Green => 0,
                _ => amount(field::GROSS_WEIGHT_KG, 1000.0),
            },
            scopes: scopes[row] | verdict.themes,
            is_cva: is_cva[row],
            outcome: Outcome::None,
            outcome_before: Outcome::None,
        }
    };
    visits.iter().enumerate().map(line).collect()
}

/// The outcome of each row that is known on a day; none where the batch has none. One without a date is not known on any.
fn outcomes(batch: &Batch, as_of: i32) -> Option<Vec<Outcome>> {
    let column = batch.text(field::OUTCOME)?;
    let of_row = |row: usize| {
        let day = batch.date_at(field::OUTCOME_DATE, row);
        match column.get(row) {
            Some(_) if day.is_none_or(|day| day > as_of) => Outcome::None,
            Some("bad") => Outcome::Bad,
            Some("ok") => Outcome::Ok,
            _ => Outcome::None,
        }
    };
    Some((0..batch.n_rows).map(of_row).collect())
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
