//! Fields that are filled from others of the same row.

use super::code::status_from_disclaimer;
use super::columns::repool;
use super::hts::hts_digits;
use super::permit_cells::fill_permits;
use super::quantity::{to_kg, to_m3};
use super::taxon::{ScientificName, scientific_name, taxon};
use crate::batch::{Batch, Column, FieldSet, NULL_DATE, TextColumn};
use crate::intern::Interner;
use crate::schema::{FIELDS, FieldId, Kind, field};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

const NAME_PARTS: &[FieldId] = &[
    field::SCIENTIFIC_GENUS,
    field::SCIENTIFIC_SPECIES,
    field::SCIENTIFIC_SUBSPECIES,
];
const PGA: &[FieldId] = &[field::PGA_AGENCY, field::PGA_PROGRAM, field::PGA_DISCLAIMER];

/// Days that a law can be looked up by, the first that is known counts.
const LEGAL_DATES: &[FieldId] = &[
    field::DATE_OF_IMPORT,
    field::ACTUAL_ARRIVAL_DATE,
    field::ESTIMATED_ARRIVAL_DATE,
    field::ENTRY_DATE,
];

/// Document statuses, with the agency and program whose block tells them.
const STATUSES: &[(FieldId, &str, &str)] = &[
    (field::PPQ505_STATUS, "APH", "APL"),
    (field::FWS3177_STATUS, "FWS", "FWS"),
    (field::DS2031_STATUS, "OMC", ""),
    (field::NOAA370_STATUS, "NMF", "370"),
    (field::SIMP_STATUS, "NMF", "SIM"),
];

/// The fields that a field can be filled from when its own column is missing or empty.
pub fn sources_of(wanted: FieldId) -> &'static [FieldId] {
    match wanted {
        field::LEGAL_DATE => LEGAL_DATES,
        field::TAXON | field::SPECIAL_USE_DESIGNATION => NAME_PARTS,
        field::SCIENTIFIC_GENUS | field::SCIENTIFIC_SPECIES | field::SCIENTIFIC_SUBSPECIES => {
            NAME_PARTS
        }
        field::SHIPMENT_KEY => &[
            field::ENTRY_NUMBER,
            field::HOUSE_BILL_NUMBER,
            field::MASTER_BILL_NUMBER,
            field::EQUIPMENT_NUMBER,
            field::LINE_ID,
        ],
        field::LINE_ID => &[field::ENTRY_NUMBER, field::ENTRY_LINE_NUMBER],
        field::HTS_DIGITS => &[field::HTS_NUMBER],
        field::ORIGIN_SUBDIVISION => &[field::COUNTRY_OF_ORIGIN],
        field::GROSS_WEIGHT_KG => &[field::WEIGHT_REPORTED, field::WEIGHT_UNIT_REPORTED],
        field::NET_WEIGHT_KG | field::VOLUME_DECLARED_M3 => {
            &[field::QUANTITY_1, field::QUANTITY_1_UOM]
        }
        _ if STATUSES.iter().any(|(status, _, _)| *status == wanted) => PGA,
        _ if super::permit_cells::is_permit_field(wanted) => &[field::PERMITS],
        _ => &[],
    }
}

/// Fills what is wanted and not there, or there and NULL.
pub(super) fn fill(wanted: &FieldSet, batch: &mut Batch) {
    split_provinces(batch);
    if NAME_PARTS
        .iter()
        .chain(&[field::TAXON])
        .any(|part| wanted.contains(*part))
    {
        fill_names(batch);
    }
    if wanted.contains(field::HTS_DIGITS) && batch.column(field::HTS_DIGITS).is_none() {
        fill_hts_digits(batch);
    }
    fill_measure(
        wanted,
        field::GROSS_WEIGHT_KG,
        (field::WEIGHT_REPORTED, field::WEIGHT_UNIT_REPORTED),
        to_kg,
        batch,
    );
    fill_measure(
        wanted,
        field::NET_WEIGHT_KG,
        (field::QUANTITY_1, field::QUANTITY_1_UOM),
        to_kg,
        batch,
    );
    fill_measure(
        wanted,
        field::VOLUME_DECLARED_M3,
        (field::QUANTITY_1, field::QUANTITY_1_UOM),
        to_m3,
        batch,
    );
    for status in STATUSES {
        if wanted.contains(status.0) {
            fill_status(*status, batch);
        }
    }
    fill_permits(wanted, batch);
    fill_legal_date(batch);
}

/// Moves the province that a CBP code named out of the countries: that of the country of origin has a field of its own.
fn split_provinces(batch: &mut Batch) {
    for id in countries() {
        let Some(text) = batch.text(id) else { continue };
        let has_province = |value: &str| value.starts_with(WITH_PROVINCE);
        if !text.pool.iter().any(has_province) {
            continue;
        }
        let split = |value: &str| -> (String, Option<String>) {
            match value.split_once('/').filter(|_| has_province(value)) {
                Some((country, province)) => (country.to_owned(), Some(province.to_owned())),
                None => (value.to_owned(), None),
            }
        };
        let (countries, provinces): (Vec<_>, Vec<_>) = std::iter::once((None, None))
            .chain(
                text.pool
                    .iter()
                    .map(split)
                    .map(|(country, province)| (Some(country), province)),
            )
            .unzip();
        let (countries, provinces) = (repool(text, &countries), repool(text, &provinces));
        batch.set(id, Column::Text(countries));
        if id == field::COUNTRY_OF_ORIGIN && batch.column(field::ORIGIN_SUBDIVISION).is_none() {
            batch.set(field::ORIGIN_SUBDIVISION, Column::Text(provinces));
        }
    }
}

/// How a country is written whose province is known, until it is split.
const WITH_PROVINCE: &str = "CA/";

/// Every field that holds one country.
fn countries() -> impl Iterator<Item = FieldId> {
    let fields = FIELDS.iter().zip(0..);
    let countries = fields.filter(|(field, _)| field.kind == Kind::Country);
    countries.map(|(_, index)| FieldId(index))
}

/// Reads genus, species and subspecies together, once per distinct combination, and names the taxon.
fn fill_names(batch: &mut Batch) {
    if batch.text(field::SCIENTIFIC_GENUS).is_none()
        && batch.text(field::SCIENTIFIC_SPECIES).is_none()
    {
        return;
    }
    let empty = TextColumn::constant(None, batch.n_rows);
    let part = |id: FieldId| batch.text(id).unwrap_or(&empty);
    let parts = [
        part(NAME_PARTS[0]),
        part(NAME_PARTS[1]),
        part(NAME_PARTS[2]),
    ];
    let mut known: HashMap<[u32; 3], u32, FixedState> = HashMap::default();
    let mut names: Vec<ScientificName> = Vec::new();
    let name_of_row: Vec<u32> = (0..batch.n_rows)
        .map(|row| {
            let codes = parts.map(|part| part.codes[row]);
            *known.entry(codes).or_insert_with(|| {
                let [genus, species, subspecies] = parts.map(|part| part.get(row));
                names.push(scientific_name(genus, species, subspecies));
                u32::try_from(names.len()).expect("fewer names than rows")
            })
        })
        .collect();
    let by_name = TextColumn {
        codes: name_of_row,
        ..TextColumn::default()
    };
    let column = |text: &dyn Fn(&ScientificName) -> Option<String>| {
        let values: Vec<_> = std::iter::once(None)
            .chain(names.iter().map(text))
            .collect();
        Column::Text(repool(&by_name, &values))
    };
    let named = column(&|name| taxon(name.genus.as_deref(), name.species.as_deref()));
    let named = match (batch.text(field::TAXON), named) {
        // A name that the source gives stands where its parts are missing.
        (Some(given), Column::Text(named)) => Column::Text(
            (0..batch.n_rows)
                .map(|row| named.get(row).or_else(|| given.get(row)))
                .collect(),
        ),
        (_, named) => named,
    };
    let columns = [
        (field::SCIENTIFIC_GENUS, column(&|name| name.genus.clone())),
        (
            field::SCIENTIFIC_SPECIES,
            column(&|name| name.species.clone()),
        ),
        (
            field::SCIENTIFIC_SUBSPECIES,
            column(&|name| name.subspecies.clone()),
        ),
        (field::TAXON, named),
    ];
    let designations = column(&|name| name.special_use_designation.clone());
    for (id, column) in columns {
        batch.set(id, column);
    }
    if batch.text(field::SPECIAL_USE_DESIGNATION).is_none() {
        batch.set(field::SPECIAL_USE_DESIGNATION, designations);
    }
}

fn fill_hts_digits(batch: &mut Batch) {
    let Some(hts) = batch.text(field::HTS_NUMBER) else {
        return;
    };
    let digits: Vec<f64> = std::iter::once(f64::NAN)
        .chain(
            hts.pool
                .iter()
                .map(|text| hts_digits(text).unwrap_or(f64::NAN)),
        )
        .collect();
    let rows = hts
        .codes
        .iter()
        .map(|code| digits[*code as usize])
        .collect();
    batch.set(field::HTS_DIGITS, Column::Number(rows));
}

/// Fills a measure where it is NULL from a quantity whose unit measures the same.
fn fill_measure(
    wanted: &FieldSet,
    target: FieldId,
    (quantity, unit): (FieldId, FieldId),
    convert: fn(f64, &str) -> Option<f64>,
    batch: &mut Batch,
) {
    if !wanted.contains(target) {
        return;
    }
    let (Some(Column::Number(quantities)), Some(units)) =
        (batch.column(quantity), batch.text(unit))
    else {
        return;
    };
    let mut filled = match batch.column(target) {
        Some(Column::Number(values)) => values.clone(),
        _ => vec![f64::NAN; batch.n_rows],
    };
    for (row, value) in filled.iter_mut().enumerate() {
        if value.is_nan()
            && let Some(unit) = units.get(row)
        {
            *value = convert(quantities[row], unit).unwrap_or(f64::NAN);
        }
    }
    batch.set(target, Column::Number(filled));
}

/// Fills a document status where it is NULL from the agency block of the row.
fn fill_status((target, agency, program): (FieldId, &str, &str), batch: &mut Batch) {
    let Some(agencies) = batch.text(field::PGA_AGENCY) else {
        return;
    };
    let mut statuses = Interner::default();
    for row in 0..batch.n_rows {
        let is_block = agencies.get(row) == Some(agency)
            && (program.is_empty() || batch.text_at(field::PGA_PROGRAM, row) == Some(program));
        let status = match batch.text_at(target, row) {
            Some(status) => Some(status),
            None if is_block => Some(match batch.text_at(field::PGA_DISCLAIMER, row) {
                Some(letter) => status_from_disclaimer(letter).value.unwrap_or("unknown"),
                None => "filed",
            }),
            None => None,
        };
        statuses.push(status);
    }
    batch.set(target, Column::Text(statuses.finish()));
}

fn fill_legal_date(batch: &mut Batch) {
    let columns: Vec<_> = LEGAL_DATES
        .iter()
        .filter_map(|id| match batch.column(*id) {
            Some(Column::Date(days)) => Some(days),
            _ => None,
        })
        .collect();
    let days = (0..batch.n_rows)
        .map(|row| {
            let known = columns
                .iter()
                .map(|days| days[row])
                .find(|day| *day != NULL_DATE);
            known
                .or_else(|| batch.date_at(field::LEGAL_DATE, row))
                .unwrap_or(NULL_DATE)
        })
        .collect();
    batch.set(field::LEGAL_DATE, Column::Date(days));
}
