//! Inputs of a past run -> what stands on the lines of some entities, in one pass.
//!
//! Only rows on which one of the entities stands are judged again. Memory is that of the shipments that are kept.

use super::identity::{self, Identity};
use super::line::{self, NamedLine, named_line};
use super::papers;
use super::values::value;
use crate::batch::{Batch, FieldSet};
use crate::entity::{ENTITY_FIELDS, Role};
use crate::error::Error;
use crate::normalize::{ALWAYS, with_sources};
use crate::past::Listed;
use crate::reconcile::Standing;
use crate::schema::{FieldId, OUTCOME_FIELDS, field};
use crate::score::{Program, score};
use crate::select::{Judged, Lane, cva_candidates, judge_noticed, key_hash};
use crate::trace::run::PastRun;
use crate::write::{LINE_FIELDS, LineLabel, Masks};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands on the lines of an entity.
#[derive(Debug)]
pub struct Collected {
    /// The entity, as the run listed it.
    pub entity: Listed,
    /// Its shipments to verify, by key: the worst, up to the number that was asked for.
    pub shipments: BTreeMap<String, Kept>,
    /// Shipments to verify that were left out.
    pub left_out: BTreeSet<u64>,
    /// What it called itself.
    pub identity: Identity,
    /// Who stands on the same lines to verify, with the shipments, by hash.
    pub links: BTreeMap<(Role, String), Link>,
    /// What inspections found.
    pub outcomes: Vec<Outcome>,
    /// Outcomes beyond those that are kept.
    pub outcomes_left_out: u64,
}

/// A shipment to verify.
#[derive(Clone, Debug)]
pub struct Kept {
    /// How its worst line ranks.
    pub rank: (Lane, bool, i32),
    /// The lines to verify on which the entity stands, in input order.
    pub lines: Vec<NamedLine>,
}

/// A party that shares shipments with an entity. It shares no points.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// How it is named.
    pub name: Option<String>,
    /// The shipments.
    pub shipments: BTreeSet<u64>,
}

/// What an inspection found on a line.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The shipment.
    pub shipment_key: String,
    /// The line.
    pub line_id: String,
    /// The outcome fields that hold something.
    pub values: super::values::Values,
}

/// Outcomes that are listed per entity.
const MAX_OUTCOMES: usize = 200;

/// Nobody who is wanted.
const NOBODY: u32 = u32::MAX;

/// Reads the lines of the entities again. Of each the worst `most_shipments` shipments to verify are kept.
///
/// # Errors
/// When an input cannot be read.
pub fn collect(
    past: &PastRun,
    entities: Vec<Listed>,
    most_shipments: usize,
) -> Result<(Vec<Collected>, Masks), Error> {
    let program = Program::new(&past.rules);
    let sought = Sought::new(past, &program, &entities)?;
    let mut collected: Vec<Collected> = entities.into_iter().map(Collected::new).collect();
    let mut masks = Masks::default();
    let work = |label: &LineLabel, batch: Batch, standing: Option<Vec<Standing>>| {
        let parts = sought.parts(past, &program, label, &batch, standing.as_deref());
        (label.clone(), batch, parts)
    };
    past.scan(&program, wanted(past), work, |(label, batch, parts)| {
        masks.add(&batch, &label);
        for (position, part) in parts {
            collected[position as usize].merge(part, most_shipments);
        }
    })?;
    let lines = collected
        .iter_mut()
        .flat_map(|collected| collected.shipments.values_mut())
        .flat_map(|kept| &mut kept.lines);
    lines.for_each(|line| line.mask(&masks));
    Ok((collected, masks))
}

/// The fields that rules, entities and dossiers read.
fn wanted(past: &PastRun) -> FieldSet {
    let rules = past.rules.fields();
    let fixed = ALWAYS
        .iter()
        .chain(LINE_FIELDS)
        .chain(ENTITY_FIELDS)
        .chain(&OUTCOME_FIELDS);
    let shown = line::fields()
        .chain(papers::fields())
        .chain(identity::fields());
    with_sources(rules.iter().chain(fixed.copied()).chain(shown).collect())
}

/// The entities that are sought, by role and key as rows give it.
struct Sought {
    of_role: Vec<(Role, HashMap<String, u32, FixedState>)>,
}

/// What a batch holds of an entity.
#[derive(Default)]
struct Part {
    lines: Vec<(Arc<str>, (Lane, bool, i32), NamedLine)>,
    identity: Identity,
    links: BTreeMap<(Role, String), Link>,
    outcomes: Vec<Outcome>,
    outcomes_left_out: u64,
}

impl Sought {
    fn new(past: &PastRun, program: &Program, entities: &[Listed]) -> Result<Self, Error> {
        let is_masked = |entity: &Listed| entity.key.starts_with("E-");
        let masks = match entities.iter().any(is_masked) {
            true => masks(past, program)?,
            false => Masks::default(),
        };
        let mut of_role: Vec<(Role, HashMap<String, u32, FixedState>)> = Vec::new();
        for (entity, position) in entities.iter().zip(0..) {
            let key = masks.behind(&entity.key).unwrap_or(&entity.key).to_owned();
            match of_role.iter_mut().find(|(role, _)| *role == entity.role) {
                Some((_, keys)) => drop(keys.insert(key, position)),
                None => {
                    let mut keys = HashMap::default();
                    keys.insert(key, position);
                    of_role.push((entity.role, keys));
                }
            }
        }
        Ok(Self { of_role })
    }

    fn parts(
        &self,
        past: &PastRun,
        program: &Program,
        label: &LineLabel,
        batch: &Batch,
        standing: Option<&[Standing]>,
    ) -> BTreeMap<u32, Part> {
        let found = self.of_role.iter().map(|(role, keys)| {
            role.per_row(batch, NOBODY, |key| {
                keys.get(key).copied().unwrap_or(NOBODY)
            })
        });
        let found: Vec<Vec<u32>> = found.collect();
        let is_latest = |row: usize| standing.is_none_or(|all| all[row] == Standing::Latest);
        let is_wanted =
            |row: &usize| is_latest(*row) && found.iter().any(|of_role| of_role[*row] != NOBODY);
        let rows: Vec<usize> = (0..batch.n_rows).filter(is_wanted).collect();
        let mut parts = BTreeMap::new();
        if rows.is_empty() {
            return parts;
        }
        let taken = batch.take_rows(&rows);
        let scores = score(program, &past.rules, &taken);
        let noticed = past.notices.find(&past.rules, &taken, &scores);
        let judged = judge_noticed(&past.rules, &scores, &noticed);
        let is_cva = cva_candidates(&taken, &judged);
        for (row, before) in rows.iter().enumerate() {
            let line = is_cva[row].then(|| line_of(past, program, label, (&taken, row), &judged));
            for ((role, _), found) in self.of_role.iter().zip(&found) {
                if found[*before] != NOBODY {
                    let part: &mut Part = parts.entry(found[*before]).or_default();
                    part.add(*role, &taken, row, line.as_ref());
                }
            }
        }
        parts
    }
}

type Line = (Arc<str>, (Lane, bool, i32), NamedLine);

fn line_of(
    past: &PastRun,
    program: &Program,
    label: &LineLabel,
    (batch, row): (&Batch, usize),
    judged: &Judged,
) -> Line {
    let verdict = judged.of_row(row);
    let shipment = batch.text_at(field::SHIPMENT_KEY, row).unwrap_or("");
    (
        shipment.into(),
        NamedLine::rank(verdict),
        named_line(&past.rules, program, &batch.only_row(row), label, verdict),
    )
}

/// What stands for each masked number of a run: its first row is known only once every row was seen.
fn masks(past: &PastRun, program: &Program) -> Result<Masks, Error> {
    let numbers = [field::IMPORTER_OF_RECORD_NUMBER, field::CONSIGNEE_NUMBER];
    let wanted = ALWAYS.iter().chain(&numbers).copied().collect();
    let mut masks = Masks::default();
    let work = |label: &LineLabel, batch: Batch, _| (label.clone(), batch);
    past.scan(program, with_sources(wanted), work, |(label, batch)| {
        masks.add(&batch, &label);
    })?;
    Ok(masks)
}

impl Part {
    fn add(&mut self, role: Role, batch: &Batch, row: usize, line: Option<&Line>) {
        self.identity.add(role, batch, row);
        if batch.text_at(field::OUTCOME, row).is_some() {
            self.add_outcome(batch, row);
        }
        if let Some((shipment, rank, line)) = line {
            self.lines.push((Arc::clone(shipment), *rank, line.clone()));
            self.add_links(role, batch, row, key_hash(shipment));
        }
    }

    fn add_outcome(&mut self, batch: &Batch, row: usize) {
        if self.outcomes.len() == MAX_OUTCOMES {
            self.outcomes_left_out += 1;
            return;
        }
        let text = |id: FieldId| value(batch, id, row).unwrap_or_default();
        self.outcomes.push(Outcome {
            shipment_key: text(field::SHIPMENT_KEY),
            line_id: text(field::LINE_ID),
            values: super::values::values(batch, &OUTCOME_FIELDS, row),
        });
    }

    /// Accounts of importers repeat importers, so they are no links.
    fn add_links(&mut self, role: Role, batch: &Batch, row: usize, shipment: u64) {
        let others = Role::ALL.into_iter().filter(|other| {
            let is_importer = |role| matches!(role, Role::Importer | Role::ImporterAccount);
            *other != role
                && *other != Role::ImporterAccount
                && !(is_importer(role) && is_importer(*other))
        });
        for other in others {
            let Some(key) = other.key(batch, row) else {
                continue;
            };
            let name = batch.text_at(other.fields().1, row);
            let link = self.links.entry((other, key.into_owned())).or_default();
            link.shipments.insert(shipment);
            if link.name.is_none() {
                link.name = name.map(str::to_owned);
            }
        }
    }
}

impl Collected {
    fn new(entity: Listed) -> Self {
        Self {
            entity,
            shipments: BTreeMap::new(),
            left_out: BTreeSet::new(),
            identity: Identity::default(),
            links: BTreeMap::new(),
            outcomes: Vec::new(),
            outcomes_left_out: 0,
        }
    }

    fn merge(&mut self, part: Part, most_shipments: usize) {
        self.identity.merge(part.identity);
        for (key, link) in part.links {
            let known = self.links.entry(key).or_default();
            known.shipments.extend(link.shipments);
            known.name = known.name.take().or(link.name);
        }
        let room = MAX_OUTCOMES.saturating_sub(self.outcomes.len());
        self.outcomes_left_out +=
            part.outcomes_left_out + part.outcomes.len().saturating_sub(room) as u64;
        self.outcomes.extend(part.outcomes.into_iter().take(room));
        for (shipment, rank, line) in part.lines {
            self.add_line(&shipment, rank, line, most_shipments);
        }
    }

    /// Adds a line; where that makes one shipment too many, the least is left out, and stays out.
    fn add_line(
        &mut self,
        shipment: &str,
        rank: (Lane, bool, i32),
        line: NamedLine,
        most_shipments: usize,
    ) {
        if self.left_out.contains(&key_hash(shipment)) {
            return;
        }
        let kept = self.shipments.entry(shipment.to_owned()).or_insert(Kept {
            rank,
            lines: Vec::new(),
        });
        kept.rank = kept.rank.max(rank);
        kept.lines.push(line);
        if self.shipments.len() > most_shipments {
            let least = self
                .shipments
                .iter()
                .min_by_key(|(key, kept)| (kept.rank, std::cmp::Reverse(key_hash(key))))
                .map(|(key, _)| key.clone());
            if let Some(least) = least {
                self.left_out.insert(key_hash(&least));
                self.shipments.remove(&least);
            }
        }
    }
}
