//! How an entity called itself over time: names, addresses, codes and flags, each with its first and last day.

use super::values::value;
use crate::batch::{Batch, NULL_DATE};
use crate::entity::Role;
use crate::normalize::date::format_date;
use crate::schema::{FieldId, field};
use crate::write::Masks;
use serde::Serialize;
use std::collections::BTreeMap;

/// Different values that are kept per field; further ones are counted.
const MAX_VALUES: usize = 50;

/// What an entity called itself, by field and value.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    values: BTreeMap<(FieldId, String), Times>,
    /// Values beyond [`MAX_VALUES`], by field.
    left_out: BTreeMap<FieldId, u64>,
}

#[derive(Clone, Copy, Debug)]
struct Times {
    first: i32,
    last: i32,
    lines: u64,
}

/// A value, and when it was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// The field.
    pub field: &'static str,
    /// The value.
    pub value: String,
    /// First day, ISO form.
    pub first: Option<String>,
    /// Last day, ISO form.
    pub last: Option<String>,
    /// Lines.
    pub lines: u64,
}

/// The fields in which an entity of a role calls itself something.
fn fields_of(role: Role) -> &'static [FieldId] {
    match role {
        Role::Importer | Role::ImporterAccount => &[
            field::IMPORTER_OF_RECORD_NUMBER,
            field::IMPORTER_NAME,
            field::IMPORTER_ADDRESS,
        ],
        Role::Consignee => &[
            field::CONSIGNEE_NUMBER,
            field::CONSIGNEE_NAME,
            field::CONSIGNEE_ADDRESS,
        ],
        Role::Shipper => &[
            field::SHIPPER_NAME,
            field::SHIPPER_ADDRESS,
            field::SHIPPER_STATE,
            field::SHIPPER_COUNTRY,
            field::EXPORTER_RFC,
            field::MANUFACTURER_ID,
        ],
        Role::Manufacturer => &[
            field::MANUFACTURER_ID,
            field::MANUFACTURER_NAME,
            field::MANUFACTURER_ADDRESS,
        ],
        Role::Seller => &[
            field::SELLER_NAME,
            field::SELLER_ADDRESS,
            field::MANUFACTURER_ID,
        ],
        Role::HarvestVessel => &[
            field::HARVEST_VESSEL_IMO,
            field::HARVEST_VESSEL_NAME,
            field::HARVEST_VESSEL_FLAG,
        ],
        Role::Filer => &[field::ENTRY_FILER_CODE],
        Role::Carrier => &[field::CARRIER_CODE],
        Role::NotifyParty => &[field::NOTIFY_PARTY_NAMES],
    }
}

/// Every field that an identity reads.
pub(super) fn fields() -> impl Iterator<Item = FieldId> {
    Role::ALL
        .into_iter()
        .flat_map(|role| fields_of(role).iter().copied())
}

impl Identity {
    /// Takes in a row.
    pub(super) fn add(&mut self, role: Role, batch: &Batch, row: usize) {
        let day = batch.date_at(field::LEGAL_DATE, row).unwrap_or(NULL_DATE);
        for id in fields_of(role) {
            if let Some(value) = value(batch, *id, row) {
                let times = Times {
                    first: day,
                    last: day,
                    lines: 1,
                };
                self.put(*id, value, times);
            }
        }
    }

    /// Takes in what was found elsewhere.
    pub(super) fn merge(&mut self, other: Self) {
        for ((id, value), times) in other.values {
            self.put(id, value, times);
        }
        for (id, count) in other.left_out {
            *self.left_out.entry(id).or_default() += count;
        }
    }

    fn put(&mut self, id: FieldId, value: String, found: Times) {
        let key = (id, value);
        if let Some(times) = self.values.get_mut(&key) {
            times.lines += found.lines;
            times.last = times.last.max(found.last);
            times.first = match (times.first, found.first) {
                (NULL_DATE, day) | (day, NULL_DATE) => day,
                (left, right) => left.min(right),
            };
            return;
        }
        let of_field = self.values.range((id, String::new())..);
        let n_known = of_field.take_while(|((known, _), _)| *known == id).count();
        match n_known < MAX_VALUES {
            true => drop(self.values.insert(key, found)),
            false => *self.left_out.entry(id).or_default() += 1,
        }
    }

    /// The values by field, the most used first, as they may be written.
    pub(super) fn used(&self, masks: &Masks) -> Vec<Used> {
        let day = |day: i32| (day != NULL_DATE).then(|| format_date(day));
        let mut used: Vec<(FieldId, Used)> = Vec::new();
        for ((id, value), times) in &self.values {
            let shown = Used {
                field: id.name(),
                value: masks.shown(value).into_owned(),
                first: day(times.first),
                last: day(times.last),
                lines: times.lines,
            };
            used.push((*id, shown));
        }
        used.sort_by_key(|(id, used)| (*id, std::cmp::Reverse(used.lines)));
        used.into_iter().map(|(_, used)| used).collect()
    }

    /// Lines whose value was not kept.
    pub(super) fn n_left_out(&self) -> u64 {
        self.left_out.values().sum()
    }
}
