//! `lines`: one row per line read, in input order.

use super::cells::{days, dictionary, few_texts, integers, numbered, texts, words};
use super::parquet_properties::{Columns, fast};
use super::table::{Format, TableWriter};
use crate::batch::Batch;
use crate::error::Error;
use crate::reconcile::Standing;
use crate::rules::RuleSet;
use crate::schema::{FieldId, field};
use crate::score::Scores;
use crate::select::{Judged, Lane, Verdict};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Int32Array, ListArray, RecordBatch, StringArray, UInt8Array,
    UInt32Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::path::Path;
use std::sync::Arc;

/// How rows of an input are named.
#[derive(Clone, Debug)]
pub struct LineLabel {
    /// The label of the input.
    pub label: String,
    /// The first half of its record ids.
    pub record_prefix: String,
}

/// Digits of a row in a record id.
pub(super) const ROW_DIGITS: usize = 10;

impl LineLabel {
    /// The id of a row: 12 hex digits of BLAKE3 of the label, and the row in 10 digits.
    pub fn record_id(&self, row: u64) -> String {
        format!("{}-{row:0ROW_DIGITS$}", self.record_prefix)
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

/// The columns of `lines`; the last two where the pack has lookouts or suppressions.
fn line_schema(has_notices: bool) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let score = |name: &str| Field::new(name, DataType::UInt8, false);
    let list = |name: &str| {
        let item = Arc::new(Field::new_list_field(DataType::Utf8, true));
        Field::new(name, DataType::List(item), false)
    };
    let mut fields = vec![
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
        list("hits"),
        Field::new("n_not_evaluable", DataType::UInt32, false),
        Field::new("cva_candidate", DataType::Boolean, false),
        text("standing"),
    ];
    if has_notices {
        fields.extend([list("lookouts"), list("suppressed")]);
    }
    Arc::new(Schema::new(fields))
}

/// Creates the file of the lines.
///
/// # Errors
/// When it cannot be created.
pub fn lines_writer(path: &Path, format: Format, rules: &RuleSet) -> Result<TableWriter, Error> {
    let properties = fast(Columns {
        running: &[
            "record_id",
            "source_ref",
            "shipment_key",
            "line_id",
            "entry_number",
        ],
        different: &["goods_description"],
        searched: &["entry_number", "legal_date", "score"],
        ..Columns::default()
    });
    let schema = line_schema(!rules.notices.is_empty());
    TableWriter::create_with(path, schema, format, properties)
}

/// Makes the rows of a batch; with `flagged_only`, of those whose lane is yellow or red.
///
/// Without standings every row is the latest filing. The lane of a superseded row is `superseded`; it has no hits.
#[expect(
    clippy::too_many_arguments,
    reason = "a line is made of what every stage found"
)]
pub fn lines(
    rules: &RuleSet,
    batch: &Batch,
    scores: &Scores,
    judged: &Judged,
    is_cva: &[bool],
    standing: Option<&[Standing]>,
    label: &LineLabel,
    flagged_only: bool,
) -> RecordBatch {
    let kept = |row: &usize| !flagged_only || judged.of_row(*row).lane != Lane::Green;
    let rows: Vec<usize> = (0..batch.n_rows).filter(kept).collect();
    let text = |id: FieldId| match flagged_only {
        true => few_texts(batch.text(id), &rows),
        false => texts(batch.text(id), &rows),
    };
    let verdicts = || rows.iter().map(|row| judged.of_row(*row));
    let theme = |theme: usize| -> ArrayRef {
        Arc::new(UInt8Array::from_iter_values(
            verdicts().map(|verdict| verdict.theme_scores[theme]),
        ))
    };
    let numbers = || rows.iter().map(|row| batch.rows[*row]);
    let classes = batch.presence.classes.iter();
    let stages: Vec<&str> = classes.map(|class| class.stage.as_str()).collect();
    let [green, yellow, red] = Lane::ALL.map(Lane::as_str);
    let lanes = [green, yellow, red, Standing::Superseded.as_str()];
    let standing = |row: &usize| standing.map_or(Standing::Latest, |standing| standing[*row]);
    let lane = |row: &usize| match standing(row) {
        Standing::Superseded => lanes.len() - 1,
        _ => judged.of_row(*row).lane as usize,
    };
    let not_evaluable = rows
        .iter()
        .map(|row| scores.not_evaluable[batch.presence.class_of_row[*row] as usize]);
    let hit_ids = || rules.rules.iter().map(|rule| &rule.id);
    let mut columns: Vec<ArrayRef> = vec![
        numbered(&format!("{}-", label.record_prefix), numbers(), ROW_DIGITS),
        numbered(&format!("{}#", label.label), numbers(), 0),
        text(field::SHIPMENT_KEY),
        text(field::LINE_ID),
        integers(batch.column(field::COMPONENT_SEQ), &rows),
        words(
            &stages,
            rows.iter()
                .map(|row| usize::from(batch.presence.class_of_row[*row])),
        ),
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
        words(&lanes, rows.iter().map(lane)),
        coded_lists(hit_ids(), verdicts(), |verdict| {
            verdict.hits.iter().map(|hit| i32::from(hit.0))
        }),
        Arc::new(UInt32Array::from_iter_values(not_evaluable)),
        Arc::new(
            rows.iter()
                .map(|row| Some(is_cva[*row]))
                .collect::<BooleanArray>(),
        ),
        words(
            &Standing::ALL.map(Standing::as_str),
            rows.iter().map(|row| standing(row) as usize),
        ),
    ];
    let has_notices = !rules.notices.is_empty();
    if has_notices {
        let lookouts = rules.notices.lookouts.iter();
        let keys = lookouts.map(|lookout| lookout.key.shown());
        columns.push(coded_lists(keys, verdicts(), |verdict| {
            let lookouts = verdict.lookouts.iter();
            lookouts.map(|number| i32::try_from(*number).expect("fewer than 2 billion lookouts"))
        }));
        columns.push(coded_lists(hit_ids(), verdicts(), |verdict| {
            verdict.suppressed.iter().map(|(hit, _)| i32::from(hit.0))
        }));
    }
    rows_of(&line_schema(has_notices), columns)
}

/// Lists of texts, as codes into all texts there are.
fn coded_lists<'a, Codes: Iterator<Item = i32>>(
    texts: impl Iterator<Item = impl AsRef<str>>,
    verdicts: impl Iterator<Item = &'a Verdict>,
    codes: impl Fn(&'a Verdict) -> Codes,
) -> ArrayRef {
    let mut keys = Vec::new();
    let mut ends = vec![0];
    for verdict in verdicts {
        keys.extend(codes(verdict));
        ends.push(i32::try_from(keys.len()).expect("a batch has fewer than 2 billion hits"));
    }
    let texts = StringArray::from_iter_values(texts);
    let items = dictionary(Int32Array::from(keys), texts);
    let item = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    Arc::new(ListArray::new(
        item,
        OffsetBuffer::new(ends.into()),
        items,
        None,
    ))
}

/// A batch of columns some of whose texts are dictionaries, under the names of a schema.
fn rows_of(schema: &Schema, columns: Vec<ArrayRef>) -> RecordBatch {
    let fields = schema.fields().iter().zip(&columns);
    let fields: Vec<Field> = fields
        .map(|(field, column)| Field::clone(field).with_data_type(column.data_type().clone()))
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .expect("columns of the schema, one value per row")
}
