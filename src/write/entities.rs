//! `entities`: one row per entity and role, by rank.

use super::cells::lists;
use super::masks::Masks;
use super::parquet_properties::{Columns, large};
use super::table::{Format, TableWriter};
use crate::batch::NULL_DATE;
use crate::entity::{Entity, RankedEntity, Ranking};
use crate::error::Error;
use crate::rules::{RuleId, RuleSet};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, RecordBatch, StringArray, UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::path::Path;
use std::sync::Arc;

/// Rules that are named per entity, at most.
const TOP_RULES: usize = 5;
/// Ranks that are held at a time.
const RANKED_AT_ONCE: usize = 1 << 17;

/// Writes the entities in the order of their ranks.
///
/// # Errors
/// When the file cannot be written.
pub fn write_entities(
    path: &Path,
    format: Format,
    rules: &RuleSet,
    entities: &Ranking<'_>,
    masks: &Masks,
) -> Result<(), Error> {
    let properties = large(Columns {
        rising: &["rank"],
        different: &["entity_key", "name", "value_usd"],
        searched: &["role", "entity_key", "score"],
        ..Columns::default()
    });
    let mut writer = TableWriter::create_with(path, schema(), format, properties)?;
    let mut entities = entities.iter();
    loop {
        let rows: Vec<_> = entities.by_ref().take(RANKED_AT_ONCE).collect();
        if rows.is_empty() {
            break;
        }
        writer.write_all(&rows, |rows| batch(rules, rows, masks))?;
    }
    writer.finish()
}

fn schema() -> SchemaRef {
    let count = |name: &str| Field::new(name, DataType::UInt32, false);
    let score = |name: &str| Field::new(name, DataType::Float64, false);
    let day = |name: &str| Field::new(name, DataType::Date32, true);
    Arc::new(Schema::new(vec![
        Field::new("role", DataType::Utf8, false),
        Field::new("entity_key", DataType::Utf8, false),
        Field::new("name", DataType::Utf8, true),
        count("rank"),
        score("score"),
        score("timber_score"),
        score("wildlife_score"),
        score("iuu_score"),
        count("n_lines"),
        count("n_shipments"),
        count("n_red"),
        count("n_yellow"),
        Field::new(
            "top_rules",
            DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            false,
        ),
        score("value_usd"),
        score("value_at_risk_usd"),
        score("weight_at_risk_kg"),
        day("first_date"),
        day("last_date"),
        count("cva_shipments"),
        Field::new("cva_candidate", DataType::Boolean, false),
        count("n_outcome_bad"),
        count("n_outcome_ok"),
        Field::new(
            "rule_shipments",
            DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            false,
        ),
    ]))
}

/// A score in tenths, so that the last digits of a sum are not shown as if they meant something.
fn tenths(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}

fn batch(rules: &RuleSet, rows: &[RankedEntity<'_>], masks: &Masks) -> RecordBatch {
    let all = || rows.iter().map(|ranked| ranked.entity);
    let count = |count: fn(&Entity) -> u32| -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values(all().map(count)))
    };
    let score = |score: &dyn Fn(&RankedEntity<'_>) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(rows.iter().map(score)))
    };
    let day = |day: fn(&Entity) -> i32| -> ArrayRef {
        Arc::new(
            all()
                .map(|entity| Some(day(entity)).filter(|day| *day != NULL_DATE))
                .collect::<Date32Array>(),
        )
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(
            all().map(|entity| entity.role.as_str()),
        )),
        Arc::new(StringArray::from_iter_values(
            rows.iter().map(|ranked| masks.shown(ranked.key)),
        )),
        Arc::new(
            rows.iter()
                .map(|ranked| {
                    ranked
                        .name
                        .or(Some(ranked.key))
                        .map(|name| masks.shown(name))
                })
                .collect::<StringArray>(),
        ),
        Arc::new(UInt32Array::from_iter_values(
            rows.iter().map(|ranked| ranked.rank),
        )),
        score(&|ranked| tenths(ranked.score)),
        score(&|ranked| tenths(ranked.theme_scores[0])),
        score(&|ranked| tenths(ranked.theme_scores[1])),
        score(&|ranked| tenths(ranked.theme_scores[2])),
        count(|entity| entity.n_lines),
        count(|entity| entity.n_shipments),
        count(|entity| entity.evidence().n_red),
        count(|entity| entity.evidence().n_yellow),
        lists(all().map(|entity| {
            let top = by_shipments(entity).into_iter().take(TOP_RULES);
            top.map(|(rule, _)| rules.rule(rule).id.as_str())
        })),
        score(&|ranked| ranked.entity.value_cents as f64 / 100.0),
        score(&|ranked| ranked.entity.evidence().value_at_risk_cents as f64 / 100.0),
        score(&|ranked| ranked.entity.evidence().weight_at_risk_grams as f64 / 1000.0),
        day(|entity| entity.first_day),
        day(|entity| entity.last_day),
        count(|entity| entity.evidence().n_cva),
        Arc::new(
            all()
                .map(|entity| Some(entity.evidence().n_cva > 0))
                .collect::<BooleanArray>(),
        ),
        count(|entity| entity.n_bad),
        count(|entity| entity.n_ok),
        lists(all().map(|entity| {
            let counted = by_shipments(entity).into_iter();
            counted.map(|(rule, count)| format!("{}:{count}", rules.rule(rule).id))
        })),
    ];
    RecordBatch::try_new(schema(), columns).expect("columns of the schema, one value per row")
}

/// The rules that hit its shipments, those that hit most first; of equal ones the first by id.
fn by_shipments(entity: &Entity) -> Vec<(RuleId, u32)> {
    let mut counted = entity.evidence().rules.clone();
    counted.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    counted
}
