//! `lines`: one row per line read, in input order.

use super::cells::{days, integers, made_texts, texts};
use crate::batch::Batch;
use crate::normalize::source_ref;
use crate::rules::RuleSet;
use crate::schema::{FieldId, field};
use crate::score::Scores;
use crate::select::{Judged, Lane};
use arrow::array::{
    ArrayRef, BooleanArray, Int32Array, ListBuilder, RecordBatch, StringBuilder, UInt8Array,
    UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// How rows of an input are named.
#[derive(Clone, Debug)]
pub struct LineLabel {
    /// The label of the input.
    pub label: String,
    /// The first half of its record ids.
    pub record_prefix: String,
}

impl LineLabel {
    /// The id of a row: 12 hex digits of BLAKE3 of the label, and the row in 10 digits.
    pub fn record_id(&self, row: u64) -> String {
        format!("{}-{row:010}", self.record_prefix)
    }
}

/// The fields that are shown as they are.
pub const LINE_FIELDS: &[FieldId] = &[
    field::EVIDENCE_STAGE,
    field::ENTRY_NUMBER,
    field::ENTRY_LINE_NUMBER,
    field::HTS_NUMBER,
    field::TAXON,
    field::GOODS_DESCRIPTION,
    field::COUNTRY_OF_ORIGIN,
    field::COUNTRY_OF_HARVEST,
    field::COUNTRY_OF_EXPORT,
    field::US_PORT_OF_ENTRY,
];

/// The columns of `lines`.
pub fn line_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let score = |name: &str| Field::new(name, DataType::UInt8, false);
    Arc::new(Schema::new(vec![
        Field::new("record_id", DataType::Utf8, false),
        Field::new("source_ref", DataType::Utf8, false),
        text("shipment_key"),
        text("line_id"),
        Field::new("component_seq", DataType::Int64, true),
        text("evidence_stage"),
        text("entry_number"),
        Field::new("entry_line_number", DataType::Int64, true),
        text("hts_number"),
        text("taxon"),
        text("goods_description"),
        text("country_of_origin"),
        text("country_of_harvest"),
        text("country_of_export"),
        text("us_port_of_entry"),
        Field::new("legal_date", DataType::Date32, true),
        score("timber_score"),
        score("wildlife_score"),
        score("iuu_score"),
        score("score"),
        Field::new("points_total", DataType::Int32, false),
        text("lane"),
        Field::new(
            "hits",
            DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            false,
        ),
        Field::new("n_not_evaluable", DataType::UInt32, false),
        Field::new("cva_candidate", DataType::Boolean, false),
    ]))
}

/// Makes the rows of a batch; with `flagged_only`, of those whose lane is not green.
pub fn lines(
    rules: &RuleSet,
    batch: &Batch,
    scores: &Scores,
    judged: &Judged,
    is_cva: &[bool],
    label: &LineLabel,
    flagged_only: bool,
) -> RecordBatch {
    let kept = |row: &usize| !flagged_only || judged.of_row(*row).lane != Lane::Green;
    let rows: Vec<usize> = (0..batch.n_rows).filter(kept).collect();
    let text = |id: FieldId| texts(batch.text(id), &rows);
    let verdicts = || rows.iter().map(|row| judged.of_row(*row));
    let theme = |theme: usize| -> ArrayRef {
        Arc::new(UInt8Array::from_iter_values(
            verdicts().map(|verdict| verdict.theme_scores[theme]),
        ))
    };
    let mut hits = ListBuilder::new(StringBuilder::new());
    for verdict in verdicts() {
        verdict
            .hits
            .iter()
            .for_each(|hit| hits.values().append_value(&rules.rule(*hit).id));
        hits.append(true);
    }
    let not_evaluable = rows
        .iter()
        .map(|row| scores.not_evaluable[batch.presence.class_of_row[*row] as usize]);
    let columns: Vec<ArrayRef> = vec![
        made_texts(rows.iter().map(|row| label.record_id(batch.rows[*row]))),
        made_texts(
            rows.iter()
                .map(|row| source_ref(&label.label, batch.rows[*row])),
        ),
        text(field::SHIPMENT_KEY),
        text(field::LINE_ID),
        integers(batch.column(field::COMPONENT_SEQ), &rows),
        made_texts(rows.iter().map(|row| stage_of(batch, *row).to_owned())),
        text(field::ENTRY_NUMBER),
        integers(batch.column(field::ENTRY_LINE_NUMBER), &rows),
        text(field::HTS_NUMBER),
        text(field::TAXON),
        text(field::GOODS_DESCRIPTION),
        text(field::COUNTRY_OF_ORIGIN),
        text(field::COUNTRY_OF_HARVEST),
        text(field::COUNTRY_OF_EXPORT),
        text(field::US_PORT_OF_ENTRY),
        days(batch.column(field::LEGAL_DATE), &rows),
        theme(0),
        theme(1),
        theme(2),
        Arc::new(UInt8Array::from_iter_values(
            verdicts().map(|verdict| verdict.score),
        )),
        Arc::new(Int32Array::from_iter_values(
            verdicts().map(|verdict| verdict.points_total),
        )),
        made_texts(verdicts().map(|verdict| verdict.lane.as_str().to_owned())),
        Arc::new(hits.finish()),
        Arc::new(UInt32Array::from_iter_values(not_evaluable)),
        Arc::new(
            rows.iter()
                .map(|row| Some(is_cva[*row]))
                .collect::<BooleanArray>(),
        ),
    ];
    RecordBatch::try_new(line_schema(), columns).expect("columns of the schema, one value per row")
}

fn stage_of(batch: &Batch, row: usize) -> &'static str {
    batch.presence.classes[batch.presence.class_of_row[row] as usize]
        .stage
        .as_str()
}
