//! `shipments`: one row per shipment, worst first.

use super::cells::lists;
use super::lines::LineLabel;
use super::masks::Masks;
use super::parquet_properties::{Columns, large};
use super::table::{Format, TableWriter};
use crate::batch::NULL_DATE;
use crate::error::Error;
use crate::past::{Mark, Since};
use crate::rules::notices::Lookout;
use crate::rules::vocabulary::Floor;
use crate::rules::{Rule, RuleSet, SCORED_THEMES};
use crate::select::{Lane, SelectedBy, SelectedShipment, Selection, Shipment, Shipments};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray,
    UInt8Array, UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

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
    let properties = large(Columns {
        different: &[
            "shipment_key",
            "shipper",
            "goods",
            "value_usd",
            "deciding_record_id",
        ],
        searched: &["shipment_key", "arrival_date", "score"],
        ..Columns::default()
    });
    let schema = schema(has_notices(run));
    let mut writer = TableWriter::create_with(path, schema, format, properties)?;
    let containers = run.shipments.containers();
    let kept: Vec<&SelectedShipment> = run
        .selection
        .shipments
        .iter()
        .filter(|selected| !flagged_only || selected.lane != Lane::Green)
        .collect();
    writer.write_all(&kept, |rows| batch(run, rows, &containers))?;
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
    /// An earlier run.
    pub since: Option<&'a Since>,
}

fn has_notices(run: &Finished<'_>) -> bool {
    !run.rules.notices.is_empty()
}

/// The columns; the last two where the pack has lookouts or suppressions.
fn schema(has_notices: bool) -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let list = |name: &str| {
        Field::new(
            name,
            DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            false,
        )
    };
    let mut fields = vec![
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
        text("since"),
        text("decision"),
    ];
    if has_notices {
        fields.extend([list("lookouts"), list("suppressed")]);
    }
    Arc::new(Schema::new(fields))
}

fn batch(run: &Finished<'_>, rows: &[&SelectedShipment], containers: &[u32]) -> RecordBatch {
    // Shipments lie in the order of their first lines; here they are wanted worst first, column by column.
    let found = rows.iter().map(|selected| {
        let shipment = run.shipments.all[selected.id.0 as usize].clone();
        (*selected, shipment)
    });
    let rows: Vec<(&SelectedShipment, Shipment)> = found.collect();
    let all = || rows.iter().map(|(_, shipment)| shipment);
    let party = |code: u32| {
        let text = run.shipments.texts.get(code);
        text.map(|text| run.masks.shown(text))
    };
    let word = |word: &'static str| Some(Cow::Borrowed(word));
    let mut columns: Vec<ArrayRef> = vec![
        texts(&rows, |_, shipment| {
            Some(run.shipments.key(shipment).into())
        }),
        texts(&rows, |_, shipment| word(shipment.stage.as_str())),
        texts(&rows, |_, shipment| party(shipment.port)),
        Arc::new(
            all()
                .map(|shipment| Some(shipment.day).filter(|day| *day != NULL_DATE))
                .collect::<Date32Array>(),
        ),
        texts(&rows, |_, shipment| party(shipment.importer)),
        texts(&rows, |_, shipment| party(shipment.shipper)),
        texts(&rows, |_, shipment| {
            run.shipments.goods(shipment).map(Cow::Borrowed)
        }),
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
                .map(|(selected, _)| containers[selected.id.0 as usize]),
        )),
        texts(&rows, |selected, _| word(selected.lane.as_str())),
        texts(&rows, |selected, shipment| {
            Some(action(run.rules, selected.lane, shipment)?.into())
        }),
        texts(&rows, |selected, _| {
            Some(queue(run.rules, selected)?.into())
        }),
        texts(&rows, |selected, _| word(selected.by.as_str())),
        truths(&rows, |selected, _| selected.is_drawn),
        Arc::new(Float64Array::from_iter_values(rows.iter().map(
            |(selected, shipment)| run.selection.probability(selected, shipment),
        ))),
        Arc::new(UInt8Array::from_iter_values(
            all().map(|shipment| shipment.worst.score),
        )),
        Arc::new(Int32Array::from_iter_values(
            all().map(|shipment| shipment.worst.points_total),
        )),
        lists(all().map(|shipment| {
            let themes = SCORED_THEMES.iter().zip(0..);
            themes
                .filter(|(_, position)| shipment.themes >> position & 1 == 1)
                .map(|(theme, _)| theme.as_str())
        })),
        lists(all().map(|shipment| {
            let hits = run.shipments.hit_sets.get(shipment.hits).iter();
            hits.map(|hit| run.rules.rule(*hit).id.as_str())
        })),
        texts(&rows, |selected, shipment| {
            Some(reason(run.rules, run.shipments, selected, shipment)?.into())
        }),
        Arc::new(UInt32Array::from_iter_values(
            all().map(|shipment| shipment.n_lines),
        )),
        texts(&rows, |_, shipment| {
            let (file, row) = shipment.deciding();
            Some(run.labels.get(file)?.record_id(row).into())
        }),
        truths(&rows, |_, shipment| shipment.is_cva_candidate),
        truths(&rows, |selected, _| selected.is_unmet_mandatory),
        texts(&rows, |selected, shipment| {
            word(mark(run, selected, shipment)?.as_str())
        }),
        texts(&rows, |_, shipment| {
            run.since?.decision(shipment.key_hash).map(Cow::Borrowed)
        }),
    ];
    let has_notices = has_notices(run);
    if has_notices {
        columns.extend(noticed(run, &rows));
    }
    RecordBatch::try_new(schema(has_notices), columns)
        .expect("columns of the schema, one value per row")
}

/// The lookouts that shipments meet, and the rules that are suppressed on a line of them.
fn noticed(run: &Finished<'_>, rows: &[(&SelectedShipment, Shipment)]) -> [ArrayRef; 2] {
    let notices = &run.rules.notices;
    let lookouts = rows.iter().map(|(selected, _)| {
        let lookouts = run.shipments.noticed.lookouts(selected.id);
        lookouts.map(|number| notices.lookouts[number].key.shown())
    });
    let suppressed = rows.iter().map(|(selected, _)| {
        let suppressions = run.shipments.noticed.suppressions(selected.id);
        let rules: BTreeSet<&str> = suppressions
            .map(|number| notices.suppressions[number].rule.as_str())
            .collect();
        rules.into_iter()
    });
    [lists(lookouts), lists(suppressed)]
}

fn texts<'a>(
    rows: &'a [(&'a SelectedShipment, Shipment)],
    text: impl Fn(&'a SelectedShipment, &'a Shipment) -> Option<Cow<'a, str>>,
) -> ArrayRef {
    let texts = rows
        .iter()
        .map(|(selected, shipment)| text(selected, shipment));
    Arc::new(texts.collect::<StringArray>())
}

/// What became of a shipment since the earlier run; none without one.
pub fn mark(run: &Finished<'_>, selected: &SelectedShipment, shipment: &Shipment) -> Option<Mark> {
    let hits = run.shipments.hit_sets.get(shipment.hits).iter();
    let hits: Vec<&str> = hits.map(|hit| run.rules.rule(*hit).id.as_str()).collect();
    let since = run.since?;
    Some(since.mark(shipment.key_hash, selected.lane, &hits.join(";")))
}

fn truths(
    rows: &[(&SelectedShipment, Shipment)],
    is: impl Fn(&SelectedShipment, &Shipment) -> bool,
) -> ArrayRef {
    let truths = rows
        .iter()
        .map(|(selected, shipment)| Some(is(selected, shipment)));
    Arc::new(truths.collect::<BooleanArray>())
}

fn action<'a>(rules: &'a RuleSet, lane: Lane, shipment: &Shipment) -> Option<&'a str> {
    let actions = rules.policy.file.actions.get(&shipment.stage)?;
    match lane {
        Lane::Red => actions.red.as_deref(),
        Lane::Yellow => actions.yellow.as_deref(),
        Lane::Green => None,
    }
}

fn queue<'a>(rules: &'a RuleSet, selected: &SelectedShipment) -> Option<&'a str> {
    let (name, _) = rules.policy.file.queues.get(usize::from(selected.queue?))?;
    Some(name)
}

/// Why a shipment is where it is, in one sentence, after one for each lookout; none for a green shipment that nothing hit.
pub fn reason(
    rules: &RuleSet,
    shipments: &Shipments,
    selected: &SelectedShipment,
    shipment: &Shipment,
) -> Option<String> {
    let lookouts = shipments.noticed.lookouts(selected.id);
    let mut sentences: Vec<String> = lookouts
        .map(|number| lookout(&rules.notices.lookouts[number]))
        .collect();
    let has_lookout = !sentences.is_empty();
    sentences.extend(reason_of_rules(
        rules,
        shipments,
        (selected, shipment),
        has_lookout,
    ));
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// What a lookout says of a shipment, as a sentence.
fn lookout(lookout: &Lookout) -> String {
    format!(
        "Lookout: {} ({}).",
        lookout.reason.trim_end_matches('.'),
        lookout.owner
    )
}

fn reason_of_rules(
    rules: &RuleSet,
    shipments: &Shipments,
    (selected, shipment): (&SelectedShipment, &Shipment),
    has_lookout: bool,
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
        return match (selected.lane, has_lookout) {
            (Lane::Green, _) => None,
            (_, false) => Some("Selected for review.".to_owned()),
            (_, true) if selected.is_unmet_mandatory => {
                Some("The port has no capacity left for it.".to_owned())
            }
            (_, true) => None,
        };
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
        (_, Some(Floor::Examine)) if shipment.worst.is_floor_of_rule => {
            " A rule asks for examination whatever the score."
        }
        (_, _) => "",
    };
    Some(format!(
        "{} ({}){others}.{note}",
        first.title.trim_end_matches('.'),
        first.id
    ))
}
