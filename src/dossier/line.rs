//! One line of a shipment to verify: what it is, who stands on it, what was filed, and why rules hit it.

use super::papers::{Paper, papers};
use super::values::{Values, as_object, values};
use crate::batch::{Batch, TRUE};
use crate::normalize::source_ref;
use crate::rules::{RuleId, RuleSet};
use crate::schema::{FieldId, OUTCOME_FIELDS, field};
use crate::score::Program;
use crate::select::{Lane, Verdict};
use crate::trace::{Form, ListFact, Trace, Tracer};
use crate::write::{LineLabel, Masks};
use serde::Serialize;

/// A line of a shipment to verify.
#[derive(Clone, Debug, Serialize)]
pub struct NamedLine {
    /// The id of its row.
    pub record_id: String,
    /// Where its row stands.
    pub source_ref: String,
    /// Its line.
    pub line_id: String,
    /// Which species or constituent of the line.
    pub component_seq: Option<f64>,
    /// Its lane.
    pub lane: &'static str,
    /// Its score.
    pub score: u8,
    /// Numbers and days of the filing.
    #[serde(serialize_with = "as_object")]
    pub filing: Values,
    /// What was declared.
    #[serde(serialize_with = "as_object")]
    pub goods: Values,
    /// How it was harvested, as declared.
    #[serde(serialize_with = "as_object")]
    pub harvest: Values,
    /// Who stands on it.
    #[serde(serialize_with = "as_object")]
    pub parties: Values,
    /// What the importer stated of Mexican filings.
    #[serde(serialize_with = "as_object")]
    pub mexico: Values,
    /// What an inspection found of it, as its source tells.
    #[serde(serialize_with = "as_object")]
    pub outcome: Values,
    /// What was filed with US agencies.
    pub papers: Vec<Paper>,
    /// Why rules hit it.
    pub hits: Vec<Hit>,
}

/// A rule that hit a line.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// Its id.
    pub rule: String,
    /// It makes the line one to verify with Mexico.
    pub asks_mexico: bool,
    /// The parts of its condition that made it true.
    pub facts: Vec<Fact>,
}

/// A part of a condition that is true.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// As written.
    pub condition: String,
    /// What it read; none for a value that is missing.
    #[serde(serialize_with = "as_object")]
    pub values: Vec<(String, Option<String>)>,
    /// What lists said.
    pub lists: Vec<ListAnswer>,
}

/// What a list said.
#[derive(Clone, Debug, Serialize)]
pub struct ListAnswer {
    /// The list.
    pub list: String,
    /// The day that the list speaks for.
    pub as_of: String,
    /// What was looked up.
    pub key: Option<String>,
    /// The row that answers; none where the list has none in force.
    pub row: Option<ListRow>,
}

/// The row of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListRow {
    /// Its key.
    pub key: String,
    /// First day in force; none where open.
    pub valid_from: Option<String>,
    /// Last day in force; none where open.
    pub valid_to: Option<String>,
    /// Its other columns.
    #[serde(serialize_with = "as_object")]
    pub cells: Vec<(String, String)>,
}

const FILING: &[FieldId] = &[
    field::EVIDENCE_STAGE,
    field::ENTRY_NUMBER,
    field::ENTRY_LINE_NUMBER,
    field::ENTRY_TYPE,
    field::MASTER_BILL_NUMBER,
    field::HOUSE_BILL_NUMBER,
    field::EQUIPMENT_NUMBER,
    field::IN_BOND_NUMBER,
    field::CONVEYANCE_NAME,
    field::VOYAGE_TRIP_NUMBER,
    field::FOREIGN_PORT_OF_LADING,
    field::US_PORT_OF_UNLADING,
    field::US_PORT_OF_ENTRY,
    field::DATE_OF_EXPORT,
    field::DATE_OF_IMPORT,
    field::ESTIMATED_ARRIVAL_DATE,
    field::ACTUAL_ARRIVAL_DATE,
    field::ENTRY_DATE,
    field::LEGAL_DATE,
];
const GOODS: &[FieldId] = &[
    field::HTS_NUMBER,
    field::GOODS_DESCRIPTION,
    field::COMMERCIAL_DESCRIPTION,
    field::TAXON,
    field::COMMON_NAME_SPECIFIC,
    field::PRODUCT_FORM,
    field::WILDLIFE_DESCRIPTION_CODE,
    field::WILDLIFE_SOURCE_CODE,
    field::WILDLIFE_PURPOSE_CODE,
    field::QUANTITY_1,
    field::QUANTITY_1_UOM,
    field::COMPONENT_QUANTITY,
    field::COMPONENT_UOM,
    field::GROSS_WEIGHT_KG,
    field::NET_WEIGHT_KG,
    field::VOLUME_DECLARED_M3,
    field::ENTERED_VALUE_USD,
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_EXPORT,
    field::TRANSIT_COUNTRIES,
];
const HARVEST: &[FieldId] = &[
    field::COUNTRY_OF_HARVEST,
    field::HARVEST_LOCATION,
    field::HARVEST_AREA_SYSTEM,
    field::HARVEST_START_DATE,
    field::HARVEST_END_DATE,
    field::METHOD_OF_HARVEST,
    field::GEAR_CODE,
    field::HARVEST_VESSEL_NAME,
    field::HARVEST_VESSEL_FLAG,
    field::HARVEST_VESSEL_IMO,
    field::LANDING_DATE,
    field::LANDING_PORT,
    field::LANDING_COUNTRY,
    field::LANDED_WEIGHT_KG,
    field::FIRST_RECEIVER_NAME,
    field::FARM_NAME,
];
const PARTIES: &[FieldId] = &[
    field::IMPORTER_OF_RECORD_NUMBER,
    field::IMPORTER_NAME,
    field::IMPORTER_ADDRESS,
    field::CONSIGNEE_NUMBER,
    field::CONSIGNEE_NAME,
    field::CONSIGNEE_ADDRESS,
    field::SHIPPER_NAME,
    field::SHIPPER_ADDRESS,
    field::SHIPPER_CITY,
    field::SHIPPER_STATE,
    field::SHIPPER_COUNTRY,
    field::MANUFACTURER_ID,
    field::MANUFACTURER_NAME,
    field::MANUFACTURER_ADDRESS,
    field::SELLER_NAME,
    field::SELLER_ADDRESS,
    field::FOREIGN_EXPORTER_ID,
    field::ENTRY_FILER_CODE,
    field::CARRIER_CODE,
    field::NOTIFY_PARTY_NAMES,
];
const MEXICO: &[FieldId] = &[
    field::PEDIMENTO_NUMBER,
    field::EXPORTER_RFC,
    field::CARTA_PORTE_UUID,
    field::FOREST_AUTHORIZATION,
];

/// Every field that a line shows.
pub(super) fn fields() -> impl Iterator<Item = FieldId> {
    let groups = [FILING, GOODS, HARVEST, PARTIES, MEXICO];
    groups.into_iter().flatten().copied()
}

/// Reads a row, which is a batch of its own, and traces the rules that hit it.
pub(super) fn named_line(
    rules: &RuleSet,
    program: &Program,
    row: &Batch,
    label: &LineLabel,
    verdict: &Verdict,
) -> NamedLine {
    let tracer = Tracer::new(rules, program, row, 0);
    let hits = verdict.hits.iter().map(|id| hit(rules, &tracer, *id));
    NamedLine {
        record_id: label.record_id(row.rows[0]),
        source_ref: source_ref(&label.label, row.rows[0]),
        line_id: row.text_at(field::LINE_ID, 0).unwrap_or("").to_owned(),
        component_seq: row.number_at(field::COMPONENT_SEQ, 0),
        lane: verdict.lane.as_str(),
        score: verdict.score,
        filing: values(row, FILING, 0),
        goods: values(row, GOODS, 0),
        harvest: values(row, HARVEST, 0),
        parties: values(row, PARTIES, 0),
        mexico: values(row, MEXICO, 0),
        outcome: values(row, &OUTCOME_FIELDS, 0),
        papers: papers(row, 0),
        hits: hits.collect(),
    }
}

fn hit(rules: &RuleSet, tracer: &Tracer<'_>, id: RuleId) -> Hit {
    let rule = rules.rule(id);
    let mut facts = Vec::new();
    add_facts(&tracer.trace(rule), &mut facts);
    Hit {
        rule: rule.id.clone(),
        asks_mexico: rule.asks_mexico(),
        facts,
    }
}

/// The leaves that make a condition true, in the order in which they stand; those that read nothing are left out.
fn add_facts(trace: &Trace, facts: &mut Vec<Fact>) {
    if trace.form == Form::Leaf {
        if !trace.readings.is_empty() || !trace.lists.is_empty() {
            facts.push(fact(trace));
        }
        return;
    }
    for part in &trace.parts {
        if trace.form != Form::Or || part.truth == TRUE {
            add_facts(part, facts);
        }
    }
}

fn fact(trace: &Trace) -> Fact {
    let values = trace.readings.iter();
    Fact {
        condition: trace.text.clone(),
        values: values
            .map(|reading| (reading.name.clone(), reading.value.clone()))
            .collect(),
        lists: trace.lists.iter().map(answer).collect(),
    }
}

fn answer(fact: &ListFact) -> ListAnswer {
    let row = fact.hit.as_ref().map(|hit| ListRow {
        key: hit.key.clone(),
        valid_from: hit.valid_from.clone(),
        valid_to: hit.valid_to.clone(),
        cells: hit.cells.clone(),
    });
    ListAnswer {
        list: fact.list.clone(),
        as_of: fact.as_of.clone(),
        key: fact.key.clone(),
        row,
    }
}

impl NamedLine {
    /// The value of a field, wherever it stands.
    pub fn value(&self, id: FieldId) -> Option<&str> {
        let groups = [
            &self.goods,
            &self.filing,
            &self.parties,
            &self.harvest,
            &self.mexico,
        ];
        let mut all = groups.into_iter().flatten();
        all.find(|(name, _)| *name == id.name())
            .map(|(_, value)| value.as_str())
    }

    /// Puts what may be written in the place of masked numbers.
    pub(super) fn mask(&mut self, masks: &Masks) {
        for (_, value) in &mut self.parties {
            *value = masks.shown(value).into_owned();
        }
        let facts = self.hits.iter_mut().flat_map(|hit| &mut hit.facts);
        for fact in facts {
            for (_, value) in &mut fact.values {
                *value = value.take().map(|value| masks.shown(&value).into_owned());
            }
            for list in &mut fact.lists {
                list.key = list.key.take().map(|key| masks.shown(&key).into_owned());
            }
        }
    }

    /// How a line ranks among those of an entity: the worst last.
    pub(super) fn rank(verdict: &Verdict) -> (Lane, bool, i32) {
        (verdict.lane, verdict.floor.is_some(), verdict.points_total)
    }
}
