//! Lines -> shipments, as lines stream: what a shipment needs to be ranked and shown, and no more.

use super::hit_sets::{HitSetId, HitSets};
use super::lane::Lane;
use super::noticed_shipments::NoticedShipments;
use super::outcomes::ShipmentOutcomes;
use super::routes::{RouteId, Routes};
use super::shipment_columns::{Columns, short_hash};
use super::verdict::{Judged, Verdict};
use crate::batch::{Batch, NULL_CODE, Pool};
use crate::intern::Texts;
use crate::rules::vocabulary::{Floor, Stage};
use crate::schema::{FieldId, field};
use hashbrown::HashTable;

/// The position of a shipment in [`Shipments::all`], in order of first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShipmentId(pub u32);

/// A shipment; texts by code in [`Shipments::texts`], 0 for none.
#[derive(Clone, Debug)]
pub struct Shipment {
    /// Its key in the arena of keys.
    key: u32,
    /// First 8 bytes of BLAKE3 of the key, big-endian: ranks and draws go by it, so that no file name matters.
    pub key_hash: u64,
    /// How its worst line ranks.
    pub worst: LineRank,
    /// Input and row of its worst line, in the upper 24 and the lower 40 bits.
    deciding: u64,
    /// Goods of its worst line, in the arena of goods.
    goods: u32,
    /// Where the goods of its worst line come from.
    pub route: RouteId,
    /// The largest score of each theme over its lines.
    pub theme_scores: [u8; 3],
    /// Bit n: a line is in the scope of scored theme n.
    pub scopes: u8,
    /// Bit n: a line has points or a floor in scored theme n.
    pub themes: u8,
    /// Rules that hit a line.
    pub hits: HitSetId,
    /// The worst lane of its lines by rules, without lookouts.
    lane_of_rules: Lane,
    /// A line makes it a candidate for verification.
    pub is_cva_candidate: bool,
    /// The filing that its first line is evidence of.
    pub stage: Stage,
    /// Port of entry, else of unlading.
    pub port: u32,
    /// Day of arrival; [`crate::batch::NULL_DATE`] for none.
    pub day: i32,
    /// Importer's name, else number.
    pub importer: u32,
    /// Shipper.
    pub shipper: u32,
    /// Value of its lines in cents, each line once.
    pub value_cents: i64,
    /// Whether a row holds an entered value.
    pub is_valued: bool,
    /// Rows.
    pub n_lines: u32,
    /// The last line whose amounts count, to tell rows of one line from several lines.
    last_line: u32,
}

/// Bits of a row number; a file holds fewer than 10 billion rows.
const ROW_BITS: u32 = 40;

impl Shipment {
    /// Position of the input, and row, of the worst line.
    pub fn deciding(&self) -> (usize, u64) {
        let file = usize::try_from(self.deciding >> ROW_BITS).expect("24 bits");
        (file, self.deciding & ((1 << ROW_BITS) - 1))
    }

    fn found(&self) -> Found {
        Found {
            hits: self.hits,
            theme_scores: self.theme_scores,
            scopes: self.scopes | self.themes,
            lane: self.lane_of_rules,
            is_cva: self.is_cva_candidate,
        }
    }
}

/// What a row found when it came to its shipment.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// The shipment.
    pub id: ShipmentId,
    /// The row is its first.
    pub is_first: bool,
    /// What was found of it on earlier rows.
    pub before: Found,
    /// The rules that hit the row.
    pub hits: HitSetId,
    /// Amounts of the row count: it is the first of its line.
    pub is_first_of_line: bool,
}

/// What rules found of a shipment, or of an entity in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rules that hit a row.
    pub hits: HitSetId,
    /// The largest score of each theme.
    pub theme_scores: [u8; 3],
    /// Bit n: a row is in the scope of scored theme n, or has points in it.
    pub scopes: u8,
    /// The worst lane by rules, without lookouts.
    pub lane: Lane,
    /// A row makes it a candidate for verification.
    pub is_cva: bool,
}

impl Found {
    /// What both found together.
    #[must_use]
    pub fn with(self, other: Self, hit_sets: &mut HitSets) -> Self {
        let [left, right] = [self.theme_scores, other.theme_scores];
        Self {
            hits: hit_sets.union(self.hits, other.hits),
            theme_scores: [0, 1, 2].map(|theme| left[theme].max(right[theme])),
            scopes: self.scopes | other.scopes,
            lane: self.lane.max(other.lane),
            is_cva: self.is_cva || other.is_cva,
        }
    }
}

/// How a line ranks: lane, floor, uncapped points, families.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineRank {
    /// The lane.
    pub lane: Lane,
    /// The strongest floor.
    pub floor: Option<Floor>,
    /// Uncapped points.
    pub points_total: i32,
    /// Families in the deciding theme.
    pub families: u8,
    /// The score.
    pub score: u8,
    /// A rule asks for the floor, not a lookout alone.
    pub is_floor_of_rule: bool,
}

/// Every shipment of a run.
#[derive(Debug, Default)]
pub struct Shipments {
    /// The shipments, in order of first line.
    pub all: Vec<Shipment>,
    /// Sets of rules.
    pub hit_sets: HitSets,
    /// Texts of shipments, by code.
    pub texts: Texts,
    /// Where goods come from.
    pub routes: Routes,
    /// What was found of them.
    pub outcomes: ShipmentOutcomes,
    keys: Pool,
    goods: Pool,
    by_key: HashTable<u32>,
    /// Shipment and a hash of the container, once per run of equal ones.
    containers: Vec<(u32, u32)>,
    /// Lookouts and suppressions that shipments meet.
    pub noticed: NoticedShipments,
}

/// The fields that shipments are made of.
pub const FIELDS: &[FieldId] = &[
    field::US_PORT_OF_ENTRY,
    field::US_PORT_OF_UNLADING,
    field::IMPORTER_NAME,
    field::IMPORTER_OF_RECORD_NUMBER,
    field::SHIPPER_NAME,
    field::GOODS_DESCRIPTION,
    field::COMMERCIAL_DESCRIPTION,
    field::ENTERED_VALUE_USD,
    field::EQUIPMENT_NUMBER,
    field::ACTUAL_ARRIVAL_DATE,
    field::ESTIMATED_ARRIVAL_DATE,
    field::DATE_OF_IMPORT,
    field::HTS_NUMBER,
    field::TAXON,
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_EXPORT,
    field::COUNTRY_OF_HARVEST,
];

/// First 8 bytes of BLAKE3 of a key, big-endian.
pub fn key_hash(key: &str) -> u64 {
    let hash = blake3::hash(key.as_bytes());
    u64::from_be_bytes(hash.as_bytes()[..8].try_into().expect("a hash of 32 bytes"))
}

impl Shipments {
    /// The key of a shipment.
    pub fn key(&self, shipment: &Shipment) -> &str {
        self.keys.get(shipment.key)
    }

    /// Takes in the lines of a batch; batches come in input order. Gives what each row found.
    pub fn add(
        &mut self,
        batch: &Batch,
        judged: &Judged,
        scopes: &[u8],
        is_cva: &[bool],
    ) -> Vec<Visit> {
        let keys = batch
            .text(field::SHIPMENT_KEY)
            .expect("normalize gives every row a shipment");
        let lines = batch
            .text(field::LINE_ID)
            .expect("normalize gives every row a line");
        let line_hashes: Vec<u32> = lines.pool.iter().map(short_hash).collect();
        let mut id_of_code: Vec<Option<ShipmentId>> = vec![None; keys.pool.len()];
        let hit_sets: Vec<HitSetId> = judged
            .verdicts
            .iter()
            .map(|verdict| self.hit_sets.intern(&verdict.hits))
            .collect();
        let mut columns = Columns::new(batch);
        let mut visits = Vec::with_capacity(batch.n_rows);
        for row in 0..batch.n_rows {
            let code = keys.codes[row] as usize;
            let id =
                *id_of_code[code].get_or_insert_with(|| self.find(keys.pool.get(keys.codes[row])));
            let verdict = judged.of_row(row);
            let hits = hit_sets[judged.verdict_of_row[row] as usize];
            let (port, importer, shipper) = columns.places_and_parties(row, &mut self.texts);
            let shipment = &mut self.all[id.0 as usize];
            let is_first = shipment.n_lines == 0;
            let before = shipment.found();
            if is_first {
                shipment.stage =
                    batch.presence.classes[batch.presence.class_of_row[row] as usize].stage;
            }
            let rank = rank_of(verdict);
            if is_first || rank > shipment.worst {
                shipment.worst = rank;
                shipment.deciding = (batch.file as u64) << ROW_BITS | batch.rows[row];
                shipment.goods = columns.goods(row, &mut self.goods);
                let countries = columns.countries(row, &mut self.texts);
                shipment.route = self.routes.intern(countries);
            }
            shipment.hits = self.hit_sets.union(before.hits, hits);
            shipment.lane_of_rules = shipment.lane_of_rules.max(verdict.lane_of_rules);
            self.noticed.add(id, verdict);
            shipment.n_lines += 1;
            shipment.scopes |= scopes[row];
            shipment.themes |= verdict.themes;
            shipment.is_cva_candidate |= is_cva[row];
            for (largest, score) in shipment.theme_scores.iter_mut().zip(verdict.theme_scores) {
                *largest = score.max(*largest);
            }
            for (known, found) in [
                (&mut shipment.port, port),
                (&mut shipment.importer, importer),
                (&mut shipment.shipper, shipper),
            ] {
                if *known == NULL_CODE {
                    *known = found;
                }
            }
            if shipment.day == crate::batch::NULL_DATE {
                shipment.day = columns.day(row);
            }
            let line = line_hashes[lines.codes[row] as usize - 1];
            // Further components of a line may stand before the first.
            let is_first_of_line = is_first_of_line(batch, row) && shipment.last_line != line;
            if is_first_of_line {
                shipment.last_line = line;
            }
            if is_first_of_line && let Some(cents) = columns.cents(row) {
                shipment.value_cents = shipment.value_cents.saturating_add(cents);
                shipment.is_valued = true;
            }
            visits.push(Visit {
                id,
                is_first,
                before,
                hits,
                is_first_of_line,
            });
            if let Some(container) = columns.container(row)
                && self.containers.last() != Some(&(id.0, container))
            {
                self.containers.push((id.0, container));
            }
        }
        self.outcomes
            .add(batch, visits.iter().map(|visit| visit.id));
        visits
    }

    /// The goods of a shipment's worst line, shortened.
    pub fn goods(&self, shipment: &Shipment) -> Option<&str> {
        (shipment.goods != NULL_CODE).then(|| self.goods.get(shipment.goods))
    }

    fn find(&mut self, key: &str) -> ShipmentId {
        let hash = key_hash(key);
        let (keys, all) = (&self.keys, &self.all);
        if let Some(position) = self.by_key.find(hash, |position| {
            keys.get(all[*position as usize].key) == key
        }) {
            return ShipmentId(*position);
        }
        let position = u32::try_from(self.all.len()).expect("fewer than 4 billion shipments");
        let key = self.keys.push(key);
        self.all.push(Shipment {
            key,
            key_hash: hash,
            worst: LineRank::default(),
            deciding: 0,
            goods: NULL_CODE,
            route: RouteId::default(),
            theme_scores: [0; 3],
            scopes: 0,
            themes: 0,
            hits: HitSetId::default(),
            lane_of_rules: Lane::default(),
            is_cva_candidate: false,
            stage: Stage::EntrySummary,
            port: NULL_CODE,
            day: crate::batch::NULL_DATE,
            importer: NULL_CODE,
            shipper: NULL_CODE,
            value_cents: 0,
            is_valued: false,
            n_lines: 0,
            last_line: 0,
        });
        let all = &self.all;
        self.by_key
            .insert_unique(hash, position, |position| all[*position as usize].key_hash);
        ShipmentId(position)
    }

    /// Sorts out what was collected, once every line is in, and forgets what only finding needed.
    pub fn finish(&mut self) {
        let (all, by_key) = (&self.all, &self.by_key);
        self.outcomes.finish(|hash| {
            let is_it = |position: &u32| all[*position as usize].key_hash == hash;
            by_key.find(hash, is_it).copied().map(ShipmentId)
        });
        self.by_key = HashTable::new();
        self.containers.sort_unstable();
        self.containers.dedup();
        self.noticed.finish();
    }

    /// Different containers of each shipment, after [`Shipments::finish`].
    pub fn containers(&self) -> Vec<u32> {
        let mut counts = vec![0; self.all.len()];
        for (shipment, _) in &self.containers {
            counts[*shipment as usize] += 1;
        }
        counts
    }
}

fn rank_of(verdict: &Verdict) -> LineRank {
    LineRank {
        lane: verdict.lane,
        floor: verdict.floor,
        points_total: verdict.points_total,
        families: verdict.families,
        score: verdict.score,
        is_floor_of_rule: verdict.is_floor_of_rule,
    }
}

/// Whether amounts of a row count: they repeat on further components of a line.
pub fn is_first_of_line(batch: &Batch, row: usize) -> bool {
    batch
        .number_at(field::COMPONENT_SEQ, row)
        .is_none_or(|component| component <= 1.0)
}
