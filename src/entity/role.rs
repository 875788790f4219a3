//! Roles of parties, and how a row names them.

use crate::batch::{Batch, NULL_CODE};
use crate::normalize::importer::employer_root;
use crate::schema::{FieldId, field};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use serde::Serialize;
use std::borrow::Cow;

/// A role in which a party stands on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Importer of record by the nine-digit root of its number, else by name.
    Importer,
    /// Importer of record by its whole number.
    ImporterAccount,
    /// Ultimate consignee.
    Consignee,
    /// Shipper or exporter.
    Shipper,
    /// Manufacturer, by its identification code (19 CFR 102 appendix).
    Manufacturer,
    /// Seller.
    Seller,
    /// Harvest vessel, by IMO number, else by name and flag.
    HarvestVessel,
    /// Filer of the entry, by its code: a link, never a candidate.
    Filer,
    /// Importing carrier, by its code: a link, never a candidate.
    Carrier,
    /// The first notify party: a link, never a candidate.
    NotifyParty,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::Importer,
        Self::ImporterAccount,
        Self::Consignee,
        Self::Shipper,
        Self::Manufacturer,
        Self::Seller,
        Self::HarvestVessel,
        Self::Filer,
        Self::Carrier,
        Self::NotifyParty,
    ];

    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Importer => "importer",
            Self::ImporterAccount => "importer_account",
            Self::Consignee => "consignee",
            Self::Shipper => "shipper",
            Self::Manufacturer => "manufacturer",
            Self::Seller => "seller",
            Self::HarvestVessel => "harvest_vessel",
            Self::Filer => "filer",
            Self::Carrier => "carrier",
            Self::NotifyParty => "notify_party",
        }
    }

    /// The role of a word in outputs.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether its entities can be candidates for verification. Those who serve many traders, and see no goods, cannot.
    pub fn can_be_candidate(self) -> bool {
        !matches!(self, Self::Filer | Self::Carrier | Self::NotifyParty)
    }

    /// The fields that tell entities of the role apart, and the one that names them.
    pub fn fields(self) -> (&'static [FieldId], FieldId) {
        match self {
            Self::Importer => (
                &[field::IMPORTER_OF_RECORD_NUMBER, field::IMPORTER_NAME],
                field::IMPORTER_NAME,
            ),
            Self::ImporterAccount => (&[field::IMPORTER_OF_RECORD_NUMBER], field::IMPORTER_NAME),
            Self::Consignee => (&[field::CONSIGNEE_NAME], field::CONSIGNEE_NAME),
            Self::Shipper => (&[field::SHIPPER_NAME], field::SHIPPER_NAME),
            Self::Manufacturer => (
                &[field::MANUFACTURER_ID, field::MANUFACTURER_NAME],
                field::MANUFACTURER_NAME,
            ),
            Self::Seller => (&[field::SELLER_NAME], field::SELLER_NAME),
            Self::HarvestVessel => (
                &[
                    field::HARVEST_VESSEL_IMO,
                    field::HARVEST_VESSEL_NAME,
                    field::HARVEST_VESSEL_FLAG,
                ],
                field::HARVEST_VESSEL_NAME,
            ),
            Self::Filer => (&[field::ENTRY_FILER_CODE], field::ENTRY_FILER_CODE),
            Self::Carrier => (&[field::CARRIER_CODE], field::CARRIER_CODE),
            Self::NotifyParty => (&[field::NOTIFY_PARTY_NAMES], field::NOTIFY_PARTY_NAMES),
        }
    }

    /// The different ways in which the rows of a batch name entities of the role; none where no row names one.
    pub fn named(self, batch: &Batch) -> Option<Named> {
        let (fields, _) = self.fields();
        let columns: Vec<_> = fields.iter().filter_map(|id| batch.text(*id)).collect();
        let mut named = Named::default();
        match columns.as_slice() {
            [] => return None,
            [column] => {
                let mut known = vec![u32::MAX; column.pool.len()];
                for (row, code) in column.codes.iter().enumerate() {
                    let known = &mut known[*code as usize];
                    if *known == u32::MAX {
                        *known = named.push(row);
                    }
                    named.of_row.push(*known);
                }
            }
            columns => {
                let mut known: HashMap<[u32; 3], u32, FixedState> = HashMap::default();
                let mut last = ([u32::MAX; 3], 0);
                for row in 0..batch.n_rows {
                    let mut codes = [NULL_CODE; 3];
                    for (slot, column) in codes.iter_mut().zip(columns) {
                        *slot = column.codes[row];
                    }
                    if last.0 != codes {
                        last = (
                            codes,
                            *known.entry(codes).or_insert_with(|| named.push(row)),
                        );
                    }
                    named.of_row.push(last.1);
                }
            }
        }
        Some(named)
    }

    /// What `find` gives for the entity of each row, asked once per way of naming one, in order of rows; `none` where a row
    /// names none.
    pub fn per_row<T: Copy>(
        self,
        batch: &Batch,
        none: T,
        mut find: impl FnMut(&str) -> T,
    ) -> Vec<T> {
        let Some(named) = self.named(batch) else {
            return vec![none; batch.n_rows];
        };
        let keys = named.first_rows.iter().map(|row| self.key(batch, *row));
        let found: Vec<T> = keys.map(|key| key.map_or(none, |key| find(&key))).collect();
        named
            .of_row
            .iter()
            .map(|way| found[*way as usize])
            .collect()
    }

    /// The key of the entity of a row; none where the row does not name it.
    pub fn key(self, batch: &Batch, row: usize) -> Option<Cow<'_, str>> {
        let text = |id| batch.text_at(id, row);
        let key = match self {
            Self::Importer => {
                let number = text(field::IMPORTER_OF_RECORD_NUMBER).map(employer_root);
                number.or_else(|| text(field::IMPORTER_NAME))
            }
            Self::ImporterAccount => text(field::IMPORTER_OF_RECORD_NUMBER),
            Self::Consignee => text(field::CONSIGNEE_NAME),
            Self::Shipper => text(field::SHIPPER_NAME),
            Self::Manufacturer => {
                text(field::MANUFACTURER_ID).or_else(|| text(field::MANUFACTURER_NAME))
            }
            Self::Seller => text(field::SELLER_NAME),
            Self::HarvestVessel => match text(field::HARVEST_VESSEL_IMO) {
                Some(imo) => Some(imo),
                None => {
                    let name = text(field::HARVEST_VESSEL_NAME)?;
                    let flag = text(field::HARVEST_VESSEL_FLAG).unwrap_or("");
                    return Some(format!("{name} {flag}").trim_end().to_owned().into());
                }
            },
            Self::Filer => text(field::ENTRY_FILER_CODE),
            Self::Carrier => text(field::CARRIER_CODE),
            Self::NotifyParty => text(field::NOTIFY_PARTY_NAMES)?.split('|').next(),
        };
        key.map(Cow::Borrowed)
    }
}

/// How the rows of a batch name entities of a role.
#[derive(Debug, Default)]
pub struct Named {
    /// The way in which each row names one, by number.
    pub of_row: Vec<u32>,
    /// The first row of each way.
    pub first_rows: Vec<usize>,
}

impl Named {
    fn push(&mut self, row: usize) -> u32 {
        self.first_rows.push(row);
        u32::try_from(self.first_rows.len() - 1).expect("a batch has fewer than 4 billion rows")
    }
}

/// Every field that a role reads.
pub const FIELDS: &[FieldId] = &[
    field::IMPORTER_OF_RECORD_NUMBER,
    field::IMPORTER_NAME,
    field::CONSIGNEE_NAME,
    field::SHIPPER_NAME,
    field::MANUFACTURER_ID,
    field::MANUFACTURER_NAME,
    field::SELLER_NAME,
    field::HARVEST_VESSEL_IMO,
    field::HARVEST_VESSEL_NAME,
    field::HARVEST_VESSEL_FLAG,
    field::ENTRY_FILER_CODE,
    field::CARRIER_CODE,
    field::NOTIFY_PARTY_NAMES,
    field::GROSS_WEIGHT_KG,
    field::OUTCOME,
    field::OUTCOME_DATE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_that_can_be_candidates_stand_first() {
        let can = Role::ALL.map(Role::can_be_candidate);
        assert!(can.is_sorted_by(|left, right| left >= right));
        assert_eq!(can.iter().filter(|can| **can).count(), 7);
    }
}
