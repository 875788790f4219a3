//! Labeled data -> what hit each shipment and what was found there, small enough to be judged again under other points.
//!
//! Rules are evaluated once. What a change of points, caps or lanes does is then a matter of the different sets of hits,
//! of which even ten million lines have only some thousands.

use super::aside::{Aside, Bits, Names};
use super::labels::Labels;
use crate::batch::{Batch, FieldSet, NULL_DATE};
use crate::error::Error;
use crate::history::Source;
use crate::history::store::Store;
use crate::intern::Texts;
use crate::normalize::importer::employer_root;
use crate::normalize::{ALWAYS, Identities, with_sources};
pub use crate::outcomes::Found;
use crate::outcomes::found_in;
use crate::read::Reading;
use crate::reconcile::Reconcile;
use crate::rules::{RuleId, RuleSet};
use crate::scan::{Scan, with_threads};
use crate::schema::{FieldId, OUTCOME_FIELDS, field};
use crate::score::{Program, Scores, score};
use crate::select::{DAY_FIELDS, HitSetId, HitSets, day_of_work, key_hash};
use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use std::path::Path;

/// The parties that a shipment is told by: a word, the field that names them, and the one in its place.
pub const PARTIES: [(&str, FieldId, FieldId); 3] = [
    (
        "importer",
        field::IMPORTER_OF_RECORD_NUMBER,
        field::IMPORTER_NAME,
    ),
    ("shipper", field::SHIPPER_NAME, field::SHIPPER_NAME),
    (
        "manufacturer",
        field::MANUFACTURER_ID,
        field::MANUFACTURER_NAME,
    ),
];

/// The port at which a shipment is work.
const PORTS: [FieldId; 2] = [field::US_PORT_OF_ENTRY, field::US_PORT_OF_UNLADING];

/// Shipments of labeled data, and what hit them.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Lines read.
    pub n_lines: u64,
    /// The shipments, in order of first line.
    pub shipments: Vec<Case>,
    /// The different ways in which the lines of a shipment were hit.
    pub profiles: Vec<Profile>,
    /// What hits a line, and the themes in whose scope it is.
    pub line_sets: Vec<(HitSetId, u8)>,
    /// The sets of rules.
    pub hit_sets: HitSets,
    /// Names of ports, by code.
    pub ports: Texts,
    /// Lines on which each rule can be evaluated.
    pub evaluable: Vec<u64>,
    /// Labels of the file that named no line and no shipment of the data.
    pub n_unused_labels: u64,
}

/// A shipment.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// First 8 bytes of BLAKE3 of its key: ties are broken by it.
    pub key_hash: u64,
    /// How its lines were hit.
    pub profile: u32,
    /// The first port of entry of its lines; 0 for none.
    pub port: u32,
    /// The first day of law of its lines; [`NULL_DATE`] for none.
    pub day: i32,
    /// The first day of its lines on which it is work for its port; [`NULL_DATE`] for none.
    pub work_day: i32,
    /// What was found.
    pub found: Found,
}

/// A way in which the lines of a shipment were hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Its different line sets, ascending.
    pub line_sets: Vec<u32>,
    /// Every rule that hit a line.
    pub hits: HitSetId,
}

/// Where evidence comes from.
#[derive(Clone, Copy, Debug)]
pub struct Labeled<'a> {
    /// The lines.
    pub reading: &'a Reading,
    /// Outcomes; none: those of the lines.
    pub labels: Option<&'a Labels>,
    /// The store of past lines; none: the lines' own earlier ones are the history.
    pub history: Option<&'a Store>,
    /// Whether repeated filings are reconciled.
    pub reconcile: Reconcile,
    /// A directory for files without names.
    pub spill: &'a Path,
    /// Worker threads; none: one per core.
    pub threads: Option<usize>,
}

/// Evaluates every rule on labeled data.
///
/// # Errors
/// When an input or the store cannot be read.
pub fn collect(rules: &RuleSet, data: &Labeled<'_>) -> Result<Evidence, Error> {
    let mut collector = Collector::new(data.labels);
    run(rules, data, &mut collector)?;
    Ok(collector.finish().0)
}

/// The same, with the hits of the rules `apart` (ascending) kept as bits, in no set, and with the shipments that are `named`
/// by a line or by their key.
///
/// # Errors
/// When an input or the store cannot be read.
pub fn collect_aside(
    rules: &RuleSet,
    data: &Labeled<'_>,
    apart: Vec<RuleId>,
    named: &Names,
) -> Result<(Evidence, Aside), Error> {
    let mut collector = Collector::new(data.labels);
    collector.named = Some(named);
    collector.aside.bits = vec![Bits::default(); apart.len()];
    collector.aside.apart = apart;
    run(rules, data, &mut collector)?;
    Ok(collector.finish())
}

/// The same, with every line, and with the parties that stand on the lines of a shipment.
///
/// # Errors
/// When an input or the store cannot be read.
pub fn collect_lines(rules: &RuleSet, data: &Labeled<'_>) -> Result<(Evidence, Aside), Error> {
    let nobody = Names::default();
    let mut collector = Collector::new(data.labels);
    collector.named = Some(&nobody);
    collector.keeps_parties = true;
    run(rules, data, &mut collector)?;
    Ok(collector.finish())
}

fn run(rules: &RuleSet, data: &Labeled<'_>, collector: &mut Collector<'_>) -> Result<(), Error> {
    let reading = data.reading;
    let history = Source::new(data.history, &reading.inputs, data.spill)?;
    let program = Program::new(rules);
    let fields = rules.fields();
    let parties = PARTIES
        .iter()
        .filter(|_| collector.keeps_parties)
        .flat_map(|(_, named, else_named)| [*named, *else_named]);
    let also = parties.chain(DAY_FIELDS).chain(PORTS);
    let wanted = fields.iter().chain(ALWAYS.iter().copied()).chain(also);
    let wanted: FieldSet = with_sources(wanted.chain(OUTCOME_FIELDS).collect());
    with_threads(data.threads, || {
        let identities = Identities::FirstRow;
        let scan = Scan::prepare(
            rules,
            &program,
            &identities,
            reading,
            wanted,
            Some(&history),
            data.reconcile,
        )?;
        collector.evidence.evaluable = vec![0; rules.rules.len()];
        scan.run(
            |batch, _| {
                let selecting = scan.selecting(&batch);
                let scores = score(&program, rules, selecting.as_ref().unwrap_or(&batch));
                (scores, selecting, batch)
            },
            |(scores, selecting, batch)| {
                // What was found of an earlier stage or version was found of the shipment.
                match selecting {
                    None => collector.add(rules, &batch, &scores),
                    Some(selecting) => {
                        collector.add(rules, &selecting, &scores);
                        collector.add_outcomes(&batch);
                    }
                }
                Ok(Vec::new())
            },
        )
    })
}

struct Collector<'a> {
    evidence: Evidence,
    labels: Option<&'a Labels>,
    /// Hashes of the labels that named a line or shipment.
    used_labels: HashSet<u64, FixedState>,
    by_key: HashMap<u64, u32, FixedState>,
    known_sets: HashMap<(HitSetId, u8), u32, FixedState>,
    /// What was found, by the hash of a shipment's key, of rows that may not select.
    found: Vec<(u64, Found)>,
    /// Shipment and line set of each line, once per run of equal ones.
    hit_lines: Vec<(u32, u32)>,
    /// What tuning keeps; none: nothing is kept.
    named: Option<&'a Names>,
    keeps_parties: bool,
    aside: Aside,
}

impl<'a> Collector<'a> {
    fn new(labels: Option<&'a Labels>) -> Self {
        Self {
            evidence: Evidence::default(),
            labels,
            used_labels: HashSet::default(),
            by_key: HashMap::default(),
            known_sets: HashMap::default(),
            found: Vec::new(),
            hit_lines: Vec::new(),
            named: None,
            keeps_parties: false,
            aside: Aside::default(),
        }
    }

    fn add_outcomes(&mut self, batch: &Batch) {
        for row in 0..batch.n_rows {
            let key = batch.text_at(field::SHIPMENT_KEY, row).unwrap_or("");
            match self.found(batch, row, key) {
                Found::Unknown => {}
                found => self.found.push((key_hash(key), found)),
            }
        }
    }

    fn found(&mut self, batch: &Batch, row: usize, key: &str) -> Found {
        let Some(labels) = self.labels else {
            return found_in(batch, row);
        };
        let line = batch.text_at(field::LINE_ID, row).unwrap_or("");
        let named = [line, key]
            .into_iter()
            .find_map(|name| Some((name, labels.get(name)?)));
        named.map_or(Found::Unknown, |(name, found)| {
            self.used_labels.insert(key_hash(name));
            found
        })
    }

    fn add(&mut self, rules: &RuleSet, batch: &Batch, scores: &Scores) {
        self.evidence.n_lines += batch.n_rows as u64;
        for (position, class) in batch.presence.classes.iter().enumerate() {
            let of_class = batch.presence.class_of_row.iter();
            let n_rows = of_class
                .filter(|known| usize::from(**known) == position)
                .count() as u64;
            let rules = rules.rules.iter().zip(&mut self.evidence.evaluable);
            rules
                .filter(|(rule, _)| rule.is_evaluable(class))
                .for_each(|(_, lines)| *lines += n_rows);
        }
        for row in 0..batch.n_rows {
            let shipment = self.shipment(batch, row);
            let hits = match self.aside.apart.is_empty() {
                true => self.evidence.hit_sets.intern(scores.hits_of(row)),
                false => {
                    let counted = self.without_apart(scores.hits_of(row));
                    self.evidence.hit_sets.intern(&counted)
                }
            };
            let set = (hits, scores.scopes[row]);
            let line_sets = &mut self.evidence.line_sets;
            let set = *self.known_sets.entry(set).or_insert_with(|| {
                line_sets.push(set);
                u32::try_from(line_sets.len() - 1).expect("fewer than 4 billion sets of hits")
            });
            if self.hit_lines.last() != Some(&(shipment, set)) {
                self.hit_lines.push((shipment, set));
            }
            if self.named.is_some() {
                self.aside.lines.push((shipment, set));
            }
            if self.keeps_parties {
                self.add_parties(batch, row, shipment);
            }
        }
    }

    /// The hits of the next line that count, the others set as bits.
    fn without_apart(&mut self, hits: &[RuleId]) -> Vec<RuleId> {
        let aside = &mut self.aside;
        let line = aside.lines.len();
        let mut counted = hits.to_vec();
        counted.retain(|hit| match aside.apart.binary_search(hit) {
            Ok(position) => {
                aside.bits[position].set(line);
                false
            }
            Err(_) => true,
        });
        counted
    }

    /// Adds who stands on a line, unless the line before of the shipment named the same.
    fn add_parties(&mut self, batch: &Batch, row: usize, shipment: u32) {
        for ((_, named, else_named), of_role) in PARTIES.iter().zip(&mut self.aside.parties) {
            let name = batch.text_at(*named, row).map(employer_root);
            if let Some(name) = name.or_else(|| batch.text_at(*else_named, row)) {
                let seen = (shipment, of_role.names.code(name));
                if of_role.seen.last() != Some(&seen) {
                    of_role.seen.push(seen);
                }
            }
        }
    }

    fn shipment(&mut self, batch: &Batch, row: usize) -> u32 {
        let key = batch.text_at(field::SHIPMENT_KEY, row).unwrap_or("");
        let hash = key_hash(key);
        let shipments = &mut self.evidence.shipments;
        let position = *self.by_key.entry(hash).or_insert_with(|| {
            shipments.push(Case {
                key_hash: hash,
                profile: 0,
                port: 0,
                day: NULL_DATE,
                work_day: NULL_DATE,
                found: Found::Unknown,
            });
            u32::try_from(shipments.len() - 1).expect("fewer than 4 billion shipments")
        });
        if self.named.is_some_and(|named| {
            named.has(key)
                || batch
                    .text_at(field::LINE_ID, row)
                    .is_some_and(|id| named.has(id))
        }) {
            self.aside.named.push(position);
        }
        let found = self.found(batch, row, key);
        let case = &mut self.evidence.shipments[position as usize];
        case.found = case.found.with(found);
        if case.port == 0 {
            let mut ports = PORTS.iter();
            let port = ports.find_map(|id| batch.text_at(*id, row));
            case.port = port.map_or(0, |port| self.evidence.ports.code(port));
        }
        if case.day == NULL_DATE {
            case.day = batch.date_at(field::LEGAL_DATE, row).unwrap_or(NULL_DATE);
        }
        if case.work_day == NULL_DATE {
            case.work_day = day_of_work(batch, row);
        }
        position
    }

    fn finish(mut self) -> (Evidence, Aside) {
        for (key, found) in std::mem::take(&mut self.found) {
            if let Some(position) = self.by_key.get(&key) {
                let case = &mut self.evidence.shipments[*position as usize];
                case.found = case.found.with(found);
            }
        }
        for of_role in &mut self.aside.parties {
            of_role.seen.sort_unstable();
            of_role.seen.dedup();
        }
        self.aside.named.sort_unstable();
        self.aside.named.dedup();
        self.hit_lines.sort_unstable();
        self.hit_lines.dedup();
        let evidence = &mut self.evidence;
        let mut known: HashMap<Vec<u32>, u32, FixedState> = HashMap::default();
        for lines in self.hit_lines.chunk_by(|left, right| left.0 == right.0) {
            let sets: Vec<u32> = lines.iter().map(|(_, set)| *set).collect();
            let profile = *known.entry_ref(&sets).or_insert_with(|| {
                let hits = sets.iter().fold(HitSetId::default(), |hits, set| {
                    let (line, _) = evidence.line_sets[*set as usize];
                    evidence.hit_sets.union(hits, line)
                });
                evidence.profiles.push(Profile {
                    line_sets: sets.clone(),
                    hits,
                });
                u32::try_from(evidence.profiles.len() - 1).expect("fewer profiles than shipments")
            });
            evidence.shipments[lines[0].0 as usize].profile = profile;
        }
        if let Some(labels) = self.labels {
            evidence.n_unused_labels = labels.len().saturating_sub(self.used_labels.len() as u64);
        }
        (self.evidence, self.aside)
    }
}
