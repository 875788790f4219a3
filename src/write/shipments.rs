//! `shipments`: one row per shipment, worst first.

use super::lines::LineLabel;
use super::masks::Masks;
use super::table::{Format, TableWriter};
use crate::batch::NULL_DATE;
use crate::error::Error;
use crate::rules::vocabulary::Floor;
use crate::rules::{Rule, RuleSet, SCORED_THEMES};
use crate::select::{Lane, SelectedBy, SelectedShipment, Selection, Shipment, Shipments};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, ListBuilder, RecordBatch,
    StringArray, StringBuilder, UInt8Array, UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::path::Path;
use std::sync::Arc;

/// Rows that are made at a time.
const ROWS_AT_ONCE: usize = 1 << 15;

/// Writes the shipments in the order of the selection; with `flagged_only`, those whose lane is not green.
///
/// # Errors
/// When the file cannot be written.
pub fn write_shipments(
    path: &Path,
    format: Format,
    run: &Finished<'_>,
    flagged_only: bool,
) -> Result<(), Error> {
    let mut writer = TableWriter::create(path, schema(), format)?;
    let containers = run.shipments.containers();
    let kept: Vec<&SelectedShipment> = run
        .selection
        .shipments
        .iter()
        .filter(|selected| !flagged_only || selected.lane != Lane::Green)
        .collect();
    for rows in kept.chunks(ROWS_AT_ONCE) {
        writer.write(batch(run, rows, &containers))?;
    }
    writer.finish()
}

/// What a finished run holds.
#[derive(Debug)]
pub struct Finished<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// The shipments.
    pub shipments: &'a Shipments,
    /// What was selected.
    pub selection: &'a Selection,
    /// How rows of each input are named.
    pub labels: &'a [LineLabel],
    /// What stands for masked numbers.
    pub masks: &'a Masks,
}

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let list = |name: &str| {
        Field::new(
            name,
            DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            false,
        )
    };
    Arc::new(Schema::new(vec![
        Field::new("shipment_key", DataType::Utf8, false),
        text("stage"),
        text("port"),
        Field::new("arrival_date", DataType::Date32, true),
        text("importer"),
        text("shipper"),
        text("goods"),
        Field::new("value_usd", DataType::Float64, true),
        Field::new("containers", DataType::UInt32, false),
        text("lane"),
        text("action"),
        text("queue"),
        text("selected_by"),
        Field::new("random_draw", DataType::Boolean, false),
        Field::new("selection_probability", DataType::Float64, false),
        Field::new("score", DataType::UInt8, false),
        Field::new("points_total", DataType::Int32, false),
        list("themes"),
        list("hits"),
        text("reason"),
        Field::new("n_lines", DataType::UInt32, false),
        text("deciding_record_id"),
        Field::new("cva_candidate", DataType::Boolean, false),
        Field::new("unmet_mandatory", DataType::Boolean, false),
    ]))
}

fn batch(run: &Finished<'_>, rows: &[&SelectedShipment], containers: &[u32]) -> RecordBatch {
    let shipment = |selected: &SelectedShipment| &run.shipments.all[selected.id.0 as usize];
    let all = || rows.iter().map(|selected| shipment(selected));
    let text = |text: &dyn Fn(&SelectedShipment, &Shipment) -> Option<String>| -> ArrayRef {
        Arc::new(
            rows.iter()
                .map(|selected| text(selected, shipment(selected)))
                .collect::<StringArray>(),
        )
    };
    let party = |code: u32| {
        run.shipments
            .texts
            .get(code)
            .map(|text| run.masks.shown(text).into_owned())
    };
    let word = |word: &str| Some(word.to_owned());
    let columns: Vec<ArrayRef> = vec![
        text(&|_, shipment| word(run.shipments.key(shipment))),
        text(&|_, shipment| word(shipment.stage.as_str())),
        text(&|_, shipment| party(shipment.port)),
        Arc::new(
            all()
                .map(|shipment| Some(shipment.day).filter(|day| *day != NULL_DATE))
                .collect::<Date32Array>(),
        ),
        text(&|_, shipment| party(shipment.importer)),
        text(&|_, shipment| party(shipment.shipper)),
        text(&|_, shipment| run.shipments.goods(shipment).map(str::to_owned)),
        Arc::new(
            all()
                .map(|shipment| {
                    shipment
                        .is_valued
                        .then(|| shipment.value_cents as f64 / 100.0)
                })
                .collect::<Float64Array>(),
        ),
        Arc::new(UInt32Array::from_iter_values(
            rows.iter()
                .map(|selected| containers[selected.id.0 as usize]),
        )),
        text(&|selected, _| word(selected.lane.as_str())),
        text(&|selected, shipment| action(run.rules, selected.lane, shipment)),
        text(&|selected, _| queue(run.rules, selected)),
        text(&|selected, _| word(selected.by.as_str())),
        Arc::new(
            rows.iter()
                .map(|selected| Some(selected.is_drawn))
                .collect::<BooleanArray>(),
        ),
        Arc::new(Float64Array::from_iter_values(rows.iter().map(
            |selected| run.selection.probability(selected, shipment(selected)),
        ))),
        Arc::new(UInt8Array::from_iter_values(
            all().map(|shipment| shipment.worst.score),
        )),
        Arc::new(Int32Array::from_iter_values(
            all().map(|shipment| shipment.worst.points_total),
        )),
        lists(rows, |selected| {
            let themes = shipment(selected).themes;
            let named = SCORED_THEMES
                .iter()
                .enumerate()
                .filter(|(position, _)| themes >> position & 1 == 1);
            named.map(|(_, theme)| theme.as_str().to_owned()).collect()
        }),
        lists(rows, |selected| {
            let hits = run.shipments.hit_sets.get(shipment(selected).hits);
            hits.iter()
                .map(|hit| run.rules.rule(*hit).id.clone())
                .collect()
        }),
        text(&|selected, shipment| reason(run.rules, run.shipments, selected, shipment)),
        Arc::new(UInt32Array::from_iter_values(
            all().map(|shipment| shipment.n_lines),
        )),
        text(&|_, shipment| {
            let (file, row) = shipment.deciding();
            run.labels.get(file).map(|label| label.record_id(row))
        }),
        Arc::new(
            all()
                .map(|shipment| Some(shipment.is_cva_candidate))
                .collect::<BooleanArray>(),
        ),
        Arc::new(
            rows.iter()
                .map(|selected| Some(selected.is_unmet_mandatory))
                .collect::<BooleanArray>(),
        ),
    ];
    RecordBatch::try_new(schema(), columns).expect("columns of the schema, one value per row")
}

fn lists(rows: &[&SelectedShipment], items: impl Fn(&SelectedShipment) -> Vec<String>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for selected in rows {
        items(selected)
            .iter()
            .for_each(|item| builder.values().append_value(item));
        builder.append(true);
    }
    Arc::new(builder.finish())
}

fn action(rules: &RuleSet, lane: Lane, shipment: &Shipment) -> Option<String> {
    let actions = rules.policy.file.actions.get(&shipment.stage)?;
    match lane {
        Lane::Red => actions.red.clone(),
        Lane::Yellow => actions.yellow.clone(),
        Lane::Green => None,
    }
}

fn queue(rules: &RuleSet, selected: &SelectedShipment) -> Option<String> {
    let (name, _) = rules.policy.file.queues.get(usize::from(selected.queue?))?;
    Some(name.clone())
}

/// Why a shipment is where it is, in one sentence; none for a green shipment that nothing hit.
pub fn reason(
    rules: &RuleSet,
    shipments: &Shipments,
    selected: &SelectedShipment,
    shipment: &Shipment,
) -> Option<String> {
    let mut hits: Vec<&Rule> = shipments
        .hit_sets
        .get(shipment.hits)
        .iter()
        .map(|hit| rules.rule(*hit))
        .collect();
    hits.retain(|rule| !rule.mitigates);
    // The strongest first; of equal ones the first by id.
    hits.sort_by_key(|rule| std::cmp::Reverse((rule.floor, rule.points)));
    let Some(first) = hits.first() else {
        // Examiners' lists do not show who was drawn at random.
        return (selected.lane != Lane::Green).then(|| "Selected for review.".to_owned());
    };
    let others = match hits.len() {
        1 => String::new(),
        2 => format!("; also {}", hits[1].id),
        count => {
            let ids: Vec<_> = hits
                .iter()
                .skip(1)
                .take(4)
                .map(|rule| rule.id.as_str())
                .collect();
            let more = if count > 5 {
                format!(" and {} more", count - 5)
            } else {
                String::new()
            };
            format!("; also {}{more}", ids.join(", "))
        }
    };
    let note = match (selected.by, shipment.worst.floor) {
        (_, _) if selected.is_unmet_mandatory => " The port has no capacity left for it.",
        (SelectedBy::CapacityOverflow, _) => " Its port had no capacity for the lane of its score.",
        (_, Some(Floor::Examine)) => " A rule asks for examination whatever the score.",
        (_, _) => "",
    };
    Some(format!(
        "{} ({}){others}.{note}",
        first.title.trim_end_matches('.'),
        first.id
    ))
}
