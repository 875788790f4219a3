//! The permits column: JSON in a cell, and the typed fields that it fills.

use super::permits::{FlatPermits, Permit, flatten};
use crate::batch::{Batch, Column, FieldSet, NULL_DATE, TextColumn};
use crate::issue::{IssueKind, Normal};
use crate::schema::{FieldId, field};
use serde_json::Value;

/// The text fields that permits fill.
#[rustfmt::skip]
const TEXTS: &[(FieldId, fn(&FlatPermits) -> Option<&String>)] = &[
    (field::CITES_PERMIT_FOREIGN, |flat| flat.cites_permit_foreign.as_ref()),
    (field::CITES_PERMIT_US, |flat| flat.cites_permit_us.as_ref()),
    (field::CITES_PERMIT_UOM, |flat| flat.cites_permit_uom.as_ref()),
    (field::IFTP_NUMBER, |flat| flat.iftp_number.as_ref()),
    (field::ESA_PERMIT_NUMBER, |flat| flat.esa_permit_number.as_ref()),
    (field::MMPA_PERMIT_NUMBER, |flat| flat.mmpa_permit_number.as_ref()),
    (field::WBCA_PERMIT_NUMBER, |flat| flat.wbca_permit_number.as_ref()),
    (field::HMS_DOCUMENT_NUMBER, |flat| flat.hms_document_number.as_ref()),
    (field::PREAPPROVAL_NUMBER, |flat| flat.preapproval_number.as_ref()),
    (field::DISSOSTICHUS_EXPORT_DOCUMENT, |flat| flat.dissostichus_export_document.as_ref()),
    (field::COA_NUMBER, |flat| flat.coa_number.as_ref()),
    (field::EDECS_NUMBER, |flat| flat.edecs_number.as_ref()),
    (field::FWS_LICENSE_NUMBER, |flat| flat.fws_license_number.as_ref()),
    (field::PORT_EXCEPTION_NUMBER, |flat| flat.port_exception_number.as_ref()),
    (field::BREEDING_FACILITY_NUMBER, |flat| flat.breeding_facility_number.as_ref()),
    (field::HARVEST_AUTHORIZATION, |flat| flat.harvest_authorization.as_ref()),
];

/// The dates that permits fill.
const DATES: &[(FieldId, fn(&FlatPermits) -> Option<i32>)] = &[
    (field::CITES_PERMIT_ISSUED, |flat| flat.cites_permit_issued),
    (field::CITES_PERMIT_EXPIRES, |flat| {
        flat.cites_permit_expires
    }),
    (field::IFTP_EXPIRES, |flat| flat.iftp_expires),
];

/// The numbers that permits fill.
const NUMBERS: &[(FieldId, fn(&FlatPermits) -> Option<f64>)] = &[
    (field::CITES_PERMIT_QUANTITY, |flat| {
        flat.cites_permit_quantity
    }),
    (field::PREAPPROVED_KG, |flat| flat.preapproved_kg),
];

/// Whether permits can fill a field.
pub(super) fn is_permit_field(wanted: FieldId) -> bool {
    let texts = TEXTS.iter().map(|(id, _)| *id);
    texts
        .chain(DATES.iter().map(|(id, _)| *id))
        .chain(NUMBERS.iter().map(|(id, _)| *id))
        .any(|id| id == wanted)
}

/// Checks a permits cell: a JSON array of objects, kept as it is.
pub(super) fn normalize_permits(raw: &str) -> Normal<String> {
    match read(raw) {
        Some(permits) if permits.is_empty() => Normal::null(),
        Some(permits) => Normal {
            value: Some(raw.to_owned()),
            issue: flatten(&permits).issue,
        },
        None => Normal::null_with(IssueKind::NotAPermitList),
    }
}

/// Fills wanted fields where they are NULL, once per distinct cell.
pub(super) fn fill_permits(wanted: &FieldSet, batch: &mut Batch) {
    let Some(cells) = batch.text(field::PERMITS).cloned() else {
        return;
    };
    let flat: Vec<FlatPermits> = std::iter::once(FlatPermits::default())
        .chain(cells.pool.iter().map(|text| {
            flatten(&read(text).unwrap_or_default())
                .value
                .unwrap_or_default()
        }))
        .collect();
    let of_row = |row: usize| &flat[cells.codes[row] as usize];
    for (id, text) in TEXTS.iter().filter(|(id, _)| wanted.contains(*id)) {
        let old = batch
            .text(*id)
            .cloned()
            .unwrap_or_else(|| TextColumn::constant(None, batch.n_rows));
        let texts = (0..batch.n_rows).map(|row| {
            old.get(row)
                .or_else(|| text(of_row(row)).map(String::as_str))
        });
        let filled = texts.collect();
        batch.set(*id, Column::Text(filled));
    }
    for (id, date) in DATES.iter().filter(|(id, _)| wanted.contains(*id)) {
        let value = |row| {
            batch
                .date_at(*id, row)
                .or_else(|| date(of_row(row)))
                .unwrap_or(NULL_DATE)
        };
        let filled = (0..batch.n_rows).map(value).collect();
        batch.set(*id, Column::Date(filled));
    }
    for (id, number) in NUMBERS.iter().filter(|(id, _)| wanted.contains(*id)) {
        let value = |row| {
            batch
                .number_at(*id, row)
                .or_else(|| number(of_row(row)))
                .unwrap_or(f64::NAN)
        };
        let filled = (0..batch.n_rows).map(value).collect();
        batch.set(*id, Column::Number(filled));
    }
}

fn read(raw: &str) -> Option<Vec<Permit>> {
    let Ok(Value::Array(items)) = serde_json::from_str(raw) else {
        return None;
    };
    items.iter().map(permit).collect()
}

fn permit(item: &Value) -> Option<Permit> {
    let object = item.as_object()?;
    let text = |key: &str| match object.get(key)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let quantity = object.get("quantity").and_then(|quantity| match quantity {
        Value::String(text) => super::number::number(text).value,
        other => other.as_f64(),
    });
    Some(Permit {
        kind: text("type"),
        number: text("number"),
        issuer: text("issuer"),
        issuer_country: text("issuer_country"),
        date_kind: text("date_kind"),
        date: text("date"),
        quantity,
        uom: text("uom"),
        exemption: text("exemption"),
    })
}
