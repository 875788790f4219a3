//! The columns of the file, and how rows become Arrow arrays.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Float64Builder, StringBuilder, UInt16Builder, UInt32Builder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;

use super::entry::Entry;
use super::line::Line;

/// Where a column's values come from.
#[derive(Clone, Copy)]
enum Source {
    Text(for<'a> fn(&'a Entry, &'a Line) -> Option<&'a str>),
    Day(fn(&Entry, &Line) -> Option<i32>),
    Number(fn(&Line) -> Option<f64>),
    Count(fn(&Line) -> u32),
    Ordinal(fn(&Line) -> u16),
}

use Source::{Count, Day, Number, Ordinal, Text};

const COLUMNS: &[(&str, Source)] = &[
    ("evidence_stage", Text(|entry, _| Some(entry.stage))),
    ("entry_number", Text(|entry, _| Some(&entry.number))),
    ("entry_line_number", Count(|line| line.number)),
    ("component_seq", Ordinal(|line| line.component)),
    ("entry_type", Text(|entry, _| Some(entry.type_code))),
    (
        "importer_of_record_number",
        Text(|entry, _| entry.importer_number.as_deref()),
    ),
    (
        "importer_name",
        Text(|entry, _| entry.importer_name.as_deref()),
    ),
    (
        "importer_address",
        Text(|entry, _| entry.importer_address.as_deref()),
    ),
    (
        "consignee_name",
        Text(|entry, _| entry.consignee_name.as_deref()),
    ),
    (
        "shipper_name",
        Text(|entry, _| entry.shipper_name.as_deref()),
    ),
    ("shipper_state", Text(|entry, _| entry.shipper_state)),
    (
        "shipper_country",
        Text(|entry, _| Some(entry.deal.shipper.country)),
    ),
    (
        "manufacturer_id",
        Text(|_, line| line.manufacturer_id.as_deref()),
    ),
    (
        "manufacturer_address",
        Text(|_, line| line.manufacturer_address.as_deref()),
    ),
    ("seller_name", Text(|entry, _| entry.seller_name.as_deref())),
    (
        "seller_address",
        Text(|entry, _| entry.seller_address.as_deref()),
    ),
    ("hts_number", Text(|_, line| Some(&line.hts))),
    (
        "goods_description",
        Text(|_, line| line.description.as_deref()),
    ),
    ("gross_weight_kg", Number(|line| line.gross_kg)),
    ("net_weight_kg", Number(|line| line.net_kg)),
    ("entered_value_usd", Number(|line| line.value_usd)),
    ("quantity_1", Number(|line| line.quantity)),
    ("quantity_1_uom", Text(|_, line| line.unit)),
    ("volume_m3", Number(|line| line.volume_m3)),
    ("spi_code", Text(|_, line| line.spi)),
    ("country_of_origin", Text(|_, line| line.origin)),
    (
        "country_of_export",
        Text(|entry, _| Some(entry.export_country)),
    ),
    ("country_of_harvest", Text(|_, line| line.harvest)),
    (
        "transit_countries",
        Text(|entry, _| entry.transit.as_deref()),
    ),
    ("us_port_of_entry", Text(|entry, _| Some(entry.port))),
    (
        "foreign_port_of_lading",
        Text(|entry, _| entry.lading.as_deref()),
    ),
    ("mode_of_transport", Text(|entry, _| Some(entry.mode))),
    ("in_bond_entry_type", Text(|entry, _| entry.in_bond)),
    (
        "equipment_number",
        Text(|entry, _| entry.equipment.as_deref()),
    ),
    ("master_bill_number", Text(|entry, _| entry.bill.as_deref())),
    ("date_of_export", Day(|entry, _| Some(entry.export_day))),
    ("date_of_import", Day(|entry, _| Some(entry.import_day))),
    ("entry_date", Day(|entry, _| Some(entry.deal.entry_day))),
    ("scientific_genus", Text(|_, line| line.genus)),
    ("scientific_species", Text(|_, line| line.species)),
    ("special_use_designation", Text(|_, line| line.special_use)),
    ("harvest_location", Text(|_, line| line.place)),
    ("harvest_area_system", Text(|_, line| line.place_system)),
    ("harvest_start_date", Day(|_, line| line.harvest_day)),
    ("landing_date", Day(|_, line| line.landing_day)),
    ("landed_weight_kg", Number(|line| line.landed_kg)),
    ("method_of_harvest", Text(|_, line| line.method)),
    ("gear_code", Text(|_, line| line.gear)),
    (
        "harvest_vessel_name",
        Text(|_, line| line.vessel_name.as_deref()),
    ),
    ("harvest_vessel_flag", Text(|_, line| line.vessel_flag)),
    (
        "harvest_vessel_imo",
        Text(|_, line| line.vessel_imo.as_deref()),
    ),
    ("harvest_vessel_gt", Number(|line| line.vessel_gt)),
    ("ppq505_status", Text(|_, line| line.ppq505)),
    ("fws3177_status", Text(|_, line| line.fws3177)),
    ("ds2031_status", Text(|_, line| line.ds2031)),
    ("noaa370_status", Text(|_, line| line.noaa370)),
    ("coa_status", Text(|_, line| line.coa)),
    ("simp_status", Text(|_, line| line.simp)),
    ("iftp_number", Text(|_, line| line.iftp.as_deref())),
    (
        "cites_permit_foreign",
        Text(|_, line| line.cites_foreign.as_deref()),
    ),
    ("cites_permit_us", Text(|_, line| line.cites_us.as_deref())),
    ("cites_permit_expires", Day(|_, line| line.cites_expires)),
    (
        "wildlife_description_code",
        Text(|_, line| line.wildlife_form),
    ),
    ("wildlife_source_code", Text(|_, line| line.wildlife_source)),
    (
        "wildlife_purpose_code",
        Text(|_, line| line.wildlife_purpose),
    ),
];

const LABELS: &[(&str, Source)] = &[
    ("outcome", Text(|_, line| line.outcome.label)),
    ("outcome_date", Day(|_, line| line.outcome.day)),
    ("outcome_basis", Text(|_, line| line.outcome.basis)),
    ("outcome_theme", Text(|_, line| line.outcome.theme)),
    ("outcome_kind", Text(|_, line| line.outcome.kind)),
    ("outcome_scope", Text(|_, line| line.outcome.scope)),
];

/// Columns whose values hardly repeat, so that a dictionary would only cost time.
pub(super) const UNIQUE: [&str; 4] = [
    "entry_number",
    "goods_description",
    "equipment_number",
    "master_bill_number",
];

/// Schema of the generated table; `labels` adds the outcome columns.
pub fn schema(labels: bool) -> SchemaRef {
    let fields: Vec<Field> = columns(labels)
        .map(|&(name, source)| {
            let data_type = match source {
                Text(_) => DataType::Utf8,
                Day(_) => DataType::Date32,
                Number(_) => DataType::Float64,
                Count(_) => DataType::UInt32,
                Ordinal(_) => DataType::UInt16,
            };
            Field::new(name, data_type, true)
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// Columns under construction, all of the same length.
pub(super) struct Table {
    columns: Vec<Column>,
    labels: bool,
}

enum Column {
    Text(StringBuilder),
    Day(Date32Builder),
    Number(Float64Builder),
    Count(UInt32Builder),
    Ordinal(UInt16Builder),
}

impl Table {
    pub(super) fn with_capacity(n_rows: usize, labels: bool) -> Self {
        let column = |source: Source| match source {
            Text(_) => Column::Text(StringBuilder::with_capacity(n_rows, 8 * n_rows)),
            Day(_) => Column::Day(Date32Builder::with_capacity(n_rows)),
            Number(_) => Column::Number(Float64Builder::with_capacity(n_rows)),
            Count(_) => Column::Count(UInt32Builder::with_capacity(n_rows)),
            Ordinal(_) => Column::Ordinal(UInt16Builder::with_capacity(n_rows)),
        };
        Self {
            columns: columns(labels).map(|&(_, source)| column(source)).collect(),
            labels,
        }
    }

    /// Appends one row.
    pub(super) fn push(&mut self, entry: &Entry, line: &Line) {
        for (column, (_, source)) in self.columns.iter_mut().zip(columns(self.labels)) {
            match (column, source) {
                (Column::Text(values), Text(value)) => values.append_option(value(entry, line)),
                (Column::Day(values), Day(value)) => values.append_option(value(entry, line)),
                (Column::Number(values), Number(value)) => values.append_option(value(line)),
                (Column::Count(values), Count(value)) => values.append_value(value(line)),
                (Column::Ordinal(values), Ordinal(value)) => values.append_value(value(line)),
                _ => unreachable!("a column is built from its own source"),
            }
        }
    }

    /// The rows as one batch.
    ///
    /// # Panics
    /// Never: the columns follow the schema and have one length.
    pub(super) fn finish(mut self) -> RecordBatch {
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().map(finish).collect();
        RecordBatch::try_new(schema(self.labels), arrays).expect("the columns follow the schema")
    }
}

fn finish(column: &mut Column) -> ArrayRef {
    match column {
        Column::Text(values) => Arc::new(values.finish()),
        Column::Day(values) => Arc::new(values.finish()),
        Column::Number(values) => Arc::new(values.finish()),
        Column::Count(values) => Arc::new(values.finish()),
        Column::Ordinal(values) => Arc::new(values.finish()),
    }
}

fn columns(labels: bool) -> impl Iterator<Item = &'static (&'static str, Source)> {
    let labels: &'static [(&'static str, Source)] = if labels { LABELS } else { &[] };
    COLUMNS.iter().chain(labels)
}
