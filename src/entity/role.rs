//! Roles of parties, and how a row names them.

use crate::batch::{Batch, NULL_CODE};
use crate::normalize::MASK_PREFIX;
use crate::schema::{FieldId, field};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use serde::Serialize;

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

    /// What `find` gives for the entity of each row, asked once per distinct combination of what names one, in order of
    /// rows; `none` where a row names none. It gets the key, and the name as the row gives it.
    pub fn per_row<T: Copy>(
        self,
        batch: &Batch,
        none: T,
        mut find: impl FnMut(&str, Option<&str>) -> T,
    ) -> Vec<T> {
        let (fields, name) = self.fields();
        let columns: Vec<_> = fields.iter().map(|id| batch.text(*id)).collect();
        if columns.iter().all(Option::is_none) {
            return vec![none; batch.n_rows];
        }
        let codes = |row: usize| {
            let mut codes = [NULL_CODE; 3];
            for (slot, column) in codes.iter_mut().zip(&columns) {
                *slot = column.map_or(NULL_CODE, |column| column.codes[row]);
            }
            codes
        };
        let mut known: HashMap<[u32; 3], T, FixedState> = HashMap::default();
        let mut last = ([u32::MAX; 3], none);
        let mut found = Vec::with_capacity(batch.n_rows);
        for row in 0..batch.n_rows {
            let codes = codes(row);
            if last.0 != codes {
                let entity = *known.entry(codes).or_insert_with(|| {
                    self.key(batch, row)
                        .map_or(none, |key| find(&key, batch.text_at(name, row)))
                });
                last = (codes, entity);
            }
            found.push(last.1);
        }
        found
    }

    /// The key of the entity of a row; none where the row does not name it.
    pub fn key(self, batch: &Batch, row: usize) -> Option<String> {
        let text = |id| batch.text_at(id, row);
        match self {
            Self::Importer => {
                let number = text(field::IMPORTER_OF_RECORD_NUMBER).map(root);
                number
                    .or_else(|| text(field::IMPORTER_NAME))
                    .map(str::to_owned)
            }
            Self::ImporterAccount => text(field::IMPORTER_OF_RECORD_NUMBER).map(str::to_owned),
            Self::Consignee => text(field::CONSIGNEE_NAME).map(str::to_owned),
            Self::Shipper => text(field::SHIPPER_NAME).map(str::to_owned),
            Self::Manufacturer => text(field::MANUFACTURER_ID)
                .or_else(|| text(field::MANUFACTURER_NAME))
                .map(str::to_owned),
            Self::Seller => text(field::SELLER_NAME).map(str::to_owned),
            Self::HarvestVessel => match text(field::HARVEST_VESSEL_IMO) {
                Some(imo) => Some(imo.to_owned()),
                None => {
                    let name = text(field::HARVEST_VESSEL_NAME)?;
                    let flag = text(field::HARVEST_VESSEL_FLAG).unwrap_or("");
                    Some(format!("{name} {flag}").trim_end().to_owned())
                }
            },
            Self::Filer => text(field::ENTRY_FILER_CODE).map(str::to_owned),
            Self::Carrier => text(field::CARRIER_CODE).map(str::to_owned),
            Self::NotifyParty => {
                let first = text(field::NOTIFY_PARTY_NAMES)?.split('|').next()?;
                Some(first.to_owned())
            }
        }
    }
}

/// The nine-digit root of an importer number: `NN-NNNNNNN` without its suffix.
fn root(number: &str) -> &str {
    if number.starts_with(MASK_PREFIX) || number.starts_with("E-") {
        return number;
    }
    match number.get(..10) {
        Some(root) if number.len() == 12 && root.as_bytes().get(2) == Some(&b'-') => root,
        _ => number,
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

    #[test]
    fn an_importer_is_the_root_of_its_number() {
        assert_eq!(root("99-0000012AA"), "99-0000012");
        assert_eq!(root("99-0000012"), "99-0000012");
        assert_eq!(root("241234-56789"), "241234-56789");
        assert_eq!(
            root("E-0123456789ab-0000000001"),
            "E-0123456789ab-0000000001"
        );
    }
}
